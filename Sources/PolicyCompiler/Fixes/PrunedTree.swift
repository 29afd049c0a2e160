extension SyntaxTree {
  /// The tree as if some pairs of its mappings had not been written, in every place where an alias repeats them.
  ///
  /// - Parameter places: where the key or the value of each begins.
  func without(pairsAt places: Set<UInt32>) -> SyntaxTree {
    var isGone = [Bool](repeating: false, count: nodes.count)
    for node in nodes.indices where nodes[node].kind == .mapping && !isGone[node] {
      for (key, value) in pairs(node) where places.contains(nodes[key].start) || places.contains(nodes[value].start) {
        for index in key..<next(value) { isGone[index] = true }
      }
    }
    // How many nodes before each place are gone: links move by that much.
    var before = [Int](repeating: 0, count: nodes.count + 1)
    for index in nodes.indices { before[index + 1] = before[index] + (isGone[index] ? 1 : 0) }
    var kept: [Node] = []
    for index in nodes.indices where !isGone[index] {
      var node = nodes[index]
      if node.kind != .scalar { node.link -= UInt32(before[Int(node.link)]) }
      kept.append(node)
    }
    let keptFields = fields.isEmpty ? [] : nodes.indices.filter { !isGone[$0] }.map { fields[$0] }
    return SyntaxTree(file: file, bytes: bytes, nodes: kept, texts: texts, roots: roots.map { $0 - before[$0] }, fields: keptFields)
  }
}

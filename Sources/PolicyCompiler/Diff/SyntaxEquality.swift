extension SyntaxNode {
  /// Whether two nodes say the same, but for how they are written: the same keys, items and texts in the same order.
  ///
  /// Nodes of one file that both sides share are one, which takes no look at them.
  func isSame(as other: SyntaxNode) -> Bool {
    if tree === other.tree { if id == other.id { return true } }
    let end = isScalar ? id + 1 : tree.next(id)
    let otherEnd = other.isScalar ? other.id + 1 : other.tree.next(other.id)
    guard end - id == otherEnd - other.id else { return false }
    for offset in 0..<end - id {
      let mine = SyntaxNode(tree: tree, id: id + offset)
      let theirs = SyntaxNode(tree: other.tree, id: other.id + offset)
      guard mine.tree.kind(mine.id) == theirs.tree.kind(theirs.id), mine.isNull == theirs.isNull else { return false }
      if mine.isScalar {
        // A quoted `no` and a plain one may differ only where booleans are read; shapes decide that, so styles count.
        guard mine.isQuoted == theirs.isQuoted, mine.text.utf8.elementsEqual(theirs.text.utf8) else { return false }
      } else {
        guard mine.tree.next(mine.id) - id == theirs.tree.next(theirs.id) - other.id else { return false }
      }
    }
    return true
  }

  /// A number that is the same for nodes that say the same.
  var contentHash: Int {
    var hasher = Hasher()
    let end = isScalar ? id + 1 : tree.next(id)
    for index in id..<end {
      let node = SyntaxNode(tree: tree, id: index)
      hasher.combine(tree.kind(index).rawValue)
      if node.isScalar { hasher.combine(node.text) }
    }
    return hasher.finalize()
  }
}

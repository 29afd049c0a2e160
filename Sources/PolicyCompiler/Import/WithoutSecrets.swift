extension SearchedSource {
  /// The tree without what looks like a secret, certain or not: a value goes with its key, a key with its value.
  ///
  /// What its line says to be none stays.
  func withoutSecrets() -> SyntaxTree? {
    guard let tree else { return nil }
    let hidden = findings.filter { !$0.isMarked }.map(\.range)
    guard !hidden.isEmpty else { return tree }
    var pruning = Pruning(tree: tree, hidden: hidden)
    let roots = tree.roots.map { pruning.copy($0) }
    return SyntaxTree(file: tree.file, bytes: tree.bytes, nodes: pruning.nodes, texts: tree.texts, roots: roots)
  }

  /// YAML nests 64 levels at most, so a copy may go down by itself.
  private struct Pruning {
    let tree: SyntaxTree
    /// In the order of their places.
    let hidden: [Range<Int>]
    var nodes: [SyntaxTree.Node] = []

    init(tree: SyntaxTree, hidden: [Range<Int>]) {
      self.tree = tree
      self.hidden = hidden.sorted { $0.lowerBound < $1.lowerBound }
    }

    mutating func copy(_ node: Int) -> Int {
      let index = nodes.count
      nodes.append(tree.nodes[node])
      switch tree.kind(node) {
      case .scalar: return index
      case .sequence: for item in tree.items(node) where !isHidden(item) { _ = copy(item) }
      case .mapping:
        for (key, value) in tree.pairs(node) where !isHidden(key) && !isHidden(value) {
          _ = copy(key)
          _ = copy(value)
        }
      }
      nodes[index].link = UInt32(nodes.count)
      return index
    }

    /// Whether a scalar holds one; what a collection holds is looked at item by item.
    private func isHidden(_ node: Int) -> Bool {
      guard tree.kind(node) == .scalar else { return false }
      let it = tree.nodes[node]
      var (low, high) = (0, hidden.count)
      while low < high {
        let middle = (low + high) / 2
        if hidden[middle].upperBound <= Int(it.start) { low = middle + 1 } else { high = middle }
      }
      return low < hidden.count && hidden[low].lowerBound < Int(it.end)
    }
  }
}

extension Diagnostic {
  static func secretLeftOut(_ finding: SecretFinding, file: Int32) -> Self {
    Self(
      .secretLeftOut, "this looks like \(finding.words), and is left out", at: finding.span(in: file),
      notes: [.init("it is not repeated here; if it was a real one and has been pushed, replace it")],
      help: "if it is none, say so on its line: `# \(SecretScan.mark)`")
  }
}

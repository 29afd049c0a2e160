/// Patterns by the literal segments that they begin with: which of them may overlap another is found without comparing it
/// with each.
struct PatternIndex {
  private struct Node {
    var children: [SegmentPattern: Int] = [:]
    /// The patterns whose literal beginning ends here.
    var patterns: [Int] = []
    /// Of a root: the patterns that fold case, and those that do not.
    var folding = 0
    var exact = 0
  }

  private let count: Int
  private var nodes: [Node] = []

  init(_ patterns: [PathPattern]) {
    count = patterns.count
    // A few are compared faster than they are sorted in.
    guard count > 8 else { return }
    nodes.append(Node())
    for (number, pattern) in patterns.enumerated() {
      var node = child(of: 0, by: pattern.root)
      if pattern.foldsCase { nodes[node].folding += 1 } else { nodes[node].exact += 1 }
      for segment in pattern.literalBeginning { node = child(of: node, by: segment) }
      nodes[node].patterns.append(number)
    }
  }

  private mutating func child(of node: Int, by segment: SegmentPattern) -> Int {
    if let child = nodes[node].children[segment] { return child }
    nodes[node].children[segment] = nodes.count
    nodes.append(Node())
    return nodes.count - 1
  }

  /// The places of all patterns that may overlap it, and perhaps of some more.
  func near(_ pattern: PathPattern) -> [Int] {
    if nodes.isEmpty { return Array(0..<count) }
    guard var node = nodes[0].children[pattern.root] else { return [] }
    let disagrees = (pattern.foldsCase ? nodes[node].exact : nodes[node].folding) > 0
    var found: [Int] = []
    if !disagrees {
      for segment in pattern.literalBeginning {
        found += nodes[node].patterns
        guard let child = nodes[node].children[segment] else { return found.sorted() }
        node = child
      }
    }
    // From here on it may go any way.
    var waiting = [node]
    while let next = waiting.popLast() {
      found += nodes[next].patterns
      waiting += nodes[next].children.values
    }
    return found.sorted()
  }
}

/// Terms, found by the first of their patterns.
struct TermIndex {
  let terms: [ResourceTerm]
  private let index: PatternIndex

  init(_ terms: [ResourceTerm]) {
    self.terms = terms
    index = PatternIndex(terms.map { $0.all[0] })
  }

  /// The places of those that may have a path in common with a term.
  func placesNear(_ term: ResourceTerm, _ effort: inout Effort) throws(ResourceSetTooComplex) -> [Int] {
    var near: [Int] = []
    try effort.spend(4)
    for place in index.near(term.all[0]) where try term.mayOverlap(terms[place], &effort) { near.append(place) }
    return near
  }

  func near(_ term: ResourceTerm, _ effort: inout Effort) throws(ResourceSetTooComplex) -> [ResourceTerm] {
    try placesNear(term, &effort).map { terms[$0] }
  }
}

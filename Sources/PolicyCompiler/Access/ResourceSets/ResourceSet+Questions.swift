extension ResourceSet {
  package func isEmpty() throws(ResourceSetTooComplex) -> Bool { try isSubset(of: .empty) }

  /// The shortest path in the set: fewest segments first, then fewest letters.
  package func witness() throws(ResourceSetTooComplex) -> [String]? { try witness(outside: .empty) }

  /// Whether everything in this set is in the other.
  package func isSubset(of other: ResourceSet) throws(ResourceSetTooComplex) -> Bool {
    var effort = Effort()
    let others = TermIndex(other.terms)
    for term in terms where try term.hasMember(outside: others, &effort) { return false }
    return true
  }

  /// A path that is in this set and not in the other, the shortest; nil where everything in this set is in the other.
  package func witness(outside other: ResourceSet) throws(ResourceSetTooComplex) -> [String]? {
    var effort = Effort()
    let others = TermIndex(other.terms)
    var best: [String]?
    for term in terms {
      guard let found = try term.firstMember(outside: others, &effort) else { continue }
      if best.map({ Self.isShorter(found, $0) }) ?? true { best = found }
    }
    return best
  }

  /// Whether both have the same members.
  package func equals(_ other: ResourceSet) throws(ResourceSetTooComplex) -> Bool {
    if self == other { return true }
    guard try isSubset(of: other) else { return false }
    return try other.isSubset(of: self)
  }

  /// Whether some path is in both.
  package func overlaps(_ other: ResourceSet) throws(ResourceSetTooComplex) -> Bool {
    var effort = Effort()
    let others = TermIndex(other.terms)
    for term in terms {
      for theirs in try others.near(term, &effort) {
        if let met = try term.meet(theirs, &effort), try met.hasMember(&effort) { return true }
      }
    }
    return false
  }

  private static func isShorter(_ path: [String], _ other: [String]) -> Bool {
    func length(_ path: [String]) -> Int { path.reduce(0) { $0 + $1.unicodeScalars.count } }
    let (left, right) = ((path.count, length(path)), (other.count, length(other)))
    if left != right { return left < right }
    return path.joined(separator: "/").utf8.lexicographicallyPrecedes(other.joined(separator: "/").utf8)
  }
}

extension ResourceTerm {
  /// Whether some path is in this term and in none of the others.
  func hasMember(outside others: TermIndex, _ effort: inout Effort) throws(ResourceSetTooComplex) -> Bool {
    try hasMember(outside: others.near(self, &effort), &effort)
  }

  /// Whether some path is in this term and in none of some that may overlap it.
  func hasMember(outside near: [ResourceTerm] = [], _ effort: inout Effort) throws(ResourceSetTooComplex) -> Bool {
    switch try simplyDecided(near, &effort) {
    case .empty: false
    case .inhabited, .path: true
    case .open: try PathQuestion.firstMember(of: self, outside: near, &effort) != nil
    }
  }

  /// The shortest path in this term and in none of the others.
  func firstMember(outside others: TermIndex, _ effort: inout Effort) throws(ResourceSetTooComplex) -> [String]? {
    let near = try others.near(self, &effort)
    return switch try simplyDecided(near, &effort) {
    case .empty: nil
    case .path(let path): path
    case .inhabited, .open: try PathQuestion.firstMember(of: self, outside: near, &effort)
    }
  }

  private enum Simply {
    case empty, inhabited, open
    case path([String])
  }

  /// What can be said without automata.
  private func simplyDecided(_ near: [ResourceTerm], _ effort: inout Effort) throws(ResourceSetTooComplex) -> Simply {
    try agreeOnCase(near)
    if let concrete = all.first(where: \.isConcrete) {
      let path = [concrete.root.text] + concrete.segments.map(\.text)
      guard let known = ConcretePath(path), contains(known) else { return .empty }
      return near.contains { $0.contains(known) } ? .empty : .path(path)
    }
    // Of two patterns it is known that they overlap.
    if except.isEmpty, near.isEmpty, all.count <= 2 { return .inhabited }
    if near.contains(self) { return .empty }
    for term in near where try term.plainlyCovers(self, &effort) { return .empty }
    guard all.count == 1 else { return .open }
    let pattern = all[0]
    try effort.spend(near.reduce(cost(of: pattern)) { $0 + $1.cost(of: pattern) })
    let isCovered = except.contains { $0.containsGeneric(pattern) } || near.contains { $0.containsGeneric(pattern) }
    return isCovered ? .open : .inhabited
  }

  private func agreeOnCase(_ others: [ResourceTerm]) throws(ResourceSetTooComplex) {
    let foldsCase = all[0].foldsCase
    for term in others + [self] {
      for pattern in term.all + term.except where pattern.foldsCase != foldsCase { throw ResourceSetTooComplex(reason: .mixedCase) }
    }
  }
}

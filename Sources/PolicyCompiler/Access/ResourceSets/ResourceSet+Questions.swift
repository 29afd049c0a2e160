extension ResourceSet {
  package func isEmpty() throws(ResourceSetTooComplex) -> Bool { try isSubset(of: .empty) }

  /// The shortest path in the set: fewest segments first, then fewest letters.
  package func witness() throws(ResourceSetTooComplex) -> [String]? { try witness(outside: .empty) }

  /// Whether everything in this set is in the other.
  package func isSubset(of other: ResourceSet) throws(ResourceSetTooComplex) -> Bool {
    var effort = Effort()
    return try isSubset(of: other.terms, &effort)
  }

  /// A path that is in this set and not in the other, the shortest; nil where everything in this set is in the other.
  package func witness(outside other: ResourceSet) throws(ResourceSetTooComplex) -> [String]? {
    var effort = Effort()
    return try witness(outside: other, &effort)
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
    for term in terms {
      for theirs in try other.terms.overlapping(term, &effort) {
        if let met = term.adding(theirs.all, except: theirs.except), try met.hasMember(outside: [], &effort) { return true }
      }
    }
    return false
  }

  func witness(outside other: ResourceSet, _ effort: inout Effort) throws(ResourceSetTooComplex) -> [String]? {
    var best: [String]?
    for term in terms {
      guard let found = try term.firstMember(outside: other.terms, &effort) else { continue }
      if best.map({ Self.isShorter(found, $0) }) ?? true { best = found }
    }
    return best
  }

  func isSubset(of others: [ResourceTerm], _ effort: inout Effort) throws(ResourceSetTooComplex) -> Bool {
    for term in terms where try term.hasMember(outside: others, &effort) { return false }
    return true
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
  func hasMember(outside others: [ResourceTerm], _ effort: inout Effort) throws(ResourceSetTooComplex) -> Bool {
    switch try simplyDecided(others, &effort) {
    case .empty: false
    case .inhabited, .path: true
    case .open(let near): try PathQuestion.firstMember(of: self, outside: near, &effort) != nil
    }
  }

  /// The shortest path in this term and in none of the others.
  func firstMember(outside others: [ResourceTerm], _ effort: inout Effort) throws(ResourceSetTooComplex) -> [String]? {
    switch try simplyDecided(others, &effort) {
    case .empty: nil
    case .path(let path): path
    case .inhabited(let near), .open(let near): try PathQuestion.firstMember(of: self, outside: near, &effort)
    }
  }

  /// What can be said without automata; `near`: the other terms that matter.
  private enum Simply {
    case empty
    case path([String])
    case inhabited(near: [ResourceTerm])
    case open(near: [ResourceTerm])
  }

  private func simplyDecided(_ others: [ResourceTerm], _ effort: inout Effort) throws(ResourceSetTooComplex) -> Simply {
    let near = try others.overlapping(self, &effort)
    try agreeOnCase(near)
    try effort.spend(8 * near.reduce(except.count) { $0 + $1.all.count + $1.except.count })
    if let concrete = all.first(where: \.isConcrete) {
      let path = [concrete.root.text] + concrete.segments.map(\.text)
      guard let known = ConcretePath(path), contains(known) else { return .empty }
      return near.contains { $0.contains(known) } ? .empty : .path(path)
    }
    if except.isEmpty, near.isEmpty {
      // Of two patterns it is known that they overlap.
      if all.count <= 2 { return .inhabited(near: []) }
    } else if near.contains(where: { $0.plainlyCovers(self) }) {
      return .empty
    }
    if all.count == 1 {
      let generic = all[0].generic
      if !except.contains(where: { $0.contains(generic) }), !near.contains(where: { $0.contains(generic) }) {
        return .inhabited(near: near)
      }
    }
    return .open(near: near)
  }

  private func agreeOnCase(_ others: [ResourceTerm]) throws(ResourceSetTooComplex) {
    let foldsCase = all[0].foldsCase
    for term in others + [self] {
      for pattern in term.all + term.except where pattern.foldsCase != foldsCase { throw ResourceSetTooComplex(reason: .mixedCase) }
    }
  }
}

/// The resources that match every one of some patterns, and none of some others.
package struct ResourceTerm: Hashable, Sendable {
  /// One at least, all of one root, sorted; none covers another, and no two are met by a single pattern that is known.
  package let all: [PathPattern]
  /// Sorted; each overlaps every one of `all`, and covers none.
  package let except: [PathPattern]

  private init(all: [PathPattern], except: [PathPattern]) {
    self.all = all
    self.except = except
  }

  init(_ pattern: PathPattern) { self.init(all: [pattern], except: []) }

  /// The term, tidied; nil where it is plain that it is empty.
  static func make(
    all: [PathPattern], except: [PathPattern], _ effort: inout Effort
  ) throws(ResourceSetTooComplex) -> ResourceTerm? {
    guard let met = all.count == 1 ? all : try meet(all, &effort) else { return nil }
    var kept: [PathPattern] = []
    next: for pattern in except {
      for other in met {
        try effort.spend(pattern.cost(of: other))
        if !other.overlaps(pattern) { continue next }
      }
      if met.contains(where: pattern.covers) { return nil }
      kept.append(pattern)
    }
    return ResourceTerm(all: met, except: kept.sortedAndUnique())
  }

  /// Fewer patterns with the same intersection; nil where two of them have nothing in common.
  private static func meet(_ patterns: [PathPattern], _ effort: inout Effort) throws(ResourceSetTooComplex) -> [PathPattern]? {
    var waiting = Array(patterns.sortedAndUnique().reversed())
    var met: [PathPattern] = []
    next: while let pattern = waiting.popLast() {
      for (index, other) in met.enumerated() {
        try effort.spend(4 * pattern.cost(of: other))
        switch pattern.meet(other) {
        case .disjoint: return nil
        case .several: continue
        case .single(let single):
          met.remove(at: index)
          waiting.append(single)
          continue next
        }
      }
      met.append(pattern)
    }
    return met.sorted()
  }

  func adding(
    _ patterns: [PathPattern], except: [PathPattern], _ effort: inout Effort
  ) throws(ResourceSetTooComplex) -> ResourceTerm? {
    try Self.make(all: all + patterns, except: self.except + except, &effort)
  }

  /// What is in both; nil where it is plain that nothing is.
  func meet(_ other: ResourceTerm, _ effort: inout Effort) throws(ResourceSetTooComplex) -> ResourceTerm? {
    try adding(other.all, except: other.except, &effort)
  }

  /// The parts of it that are not in the other; they may overlap.
  func subtracting(_ other: ResourceTerm, _ effort: inout Effort) throws(ResourceSetTooComplex) -> [ResourceTerm] {
    var parts: [ResourceTerm?] = []
    for pattern in other.all { parts.append(try adding([], except: [pattern], &effort)) }
    for pattern in other.except { parts.append(try adding([pattern], except: [], &effort)) }
    return parts.compactMap { $0 }
  }

  var isPattern: Bool { all.count == 1 && except.isEmpty }

  func contains(_ path: ConcretePath) -> Bool {
    all.allSatisfy { $0.contains(path) } && !except.contains { $0.contains(path) }
  }

  /// As `PathPattern.containsGeneric`.
  func containsGeneric(_ pattern: PathPattern) -> Bool {
    all.allSatisfy { $0.containsGeneric(pattern) } && !except.contains { $0.containsGeneric(pattern) }
  }

  /// What comparing all of it with a pattern costs, as effort.
  func cost(of pattern: PathPattern) -> Int {
    except.reduce(all.reduce(0) { $0 + $1.cost(of: pattern) }) { $0 + $1.cost(of: pattern) }
  }

  /// Whether they may have a path in common: false is certain.
  func mayOverlap(_ other: ResourceTerm, _ effort: inout Effort) throws(ResourceSetTooComplex) -> Bool {
    for pattern in all {
      for theirs in other.all {
        try effort.spend(pattern.cost(of: theirs))
        if !pattern.overlaps(theirs) { return false }
      }
    }
    return true
  }

  /// Whether it is plain that everything in the other is in this one: true is certain.
  func plainlyCovers(_ other: ResourceTerm, _ effort: inout Effort) throws(ResourceSetTooComplex) -> Bool {
    for pattern in all {
      try effort.spend(other.cost(of: pattern))
      if !other.all.contains(where: pattern.covers) { return false }
    }
    for pattern in except {
      try effort.spend(other.cost(of: pattern))
      let isOutside = other.all.contains { !pattern.overlaps($0) } || other.except.contains { $0.covers(pattern) }
      if !isOutside { return false }
    }
    return true
  }
}

extension ResourceTerm: Comparable {
  /// By text: of the patterns first, of the exceptions then.
  package static func < (left: Self, right: Self) -> Bool {
    left.all == right.all ? left.except.lexicographicallyPrecedes(right.except) : left.all.lexicographicallyPrecedes(right.all)
  }
}

extension ResourceTerm: CustomStringConvertible {
  /// `db/marts/** except db/marts/*_pii`
  package var description: String {
    let patterns = all.map(\.text).joined(separator: " that are also ")
    return except.isEmpty ? patterns : patterns + " except " + except.map(\.text).joined(separator: ", ")
  }
}

extension Array where Element: Comparable {
  func sortedAndUnique() -> [Element] {
    if count < 2 { return self }
    var result: [Element] = []
    result.reserveCapacity(count)
    for element in sorted() where element != result.last { result.append(element) }
    return result
  }
}

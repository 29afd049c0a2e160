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
  static func make(all: [PathPattern], except: [PathPattern]) -> ResourceTerm? {
    guard let met = all.count == 1 ? all : meet(all) else { return nil }
    var kept: [PathPattern] = []
    for pattern in except where met.allSatisfy({ $0.overlaps(pattern) }) {
      if met.contains(where: pattern.covers) { return nil }
      kept.append(pattern)
    }
    return ResourceTerm(all: met, except: kept.sortedAndUnique())
  }

  /// Fewer patterns with the same intersection; nil where two of them have nothing in common.
  private static func meet(_ patterns: [PathPattern]) -> [PathPattern]? {
    var waiting = Array(patterns.sortedAndUnique().reversed())
    var met: [PathPattern] = []
    next: while let pattern = waiting.popLast() {
      for (index, other) in met.enumerated() {
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

  func adding(_ patterns: [PathPattern], except: [PathPattern]) -> ResourceTerm? {
    Self.make(all: all + patterns, except: self.except + except)
  }

  var isPattern: Bool { all.count == 1 && except.isEmpty }

  func contains(_ path: ConcretePath) -> Bool {
    all.allSatisfy { $0.contains(path) } && !except.contains { $0.contains(path) }
  }

  /// Whether they may have a path in common: false is certain.
  func mayOverlap(_ other: ResourceTerm) -> Bool {
    for pattern in all { for theirs in other.all where !pattern.overlaps(theirs) { return false } }
    return true
  }

  /// Whether it is plain that everything in the other is in this one: true is certain.
  func plainlyCovers(_ other: ResourceTerm) -> Bool {
    all.allSatisfy { pattern in other.all.contains { pattern.covers($0) } }
      && except.allSatisfy { pattern in
        other.all.contains { !pattern.overlaps($0) } || other.except.contains { $0.covers(pattern) }
      }
  }

  /// The parts of it that are not in the other; they may overlap.
  func subtracting(_ other: ResourceTerm) -> [ResourceTerm] {
    other.all.compactMap { adding([], except: [$0]) } + other.except.compactMap { adding([$0], except: []) }
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

/// A set of resources: what is in one at least of some terms.
///
/// Resources are paths, whether they exist or not, and there is no end of them; so what is said of a set is proved of all
/// paths, by automata (`PathQuestion`), and never tried on some.
package struct ResourceSet: Hashable, Sendable {
  /// An intersection or a difference has no more terms than that: it throws.
  package static let maximumTerms = 4096
  package static let empty = ResourceSet(sorted: [])

  /// Sorted, each once. Sets with the same terms are equal; `equals` says whether two have the same members.
  package let terms: [ResourceTerm]

  private init(sorted terms: [ResourceTerm]) { self.terms = terms }

  init(_ terms: [ResourceTerm]) { self.terms = terms.sortedAndUnique() }

  package init(_ pattern: PathPattern) { terms = [ResourceTerm(pattern)] }

  /// What matches one of the patterns, and none of the exceptions.
  package init(_ patterns: [PathPattern], except: [PathPattern] = []) {
    self.init(patterns.compactMap { ResourceTerm.make(all: [$0], except: except) })
  }

  package func union(_ other: ResourceSet) -> ResourceSet { .union(of: [self, other]) }

  package static func union(of sets: [ResourceSet]) -> ResourceSet {
    let inhabited = sets.filter { !$0.terms.isEmpty }
    return inhabited.count == 1 ? inhabited[0] : ResourceSet(inhabited.flatMap(\.terms))
  }

  package func intersection(_ other: ResourceSet) throws(ResourceSetTooComplex) -> ResourceSet {
    var effort = Effort()
    var result: [ResourceTerm] = []
    for term in terms {
      for theirs in try other.terms.overlapping(term, &effort) {
        if let met = term.adding(theirs.all, except: theirs.except) { result.append(met) }
        try Self.bound(result)
      }
    }
    return ResourceSet(result)
  }

  package func subtracting(_ other: ResourceSet) throws(ResourceSetTooComplex) -> ResourceSet {
    var effort = Effort()
    var result: [ResourceTerm] = []
    for term in terms {
      let others = try other.terms.overlapping(term, &effort)
      var parts = [term]
      let patterns = others.filter(\.isPattern)
      if !patterns.isEmpty { parts = term.adding([], except: patterns.flatMap(\.all)).map { [$0] } ?? [] }
      for theirs in others where !theirs.isPattern && !parts.isEmpty {
        var remaining: [ResourceTerm] = []
        for part in parts {
          try effort.spend(Self.cost(of: part, theirs))
          remaining += part.mayOverlap(theirs) ? part.subtracting(theirs) : [part]
        }
        parts = remaining.sortedAndUnique()
        try Self.bound(parts)
      }
      result += parts
      try Self.bound(result)
    }
    return ResourceSet(result)
  }

  package func contains(_ path: [String]) -> Bool {
    guard let path = ConcretePath(path) else { return false }
    return terms.contains { $0.contains(path) }
  }

  private static func bound(_ terms: [ResourceTerm]) throws(ResourceSetTooComplex) {
    if terms.count > maximumTerms { throw ResourceSetTooComplex(reason: .terms) }
  }

  /// What comparing the patterns of two terms costs, as effort.
  fileprivate static func cost(of term: ResourceTerm, _ other: ResourceTerm) -> Int {
    4 * (term.all.count + term.except.count) * (other.all.count + other.except.count)
  }
}

extension [ResourceTerm] {
  /// Those that may have a path in common with a term.
  func overlapping(_ term: ResourceTerm, _ effort: inout Effort) throws(ResourceSetTooComplex) -> [ResourceTerm] {
    try effort.spend(4 * count * term.all.count)
    return filter { $0.mayOverlap(term) }
  }
}

extension ResourceSet: CustomStringConvertible {
  package var description: String {
    terms.isEmpty ? "nothing" : terms.map(\.description).joined(separator: "; ")
  }
}

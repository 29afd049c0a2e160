/// A set of resources: what is in one at least of some terms.
///
/// Resources are paths, whether they exist or not, and there is no end of them; so what is said of a set is proved of all
/// paths, by automata (`PathQuestion`), and never tried on some. Every question is bounded: see `ResourceSetTooComplex`.
package struct ResourceSet: Hashable, Sendable {
  /// An intersection or a difference with more terms than that, and than it was made from, is not made.
  package static let maximumTerms = 4096
  package static let empty = ResourceSet(terms: [])

  /// Sorted, each once. Sets with the same terms are equal; `equals` says whether two have the same members.
  package let terms: [ResourceTerm]

  init(terms: [ResourceTerm]) { self.terms = terms.sortedAndUnique() }

  package init(_ pattern: PathPattern) { terms = [ResourceTerm(pattern)] }

  /// What matches one of the patterns.
  package init(_ patterns: [PathPattern]) { self.init(terms: patterns.map(ResourceTerm.init)) }

  /// What matches one of the patterns, and none of the exceptions.
  package init(_ patterns: [PathPattern], except: [PathPattern]) throws(ResourceSetTooComplex) {
    self = try ResourceSet(patterns).subtracting(ResourceSet(except))
  }

  package func union(_ other: ResourceSet) -> ResourceSet { .union(of: [self, other]) }

  package static func union(of sets: [ResourceSet]) -> ResourceSet {
    let inhabited = sets.filter { !$0.terms.isEmpty }
    return inhabited.count == 1 ? inhabited[0] : ResourceSet(terms: inhabited.flatMap(\.terms))
  }

  package func intersection(_ other: ResourceSet) throws(ResourceSetTooComplex) -> ResourceSet {
    var effort = Effort()
    let others = TermIndex(other.terms)
    let bound = max(Self.maximumTerms, terms.count, other.terms.count)
    var result: [ResourceTerm] = []
    for term in terms {
      for theirs in try others.near(term, &effort) {
        if let met = try term.meet(theirs, &effort) { result.append(met) }
        if result.count > bound { throw ResourceSetTooComplex(reason: .terms) }
      }
    }
    return ResourceSet(terms: result)
  }

  package func subtracting(_ other: ResourceSet) throws(ResourceSetTooComplex) -> ResourceSet {
    var effort = Effort()
    let others = TermIndex(other.terms)
    let bound = max(Self.maximumTerms, terms.count)
    var result: [ResourceTerm] = []
    for term in terms {
      let near = try others.near(term, &effort)
      let patterns = near.filter(\.isPattern).flatMap(\.all)
      var parts = patterns.isEmpty ? [term] : try term.adding([], except: patterns, &effort).map { [$0] } ?? []
      for theirs in near where !theirs.isPattern && !parts.isEmpty {
        var remaining: [ResourceTerm] = []
        for part in parts {
          remaining += try part.mayOverlap(theirs, &effort) ? part.subtracting(theirs, &effort) : [part]
        }
        parts = remaining.sortedAndUnique()
        if parts.count > bound { throw ResourceSetTooComplex(reason: .terms) }
      }
      result += parts
      if result.count > bound { throw ResourceSetTooComplex(reason: .terms) }
    }
    return ResourceSet(terms: result)
  }

  package func contains(_ path: [String]) -> Bool {
    guard let path = ConcretePath(path) else { return false }
    return terms.contains { $0.contains(path) }
  }
}

extension ResourceSet: CustomStringConvertible {
  package var description: String {
    terms.isEmpty ? "nothing" : terms.map(\.description).joined(separator: "; ")
  }
}

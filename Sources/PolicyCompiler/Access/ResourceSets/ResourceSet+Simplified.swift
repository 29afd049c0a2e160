extension ResourceSet {
  /// The same set with less to read: no term without members or within the others, no exception without effect.
  ///
  /// Nothing is merged. What would be too complex to decide stays as it is; all of it together is bounded as one question.
  package func simplified() -> ResourceSet {
    var effort = Effort()
    let inhabited = terms.compactMap { $0.simplified(&effort) }.sortedAndUnique()
    let index = TermIndex(inhabited)
    var isKept = inhabited.greatest(&effort) { (place, effort) throws(ResourceSetTooComplex) in
      try index.placesNear(inhabited[place], &effort)
    } covers: { (one, other, effort) throws(ResourceSetTooComplex) in
      try one.plainlyCovers(other, &effort)
    }
    // What takes the most words first: of two ways to say the same, the shorter stays.
    let places = inhabited.indices.filter { isKept[$0] }.sorted { (inhabited[$1].size, $1) < (inhabited[$0].size, $0) }
    for place in places {
      guard let near = try? index.placesNear(inhabited[place], &effort) else { break }
      let others = near.filter { $0 != place && isKept[$0] }.map { inhabited[$0] }
      if !others.isEmpty, let isNeeded = try? inhabited[place].hasMember(outside: others, &effort) { isKept[place] = isNeeded }
    }
    return ResourceSet(terms: inhabited.indices.filter { isKept[$0] }.map { inhabited[$0] })
  }
}

extension ResourceTerm {
  /// How many patterns are written for it.
  fileprivate var size: Int { all.count + except.count }

  /// Nil where it has no members.
  fileprivate func simplified(_ effort: inout Effort) -> ResourceTerm? {
    if let isInhabited = try? hasMember(&effort), !isInhabited { return nil }
    let index = PatternIndex(except)
    let isNeeded = except.greatest(&effort) { (place, _) throws(ResourceSetTooComplex) in
      index.near(except[place])
    } covers: { (one, other, effort) throws(ResourceSetTooComplex) in
      try effort.spend(one.cost(of: other))
      return one.covers(other)
    }
    var kept = except.indices.filter { isNeeded[$0] }.map { except[$0] }
    // Overlapping each pattern is not overlapping all of them together.
    if all.count > 1 {
      kept.removeAll { pattern in
        guard let met = try? Self.make(all: all + [pattern], except: [], &effort) else { return false }
        return (try? met.hasMember(&effort)) == false
      }
    }
    return (try? Self.make(all: all, except: kept, &effort)) ?? self
  }
}

extension Array {
  /// Of each, whether no other covers it; of some that cover each other, it is the first that none covers. What is too much to
  /// find out is said to be so.
  fileprivate func greatest(
    _ effort: inout Effort,
    near: (Int, inout Effort) throws(ResourceSetTooComplex) -> [Int],
    covers: (Element, Element, inout Effort) throws(ResourceSetTooComplex) -> Bool
  ) -> [Bool] {
    var isKept = [Bool](repeating: true, count: count)
    for (place, element) in enumerated() {
      guard let others = try? near(place, &effort) else { break }
      for other in others where other != place && isKept[other] {
        guard (try? covers(self[other], element, &effort)) == true else { continue }
        if other > place, (try? covers(element, self[other], &effort)) != false { continue }
        isKept[place] = false
        break
      }
    }
    return isKept
  }
}

extension ResourceSet {
  /// The same set with less to read: no term without members or within the others, no exception without effect.
  ///
  /// Nothing is merged. What would be too complex to decide stays as it is; all of it together is bounded as one question.
  package func simplified() -> ResourceSet {
    var effort = Effort()
    let inhabited = terms.compactMap { $0.simplified(&effort) }.sortedAndUnique()
    var kept = inhabited.greatest(&effort) { $0.plainlyCovers($1) }
    // What takes the most words first: of two ways to say the same, the shorter stays.
    for term in kept.sorted(by: { ($1.size, $1) < ($0.size, $0) }) where kept.count > 1 {
      let others = kept.filter { $0 != term }
      if let isNeeded = try? term.hasMember(outside: others, &effort), !isNeeded { kept = others }
    }
    return ResourceSet(kept)
  }
}

extension ResourceTerm {
  /// How many patterns are written for it.
  fileprivate var size: Int { all.count + except.count }

  /// Nil where it has no members.
  fileprivate func simplified(_ effort: inout Effort) -> ResourceTerm? {
    if let isInhabited = try? hasMember(outside: [], &effort), !isInhabited { return nil }
    var kept = except.greatest(&effort) { $0.covers($1) }
    if all.count > 1 {
      // Overlapping each pattern is not overlapping all of them together.
      let together = Self.make(all: all, except: [])
      kept.removeAll { pattern in
        guard let met = together?.adding([pattern], except: []) else { return true }
        return (try? met.hasMember(outside: [], &effort)) == false
      }
    }
    return Self.make(all: all, except: kept)
  }
}

extension Array {
  /// Those that no other covers; of some that cover each other, the first.
  fileprivate func greatest(_ effort: inout Effort, _ covers: (Element, Element) -> Bool) -> [Element] {
    var kept: [Element] = []
    for element in self {
      guard (try? effort.spend(8 * kept.count)) != nil else { return self }
      if kept.contains(where: { covers($0, element) }) { continue }
      kept.removeAll { covers(element, $0) }
      kept.append(element)
    }
    return kept
  }
}

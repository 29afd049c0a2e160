/// Everybody who may do something, with how each comes to it.
package struct AccessHolder: Sendable {
  package let principal: PrincipalID
  /// At the moment that is asked about: its own grants first, then those through sessions.
  package let grants: [Grant]
  /// Whether all that is asked about is allowed, or only some of it.
  package let hasAll: Bool
  /// Of a group of unknown members: whether only some of them may.
  package let isPartial: Bool

  package var isDirect: Bool { grants.contains { $0.via == nil } }

  /// The sessions through which it is held.
  package var vias: [ConnectionID] { Set(grants.compactMap(\.via)).sorted() }

  func notes(_ set: GrantSet, at instant: Instant) -> [Diagnostic.Note] {
    guard let grant = grants.first else { return [] }
    return set.account(of: grant, at: instant)
  }
}

extension GrantSet {
  /// A grant with all that leads to it.
  func account(of grant: Grant, at instant: Instant) -> [Diagnostic.Note] {
    let times = IntervalSet(.moment(instant))
    return [.init("this gives it", at: cause(of: grant, during: times))] + reasons(of: grant, during: times)
  }

  /// Everybody who may do all or some of what is asked about. The question's principal does not matter. By name.
  package func whoCan(_ question: AccessQuestion) throws(ResourceSetTooComplex) -> [AccessHolder] {
    let filter = GrantFilter(action: question.action, root: question.root)
    let path = question.resource.concretePath
    let asked = try asked(question)
    let held = try holders(of: filter, in: question.environment, covering: path) { grant throws(ResourceSetTooComplex) in
      if let path { return covers(grant, Resource(root: question.root, path: path)) }
      return try resources(of: grant).overlaps(asked)
    }
    var byPrincipal: [PrincipalID: [Grant]] = [:]
    for grant in held where grant.times.contains(question.instant) { byPrincipal[grant.principal, default: []].append(grant) }
    var found: [AccessHolder] = []
    found.reserveCapacity(byPrincipal.count)
    for principal in byPrincipal.keys.sorted() {
      let grants = byPrincipal[principal] ?? []
      var hasAll = true
      if path == nil {
        // What only some of a group of unknown members hold is not all of theirs.
        let certain = grants.filter { !$0.isPartial }
        var all = ResourceSet.empty
        for grant in certain.isEmpty ? grants : certain { all = all.union(try resources(of: grant)) }
        hasAll = try asked.isSubset(of: all)
      }
      found.append(
        AccessHolder(
          principal: principal, grants: grants.count > 1 ? grants.sorted { $0.order < $1.order } : grants, hasAll: hasAll,
          isPartial: grants.allSatisfy(\.isPartial)))
    }
    return found
  }
}

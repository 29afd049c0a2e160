/// Everything that a principal holds in an environment at a moment: the same action by the same way and for the same time
/// as one set.
package struct AccessList: Sendable {
  package struct Entry: Sendable {
    /// The session through which it is held; nil where it is the principal's own.
    package let via: ConnectionID?
    package let action: String
    package let times: IntervalSet
    package let resources: ResourceSet
    package let grants: [Grant]
    package let isPartial: Bool
  }

  /// What is the principal's own first, then by session; by action.
  package let entries: [Entry]

  package init(_ set: GrantSet, _ principal: PrincipalID, in environment: EnvironmentID, at instant: Instant) throws(ResourceSetTooComplex)
  {
    struct Key: Hashable {
      let via: ConnectionID?
      let action: String
      let times: IntervalSet
      let isPartial: Bool
      /// A credential comes with its connection, and not by the binding that gives other things to read.
      let isCredential: Bool
    }
    var groups: [Key: [Grant]] = [:]
    for grant in set.grants(of: principal, in: environment) where grant.times.contains(instant) {
      let times = grant.times.from(instant)
      // What there is nothing of, such as the secret of a connection without one, must not stand for the rest.
      if try set.resources(of: grant).terms.isEmpty { continue }
      var isCredential = false
      if case .credential = grant.basis { isCredential = true }
      let key = Key(
        via: grant.via, action: set.action(of: grant), times: times, isPartial: grant.isPartial, isCredential: isCredential)
      groups[key, default: []].append(grant)
    }
    var entries: [Entry] = []
    for (key, grants) in groups {
      var all = ResourceSet.empty
      for grant in grants { all = all.union(try set.resources(of: grant)) }
      let resources = all.simplified()
      if resources.terms.isEmpty { continue }
      entries.append(
        Entry(
          via: key.via, action: key.action, times: key.times, resources: resources, grants: grants.sorted { $0.order < $1.order },
          isPartial: key.isPartial))
    }
    self.entries = entries.sorted {
      ($0.via?.index ?? -1, $0.action, $0.resources.description) < ($1.via?.index ?? -1, $1.action, $1.resources.description)
    }
  }
}

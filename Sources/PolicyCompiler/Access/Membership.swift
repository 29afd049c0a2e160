/// Which groups a principal is in, directly or through others, and when.
package struct Membership: Sendable {
  private let model: AccessModel
  /// Of each principal, the groups that name it.
  private var containers: [PrincipalID: [(group: PrincipalID, interval: Interval)]] = [:]
  /// Of each group with exceptions, all whom it leaves out, whenever that is.
  private var excluded: [PrincipalID: Set<PrincipalID>] = [:]

  init(_ model: AccessModel) {
    self.model = model
    for (group, declared) in model.groups.sorted(by: { $0.key < $1.key }) {
      for member in declared.members { containers[member.principal, default: []].append((group, member.interval)) }
    }
    // Each group after those that it names, so that whom these leave out is known.
    let ids = model.groups.keys.sorted()
    let numbers = Dictionary(ids.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let graph = DirectedGraph(count: ids.count) { number in
      guard let group = model.groups[ids[number]] else { return [] }
      return (group.members.map(\.principal) + group.except).compactMap { numbers[$0] }
    }
    for number in graph.order {
      guard let except = model.groups[ids[number]]?.except, !except.isEmpty else { continue }
      var out = Set(except)
      for other in except where model[other].kind == .group { out.formUnion(members(of: other, during: nil)) }
      excluded[ids[number]] = out
    }
  }

  /// Every group that a principal is in, each with one way into it.
  ///
  /// A way is kept as its last step, since groups may nest as deep as a policy is long.
  package struct Ways: Sendable {
    fileprivate var steps: [PrincipalID: (inner: PrincipalID, interval: Interval)] = [:]

    package var groups: some Collection<PrincipalID> { steps.keys }

    package func contains(_ group: PrincipalID) -> Bool { steps[group] != nil }

    /// When the way is open; nil where there is none.
    package func interval(of group: PrincipalID) -> Interval? { steps[group]?.interval }

    /// From the innermost group to the one that is meant; empty where there is no way.
    package func path(to group: PrincipalID) -> [PrincipalID] {
      var path: [PrincipalID] = []
      var outer = group
      while let step = steps[outer] {
        path.append(outer)
        outer = step.inner
      }
      return path.reversed()
    }
  }

  /// Every group that the principal is in at the instant (nil: at any); itself excluded.
  package func groups(of principal: PrincipalID, at instant: Instant?) -> Ways {
    var found = Ways()
    var queue: [(PrincipalID, Interval)] = [(principal, .always)]
    while let (inner, interval) = queue.popLast() {
      for (group, during) in containers[inner] ?? [] where instant.map(during.contains) ?? true {
        guard found.steps[group] == nil, !leavesOut(group, principal) else { continue }
        let both = interval.intersection(during)
        found.steps[group] = (inner, both)
        queue.append((group, both))
      }
    }
    return found
  }

  /// Whether the group leaves the principal out; a group, if it leaves out anybody, who may be one of its members.
  private func leavesOut(_ group: PrincipalID, _ principal: PrincipalID) -> Bool {
    guard let out = excluded[group] else { return false }
    return model[principal].kind == .group || out.contains(principal)
  }

  /// The users and services in a group at an instant (nil: at any), groups resolved; a provider's group stands for itself.
  package func members(of group: PrincipalID, during instant: Instant?) -> Set<PrincipalID> {
    var found: Set<PrincipalID> = []
    var seen: Set<PrincipalID> = [group]
    var doubtful: Set<PrincipalID> = []
    var queue = [group]
    while let id = queue.popLast() {
      guard model[id].kind == .group, let declared = model.groups[id], declared.source != .provider else {
        found.insert(id)
        continue
      }
      if let out = excluded[id] { doubtful.formUnion(out) }
      for member in declared.members where instant.map(member.interval.contains) ?? true {
        if seen.insert(member.principal).inserted { queue.append(member.principal) }
      }
    }
    // Whom some group on the way leaves out may still come in by another.
    return found.filter { it in it == group || !doubtful.contains(it) || groups(of: it, at: instant).contains(group) }
  }
}

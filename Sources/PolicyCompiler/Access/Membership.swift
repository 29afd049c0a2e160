/// Which groups a principal is in, directly or through others, and when.
package struct Membership: Sendable {
  private let model: AccessModel
  /// Of each principal, the groups that name it.
  private var containers: [PrincipalID: [(group: PrincipalID, interval: Interval)]] = [:]

  init(_ model: AccessModel) {
    self.model = model
    for (group, declared) in model.groups.sorted(by: { $0.key < $1.key }) {
      for member in declared.members { containers[member.principal, default: []].append((group, member.interval)) }
    }
  }

  /// One way into a group.
  package struct Path: Sendable {
    /// From the innermost group to the one that is meant.
    package let groups: [PrincipalID]
    package let interval: Interval
  }

  /// Every group that the principal is in at the instant, each with one way into it; itself excluded.
  package func groups(of principal: PrincipalID, at instant: Instant) -> [PrincipalID: Path] {
    var found: [PrincipalID: Path] = [:]
    var queue: [(PrincipalID, [PrincipalID], Interval)] = [(principal, [], .always)]
    while let (inner, path, interval) = queue.popLast() {
      for (group, during) in containers[inner] ?? [] where during.contains(instant) && found[group] == nil && !leavesOut(principal, group) {
        let both = interval.intersection(during)
        found[group] = Path(groups: path + [group], interval: both)
        queue.append((group, path + [group], both))
      }
    }
    return found
  }

  /// Whether the group excepts the principal, by its name or as a member of a group that is excepted, whenever that is.
  private func leavesOut(_ principal: PrincipalID, _ group: PrincipalID) -> Bool {
    guard let except = model.groups[group]?.except, !except.isEmpty else { return false }
    return except.contains { $0 == principal || members(of: $0, during: nil).contains(principal) }
  }

  /// The users and services in a group at an instant (nil: at any), groups resolved; a provider's group stands for itself.
  package func members(of group: PrincipalID, during instant: Instant?) -> Set<PrincipalID> {
    var found: Set<PrincipalID> = []
    var seen: Set<PrincipalID> = []
    collect(group, instant, &found, &seen)
    return found
  }

  private func collect(_ start: PrincipalID, _ instant: Instant?, _ found: inout Set<PrincipalID>, _ seen: inout Set<PrincipalID>) {
    // A group's own exceptions bear on what comes in through it, so each group is taken apart by itself.
    var queue = [start]
    var direct: Set<PrincipalID> = []
    while let id = queue.popLast() {
      guard model[id].kind == .group, let group = model.groups[id] else {
        direct.insert(id)
        continue
      }
      guard seen.insert(id).inserted else { continue }
      if group.source == .provider {
        direct.insert(id)
        continue
      }
      if !group.except.isEmpty, id != start {
        var inner: Set<PrincipalID> = []
        var innerSeen: Set<PrincipalID> = []
        collect(id, instant, &inner, &innerSeen)
        direct.formUnion(inner)
        continue
      }
      for member in group.members where instant.map({ member.interval.contains($0) }) ?? true { queue.append(member.principal) }
    }
    for out in model.groups[start]?.except ?? [] {
      direct.remove(out)
      if model[out].kind == .group {
        var inner: Set<PrincipalID> = []
        var innerSeen: Set<PrincipalID> = [start]
        collect(out, nil, &inner, &innerSeen)
        direct.subtract(inner)
      }
    }
    found.formUnion(direct)
  }
}

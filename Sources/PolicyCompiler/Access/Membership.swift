import Synchronization

/// Which groups a principal is in, directly or through others, and when.
///
/// Both directions follow the groups from the inside out, each after all that it names, so that what is nested however
/// deep is worked out once.
package final class Membership: Sendable {
  private let model: AccessModel
  /// Of each principal, the groups that name it.
  private let containers: [PrincipalID: [(group: PrincipalID, entry: Int)]]
  /// Of each group with exceptions, all whom it leaves out, whenever that is.
  private let excluded: [PrincipalID: Set<PrincipalID>]
  /// Whether the groups hold one another too often to be followed; then nobody is in any.
  package let isTooLarge: Bool
  /// The place of each group in an order in which every group stands after those that it names.
  private let ranks: [PrincipalID: Int]
  private let expanded = Mutex<[PrincipalID: [Member]]>([:])

  /// A group that somebody is in.
  package struct Group: Sendable {
    package let group: PrincipalID
    package let times: IntervalSet
    /// Whether some of a group of unknown members may be left out.
    package let isPartial: Bool
  }

  /// Somebody in a group: a user, a service, or a group whose members only its provider knows.
  package struct Member: Sendable {
    package let principal: PrincipalID
    package let times: IntervalSet
    package let isPartial: Bool
  }

  /// What all groups together may hold, counted group by group: ten thousand people in twenty groups each stay far below.
  private static let maximumMembers = 5_000_000

  init(_ model: AccessModel) {
    self.model = model
    let ids = model.groups.keys.sorted()
    let numbers = Dictionary(ids.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let graph = DirectedGraph(count: ids.count) { number in
      guard let group = model.groups[ids[number]] else { return [] }
      return (group.members.map(\.principal) + group.except).compactMap { numbers[$0] }
    }
    let order = graph.order.map { ids[$0] }
    ranks = Dictionary(order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    isTooLarge = Self.exceeds(Self.maximumMembers, order, model)
    var containers: [PrincipalID: [(group: PrincipalID, entry: Int)]] = [:]
    for (group, declared) in model.groups.sorted(by: { $0.key < $1.key }) where !isTooLarge && declared.source != .provider {
      for (entry, member) in declared.members.enumerated() { containers[member.principal, default: []].append((group, entry)) }
    }
    self.containers = containers
    excluded = isTooLarge ? [:] : Self.exceptions(order, model)
  }

  /// Whether the groups, each with all that is in it, have more members than this between them.
  private static func exceeds(_ limit: Int, _ order: [PrincipalID], _ model: AccessModel) -> Bool {
    var sizes: [PrincipalID: Int] = [:]
    var total = 0
    for group in order {
      var size = 0
      for member in model.groups[group]?.members ?? [] { size += sizes[member.principal] ?? 1 }
      sizes[group] = min(size, model.principals.count)
      total += size
      if total > limit { return true }
    }
    return false
  }

  private static func exceptions(_ order: [PrincipalID], _ model: AccessModel) -> [PrincipalID: Set<PrincipalID>] {
    guard model.groups.values.contains(where: { !$0.except.isEmpty }) else { return [:] }
    var excluded: [PrincipalID: Set<PrincipalID>] = [:]
    // Everybody in a group at any moment; groups before those that name them.
    var everybody: [PrincipalID: Set<PrincipalID>] = [:]
    for id in order {
      guard let group = model.groups[id], group.source != .provider else {
        everybody[id] = [id]
        continue
      }
      var out: Set<PrincipalID> = []
      for other in group.except { out.formUnion(everybody[other] ?? [other]) }
      if !group.except.isEmpty { excluded[id] = out.union(group.except) }
      var all: Set<PrincipalID> = []
      for member in group.members { all.formUnion(everybody[member.principal] ?? [member.principal]) }
      everybody[id] = all.subtracting(out)
    }
    return excluded
  }

  // MARK: Outwards

  /// Every group that the principal is ever in, with when; itself excluded. In the order of ranks: inner groups first.
  package func groups(of principal: PrincipalID) -> [Group] {
    guard containers[principal] != nil else { return [] }
    var reachable: Set<PrincipalID> = []
    var queue = [principal]
    while let inner = queue.popLast() {
      for (group, _) in containers[inner] ?? [] where reachable.insert(group).inserted { queue.append(group) }
    }
    var times: [PrincipalID: IntervalSet] = [principal: .always]
    var partial: Set<PrincipalID> = []
    var found: [Group] = []
    let isUnknown = model[principal].kind == .group
    for group in reachable.sorted(by: { ranks[$0] ?? 0 < ranks[$1] ?? 0 }) {
      guard let declared = model.groups[group], excluded[group]?.contains(principal) != true else { continue }
      var all = IntervalSet.never
      var certain = IntervalSet.never
      for member in declared.members {
        guard let inner = times[member.principal] else { continue }
        let both = inner.intersection(member.interval)
        all.formUnion(both)
        if !partial.contains(member.principal) { certain.formUnion(both) }
      }
      guard !all.isEmpty else { continue }
      times[group] = all
      let isPartial = (isUnknown && excluded[group] != nil) || certain != all
      if isPartial { partial.insert(group) }
      found.append(Group(group: group, times: all, isPartial: isPartial))
    }
    return found
  }

  /// The groups that name a principal as a member or as an exception.
  func groupsNaming(_ principal: PrincipalID) -> Set<PrincipalID> {
    var found = Set((containers[principal] ?? []).map(\.group))
    for (group, out) in excluded where out.contains(principal) { found.insert(group) }
    return found
  }

  // MARK: Inwards

  /// Everybody who is ever in a group, with when, groups resolved; a provider's group stands for itself. By principal.
  package func members(of group: PrincipalID) -> [Member] {
    guard !isTooLarge else { return [] }
    if model.principals[group.offset].kind != .group { return [Member(principal: group, times: .always, isPartial: false)] }
    if let known = expanded.withLock({ $0[group] }) { return known }
    var stack: [(PrincipalID, isReady: Bool)] = [(group, false)]
    var done: [PrincipalID: [Member]] = [:]
    while let (id, isReady) = stack.popLast() {
      if done[id] != nil { continue }
      if let known = expanded.withLock({ $0[id] }) {
        done[id] = known
        continue
      }
      guard let declared = model.groups[id], declared.source != .provider else {
        done[id] = [Member(principal: id, times: .always, isPartial: false)]
        continue
      }
      if !isReady {
        stack.append((id, true))
        for member in declared.members where done[member.principal] == nil { stack.append((member.principal, false)) }
        continue
      }
      let all = expand(declared, id, done)
      done[id] = all
      expanded.withLock { $0[id] = all }
    }
    return done[group] ?? []
  }

  /// The same at one moment.
  package func members(of group: PrincipalID, at instant: Instant) -> [PrincipalID] {
    members(of: group).filter { $0.times.contains(instant) }.map(\.principal)
  }

  private func expand(_ declared: AccessModel.Group, _ id: PrincipalID, _ done: [PrincipalID: [Member]]) -> [Member] {
    var all: [PrincipalID: IntervalSet] = [:]
    var certain: [PrincipalID: IntervalSet] = [:]
    let out = excluded[id]
    for entry in declared.members {
      for member in done[entry.principal] ?? [] where out?.contains(member.principal) != true {
        let times = member.times.intersection(entry.interval)
        guard !times.isEmpty else { continue }
        all[member.principal, default: .never].formUnion(times)
        if !member.isPartial { certain[member.principal, default: .never].formUnion(times) }
      }
    }
    return all.map { principal, times in
      let isUnknown = model[principal].kind == .group
      let isPartial = (isUnknown && out != nil) || certain[principal] != times
      return Member(principal: principal, times: times, isPartial: isPartial)
    }.sorted { $0.principal < $1.principal }
  }

  /// Whether a group leaves the principal out, at whatever time.
  package func leavesOut(_ group: PrincipalID, _ principal: PrincipalID) -> Bool { excluded[group]?.contains(principal) == true }

  /// One way into a group: the entries that name each step, from the principal outwards.
  package struct Way: Sendable {
    package struct Step: Sendable {
      package let group: PrincipalID
      /// The entry of its members that is meant.
      package let entry: Int
    }
    package let steps: [Step]
    package let times: IntervalSet
  }

  /// Every way from the principal into a group, without one that goes through a group twice; at most `limit` of them,
  /// the shortest first.
  ///
  /// - Parameter during: when the principal must be in the group by it, for a moment at least.
  package func ways(of principal: PrincipalID, into group: PrincipalID, during: IntervalSet = .always, limit: Int) -> [Way] {
    if principal == group { return [Way(steps: [], times: .always)] }
    var found: [Way] = []
    var queue: [(at: PrincipalID, steps: [Way.Step], times: IntervalSet)] = [(principal, [], .always)]
    var next = 0
    // Only groups that lead to the one that is meant.
    let leading = inner(of: group)
    while next < queue.count, found.count < limit, queue.count < 10_000 {
      let (at, steps, times) = queue[next]
      next += 1
      for (outer, entry) in containers[at] ?? [] where leading.contains(outer) && excluded[outer]?.contains(principal) != true {
        guard let member = model.groups[outer]?.members[entry] else { continue }
        let both = times.intersection(member.interval)
        guard !both.intersection(during).isEmpty else { continue }
        let way = steps + [Way.Step(group: outer, entry: entry)]
        if outer == group { found.append(Way(steps: way, times: both)) } else { queue.append((outer, way, both)) }
      }
    }
    return Array(found.prefix(limit))
  }

  /// A group and all groups within it.
  private func inner(of group: PrincipalID) -> Set<PrincipalID> {
    var seen: Set<PrincipalID> = [group]
    var queue = [group]
    while let id = queue.popLast() {
      for member in model.groups[id]?.members ?? [] where model[member.principal].kind == .group {
        if seen.insert(member.principal).inserted { queue.append(member.principal) }
      }
    }
    return seen
  }
}

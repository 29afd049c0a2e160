/// From permissions inwards: everybody who holds something.
extension GrantSet {
  /// Whoever may use a connection, and when.
  struct Reacher: Sendable {
    let principal: PrincipalID
    var times: IntervalSet
    var secretTimes: IntervalSet
    var isPartial: Bool

    fileprivate mutating func take(_ other: Reacher) {
      times.formUnion(other.times)
      secretTimes.formUnion(other.secretTimes)
    }
  }

  /// Every grant of an action on what `covers` accepts, in an environment, by principal.
  ///
  /// The same grants that `grants(of:)` finds principal by principal, found from their permissions, so that it costs what
  /// the answer is long.
  ///
  /// - Parameters:
  ///   - path: the one path below the root that is meant; nil for several.
  ///   - covers: whether a grant is meant: asked with each grant's subject, since `${principal}` differs.
  package func holders(
    of filter: GrantFilter, in environment: EnvironmentID, covering path: [String]? = nil,
    where covers: (Grant) throws(ResourceSetTooComplex) -> Bool
  ) throws(ResourceSetTooComplex) -> [Grant] {
    let direct = try direct(filter, in: environment, covering: path, where: covers)
    var found = direct
    // What a session holds, whoever may use the session holds.
    var sessions: [ConnectionID: [Grant]] = [:]
    for grant in direct {
      for id in connections.byPrincipal[grant.principal] ?? [] where serves(id, grant) { sessions[id, default: []].append(grant) }
    }
    for (id, grants) in sessions.sorted(by: { $0.key < $1.key }) {
      for reacher in reachers(of: id, in: environment) {
        for grant in grants {
          let through = grant.held(by: reacher.principal, via: id, during: reacher.times, isPartial: reacher.isPartial)
          if !through.times.isEmpty { found.append(through) }
        }
      }
    }
    switch filter.root {
    case .connections:
      guard filter.action == "assume" else { break }
      if let path {
        guard path.count == 1, let id = model.connectionNames[path[0]] else { break }
        found += intrinsic(id, environment)
      } else {
        found += try intrinsic(environment, where: covers)
      }
    case .secrets:
      guard filter.action == "read" else { break }
      if let path { found += credentials(at: path, environment) } else { found += try credentials(environment, where: covers) }
    case .system: break
    }
    return found
  }

  var bindingIndex: BindingIndex { memo.bindingIndex(model) }

  /// What bindings give, without sessions.
  private func direct(
    _ filter: GrantFilter, in environment: EnvironmentID, covering path: [String]?,
    where covers: (Grant) throws(ResourceSetTooComplex) -> Bool
  ) throws(ResourceSetTooComplex) -> [Grant] {
    var found: [Grant] = []
    let index = bindingIndex
    for permission in permissions(on: filter, in: environment, covering: path) {
      // The same for every binding that does not narrow it, unless the name of the holder matters.
      var known: Bool?
      for binding in index.bindings(giving: permission, self) {
        let it = model.bindings[binding.offset]
        guard it.environments.contains(environment) else { continue }
        let isPersonal = mentionsPrincipal(permission, it)
        var isCovered = it.resources == nil && !isPersonal ? known : nil
        if isCovered == false { continue }
        targets: for target in model.bindingTargets[it.targets] {
          for member in membership.members(of: target.principal) {
            let times = member.times.intersection(it.interval)
            if times.isEmpty { continue }
            let grant = Grant(
              basis: .permission(permission, binding), principal: member.principal, subject: member.principal, holder: target.principal,
              via: nil, environment: environment, times: times, isPartial: member.isPartial)
            let covered: Bool
            if let isCovered { covered = isCovered } else { covered = try covers(grant) }
            if !isPersonal { isCovered = covered }
            if covered { found.append(grant) } else if !isPersonal { break targets }
          }
        }
        if it.resources == nil, !isPersonal { known = isCovered }
      }
    }
    return found
  }

  /// The permissions that may be meant.
  private func permissions(on filter: GrantFilter, in environment: EnvironmentID, covering path: [String]?) -> [PermissionID] {
    guard let path else { return bindingIndex.permissions(on: filter).filter { canExist($0, in: environment) } }
    let resource = Resource(root: filter.root, path: path)
    return bindingIndex.permissions(on: filter, covering: path, foldsCase: foldsCase(filter.root)).filter { permission in
      canExist(permission, in: environment)
        && model.permissions[permission.offset].of.contains { canMatch($0, resource, in: environment) }
    }
  }

  /// Whether a pattern matches a resource for some principal.
  private func canMatch(_ id: PatternID, _ resource: Resource, in environment: EnvironmentID) -> Bool {
    guard model.patterns[id.offset].root == resource.root else { return false }
    var pattern = model.patterns[id.offset].pattern
    if pattern.hasPlaceholder {
      // Where `*` makes no pattern, it stands beside another, and the name may be anything.
      guard let filled = pattern.filled(principal: "*", environment: model[environment].name) else { return true }
      pattern = filled
    }
    return pattern.matches(resource.path, foldingCase: foldsCase(resource.root))
  }

  /// Whether a grant of its principal is one of the connection's session, too.
  private func serves(_ id: ConnectionID, _ grant: Grant) -> Bool {
    let connection = model.connections[id.offset]
    guard connection.environments.contains(grant.environment) else { return false }
    guard let role = connection.role else { return true }
    guard case .permission(let permission, let binding) = grant.basis, let owner = self.role(of: permission) else { return false }
    return gives(role, binding) && model.roles[role.offset].closure.contains(owner)
  }

  /// The connections that need no permission: one's own, and those for whoever holds their role.
  private func intrinsic(_ environment: EnvironmentID, where covers: (Grant) throws(ResourceSetTooComplex) -> Bool)
    throws(ResourceSetTooComplex) -> [Grant]
  {
    var found: [Grant] = []
    for index in model.connections.indices where model.connections[index].environments.contains(environment) {
      let id = ConnectionID(index)
      for grant in intrinsic(id, environment) where try covers(grant) { found.append(grant) }
    }
    return found
  }

  private func intrinsic(_ id: ConnectionID, _ environment: EnvironmentID) -> [Grant] {
    let connection = model.connections[id.offset]
    guard connection.environments.contains(environment) else { return [] }
    switch connection.identity {
    case .principal(let principal):
      return [
        Grant(
          basis: .ownConnection(id), principal: principal, subject: principal, holder: principal, via: nil, environment: environment,
          times: .always, isPartial: false)
      ]
    case .caller:
      var found: [Grant] = []
      for binding in connection.role.map(bindingIndex.bindings(giving:)) ?? [] {
        let it = model.bindings[binding.offset]
        guard it.environments.contains(environment) else { continue }
        for target in model.bindingTargets[it.targets] {
          for member in membership.members(of: target.principal) {
            let times = member.times.intersection(it.interval)
            if times.isEmpty { continue }
            found.append(
              Grant(
                basis: .callerConnection(id, binding), principal: member.principal, subject: member.principal, holder: target.principal,
                via: nil, environment: environment, times: times, isPartial: member.isPartial))
          }
        }
      }
      return found
    }
  }

  /// The credentials of connections, for whoever may use them.
  private func credentials(_ environment: EnvironmentID, where covers: (Grant) throws(ResourceSetTooComplex) -> Bool)
    throws(ResourceSetTooComplex) -> [Grant]
  {
    var found: [Grant] = []
    for index in model.connections.indices where model.connections[index].environments.contains(environment) {
      let id = ConnectionID(index)
      let isPersonal = model.connections[index].identity == .caller
      if !isPersonal {
        guard case .principal(let owner) = model.connections[index].identity,
          try covers(credential(id, owner, environment, .always, false))
        else { continue }
      }
      for reacher in reachers(of: id, in: environment) where !reacher.secretTimes.isEmpty {
        let grant = credential(id, reacher.principal, environment, reacher.secretTimes, reacher.isPartial)
        if !isPersonal {
          found.append(grant)
        } else if try covers(grant) {
          found.append(grant)
        }
      }
    }
    return found
  }

  /// Connections by the secrets that they use; of those with `principal: self`, with everybody who has that one.
  struct SecretIndex: Sendable {
    var shared: [[String]: [ConnectionID]] = [:]
    var personal: [[String]: [Grant]] = [:]
  }

  /// The same, for whoever has one secret.
  private func credentials(at path: [String], _ environment: EnvironmentID) -> [Grant] {
    let index = memo.secrets(environment) { secretIndex(environment) }
    var found = index.personal[path] ?? []
    for id in index.shared[path] ?? [] {
      for reacher in reachers(of: id, in: environment) where !reacher.secretTimes.isEmpty {
        found.append(credential(id, reacher.principal, environment, reacher.secretTimes, reacher.isPartial))
      }
    }
    return found
  }

  private func secretIndex(_ environment: EnvironmentID) -> SecretIndex {
    var made = SecretIndex()
    for index in model.connections.indices where model.connections[index].environments.contains(environment) {
      let id = ConnectionID(index)
      func paths(_ subject: PrincipalID) -> Set<[String]> {
        Set(model.credentials(of: id, in: environment, as: subject).map(\.secretPath))
      }
      switch model.connections[index].identity {
      case .principal(let owner): for path in paths(owner) { made.shared[path, default: []].append(id) }
      case .caller:
        for reacher in reachers(of: id, in: environment) where !reacher.secretTimes.isEmpty {
          let grant = credential(id, reacher.principal, environment, reacher.secretTimes, reacher.isPartial)
          for path in paths(reacher.principal) { made.personal[path, default: []].append(grant) }
        }
      }
    }
    return made
  }

  // MARK: Who may use a connection

  /// Everybody who may ever use a connection, itself or through other sessions. By principal.
  func reachers(of id: ConnectionID, in environment: EnvironmentID) -> [Reacher] {
    memo.reachers(id, environment) {
      if model.connections[id.offset].identity == .caller {
        return Self.merged(
          intrinsic(id, environment).map {
            Reacher(principal: $0.principal, times: $0.times, secretTimes: $0.times, isPartial: $0.isPartial)
          })
      }
      return closeReachers(of: id, in: environment)
    }
  }

  /// Backwards over the sessions that lead to it, until nothing new comes in.
  private func closeReachers(of goal: ConnectionID, in environment: EnvironmentID) -> [Reacher] {
    struct Gate {
      var times: IntervalSet
      var secretTimes: IntervalSet
    }
    // When being in a session means being able to get to the goal.
    var gates: [ConnectionID: Gate] = [goal: Gate(times: .always, secretTimes: .always)]
    var queue = [goal]
    var next = 0
    var all: [Reacher] = []
    while next < queue.count {
      let id = queue[next]
      next += 1
      guard let gate = gates[id] else { continue }
      for grant in takers(of: id, in: environment) {
        let holdsSecret = grant.holdsSecret
        let times = grant.grant.times.intersection(gate.times)
        guard !times.isEmpty else { continue }
        let secretTimes = holdsSecret ? grant.grant.times.intersection(gate.secretTimes) : .never
        all.append(Reacher(principal: grant.grant.principal, times: times, secretTimes: secretTimes, isPartial: grant.grant.isPartial))
        guard case .permission = grant.grant.basis else { continue }
        for outer in connections.byPrincipal[grant.grant.principal] ?? [] where serves(outer, grant.grant) {
          let known = gates[outer] ?? Gate(times: .never, secretTimes: .never)
          let grown = Gate(times: known.times.union(times), secretTimes: known.secretTimes.union(secretTimes))
          guard grown.times != known.times || grown.secretTimes != known.secretTimes else { continue }
          gates[outer] = grown
          queue.append(outer)
        }
      }
    }
    return Self.merged(all)
  }

  /// Whoever takes the step to a connection itself, without a session before it.
  private func takers(of id: ConnectionID, in environment: EnvironmentID) -> [(grant: Grant, holdsSecret: Bool)] {
    memo.takers(id, environment) {
      var found = intrinsic(id, environment).map { ($0, true) }
      func add(_ filter: GrantFilter, _ resource: Resource, _ holdsSecret: Bool) {
        // Matching one name is never too complex.
        let grants = try? direct(filter, in: environment, covering: resource.path) { grant throws(ResourceSetTooComplex) in
          guard case .permission(let permission, let binding) = grant.basis else { return false }
          return gives(permission, binding, resource, grant.subject, environment)
        }
        found += (grants ?? []).map { ($0, holdsSecret) }
      }
      add(.assume, .connection(model.connections[id.offset].name), true)
      for route in connections.actingRoutes where route.target == id {
        guard model.systems[route.system.offset].environments.contains(environment) else { continue }
        add(
          GrantFilter(action: "call", root: .system(route.system)), Resource(root: .system(route.system), path: [route.name]), false)
      }
      return found
    }
  }

  private static func merged(_ all: [Reacher]) -> [Reacher] {
    var found: [PrincipalID: Reacher] = [:]
    // What all of a group of unknown members have, where there is anything that some may not.
    var certain: [PrincipalID: Reacher] = [:]
    let hasPartial = all.contains { $0.isPartial }
    for reacher in all {
      found[reacher.principal, default: reacher].take(reacher)
      if hasPartial, !reacher.isPartial { certain[reacher.principal, default: reacher].take(reacher) }
    }
    for (principal, reacher) in found where hasPartial {
      let known = certain[principal]
      found[principal]?.isPartial = known?.times != reacher.times || known?.secretTimes != reacher.secretTimes
    }
    return found.values.sorted { $0.principal < $1.principal }
  }
}

extension GrantSet {
  /// Everybody who ever holds a role, inherited or through a session, in any environment: one grant for each binding that
  /// gives it, of whatever permission stands first in it.
  func holders(of role: RoleID) -> [Grant] {
    var found: [Grant] = []
    for binding in bindingIndex.bindings(giving: role) {
      let it = model.bindings[binding.offset]
      for environment in it.environments.members where environment.offset < model.environments.count {
        for target in model.bindingTargets[it.targets] {
          for member in membership.members(of: target.principal) {
            let grant = Grant(
              basis: .role(role, binding), principal: member.principal, subject: member.principal, holder: target.principal, via: nil,
              environment: environment, times: member.times.intersection(it.interval), isPartial: member.isPartial)
            if grant.times.isEmpty { continue }
            found.append(grant)
            for id in connections.byPrincipal[member.principal] ?? [] where holds(id, role, binding, environment) {
              for reacher in reachers(of: id, in: environment) where reacher.principal != member.principal {
                let through = grant.held(by: reacher.principal, via: id, during: reacher.times, isPartial: reacher.isPartial)
                if !through.times.isEmpty { found.append(through) }
              }
            }
          }
        }
      }
    }
    return found
  }

  /// Whether the session of a connection holds a role by a binding that gives it to the connection's principal.
  private func holds(_ id: ConnectionID, _ role: RoleID, _ binding: BindingID, _ environment: EnvironmentID) -> Bool {
    let connection = model.connections[id.offset]
    guard connection.environments.contains(environment) else { return false }
    guard let limit = connection.role else { return true }
    return gives(limit, binding) && model.roles[limit.offset].closure.contains(role)
  }
}

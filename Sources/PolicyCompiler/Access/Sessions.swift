import Synchronization

/// Sessions: what is held through connections, closed over `assume` and over routes that act as one.
extension GrantSet {
  /// One step from a session, or from a principal itself, to a connection.
  package struct Edge: Sendable {
    package let target: ConnectionID
    package let times: IntervalSet
    /// Whether the credential comes along; not where a route acts for the caller.
    package let holdsSecret: Bool
    package let basis: Grant.Basis
    package let holder: PrincipalID
    package let isPartial: Bool
  }

  /// A connection that a principal may use, directly or through others.
  package struct Reach: Sendable {
    package let connection: ConnectionID
    /// When its session can be had.
    package internal(set) var times: IntervalSet
    /// When its credential can.
    package internal(set) var secretTimes: IntervalSet
    /// The sessions on the way of the first proof, outermost first.
    package internal(set) var path: [ConnectionID]
    /// The step that leads to it on that way.
    package let basis: Grant.Basis
    /// When all of a group of unknown members have the session, and its credential.
    var certainTimes: IntervalSet
    var certainSecretTimes: IntervalSet

    /// Of a group of unknown members: whether some of this may be for some of them only.
    package var isPartial: Bool { certainTimes != times || certainSecretTimes != secretTimes }
  }

  // MARK: A session by itself

  /// The bindings that the session of a connection can use: those of its principal, or those that give its role. None
  /// for `principal: self`, whose session is the caller's own.
  func sessionHoldings(_ id: ConnectionID, in environment: EnvironmentID) -> [Holding] {
    let connection = model.connections[id.offset]
    guard connection.environments.contains(environment), case .principal(let principal) = connection.identity else { return [] }
    return memo.sessionHoldings(id, environment) {
      let held = holdings(of: principal, in: environment)
      guard let role = connection.role else { return held }
      return held.filter { gives(role, $0.binding) }
    }
  }

  /// What a session holds, as the session's principal.
  func sessionGrants(_ id: ConnectionID, in environment: EnvironmentID, where filter: GrantFilter?) -> [Grant] {
    guard case .principal(let principal) = model.connections[id.offset].identity else { return [] }
    return memo.sessionGrants(id, environment, filter) {
      grants(
        sessionHoldings(id, in: environment), within: model.connections[id.offset].role, principal: principal, via: id, environment, filter)
    }
  }

  /// The connections that a session reaches in one step.
  func edges(from id: ConnectionID, in environment: EnvironmentID) -> [Edge] {
    guard case .principal(let principal) = model.connections[id.offset].identity else { return [] }
    return memo.edges(id, environment) {
      edges(sessionHoldings(id, in: environment), within: model.connections[id.offset].role, principal, environment)
    }
  }

  // MARK: From a principal

  /// The connections that a principal reaches in one step: its own, those for whoever holds a role, and those that it
  /// holds a permission for.
  func startEdges(_ principal: PrincipalID, _ held: [Holding], in environment: EnvironmentID) -> [Edge] {
    var found: [Edge] = []
    for id in connections.byPrincipal[principal] ?? [] where model.connections[id.offset].environments.contains(environment) {
      found.append(
        Edge(target: id, times: .always, holdsSecret: true, basis: .ownConnection(id), holder: principal, isPartial: false))
    }
    for id in connections.ofCallers where model.connections[id.offset].environments.contains(environment) {
      guard let role = model.connections[id.offset].role else { continue }
      for holding in held where gives(role, holding.binding) {
        found.append(
          Edge(
            target: id, times: holding.times, holdsSecret: true, basis: .callerConnection(id, holding.binding), holder: holding.holder,
            isPartial: holding.isPartial))
      }
    }
    return found + edges(held, within: nil, principal, environment)
  }

  /// Every connection that the principal may ever use in this environment, with when. By connection.
  package func reach(of principal: PrincipalID, in environment: EnvironmentID) -> [Reach] {
    reach(of: principal, holdings(of: principal, in: environment), in: environment)
  }

  func reach(of principal: PrincipalID, _ held: [Holding], in environment: EnvironmentID) -> [Reach] {
    let start = startEdges(principal, held, in: environment)
    if start.isEmpty { return [] }
    var found: [ConnectionID: Reach] = [:]
    var queue: [ConnectionID] = []
    var next = 0
    func take(_ edge: Edge, _ outer: Reach?) {
      func through(_ times: IntervalSet, _ isOpen: Bool) -> IntervalSet { isOpen ? times.intersection(edge.times) : .never }
      let open = through(outer?.times ?? .always, true)
      guard !open.isEmpty else { return }
      let new = Reach(
        connection: edge.target, times: open, secretTimes: through(outer?.secretTimes ?? .always, edge.holdsSecret),
        path: outer.map { $0.path + [$0.connection] } ?? [], basis: edge.basis,
        certainTimes: through(outer?.certainTimes ?? .always, !edge.isPartial),
        certainSecretTimes: through(outer?.certainSecretTimes ?? .always, edge.holdsSecret && !edge.isPartial))
      guard var known = found[edge.target] else {
        found[edge.target] = new
        queue.append(edge.target)
        return
      }
      if known.take(new) {
        found[edge.target] = known
        queue.append(edge.target)
      }
    }
    for edge in start { take(edge, nil) }
    while next < queue.count {
      let id = queue[next]
      next += 1
      guard let at = found[id] else { continue }
      for edge in edges(from: id, in: environment) { take(edge, at) }
    }
    return found.values.sorted { $0.connection < $1.connection }
  }

  // MARK: Steps

  /// The steps that permissions open. One with `principal: self` is for whoever holds its role, as themselves: no
  /// permission gives it, and no session of somebody else leads to it.
  private func edges(_ held: [Holding], within role: RoleID?, _ principal: PrincipalID, _ environment: EnvironmentID) -> [Edge] {
    var found: [Edge] = []
    for holding in held {
      for permission in sessionPermissions(of: holding.binding, within: role) {
        func add(_ id: ConnectionID, _ holdsSecret: Bool) {
          found.append(
            Edge(
              target: id, times: holding.times, holdsSecret: holdsSecret, basis: .permission(permission, holding.binding),
              holder: holding.holder, isPartial: holding.isPartial))
        }
        switch model.permissions[permission.offset].action {
        case "assume":
          for id in candidates(permission) where opens(id, in: environment) {
            let resource = Resource.connection(model.connections[id.offset].name)
            if gives(permission, holding.binding, resource, principal, environment) { add(id, true) }
          }
        case "call":
          for route in connections.actingRoutes where opens(route.target, in: environment) {
            guard model.systems[route.system.offset].environments.contains(environment) else { continue }
            let resource = Resource(root: .system(route.system), path: [route.name])
            if gives(permission, holding.binding, resource, principal, environment) { add(route.target, false) }
          }
        default: break
        }
      }
    }
    return found
  }

  /// Whether a permission can open the connection there: it exists, and has a principal of its own.
  func opens(_ id: ConnectionID, in environment: EnvironmentID) -> Bool {
    model.connections[id.offset].identity != .caller && model.connections[id.offset].environments.contains(environment)
  }

  /// The connections that a permission may cover, without regard to its exceptions.
  private func candidates(_ permission: PermissionID) -> [ConnectionID] {
    var found: [ConnectionID] = []
    for id in model.permissions[permission.offset].of where model.patterns[id.offset].root == .connections {
      found += model.patterns[id.offset].connections ?? model.connections.indices.map(ConnectionID.init)
    }
    return found
  }

  // MARK: For whoever renders

  /// The connections that the principal may use at a moment, each with whether its credential comes along. Of a group of
  /// unknown members, those that all of them may use.
  package func assumable(by principal: PrincipalID, in environment: EnvironmentID, at instant: Instant) -> [ConnectionID: Bool] {
    let held = holdings(of: principal, in: environment).filter { !$0.isPartial }
    var found: [ConnectionID: Bool] = [:]
    for reached in reach(of: principal, held, in: environment) where reached.times.contains(instant) {
      found[reached.connection] = reached.secretTimes.contains(instant)
    }
    return found
  }

  /// Whether the principal may assume the connection without going through another session, its credential included: most
  /// can, and then nothing has to be closed.
  ///
  /// - Parameter held: the bindings that it has there and then.
  package func assumesDirectly(_ principal: PrincipalID, _ connection: ConnectionID, in environment: EnvironmentID, by held: [BindingID])
    -> Bool
  {
    guard model.connections[connection.offset].environments.contains(environment) else { return false }
    switch model.connections[connection.offset].identity {
    case .principal(principal): return true
    case .caller:
      guard let role = model.connections[connection.offset].role else { return false }
      return held.contains { gives(role, $0) }
    case .principal:
      let resource = Resource.connection(model.connections[connection.offset].name)
      return held.contains { binding in
        sessionPermissions(of: binding, within: nil).contains { permission in
          model.permissions[permission.offset].action == "assume" && gives(permission, binding, resource, principal, environment)
        }
      }
    }
  }
}

extension GrantSet {
  /// Whether a group is given a connection as a whole, so that nobody in it needs to be looked at.
  package func assumesDirectly(asWhole group: PrincipalID, _ connection: ConnectionID, in environment: EnvironmentID, at instant: Instant)
    -> Bool
  {
    guard model.connections[connection.offset].environments.contains(environment) else { return false }
    let resource = Resource.connection(model.connections[connection.offset].name)
    return bindings(heldBy: group).contains { id in
      let binding = model.bindings[id.offset]
      guard binding.environments.contains(environment), binding.interval.contains(instant) else { return false }
      return sessionPermissions(of: id, within: nil).contains { permission in
        model.permissions[permission.offset].action == "assume" && !mentionsPrincipal(permission, binding)
          && gives(permission, id, resource, group, environment)
      }
    }
  }
}

extension GrantSet.Reach {
  /// Adds another way to the same connection; says whether that gives anything more.
  fileprivate mutating func take(_ other: Self) -> Bool {
    let old = [times, secretTimes, certainTimes, certainSecretTimes]
    times.formUnion(other.times)
    secretTimes.formUnion(other.secretTimes)
    certainTimes.formUnion(other.certainTimes)
    certainSecretTimes.formUnion(other.certainSecretTimes)
    return [times, secretTimes, certainTimes, certainSecretTimes] != old
  }
}

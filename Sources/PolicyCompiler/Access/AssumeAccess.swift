import Synchronization

/// Who may assume which connection: the closure of `assume` over sessions and of `acts_as` over routes.
extension GrantIndex {
  /// How a principal comes to a connection.
  package struct AssumeProof: Sendable {
    package enum Step: Sendable {
      /// The connection logs in as this principal itself.
      case ownIdentity
      /// The connection is for whoever holds its role, and the principal does.
      case ownRole(BindingID)
      /// A permission to assume it.
      case permission(PermissionID, BindingID)
    }
    package let step: Step
    /// The sessions on the way, outermost first.
    package let via: [ConnectionID]
    /// Whether the principal gets to see the credential; not where a route acts for it.
    package let holdsSecret: Bool
  }

  /// Every connection that the principal may assume in this environment at this instant, each with one proof; proofs
  /// that hold the credential are preferred, then short ones.
  package func assumable(by principal: PrincipalID, in environment: EnvironmentID, at instant: Instant) -> [ConnectionID: AssumeProof] {
    var found: [ConnectionID: AssumeProof] = [:]
    var queue: [(session: Session, via: [ConnectionID], holdsSecret: Bool)] = [(own(principal, environment, instant), [], true)]
    var next = 0
    while next < queue.count {
      let (session, via, holdsSecret) = queue[next]
      next += 1
      let edges =
        next == 1
        ? reached(from: session, isStart: true, environment) : reached(from: session, by: via[via.count - 1], environment, instant)
      for (connection, step, isDirect) in edges {
        let proof = AssumeProof(step: step, via: via, holdsSecret: holdsSecret && isDirect)
        if let known = found[connection], known.holdsSecret || !proof.holdsSecret { continue }
        found[connection] = proof
        if let inner = self.session(connection, caller: session.principal, environment, instant) {
          queue.append((inner, via + [connection], proof.holdsSecret))
        }
      }
    }
    return found
  }

  /// Whether the principal may assume the connection without going through another session, its credential included: most
  /// can, and then nothing has to be closed.
  package func assumesDirectly(_ principal: PrincipalID, _ connection: ConnectionID, in environment: EnvironmentID, at instant: Instant)
    -> Bool
  {
    guard model.connections[connection.offset].environments.contains(environment) else { return false }
    let identity = model.connections[connection.offset].identity
    if identity == .principal(principal) { return true }
    let held = holdings(of: principal, in: environment, at: instant)
    if identity == .caller {
      return model.connections[connection.offset].role.map { role in held.contains { gives(role, $0.binding) } } ?? false
    }
    let resource = Resource.connection(model.connections[connection.offset].name)
    return held.contains { holding in
      let binding = model.bindings[holding.binding.offset]
      return sessionPermissions(of: binding, within: nil).contains { permission in
        model.permissions[permission.offset].action == "assume" && gives(permission, binding, resource, principal, environment)
      }
    }
  }

  /// What acts: a principal with some of its bindings, perhaps cut down to one role.
  struct Session {
    let principal: PrincipalID
    let role: RoleID?
    let holdings: [Holding]
  }

  private func own(_ principal: PrincipalID, _ environment: EnvironmentID, _ instant: Instant) -> Session {
    Session(principal: principal, role: nil, holdings: holdings(of: principal, in: environment, at: instant))
  }

  /// The session of a connection; nil where it is closed to everybody.
  func session(_ id: ConnectionID, caller: PrincipalID, _ environment: EnvironmentID, _ instant: Instant) -> Session? {
    let connection = model[id]
    guard connection.environments.contains(environment) else { return nil }
    let principal: PrincipalID
    switch connection.identity {
    case .principal(let named): principal = named
    case .caller: principal = caller
    }
    var held = holdings(of: principal, in: environment, at: instant)
    if let role = connection.role { held = held.filter { gives(role, $0.binding) } }
    return Session(principal: principal, role: connection.role, holdings: held)
  }

  /// The same for the session of a connection, worked out once for all who come to it.
  private func reached(
    from session: Session, by connection: ConnectionID, _ environment: EnvironmentID, _ instant: Instant
  ) -> [(ConnectionID, AssumeProof.Step, isDirect: Bool)] {
    let key = SessionKey(connection: connection, principal: session.principal, environment: environment, instant: instant)
    if let known = sessionEdges.withLock({ $0[key] }) { return known }
    let found = reached(from: session, isStart: false, environment)
    sessionEdges.withLock { $0[key] = found }
    return found
  }

  /// The connections that a session reaches in one step; `isDirect` where it gets the credential.
  ///
  /// One with `principal: self` is for whoever holds its role, as themselves: no permission gives it, and no session of
  /// somebody else leads to it.
  private func reached(
    from session: Session, isStart: Bool, _ environment: EnvironmentID
  ) -> [(ConnectionID, AssumeProof.Step, isDirect: Bool)] {
    var found: [(ConnectionID, AssumeProof.Step, isDirect: Bool)] = []
    if isStart {
      for id in connections.byPrincipal[session.principal] ?? [] where model.connections[id.offset].environments.contains(environment) {
        found.append((id, .ownIdentity, true))
      }
      for id in connections.ofCallers where model.connections[id.offset].environments.contains(environment) {
        if let role = model.connections[id.offset].role, let holding = session.holdings.first(where: { gives(role, $0.binding) }) {
          found.append((id, .ownRole(holding.binding), true))
        }
      }
    }
    for holding in session.holdings {
      let binding = model[holding.binding]
      for permission in sessionPermissions(of: binding, within: session.role) {
        switch model.permissions[permission.offset].action {
        case "assume":
          for id in candidates(permission) where opens(id, in: environment) {
            let resource = Resource.connection(model.connections[id.offset].name)
            if gives(permission, binding, resource, session.principal, environment) {
              found.append((id, .permission(permission, holding.binding), true))
            }
          }
        case "call":
          for route in connections.actingRoutes where opens(route.target, in: environment) {
            guard model.systems[route.system.offset].environments.contains(environment) else { continue }
            let resource = Resource(root: .system(route.system), path: [route.name])
            if gives(permission, binding, resource, session.principal, environment) {
              found.append((route.target, .permission(permission, holding.binding), false))
            }
          }
        default: break
        }
      }
    }
    return found
  }

  /// Whether a permission can open the connection there: it exists, and has a principal of its own.
  private func opens(_ id: ConnectionID, in environment: EnvironmentID) -> Bool {
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

  private func gives(_ role: RoleID, _ binding: BindingID) -> Bool {
    model.bindingRoles[model.bindings[binding.offset].roles].contains { model.roles[$0.offset].closure.contains(role) }
  }

  private func gives(
    _ permission: PermissionID, _ binding: AccessModel.Binding, _ resource: Resource, _ principal: PrincipalID, _ environment: EnvironmentID
  ) -> Bool {
    guard covers(model.permissions[permission.offset], resource, principal: principal, environment: environment) else { return false }
    guard let narrowed = binding.resources else { return true }
    return model.bindingResources[narrowed].contains { matches($0, resource, principal, environment) }
  }
}

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
      for (connection, step, isDirect) in reached(from: session, isStart: next == 1, environment) {
        let proof = AssumeProof(step: step, via: via, holdsSecret: holdsSecret && isDirect)
        if let known = found[connection], known.holdsSecret || !proof.holdsSecret { continue }
        found[connection] = proof
        if let inner = self.session(connection, caller: principal, environment, instant) { queue.append((inner, via + [connection], proof.holdsSecret)) }
      }
    }
    return found
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
    if let role = connection.role { held = held.filter { roles(of: model[$0.binding]).contains(role) } }
    return Session(principal: principal, role: connection.role, holdings: held)
  }

  /// The connections that a session reaches in one step; `isDirect` where it gets the credential.
  private func reached(
    from session: Session, isStart: Bool, _ environment: EnvironmentID
  ) -> [(ConnectionID, AssumeProof.Step, isDirect: Bool)] {
    var found: [(ConnectionID, AssumeProof.Step, isDirect: Bool)] = []
    for index in model.connections.indices {
      let connection = model.connections[index]
      guard connection.environments.contains(environment) else { continue }
      if isStart {
        switch connection.identity {
        case .principal(session.principal): found.append((ConnectionID(index), .ownIdentity, true))
        case .caller:
          if let role = connection.role, let holding = session.holdings.first(where: { roles(of: model[$0.binding]).contains(role) }) {
            found.append((ConnectionID(index), .ownRole(holding.binding), true))
          }
        default: break
        }
      }
    }
    for holding in session.holdings {
      let binding = model[holding.binding]
      for permission in permissions(of: binding, within: session.role) {
        let it = model[permission]
        switch it.action {
        case "assume":
          for index in model.connections.indices where model.connections[index].environments.contains(environment) {
            let resource = Resource.connection(model.connections[index].name)
            if gives(it, binding, resource, session.principal, environment) { found.append((ConnectionID(index), .permission(permission, holding.binding), true)) }
          }
        case "call":
          for system in model.systems.indices where model.systems[system].environments.contains(environment) {
            for (name, route) in model.systems[system].routes.sorted(by: { $0.key < $1.key }) {
              guard let target = route.actsAs, model[target].environments.contains(environment) else { continue }
              let resource = Resource(root: .system(SystemID(system)), path: [name])
              if gives(it, binding, resource, session.principal, environment) { found.append((target, .permission(permission, holding.binding), false)) }
            }
          }
        default: break
        }
      }
    }
    return found
  }

  private func gives(
    _ permission: AccessModel.Permission, _ binding: AccessModel.Binding, _ resource: Resource, _ principal: PrincipalID, _ environment: EnvironmentID
  ) -> Bool {
    guard covers(permission, resource, principal: principal, environment: environment) else { return false }
    guard let narrowed = binding.resources else { return true }
    return model.bindingResources[narrowed].contains { matches($0, resource, principal, environment) }
  }

  /// The permissions that a binding gives; within a session's role, only those of the role.
  private func permissions(of binding: AccessModel.Binding, within role: RoleID?) -> [PermissionID] {
    var all: [PermissionID] = []
    let given = roles(of: binding)
    let allowed = role.map { given.intersection(model[$0].closure) } ?? given
    for id in allowed.sorted() { all += model[id].permissions.map(PermissionID.init) }
    if role == nil { all += binding.permissions.map(PermissionID.init) }
    return all
  }
}

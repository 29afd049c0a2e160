/// From a principal outwards: all that it holds.
extension GrantSet {
  /// Everything that the principal ever holds in this environment, itself and through sessions.
  ///
  /// - Parameter filter: what is asked about; nil for everything.
  package func grants(of principal: PrincipalID, in environment: EnvironmentID, where filter: GrantFilter? = nil) -> [Grant] {
    let held = holdings(of: principal, in: environment)
    var found = grants(held, within: nil, principal: principal, via: nil, environment, filter)
    let reach = reach(of: principal, held, in: environment)
    for reached in reach {
      for grant in sessionGrants(reached.connection, in: environment, where: filter) {
        let through = grant.held(by: principal, via: reached.connection, during: reached.times, isPartial: reached.isPartial)
        if !through.times.isEmpty { found.append(through) }
      }
      if filter == nil || filter?.root == .secrets, !reached.secretTimes.isEmpty {
        found.append(credential(reached.connection, principal, environment, reached.secretTimes, reached.isPartial))
      }
    }
    if filter == nil || filter?.root == .connections { found += ownConnections(of: principal, held, in: environment) }
    return found
  }

  /// The connections that a principal may assume without a permission: its own, and those for whoever holds their role.
  func ownConnections(of principal: PrincipalID, _ held: [Holding], in environment: EnvironmentID) -> [Grant] {
    var found: [Grant] = []
    for id in connections.byPrincipal[principal] ?? [] where model.connections[id.offset].environments.contains(environment) {
      found.append(
        Grant(
          basis: .ownConnection(id), principal: principal, subject: principal, holder: principal, via: nil, environment: environment,
          times: .always, isPartial: false))
    }
    for id in connections.ofCallers where model.connections[id.offset].environments.contains(environment) {
      guard let role = model.connections[id.offset].role else { continue }
      for holding in held where gives(role, holding.binding) {
        found.append(
          Grant(
            basis: .callerConnection(id, holding.binding), principal: principal, subject: principal, holder: holding.holder, via: nil,
            environment: environment, times: holding.times, isPartial: holding.isPartial))
      }
    }
    return found
  }

  func credential(
    _ id: ConnectionID, _ principal: PrincipalID, _ environment: EnvironmentID, _ times: IntervalSet, _ isPartial: Bool
  ) -> Grant {
    var subject = principal
    if case .principal(let named) = model.connections[id.offset].identity { subject = named }
    return Grant(
      basis: .credential(id), principal: principal, subject: subject, holder: subject, via: nil, environment: environment, times: times,
      isPartial: isPartial)
  }

  /// What some bindings give, of permissions whose system exists in the environment.
  func grants(
    _ held: [Holding], within role: RoleID?, principal: PrincipalID, via: ConnectionID?, _ environment: EnvironmentID,
    _ filter: GrantFilter?
  ) -> [Grant] {
    var found: [Grant] = []
    for holding in held {
      for permission in permissions(of: holding.binding, within: role) where passes(permission, filter) {
        guard canExist(permission, in: environment) else { continue }
        found.append(
          Grant(
            basis: .permission(permission, holding.binding), principal: principal, subject: principal, holder: holding.holder, via: via,
            environment: environment, times: holding.times, isPartial: holding.isPartial))
      }
    }
    return found
  }

  /// Whether anything that the permission covers can exist in the environment.
  func canExist(_ permission: PermissionID, in environment: EnvironmentID) -> Bool {
    model.permissions[permission.offset].of.contains { model.patterns[$0.offset].environments.contains(environment) }
  }
}

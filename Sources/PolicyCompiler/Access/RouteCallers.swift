/// Somebody who may call a route as itself: with a token of its own, not through a session.
package struct RouteCaller: Sendable {
  /// A user, a service, or a group whose members only its provider knows.
  package let principal: PrincipalID
  package let times: IntervalSet
  /// Of a group of unknown members: whether it may hold for some of them only.
  package let isPartial: Bool
  /// The roles of the binding through which it comes; none where the binding gives it itself.
  package let roles: [RoleID]
  /// The lines that it rests on: the binding first.
  package let because: [SourceSpan]
}

extension GrantSet {
  /// Everybody who may ever call a route in an environment as itself. A session calls with its own principal's token, so
  /// what is held through one is in the answer as that principal's.
  package func callers(of route: String, on system: SystemID, in environment: EnvironmentID) -> [RouteCaller] {
    let resource = Resource(root: .system(system), path: [route])
    let filter = GrantFilter(action: "call", root: .system(system))
    // Matching one name is never too complex.
    let held = try? holders(of: filter, in: environment, covering: resource.path) { grant throws(ResourceSetTooComplex) in
      covers(grant, resource)
    }
    return (held ?? []).compactMap { grant in
      guard grant.via == nil, case .permission(let permission, let binding) = grant.basis else { return nil }
      let owner = role(of: permission)
      let roles = model.bindingRoles[model[binding].roles].filter { role in owner.map { model[role].closure.contains($0) } ?? false }
      return RouteCaller(
        principal: grant.principal, times: grant.times, isPartial: grant.isPartial, roles: Set(roles).sorted(),
        because: [place(of: grant)] + proof(of: grant, during: .always).compactMap(\.span))
    }
  }
}

/// A connection whose principal does not hold the session's role opens a session that can do nothing.
enum SessionCheck {
  static func check(_ grants: GrantSet, at instant: Instant) -> [Diagnostic] {
    let model = grants.model
    var found: [Diagnostic] = []
    for (index, connection) in model.connections.enumerated() {
      guard let role = connection.role, case .principal(let principal) = connection.identity else { continue }
      for environment in connection.environments.members {
        let held = grants.sessionHoldings(ConnectionID(index), in: environment)
        if held.contains(where: { $0.times.contains(instant) }) { continue }
        let name = model[environment].name
        let span = connection.declaration.value(of: "role")?.span ?? connection.span
        found.append(
          Diagnostic(
            .emptySession,
            "`\(model[principal].name)` does not hold `\(model[role].name)` in `\(name)`: the session of `\(connection.name)` there can do nothing",
            at: span,
            notes: [.init("the role is declared here", at: model[role].span)],
            help: "bind it: `- { role: \(model[role].name), to: [\(model[principal].name)], in: [\(name)] }`"))
      }
    }
    return found
  }
}

import PolicyCompiler

/// Whether a session that a tool opens holds more than its connection promises.
///
/// Who may assume a connection gets the access of its role. A tool that cannot set a role opens a session with all that
/// the account has: wider, unless the account has nothing else there, or belongs to the file's holder anyway.
enum SessionWidth {
  /// - Parameters:
  ///   - tool: what opens the session: `dbt`.
  ///   - reason: why it cannot hold the session to the role, for a note.
  static func problem(
    _ request: ArtifactRequest, _ connection: ResolvedConnection, at span: SourceSpan, tool: String, reason: String
  ) -> Diagnostic? {
    let model = request.model
    guard let id = model.connectionNames[connection.name], let role = model[id].role, case .principal(let principal) = model[id].identity,
      principal != request.holder, let environment = model.environmentNames[connection.environment]
    else { return nil }
    for holding in request.policy.grants.holdings(of: principal, in: environment)
    where holding.times.contains(request.policy.instant) {
      let binding = model[holding.binding]
      var others: Set<RoleID> = []
      for held in model.bindingRoles[binding.roles] { others.formUnion(model[held].closure) }
      others.subtract(model[role].closure)
      let permissions = others.sorted().flatMap { model.permissions[model[$0].permissions] } + model.permissions[binding.permissions]
      let isWider = permissions.contains { $0.of.contains { model[$0].root == .system(model[id].system) } }
      if isWider { return .wider(connection, role: model[role].name, binding: binding.span, at: span, tool: tool, reason: reason) }
    }
    return nil
  }
}

extension Diagnostic {
  fileprivate static func wider(
    _ connection: ResolvedConnection, role: String, binding: SourceSpan, at span: SourceSpan, tool: String, reason: String
  ) -> Self {
    Self(
      .inexpressible, "\(tool) cannot hold `\(connection.name)` to `\(role)`", at: span,
      notes: [
        .init("\(reason): sessions have all that `\(connection.principal)` has"),
        .init("`\(connection.principal)` has more than `\(role)` on `\(connection.system)` here", at: binding),
      ], help: "give the connection a principal of its own, or the file to `\(connection.principal)`")
  }
}

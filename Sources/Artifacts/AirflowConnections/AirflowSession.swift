import PolicyCompiler

/// Whether a session that Airflow opens holds more than the connection promises.
///
/// Who may assume a connection gets the access of its role. A hook that cannot set a role opens a session with all that
/// the account has: wider, unless the account has nothing else there, or belongs to the file's holder anyway.
enum AirflowSession {
  static func problem(_ draft: AirflowDraft, in request: ArtifactRequest) -> Diagnostic? {
    let model = request.model
    let connection = draft.source
    guard !draft.setsRole, let id = model.connectionNames[connection.name], let role = model[id].role, case .principal(let principal) = model[id].identity,
      principal != request.holder, let environment = model.environmentNames[connection.environment]
    else { return nil }
    for holding in request.policy.grants.holdings(of: principal, in: environment, at: request.policy.instant) {
      let binding = model[holding.binding]
      var others: Set<RoleID> = []
      for held in model.bindingRoles[binding.roles] { others.formUnion(model[held].closure) }
      others.subtract(model[role].closure)
      let permissions = others.sorted().flatMap { model.permissions[model[$0].permissions] } + model.permissions[binding.permissions]
      let isWider = permissions.contains { $0.of.contains { model[$0].root == .system(model[id].system) } }
      if isWider { return .wider(draft, role: model[role].name, binding: binding.span) }
    }
    return nil
  }
}

extension Diagnostic {
  fileprivate static func wider(_ draft: AirflowDraft, role: String, binding: SourceSpan) -> Self {
    let it = draft.source
    return Self(
      .inexpressible, "Airflow cannot hold `\(it.name)` to `\(role)`", at: draft.site,
      notes: [
        .init("its hook sets no role on \(it.type.title): sessions have all that `\(it.principal)` has"),
        .init("`\(it.principal)` has more than `\(role)` on `\(it.system)` here", at: binding),
      ], help: "give the connection a principal of its own, or the file to `\(it.principal)`")
  }
}

package import PolicyCompiler

/// Airflow's connections: rows to import, and what a secrets backend or the environment must hold beside them.
package enum AirflowConnectionsTarget: ArtifactTarget {
  package static let options = RecordShape("artifact", "Connections of an Airflow deployment.", keys: AirflowConnectionsField.self)

  package static func render(_ request: inout ArtifactRequest) {
    let options = AirflowConnectionsOptions(request.options)
    let problems = options.problems(in: request)
    problems.forEach { request.report($0) }
    let shared = options.backend.flatMap { sharedBackend($0, options, request) }
    if let shared { request.report(shared) }
    for environment in options.environments {
      let backend = options.backend.map { AirflowBackend.read($0, in: request, environment: environment.text) }
      backend?.diagnostics.forEach { request.report($0) }
      var file = AirflowFile(environment.text, backend?.value)
      for item in options.items {
        guard let resolved = request.connection(item.name, in: environment) else { continue }
        add(item, resolved, to: &file, &request)
      }
      file.problems.forEach { request.report($0) }
      if shared == nil { file.claims.forEach { request.claim($0) } }
      if !problems.hasErrors, backend?.diagnostics.hasErrors != true { file.write(into: &request) }
    }
  }

  private static func add(
    _ item: AirflowConnectionsOptions.Item, _ resolved: ResolvedConnection, to file: inout AirflowFile, _ request: inout ArtifactRequest
  ) {
    var draft = AirflowDraft(resolved, request.model, at: item.name.span)
    AirflowMapping.fill(&draft)
    draft.describe(item.description)
    let problems = draft.problems + AirflowExtra.add(item, to: &draft, in: request)
    problems.forEach { request.report($0) }
    if problems.hasErrors { return }
    if !draft.setsRole,
      let problem = SessionWidth.problem(
        request, draft.source, at: draft.site, tool: "Airflow", reason: "its hook sets no role on \(draft.source.type.title)")
    {
      request.report(problem)
    }
    file.add(draft.row, as: item.id.text, of: resolved, at: item.id.span)
    if let token = draft.tokenRow { file.add(token, as: item.id.text + "_token", of: resolved, at: item.id.span) }
  }

  /// Two environments, or two people, cannot keep different connections in one place.
  private static func sharedBackend(
    _ backend: RecordView<AirflowBackendField>, _ options: AirflowConnectionsOptions, _ request: ArtifactRequest
  ) -> Diagnostic? {
    let keys: [AirflowBackendField] = [.url, .mount, .connectionsPath, .region, .connectionsPrefix]
    func mentions(_ placeholder: Placeholder) -> Bool { keys.contains { Placeholder.occurs(placeholder, in: backend[$0]?.text ?? "") } }
    if options.environments.count > 1, !mentions(.environment) { return .oneBackend("environment", .environment, at: backend.span) }
    if request.declaration.isPerPrincipal, !mentions(.principal) { return .oneBackend("person", .principal, at: backend.span) }
    return nil
  }
}

extension Diagnostic {
  fileprivate static func oneBackend(_ what: String, _ placeholder: Placeholder, at span: SourceSpan) -> Self {
    Self(
      .missingPlaceholder, "every \(what) would keep its connections in the same place of the backend", at: span,
      help: "put `\(placeholder.text)` into its `mount`, `connections_path`, `connections_prefix`, `url` or `region`")
  }
}

package import PolicyCompiler

/// Postman environments and globals: connections as variables, secrets as references to Postman's vault or empty.
package enum PostmanEnvironmentTarget: ArtifactTarget {
  package static let options = RecordShape(
    "artifact", "An environment of Postman, or a workspace's globals.", keys: PostmanEnvironmentField.self)

  package static func render(_ request: inout ArtifactRequest) {
    let options = PostmanOptions(request.options)
    let problems = options.problems(in: request)
    problems.forEach { request.report($0) }
    var given: [String: [PostmanFields.Field]] = [:]
    for environment in options.environments {
      var file = PostmanDraft(environment.text)
      for connection in options.connections {
        guard let resolved = request.connection(connection.name, in: environment) else { continue }
        let fields = PostmanFields(resolved, request.model)
        given[resolved.name, default: []] += fields.all
        if let problem = SessionWidth.problem(
          request, resolved, at: connection.name.span, tool: "Postman", reason: "an environment sets no role")
        {
          request.report(problem)
        }
        if fields.lacksTokenEndpoint { request.report(.noTokenEndpoint(resolved, at: connection.name.span)) }
        for field in fields.all { file.add(field, of: resolved, connection) }
      }
      for (key, value) in options.variables { file.add(key, value, in: request) }
      file.problems.forEach { request.report($0) }
      file.claims.forEach { request.claim($0) }
      if problems.hasErrors { continue }
      let path = request.path(environment: environment.text)
      let environment = file.environment(options, request)
      request.write(environment.json.text, to: path)
      if !file.manifest.isEmpty { request.write(file.manifest, for: path) }
    }
    for connection in options.connections { connection.unknownFields(given[connection.name.text]).forEach { request.report($0) } }
  }
}

extension Diagnostic {
  fileprivate static func noTokenEndpoint(_ connection: ResolvedConnection, at span: SourceSpan) -> Self {
    Self(
      .inexpressible, "nothing says where `\(connection.name)` gets its tokens in `\(connection.environment)`", at: span,
      severity: .warning,
      notes: [.init("Postman gets a client's id and secret, but no `token_endpoint` to take them to")],
      help:
        "set `token_endpoint` for `\(connection.system)` in `\(connection.environment)`, or for the identity provider of `\(connection.principal)`"
    )
  }
}

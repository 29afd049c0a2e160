package import PolicyCompiler

/// SQL that makes a policy true in a PostgreSQL database: roles, memberships, privileges and default privileges.
package enum PostgresGrantsTarget: ArtifactTarget {
  package static let options = RecordShape(
    "artifact", "SQL that makes the policy true in a PostgreSQL database.", keys: PostgresGrantsField.self)

  package static func render(_ request: inout ArtifactRequest) {
    let options = PostgresGrantsOptions(request.options)
    let problems = options.problems(in: request)
    problems.forEach { request.report($0) }
    guard let node = options.system, let system = system(node, &request) else { return }
    for name in options.environments {
      guard let environment = environment(name, system, &request),
        let database = request.model[system].endpoints[environment]?.value(of: "database")
      else { continue }
      let prefix = options.rolePrefix.map { Placeholder.fill($0.text, principal: nil, environment: name.text) } ?? ""
      let plan = PostgresPlanner.plan(request.policy, system, in: environment, rolePrefix: prefix)
      let found = plan.diagnostics + PostgresExactness.problems(plan.value, options, request)
      found.forEach { request.report($0) }
      if (problems + found).hasErrors { continue }
      let script = PostgresScript(
        plan: plan.value, options: options, request: request,
        database: Placeholder.fill(database.text, principal: nil, environment: name.text))
      request.write(script.text, to: request.path(environment: name.text))
    }
  }

  private static func system(_ node: SyntaxNode, _ request: inout ArtifactRequest) -> SystemID? {
    let model = request.model
    guard let id = model.systemNames[node.text] else {
      request.report(.unknown(.unknownSystem, "system", node.text, among: model.systemNames.keys, at: node.span))
      return nil
    }
    guard model[id].type.name == "postgres" else {
      let others = model.systems.filter { $0.type.name == "postgres" }.map { "`\($0.name)`" }
      request.report(
        Diagnostic(
          .invalidOption, "`\(node.text)` is no PostgreSQL database, but \(model[id].type.title)", at: node.span,
          notes: [.init("it is declared here", at: model[id].span)],
          help: others.isEmpty ? "declare a system of `type: postgres`" : "name one of type `postgres`: \(others.joined(separator: ", "))"))
      return nil
    }
    return id
  }

  private static func environment(_ node: SyntaxNode, _ system: SystemID, _ request: inout ArtifactRequest) -> EnvironmentID? {
    guard let id = request.environment(node) else { return nil }
    let model = request.model
    guard model[system].environments.contains(id) else {
      request.report(
        Diagnostic(
          .missingEnvironment, "`\(model[system].name)` does not exist in `\(node.text)`", at: node.span,
          notes: [
            .init(
              "it exists in \(model.names(model[system].environments).map { "`\($0)`" }.joined(separator: ", "))", at: model[system].span)
          ]))
      return nil
    }
    return id
  }
}

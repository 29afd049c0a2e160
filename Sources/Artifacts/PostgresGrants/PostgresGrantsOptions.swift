package import PolicyCompiler

/// What an artifact with `target: postgres_grants` may say, beside what all artifacts say.
package enum PostgresGrantsField: Int, FieldKey {
  case system, environment, owners, rolePrefix, login, adopt, everybody

  package var field: Field {
    switch self {
    case .system:
      Field("system", .scalar(.name), required: true, impact: .delivery, "The PostgreSQL database that the file is for.")
    case .environment:
      Field(
        "environment", .list(.scalar(.name)), required: true, impact: .delivery,
        "The environment, or several: each gets a file of its own, so the path then holds `${environment}`.")
    case .owners:
      Field(
        "owners", .list(.scalar(.plain)), impact: .delivery, otherwise: "nobody: objects that are made later wait for the next time",
        "The database roles that create objects: what they will create in schemas that are granted as a whole is granted at once.")
    case .rolePrefix:
      Field(
        "role_prefix", .scalar(.template), impact: .delivery, otherwise: "nothing",
        "What stands before the names of roles and groups, where several databases of one server need roles of their own.")
    case .login:
      Field(
        "login", .scalar(.boolean), impact: .delivery, default: "false",
        "Whether accounts that are made may log in; none gets a password. Accounts that exist stay as they are.")
    case .adopt:
      Field(
        "adopt", .scalar(.boolean), impact: .control, default: "false",
        "Whether roles that exist and that Writ did not make are taken over: what they hold in the database is then replaced.")
    case .everybody:
      Field(
        "public", .scalar(.choice(["revoke", "keep"])), impact: .control, default: "revoke",
        "What becomes of what `PUBLIC`, everybody on the server, holds in the database, beside routines and types.")
    }
  }
}

/// An artifact's options, read.
struct PostgresGrantsOptions {
  let system: SyntaxNode?
  let environments: [SyntaxNode]
  let owners: [SyntaxNode]
  let rolePrefix: SyntaxNode?
  let canLogIn: Bool
  let adopts: Bool
  let keepsPublic: Bool

  init(_ node: SyntaxNode) {
    func value(_ key: PostgresGrantsField) -> SyntaxNode? { node.value(of: key.field.name) }
    system = value(.system).flatMap { $0.isScalar ? $0 : nil }
    environments = EachEnvironment(node).nodes
    owners = value(.owners)?.items.filter(\.isScalar) ?? []
    rolePrefix = value(.rolePrefix).flatMap { $0.isScalar ? $0 : nil }
    canLogIn = value(.login)?.text == "true"
    adopts = value(.adopt)?.text == "true"
    keepsPublic = value(.everybody)?.text == "keep"
  }

  func problems(in request: ArtifactRequest) -> [Diagnostic] {
    var problems = EachEnvironment(request.options).problems(in: request, example: "sql/warehouse-${environment}.sql")
    problems += EachEnvironment.repeated(owners)
    for owner in owners { if let problem = PostgresNames.problem(owner.text, "an owner", at: owner.span) { problems.append(problem) } }
    let path = request.declaration.path
    if request.declaration.isPerPrincipal {
      problems.append(
        Diagnostic(
          .invalidOption, "the grants of a database are one file, not one for each person", at: path.span,
          help: "take `per: principal` out, and `${principal}` out of the path"))
    }
    if let rolePrefix, Placeholder.occurs(.principal, in: rolePrefix.text) {
      problems.append(
        Diagnostic(
          .missingPlaceholder, "a prefix of roles cannot hold `${principal}`: they are for all", at: rolePrefix.span,
          help: "write a text, or `${environment}`"))
    }
    return problems
  }
}

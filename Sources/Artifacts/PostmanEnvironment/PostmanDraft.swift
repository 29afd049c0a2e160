import PolicyCompiler

/// A file that is being filled.
struct PostmanDraft {
  let environment: String
  private(set) var variables: [PostmanEnvironment.Variable] = []
  private(set) var manifest: [ManifestEntry] = []
  private(set) var problems: [Diagnostic] = []
  private var owners: [String: (what: String, node: SyntaxNode)] = [:]
  /// Its keys in the vault of whoever opens the file.
  private(set) var claims: [Claim] = []

  init(_ environment: String) { self.environment = environment }

  mutating func add(
    _ field: PostmanFields.Field, of resolved: ResolvedConnection, _ options: PostmanConnectionOptions
  ) {
    let (key, node) = options.variable(field.name)
    guard PostmanEnvironment.Variable.isName(key) else {
      // A prefix that cannot be has been reported once already.
      if options.problem == nil { problems.append(.impossibleName(key, field)) }
      return
    }
    switch field.value {
    case .text(let text):
      if field.isNamedByAuthor, SecretLook.isSecret(name: field.name) || SecretLook.isSecret(value: text) {
        problems.append(.secretInVariable(field.name, at: field.span))
      }
      append(key, .text(text), "`\(resolved.name)`", node)
    case .secret(let reference):
      append(
        key, options.usesVault ? .vault(vaultKey(field, reference, resolved, options)) : .passedIn, "`\(resolved.name)`", node)
      manifest.append(
        ManifestEntry(
          variable: key, value: .reference(reference), connection: resolved.name, environment: resolved.environment, field: field.name))
    }
  }

  mutating func add(_ key: SyntaxNode, _ value: SyntaxNode, in request: ArtifactRequest) {
    append(key.text, .text(Placeholder.fill(value.text, principal: request.holderName, environment: environment)), "`variables`", key)
  }

  private mutating func append(_ key: String, _ value: PostmanEnvironment.Variable.Value, _ what: String, _ node: SyntaxNode) {
    if let owner = owners[key] {
      problems.append(.variableTwice(key, by: what, at: node.span, and: owner.what, at: owner.node.span))
    } else {
      owners[key] = (what, node)
      variables.append(.init(key: key, value: value))
    }
  }

  /// One key for one reference, over all files that one person may hold: `<connection>-<environment>-<field>`.
  private mutating func vaultKey(
    _ field: PostmanFields.Field, _ reference: SecretReference, _ resolved: ResolvedConnection, _ options: PostmanConnectionOptions
  ) -> String {
    let chosen = options.vaultKey(field.name)
    let key = chosen?.text ?? "\(resolved.name)-\(resolved.environment)-\(field.name)"
    claims.append(
      Claim(
        place: "\(TargetKind.postmanEnvironment.rawValue) \(key)", message: "the vault key `\(key)` stands for two secrets",
        what: "`\(field.name)` of `\(resolved.name)` in `\(resolved.environment)`: `\(reference.text)`",
        content: [Claim.Part("reference", reference.text)], span: chosen?.node.span ?? options.name.span,
        help: chosen == nil
          ? "choose another key under `vault`"
          : "choose another key under `vault`, or leave it out to get `\(resolved.name)-\(resolved.environment)-\(field.name)`",
        isPersonal: true))
    return key
  }

  func environment(_ options: PostmanOptions, _ request: ArtifactRequest) -> PostmanEnvironment {
    let artifact = request.declaration.name
    let whose = request.declaration.isPerPrincipal ? "\(environment), \(request.holderName)" : environment
    return PostmanEnvironment(
      // INVARIANT: no name holds a `/`, so no two files share an id.
      id: NameUUID("\(TargetKind.postmanEnvironment.rawValue)/\(artifact)/\(environment)/\(request.holderName)", in: .writ),
      name: options.name.map { Placeholder.fill($0.text, principal: request.holderName, environment: environment) }
        ?? "\(artifact) (\(whose))",
      values: variables, scope: options.scope)
  }
}

extension Diagnostic {
  fileprivate static func impossibleName(_ key: String, _ field: PostmanFields.Field) -> Self {
    Self(
      .inexpressible, "`\(key)` cannot be a variable's name in Postman", at: field.span,
      notes: [.init("names are letters, digits, `_`, `-` and `.`")],
      help: "call it something else under `variables` of the connection in the artifact, where `\(field.name)` is the field")
  }

  fileprivate static func variableTwice(_ key: String, by what: String, at span: SourceSpan, and other: String, at otherSpan: SourceSpan)
    -> Self
  {
    Self(
      .variableTakenTwice, "the variable `\(key)` is taken twice: by \(other) and by \(what)", at: span,
      notes: [.init("\(other) takes it here", at: otherSpan)],
      help: "set another `prefix` for a connection, or another name under its `variables`")
  }
}

import PolicyCompiler

/// A file that is being filled.
struct PostmanDraft {
  let environment: String
  private(set) var variables: [PostmanEnvironment.Variable] = []
  private(set) var manifest: [ManifestEntry] = []
  private(set) var problems: [Diagnostic] = []
  private var owners: [String: (what: String, node: SyntaxNode)] = [:]
  private var vault: [String: (reference: SecretReference, node: SyntaxNode)] = [:]

  init(_ environment: String) { self.environment = environment }

  mutating func add(
    _ field: PostmanFields.Field, of resolved: ResolvedConnection, _ options: PostmanConnectionOptions, in request: ArtifactRequest
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
        key, options.usesVault ? .vault(vaultKey(field, reference, resolved, options, request)) : .passedIn, "`\(resolved.name)`", node)
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

  /// One key for one reference, over all files of the policy: `<connection>-<environment>-<field>`.
  private mutating func vaultKey(
    _ field: PostmanFields.Field, _ reference: SecretReference, _ resolved: ResolvedConnection, _ options: PostmanConnectionOptions,
    _ request: ArtifactRequest
  ) -> String {
    let chosen = options.vaultKey(field.name)
    let key = chosen?.text ?? "\(resolved.name)-\(resolved.environment)-\(field.name)"
    let node = chosen?.node ?? options.name
    if let taken = vault[key], taken.reference != reference {
      problems.append(.vaultKeyTwice(key, at: node.span, and: taken.node.span))
    } else if chosen == nil, let other = Self.namesake(of: resolved, request.model) {
      problems.append(.vaultKeyShared(key, with: other, at: node.span))
    }
    vault[key] = (reference, node)
    return key
  }

  /// Names may hold `-`: another connection in another environment may read the same once they are joined.
  private static func namesake(of resolved: ResolvedConnection, _ model: AccessModel) -> String? {
    let parts = "\(resolved.name)-\(resolved.environment)".split(separator: "-", omittingEmptySubsequences: false)
    for cut in 1..<parts.count {
      let name = parts[..<cut].joined(separator: "-"), environment = parts[cut...].joined(separator: "-")
      guard name != resolved.name, let id = model.connectionNames[name], let place = model.environmentNames[environment] else { continue }
      if model[id].environments.contains(place) { return "`\(name)` in `\(environment)`" }
    }
    return nil
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

  fileprivate static func vaultKeyTwice(_ key: String, at span: SourceSpan, and other: SourceSpan) -> Self {
    Self(
      .variableTakenTwice, "the vault key `\(key)` stands for two secrets", at: span,
      notes: [.init("the other one is taken here", at: other)],
      help: "choose another key under `vault`")
  }

  fileprivate static func vaultKeyShared(_ key: String, with other: String, at span: SourceSpan) -> Self {
    Self(
      .variableTakenTwice, "the vault key `\(key)` could be a secret of \(other), too", at: span,
      notes: [.init("a vault key is `<connection>-<environment>-<field>`")], help: "choose another key under `vault`")
  }
}

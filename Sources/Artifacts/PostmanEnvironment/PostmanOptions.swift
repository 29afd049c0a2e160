import PolicyCompiler

/// An artifact's options, read.
struct PostmanOptions {
  let environments: [SyntaxNode]
  let connections: [PostmanConnectionOptions]
  let name: SyntaxNode?
  let scope: PostmanEnvironment.Scope
  let variables: [(key: SyntaxNode, value: SyntaxNode)]

  init(_ node: SyntaxNode) {
    func value(_ key: PostmanEnvironmentField) -> SyntaxNode? { node.value(of: key.field.name) }
    environments = EachEnvironment(node).nodes
    let items = value(.connections)?.items ?? []
    let usesVault = value(.secrets)?.text != "empty"
    connections = items.compactMap { PostmanConnectionOptions($0, isOnly: items.count == 1, usesVault: usesVault) }
    name = value(.name)
    scope = value(.scope).flatMap { .init(rawValue: $0.text) } ?? .environment
    variables = value(.variables)?.pairs.filter(\.value.isScalar) ?? []
  }

  func problems(in request: ArtifactRequest) -> [Diagnostic] {
    let path = request.declaration.path
    let (reason, example) = (
      "there is one file for each, and Postman shows each by its name", "postman/orders-${environment}.postman_environment.json"
    )
    var problems = EachEnvironment(request.options).problems(in: request, reason: reason, example: example)
    if connections.isEmpty, variables.isEmpty { problems.append(.nothingToHold(at: request.declaration.span)) }
    if environments.count > 1, let name, !Placeholder.occurs(.environment, in: name.text) {
      problems.append(.severalNeedPlaceholder("`name`", reason: reason, example: example, at: name.span))
    }
    if path.text.hasSuffix(".postman_globals.json") != (scope == .globals),
      path.text.hasSuffix(".postman_globals.json") || path.text.hasSuffix(".postman_environment.json")
    {
      problems.append(.misnamed(path, scope))
    }
    if !request.declaration.isPerPrincipal, request.model[request.holder].kind == .group {
      for node in [name].compactMap(\.self) + variables.map(\.value) where Placeholder.occurs(.principal, in: node.text) {
        problems.append(.principalNeedsPer(node))
      }
    }
    if let name, SecretLook.isSecret(value: name.text) { problems.append(.secretInVariable("name", at: name.span)) }
    for (key, value) in variables { if let problem = Self.problem(key, value) { problems.append(problem) } }
    for connection in connections { if let problem = connection.problem { problems.append(problem) } }
    return problems
  }

  private static func problem(_ key: SyntaxNode, _ value: SyntaxNode) -> Diagnostic? {
    if value.text.hasPrefix("ref+") || value.text.hasPrefix("secretref+") { return .referenceInVariable(key, at: value.span) }
    if SecretLook.isSecret(name: key.text) || SecretLook.isSecret(value: value.text) { return .secretInVariable(key.text, at: value.span) }
    if let address = WebAddress(value.text), address.scheme == "http", !address.isLoopback { return .plainHTTP(key, at: value.span) }
    return nil
  }
}

/// One item of `connections`.
struct PostmanConnectionOptions {
  let name: SyntaxNode
  let prefix: String
  let usesVault: Bool
  let variables: [(key: SyntaxNode, value: SyntaxNode)]
  let vaultKeys: [(key: SyntaxNode, value: SyntaxNode)]
  private let prefixNode: SyntaxNode?

  init?(_ node: SyntaxNode, isOnly: Bool, usesVault: Bool) {
    let view = node.isMapping ? node.record(PostmanConnectionField.self) : nil
    guard let name = view.map({ $0[.name] }) ?? node, name.isScalar else { return nil }
    self.name = name
    // An empty prefix, too, is one that was chosen.
    prefixNode = view?[.prefix]
    prefix = prefixNode?.text ?? (isOnly ? "" : name.text + "_")
    self.usesVault = view?[.secrets].map { $0.text != "empty" } ?? usesVault
    variables = view?[.variables]?.pairs.filter(\.value.isScalar) ?? []
    vaultKeys = view?[.vault]?.pairs.filter(\.value.isScalar) ?? []
  }

  var problem: Diagnostic? {
    guard let prefixNode, !prefix.isEmpty, !PostmanEnvironment.Variable.isName(prefix) else { return nil }
    return .invalidPrefix(prefixNode)
  }

  func variable(_ field: String) -> (name: String, node: SyntaxNode) {
    variables.first { $0.key.text == field }.map { ($0.value.text, $0.value) } ?? (prefix + field, name)
  }

  func vaultKey(_ field: String) -> (text: String, node: SyntaxNode)? {
    vaultKeys.first { $0.key.text == field }.map { ($0.value.text, $0.value) }
  }

  /// - Parameter fields: what the connection gave, in all environments; nil where it could not be had.
  func unknownFields(_ fields: [PostmanFields.Field]?) -> [Diagnostic] {
    guard let fields else { return [] }
    let secrets = fields.filter { if case .secret = $0.value { true } else { false } }
    return variables.compactMap { unknown($0.key, among: fields) } + vaultKeys.compactMap { unknown($0.key, among: secrets) }
  }

  private func unknown(_ key: SyntaxNode, among fields: [PostmanFields.Field]) -> Diagnostic? {
    fields.contains { $0.name == key.text } ? nil : .unknownPostmanField(key, of: name.text, among: fields.map(\.name))
  }
}

extension Diagnostic {
  fileprivate static func nothingToHold(at span: SourceSpan) -> Self {
    Self(.invalidOption, "the file would hold no variable", at: span, help: "name `connections`, or write `variables`")
  }

  fileprivate static func misnamed(_ path: SyntaxNode, _ scope: PostmanEnvironment.Scope) -> Self {
    Self(
      .invalidOption, "the path says that this is \(scope == .globals ? "an environment" : "a workspace's globals"), but it is not",
      at: path.span,
      help: scope == .globals
        ? "let it end in `.postman_globals.json`, or take `scope: globals` out"
        : "let it end in `.postman_environment.json`, or write `scope: globals`")
  }

  fileprivate static func principalNeedsPer(_ node: SyntaxNode) -> Self {
    Self(
      .missingPlaceholder, "`${principal}` needs `per: principal`, since the audience is a group", at: node.span,
      help: "write `per: principal`, or take the placeholder out")
  }

  fileprivate static func referenceInVariable(_ key: SyntaxNode, at span: SourceSpan) -> Self {
    Self(
      .invalidOption, "`variables` hold texts that everybody may read, not references", at: span,
      help: "put the reference into a connection and name that under `connections`; `variables` there can call it `\(key.text)`")
  }

  fileprivate static func plainHTTP(_ key: SyntaxNode, at span: SourceSpan) -> Self {
    Self(
      .plainHTTP, "`\(key.text)` is plain `http`: whoever listens on the way can read and change what is sent", at: span,
      help: "use `https`; only loopback addresses may go without")
  }

  fileprivate static func invalidPrefix(_ node: SyntaxNode) -> Self {
    Self(
      .invalidOption, "`\(node.text)` cannot begin a variable's name", at: node.span,
      notes: [.init("names are letters, digits, `_`, `-` and `.`")])
  }

  fileprivate static func unknownPostmanField(_ key: SyntaxNode, of connection: String, among names: [String]) -> Self {
    let nearest = NearestName.nearest(key.text, among: names)
    let known = Set(names).sorted().map { "`\($0)`" }.joined(separator: ", ")
    return Self(
      .invalidOption, "`\(connection)` gives no `\(key.text)`", at: key.span,
      notes: [.init(known.isEmpty ? "it gives nothing of that kind" : "it gives \(known)")],
      help: nearest.map { "did you mean `\($0)`?" }, fix: nearest.map { Fix(span: key.span, replacement: $0) })
  }
}

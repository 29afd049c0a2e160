package import PolicyCompiler

/// What an artifact with `target: fastapi_guard` may say, beside what all artifacts say.
package enum FastapiGuardField: Int, FieldKey {
  case system, environment, module, emailsFrom, leeway, notAfter

  package var field: Field {
    switch self {
    case .system:
      Field("system", .scalar(.name), required: true, impact: .delivery, "The API, of type `fastapi` or `http`, whose routes are guarded.")
    case .environment:
      Field(
        "environment", .list(.scalar(.name)), required: true, impact: .delivery,
        "The environment, or several: each gets a file of its own, so the path then holds `${environment}`.")
    case .module:
      Field(
        "module", .scalar(.path), impact: .delivery, otherwise: "no module is written",
        "Where the Python module goes that enforces the document, below the folder of generated files.")
    case .emailsFrom:
      Field(
        "emails_from", .list(.scalar(.name)), impact: .identity, otherwise: "none",
        "The identity providers whose word on a verified `email` is taken: by it they name users that have no `identity`.")
    case .leeway:
      Field(
        "leeway", .scalar(.duration), impact: .control, default: "30s",
        "How far the clocks of provider and application may differ: `5m` at most.")
    case .notAfter:
      Field(
        "not_after", .scalar(.instant), impact: .control, isRestriction: true,
        "The instant (ISO 8601) from which everything is refused until the document is rendered anew; a date includes that day.")
    }
  }
}

/// An artifact's options, read.
struct FastapiGuardOptions {
  let environments: [SyntaxNode]
  let system: SyntaxNode?
  let module: SyntaxNode?
  let emailsFrom: [SyntaxNode]
  let leeway: SyntaxNode?
  let notAfter: SyntaxNode?

  static let longestLeeway = PolicyDuration(seconds: 300)

  init(_ node: SyntaxNode) {
    func value(_ key: FastapiGuardField) -> SyntaxNode? { node.value(of: key.field.name) }
    environments = EachEnvironment(node).nodes
    system = value(.system).flatMap { $0.isScalar ? $0 : nil }
    module = value(.module).flatMap { $0.isScalar ? $0 : nil }
    emailsFrom = value(.emailsFrom)?.items.filter(\.isScalar) ?? []
    leeway = value(.leeway)
    notAfter = value(.notAfter)
  }

  var leewaySeconds: Int { leeway.flatMap { PolicyDuration($0.text) }?.seconds ?? 30 }
  var end: Instant? { notAfter.flatMap { Instant($0.text, isEnd: true) } }

  func problems(in request: ArtifactRequest) -> [Diagnostic] {
    let path = request.declaration.path
    var problems = EachEnvironment(request.options).problems(
      in: request, reason: "there is one document for each: an application reads that of the environment that it runs in",
      example: "api/orders-${environment}.policy.json")
    if request.declaration.isPerPrincipal { problems.append(.guardPerPrincipal(at: path.span)) }
    if let module {
      if !module.text.hasSuffix(".py") || !Self.isImportable(module.text) { problems.append(.notAModule(module)) }
      if TemplateSyntax.hasPlaceholder(module.text) { problems.append(.placeholderInModule(module)) }
    }
    if let leeway, let length = PolicyDuration(leeway.text), length > Self.longestLeeway { problems.append(.longLeeway(leeway)) }
    if let notAfter, let end, end <= request.policy.instant { problems.append(.alreadyOver(notAfter)) }
    return problems
  }

  /// Whether the file's name is one that `import` takes.
  private static func isImportable(_ path: String) -> Bool {
    let name = path.split(separator: "/").last?.dropLast(3) ?? ""
    guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return name.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "_")
    }
  }
}

extension TemplateSyntax {
  fileprivate static func hasPlaceholder(_ text: String) -> Bool { Placeholder.allCases.contains { Placeholder.occurs($0, in: text) } }
}

extension Diagnostic {
  fileprivate static func guardPerPrincipal(at span: SourceSpan) -> Self {
    Self(
      .invalidOption, "a guard has one document for all of its callers, not one for each", at: span,
      help: "take `per: principal` and `${principal}` out; the audience is the service that the application runs as")
  }

  fileprivate static func notAModule(_ node: SyntaxNode) -> Self {
    Self(
      .invalidOption, "Python could not import `\(node.text)`", at: node.span,
      notes: [.init("a module's name is letters, digits and `_`, begins with no digit and ends in `.py`")],
      help: "write for instance `api/writ_guard.py`")
  }

  fileprivate static func placeholderInModule(_ node: SyntaxNode) -> Self {
    Self(
      .misplacedPlaceholder, "there is one module for all environments, so `module` has no placeholder", at: node.span,
      help: "take it out: the module reads the document that the application names")
  }

  fileprivate static func longLeeway(_ node: SyntaxNode) -> Self {
    Self(
      .invalidOption, "`\(node.text)` is too long: tokens would be taken that long after their end", at: node.span,
      help: "write `5m` at most, and set the clocks")
  }

  fileprivate static func alreadyOver(_ node: SyntaxNode) -> Self {
    Self(
      .invalidOption, "the guard would refuse everything: `not_after` has passed", at: node.span,
      help: "write a later moment, or leave `not_after` out")
  }
}

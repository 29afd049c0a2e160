import PolicyCompiler

/// An artifact's `environment`: one, or several that each get a file of their own.
struct EachEnvironment {
  let nodes: [SyntaxNode]

  /// - Parameter options: an artifact's declaration.
  init(_ options: SyntaxNode) { nodes = options.value(of: "environment")?.items.filter(\.isScalar) ?? [] }

  /// - Parameters:
  ///   - reason: why each has a file, where the tool gives one.
  ///   - example: a path that would do.
  func problems(in request: ArtifactRequest, reason: String = "there is one file for each", example: String) -> [Diagnostic] {
    var problems: [Diagnostic] = []
    if nodes.isEmpty { problems.append(.noEnvironment(at: request.options.key(of: "environment")?.span ?? request.declaration.span)) }
    problems += Self.repeated(nodes)
    let path = request.declaration.path
    if nodes.count > 1, !Placeholder.occurs(.environment, in: path.text) {
      problems.append(.severalNeedPlaceholder("the path", reason: reason, example: example, at: path.span))
    }
    return problems
  }

  /// Names that a list holds twice.
  static func repeated(_ nodes: [SyntaxNode]) -> [Diagnostic] {
    nodes.enumerated().filter { index, node in nodes[..<index].contains { $0.text == node.text } }.map { .thereTwice($1) }
  }
}

extension Diagnostic {
  fileprivate static func noEnvironment(at span: SourceSpan) -> Self {
    Self(.invalidOption, "`environment` names none", at: span, help: "write for instance `environment: prod`")
  }

  fileprivate static func thereTwice(_ node: SyntaxNode) -> Self {
    Self(.invalidOption, "`\(node.text)` is there twice", at: node.span, help: "delete one of them")
  }

  /// - Parameter what: what lacks the placeholder, in words.
  static func severalNeedPlaceholder(_ what: String, reason: String, example: String, at span: SourceSpan) -> Self {
    Self(
      .missingPlaceholder, "several environments need `${environment}` in \(what)", at: span, notes: [.init(reason)],
      help: "write for instance `\(example)`, or name one environment")
  }
}

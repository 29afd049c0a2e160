import PolicyCompiler

/// What an artifact adds to a connection's `extra` by hand.
enum AirflowExtra {
  static func add(_ item: AirflowConnectionsOptions.Item, to draft: inout AirflowDraft, in request: ArtifactRequest) -> [Diagnostic] {
    var problems: [Diagnostic] = []
    for (key, node) in item.extra {
      let text = Placeholder.fill(node.text, principal: request.holderName, environment: draft.source.environment)
      if draft.row[key.text] != nil {
        problems.append(.taken(key, draft.source))
      } else if text.hasPrefix("ref+") || text.hasPrefix("secretref+") {
        problems.append(.reference(key, at: node.span))
      } else if isSecret(name: key.text) || isSecret(value: text) {
        problems.append(.secret(key, at: node.span))
      } else if text.isEmpty {
        problems.append(.empty(key))
      } else {
        draft.row[key.text] = .text(text)
      }
    }
    return problems
  }

  private static func isSecret(name: String) -> Bool {
    let name = name.lowercased().replacing("-", with: "_").replacing(".", with: "_")
    return words.contains { name == $0 || name.hasSuffix("_\($0)") }
  }

  /// The beginnings by which issuers mark their tokens, keys in PEM, and credentials of HTTP's `Authorization`.
  private static func isSecret(value: String) -> Bool {
    if beginnings.contains(where: { value.hasPrefix($0) }) { return true }
    if value.hasPrefix("eyJ") { return value.split(separator: ".").count == 3 }
    guard let scheme = value.firstRange(of: "://") else { return false }
    return value[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }.contains("@")
  }

  private static let words = [
    "password", "passphrase", "secret", "token", "api_key", "apikey", "private_key", "private_key_content", "access_key", "authorization", "credentials", "keyfile_dict",
  ]

  private static let beginnings = [
    "-----BEGIN", "AKIA", "ASIA", "Basic ", "Bearer ", "PMAK-", "dapi", "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "hvs.", "sk_live_", "xoxb-", "xoxp-",
  ]
}

extension Diagnostic {
  fileprivate static func taken(_ key: SyntaxNode, _ connection: ResolvedConnection) -> Self {
    Self(
      .invalidOption, "`\(key.text)` follows from the connection `\(connection.name)`", at: key.span, notes: [.init("it is declared here", at: connection.span)],
      help: "change the connection, so that every tool gets the same")
  }

  fileprivate static func reference(_ key: SyntaxNode, at span: SourceSpan) -> Self {
    Self(.invalidOption, "`extra` takes texts, no references to secrets", at: span, help: "put the reference into a secret field of the connection")
  }

  fileprivate static func secret(_ key: SyntaxNode, at span: SourceSpan) -> Self {
    Self(
      .literalSecret, "`\(key.text)` looks like a secret, and everybody who holds the file could read it", at: span,
      notes: [.init("its value is not repeated here; if it was a real one and has been pushed, replace it")],
      help: "put a reference to it into a secret field of the connection")
  }

  fileprivate static func empty(_ key: SyntaxNode) -> Self {
    Self(.invalidOption, "`\(key.text)` is empty", at: key.span, help: "give it a value, or take it out")
  }
}

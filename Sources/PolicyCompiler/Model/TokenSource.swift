/// Where the principal's identity provider gives out access tokens, for an API whose system does not say it itself.
package struct TokenSource: Sendable {
  package struct Value: Sendable {
    package let text: String
    package let span: SourceSpan
  }

  package let endpoint: Value
  package let audience: Value?
  /// The principal's account at the provider: a token's subject need not be the client's id.
  package let clientID: Value?
}

extension AccessModel {
  /// The source of tokens that stands behind a connection to an API that takes OAuth tokens; nil where the system has a
  /// `token_endpoint` of its own, or nobody has one.
  package func tokenSource(of connection: ResolvedConnection) -> TokenSource? {
    guard ["client_credentials", "bearer"].contains(connection.method.name), connection.setting("url") != nil,
      connection.setting("token_endpoint") == nil, let principal = principalNames[connection.principal],
      case let declaration = self[principal].declaration, declaration.isMapping,
      let identity = declaration.value(of: "identity"), identity.isMapping, let name = identity.value(of: "provider")?.text,
      let provider = providers[name], provider.isMapping, provider.value(of: "type")?.text == "oidc",
      let endpoint = Self.value(provider.value(of: "token_endpoint"))
    else { return nil }
    let account = declaration.value(of: "accounts")?.value(of: name)
    return TokenSource(
      endpoint: endpoint, audience: Self.value(identity.value(of: "audience") ?? provider.value(of: "audience")),
      clientID: Self.value(account.flatMap { $0.isMapping ? $0.value(of: connection.environment) : $0 }))
  }

  private static func value(_ node: SyntaxNode?) -> TokenSource.Value? {
    node.flatMap { $0.isScalar ? TokenSource.Value(text: $0.text, span: $0.span) : nil }
  }
}

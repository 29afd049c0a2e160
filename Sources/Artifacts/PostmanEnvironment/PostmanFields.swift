import PolicyCompiler

/// What a connection gives to Postman: endpoint, identity and credential as fields, each a text or a secret.
///
/// A Postman environment is a bag of texts, so every setting has a place in it; lists and tables become several fields.
struct PostmanFields {
  struct Field: Equatable {
    enum Value: Equatable {
      case text(String)
      case secret(SecretReference)
    }
    let name: String
    let value: Value
    let span: SourceSpan
    /// Whether the policy's author chose the name, as in a table of headers.
    var isNamedByAuthor = false
  }

  let connection: ResolvedConnection
  private let model: AccessModel

  init(_ connection: ResolvedConnection, _ model: AccessModel) {
    self.connection = connection
    self.model = model
  }

  /// First where to connect and as whom, then the rest in the order of the type's description.
  var all: [Field] {
    let own = connection.type.endpoint + connection.type.session + connection.method.fields
    var fields: [Field] = []
    for name in own.map(\.name) {
      guard !fields.contains(where: { $0.name == Self.called(name) }), let setting = connection.setting(name) else { continue }
      fields += Self.flat(Self.called(name), setting.value, setting.span ?? connection.span)
    }
    if connection.method.hasAccount { fields.append(Field(name: "user", value: .text(connection.account), span: connection.span)) }
    // Only sessions of SQL systems take on a role.
    if connection.type.action("connect") != nil, let role = connection.role {
      fields.append(Field(name: "role", value: .text(role), span: connection.span))
    }
    fields += tokenSource
    let first = Self.first.compactMap { name in fields.first { $0.name == name } }
    return first + fields.filter { !Self.first.contains($0.name) }
  }

  /// Whether tokens have to be asked for, and nothing says where.
  var lacksTokenEndpoint: Bool {
    connection.method.name == "client_credentials" && connection.setting("url") != nil && !all.contains { $0.name == "token_endpoint" }
  }

  private static let first = ["base_url", "host", "port", "database", "schema", "user", "role"]

  private static func called(_ setting: String) -> String { setting == "url" ? "base_url" : setting }

  /// Lists of texts are one field, as OAuth writes scopes (https://www.rfc-editor.org/rfc/rfc6749#section-3.3): with
  /// spaces between. Entries of tables are `table.entry`, tables in a list `list.0.entry`.
  private static func flat(_ name: String, _ value: ResolvedConnection.Value, _ span: SourceSpan) -> [Field] {
    switch value {
    case .text(let text): return [Field(name: name, value: .text(text), span: span)]
    case .integer(let number): return [Field(name: name, value: .text(String(number)), span: span)]
    case .boolean(let flag): return [Field(name: name, value: .text(String(flag)), span: span)]
    case .secret(let reference): return [Field(name: name, value: .secret(reference), span: span)]
    case .list(let items):
      let texts = items.compactMap { if case .text(let text) = $0 { text } else { nil } }
      if texts.count == items.count { return [Field(name: name, value: .text(texts.joined(separator: " ")), span: span)] }
      return items.enumerated().flatMap { flat("\(name).\($0)", $1, span) }
    case .table(let entries):
      return entries.flatMap { entry in
        flat("\(name).\(entry.name)", entry.value, span).map { Field(name: $0.name, value: $0.value, span: span, isNamedByAuthor: true) }
      }
    }
  }

  /// Where tokens come from, as far as the connection does not say it itself.
  private var tokenSource: [Field] {
    guard let source = model.tokenSource(of: connection) else { return [] }
    let values = [("token_endpoint", source.endpoint), ("client_id", source.clientID), ("audience", source.audience)]
    return values.compactMap { name, value in
      guard let value, connection.setting(name) == nil else { return nil }
      return Field(name: name, value: .text(value.text), span: value.span)
    }
  }
}

import PolicyCompiler

/// A connection on its way to Airflow: what it becomes, and which of its settings have found a place.
///
/// INVARIANT: a setting that somebody wrote is placed, left out for a reason, or reported; none is dropped silently.
struct AirflowDraft {
  let source: ResolvedConnection
  /// Where the artifact names the connection.
  let site: SourceSpan
  var row = AirflowConnection("")
  /// Where tokens for the API come from, and for whom: the system's, else the identity provider's of the principal.
  let tokens: (endpoint: String?, audience: String?)
  /// A second connection, `<id>_token`: where the first one's tokens come from.
  var tokenRow: AirflowConnection?
  /// Whether the session holds the connection's role and no other.
  var setsRole = false
  private(set) var problems: [Diagnostic] = []
  private var settled: Set<String> = []

  init(_ source: ResolvedConnection, _ model: AccessModel, at site: SourceSpan) {
    self.source = source
    self.site = site
    let provider = model.tokenSource(of: source)
    tokens = (source.text("token_endpoint") ?? provider?.endpoint.text, source.text("audience") ?? provider?.audience?.text)
  }

  // MARK: Placing settings

  /// A setting's value, which the caller places.
  mutating func value(_ name: String) -> ResolvedConnection.Value? {
    settled.insert(name)
    return source[name]
  }

  mutating func text(_ name: String) -> String? {
    settled.insert(name)
    return source.text(name)
  }

  mutating func integer(_ name: String) -> Int? {
    settled.insert(name)
    return source.integer(name)
  }

  mutating func flag(_ name: String) -> Bool {
    settled.insert(name)
    return source.boolean(name) ?? false
  }

  mutating func entries(_ name: String) -> [ResolvedConnection.Value.Entry] {
    settled.insert(name)
    if case .table(let entries)? = source[name] { return entries }
    return []
  }

  mutating func texts(_ name: String) -> [String] {
    settled.insert(name)
    guard case .list(let values)? = source[name] else { return [] }
    return values.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

  /// Puts a setting into `extra` under Airflow's name for it.
  mutating func extra(_ key: String, from name: String) {
    if let value = value(name) { row[key] = value }
  }

  /// Settings that say nothing to Airflow: they are for other tools, or for other ways of authenticating.
  mutating func leave(_ names: String...) { settled.formUnion(names) }

  // MARK: Refusing

  var method: String { source.method.name }

  mutating func refuseType(_ reason: String) {
    problems.append(.type(source, reason, at: site))
    settled.formUnion(source.settings.map(\.name))
  }

  mutating func refuseMethod(_ reason: String, help: String? = nil) {
    problems.append(.method(source, reason, help: help, at: site))
    settled.formUnion(source.settings.map(\.name))
  }

  mutating func refuse(_ name: String, _ reason: String, help: String? = nil) {
    settled.insert(name)
    problems.append(.setting(source, name, reason, help: help, at: site))
  }

  mutating func refuseRole(_ reason: String) { problems.append(.role(source, reason, at: site)) }

  mutating func warnOfStricter(_ name: String, _ reason: String) { problems.append(.stricter(source, name, reason, at: site)) }

  /// What people see; a reference in it would be resolved and shown to everybody.
  mutating func describe(_ node: SyntaxNode?) {
    guard let node else { return }
    row.description = node.text
    if node.text.hasPrefix("ref+") || node.text.hasPrefix("secretref+") {
      problems.append(.textLikeReference(source, "description", at: node.span))
    } else if SecretLook.isSecret(value: node.text) {
      problems.append(.secretInVariable("description", at: node.span))
    }
  }

  /// What is left is reported.
  mutating func finish() {
    for setting in source.settings where setting.span != nil && !settled.contains(setting.name) {
      refuse(setting.name, "its hook takes nothing of the kind from a connection")
    }
    for part in row.values + (tokenRow?.values ?? []) {
      // Whoever resolves the manifest would take it for a secret's place.
      let isReference = part.value.leaves.contains {
        if case .text(let text) = $0 { text.hasPrefix("ref+") || text.hasPrefix("secretref+") } else { false }
      }
      if isReference { problems.append(.textLikeReference(source, part.name, at: site)) }
    }
  }
}

extension Diagnostic {
  fileprivate static func type(_ it: ResolvedConnection, _ reason: String, at span: SourceSpan) -> Self {
    Self(
      .inexpressible, "Airflow has no connection to \(it.type.title) that Writ can write", at: span,
      notes: [.init(reason), .init("`\(it.name)` is declared here", at: it.span)], help: "take `\(it.name)` out of this artifact")
  }

  fileprivate static func method(_ it: ResolvedConnection, _ reason: String, help: String?, at span: SourceSpan) -> Self {
    Self(
      .inexpressible, "Airflow cannot log in to \(it.type.title) with `auth: \(it.method.name)`", at: span,
      notes: [.init(reason), .init("`\(it.name)` does in `\(it.environment)`", at: it.span)],
      help: help ?? "give `\(it.name)` another way of authenticating, or take it out of this artifact")
  }

  fileprivate static func setting(_ it: ResolvedConnection, _ name: String, _ reason: String, help: String?, at span: SourceSpan) -> Self {
    Self(
      .inexpressible, "Airflow cannot hold `\(name)` of `\(it.name)`", at: span,
      notes: [.init(reason), .init("it is set here", at: it.span(of: name))], help: help)
  }

  fileprivate static func role(_ it: ResolvedConnection, _ reason: String, at span: SourceSpan) -> Self {
    Self(
      .inexpressible, "Airflow cannot hold `\(it.name)` to `\(it.role ?? "")`", at: span,
      notes: [.init(reason), .init("`\(it.name)` is declared here", at: it.span)],
      help: "say with `name_on` what the role is called on `\(it.system)`")
  }

  fileprivate static func stricter(_ it: ResolvedConnection, _ name: String, _ reason: String, at span: SourceSpan) -> Self {
    Self(
      .inexpressible, "Airflow is stricter than `\(name)` of `\(it.name)` says", at: span, severity: .warning,
      notes: [.init(reason), .init("it is set here", at: it.span(of: name))])
  }

  fileprivate static func textLikeReference(_ it: ResolvedConnection, _ part: String, at span: SourceSpan) -> Self {
    Self(
      .inexpressible, "`\(part)` of `\(it.name)` reads like a reference to a secret, but is none", at: span,
      notes: [
        .init("whoever fills in this connection's secrets would fill it in as well"), .init("`\(it.name)` is declared here", at: it.span),
      ],
      help: "put references into secret fields only")
  }
}

import PolicyCompiler

/// A secret of an output: what it is called in the policy, and the variable that brings it.
struct DbtSecret {
  /// The connection's field: `password`, or `secrets.lake.key_id` within a list.
  let field: String
  let reference: SecretReference
  let variable: DbtVariable
  /// Where the variable is named, else where the output names its connection.
  let span: SourceSpan
}

/// Turns one connection into one output, and says what dbt could not be told.
struct DbtOutputBuilder {
  let adapter: DbtAdapter
  let connection: ResolvedConnection
  let options: RecordView<DbtOutputField>
  /// What `${principal}` stands for in the artifact's own fields; nil where the file is for a group.
  let holder: String?
  /// Where the output names its connection.
  let span: SourceSpan

  private(set) var entries: [YAML.Entry] = []
  private(set) var secrets: [DbtSecret] = []
  private(set) var problems: [Diagnostic] = []
  /// The settings that were looked at: what is left over is what dbt has no key for.
  private var used: Set<String> = []

  init(_ adapter: DbtAdapter, _ connection: ResolvedConnection, options: RecordView<DbtOutputField>, holder: String?, span: SourceSpan) {
    self.adapter = adapter
    self.connection = connection
    self.options = options
    self.holder = holder
    self.span = span
  }

  mutating func build() {
    guard let method = adapter.methods[connection.method.name] else { return refuse("it knows no `auth: \(connection.method.name)`") }
    if case .refused(let reason) = method { return refuse(reason) }
    adapter.check(&self)
    for key in adapter.keys { entries += made(key) }
    addOptions()
    for setting in connection.settings where setting.span != nil && !used.contains(setting.name) {
      refuse("it has no place for `\(setting.name)`", setting: setting.name)
    }
    for (name, _) in options[.variables]?.pairs ?? [] where !secrets.contains(where: { $0.field == name.text }) {
      report(.unknownSecret(name, of: connection, among: secrets.map(\.field)))
    }
  }

  mutating func report(_ diagnostic: Diagnostic) { problems.append(diagnostic) }

  /// dbt cannot express the connection, for a reason that continues "dbt's adapter cannot express it: …".
  mutating func refuse(_ reason: String, setting: String? = nil) {
    report(.inexpressible(connection, reason, at: span, setting: setting.map { (name: $0, span: connection.span(of: $0)) }))
  }

  /// dbt needs a setting that neither the system's type nor the method asks for.
  mutating func need(_ what: String, of owner: String, because reason: String, help: String? = nil) {
    report(.missing(what, of: owner, reason, help, at: span))
  }

  // MARK: Settings

  /// A setting of the connection as dbt takes it, a secret as its variable.
  mutating func take(_ name: String) -> YAML? {
    used.insert(name)
    return connection[name].map { yaml($0, field: name) }
  }

  /// Says that a setting has been dealt with.
  mutating func markUsed(_ name: String) { used.insert(name) }

  mutating func text(_ name: String) -> String? {
    used.insert(name)
    return connection.text(name)
  }

  mutating func yaml(_ value: ResolvedConnection.Value, field: String) -> YAML {
    switch value {
    case .text(let text): return literal(text, field)
    case .integer(let value): return .integer(value)
    case .boolean(let value): return .boolean(value)
    case .secret(let reference): return secret(reference, field: field)
    case .list(let items): return .list(items.enumerated().map { yaml($1, field: "\(field).\($0 + 1)") })
    case .table(let entries): return .mapping(entries.map { YAML.Entry($0.name, yaml($0.value, field: "\(field).\($0.name)")) })
    }
  }

  /// A text that dbt is to take as it stands. The compiler has refused templates; beside those, a text that so much as
  /// mentions the prefix of secrets is dropped without a word: dbt/config/renderer.py, `SecretRenderer.render_value`.
  mutating func literal(_ text: String, _ field: String, at span: SourceSpan? = nil) -> YAML {
    if text.containsBytes(of: DbtVariable.prefix) { report(.reservedText(field, at: span ?? connection.span(of: field))) }
    return .string(text)
  }

  private mutating func secret(_ reference: SecretReference, field: String) -> YAML {
    let override = options[.variables]?.value(of: field)
    var variable = DbtVariable(connection: connection.name, environment: connection.environment, field: field)
    if let override {
      if let named = DbtVariable(named: override.text) {
        variable = named
      } else {
        report(.unfitVariable(override, field, instead: variable))
      }
    }
    secrets.append(DbtSecret(field: field, reference: reference, variable: variable, span: override?.span ?? span))
    return variable.yaml
  }

  // MARK: Keys

  private mutating func made(_ key: DbtKey) -> [YAML.Entry] {
    func entry(_ name: String, _ value: YAML?) -> [YAML.Entry] { value.map { [YAML.Entry(name, $0)] } ?? [] }
    switch key {
    case .constant(let name, let value): return entry(name, value)
    case .setting(let name, let source): return entry(name, take(source ?? name))
    case .account(let name): return entry(name, literal(connection.account, "accounts"))
    case .role(let name, let role): return entry(name, role(&self))
    case .schema(let name, let isRequired): return entry(name, schema(isRequired: isRequired))
    case .threads: return entry("threads", options[.threads].flatMap { Int($0.text) }.map { .integer($0) })
    case .credentials:
      guard case .keys(let keys)? = adapter.methods[connection.method.name] else { return [] }
      var all: [YAML.Entry] = []
      for key in keys { all += made(key) }
      return all
    case .mapping(let name, let keys):
      var all: [YAML.Entry] = []
      for key in keys { all += made(key) }
      return all.isEmpty ? [] : entry(name, .mapping(all))
    case .made(let name, let make): return entry(name, make(&self))
    }
  }

  private mutating func schema(isRequired: Bool) -> YAML? {
    let own = take("schema")
    if let node = options[.schema] { return filled(node).map { literal($0, "schema", at: node.span) } }
    if own == nil, isRequired, !options.node.misspells("schema") {
      need(
        "schema", of: "the output", because: "neither it nor the connection `\(connection.name)` says where dbt builds",
        help: "write `schema` beside `connection`, or into the connection for all tools")
    }
    return own
  }

  // MARK: Options

  private mutating func addOptions() {
    for (key, value) in options.node.pairs
    where !Self.common.contains(key.text) && !value.isNull && Self.known.contains(key.text) && adapter.option(key.text) == nil {
      report(.foreignOption(key, adapter))
    }
    for field in adapter.options {
      guard let key = options.node.key(of: field.name), let node = options.node.value(of: field.name),
        let value = option(node, field.shape, field.name)
      else { continue }
      if entries.contains(where: { $0.key == field.name }) {
        report(.saidTwice(key, connection))
      } else {
        entries.append(YAML.Entry(field.name, value))
      }
    }
  }

  /// Others have been reported as unknown fields.
  private static let known = Set(DbtAdapter.allOptions.map(\.name))
  private static let common = Set(DbtOutputField.allCases.map(\.field.name))

  private mutating func option(_ node: SyntaxNode, _ shape: Shape, _ field: String) -> YAML? {
    switch shape {
    case .scalar(.integer): return Int(node.text).map { .integer($0) }
    case .scalar(.boolean): return .boolean(node.text == "true")
    case .scalar:
      guard node.isScalar else { return nil }
      if SecretLook.isSecret(value: node.text) { report(.secretInVariable(field, at: node.span)) }
      return filled(node).map { literal($0, field, at: node.span) }
    case .list(let item):
      var items: [YAML] = []
      for node in node.items { if let value = option(node, item, field) { items.append(value) } }
      return .list(items)
    case .map(_, let values):
      var all: [YAML.Entry] = []
      for (key, node) in node.pairs {
        if node.isScalar, SecretLook.isSecret(name: key.text) {
          report(.secretInVariable("\(field).\(key.text)", at: node.span))
        } else if let value = option(node, values, "\(field).\(key.text)") {
          all.append(YAML.Entry(key.text, value))
        }
      }
      return .mapping(all.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    default: return nil
    }
  }

  /// A text of the artifact with its placeholders filled.
  private mutating func filled(_ node: SyntaxNode) -> String? {
    if holder == nil, Placeholder.occurs(.principal, in: node.text) {
      report(.principalOfGroup(node))
      return nil
    }
    return Placeholder.fill(node.text, principal: holder, environment: connection.environment)
  }
}

extension Diagnostic {
  fileprivate static func inexpressible(
    _ connection: ResolvedConnection, _ reason: String, at span: SourceSpan, setting: (name: String, span: SourceSpan)?
  ) -> Self {
    let name = connection.type.name
    return Self(
      .inexpressible, "dbt cannot use `\(connection.name)` in `\(connection.environment)`", at: span,
      notes: [.init("dbt's adapter `\(name)`: \(reason)")] + (setting.map { [.init("`\($0.name)` is set here", at: $0.span)] } ?? []))
  }

  fileprivate static func missing(_ what: String, of owner: String, _ reason: String, _ help: String?, at span: SourceSpan) -> Self {
    Self(.missingSetting, "dbt needs `\(what)` of \(owner)", at: span, notes: [.init(reason)], help: help)
  }

  fileprivate static func reservedText(_ field: String, at span: SourceSpan) -> Self {
    Self(
      .templateSyntax, "`\(DbtVariable.prefix)` cannot stand in `\(field)`", at: span,
      notes: [.init("dbt takes a text that mentions it for a secret, and drops it")],
      help: "a secret goes into a field for secrets; its variable is named under `variables`")
  }

  fileprivate static func foreignOption(_ key: SyntaxNode, _ adapter: DbtAdapter) -> Self {
    let owners = DbtAdapter.all.filter { $0.option(key.text) != nil }.map(\.name).sorted()
    let nearest = NearestName.nearest(key.text, among: adapter.options.map(\.name))
    return Self(
      .invalidOption, "dbt's adapter `\(adapter.name)` has no `\(key.text)`", at: key.span,
      notes: [.init("it is an option of \(owners.map { "`\($0)`" }.joined(separator: ", ")); dbt would ignore it here")],
      help: nearest.map { "did you mean `\($0)`?" }, fix: nearest.map { .init(span: key.span, replacement: $0) })
  }

  fileprivate static func saidTwice(_ key: SyntaxNode, _ connection: ResolvedConnection) -> Self {
    Self(
      .invalidOption, "`\(key.text)` is said twice", at: key.span,
      notes: [.init("the connection or its system says it for all tools", at: connection.span(of: key.text))], help: "say it in one place")
  }

  fileprivate static func principalOfGroup(_ node: SyntaxNode) -> Self {
    Self(
      .missingPlaceholder, "`${principal}` needs `per: principal`, since the audience is a group", at: node.span,
      help: "write `per: principal`, or take the placeholder out")
  }

  /// Does not repeat what was written: it may be the secret itself.
  fileprivate static func unfitVariable(_ node: SyntaxNode, _ field: String, instead: DbtVariable) -> Self {
    Self(
      .invalidOption, "`variables.\(field)` names no variable that dbt keeps secret", at: node.span,
      notes: [.init("its name must begin with `DBT_ENV_SECRET_`; capitals, digits and `_` may follow")],
      help: "leave it out to get `\(instead.name)`")
  }

  fileprivate static func unknownSecret(_ name: SyntaxNode, of connection: ResolvedConnection, among fields: [String]) -> Self {
    let nearest = NearestName.nearest(name.text, among: fields)
    let held = fields.isEmpty ? "it has no secret at all" : "its secrets are \(fields.map { "`\($0)`" }.joined(separator: ", "))"
    return Self(
      .invalidOption, "`\(connection.name)` has no secret `\(name.text)` in `\(connection.environment)`", at: name.span,
      notes: [.init(held)],
      help: nearest.map { "did you mean `\($0)`?" }, fix: nearest.map { .init(span: name.span, replacement: $0) })
  }
}

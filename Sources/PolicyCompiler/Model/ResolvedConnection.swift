/// A connection as one principal uses it in one environment: defaults applied, placeholders filled.
///
/// What every target renders from, so that no two of them can disagree.
package struct ResolvedConnection: Sendable {
  /// The connection's name in the policy.
  package let name: String
  package let environment: String
  package let isProtected: Bool
  package let system: String
  package let type: SystemType
  package let method: SystemType.Method
  /// The policy's name of the principal that it logs in as.
  package let principal: String
  /// What that principal is called on the system, in this environment.
  package let account: String
  /// The email of that principal, where it has one.
  package let email: String?
  /// What the session's role is called on the system; nil where the session holds all that its principal has.
  package let role: String?
  /// Endpoint, session settings and credentials that were given, with defaults of the type where nothing was.
  package let settings: [Setting]
  /// The longest life of a credential.
  package let maximumLife: PolicyDuration?
  package let rotation: PolicyDuration?
  /// Where the connection is declared.
  package let span: SourceSpan

  package struct Setting: Sendable {
    package let name: String
    package let value: Value
    /// Where it was written; nil where it is the type's default.
    package let span: SourceSpan?
  }

  package indirect enum Value: Sendable, Equatable {
    case text(String)
    case integer(Int)
    case boolean(Bool)
    case secret(SecretReference)
    case list([Value])
    case table([Entry])

    package struct Entry: Sendable, Equatable {
      package let name: String
      package let value: Value
      package init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
      }
    }
  }

  package subscript(name: String) -> Value? { setting(name)?.value }

  package func setting(_ name: String) -> Setting? { settings.first { $0.name == name } }

  /// Where a setting was written, else the connection itself.
  package func span(of name: String) -> SourceSpan { setting(name)?.span ?? span }

  package func text(_ name: String) -> String? {
    switch self[name] {
    case .text(let text): text
    case .integer(let value): String(value)
    case .boolean(let value): String(value)
    default: nil
    }
  }

  package func integer(_ name: String) -> Int? { if case .integer(let value)? = self[name] { value } else { nil } }

  package func boolean(_ name: String) -> Bool? { if case .boolean(let value)? = self[name] { value } else { nil } }

  package func secret(_ name: String) -> SecretReference? { if case .secret(let value)? = self[name] { value } else { nil } }

  /// The secrets among the settings, by the names of their fields, in the order of the type's description.
  package var secrets: [(name: String, reference: SecretReference)] {
    settings.compactMap { setting in
      if case .secret(let reference) = setting.value { (setting.name, reference) } else { nil }
    }
  }
}

extension ResolvedConnection {
  /// Every secret that it uses, however deep in its settings; each once.
  package var allSecrets: [SecretReference] {
    var found: [SecretReference] = []
    func collect(_ value: Value) {
      switch value {
      case .secret(let reference): if !found.contains(reference) { found.append(reference) }
      case .list(let items): items.forEach(collect)
      case .table(let entries): entries.forEach { collect($0.value) }
      case .text, .integer, .boolean: break
      }
    }
    settings.forEach { collect($0.value) }
    return found
  }
}

extension AccessModel {
  /// The connection as `caller` would use it there; nil where it does not exist in the environment.
  ///
  /// - Parameter caller: whom `principal: self` and `${principal}` mean; for a connection with a principal of its own,
  ///   that one fills `${principal}`.
  package func resolve(_ id: ConnectionID, in environment: EnvironmentID, caller: PrincipalID) -> ResolvedConnection? {
    let connection = self[id]
    let system = self[connection.system]
    guard let node = connection.settings[environment], let endpoint = system.endpoints[environment] else { return nil }
    let who: PrincipalID
    switch connection.identity {
    case .principal(let named): who = named
    case .caller: who = caller
    }
    let name = self[environment].name
    func value(_ field: String) -> SyntaxNode? { node.value(of: field) ?? connection.defaults?.value(of: field) }
    guard let method = (value("auth")?.text ?? system.type.defaultMethod).flatMap(system.type.method) else { return nil }

    var settings: [ResolvedConnection.Setting] = []
    var taken: Set<String> = []
    func add(_ field: Field, _ node: SyntaxNode?) {
      guard !taken.contains(field.name) else { return }
      if let node, let value = read(node, field.shape, principal: self[who].name, environment: name) {
        taken.insert(field.name)
        settings.append(.init(name: field.name, value: value, span: node.span))
      }
    }
    for field in system.type.session { add(field, value(field.name)) }
    for field in system.type.endpoint { add(field, endpoint.value(of: field.name)) }
    for field in method.fields { add(field, value(field.name)) }
    for field in system.type.endpoint + system.type.session + method.fields where !taken.contains(field.name) {
      guard let text = field.defaultValue, let value = Self.defaultValue(text, field.shape) else { continue }
      taken.insert(field.name)
      settings.append(.init(name: field.name, value: value, span: nil))
    }
    return ResolvedConnection(
      name: connection.name, environment: name, isProtected: self[environment].isProtected, system: system.name, type: system.type,
      method: method,
      principal: self[who].name, account: account(of: who, on: system.name, in: name),
      email: self[who].declaration.isMapping ? self[who].declaration.value(of: "email")?.text : nil,
      role: connection.role.map { roleName($0, on: system.name) }, settings: settings,
      maximumLife: value("max_ttl").flatMap { PolicyDuration($0.text) },
      rotation: value("rotate_every").flatMap { PolicyDuration($0.text) }, span: connection.span)
  }

  /// What a principal is called on a system or provider, in an environment; its own name where nothing else is said.
  package func account(of principal: PrincipalID, on system: String, in environment: String) -> String {
    let it = self[principal]
    guard it.declaration.isMapping, let accounts = it.declaration.value(of: "accounts"), let account = accounts.value(of: system) else {
      return it.name
    }
    if account.isScalar { return account.text }
    return account.value(of: environment)?.text ?? it.name
  }

  package func roleName(_ role: RoleID, on system: String) -> String {
    let it = self[role]
    guard it.declaration.isMapping, let names = it.declaration.value(of: "name_on"), let name = names.value(of: system) else {
      return it.name
    }
    return name.text
  }

  private func read(_ node: SyntaxNode, _ shape: Shape, principal: String, environment: String) -> ResolvedConnection.Value? {
    switch shape {
    case .scalar(let kind):
      guard node.isScalar else { return nil }
      let text = Placeholder.fill(node.text, principal: principal, environment: environment)
      switch kind {
      case .integer: return Int(text).map { .integer($0) }
      case .boolean: return .boolean(text == "true")
      case .reference:
        guard case .success(let reference) = SecretReference.parse(text) else { return nil }
        return .secret(reference)
      default: return .text(text)
      }
    case .list(let item): return .list(node.items.compactMap { read($0, item, principal: principal, environment: environment) })
    case .map(_, let values):
      return .table(
        node.pairs.compactMap { key, value in
          read(value, values, principal: principal, environment: environment).map { .init(key.text, $0) }
        }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    case .record(let record):
      return .table(
        record.fields.compactMap { field in
          node.value(of: field.name).flatMap { read($0, field.shape, principal: principal, environment: environment) }.map {
            .init(field.name, $0)
          }
        })
    case .either(let kind, let other):
      return read(node, node.isScalar ? .scalar(kind) : other, principal: principal, environment: environment)
    case .free: return node.isScalar ? .text(node.text) : nil
    case .later: return read(node, shape.resolved, principal: principal, environment: environment)
    }
  }

  private static func defaultValue(_ text: String, _ shape: Shape) -> ResolvedConnection.Value? {
    guard case .scalar(let kind) = shape else { return nil }
    switch kind {
    case .integer: return Int(text).map { .integer($0) }
    case .boolean: return .boolean(text == "true")
    default: return .text(text)
    }
  }
}

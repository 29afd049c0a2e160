extension Resolver {
  mutating func connections() {
    for (name, value, text) in declarations.all(.connections) {
      let view = value.record(ConnectionField.self)
      guard value.isMapping, let systemName = view[.system], let system = system(systemName), let who = view[.principal] else { continue }
      let identity: AccessModel.Connection.Identity
      if who.text == "self" {
        identity = .caller
      } else {
        guard let id = principal(who) else { continue }
        guard model[id].kind != .group else {
          report(
            Diagnostic(
              .wrongPrincipal, "`\(model[id].name)` is a group: a connection logs in as one user or service, or as `self`", at: who.span,
              notes: [.init("it is declared here", at: model[id].span)]))
          continue
        }
        identity = .principal(id)
      }
      var settings: [EnvironmentID: SyntaxNode] = [:]
      for (key, node) in view[.environments]?.pairs ?? [] {
        guard let id = environment(key) else { continue }
        guard model[system].environments.contains(id) else {
          report(.environmentMissing(key.text, system: model[system], at: key.span))
          continue
        }
        settings[id] = node
        connectionSettings(node, key: key, defaults: view[.defaults], of: text, identity, model[system].type)
      }
      if let defaults = view[.defaults] { defaultSettings(defaults, settings.values.map { $0 }, model[system].type) }
      model.connectionNames[text] = ConnectionID(model.connections.count)
      // The role is resolved once roles are; see `connectionRoles`.
      model.connections.append(
        .init(
          name: text, span: name.span, declaration: value, system: system, identity: identity, role: nil,
          environments: EnvironmentSet(settings.keys),
          defaults: view[.defaults], settings: settings))
    }
    model.brokenConnections = Set(declarations.all(.connections).map(\.text)).subtracting(model.connectionNames.keys)
  }

  mutating func connectionRoles() {
    for index in model.connections.indices {
      let it = model.connections[index]
      let view = it.declaration.record(ConnectionField.self)
      if let node = view[.role], let role = role(node) {
        model.connections[index] = .init(
          name: it.name, span: it.span, declaration: it.declaration, system: it.system, identity: it.identity, role: role,
          environments: it.environments,
          defaults: it.defaults, settings: it.settings)
      } else if it.identity == .caller, view[.role] == nil {
        report(
          Diagnostic(
            .missingSetting, "connection `\(it.name)` is for each person as themselves, so it needs `role`", at: it.span,
            notes: [.init("whoever holds the role may use the connection")]))
      }
    }
  }

  /// The fields that the system's type and the way of authenticating ask for, in one environment.
  private mutating func connectionSettings(
    _ node: SyntaxNode, key: SyntaxNode, defaults: SyntaxNode?, of name: String, _ identity: AccessModel.Connection.Identity,
    _ type: SystemType
  ) {
    func value(_ field: String) -> SyntaxNode? { node.value(of: field) ?? defaults?.value(of: field) }
    let auth = value("auth")
    guard let methodName = auth?.text ?? type.defaultMethod, let method = type.method(methodName) else {
      if let auth, SystemType.authenticationNames.contains(auth.text) {
        let names = type.methods.map(\.name)
        let nearest = NearestName.nearest(auth.text, among: names)
        report(
          Diagnostic(
            .inapplicableMethod, "\(type.title) has no authentication method `\(auth.text)`", at: auth.span,
            notes: [.init("it has \(Diagnostic.listed(names))")],
            help: nearest.map { "did you mean `\($0)`?" }, fix: nearest.map { .init(span: auth.span, replacement: $0) }))
      }
      return
    }
    inapplicable(node, [method], type)
    for field in method.fields where field.isRequired && value(field.name) == nil {
      if node.misspells(field.name) || defaults?.misspells(field.name) == true { continue }
      report(
        Diagnostic(
          .missingSetting, "connection `\(name)` needs `\(field.name)` in `\(key.text)`", at: key.span,
          notes: [.init("`auth: \(method.name)`: \(method.documentation)"), .about(field)],
          help: field.isSecret ? "write `\(field.name): ref+vault://mount/path#/\(field.name)`" : nil))
    }
    if !method.alternatives.isEmpty, !method.alternatives.contains(where: { $0.allSatisfy { value($0) != nil } }) {
      let choices = method.alternatives.map { Diagnostic.listed($0) }.joined(separator: ", or ")
      report(
        Diagnostic(
          .missingSetting, "connection `\(name)` needs \(choices) in `\(key.text)`", at: key.span,
          notes: [.init("`auth: \(method.name)`: \(method.documentation)")]))
    }
  }

  /// What every environment starts from is for those whose way of authenticating takes it: one is enough.
  private mutating func defaultSettings(_ defaults: SyntaxNode, _ environments: [SyntaxNode], _ type: SystemType) {
    let names = Set(environments.map { type.methodName($0, defaults) })
    let methods = type.methods.filter { names.contains($0.name) }
    // A method that does not exist has been reported; what it would have taken is unknown.
    if !methods.isEmpty, methods.count == names.count { inapplicable(defaults, methods, type) }
  }

  private mutating func inapplicable(_ node: SyntaxNode, _ methods: [SystemType.Method], _ type: SystemType) {
    let allowed = type.session + methods.flatMap(\.fields)
    let ways = methods.map { "`auth: \($0.name)`" }.joined(separator: " or ")
    for (field, _) in node.pairs where !Self.always.contains(field.text) && SystemType.knowsSetting(field.text) {
      guard !allowed.contains(where: { $0.name == field.text }) else { continue }
      let elsewhere = type.methods.filter { $0.fields.contains { $0.name == field.text } }.map(\.name)
      report(
        Diagnostic(
          .inapplicableField,
          elsewhere.isEmpty ? "a connection to \(type.title) has no `\(field.text)`" : "`\(field.text)` has no meaning with \(ways)",
          at: field.span,
          notes: elsewhere.isEmpty
            ? [.init("with \(ways) it has \(Diagnostic.listed(allowed.map(\.name)))")]
            : [.init("it belongs to \(Diagnostic.listed(elsewhere))")]))
    }
  }

  static let always: Set<String> = ["auth", "max_ttl", "rotate_every"]

  // MARK: Secrets

  /// The rules about which secret may serve which environment.
  mutating func sharedSecrets() {
    struct Use {
      let connection: String
      let environment: EnvironmentID
      let span: SourceSpan
    }
    var uses: [UTF8Key: [Use]] = [:]
    for connection in model.connections {
      let shared = (connection.defaults?.pairs ?? []).filter { $0.value.leaves.contains(where: \.isReference) }
      for (environment, node) in connection.settings.sorted(by: { $0.key < $1.key }) {
        let own = node.pairs
        let type = model[connection.system].type
        let inherited = shared.filter { key, _ in
          guard !own.contains(where: { !$0.value.isNull && $0.key.text == key.text }) else { return false }
          guard let method = type.method(type.methodName(node, connection.defaults)) else { return true }
          return type.session.contains { $0.name == key.text } || method.fields.contains { $0.name == key.text }
        }
        for (_, value) in own + inherited {
          for leaf in value.leaves where leaf.isReference {
            var who: String?
            if case .principal(let id) = connection.identity { who = model[id].name }
            let filled = Placeholder.fill(leaf.text, principal: who, environment: model[environment].name)
            guard case .success(let reference) = SecretReference.parse(filled) else { continue }
            if model[environment].isProtected, reference.backend.isLocal {
              report(.localSecret(reference, connection.name, environment: model[environment].name, at: leaf.span))
              continue
            }
            uses[UTF8Key(reference.place), default: []].append(Use(connection: connection.name, environment: environment, span: leaf.span))
          }
        }
      }
    }
    let shared = uses.filter { _, uses in
      uses.contains { model[$0.environment].isProtected } && uses.contains { !model[$0.environment].isProtected }
    }
    for (resource, uses) in shared.sorted(by: { $0.key < $1.key }) {
      guard let open = uses.first(where: { !model[$0.environment].isProtected }),
        let closed = uses.first(where: { model[$0.environment].isProtected })
      else {
        continue
      }
      report(
        Diagnostic(
          .sharedSecret,
          "`\(resource.text)` serves `\(model[closed.environment].name)`, which is protected, and `\(model[open.environment].name)`, which is not",
          at: closed.span,
          notes: [
            .init("`\(open.connection)` takes it in `\(model[open.environment].name)` here", at: open.span),
            .init("whoever may read it for `\(model[open.environment].name)` could log in to `\(model[closed.environment].name)`"),
          ], help: "keep one secret for each: put `${environment}` into the path"))
    }
  }
}

extension Field {
  package var isSecret: Bool {
    if case .scalar(.reference) = shape { true } else { false }
  }
}

extension SystemType {
  /// The way of authenticating in an environment, whether there is one of that name or not.
  func methodName(_ node: SyntaxNode, _ defaults: SyntaxNode?) -> String {
    node.value(of: "auth")?.text ?? defaults?.value(of: "auth")?.text ?? defaultMethod ?? ""
  }

  static func knowsSetting(_ name: String) -> Bool { settingNames.contains(name) }

  private static let settingNames = Set(all.flatMap(\.connectionFields).map(\.name))
}

extension SyntaxNode {
  /// All scalars below, itself included.
  package var leaves: [SyntaxNode] {
    let end = isScalar ? id + 1 : tree.next(id)
    return (id..<end).lazy.map { SyntaxNode(tree: tree, id: $0) }.filter(\.isScalar)
  }
}

extension Diagnostic {
  fileprivate static func localSecret(_ reference: SecretReference, _ connection: String, environment: String, at span: SourceSpan) -> Self
  {
    Self(
      .localSecret, "`ref+\(reference.backend.rawValue)` cannot serve `\(environment)`, which is protected", at: span,
      notes: [.init("what is in a file or a variable of the machine at hand is not kept apart from anybody there")],
      help: "keep the secret in a vault")
  }
}

extension SyntaxNode {
  /// Whether a scalar is written as a reference to a secret.
  fileprivate var isReference: Bool {
    guard let range = tree.rawRange(id) else { return Self.beginnings.contains(where: text.hasPrefix) }
    return Self.beginnings.contains { tree.bytes[range].starts(with: $0.utf8) }
  }

  private static let beginnings = ["ref+", "secretref+"]
}

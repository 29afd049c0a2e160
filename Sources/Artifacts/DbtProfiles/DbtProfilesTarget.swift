package import PolicyCompiler

/// dbt's profiles.yml; see README.md beside this file.
package enum DbtProfilesTarget: ArtifactTarget {
  package static let options = RecordShape("artifact", "Profiles for dbt: where it builds, and as whom.", keys: DbtProfilesField.self)

  package static func render(_ request: inout ArtifactRequest) {
    var variables = DbtVariables()
    let profiles = declared(&request).compactMap { profile($0, &variables, &request) }
    guard request.problems.allSatisfy({ $0.severity != .error }) else { return }
    let path = request.path()
    let file = DbtProfiles(comments: request.header, profiles: profiles)
    request.write(file.text, to: path)
    if !variables.entries.isEmpty { request.write(variables.entries, for: path) }
  }

  /// A profile as it is written down, in either of the two ways.
  private struct Declared {
    let name: SyntaxNode
    let outputs: SyntaxNode
    let defaultOutput: SyntaxNode?
  }

  private static func declared(_ request: inout ArtifactRequest) -> [Declared] {
    let options = request.options
    func value(_ field: DbtProfilesField) -> SyntaxNode? { options.value(of: field.field.name) }
    if let profiles = value(.profiles) {
      for field in [DbtProfilesField.profile, .outputs, .defaultOutput] {
        if let key = options.key(of: field.field.name), value(field) != nil { request.report(.bothForms(key)) }
      }
      if profiles.pairs.isEmpty { request.report(.nothing("profiles", at: profiles.span)) }
      var found: [Declared] = []
      for (name, node) in profiles.pairs where node.isMapping {
        let view = node.record(DbtProfileField.self)
        guard let outputs = view[.outputs] else {
          request.report(.nothing("outputs", at: name.span))
          continue
        }
        found.append(Declared(name: name, outputs: outputs, defaultOutput: view[.defaultOutput]))
      }
      return found.sorted { $0.name.text.utf8.lexicographicallyPrecedes($1.name.text.utf8) }
    }
    guard let name = value(.profile), let outputs = value(.outputs) else {
      if value(.profile) == nil && options.misspells("profile") || value(.outputs) == nil && options.misspells("outputs") { return [] }
      request.report(.incomplete(request.declaration, hasName: value(.profile) != nil, hasOutputs: value(.outputs) != nil))
      return []
    }
    return [Declared(name: name, outputs: outputs, defaultOutput: value(.defaultOutput))]
  }

  private static func profile(_ declared: Declared, _ variables: inout DbtVariables, _ request: inout ArtifactRequest) -> DbtProfile? {
    if declared.name.text == "config" { request.report(.reservedProfile(declared.name)) }
    let named = declared.outputs.pairs.sorted { $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8) }
    guard !named.isEmpty else {
      request.report(.nothing("outputs", at: declared.outputs.span))
      return nil
    }
    var outputs: [DbtOutput] = []
    for (name, node) in named where node.isMapping {
      if let output = output(name, node, &variables, &request) { outputs.append(output) }
    }
    let names = named.map(\.key.text)
    if let chosen = declared.defaultOutput, !names.contains(chosen.text) { request.report(.unknownOutput(chosen, among: names)) }
    return DbtProfile(
      name: declared.name.text, target: declared.defaultOutput?.text ?? (names.contains("dev") ? "dev" : names[0]), outputs: outputs)
  }

  private static func output(_ name: SyntaxNode, _ node: SyntaxNode, _ variables: inout DbtVariables, _ request: inout ArtifactRequest)
    -> DbtOutput?
  {
    let options = node.record(DbtOutputField.self)
    guard let connectionName = options[.connection], let environment = options[.environment],
      let connection = request.connection(connectionName, in: environment)
    else { return nil }
    guard let adapter = DbtAdapter.named(connection.type.name) else {
      request.report(.noAdapter(connection, at: connectionName.span))
      return nil
    }
    let holder = request.model[request.holder].kind == .group ? nil : request.holderName
    var builder = DbtOutputBuilder(adapter, connection, options: options, holder: holder, span: connectionName.span)
    builder.build()
    for problem in builder.problems { request.report(problem) }
    for secret in builder.secrets {
      if let problem = variables.add(secret, connection) { request.report(problem) }
    }
    if !adapter.holdsRole,
      let problem = SessionWidth.problem(
        request, connection, at: connectionName.span, tool: "dbt", reason: "dbt's adapter `\(connection.type.name)` sets no role")
    {
      request.report(problem)
    }
    return DbtOutput(name: name.text, adapter: adapter.name, entries: builder.entries)
  }
}

/// The variables of one file: what one process's environment must hold.
struct DbtVariables {
  private(set) var entries: [ManifestEntry] = []
  private var owners: [DbtVariable: (secret: DbtSecret, connection: ResolvedConnection)] = [:]

  /// Takes the secret's variable; a variable cannot hold two secrets.
  mutating func add(_ secret: DbtSecret, _ connection: ResolvedConnection) -> Diagnostic? {
    guard let owner = owners[secret.variable] else {
      owners[secret.variable] = (secret, connection)
      entries.append(
        ManifestEntry(
          variable: secret.variable.name, value: .reference(secret.reference), connection: connection.name,
          environment: connection.environment,
          field: secret.field))
      return nil
    }
    guard owner.secret.reference != secret.reference else { return nil }
    return .takenTwice(secret, connection, by: owner.secret, owner.connection)
  }
}

extension Diagnostic {
  fileprivate static func bothForms(_ key: SyntaxNode) -> Self {
    Self(
      .invalidOption, "`\(key.text)` cannot stand beside `profiles`", at: key.span,
      notes: [.init("an artifact holds one profile (`profile` and `outputs`) or several (`profiles`)")],
      help: "move it below a name of `profiles`")
  }

  fileprivate static func incomplete(_ it: AccessModel.ArtifactDeclaration, hasName: Bool, hasOutputs: Bool) -> Self {
    let missing = hasName ? "`outputs`" : hasOutputs ? "`profile`" : "`profile` and `outputs`, or `profiles`"
    return Self(
      .invalidOption, "artifact `\(it.name)` needs \(missing)", at: it.span,
      notes: [.init("`profile` is what dbt_project.yml names, `outputs` what `--target` chooses from")])
  }

  fileprivate static func nothing(_ field: String, at span: SourceSpan) -> Self {
    Self(.invalidOption, "there is nothing in `\(field)`", at: span, help: "write `\(field): { … }`, or leave the artifact out")
  }

  fileprivate static func reservedProfile(_ name: SyntaxNode) -> Self {
    Self(
      .invalidOption, "a profile cannot be called `config`", at: name.span,
      notes: [.init("dbt reads `config` in profiles.yml as its own settings")],
      help: "give it the name that `profile:` of dbt_project.yml has")
  }

  fileprivate static func unknownOutput(_ node: SyntaxNode, among names: [String]) -> Self {
    let nearest = NearestName.nearest(node.text, among: names)
    return Self(
      .invalidOption, "there is no output `\(node.text)`", at: node.span,
      notes: [.init("there are \(names.map { "`\($0)`" }.joined(separator: ", "))")],
      help: nearest.map { "did you mean `\($0)`?" }, fix: nearest.map { .init(span: node.span, replacement: $0) })
  }

  fileprivate static func noAdapter(_ connection: ResolvedConnection, at span: SourceSpan) -> Self {
    Self(
      .inexpressible, "dbt cannot use `\(connection.name)`: there is no adapter for \(connection.type.title)", at: span,
      notes: [
        .init("the connection is declared here", at: connection.span),
        .init("dbt has adapters for \(DbtAdapter.all.map(\.name).sorted().joined(separator: ", "))"),
      ])
  }

  fileprivate static func takenTwice(
    _ secret: DbtSecret, _ connection: ResolvedConnection, by other: DbtSecret, _ owner: ResolvedConnection
  ) -> Self {
    Self(
      .variableTakenTwice, "`\(secret.variable.name)` would have to hold two secrets", at: secret.span,
      notes: [
        .init("here it is `\(secret.field)` of `\(connection.name)` in `\(connection.environment)`: `\(secret.reference.text)`"),
        .init("here it is `\(other.field)` of `\(owner.name)` in `\(owner.environment)`: `\(other.reference.text)`", at: other.span),
      ], help: "give one of them a name of its own: `variables: { \(secret.field): \(secret.variable.name)_2 }`")
  }
}

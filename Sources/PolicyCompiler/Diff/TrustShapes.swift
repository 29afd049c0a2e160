/// The shapes that a declaration is compared by, where what it is about decides which fields it has and what their defaults are.
struct TrustShapes {
  let grammar: Grammar

  /// - Parameters:
  ///   - type: of a connection, the type of its system.
  ///   - keepingDefaults: fields whose defaults are none in an environment, since the connection sets them for all of them.
  func shape(_ section: Section, _ node: SyntaxNode, type: SystemType?, overriding: Set<String>) -> RecordShape {
    switch section {
    case .systems:
      guard let type = Self.text(node, .type).flatMap(SystemType.named) else { return .system }
      return RecordShape.system.replacing(SystemField.environments.field.name) { field in
        field.with(.map(keys: .name, values: .record(RecordShape("endpoint", "", Self.joined(type.endpoint, RecordShape.endpoint.fields)))))
      }
    case .connections:
      guard let type else { return .connection }
      let defaults = node.isMapping ? node.value(of: ConnectionField.defaults.field.name) : nil
      let fields = Self.settings(type, auth: defaults.flatMap { $0.isMapping ? $0.value(of: "auth")?.text : nil })
      return RecordShape.connection.replacing(ConnectionField.defaults.field.name) { field in
        field.with(.record(RecordShape("connection settings", "", fields)))
      }.replacing(ConnectionField.environments.field.name) { field in
        field.with(
          .map(
            keys: .name,
            values: .record(RecordShape("connection settings", "", fields.map { overriding.contains($0.name) ? $0.withoutDefault : $0 }))))
      }
    case .artifacts:
      guard node.isMapping, let target = node.value(of: ArtifactField.target.field.name)?.text else { return grammar.anyArtifact }
      return grammar.artifacts[target] ?? grammar.anyArtifact
    default: return section.declaration ?? grammar.anyArtifact
    }
  }

  /// The settings of a connection to a system of some type: those of its way of authenticating before those of others.
  private static func settings(_ type: SystemType, auth: String?) -> [Field] {
    let method = (auth ?? type.defaultMethod).flatMap(type.method)
    let auth = RecordShape.connectionSettings.fields.filter { $0.name == "auth" }.map { field in
      Field(field.name, field.shape, impact: field.impact, default: type.defaultMethod, field.documentation)
    }
    return joined(auth + type.session + (method?.fields ?? []) + type.methods.flatMap(\.fields), RecordShape.connectionSettings.fields)
  }

  /// The first of each name.
  private static func joined(_ first: [Field], _ rest: [Field]) -> [Field] {
    var seen: Set<String> = []
    return (first + rest).filter { seen.insert($0.name).inserted }
  }

  private static func text(_ node: SyntaxNode, _ key: SystemField) -> String? {
    node.isMapping ? node.value(of: key.field.name)?.text : nil
  }
}

extension Field {
  fileprivate func with(_ shape: Shape) -> Field {
    Field(name, shape, required: isRequired, impact: impact, default: defaultValue, documentation)
  }

  fileprivate var withoutDefault: Field { Field(name, shape, required: isRequired, impact: impact, documentation) }
}

extension RecordShape {
  fileprivate func replacing(_ name: String, with make: (Field) -> Field) -> RecordShape {
    RecordShape(title, documentation, fields.map { $0.name == name ? make($0) : $0 })
  }
}

package import PolicyCompiler

/// One variable that a tool takes from its process's environment, and what belongs into it.
package struct ManifestEntry: Sendable, Equatable {
  package enum Value: Sendable, Equatable {
    /// The secret itself.
    case reference(SecretReference)
    /// A JSON text in which every string that is a reference stands for its secret.
    case json(JSON)
  }

  package let variable: String
  package let value: Value
  package let connection: String
  package let environment: String
  /// The connection's field that holds the reference; nil where the value holds several.
  package let field: String?

  package init(variable: String, value: Value, connection: String, environment: String, field: String? = nil) {
    self.variable = variable
    self.value = value
    self.connection = connection
    self.environment = environment
    self.field = field
  }
}

/// What stands beside an artifact that takes secrets from its process's environment: variable → reference, connection,
/// audience. It holds references only; whoever starts the tool resolves them for its process. Format: schemas/manifest.schema.json.
struct Manifest {
  static let version = 1

  let artifact: String
  let target: String
  let path: String
  let audience: String
  let entries: [ManifestEntry]

  static func path(for path: String) -> String { path + ".manifest.json" }

  var json: JSON {
    .members([
      "version": .integer(Self.version),
      "artifact": .string(artifact),
      "target": .string(target),
      "path": .string(path),
      "audience": .string(audience),
      "variables": .array(
        entries.sorted { $0.variable.utf8.lexicographicallyPrecedes($1.variable.utf8) }.map { entry in
          var reference: JSON?
          var json: JSON?
          switch entry.value {
          case .reference(let value): reference = .string(value.text)
          case .json(let value): json = value
          }
          return .members([
            "name": .string(entry.variable), "reference": reference, "json": json, "connection": .string(entry.connection),
            "environment": .string(entry.environment), "field": entry.field.map { .string($0) },
          ])
        }),
    ])
  }
}

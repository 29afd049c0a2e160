/// The shapes of the language as JSON Schema (draft-07, which editors read), for completion and hover.
///
/// Specification: https://json-schema.org/draft-07. The compiler is stricter, and never the other way round: see
/// `ScalarSchema.swift`.
package struct JSONSchema {
  private(set) var definitions: [String: JSON] = [:]

  /// The schema of policy files.
  package static func policy(_ grammar: Grammar) -> JSON {
    var schema = JSONSchema()
    var properties: [(String, JSON)] = []
    for section in Section.allCases {
      let value: JSON
      if let record = section.declaration {
        value = schema.reference(record)
      } else {
        value = schema.artifacts(grammar)
      }
      let body: JSON =
        section.isList
        ? .members(["type": ["array", "null"], "items": value, "description": .string(section.documentation)])
        : .members([
          "type": ["object", "null"], "propertyNames": ScalarKind.name.keySchema, "additionalProperties": value,
          "description": .string(section.documentation),
        ])
      properties.append((section.name, body))
    }
    return schema.document(title: "Writ policy file", properties: properties)
  }

  /// The schema of `writ.yaml`.
  package static func root() -> JSON {
    var schema = JSONSchema()
    guard case .object(let members) = schema.record(RootSettings.shape) else { return .null }
    return .object(Self.head("writ.yaml") + members)
  }

  private func document(title: String, properties: [(String, JSON)]) -> JSON {
    .object(
      Self.head(title) + [
        .init(name: "type", value: ["object", "null"]), .init(name: "additionalProperties", value: false),
        .init(name: "properties", value: .object(properties.map { .init(name: $0.0, value: $0.1) })),
        .init(name: "definitions", value: .sorted(definitions.map { ($0.key, $0.value) })),
      ])
  }

  private static func head(_ title: String) -> [JSON.Member] {
    [.init(name: "$schema", value: "http://json-schema.org/draft-07/schema#"), .init(name: "title", value: .string(title))]
  }

  /// The target decides which fields an artifact has.
  private mutating func artifacts(_ grammar: Grammar) -> JSON {
    let cases: [JSON] = grammar.artifacts.sorted { $0.key < $1.key }.map { target, record in
      .members([
        "if": .members(["properties": .members(["target": .members(["const": .string(target)])]), "required": ["target"]]),
        "then": reference(record, named: "artifact \(target)"),
      ])
    }
    return .members([
      "type": "object", "required": ["target"],
      "properties": .members([
        "target": .members([
          "enum": .array(grammar.artifacts.keys.sorted().map { .string($0) }),
          "description": .string(ArtifactField.target.field.documentation),
        ])
      ]), "allOf": .array(cases),
    ])
  }

  private mutating func reference(_ record: RecordShape, named title: String? = nil) -> JSON {
    let key = (title ?? record.title).replacing(" ", with: "_")
    if definitions[key] == nil {
      definitions[key] = .null
      definitions[key] = self.record(record)
    }
    return .members(["$ref": .string("#/definitions/\(key)")])
  }

  mutating func record(_ record: RecordShape) -> JSON {
    var properties: [JSON.Member] = []
    for field in record.fields {
      var documentation = field.documentation
      if let value = field.defaultValue { documentation += " Default: `\(value)`." }
      properties.append(
        .init(
          name: field.name,
          value: .members([
            "description": .string(documentation),
            "anyOf": .array(
              alternatives(field.shape, isOptional: !field.isRequired && field.impact == .none, isRequired: field.isRequired)),
          ])))
    }
    let required = record.fields.filter(\.isRequired).map { JSON.string($0.name) }
    return .members([
      "type": required.isEmpty ? ["object", "null"] : "object", "description": .string(record.documentation), "additionalProperties": false,
      "required": required.isEmpty ? nil : .array(required), "properties": .object(properties),
    ])
  }

  /// - Parameters:
  ///   - isOptional: whether nothing may stand there.
  ///   - isRequired: whether something must be in it.
  private mutating func alternatives(_ shape: Shape, isOptional: Bool, isRequired: Bool = false) -> [JSON] {
    var all: [JSON]
    switch shape {
    case .scalar(let kind): all = [kind.schema]
    case .list(let item):
      let inner = alternatives(item, isOptional: false)
      all = inner + [.members(["type": "array", "minItems": isRequired ? 1 : nil, "items": .members(["anyOf": .array(inner)])])]
    case .map(let keys, let values):
      all = [
        .members([
          "type": "object", "minProperties": isRequired ? 1 : nil, "propertyNames": keys.keySchema,
          "additionalProperties": .members(["anyOf": .array(alternatives(values, isOptional: true))]),
        ])
      ]
    case .record(let record): all = [reference(record)]
    case .either(let kind, let other): all = [kind.schema] + alternatives(other, isOptional: false, isRequired: isRequired)
    case .free: return [.members([:])]
    case .later: all = alternatives(shape.resolved, isOptional: false, isRequired: isRequired)
    }
    if isOptional { all.append(.members(["type": "null"])) }
    return all
  }
}

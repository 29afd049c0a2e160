/// The parts that the JSON Schemas of printed documents share (draft-07).
enum DocumentSchema {
  static let text: JSON = .members(["type": "string"])
  static let texts: JSON = list(text)
  static let flag: JSON = .members(["type": "boolean"])
  static let count: JSON = .members(["type": "integer", "minimum": 0])
  static let instant: JSON = .members(["type": "string", "format": "date-time"])
  static let place: JSON = .members(["type": "integer", "minimum": 1])

  /// What `SourceMap.json` prints.
  static let location = object(["path": text, "line": place, "column": place])
  /// What `IntervalSet.json` prints.
  static let times = list(object(["from": instant, "until": instant], optional: ["from", "until"]))

  static func list(_ item: JSON) -> JSON { .members(["type": "array", "items": item]) }

  static func choice(_ words: [String]) -> JSON { .members(["enum": .array(words.map { .string($0) })]) }

  static func described(_ documentation: String, _ kind: JSON = instant) -> JSON {
    guard case .object(let members) = kind else { return kind }
    return .object(members + [JSON.Member(name: "description", value: .string(documentation))])
  }

  /// An object of these members and no others.
  static func object(_ properties: KeyValuePairs<String, JSON?>, optional: Set<String> = []) -> JSON {
    .object(members(properties, optional))
  }

  /// A whole document, or a line that stands for itself where there is no version.
  static func document(
    _ title: String, version: Int?, _ properties: KeyValuePairs<String, JSON?>, optional: Set<String> = [], also: [JSON.Member] = []
  ) -> JSON {
    .object(
      [
        JSON.Member(name: "$schema", value: "http://json-schema.org/draft-07/schema#"), JSON.Member(name: "title", value: .string(title)),
      ] + members(properties, optional, version: version) + also)
  }

  private static func members(_ properties: KeyValuePairs<String, JSON?>, _ optional: Set<String>, version: Int? = nil) -> [JSON.Member] {
    let head = version.map { [JSON.Member(name: "version", value: .members(["const": .integer($0)]))] } ?? []
    let all = head + properties.compactMap { name, value in value.map { JSON.Member(name: name, value: $0) } }
    return [
      JSON.Member(name: "type", value: "object"), JSON.Member(name: "additionalProperties", value: false),
      JSON.Member(name: "required", value: .array(all.filter { !optional.contains($0.name) }.map { .string($0.name) })),
      JSON.Member(name: "properties", value: .object(all)),
    ]
  }
}

import Foundation

/// As much of JSON Schema as our schemas use; a keyword beyond that throws.
public struct MiniSchema {
  public indirect enum Value: Decodable, Hashable, Sendable {
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
    case array([Value])
    case object([String: Value])

    public init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if value.decodeNil() {
        self = .null
      } else if let it = try? value.decode(Bool.self) {
        self = .boolean(it)
      } else if let it = try? value.decode(Double.self) {
        self = .number(it)
      } else if let it = try? value.decode(String.self) {
        self = .string(it)
      } else if let it = try? value.decode([Value].self) {
        self = .array(it)
      } else {
        self = .object(try value.decode([String: Value].self))
      }
    }

    public init(json: String) throws { self = try JSONDecoder().decode(Value.self, from: Data(json.utf8)) }

    fileprivate var type: [String] {
      switch self {
      case .null: ["null"]
      case .boolean: ["boolean"]
      case .number(let value): value.rounded() == value ? ["number", "integer"] : ["number"]
      case .string: ["string"]
      case .array: ["array"]
      case .object: ["object"]
      }
    }

    fileprivate var members: [String: Value] {
      if case .object(let members) = self { members } else { [:] }
    }
  }

  public struct Unknown: Error {
    let keyword: String
  }

  private let root: Value
  private let definitions: [String: Value]

  public init(_ root: Value, definitions: [String: Value] = [:]) {
    self.root = root
    self.definitions = definitions
  }

  public init(json: String) throws { self.init(try Value(json: json)) }

  public func accepts(_ value: Value) throws -> Bool { try problem(value, root, "") == nil }

  /// What is wrong with a value, and where; nil where nothing is.
  public func problem(_ value: Value) throws -> String? { try problem(value, root, "") }

  private func problem(_ value: Value, _ schema: Value, _ place: String) throws -> String? {
    guard case .object(let members) = schema else { throw Unknown(keyword: "no object") }
    for (keyword, argument) in members {
      if let found = try problem(value, keyword, argument, members, place) { return found }
    }
    return nil
  }

  private func problem(_ value: Value, _ keyword: String, _ argument: Value, _ siblings: [String: Value], _ place: String) throws -> String?
  {
    func check(_ holds: Bool) -> String? { holds ? nil : "\(place.isEmpty ? "/" : place): \(keyword) \(argument)" }
    func count(_ all: [Value]) throws -> Int { try all.count { try problem(value, $0, place) == nil } }
    switch (keyword, argument, value) {
    case ("description", _, _), ("title", _, _), ("$schema", _, _): return nil
    case ("type", .string(let type), _): return check(value.type.contains(type))
    case ("type", .array(let types), _):
      return check(types.contains { if case .string(let type) = $0 { value.type.contains(type) } else { false } })
    case ("$ref", .string(let name), _):
      return try problem(value, definitions[String(name.dropFirst("#/definitions/".count))] ?? .null, place)
    case ("anyOf", .array(let all), _): return check(try count(all) > 0)
    case ("oneOf", .array(let all), _): return check(try count(all) == 1)
    case ("enum", .array(let all), _): return check(all.contains(value))
    case ("const", _, _): return check(argument == value)
    case ("minimum", .number(let least), .number(let number)): return check(number >= least)
    case ("maximum", .number(let greatest), .number(let number)): return check(number <= greatest)
    case ("pattern", .string(let pattern), .string(let text)):
      let expression = try NSRegularExpression(pattern: pattern)
      return check(expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil)
    case ("format", .string("date-time"), .string(let text)):
      return check(text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
    case ("minItems", .number(let least), .array(let items)): return check(Double(items.count) >= least)
    case ("items", _, .array(let items)):
      return try items.enumerated().lazy.compactMap { try problem($1, argument, "\(place)/\($0)") }.first
    case ("minProperties", .number(let least), .object(let pairs)): return check(Double(pairs.count) >= least)
    case ("propertyNames", _, .object(let pairs)):
      for name in pairs.keys { if let found = try problem(.string(name), argument, "\(place)/\(name)") { return found } }
      return nil
    case ("required", .array(let names), .object(let pairs)):
      return check(names.allSatisfy { name in if case .string(let name) = name { pairs[name] != nil } else { false } })
    case ("properties", .object(let properties), .object(let pairs)):
      for (name, value) in pairs {
        if let schema = properties[name], let found = try problem(value, schema, "\(place)/\(name)") { return found }
      }
      return nil
    case ("additionalProperties", .boolean, .object(let pairs)):
      guard let properties = siblings["properties"]?.members else { return nil }
      return pairs.keys.sorted().first { properties[$0] == nil }.map { "\(place)/\($0): \(keyword)" }
    case ("additionalProperties", _, .object(let pairs)):
      for (name, value) in pairs { if let found = try problem(value, argument, "\(place)/\(name)") { return found } }
      return nil
    case ("minimum", _, _), ("maximum", _, _), ("pattern", _, _), ("format", .string("date-time"), _), ("minItems", _, _),
      ("items", _, _), ("minProperties", _, _), ("propertyNames", _, _), ("required", _, _), ("properties", _, _),
      ("additionalProperties", _, _):
      return nil
    default: throw Unknown(keyword: keyword)
    }
  }
}

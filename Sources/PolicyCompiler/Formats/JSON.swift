/// A JSON value and its one printer: keys in the order given, two spaces a level, `\n` at the end.
///
/// Source of the escapes: https://www.rfc-editor.org/rfc/rfc8259#section-7
package indirect enum JSON: Sendable, Hashable {
  case null
  case boolean(Bool)
  case integer(Int)
  case string(String)
  case array([JSON])
  case object([Member])

  package struct Member: Sendable, Hashable {
    package let name: String
    package let value: JSON

    package init(name: String, value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// An object; members whose value is nil are left out.
  package static func members(_ members: KeyValuePairs<String, JSON?>) -> JSON {
    .object(members.compactMap { name, value in value.map { Member(name: name, value: $0) } })
  }

  /// An object with its keys in byte order.
  package static func sorted(_ members: some Sequence<(String, JSON)>) -> JSON {
    .object(members.map { Member(name: $0.0, value: $0.1) }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
  }

  /// Over several lines, with a line break at the end.
  package var text: String {
    var out = ""
    print(into: &out, indent: 0)
    return out + "\n"
  }

  /// On one line.
  package var line: String {
    switch self {
    case .array(let values): return "[" + values.map(\.line).joined(separator: ",") + "]"
    case .object(let members): return "{" + members.map { "\(Self.quoted($0.name)):\($0.value.line)" }.joined(separator: ",") + "}"
    default:
      var out = ""
      print(into: &out, indent: 0)
      return out
    }
  }

  private func print(into out: inout String, indent: Int) {
    let space = String(repeating: "  ", count: indent)
    switch self {
    case .null: out += "null"
    case .boolean(let value): out += value ? "true" : "false"
    case .integer(let value): out += String(value)
    case .string(let value): out += Self.quoted(value)
    case .array(let values):
      guard !values.isEmpty else {
        out += "[]"
        return
      }
      out += "[\n"
      for (index, value) in values.enumerated() {
        out += space + "  "
        value.print(into: &out, indent: indent + 1)
        out += index == values.count - 1 ? "\n" : ",\n"
      }
      out += space + "]"
    case .object(let members):
      guard !members.isEmpty else {
        out += "{}"
        return
      }
      out += "{\n"
      for (index, member) in members.enumerated() {
        out += space + "  " + Self.quoted(member.name) + ": "
        member.value.print(into: &out, indent: indent + 1)
        out += index == members.count - 1 ? "\n" : ",\n"
      }
      out += space + "}"
    }
  }

  package static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  package init(stringLiteral value: String) { self = .string(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
}

/// A YAML value and its one printer: block style, keys in the order given, `\n` at the end.
///
/// Texts are quoted wherever a YAML 1.1 or 1.2 reader could take them for anything else: Python's tools read 1.1.
package indirect enum YAML: Sendable, Equatable {
  case boolean(Bool)
  case integer(Int)
  case string(String)
  case list([YAML])
  case mapping([Entry])

  package struct Entry: Sendable, Equatable {
    package let key: String
    package let value: YAML
    package init(_ key: String, _ value: YAML) {
      self.key = key
      self.value = value
    }
  }

  /// The document, below comment lines that say what it is.
  package func document(comments: [String]) -> String {
    var out = comments.map { $0.isEmpty ? "#\n" : "# \($0)\n" }.joined()
    print(into: &out, indent: 0)
    return out
  }

  private var isFlat: Bool {
    switch self {
    case .list(let items): items.isEmpty
    case .mapping(let entries): entries.isEmpty
    default: true
    }
  }

  private var flat: String {
    switch self {
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .string(let text): Self.scalar(text)
    case .list: "[]"
    case .mapping: "{}"
    }
  }

  private func print(into out: inout String, indent: Int) {
    let space = String(repeating: " ", count: indent)
    switch self {
    case .mapping(let entries) where !entries.isEmpty:
      for entry in entries {
        out += space + Self.scalar(entry.key) + ":"
        entry.value.printValue(into: &out, indent: indent + 2)
      }
    case .list(let items) where !items.isEmpty:
      for item in items {
        if item.isFlat {
          out += space + "- " + item.flat + "\n"
        } else {
          var inner = ""
          item.print(into: &inner, indent: indent + 2)
          out += space + "- " + inner.dropFirst(indent + 2)
        }
      }
    default: out += space + flat + "\n"
    }
  }

  private func printValue(into out: inout String, indent: Int) {
    if isFlat {
      out += " " + flat + "\n"
    } else {
      out += "\n"
      print(into: &out, indent: indent)
    }
  }

  /// A text as a scalar on one line.
  package static func scalar(_ text: String) -> String {
    isPlain(text) ? text : quoted(text)
  }

  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetter(first) || first == UInt8(ascii: "_") || first == UInt8(ascii: "/") else { return false }
    let isSafe = text.utf8.allSatisfy {
      isLetter($0) || (0x30...0x39).contains($0)
        || [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "@"), UInt8(ascii: " ")].contains($0)
    }
    return isSafe && text.utf8.last != UInt8(ascii: " ") && !words.contains(text.lowercased())
  }

  /// Words that some reader takes for a boolean, a null or a number: https://yaml.org/type/
  private static let words: Set<String> = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"]

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) }

  private static func quoted(_ text: String) -> String {
    // Inside double quotes JSON's escapes are YAML's too.
    JSON.quoted(text)
  }
}

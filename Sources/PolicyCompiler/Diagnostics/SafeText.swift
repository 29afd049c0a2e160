/// Text from a policy, made fit for a terminal and a CI log: nobody's file name moves a cursor or gives a runner orders.
package enum SafeText {
  /// Control and hidden characters as escapes, and the syntax of CI commands broken up: `::cmd` at the start of a line,
  /// `##[cmd]`, `##vso[` and `##teamcity[` anywhere.
  package static func escaped(_ text: String) -> String {
    guard needsCare(text) else { return text }
    var out = ""
    for scalar in text.unicodeScalars {
      if scalar.value < 0x20 || scalar.value == 0x7F || SourceText.isHidden(scalar.value) {
        out += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        out.unicodeScalars.append(scalar)
      }
    }
    // A runner skips every kind of space before it looks.
    if out.unicodeScalars.drop(while: { $0.properties.isWhitespace }).starts(with: "::".unicodeScalars) {
      out = out.replacing(bytes: "::", with: "\\:\\:", limit: 1)
    }
    return brokenUp(out) { "##\($0)\\[" }
  }

  /// The same for a text of several lines.
  package static func escapedLines(_ text: String) -> String {
    text.split(byte: "\n").map(escaped).joined(separator: "\n")
  }

  /// The same for a JSON text, which stays the same value: what is escaped can only stand inside a string.
  package static func json(_ text: String) -> String {
    var out = text
    if text.unicodeScalars.contains(where: { SourceText.isHidden($0.value) }) {
      out = ""
      for scalar in text.unicodeScalars {
        guard SourceText.isHidden(scalar.value) else {
          out.unicodeScalars.append(scalar)
          continue
        }
        for unit in UTF16.encode(scalar) ?? .init() {
          let digits = String(unit, radix: 16)
          out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      }
    }
    return brokenUp(out) { "#\\u0023\($0)[" }
  }

  /// A text in which nothing looks like `##word[` to a runner: https://www.jetbrains.com/help/teamcity/service-messages.html and
  /// https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands
  ///
  /// - Parameter replacement: of one, for its word, which may be empty.
  package static func brokenUp(_ text: String, _ replacement: (String) -> String) -> String {
    guard text.containsBytes(of: "##") else { return text }
    let bytes = Array(text.utf8)
    var (out, index) = ([UInt8](), 0)
    while index < bytes.count {
      if bytes[index] == mark, index + 1 < bytes.count, bytes[index + 1] == mark {
        let word = bytes[(index + 2)...].prefix {
          (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || "-._".utf8.contains($0)
        }
        if word.endIndex < bytes.count, bytes[word.endIndex] == UInt8(ascii: "[") {
          out += replacement(String(decoding: word, as: UTF8.self)).utf8
          index = word.endIndex + 1
          continue
        }
      }
      out.append(bytes[index])
      index += 1
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static let mark = UInt8(ascii: "#")

  private static func needsCare(_ text: String) -> Bool {
    text.utf8.contains { $0 < 0x20 || $0 >= 0x7F } || text.utf8.first { $0 != 0x20 } == UInt8(ascii: ":") || text.containsBytes(of: "##")
  }
}

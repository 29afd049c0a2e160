/// Text from a policy, made fit for a terminal and a CI log: nobody's file name moves a cursor or gives a runner orders.
package enum SafeText {
  /// Control and hidden characters as escapes, and the syntax of CI commands broken up: `::cmd` at the start of a line,
  /// `##[cmd]` and `##vso[` anywhere.
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
    if out.unicodeScalars.drop(while: { $0.properties.isWhitespace }).starts(with: "::".unicodeScalars) { out = out.replacing("::", with: "\\:\\:", maxReplacements: 1) }
    return out.replacing("##[", with: "##\\[").replacing("##vso[", with: "##vso\\[")
  }

  /// The same for a text of several lines.
  package static func escapedLines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) }.joined(separator: "\n")
  }

  /// The same for a JSON text, which stays the same value: what is broken up can only stand inside a string.
  package static func json(_ text: String) -> String {
    text.replacing("##[", with: "#\\u0023[").replacing("##vso[", with: "#\\u0023vso[")
  }

  private static func needsCare(_ text: String) -> Bool {
    text.utf8.contains { $0 < 0x20 || $0 >= 0x7F } || text.utf8.first { $0 != 0x20 } == UInt8(ascii: ":") || text.contains("##")
  }
}

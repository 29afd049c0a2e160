/// Text as SQL writes it: https://www.postgresql.org/docs/current/sql-syntax-lexical.html
enum SQLText {
  /// A string constant that means the same whatever `standard_conforming_strings` says.
  static func literal(_ text: String) -> String {
    var isEscaped = false
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "'": result += "''"
      case "\\":
        isEscaped = true
        result += "\\\\"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        isEscaped = true
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return (isEscaped ? "E'" : "'") + result + "'"
  }

  static func array(_ texts: [String]) -> String {
    "ARRAY[\(texts.map(literal).joined(separator: ", "))]" + (texts.isEmpty ? "::text[]" : "")
  }

  /// Text within a comment, which ends with its line.
  static func comment(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .format: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

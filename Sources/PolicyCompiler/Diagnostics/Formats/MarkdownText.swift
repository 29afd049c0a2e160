/// Text of a policy inside of markdown: nothing in it is markup, a link, a mention or HTML.
struct MarkdownText {
  /// Values of more characters than this are cut in their middle, which says so; nil leaves all of them whole.
  var limit: Int?

  /// As code, whatever is in it: where backticks would not hold it, as HTML of which nothing is markup.
  func code(_ text: String) -> String {
    let plain = SafeText.escaped(cut(text))
    if plain.isEmpty { return "" }
    let isSafe = !plain.unicodeScalars.contains { "`|\\".unicodeScalars.contains($0) } && plain.first != " " && plain.last != " "
    if isSafe { return "`\(plain)`" }
    var result = ""
    for scalar in plain.unicodeScalars {
      let isPlain = scalar.value > 0x7F || scalar == " " || scalar == "/" || scalar == "." || scalar == "-" || Self.isWord(scalar)
      result += isPlain ? String(scalar) : "&#\(scalar.value);"
    }
    return "<code>\(result)</code>"
  }

  /// A message with its own backticks: what stands between two of them is code. One too many and the rest is text, in which
  /// nothing is markup either.
  func inline(_ text: String) -> String {
    let parts = cut(text, to: limit.map { 3 * $0 }).split(byte: "`")
    return parts.enumerated().map { index, part in
      if index % 2 == 1, index + 1 < parts.count { return code(part) }
      return index % 2 == 1 ? escaped("'" + part) : escaped(part)
    }.joined()
  }

  /// Text in which nothing is markup: no link, no mention, no HTML.
  func escaped(_ text: String) -> String {
    var result = ""
    for scalar in SafeText.escaped(cut(text)).unicodeScalars {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "|": result += "&#124;"
      case "*", "_", "[", "]", "`", "#", "~", "\\", "!": result += "\\\(scalar)"
      // A mention, and a link that is none of ours.
      case "@", ":": result += "\(scalar)\u{200B}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    (0x30...0x39).contains(scalar.value) || (0x41...0x5A).contains(scalar.value) || (0x61...0x7A).contains(scalar.value)
  }

  private func cut(_ text: String) -> String { cut(text, to: limit) }

  private func cut(_ text: String, to limit: Int?) -> String {
    guard let limit, text.utf8.count > limit else { return text }
    let scalars = text.unicodeScalars
    guard scalars.count > limit else { return text }
    let half = limit / 2
    return "\(String(scalars.prefix(half))) … \(scalars.count - 2 * half) characters … \(String(scalars.suffix(half)))"
  }
}

/// Text for a message: control characters, and bytes that are not UTF-8, as `\n` or `\xE9`.
func escaped(_ text: some StringProtocol) -> String {
  escaped(Array(text.utf8))
}

/// A name as git stores it, made readable.
func escaped(_ bytes: [UInt8]) -> String {
  guard let text = String(validating: bytes, as: UTF8.self) else {
    return bytes.map { $0 < 0x80 ? escapedScalar(Unicode.Scalar($0)) : hexEscape($0) }.joined()
  }
  return text.unicodeScalars.map(escapedScalar).joined()
}

private func escapedScalar(_ scalar: Unicode.Scalar) -> String {
  switch scalar {
  case "\n": "\\n"
  case "\t": "\\t"
  case "\r": "\\r"
  case "\0"..<" ", "\u{7F}": hexEscape(UInt8(scalar.value))
  // C1 controls, line and paragraph separators, and the marks that reorder text on a terminal.
  case "\u{80}"..<"\u{A0}", "\u{200E}", "\u{200F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}":
    "\\u{\(String(scalar.value, radix: 16))}"
  default: String(scalar)
  }
}

private func hexEscape(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16, uppercase: true)
  return "\\x" + (digits.count == 1 ? "0" : "") + digits
}

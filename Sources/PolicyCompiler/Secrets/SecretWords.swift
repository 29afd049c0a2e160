/// What a name ends in when its value is a secret, written with `_` between words.
package enum SecretWords {
  package static let endings = [
    "password", "passwd", "pwd", "passwrd", "pasword", "passwort", "passphrase", "secret", "token", "api_key", "apikey", "private_key",
    "access_key", "account_key", "authorization",
    "credentials",
  ]

  /// Those of them whose values people think of.
  static let passwords = ["password", "passwd", "pwd", "passwrd", "pasword", "passwort", "passphrase"]

  /// Further fields of connections that take references: their values are no secrets everywhere, but not to be shown.
  static let fields = ["request_data", "private_key_id", "keyfile_json", "key_id", "secret_id", "connection_string"]

  /// Whether what stands behind a key is not to be shown.
  static func mayHide(_ bytes: [UInt8], _ sign: Int) -> Bool {
    if mayEndKey(bytes, sign) { return true }
    let end = keyEnd(bytes, sign)
    return fields.contains { ends($0, bytes, end) }
  }

  /// Before blanks and a closing quote.
  @inline(__always) private static func keyEnd(_ bytes: [UInt8], _ sign: Int) -> Int {
    var end = sign
    while end > 0, SecretBytes.isBlank(bytes[end - 1]), sign - end < 4 { end -= 1 }
    return end > 0 && SecretBytes.isQuote(bytes[end - 1]) ? end - 1 : end
  }

  /// Whether a key that ends before a `:` or `=` may be one of them: from its bytes, since nearly all are not.
  static func mayEndKey(_ bytes: [UInt8], _ sign: Int) -> Bool {
    let end = keyEnd(bytes, sign)
    guard end >= 3 else { return false }
    // Two letters tell nearly all: `environment` and `connection` end in others than `secret` and `token`.
    switch (bytes[end - 1] | 0x20, bytes[end - 2] | 0x20) {
    case (UInt8(ascii: "d"), UInt8(ascii: "r")), (UInt8(ascii: "d"), UInt8(ascii: "w")), (UInt8(ascii: "t"), UInt8(ascii: "r")),
      (UInt8(ascii: "t"), UInt8(ascii: "e")), (UInt8(ascii: "e"), UInt8(ascii: "s")), (UInt8(ascii: "n"), UInt8(ascii: "e")),
      (UInt8(ascii: "y"), UInt8(ascii: "e")), (UInt8(ascii: "n"), UInt8(ascii: "o")), (UInt8(ascii: "s"), UInt8(ascii: "l")),
      (UInt8(ascii: "g"), UInt8(ascii: "i")):
      return endings.contains { ends($0, bytes, end) } || ends("sig", bytes, end)
    default: return false
    }
  }

  private static func ends(_ word: String, _ bytes: [UInt8], _ end: Int) -> Bool {
    guard word.utf8.count <= end else { return false }
    var index = end
    for byte in word.utf8.reversed() {
      index -= 1
      // `api_key` is `apiKey` and `X-Api-Key`, too.
      if byte == UInt8(ascii: "_") {
        if SecretBytes.isLetter(bytes[index]) { index += 1 }
      } else if bytes[index] | 0x20 != byte {
        return false
      }
    }
    return true
  }
}

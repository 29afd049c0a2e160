/// Whether a text that everybody can read looks like one that nobody should.
package enum SecretLook {
  /// `orders_password`, `X-Api-Key`, `clientSecret`.
  package static func isSecret(name: String) -> Bool {
    // By bytes: an accent behind a sign makes another character of it.
    var words: [UInt8] = []
    var previous: UInt8 = 0
    for byte in name.utf8 {
      if SecretBytes.isCapital(byte), SecretBytes.isSmall(previous) || SecretBytes.isDigit(previous) { words.append(UInt8(ascii: "_")) }
      let isSeparator = "-. ".utf8.contains(byte) || byte >= 0x80
      words.append(isSeparator ? UInt8(ascii: "_") : SecretBytes.isCapital(byte) ? byte | 0x20 : byte)
      previous = byte
    }
    return SecretWords.endings.contains { ending in
      let before = words.count - ending.utf8.count
      return words.suffix(ending.utf8.count).elementsEqual(ending.utf8) && (before <= 0 || words[before - 1] == UInt8(ascii: "_"))
    }
  }

  /// What in a setting that everybody can read looks like a secret: the setting itself, or an entry of a table.
  package static func secret(in value: ResolvedConnection.Value, of name: String) -> String? {
    switch value {
    case .text(let text): return isSecret(value: text) ? name : nil
    case .list(let items): return items.lazy.compactMap { secret(in: $0, of: name) }.first
    case .table(let entries):
      return entries.lazy.compactMap { entry in
        if case .text(let text) = entry.value, !text.isEmpty, isSecret(name: entry.name) { return "\(name).\(entry.name)" }
        return secret(in: entry.value, of: "\(name).\(entry.name)")
      }.first
    case .integer, .boolean, .secret: return nil
    }
  }

  /// Tokens that issuers mark, keys in PEM, passwords in URLs and in lists of settings, and credentials of HTTP. Hashes, ids
  /// and digests are none: what has no mark is not judged.
  package static func isSecret(value: String) -> Bool {
    // Nearly all texts are short words, and there may be a great many of them.
    guard
      value.utf8.count >= SecretWord.minimum
        || value.utf8.contains(where: { $0 == 0x20 || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") })
    else { return false }
    return SecretScan.isCertain(Array(value.utf8)) || isCredential(value)
  }

  /// What a header `Authorization` holds, short ones included: https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2
  private static func isCredential(_ value: String) -> Bool {
    guard value.utf8.count <= 4096, let first = value.utf8.first, first | 0x20 == UInt8(ascii: "b") else { return false }
    let words = value.utf8.split(separator: 0x20)
    guard words.count == 2, words[1].count >= 8 else { return false }
    let isOrdinary = words[1].dropFirst().allSatisfy { SecretBytes.isSmall($0) || $0 == UInt8(ascii: "-") }
    switch String(decoding: words[0], as: UTF8.self).lowercased() {
    case "basic": return !isOrdinary && words[1].count % 4 == 0
    case "bearer": return !isOrdinary
    default: return false
    }
  }
}

extension Diagnostic {
  package static func secretInVariable(_ name: String, at span: SourceSpan) -> Self {
    Self(
      .literalSecret, "`\(name)` looks like a secret, and everybody who holds the file could read it", at: span,
      notes: [.init("its value is not repeated here; if it was a real one and has been pushed, replace it")],
      help: "put a reference to it into a secret field of a connection")
  }
}

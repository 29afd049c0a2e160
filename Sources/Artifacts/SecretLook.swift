import PolicyCompiler

/// Whether a text that everybody can read looks like one that nobody should.
enum SecretLook {
  /// `orders_password`, `X-Api-Key`, `clientSecret`.
  static func isSecret(name: String) -> Bool {
    var words = ""
    var previous: Character = "_"
    for character in name {
      if character.isUppercase, previous.isLowercase || previous.isNumber { words.append("_") }
      words.append(character == "-" || character == "." || character == " " ? "_" : character)
      previous = character
    }
    let name = words.lowercased()
    return SecretWords.endings.contains { name == $0 || name.hasSuffix("_\($0)") }
  }

  /// What in a setting that everybody can read looks like a secret: the setting itself, or an entry of a table.
  static func secret(in value: ResolvedConnection.Value, of name: String) -> String? {
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
  static func isSecret(value: String) -> Bool {
    let bytes = Array(value.utf8)
    // Nearly all texts are short words, and there may be a great many of them.
    guard bytes.count >= 15 || bytes.contains(where: { $0 == 0x20 || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }) else {
      return false
    }
    // A mark and what follows it are one word: the shortest has fifteen characters.
    var start = 0
    for index in 0...bytes.count where index == bytes.count || !isTokenCharacter(bytes[index]) {
      if index - start >= 15, isToken(bytes[start..<index]) || isJSONWebToken(bytes[start..<index]) { return true }
      start = index + 1
    }
    // All else has a space, a `:` or a `=` in it.
    guard bytes.contains(where: { $0 <= 0x20 || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }) else { return false }
    return isPrivateKey(value) || holdsPassword(value) || isCredential(value)
  }

  // MARK: Marks

  private struct Mark {
    let beginning: [UInt8]
    /// What follows: how much of it at least, and of which characters.
    let count: Int
    let alphabet: Alphabet
  }

  private enum Alphabet {
    /// So many and no more.
    case capitals
    case hexadecimal, word
    /// The beginning alone says little.
    case mixed
  }

  /// https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
  private static let marks: [Mark] = {
    func marks(_ beginnings: String, _ count: Int, _ alphabet: Alphabet) -> [Mark] {
      beginnings.split(separator: " ").map { Mark(beginning: Array($0.utf8), count: count, alphabet: alphabet) }
    }
    return marks("AKIA ASIA", 16, .capitals) + marks("dapi dose", 32, .hexadecimal) + marks("PMAK-", 20, .hexadecimal)
      + marks("ghp_ gho_ ghr_ ghs_ ghu_ glpat- gldt- hvs. hvb. dbtc_ dbtu_ sk_live_ rk_live_ xapp-", 16, .word)
      + marks("github_pat_ ya29.", 20, .word) + marks("AIza", 30, .word) + marks("xoxa- xoxb- xoxp- xoxr- xoxs-", 10, .word)
      + marks("sk-", 20, .mixed) + marks("npm_", 30, .mixed) + marks("pypi-", 40, .mixed)
  }()

  private static func isToken(_ word: ArraySlice<UInt8>) -> Bool {
    marks.contains { mark in
      guard word.starts(with: mark.beginning) else { return false }
      let rest = word.dropFirst(mark.beginning.count)
      guard rest.count >= mark.count else { return false }
      switch mark.alphabet {
      case .word: return true
      case .capitals: return rest.count == mark.count && rest.allSatisfy { isCapital($0) || isDigit($0) }
      case .hexadecimal: return rest.allSatisfy { isDigit($0) || (0x61...0x66).contains($0 | 0x20) || $0 == UInt8(ascii: "-") }
      case .mixed: return rest.contains(where: isDigit) && rest.contains(where: isCapital) && rest.contains(where: isSmall)
      }
    }
  }

  /// Header and payload are JSON objects in base64: https://www.rfc-editor.org/rfc/rfc7519
  private static func isJSONWebToken(_ word: ArraySlice<UInt8>) -> Bool {
    guard word.starts(with: "eyJ".utf8) else { return false }
    let parts = word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    // The payload of an encrypted one is none that could be known.
    return parts[0].count >= 10 && (parts.count == 5 || parts.count == 3 && parts[1].starts(with: "ey".utf8))
  }

  /// https://www.rfc-editor.org/rfc/rfc7468; a certificate or a public key is for everybody.
  private static func isPrivateKey(_ value: String) -> Bool {
    value.containsBytes(of: "-----BEGIN ") && value.containsBytes(of: "PRIVATE KEY")
  }

  private static func isTokenCharacter(_ byte: UInt8) -> Bool {
    isSmall(byte) || isCapital(byte) || isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
  }

  private static func isSmall(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
  private static func isCapital(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  // MARK: Passwords

  /// `scheme://user:password@host`, `?motherduck_token=…`, `Server=db;Pwd=…`.
  private static func holdsPassword(_ value: String) -> Bool {
    // Most hold neither, which their bytes tell at once.
    guard value.utf8.contains(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "@") }) else { return false }
    var rest = value[...]
    while let scheme = rest.firstRange(of: "://") {
      rest = rest[scheme.upperBound...]
      let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" && !$0.isWhitespace }
      // The last `@` ends it, since passwords hold some as they stand.
      if let at = authority.lastIndex(of: "@"), let colon = authority.firstIndex(of: ":"), authority.index(after: colon) < at {
        return true
      }
    }
    for part in value.split(whereSeparator: { "?&; ,".contains($0) }) {
      let pair = part.split(separator: "=", maxSplits: 1)
      if pair.count == 2, isSecret(name: String(pair[0])) { return true }
    }
    return false
  }

  /// What a header `Authorization` holds: https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2
  private static func isCredential(_ value: String) -> Bool {
    let words = value.split(separator: " ")
    guard words.count == 2, words[1].utf8.count >= 8 else { return false }
    let isOrdinary = words[1].dropFirst().allSatisfy { $0.isLowercase || $0 == "-" }
    switch words[0].lowercased() {
    case "basic": return !isOrdinary && words[1].utf8.count % 4 == 0
    case "bearer": return !isOrdinary
    default: return false
    }
  }
}

extension Diagnostic {
  static func secretInVariable(_ name: String, at span: SourceSpan) -> Self {
    Self(
      .literalSecret, "`\(name)` looks like a secret, and everybody who holds the file could read it", at: span,
      notes: [.init("its value is not repeated here; if it was a real one and has been pushed, replace it")],
      help: "put a reference to it into a secret field of a connection")
  }
}

/// Judges what stands behind a sign: a value behind a key that speaks of a secret, and a password in a URL.
struct SecretSetting {
  let bytes: [UInt8]

  // MARK: URLs

  /// - Parameter colon: of `://`.
  func passwordInURL(_ colon: Int) -> SecretFinding? {
    guard colon + 3 < bytes.count, bytes[colon + 1] == UInt8(ascii: "/"), bytes[colon + 2] == UInt8(ascii: "/") else { return nil }
    let from = colon + 3
    if let hook = webhook(from) { return hook }
    var end = from
    var at: Int?
    var password: Int?
    while end < bytes.count, end - from < 1024, !Self.endsAuthority(bytes[end]) {
      // The last `@` ends it, since passwords hold some as they stand.
      if bytes[end] == UInt8(ascii: "@") { at = end }
      if bytes[end] == UInt8(ascii: ":"), password == nil { password = end + 1 }
      end += 1
    }
    guard let at, let password, password < at, isWritten(bytes[password..<at]) else { return nil }
    var scheme = colon
    while scheme > 0, colon - scheme < 32, SecretBytes.isAlphanumeric(bytes[scheme - 1]) || bytes[scheme - 1] == UInt8(ascii: "+") {
      scheme -= 1
    }
    return SecretFinding(.passwordInURL, scheme..<end, hidden: password..<at)
  }

  /// Whoever knows the path of a webhook may write there.
  private func webhook(_ host: Int) -> SecretFinding? {
    let prefix = "hooks.slack.com/services/".utf8
    guard bytes[host] == UInt8(ascii: "h"), bytes[host...].starts(with: prefix) else { return nil }
    let from = host + prefix.count
    var stop = from
    while stop < bytes.count, stop - from < 256, SecretBytes.isWord(bytes[stop]) || bytes[stop] == UInt8(ascii: "/") { stop += 1 }
    guard stop - from >= 20, MaskedText.isMasked(bytes[from..<stop]) || !IssuerMarks.isPlaceholder(bytes[from..<stop]) else { return nil }
    return SecretFinding(.token("a webhook of Slack"), host..<stop, hidden: from..<stop)
  }

  private static func endsAuthority(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") || byte == UInt8(ascii: "<")
      || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "`") || SecretBytes.isQuote(byte)
  }

  // MARK: Keys

  /// `Pwd=…`, `?motherduck_token=…`, `sig=…`: whatever it is.
  ///
  /// - Parameter equals: the `=`, without blanks around it.
  func listed(_ equals: Int) -> SecretFinding? {
    guard let key = key(before: equals), equals + 1 < bytes.count else { return nil }
    let name = String(decoding: bytes[key], as: UTF8.self)
    let isSignature = name.lowercased() == "sig"
    guard isSignature || SecretLook.isSecret(name: name) else { return nil }
    var from = equals + 1
    if SecretBytes.isQuote(bytes[from]) { from += 1 }
    func end(_ limit: Int) -> Int {
      var stop = from
      while stop < bytes.count, stop - from < limit, !Self.endsSetting(bytes[stop]) { stop += 1 }
      return stop
    }
    // Judged by its beginning: the same text may be the value of many keys in it.
    let value = bytes[from..<end(Self.judged)]
    guard isWritten(value), !isSignature || value.count >= 40, !isCode(value, key), IssuerMarks.token(bytes, from, value.endIndex) == nil
    else { return nil }
    let stop = end(4096)
    return SecretFinding(.setting, key.lowerBound..<stop, hidden: from..<stop)
  }

  private static func endsSetting(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "&") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "`")
      || SecretBytes.isQuote(byte)
  }

  /// `password=password)` is a program's.
  private func isCode(_ value: ArraySlice<UInt8>, _ key: Range<Int>) -> Bool {
    if value.elementsEqual(bytes[key]) || value.first == UInt8(ascii: "=") { return true }
    // In quotes it is a text.
    if value.startIndex > 0, SecretBytes.isQuote(bytes[value.startIndex - 1]) { return false }
    return value.contains { "()[]".utf8.contains($0) }
  }

  /// `token: …` in a comment, a free text or a foreign file: where it is random, or such as people think of. It may stand on
  /// the line below.
  func speaking(_ colon: Int) -> SecretFinding? {
    guard let key = key(before: colon) else { return nil }
    let name = String(decoding: bytes[key], as: UTF8.self)
    guard SecretLook.isSecret(name: name) else { return nil }
    var from = colon + 1
    guard from < bytes.count, SecretBytes.isBlank(bytes[from]) || SecretBytes.isQuote(bytes[from]) || SecretBytes.isBreak(bytes[from])
    else { return nil }
    let below = skipBlanks(&from)
    guard from < bytes.count else { return nil }
    let quote = SecretBytes.isQuote(bytes[from]) ? bytes[from] : nil
    if quote != nil { from += 1 }
    var stop = from
    while stop < bytes.count, stop - from < Self.judged, !ends(bytes[stop], quote) { stop += 1 }
    let value = bytes[from..<stop]
    guard value.count >= 6, isWritten(value), !value.contains(0x20), !isElsewhere(value),
      IssuerMarks.token(bytes, from, stop) == nil, !below || !isKey(value, quote)
    else { return nil }
    while stop < bytes.count, stop - from < 4096, !ends(bytes[stop], quote) { stop += 1 }
    // On a line of its own it is all that there is to mark.
    let start = below ? from : key.lowerBound
    let isLong = value.count >= 20 && value.allSatisfy(SecretBytes.isBase64)
    let text = isLong ? Base64.text(value) : nil
    if isLong, RandomText.isRandom(value) && text == nil || isHexadecimalKey(value) {
      return SecretFinding(.speaking, start..<stop, hidden: from..<stop)
    }
    guard isThoughtOf(value, name: name) else { return nil }
    return SecretFinding(.password, start..<stop, hidden: from..<stop)
  }

  /// Skips blanks, and one line break with the indentation behind it.
  ///
  /// - Returns: whether there was a line break.
  private func skipBlanks(_ index: inout Int) -> Bool {
    while index < bytes.count, SecretBytes.isBlank(bytes[index]) { index += 1 }
    guard index < bytes.count, SecretBytes.isBreak(bytes[index]) else { return false }
    index += bytes[index] == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A ? 2 : 1
    while index < bytes.count, SecretBytes.isBlank(bytes[index]) { index += 1 }
    return true
  }

  /// Whether the first word of a line is a key of its own.
  private func isKey(_ value: ArraySlice<UInt8>, _ quote: UInt8?) -> Bool {
    let colon = UInt8(ascii: ":")
    guard quote != nil else { return value.last == colon }
    return bytes[min(value.endIndex + 1, bytes.count)...].first { !SecretBytes.isBlank($0) } == colon
  }

  /// How much of a value is looked at to tell what it is.
  private static let judged = 128

  private func ends(_ byte: UInt8, _ quote: UInt8?) -> Bool {
    if let quote { return byte == quote || SecretBytes.isBreak(byte) }
    return byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}")
  }

  private func isHexadecimalKey(_ value: ArraySlice<UInt8>) -> Bool {
    value.count >= 32 && value.allSatisfy(SecretBytes.isHexadecimal) && !IssuerMarks.isPlaceholder(value)
  }

  /// A path, a URL or an address: where the secret is, not what it is.
  private func isElsewhere(_ value: ArraySlice<UInt8>) -> Bool {
    value.first == UInt8(ascii: "/") || value.first == UInt8(ascii: ".") || value.containsRun(of: "://") || value.starts(with: "arn:".utf8)
      || value.starts(with: "sha".utf8) && value.contains(UInt8(ascii: ":")) || value.count { $0 == UInt8(ascii: "/") } > 1
  }

  /// Whether letters, digits and signs stand as in a password rather than as in a name.
  private func isThoughtOf(_ value: ArraySlice<UInt8>, name: String) -> Bool {
    let signs = Set("!#$%^&?~".utf8)
    let hasDigit = value.contains(where: SecretBytes.isDigit), hasLetter = value.contains(where: SecretBytes.isLetter)
    guard hasDigit, hasLetter else { return false }
    if value.contains(where: { signs.contains($0) }) { return true }
    let lowered = name.lowercased()
    if SecretWords.passwords.contains(where: lowered.hasSuffix), !value.contains(where: { "_-./:".utf8.contains($0) }) { return true }
    var changes = 0
    for (one, other) in zip(value, value.dropFirst())
    where SecretBytes.isLetter(one) && SecretBytes.isDigit(other) || SecretBytes.isDigit(one) && SecretBytes.isLetter(other) {
      changes += 1
    }
    return changes >= 4
  }

  /// The name before a `:` or `=`, a closing quote left out.
  private func key(before sign: Int) -> Range<Int>? {
    var end = sign
    while end > 0, SecretBytes.isBlank(bytes[end - 1]), sign - end < 4 { end -= 1 }
    if end > 0, SecretBytes.isQuote(bytes[end - 1]) { end -= 1 }
    var start = end
    while start > 0, end - start < 64, SecretBytes.isWord(bytes[start - 1]) { start -= 1 }
    return start < end ? start..<end : nil
  }

  // MARK: Values

  /// Whether a value is written out, and no reference, variable, template or placeholder.
  func isWritten(_ value: ArraySlice<UInt8>) -> Bool {
    guard let first = value.first else { return false }
    if MaskedText.isMasked(value) { return true }
    if "$<{[(%*&!@|>`\\#".utf8.contains(first) { return false }
    if value.starts(with: "ref+".utf8) || value.starts(with: "secretref+".utf8) || value.containsRun(of: "{{")
      || value.containsRun(of: "${")
    {
      return false
    }
    if value.count >= 3, IssuerMarks.isPlaceholder(value) { return false }
    if Self.isVariable(value) { return false }
    let text = String(decoding: value.prefix(32), as: UTF8.self).lowercased()
    if Self.placeholders.contains(text) { return false }
    return !text.hasPrefix("your") && !text.hasPrefix("changeme") && !text.hasPrefix("redacted")
  }

  private static let placeholders: Set<String> = [
    "null", "none", "true", "false", "nil", "undefined", "...", "redacted", "hidden", "secret", "placeholder", "todo", "tbd", "string",
    "example",
  ]

  /// The name of an environment variable: `DBT_ENV_SECRET_DB`.
  static func isVariable(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.allSatisfy { SecretBytes.isCapital($0) || SecretBytes.isDigit($0) || $0 == UInt8(ascii: "_") }
      && bytes.contains(UInt8(ascii: "_"))
  }
}

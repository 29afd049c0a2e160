/// Judges one long word of a text: a run of letters, digits, `-`, `_` and `.`.
struct SecretWord {
  let bytes: [UInt8]
  let start: Int
  let end: Int

  /// The shortest word that could be a mark and what follows it.
  static let minimum = 15

  /// What its form tells.
  var certain: SecretFinding? { token ?? webToken ?? special }

  // MARK: Marks

  /// Where it begins, or behind a `-`, `_` or `.` in it, or behind the letter of an escape.
  private var token: SecretFinding? {
    if let found = IssuerMarks.token(bytes, start, end) { return found }
    if start > 0, bytes[start - 1] == UInt8(ascii: "\\") {
      // `\n`, `\xHH`, `\uHHHH`, `\UHHHHHHHH` of JSON and YAML.
      for skipped in [1, 3, 5, 9] where start + skipped < end {
        if let found = IssuerMarks.token(bytes, start + skipped, end) { return found }
      }
    }
    for index in start + 1..<end - 1 where isSeparator(bytes[index - 1]) && IssuerMarks.mayBegin(bytes, index) {
      if let found = IssuerMarks.token(bytes, index, end), isMixed(found.hidden) { return found }
    }
    return nil
  }

  private func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") }

  /// Within a name, a mark alone says little: `data-sk-learn-models-of-2024`.
  private func isMixed(_ range: Range<Int>) -> Bool {
    let rest = bytes[range].prefix(64)
    return MaskedText.isMasked(rest) || rest.contains(where: SecretBytes.isCapital) && rest.contains(where: SecretBytes.isSmall)
      || rest.contains(where: SecretBytes.isDigit) && rest.contains(where: SecretBytes.isLetter) && !RandomText.hasWords(rest)
  }

  /// Header and payload are JSON objects in base64: https://www.rfc-editor.org/rfc/rfc7519
  private var webToken: SecretFinding? {
    var from = start
    if from > 0, bytes[from - 1] == UInt8(ascii: "\\") { from += 1 }
    guard from + 15 <= end, bytes[from..<end].starts(with: "eyJ".utf8) else { return nil }
    let parts = bytes[from..<end].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    // The payload of an encrypted one is none that could be known.
    guard parts[0].count >= 10, parts.count == 5 || parts.count == 3 && (parts[1].starts(with: "ey".utf8) || MaskedText.isMasked(parts[1]))
    else { return nil }
    return SecretFinding(.webToken, from..<end, hidden: from + 3..<end)
  }

  /// Tokens whose mark stands before or inside of what is long.
  private var special: SecretFinding? {
    let word = bytes[start..<end]
    // `abc8Q~…`: a client secret of Entra ID.
    if start >= 3, bytes[start - 1] == UInt8(ascii: "~"), bytes[start - 2] == UInt8(ascii: "Q"), SecretBytes.isDigit(bytes[start - 3]),
      word.count >= 28
    {
      var from = start - 2
      while from > 0, start - from < 8, SecretBytes.isWord(bytes[from - 1]) { from -= 1 }
      return SecretFinding(.token("a client secret of Entra ID"), from..<end, hidden: start..<end)
    }
    // `123456789:AA…`
    if start >= 9, bytes[start - 1] == UInt8(ascii: ":"), word.starts(with: "AA".utf8), word.count >= 33,
      bytes[start - 9..<start - 1].allSatisfy(SecretBytes.isDigit)
    {
      return SecretFinding(.token("a token of Telegram"), start..<end)
    }
    return nil
  }

  // MARK: Randomness

  /// What its looks tell.
  ///
  /// - Parameter judged: where the text ends that has been judged, so that nothing is judged for each word in it.
  func random(judged: inout Int) -> SecretFinding? {
    var from = start
    var stop = end
    // The whole run of base64, of which `+` and `/` are no signs of a word.
    while from > 0, start - from < 512, isRun(bytes[from - 1]) { from -= 1 }
    while stop < bytes.count, stop - end < 4096, isRun(bytes[stop]) { stop += 1 }
    judged = stop
    guard !isInAddress(from) else { return nil }
    // What stands before a full stop is a word of its own: `a.b.c`.
    for part in bytes[from..<stop].split(separator: UInt8(ascii: ".")) where part.count >= RandomText.minimum {
      let run = withoutName(part)
      let text = Base64.text(run)
      if let text, text.count >= 16, SecretScan.isCertain(text) { return SecretFinding(.encoded, run.startIndex..<run.endIndex) }
      guard text == nil, RandomText.isRandom(run), !isPublic(run) else { continue }
      guard !isDigest(run), !isKey(run) else { continue }
      return SecretFinding(.random, run.startIndex..<run.endIndex)
    }
    return nil
  }

  private func isRun(_ byte: UInt8) -> Bool { SecretBytes.isBase64(byte) || byte == UInt8(ascii: ".") }

  /// Without `key=` before it.
  private func withoutName(_ run: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var body = run
    while body.last == UInt8(ascii: "=") { body = body.dropLast() }
    guard let equals = body.lastIndex(of: UInt8(ascii: "=")) else { return run }
    return run[(equals + 1)...]
  }

  /// Whether it is a part of a URL, a reference or an ARN: ids of documents, versions and the like stand there.
  private func isInAddress(_ from: Int) -> Bool {
    var index = from
    while index > 0, from - index < 512, bytes[index - 1] > 0x20, !SecretBytes.isQuote(bytes[index - 1]) { index -= 1 }
    let before = bytes[index..<from]
    // The run may begin with the slashes.
    return before.starts(with: "arn:".utf8) || bytes[index..<min(from + 2, bytes.count)].containsRun(of: "://")
      || before.last == UInt8(ascii: "%")
  }

  /// `sha256:…`, `sha256=…`, `sha512-…` of lock files, `h1:…` of go.sum, `SHA256:…` of SSH's fingerprints, `md5:…`.
  private func isDigest(_ run: ArraySlice<UInt8>) -> Bool {
    let own = run.prefix(8).map { $0 | 0x20 }
    if own.starts(with: "sha".utf8), own.dropFirst(3).prefix(3).contains(where: SecretBytes.isDigit),
      run.prefix(8).contains(UInt8(ascii: "-"))
    {
      return true
    }
    guard run.startIndex > 1, bytes[run.startIndex - 1] == UInt8(ascii: ":") || bytes[run.startIndex - 1] == UInt8(ascii: "=") else {
      return false
    }
    var from = run.startIndex - 1
    while from > 0, run.startIndex - from < 12, SecretBytes.isAlphanumeric(bytes[from - 1]) { from -= 1 }
    let name = bytes[from..<run.startIndex - 1]
    return (2...8).contains(name.count) && name.contains(where: SecretBytes.isDigit)
  }

  /// Public keys of SSH, X.509 and age.
  private func isPublic(_ run: ArraySlice<UInt8>) -> Bool {
    run.starts(with: "AAAA".utf8) || run.starts(with: "age1".utf8) || run.starts(with: "MIIBIjANBgkq".utf8)
      || run.starts(with: "MIICIjANBgkq".utf8)
      || run.starts(with: "MFkwEwYHKoZIzj0".utf8) || run.starts(with: "MCowBQYDK2Vw".utf8)
  }

  /// Whether it stands where a key does: names are not judged by their looks.
  private func isKey(_ run: ArraySlice<UInt8>) -> Bool {
    var index = run.endIndex
    if index < bytes.count, SecretBytes.isQuote(bytes[index]) { index += 1 }
    while index < bytes.count, SecretBytes.isBlank(bytes[index]) { index += 1 }
    guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else { return false }
    return index + 1 == bytes.count || bytes[index + 1] <= 0x20 || SecretBytes.isQuote(bytes[run.endIndex])
  }
}

extension Collection<UInt8> {
  /// Whether the bytes of a piece occur in it.
  func containsRun(of piece: String) -> Bool {
    guard let first = piece.utf8.first else { return true }
    var rest = self[...]
    while let place = rest.firstIndex(of: first) {
      rest = rest[place...]
      if rest.starts(with: piece.utf8) { return true }
      rest = rest.dropFirst()
    }
    return false
  }
}

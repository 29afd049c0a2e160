/// Searches bytes for what looks like a secret: in values, keys, names, free texts and comments alike, whatever the format.
///
/// One pass, in which nearly every byte is only looked up in a table: what could be a token is a word of fifteen characters
/// or more, and all else stands around a `:` or a `=`.
package enum SecretScan {
  /// What says on a line, in a comment, that nothing in it is a secret.
  package static let mark = "writ: not a secret"

  /// In the order of their places, none within another; those whose line says that they are none included.
  package static func findings(_ bytes: [UInt8]) -> [SecretFinding] {
    var search = Search(bytes: bytes)
    let table = SecretBytes.table
    var start = 0
    var index = 0
    var kinds: UInt8 = 0
    for byte in bytes {
      let kind = table[Int(byte)]
      if kind & SecretBytes.word != 0 {
        kinds |= kind
      } else {
        // Whatever is a secret has a digit or a capital in it, and most words have neither.
        if index - start >= 10, kinds & (SecretBytes.digit | SecretBytes.capital) != 0 { search.word(start, index, kinds) }
        if kind & (SecretBytes.colon | SecretBytes.equals) != 0, index > 0 { search.sign(index, kind) }
        start = index + 1
        kinds = 0
      }
      index += 1
    }
    if index - start >= 10 { search.word(start, index, kinds) }
    return search.found.isEmpty ? [] : marked(search.found, bytes)
  }

  /// Whether the form of something in it tells that it is a secret.
  static func isCertain(_ bytes: [UInt8]) -> Bool { findings(bytes).contains(where: \.isCertain) }

  /// What has been found so far.
  private struct Search {
    let bytes: [UInt8]
    var found: [SecretFinding] = []
    /// Where the last one ends that is certain: nothing before it is looked at again.
    private var end = 0
    /// Where the last run ends that was judged by its randomness.
    private var judged = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The form of one says more than the looks of another in its place.
    private mutating func add(_ finding: SecretFinding?) {
      guard let finding else { return }
      if let last = found.last, finding.range.lowerBound < last.range.upperBound {
        guard finding.isCertain, !last.isCertain else { return }
        found.removeLast()
      }
      found.append(finding)
      if finding.isCertain { end = finding.range.upperBound }
    }

    /// - Parameter kinds: of all its bytes.
    mutating func word(_ start: Int, _ stop: Int, _ kinds: UInt8) {
      let isMixed = kinds & SecretBytes.small != 0 && kinds & SecretBytes.capital != 0
      guard stop - start >= SecretWord.minimum || isMixed || bytes[start] == UInt8(ascii: "-"), stop > end else { return }
      if bytes[start] == UInt8(ascii: "-"), let block = SecretScan.block(bytes, start) {
        // Certificates and the like are for everybody.
        if block.isPrivate { add(block.finding) } else { judged = max(judged, block.finding.range.upperBound) }
        return
      }
      let word = SecretWord(bytes: bytes, start: start, end: stop)
      if stop - start >= SecretWord.minimum, let finding = word.certain ?? SecretScan.credential(bytes, start, stop) { return add(finding) }
      // Words of one kind of letter are names or hashes, unless digits stand all over them.
      if start >= judged, isMixed || kinds & SecretBytes.digit != 0 && stop - start >= 32 { add(word.random(judged: &judged)) }
    }

    mutating func sign(_ index: Int, _ kind: UInt8) {
      guard index >= end else { return }
      if kind & SecretBytes.colon != 0, index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "/") {
        return add(SecretSetting(bytes: bytes).passwordInURL(index))
      }
      guard SecretWords.mayEndKey(bytes, index) else { return }
      add(kind & SecretBytes.equals != 0 ? SecretSetting(bytes: bytes).listed(index) : SecretSetting(bytes: bytes).speaking(index))
    }
  }

  // MARK: Keys in PEM

  /// https://www.rfc-editor.org/rfc/rfc7468
  fileprivate static func block(_ bytes: [UInt8], _ start: Int) -> (finding: SecretFinding, isPrivate: Bool)? {
    var from = start
    while from < bytes.count, bytes[from] == UInt8(ascii: "-"), bytes[from..<min(from + 6, bytes.count)].starts(with: "------".utf8) {
      from += 1
    }
    guard bytes[from...].starts(with: "-----BEGIN".utf8) else { return nil }
    let line = bytes[from..<min(from + 80, bytes.count)]
    let isPrivate = line.containsRun(of: "PRIVATE KEY")
    // To the end of the block, as far as one reaches.
    var index = from + 10
    while index < bytes.count, bytes[index] != UInt8(ascii: "-"), !SecretBytes.isBreak(bytes[index]) { index += 1 }
    while index < bytes.count, bytes[index] == UInt8(ascii: "-") { index += 1 }
    let body = index
    let limit = min(bytes.count, body + (64 << 10))
    // Base64 holds no `-`, so the first ones end it: a text of many beginnings is not searched many times.
    while index < limit, bytes[index] != UInt8(ascii: "-") { index += 1 }
    guard bytes[index...].starts(with: "-----END".utf8) else {
      // Without an end: whatever lines of base64 follow.
      index = body
      while index < limit, SecretBytes.isBase64(bytes[index]) || bytes[index] <= 0x20 || bytes[index] == UInt8(ascii: "\\") { index += 1 }
      while index > body, bytes[index - 1] <= 0x20 { index -= 1 }
      return (SecretFinding(.privateKey, from..<index, hidden: body..<index), isPrivate)
    }
    return (SecretFinding(.privateKey, from..<index, hidden: body..<index), isPrivate)
  }

  // MARK: Credentials

  /// What a header `Authorization` holds: https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2
  fileprivate static func credential(_ bytes: [UInt8], _ start: Int, _ end: Int) -> SecretFinding? {
    guard start >= 6, bytes[start - 1] == 0x20 else { return nil }
    let before = bytes[max(0, start - 7)..<start - 1].map { $0 | 0x20 }
    guard before.suffix(6).elementsEqual("bearer".utf8) || before.suffix(5).elementsEqual("basic".utf8) else { return nil }
    let value = bytes[start..<end]
    guard value.contains(where: SecretBytes.isDigit), value.contains(where: SecretBytes.isLetter), !IssuerMarks.isPlaceholder(value),
      value.contains(where: SecretBytes.isCapital) || !value.contains(UInt8(ascii: "-"))
    else { return nil }
    return SecretFinding(.authorization, start..<end)
  }

  // MARK: The mark

  static func marked(_ finding: SecretFinding, _ bytes: [UInt8]) -> SecretFinding { marked([finding], bytes)[0] }

  /// Each line is looked at once.
  private static func marked(_ findings: [SecretFinding], _ bytes: [UInt8]) -> [SecretFinding] {
    var line = 0..<0
    var isMarked = false
    return findings.map { finding in
      let place = finding.range.lowerBound
      if !line.contains(place) {
        var (from, to) = (place, place)
        while from > line.upperBound, !SecretBytes.isBreak(bytes[from - 1]) { from -= 1 }
        while to < bytes.count, !SecretBytes.isBreak(bytes[to]) { to += 1 }
        line = from..<to
        let comment = bytes[line].firstIndex(of: UInt8(ascii: "#"))
        isMarked = comment.map { bytes[$0..<to].containsRun(of: mark) } ?? false
      }
      guard isMarked else { return finding }
      var finding = finding
      finding.isMarked = true
      return finding
    }
  }
}

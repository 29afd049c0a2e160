/// Keeps literal secrets out of the lines that are shown beside a message: what a diagnostic found to be one, and what
/// stands behind a key that speaks of one. Characters are replaced one by one, so that underlines stay in place.
struct SecretMask {
  /// By file, in order of their places.
  private let spans: [Int32: [Range<Int>]]

  init(_ diagnostics: [Diagnostic]) {
    var found: [Int32: [Range<Int>]] = [:]
    for case let span? in diagnostics.filter({ $0.code.isAboutSecret }).map(\.span) {
      found[span.file, default: []].append(Int(span.start)..<Int(span.end))
    }
    spans = found.mapValues { $0.sorted { $0.lowerBound < $1.lowerBound } }
  }

  /// What begins in a range, and what reaches into it from before: found without looking at every secret of the file.
  private func spans(in range: Range<Int>, of file: Int32) -> [Range<Int>] {
    guard let all = spans[file] else { return [] }
    var (low, high) = (0, all.count)
    while low < high {
      let middle = (low + high) / 2
      if all[middle].lowerBound < range.lowerBound { low = middle + 1 } else { high = middle }
    }
    return Array(all[max(0, low - 1)...].prefix { $0.lowerBound < range.upperBound })
  }

  /// A part of a line, masked.
  ///
  /// - Parameters:
  ///   - line: the bytes of the whole line, in which keys are looked for.
  ///   - mayShow: whether the span itself is known to be no secret, whatever key it stands behind.
  func text(_ range: Range<Int>, of line: Range<Int>, _ bytes: [UInt8], span: SourceSpan, mayShow: Bool) -> String {
    var hidden = spans(in: range, of: span.file)
    let near = max(line.lowerBound, range.lowerBound - 8192)..<min(line.upperBound, range.upperBound + 64)
    hidden += Self.speaking(bytes, near).filter { !mayShow || !$0.contains(Int(span.start)) }
    // What merely looks random, too: whether it is a secret is reported, or not, elsewhere.
    hidden += SecretScan.findings(Array(bytes[near])).filter { !$0.isMarked }.map {
      near.lowerBound + $0.hidden.lowerBound..<near.lowerBound + $0.hidden.upperBound
    }
    hidden = hidden.map { $0.clamped(to: range) }.filter { !$0.isEmpty }
    guard !hidden.isEmpty else { return String(decoding: bytes[range], as: UTF8.self) }
    var shown: [UInt8] = []
    for index in range {
      if !hidden.contains(where: { $0.contains(index) }) {
        shown.append(bytes[index])
      } else if bytes[index] & 0xC0 != 0x80 {
        shown += "•".utf8
      }
    }
    return String(decoding: shown, as: UTF8.self)
  }

  /// The values behind `password:` and its like, where they are no references.
  private static func speaking(_ bytes: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
    var found: [Range<Int>] = []
    for colon in range where bytes[colon] == UInt8(ascii: ":") {
      var start = colon
      while start > range.lowerBound, isWord(bytes[start - 1]) { start -= 1 }
      let key = String(decoding: bytes[start..<colon], as: UTF8.self).lowercased()
      guard key.utf8.count <= 64, SecretWords.endings.contains(where: key.hasSuffix) else { continue }
      var value = colon + 1
      while value < range.upperBound, isBlank(bytes[value]) { value += 1 }
      var content = value
      while content < range.upperBound,
        [
          UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: ">"),
          UInt8(ascii: "&"), UInt8(ascii: "*"),
        ].contains(bytes[content])
      {
        content += 1
      }
      let rest = bytes[content..<range.upperBound]
      if rest.isEmpty || rest.starts(with: "ref+".utf8) || rest.starts(with: "secretref+".utf8) { continue }
      let end = valueEnd(bytes, value, range.upperBound)
      if end > value, !SecretSetting.isVariable(bytes[value..<end]) { found.append(value..<end) }
    }
    return found
  }

  /// Behind the closing quote, or where a plain value ends. Where in doubt, at the end of the line.
  private static func valueEnd(_ bytes: [UInt8], _ start: Int, _ limit: Int) -> Int {
    guard start < limit else { return start }
    let quote = bytes[start]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      return bytes[start + 1..<limit].firstIndex(of: quote).map { $0 + 1 } ?? limit
    }
    if quote == UInt8(ascii: "{") || quote == UInt8(ascii: "[") { return limit }
    var index = start
    while index < limit {
      if bytes[index] == UInt8(ascii: ",") || bytes[index] == UInt8(ascii: "}"),
        index + 1 == limit || isBlank(bytes[index + 1]) || bytes[index] == UInt8(ascii: "}")
      {
        break
      }
      index += 1
    }
    while index > start, isBlank(bytes[index - 1]) { index -= 1 }
    return index
  }

  private static func isBlank(_ byte: UInt8) -> Bool { SecretBytes.isBlank(byte) }

  private static func isWord(_ byte: UInt8) -> Bool { SecretBytes.isAlphanumeric(byte) || byte == UInt8(ascii: "_") }
}

extension Diagnostic {
  /// Whether what its span covers is no secret, whatever key it stands behind: not where the file could not be read as it was meant.
  var isSpanKnownToBeNoSecret: Bool { ![.malformedYAML, .unknownAlias, .unsupportedYAML, .unknownField].contains(code) }
}

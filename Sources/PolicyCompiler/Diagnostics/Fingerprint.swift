/// What a problem is known by across revisions: its code, its file, the text that it is about and its message. No line
/// numbers, so it stays the same where lines move.
///
/// Literal secrets are left out of the text, as they are in what is printed: nobody can guess one and compare.
package struct Fingerprint: Hashable, Sendable {
  /// Thirty-two letters of hexadecimal; the same for equal problems.
  package let text: String
  /// Which of several equal ones it is, from 1, in the order of their places.
  package let occurrence: Int

  /// Both, for hosts that take one text: `0a1b…:1`.
  package var unique: String { "\(text):\(occurrence)" }

  /// The fingerprints of problems, in their order.
  package static func all(_ diagnostics: [Diagnostic], _ sources: SourceMap) -> [Fingerprint] {
    var maker = FingerprintMaker(sources, SecretMask(diagnostics, sources))
    return diagnostics.map { maker.make($0) }
  }
}

/// Makes fingerprints one after the other, and counts equal ones.
struct FingerprintMaker {
  private let sources: SourceMap
  private let mask: SecretMask
  private var seen: [String: Int] = [:]
  /// Bytes of a problem's text that count.
  private static let reach = 400

  init(_ sources: SourceMap, _ mask: SecretMask? = nil) {
    self.sources = sources
    self.mask = mask ?? SecretMask([], sources)
  }

  mutating func make(_ it: Diagnostic) -> Fingerprint {
    let words = it.span.map { excerpt($0, mayShow: it.isSpanKnownToBeNoSecret) }
    return make([it.code.rawValue, it.span.map { sources.path(of: $0) } ?? "", words ?? "", Self.lasting(it), it.identity ?? ""])
  }

  /// - Parameter parts: what makes it this one.
  mutating func make(_ parts: [String]) -> Fingerprint {
    // With their lengths, so that no two lists of parts make one text.
    let text = SHA256.hexadecimal(parts.flatMap { Array("\($0.utf8.count):\($0)".utf8) }, bytes: 16)
    seen[text, default: 0] += 1
    return Fingerprint(text: text, occurrence: seen[text] ?? 1)
  }

  /// What a span covers of its first line, with secrets masked and white space as one space.
  func excerpt(_ span: SourceSpan, mayShow: Bool) -> String {
    let (line, bytes) = sources.lineRange(of: span)
    let start = min(max(Int(span.start), line.lowerBound), line.upperBound)
    var end = min(max(Int(span.end), start), line.upperBound, start + Self.reach)
    while end > start, end < line.upperBound, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    let shown = mask.text(start..<end, of: line, bytes, span: span, mayShow: mayShow)
    return shown.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
  }

  /// The message without what changes every day.
  private static func lasting(_ it: Diagnostic) -> String {
    guard it.code == .endsSoon, let range = it.message.ranges(of: " ends in ").last else { return it.message }
    return String(it.message[..<range.lowerBound])
  }
}

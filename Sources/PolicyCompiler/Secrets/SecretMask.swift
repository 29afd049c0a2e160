/// Keeps literal secrets out of the lines that are shown beside a message: what a diagnostic found to be one, and what
/// stands behind a key that speaks of one, there or on the lines below. Characters are replaced one by one, so that underlines stay in place.
struct SecretMask {
  private let sources: SourceMap
  /// By file, in order of their places.
  private let spans: [Int32: [Range<Int>]]
  /// Files that could not be read as they were meant.
  private let unreadable: Set<Int32>

  init(_ diagnostics: [Diagnostic], _ sources: SourceMap) {
    self.sources = sources
    var found: [Int32: [Range<Int>]] = [:]
    var unreadable: Set<Int32> = []
    for it in diagnostics {
      guard let span = it.span else { continue }
      if it.code.isAboutSecret { found[span.file, default: []].append(Int(span.start)..<Int(span.end)) }
      if it.code.isAboutReading { unreadable.insert(span.file) }
    }
    spans = found.mapValues { $0.sorted { $0.lowerBound < $1.lowerBound } }
    self.unreadable = unreadable
  }

  /// What begins in a range, and what reaches into it from before: found without looking at every secret of the file.
  private func ranges(_ all: [Range<Int>], in range: Range<Int>) -> ArraySlice<Range<Int>> {
    var (low, high) = (0, all.count)
    while low < high {
      let middle = (low + high) / 2
      if all[middle].lowerBound < range.lowerBound { low = middle + 1 } else { high = middle }
    }
    return all[max(0, low - 1)...].prefix { $0.lowerBound < range.upperBound }
  }

  /// A part of a line, masked.
  ///
  /// - Parameters:
  ///   - line: the bytes of the whole line, in which keys are looked for.
  ///   - mayShow: whether the span itself is known to be no secret, whatever key it stands behind.
  func text(_ range: Range<Int>, of line: Range<Int>, _ bytes: [UInt8], span: SourceSpan, mayShow: Bool) -> String {
    let isReadable = !unreadable.contains(span.file)
    var hidden = Array(ranges(spans[span.file] ?? [], in: range))
    let near = max(line.lowerBound, range.lowerBound - 8192)..<min(line.upperBound, range.upperBound + 64)
    hidden +=
      (Self.speaking(bytes, near, mayLackColon: !isReadable || !mayShow) + ranges(sources.secretLines(of: span.file, isReadable), in: range))
      .filter { !mayShow || !$0.contains(Int(span.start)) }
    // What merely looks random, too: whether it is a secret is reported, or not, elsewhere.
    hidden += SecretScan.findings(Array(bytes[near])).filter { !$0.isMarked }.map {
      near.lowerBound + $0.hidden.lowerBound..<near.lowerBound + $0.hidden.upperBound
    }
    hidden = hidden.map { $0.clamped(to: range) }.filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
    guard !hidden.isEmpty else { return String(decoding: bytes[range], as: UTF8.self) }
    var shown: [UInt8] = []
    var index = range.lowerBound
    for part in hidden where part.upperBound > index {
      if part.lowerBound > index { shown += bytes[index..<part.lowerBound] }
      // A sign for each character.
      for byte in bytes[max(index, part.lowerBound)..<part.upperBound] where byte & 0xC0 != 0x80 { shown += "•".utf8 }
      index = part.upperBound
    }
    return String(decoding: shown + bytes[index..<range.upperBound], as: UTF8.self)
  }

  // MARK: One line

  /// The values behind `password:` and its like, where they are no references.
  private static func speaking(_ bytes: [UInt8], _ range: Range<Int>, mayLackColon: Bool) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var isFlow = false
    // Where nothing but brackets follows.
    let brackets = range.last { !" \t\r,}]".utf8.contains(bytes[$0]) }.map { $0 + 1 } ?? range.lowerBound
    var end = range.lowerBound
    for colon in range {
      if bytes[colon] == UInt8(ascii: "{") { isFlow = true }
      guard colon >= end, bytes[colon] == UInt8(ascii: ":"), SecretWords.mayHide(bytes, colon) else { continue }
      var value = colon + 1
      while value < range.upperBound, SecretBytes.isBlank(bytes[value]) { value += 1 }
      var content = value
      while content < range.upperBound, "\"'[{|>&*".utf8.contains(bytes[content]) { content += 1 }
      let rest = bytes[content..<range.upperBound]
      if rest.isEmpty || isReference(rest) { continue }
      let stop = valueEnd(bytes, value..<range.upperBound, isFlow: isFlow, brackets: brackets)
      if stop > value, !SecretSetting.isVariable(bytes[value..<stop]) { found.append(value..<stop) }
      // What stands in brackets has keys of its own.
      end = "{[".utf8.contains(bytes[value]) ? content : stop
    }
    if mayLackColon, let rest = keyWithoutColon(bytes, range) { found.append(rest) }
    return found
  }

  /// Whether it says where a secret is.
  static func isReference(_ bytes: ArraySlice<UInt8>) -> Bool {
    let value = SecretBytes.isQuote(bytes.first ?? 0) ? bytes.dropFirst() : bytes
    return value.starts(with: "ref+".utf8) || value.starts(with: "secretref+".utf8)
  }

  /// What follows a word that speaks of a secret, where a line begins with one and its `:` was forgotten: `password hunter2`.
  static func keyWithoutColon(_ bytes: [UInt8], _ line: Range<Int>) -> Range<Int>? {
    guard let start = line.first(where: { !SecretBytes.isBlank(bytes[$0]) && bytes[$0] != UInt8(ascii: "-") }) else { return nil }
    let end = bytes[start..<line.upperBound].firstIndex { !SecretBytes.isWord($0) } ?? line.upperBound
    guard end > start, end == line.upperBound || SecretBytes.isBlank(bytes[end]), SecretWords.mayHide(bytes, end) else { return nil }
    guard let rest = (end..<line.upperBound).first(where: { !SecretBytes.isBlank(bytes[$0]) }) else { return end..<end }
    return bytes[rest] == UInt8(ascii: ":") ? nil : rest..<line.upperBound
  }

  /// The quote that closes the one that a value begins with; nil where none does.
  static func closing(_ bytes: [UInt8], _ value: Range<Int>) -> Int? {
    closing(bytes, value.dropFirst(), bytes[value.lowerBound])
  }

  static func closing(_ bytes: [UInt8], _ rest: Range<Int>, _ quote: UInt8) -> Int? {
    var index = rest.lowerBound
    while index < rest.upperBound {
      if bytes[index] == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        index += 2
        continue
      }
      if bytes[index] == quote {
        // `''` is an apostrophe.
        guard quote == UInt8(ascii: "'"), index + 1 < rest.upperBound, bytes[index + 1] == quote else { return index }
        index += 1
      }
      index += 1
    }
    return nil
  }

  /// Behind the closing quote, or where a plain value ends. Where in doubt, at the end of the line.
  ///
  /// - Parameters:
  ///   - isFlow: whether a bracket stands before it.
  ///   - brackets: where nothing but brackets follows on its line.
  private static func valueEnd(_ bytes: [UInt8], _ value: Range<Int>, isFlow: Bool, brackets: Int) -> Int {
    guard let quote = value.first.map({ bytes[$0] }) else { return value.upperBound }
    if SecretBytes.isQuote(quote) {
      guard let end = closing(bytes, value) else { return value.upperBound }
      // What stands behind it may have been meant to stand in it.
      let next = (end + 1..<value.upperBound).first { !SecretBytes.isBlank(bytes[$0]) }
      return next.map { ",}]#".utf8.contains(bytes[$0]) } ?? true ? end + 1 : value.upperBound
    }
    if quote == UInt8(ascii: "{") || quote == UInt8(ascii: "[") { return value.upperBound }
    let end =
      value.first { index in
        bytes[index] == UInt8(ascii: "}") && index >= brackets
          || isFlow && bytes[index] == UInt8(ascii: ",") && endsItem(bytes, index + 1..<value.upperBound)
      } ?? value.upperBound
    return (value.lowerBound..<end).last { !SecretBytes.isBlank(bytes[$0]) }.map { $0 + 1 } ?? end
  }

  /// Whether a plain value ends at a `,`: where no key follows, it may be a part of it.
  private static func endsItem(_ bytes: [UInt8], _ rest: Range<Int>) -> Bool {
    guard let next = rest.first(where: { !SecretBytes.isBlank(bytes[$0]) }) else { return true }
    let end = (next..<min(next + 64, rest.upperBound)).first { !SecretBytes.isWord(bytes[$0]) && !SecretBytes.isQuote(bytes[$0]) }
    return end.map { bytes[$0] == UInt8(ascii: ":") } ?? false
  }
}

extension DiagnosticCode {
  /// Whether it says that a file could not be read as it was meant.
  fileprivate var isAboutReading: Bool {
    switch self {
    case .invalidUTF8, .hiddenCharacter, .malformedYAML, .tabIndentation, .unknownAlias, .aliasBounds, .unsupportedYAML, .tooDeep: true
    default: false
    }
  }
}

extension Diagnostic {
  /// Whether what its span covers is no secret, or all of one, whatever key it stands behind: not where the file could not be
  /// read as it was meant, or where something else was expected.
  var isSpanKnownToBeNoSecret: Bool {
    switch code {
    case .exposedSecret, .likelySecret, .secretLeftOut, .unknownField, .wrongKind: false
    default: !code.isAboutReading
    }
  }
}

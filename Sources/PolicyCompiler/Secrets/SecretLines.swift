import Synchronization

/// The lines below a key that speaks of a secret, where a value stands that the key's own line does not hold: of a text in
/// quotes, of a block, of what was meant as one of these.
///
/// Where a file can be read, only what is a text there is one of them. Where it cannot, nobody knows what was meant: then it is
/// whatever follows, up to the next line that begins with a key and is indented no further.
struct SecretLines {
  private let bytes: [UInt8]
  private let isReadable: Bool
  private var found: [Range<Int>] = []
  private var state = State.outside

  private enum State {
    case outside
    /// The key's line ended without a value.
    ///
    /// - Parameter column: of the key.
    case expected(column: Int)
    case inside(column: Int)
    /// Up to this quote.
    case quoted(UInt8)
  }

  /// In the order of their places: of each line what is neither indentation nor its break.
  static func hidden(in bytes: [UInt8], isReadable: Bool) -> [Range<Int>] {
    var lines = SecretLines(bytes: bytes, isReadable: isReadable)
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(where: SecretBytes.isBreak) ?? bytes.count
      lines.line(start..<end)
      start = end + 1
    }
    return lines.found
  }

  private init(bytes: [UInt8], isReadable: Bool) {
    self.bytes = bytes
    self.isReadable = isReadable
  }

  private mutating func line(_ line: Range<Int>) {
    guard let start = line.first(where: { !SecretBytes.isBlank(bytes[$0]) }) else { return }
    let content = start..<line.upperBound
    switch state {
    case .outside: break
    case .inside(let column):
      // What belongs to a value that can be read is indented further than its key.
      let isBelow = isReadable && start - line.lowerBound <= column
      if !isBelow, !isEnd(content, column, line) { return found.append(content) }
    case .quoted(let quote):
      if SecretMask.closing(bytes, content, quote) != nil { state = .outside }
      return found.append(content)
    case .expected(let column):
      if bytes[start] == UInt8(ascii: "#") { return isReadable ? () : found.append(content) }
      if !isEnd(content, column, line), !isReadable || isText(content) {
        state = .inside(column: column)
        if isReadable, SecretBytes.isQuote(bytes[start]) {
          state = SecretMask.closing(bytes, content) == nil ? .quoted(bytes[start]) : .outside
        }
        return found.append(content)
      }
    }
    state = .outside
    search(content, line)
  }

  // MARK: Where it ends

  private func isEnd(_ content: Range<Int>, _ column: Int, _ line: Range<Int>) -> Bool {
    let indentation = content.lowerBound - line.lowerBound
    if indentation == 0, bytes[content].starts(with: "---".utf8) || bytes[content].starts(with: "...".utf8) { return true }
    return indentation <= column && key(content) != nil
  }

  /// Whether a value begins here that is neither a mapping, a list nor a reference.
  private func isText(_ content: Range<Int>) -> Bool {
    let first = bytes[content.lowerBound]
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || item(content) > content.lowerBound || key(content) != nil {
      return false
    }
    return !SecretMask.isReference(bytes[content.dropFirst(SecretBytes.isQuote(first) ? 1 : 0)])
  }

  /// Behind the dashes of a list.
  private func item(_ content: Range<Int>) -> Int {
    var index = content.lowerBound
    while index < content.upperBound, bytes[index] == UInt8(ascii: "-"),
      index + 1 == content.upperBound || SecretBytes.isBlank(bytes[index + 1])
    {
      index += 1
      while index < content.upperBound, SecretBytes.isBlank(bytes[index]) { index += 1 }
    }
    return index
  }

  /// The `:` of the key that a line begins with: one word, or a text in quotes.
  private func key(_ content: Range<Int>) -> Int? {
    var index = item(content)
    guard index < content.upperBound else { return nil }
    if SecretBytes.isQuote(bytes[index]) {
      guard let quote = bytes[(index + 1)..<content.upperBound].firstIndex(of: bytes[index]) else { return nil }
      index = quote + 1
    } else {
      let start = index
      while index < content.upperBound, SecretBytes.isWord(bytes[index]) || bytes[index] >= 0x80 || "/@*$+".utf8.contains(bytes[index]) {
        index += 1
      }
      guard index > start else { return nil }
    }
    while index < content.upperBound, SecretBytes.isBlank(bytes[index]) { index += 1 }
    guard index < content.upperBound, bytes[index] == UInt8(ascii: ":") else { return nil }
    return index + 1 == content.upperBound || SecretBytes.isBlank(bytes[index + 1]) ? index : nil
  }

  // MARK: Where it begins

  /// Looks for a key whose value goes on below.
  private mutating func search(_ content: Range<Int>, _ line: Range<Int>) {
    let column = item(content) - line.lowerBound
    let first = key(content)
    // What ends a plain text within brackets.
    let bracket = content.last { ",}]".utf8.contains(bytes[$0]) } ?? 0
    for colon in content where bytes[colon] == UInt8(ascii: ":") && SecretWords.mayHide(bytes, colon) {
      // A key within the line is of brackets that began in it or above: all of the line counts.
      begin(colon + 1..<content.upperBound, first == colon ? column : content.lowerBound - line.lowerBound, bracket)
    }
    if !isReadable, SecretMask.keyWithoutColon(bytes, content) != nil { state = .inside(column: column) }
    // `? password`, whose value is behind the `:` of the next line.
    if bytes[content].starts(with: "? ".utf8), SecretWords.mayHide(bytes, content.upperBound) { state = .expected(column: column) }
  }

  /// - Parameters:
  ///   - rest: of the key's line.
  ///   - bracket: the last one on it.
  private mutating func begin(_ rest: Range<Int>, _ column: Int, _ bracket: Int) {
    var rest = rest
    while true {
      guard let start = rest.first(where: { !SecretBytes.isBlank(bytes[$0]) }), bytes[start] != UInt8(ascii: "#") else {
        state = .expected(column: column)
        return
      }
      let value = start..<rest.upperBound
      switch bytes[start] {
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        if SecretMask.closing(bytes, value) == nil { state = isReadable ? .quoted(bytes[start]) : .inside(column: column) }
      case UInt8(ascii: "|"), UInt8(ascii: ">"): state = .inside(column: column)
      case UInt8(ascii: "&"), UInt8(ascii: "!"):
        // A name for the value, and perhaps the value.
        let end = value.prefix(256).first { SecretBytes.isBlank(bytes[$0]) }
        rest = (end ?? value.upperBound)..<value.upperBound
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if !isReadable { state = .inside(column: column) }
      default:
        let isFlow = isReadable && bracket >= start
        if !SecretMask.isReference(bytes[value]) { state = isFlow ? .outside : .inside(column: column) }
      }
      return
    }
  }
}

/// Those lines, looked for once in each file of which a line is shown.
final class HiddenLines: Sendable {
  private let found = Mutex<[Int32: (readable: [Range<Int>]?, unreadable: [Range<Int>]?)]>([:])

  func of(_ file: Int32, isReadable: Bool, _ bytes: [UInt8]) -> [Range<Int>] {
    found.withLock { all in
      let known = all[file]
      if let lines = isReadable ? known?.readable : known?.unreadable { return lines }
      let lines = SecretLines.hidden(in: bytes, isReadable: isReadable)
      all[file] = isReadable ? (lines, known?.unreadable) : (known?.readable, lines)
      return lines
    }
  }
}

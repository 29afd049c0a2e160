/// A piece of a policy file as it was written: what formatting moves, and changes in nothing but white space and quotes.
struct LayoutToken {
  enum Kind: Equatable {
    /// A text, plain or in quotes; on several lines, perhaps.
    case scalar
    /// `|` or `>` with the lines below it.
    case block(BlockText)
    case anchor, alias, comment
    case dash, question, colon, comma
    case open(UInt8), close(UInt8)
    /// `---` or `...`.
    case document
    /// `%YAML 1.2`.
    case directive
  }

  let kind: Kind
  /// Without white space around it.
  let range: Range<Int>
  /// Both from 0; columns count characters.
  let line: Int
  let column: Int
  /// The line on which it ends.
  let lastLine: Int

  var isComment: Bool { kind == .comment }
  var isClose: Bool { if case .close = kind { true } else { false } }

  /// Whether what stands behind it may be on lines of its own.
  var awaitsValue: Bool { [.dash, .question, .colon, .anchor].contains(kind) }
}

/// Cuts a file that YAML could be read from into its pieces.
///
/// The tree says where the scalars are. Between them YAML has nothing but white space, comments, indicators, anchors,
/// aliases and markers, which no context can turn into something else.
struct LayoutLexer {
  private let tree: SyntaxTree
  private let bytes: [UInt8]
  private var tokens: [LayoutToken] = []
  private var at = 0
  private var line = 0
  /// Where the line begins.
  private var lineStart = 0
  private var column = 0

  /// Nil where the file holds something that formatting knows nothing of.
  static func tokens(_ tree: SyntaxTree) -> [LayoutToken]? {
    var lexer = LayoutLexer(tree)
    guard lexer.run() else { return nil }
    return lexer.withoutIdleCommas()
  }

  private init(_ tree: SyntaxTree) {
    self.tree = tree
    bytes = tree.bytes
  }

  private mutating func run() -> Bool {
    var enclosing: [(node: Int, end: Int)] = []
    for node in tree.nodes.indices {
      let it = tree.nodes[node]
      // What an alias stands for is a copy of nodes that were met before.
      guard Int(it.start) >= at else { continue }
      while let last = enclosing.last, last.end <= node { enclosing.removeLast() }
      guard it.kind == .scalar else {
        if it.style == .block { enclosing.append((node, Int(it.link))) }
        continue
      }
      guard it.end > it.start else { continue }
      guard gap(to: Int(it.start)) else { return false }
      if it.style == .block {
        let parent = enclosing.last.map { column(of: Int(tree.nodes[$0.node].start)) } ?? -1
        guard let text = BlockText(bytes, at: Int(it.start), parent: parent), text.end >= Int(it.end) else { return false }
        append(.block(text), to: text.end)
      } else {
        append(.scalar, to: Int(it.end))
      }
    }
    return gap(to: bytes.count)
  }

  /// How far a byte is from the beginning of its line, in characters.
  private func column(of place: Int) -> Int {
    var (index, count) = (place, 0)
    while index > 0, bytes[index - 1] != UInt8(ascii: "\n") {
      index -= 1
      if bytes[index] & 0xC0 != 0x80 { count += 1 }
    }
    return count
  }

  private mutating func append(_ kind: LayoutToken.Kind, to end: Int) {
    let (start, first, place) = (at, line, column)
    while at < end { advance() }
    // The line break behind a block text belongs to it.
    let isBlock = if case .block = kind { true } else { false }
    let last = isBlock && end > start && bytes[end - 1] == UInt8(ascii: "\n") ? line - 1 : line
    tokens.append(LayoutToken(kind: kind, range: start..<end, line: first, column: place, lastLine: last))
  }

  private mutating func advance() {
    if bytes[at] == UInt8(ascii: "\n") {
      line += 1
      lineStart = at + 1
      column = 0
    } else if bytes[at] & 0xC0 != 0x80 {
      column += 1
    }
    at += 1
  }

  /// What stands between two scalars.
  private mutating func gap(to end: Int) -> Bool {
    guard end >= at else { return false }
    while at < end {
      let byte = bytes[at]
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"): advance()
      case UInt8(ascii: "#"): append(.comment, to: trimmedLineEnd)
      case UInt8(ascii: "%") where at == lineStart: append(.directive, to: trimmedLineEnd)
      case UInt8(ascii: "-"), UInt8(ascii: "."):
        if at == lineStart, at + 3 <= end, bytes[at + 1] == byte, bytes[at + 2] == byte {
          append(.document, to: at + 3)
        } else if byte == UInt8(ascii: "-") {
          append(.dash, to: at + 1)
        } else {
          return false
        }
      case UInt8(ascii: "?"): append(.question, to: at + 1)
      case UInt8(ascii: ":"): append(.colon, to: at + 1)
      case UInt8(ascii: ","): append(.comma, to: at + 1)
      case UInt8(ascii: "{"), UInt8(ascii: "["): append(.open(byte), to: at + 1)
      case UInt8(ascii: "}"), UInt8(ascii: "]"): append(.close(byte), to: at + 1)
      case UInt8(ascii: "&"), UInt8(ascii: "*"):
        var stop = at + 1
        while stop < end, Self.isName(bytes[stop]) { stop += 1 }
        guard stop > at + 1 else { return false }
        append(byte == UInt8(ascii: "&") ? .anchor : .alias, to: stop)
      default: return false
      }
    }
    return true
  }

  private var trimmedLineEnd: Int {
    var end = at
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    while end > at, bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == UInt8(ascii: "\t") { end -= 1 }
    return end
  }

  private static func isName(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "-")
  }

  /// A comma right before the bracket that closes says nothing.
  private func withoutIdleCommas() -> [LayoutToken] {
    tokens.indices.filter { index in
      guard tokens[index].kind == .comma, index + 1 < tokens.count else { return true }
      return !(tokens[index + 1].isClose && tokens[index + 1].line == tokens[index].line)
    }.map { tokens[$0] }
  }
}

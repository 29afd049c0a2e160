/// Writes a file's pieces in their canonical layout. Lines stay the author's: none is broken, and none is joined.
struct LayoutWriter {
  private let tokens: [LayoutToken]
  private let bytes: [UInt8]
  private var page = LayoutPage()
  /// The block collections that are open, outermost first.
  private var levels: [LayoutLevel] = []
  /// For each bracket that is open: how far the line that it stands in is indented.
  private var brackets: [Int] = []
  /// Lines of nothing but a comment whose place depends on what comes next.
  private var waiting: [(token: LayoutToken, isAfterBlank: Bool)] = []
  private var line: [UInt8] = []
  /// Where the line's text begins, behind `- `.
  private var base = 0
  private var isAfterBlank = false
  /// The piece before, unless it is a comment; and the same on this very line.
  private var previous: LayoutToken?
  private var neighbour: LayoutToken?

  static func text(_ tokens: [LayoutToken], _ bytes: [UInt8]) -> [UInt8] {
    var writer = LayoutWriter(tokens: tokens, bytes: bytes)
    writer.run()
    return writer.page.text
  }

  private init(tokens: [LayoutToken], bytes: [UInt8]) {
    self.tokens = tokens
    self.bytes = bytes
  }

  private mutating func run() {
    var lastLine = -1
    for (index, token) in tokens.enumerated() {
      if token.line > lastLine {
        endLine()
        begin(index, isAfterBlank: token.line > lastLine + 1)
      }
      lastLine = token.lastLine
      if token.isComment {
        // On a line of its own it waits; else it ends the line.
        if neighbour != nil { endLine(comment: token) }
        continue
      }
      put(token)
      previous = token
    }
    endLine()
    flush(beside: levels, next: nil)
  }

  // MARK: Lines

  private mutating func endLine(comment: LayoutToken? = nil) {
    guard neighbour != nil else { return }
    page.append(line, isAfterBlank: isAfterBlank, comment: comment.map { (Array(bytes[$0.range]), $0.column) })
    isAfterBlank = false
    line = []
    neighbour = nil
  }

  /// Decides how far a line is indented.
  private mutating func begin(_ index: Int, isAfterBlank: Bool) {
    let token = tokens[index]
    if token.isComment {
      waiting.append((token, isAfterBlank))
      return
    }
    let indentation: Int
    if let bracket = brackets.last {
      indentation = token.isClose ? bracket : bracket + 2
      base = indentation
      flush(at: bracket + 2)
    } else if token.kind == .document || token.kind == .directive {
      flush(beside: levels, next: nil)
      levels = []
      indentation = 0
      base = 0
    } else {
      let before = levels
      indentation = block(index)
      let known = levels.first { $0.indentation == indentation }
      flush(
        beside: before, next: known ?? LayoutLevel(isMapping: false, column: token.column, indentation: indentation))
    }
    line = [UInt8](repeating: UInt8(ascii: " "), count: indentation)
    self.isAfterBlank = isAfterBlank
  }

  /// Opens and closes the collections that a line's `-` and keys stand for; gives its indentation.
  private mutating func block(_ index: Int) -> Int {
    let number = tokens[index].line
    var first: Int?
    var at = index
    while at < tokens.count, tokens[at].line == number {
      let token = tokens[at]
      switch token.kind {
      case .dash: LayoutLevel.enter(isMapping: false, column: token.column, &levels)
      case .question, .colon: LayoutLevel.enter(isMapping: true, column: token.column, &levels)
      default:
        if isKey(at) {
          LayoutLevel.enter(isMapping: true, column: token.column, &levels)
          base = levels.last?.indentation ?? 0
        } else {
          base = (levels.last?.indentation ?? -2) + 2
        }
        return first ?? base
      }
      if first == nil { first = levels.last?.indentation }
      base = (levels.last?.indentation ?? -2) + 2
      at += 1
    }
    return first ?? 0
  }

  /// Whether a block mapping's key begins here: perhaps an anchor, a text or an alias, and `:`.
  private func isKey(_ index: Int) -> Bool {
    let number = tokens[index].line
    var at = index
    while at < tokens.count, tokens[at].line == number, tokens[at].kind == .anchor { at += 1 }
    if at < tokens.count, tokens[at].lastLine == number, tokens[at].kind == .scalar || tokens[at].kind == .alias { at += 1 }
    return at < tokens.count && tokens[at].line == number && tokens[at].kind == .colon
  }

  // MARK: Comments

  /// Within brackets.
  private mutating func flush(at indentation: Int) {
    for (token, isAfterBlank) in waiting { page.append(Array(bytes[token.range]), at: indentation, column: token.column, isAfterBlank) }
    waiting = []
  }

  /// A comment belongs to the deepest collection that it is not to the left of, among those that end before the next line
  /// and the one that goes on there.
  ///
  /// - Parameters:
  ///   - before: the collections that were open.
  ///   - next: the one that the next line belongs to; nil where the document ends.
  private mutating func flush(beside before: [LayoutLevel], next: LayoutLevel?) {
    guard !waiting.isEmpty else { return }
    var open = [next].compactMap { $0 } + before.filter { $0.indentation > next?.indentation ?? -1 }
    if previous?.awaitsValue ?? false, let last = before.last, next?.indentation ?? 0 <= last.indentation {
      // Below a key without a value, what is indented was meant to be the value.
      open.append(LayoutLevel(isMapping: false, column: last.column + 1, indentation: last.indentation + 2))
    }
    for (token, isAfterBlank) in waiting {
      let level = open.last { $0.column <= token.column } ?? next
      page.append(Array(bytes[token.range]), at: level?.indentation ?? 0, column: token.column, isAfterBlank)
    }
    waiting = []
  }

  // MARK: Pieces

  private mutating func put(_ token: LayoutToken) {
    if let neighbour, Self.needsSpace(neighbour.kind, token.kind) { line.append(UInt8(ascii: " ")) }
    neighbour = token
    switch token.kind {
    case .open:
      brackets.append(base)
      line += bytes[token.range]
    case .close:
      _ = brackets.popLast()
      line += bytes[token.range]
    case .block(let text): put(text)
    case .scalar: put(scalar: token)
    default: line += bytes[token.range]
    }
  }

  private static func needsSpace(_ left: LayoutToken.Kind, _ right: LayoutToken.Kind) -> Bool {
    switch (left, right) {
    case (.open(let one), .close): one == 0
    case (.open(let one), _): one == UInt8(ascii: "{")
    // `*a:` would be an alias of that name, to other readers.
    case (.scalar, .colon), (.close, .colon): false
    case (.colon, _), (.question, _), (.anchor, _): true
    case (_, .comma): false
    case (_, .close(let other)): other == UInt8(ascii: "}")
    default: true
    }
  }

  private mutating func put(_ text: BlockText) {
    line += text.header
    page.append(line, isAfterBlank: isAfterBlank, comment: text.comment.map { (Array(bytes[$0]), Int.min) })
    let indentation = [UInt8](repeating: UInt8(ascii: " "), count: (levels.last?.indentation ?? 0) + 2)
    for range in text.lines { page.append(verbatim: range.isEmpty ? [] : indentation + bytes[range]) }
    isAfterBlank = false
    line = []
    neighbour = nil
  }

  private mutating func put(scalar token: LayoutToken) {
    let text = bytes[token.range]
    guard token.lastLine > token.line else {
      line += Self.inDoubleQuotes(text) ?? Array(text)
      return
    }
    // YAML folds the lines of a text, whatever white space is around each.
    let isDouble = text.first == UInt8(ascii: "\"")
    let indentation = line.count == base ? base : base + 2
    let parts = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      let isLast = index == parts.count - 1
      var part = index == 0 ? part : part.drop(while: Self.isBlank)
      if !isLast { part = Self.trimmed(part, keepsEscaped: isDouble) }
      if index > 0, !part.isEmpty { line = [UInt8](repeating: UInt8(ascii: " "), count: indentation) }
      line += part
      if !isLast {
        page.append(line, isAfterBlank: isAfterBlank)
        isAfterBlank = false
        line = []
      }
    }
    base = indentation
  }

  /// Single quotes become double ones where nothing between them means something else there.
  private static func inDoubleQuotes(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    guard text.count >= 2, text.first == UInt8(ascii: "'"), text.last == UInt8(ascii: "'") else { return nil }
    let inner = text.dropFirst().dropLast()
    guard !inner.contains(where: { $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else { return nil }
    return [UInt8(ascii: "\"")] + inner + [UInt8(ascii: "\"")]
  }

  private static func trimmed(_ part: ArraySlice<UInt8>, keepsEscaped: Bool) -> ArraySlice<UInt8> {
    var end = part.endIndex
    while end > part.startIndex, isBlank(part[end - 1]) { end -= 1 }
    guard keepsEscaped, end < part.endIndex else { return part[..<end] }
    let slashes = part[..<end].reversed().prefix { $0 == UInt8(ascii: "\\") }.count
    return slashes % 2 == 1 ? part[...end] : part[..<end]
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}

/// A block collection that is open.
struct LayoutLevel: Equatable {
  let isMapping: Bool
  /// Where its keys or `-` stand in the file.
  let column: Int
  /// Where they are to stand.
  let indentation: Int

  /// Closes what ends where a key or a `-` stands in this column, and opens its collection where it is a new one.
  static func enter(isMapping: Bool, column: Int, _ levels: inout [LayoutLevel]) {
    while let last = levels.last, last.column > column || (last.column == column && !last.isMapping && isMapping) { levels.removeLast() }
    if let last = levels.last, last.column == column, last.isMapping == isMapping { return }
    levels.append(LayoutLevel(isMapping: isMapping, column: column, indentation: (levels.last?.indentation ?? -2) + 2))
  }
}

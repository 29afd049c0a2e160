/// A text below `|` or `>`, taken from its indentation: https://yaml.org/spec/1.2.2/#81-block-scalar-styles
struct BlockText: Equatable {
  /// `|` or `>`.
  private let style: UInt8
  /// `-`, `+`, or nothing.
  private let chomping: UInt8?
  /// Whether the header says how far the text is indented, since it begins with a space.
  private let saysIndentation: Bool
  /// Behind the header.
  let comment: Range<Int>?
  /// The lines without their indentation; empty ones are empty.
  let lines: [Range<Int>]
  /// Where the next thing may begin: the beginning of a line, or the end of the file.
  let end: Int

  /// - Parameters:
  ///   - at: the place of the `|` or `>`.
  ///   - parent: the column of the collection that it stands in; -1 at the top of a document.
  init?(_ bytes: [UInt8], at start: Int, parent: Int) {
    guard start < bytes.count, bytes[start] == UInt8(ascii: "|") || bytes[start] == UInt8(ascii: ">") else { return nil }
    style = bytes[start]
    var index = start + 1
    var chomping: UInt8?
    var explicit: Int?
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") {
        chomping = byte
      } else if (0x31...0x39).contains(byte) {
        explicit = Int(byte - 0x30)
      } else {
        break
      }
      index += 1
    }
    saysIndentation = explicit != nil
    let headerEnd = Self.lineEnd(bytes, index)
    while index < headerEnd, bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\t") { index += 1 }
    var stop = headerEnd
    while stop > index, bytes[stop - 1] == UInt8(ascii: " ") || bytes[stop - 1] == UInt8(ascii: "\t") { stop -= 1 }
    if index < stop {
      guard bytes[index] == UInt8(ascii: "#") else { return nil }
      comment = index..<stop
    } else {
      comment = nil
    }
    var at = min(headerEnd + 1, bytes.count)
    let indentation = explicit.map { max(parent, 0) + $0 } ?? Self.indentation(bytes, at, parent: parent)
    var found: [(range: Range<Int>, next: Int)] = []
    var isUnfinished = false
    while at < bytes.count {
      let lineEnd = Self.lineEnd(bytes, at)
      let spaces = Self.spaces(bytes, at, lineEnd)
      let isBlank = at + spaces == lineEnd
      if !isBlank, spaces < indentation { break }
      let next = min(lineEnd + 1, bytes.count)
      if !(isBlank && lineEnd == bytes.count && spaces <= indentation) {
        found.append((min(at + indentation, lineEnd)..<lineEnd, next))
        isUnfinished = lineEnd == bytes.count
      }
      at = next
    }
    // Only `+` keeps the empty lines at the end; what has more spaces than the text is indented by is no empty line.
    if chomping != UInt8(ascii: "+") { while let last = found.last, last.range.isEmpty { found.removeLast() } }
    lines = found.map(\.range)
    end = found.last?.next ?? min(headerEnd + 1, bytes.count)
    // Without a line break at the end of the file the text has none either, and says so once the file has one.
    self.chomping = isUnfinished && end == bytes.count ? UInt8(ascii: "-") : chomping
  }

  /// With the indentation that texts have in formatted files.
  var header: [UInt8] {
    var text = [style]
    if saysIndentation { text.append(UInt8(ascii: "2")) }
    if let chomping { text.append(chomping) }
    return text
  }

  /// Found as libyaml does it: from the first line that is not empty, or a longer one of spaces before it.
  private static func indentation(_ bytes: [UInt8], _ start: Int, parent: Int) -> Int {
    var (at, widest) = (start, 0)
    while at < bytes.count {
      let end = lineEnd(bytes, at)
      let spaces = spaces(bytes, at, end)
      widest = max(widest, spaces)
      if at + spaces < end { break }
      at = end + 1
    }
    return max(widest, parent + 1, 1)
  }

  private static func lineEnd(_ bytes: [UInt8], _ start: Int) -> Int {
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    return end
  }

  private static func spaces(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
    var index = start
    while index < end, bytes[index] == UInt8(ascii: " ") { index += 1 }
    return index - start
  }
}

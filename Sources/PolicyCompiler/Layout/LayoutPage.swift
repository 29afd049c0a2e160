/// The lines of a file that is being written; places the comments at their ends last.
struct LayoutPage {
  private struct Line {
    var text: [UInt8]
    /// What stands behind the text, and the column that it had.
    var comment: (text: [UInt8], column: Int)?
    var isBlank = false
  }

  private var lines: [Line] = []

  /// - Parameter comment: its text, and its column in the file.
  mutating func append(_ text: [UInt8], isAfterBlank: Bool, comment: (text: [UInt8], column: Int)? = nil) {
    separate(isAfterBlank)
    lines.append(Line(text: text, comment: comment))
  }

  /// A line of nothing but a comment. One that stands right below a comment at the end of a line goes on with that.
  mutating func append(_ comment: [UInt8], at indentation: Int, column: Int, _ isAfterBlank: Bool) {
    if !isAfterBlank, let above = lines.last?.comment, above.column == column {
      lines.append(Line(text: [], comment: (comment, column)))
      return
    }
    separate(isAfterBlank)
    lines.append(Line(text: [UInt8](repeating: UInt8(ascii: " "), count: indentation) + comment))
  }

  /// A line that belongs to a text, as it is.
  mutating func append(verbatim text: [UInt8]) { lines.append(Line(text: text)) }

  /// At most one empty line, and none at the top.
  private mutating func separate(_ isAfterBlank: Bool) {
    if isAfterBlank, let last = lines.last, !last.isBlank { lines.append(Line(text: [], isBlank: true)) }
  }

  /// Comments that stand in one column on lines that follow each other stay in one column.
  var text: [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while index < lines.count {
      guard let comment = lines[index].comment else {
        result += lines[index].text
        result.append(UInt8(ascii: "\n"))
        index += 1
        continue
      }
      var end = index + 1
      while end < lines.count, let next = lines[end].comment, next.column == comment.column { end += 1 }
      let width = lines[index..<end].map { Self.width($0.text) }.max() ?? 0
      for line in lines[index..<end] {
        result += line.text
        result += [UInt8](repeating: UInt8(ascii: " "), count: width + 1 - Self.width(line.text))
        result += line.comment?.text ?? []
        result.append(UInt8(ascii: "\n"))
      }
      index = end
    }
    return result
  }

  private static func width(_ text: [UInt8]) -> Int { text.count { $0 & 0xC0 != 0x80 } }
}

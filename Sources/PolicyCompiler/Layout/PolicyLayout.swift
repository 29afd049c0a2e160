/// Policy files in their canonical layout, which docs/language.md describes.
///
/// Works on the text with the places that the tree knows, so that comments and every way of writing something survive;
/// and believes nothing of it until the result has been read again and means the same.
package enum PolicyLayout {
  package enum Outcome: Sendable {
    /// The file as it should be; equal to what it was where nothing is to change.
    case formatted([UInt8])
    /// It cannot be read as YAML, so its layout is its author's.
    case unreadable([Diagnostic])
    /// Something stands in it that would not have meant the same, or is not known here: a gap of Writ's.
    case unsure
  }

  /// What a file may hold.
  package static let maximumBytes = SourceText.maximumBytes

  package static func format(_ bytes: [UInt8], file: Int32 = 0) -> Outcome {
    let read = YAMLReader.read(bytes, file: file)
    guard let original = read.value, !read.diagnostics.hasErrors else { return .unreadable(read.diagnostics) }
    // Line breaks and the byte order mark mean nothing, wherever they stand.
    let plain = plainLines(bytes)
    guard let tree = plain == bytes ? original : YAMLReader.read(plain, file: file).value, let tokens = LayoutLexer.tokens(tree) else {
      return .unsure
    }
    let result = LayoutWriter.text(tokens, tree.bytes)
    guard result.count <= SourceText.maximumBytes else { return .unsure }
    let again = YAMLReader.read(result, file: file)
    guard let written = again.value, !again.diagnostics.hasErrors, let pieces = LayoutLexer.tokens(written),
      isSame(original, written), isSame(tokens, tree.bytes, pieces, result)
    else { return .unsure }
    return .formatted(result)
  }

  /// Without a byte order mark, and with `\n` for every break of a line.
  private static func plainLines(_ bytes: [UInt8]) -> [UInt8] {
    let start = bytes.starts(with: SourceMap.byteOrderMark) ? 3 : 0
    guard start > 0 || bytes.contains(UInt8(ascii: "\r")) else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for index in start..<bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\n"), index > start, bytes[index - 1] == UInt8(ascii: "\r") { continue }
      result.append(byte == UInt8(ascii: "\r") ? UInt8(ascii: "\n") : byte)
    }
    return result
  }

  // MARK: The same meaning

  /// Whether two files say the same: the same nodes in the same order, each with the text and the style that decide what
  /// it is. Aliases are followed in both.
  static func isSame(_ old: SyntaxTree, _ new: SyntaxTree) -> Bool {
    guard old.nodes.count == new.nodes.count, old.roots == new.roots else { return false }
    for node in old.nodes.indices {
      let (one, other) = (old.nodes[node], new.nodes[node])
      guard one.kind == other.kind, one.style == other.style, old.isNull(node) == new.isNull(node) else { return false }
      if one.kind != .scalar {
        guard one.link == other.link else { return false }
      } else {
        guard old.text(node).utf8.elementsEqual(new.text(node).utf8) else { return false }
      }
    }
    return true
  }

  /// Whether comments, anchors, aliases and markers are the same, at the same places among the values.
  private static func isSame(_ old: [LayoutToken], _ oldBytes: [UInt8], _ new: [LayoutToken], _ newBytes: [UInt8]) -> Bool {
    guard old.count == new.count else { return false }
    return zip(old, new).allSatisfy { one, other in
      switch (one.kind, other.kind) {
      case (.scalar, .scalar): true
      case (.block(let left), .block(let right)):
        (left.comment.map { Array(oldBytes[$0]) }) == (right.comment.map { Array(newBytes[$0]) })
      default: one.kind == other.kind && oldBytes[one.range] == newBytes[other.range]
      }
    }
  }
}

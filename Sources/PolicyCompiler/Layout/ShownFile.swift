/// A policy file's lines as a difference of layouts shows them: with literal secrets masked, and with what is there but
/// is not seen made visible.
package enum ShownFile {
  /// Lines that differ only in what nobody sees differ in this text as well; it ends in a line break where the file has lines.
  package static func text(_ file: SourceFile, _ grammar: Grammar) -> String {
    let document = PolicyDocument.parse(file, file: 0, grammar: grammar)
    // With certain secrets written over, byte for byte.
    let bytes = document.shown ?? file.bytes
    let mask = SecretMask(document.diagnostics, SourceMap(ordered: [SourceFile(path: file.path, bytes: bytes)]))
    let span = SourceSpan(file: 0, start: 0, end: 0)
    var out = ""
    var start = 0
    if bytes.starts(with: SourceMap.byteOrderMark) {
      out = "<byte order mark>"
      start = 3
    }
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      var content = end
      while content > start, [0x20, 0x09, 0x0D].contains(bytes[content - 1]) { content -= 1 }
      out += mask.text(start..<content, of: start..<content, bytes, span: span, mayShow: false)
      for byte in bytes[content..<end] { out += byte == 0x20 ? "·" : byte == 0x09 ? "→" : "␍" }
      out += end == bytes.count ? "<no line break>\n" : "\n"
      start = end + 1
    }
    return out
  }
}

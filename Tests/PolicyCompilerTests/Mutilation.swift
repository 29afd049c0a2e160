import TestSupport

/// Damage as editors, merges and enemies do it to a file.
enum Mutilation {
  private static let odd: [[UInt8]] =
    [
      "\t", "\r", "\r\n", "\u{0}", "\u{7F}", "\u{85}", "\u{200B}", "\u{202E}", "\u{FEFF}", "\u{301}", "é", "日", "😀", "\"", "'", "`", "*",
      "&", "!", "%", "@", "|", ">",
      "{", "}", "[", "]", ",", ":", ": ", "- ", "? ", "#", "<<: *x", "---\n", "...\n", "${", "${principal}", "{{", "**", "//", "..", "~",
      "null", "\\", "\n", "  ", "\n\n    ",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]]

  static func mutilate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    func place() -> Int { Int.random(in: 0..<bytes.count, using: &generator) }
    switch Int.random(in: 0..<9, using: &generator) {
    case 0: bytes.remove(at: place())
    case 1:
      let at = place()
      bytes.insert(bytes[at], at: at)
    case 2:
      let at = place()
      if at + 1 < bytes.count { bytes.swapAt(at, at + 1) }
    case 3, 4: bytes.insert(contentsOf: odd.randomElement(using: &generator) ?? [], at: place())
    case 5: bytes[place()] = UInt8.random(in: .min ... .max, using: &generator)
    case 6:
      let at = place()
      bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...200, using: &generator)))
    case 7:
      var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
      let (one, other) = (Int.random(in: 0..<lines.count, using: &generator), Int.random(in: 0..<lines.count, using: &generator))
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: lines.swapAt(one, other)
      case 1: lines.remove(at: one)
      default: lines.insert(lines[other], at: one)
      }
      bytes = Array(lines.joined(separator: [0x0A]))
    default: bytes.removeSubrange(place()...)
    }
  }
}

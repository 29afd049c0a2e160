/// Makes inputs out of seeds: damage as editors, merges and enemies do it, words of the grammar, and parts of other seeds.
///
/// The same seed gives the same inputs everywhere.
package struct Mutator {
  private var state: UInt64
  private let corpus: [[UInt8]]
  private let words: [[UInt8]]

  /// - Parameters:
  ///   - corpus: valid inputs, or those that found something.
  ///   - words: pieces that mean something to the parser.
  package init(seed: UInt64, corpus: [[UInt8]], words: [[UInt8]]) {
    state = seed
    self.corpus = corpus.isEmpty ? [[]] : corpus
    self.words = words + Self.signs
  }

  /// What is special to YAML, JSON, templates, shells, URLs, git, and to those who decode UTF-8.
  private static let signs: [[UInt8]] =
    [
      "\t", "\r", "\r\n", "\n", "\u{0}", "\u{7F}", "\u{85}", "\u{200B}", "\u{202E}", "\u{FEFF}", "\u{301}", "é", "日", "😀", "\"", "'", "`",
      "*",
      "&", "!", "%", "@", "|", ">", "{", "}", "[", "]", ",", ":", ": ", "- ", "? ", "#", "<<: *x", "---\n", "...\n", "${", "${principal}",
      "{{", "}}",
      "**", "//", "..", "../", "~", "null", "\\", "  ", "\n\n    ", "\\u202e", "\\x00", "::error::", "##[", "0", "-1",
      "9223372036854775807", "1e999",
      "99999999999999999999", "&a ", "*a", "!!binary ", "!<tag:yaml.org,2002:str> ", "0x10", ".inf", "2027-01-31", "2027-02-30T24:61:61Z",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF, 0xFE], [0xC0, 0x80]]

  /// The next input.
  ///
  /// - Parameter limit: in bytes; what is longer is cut.
  package mutating func input(limit: Int) -> [UInt8] {
    var bytes = pick(corpus)
    // Now and then a seed as it is.
    if below(200) == 0 { return Array(bytes.prefix(limit)) }
    for _ in 0...below(5) { mutate(&bytes) }
    return Array(bytes.prefix(limit))
  }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    let count = bytes.count
    let at = below(count + 1)
    switch below(16) {
    case 0 where count > 0: bytes.remove(at: at % count)
    case 1 where count > 0: bytes[at % count] = UInt8(below(256))
    case 2 where count > 0: bytes[at % count] ^= 1 << UInt8(below(8))
    case 3 where count > 1: bytes.swapAt(at % count, (at + 1) % count)
    case 4, 5, 6: bytes.insert(contentsOf: pick(words), at: at)
    case 7: bytes.removeSubrange(at..<min(count, at + 1 + below(200)))
    case 8: replaceToken(&bytes, at)
    case 9: repeatPart(&bytes, at)
    case 10, 11: moveLines(&bytes)
    case 12: splice(&bytes, at)
    case 13: nest(&bytes, at)
    case 14 where count > 0: bytes.removeSubrange((at % count)...)
    default: number(&bytes, at)
    }
  }

  /// Puts a word in the place of one.
  private mutating func replaceToken(_ bytes: inout [UInt8], _ at: Int) {
    func isWord(_ byte: UInt8) -> Bool {
      byte > 0x7F || byte == 0x5F || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }
    var (from, to) = (at, at)
    while from > 0, isWord(bytes[from - 1]) { from -= 1 }
    while to < bytes.count, isWord(bytes[to]) { to += 1 }
    bytes.replaceSubrange(from..<to, with: pick(words))
  }

  private mutating func repeatPart(_ bytes: inout [UInt8], _ at: Int) {
    let part = Array(bytes[at..<min(bytes.count, at + 1 + below(40))])
    let times = below(8) == 0 ? 1 + below(2000) : 1 + below(8)
    guard part.count * times < 64 << 10 else { return }
    bytes.insert(contentsOf: Array(repeatElement(part, count: times).joined()), at: at)
  }

  private mutating func moveLines(_ bytes: inout [UInt8]) {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    let (one, other) = (below(lines.count), below(lines.count))
    switch below(4) {
    case 0: lines.swapAt(one, other)
    case 1: lines.remove(at: one)
    case 2: lines.insert(lines[other], at: one)
    default: lines[one].insert(contentsOf: Array(repeating: 0x20, count: 1 + below(4)), at: 0)
    }
    bytes = Array(lines.joined(separator: [0x0A]))
  }

  /// A part of another seed.
  private mutating func splice(_ bytes: inout [UInt8], _ at: Int) {
    let other = pick(corpus)
    let from = below(other.count + 1)
    let part = other[from..<min(other.count, from + 1 + below(400))]
    bytes.replaceSubrange(at..<min(bytes.count, at + below(50)), with: part)
  }

  private mutating func nest(_ bytes: inout [UInt8], _ at: Int) {
    let (open, close) = [("[", "]"), ("{a: ", "}"), ("{\"a\": ", "}"), ("- ", ""), ("(", ")")][below(5)]
    let depth = 1 + below(below(6) == 0 ? 2000 : 70)
    bytes.insert(contentsOf: Array(String(repeating: close, count: depth).utf8), at: at)
    bytes.insert(contentsOf: Array(String(repeating: open, count: depth).utf8), at: below(at + 1))
  }

  /// Another number in the place of one.
  private mutating func number(_ bytes: inout [UInt8], _ at: Int) {
    func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    guard let from = bytes[at...].firstIndex(where: isDigit) else { return }
    let to = bytes[from...].firstIndex { !isDigit($0) } ?? bytes.count
    let numbers = [
      "0", "1", "63", "64", "65", "255", "65535", "65536", "1000000", "2147483648", "4294967296", "9223372036854775807",
      "18446744073709551616",
    ]
    bytes.replaceSubrange(from..<to, with: numbers[below(numbers.count)].utf8)
  }

  // MARK: Numbers

  private mutating func pick(_ items: [[UInt8]]) -> [UInt8] { items[below(items.count)] }

  private mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

  /// SplitMix64: https://prng.di.unimi.it/splitmix64.c
  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Which bytes are what, looked up in a table: a search for secrets touches every byte of a policy once.
enum SecretBytes {
  /// A byte of a word: a letter, a digit, `-`, `_` or `.`.
  static let word: UInt8 = 1
  static let small: UInt8 = 2
  static let capital: UInt8 = 4
  static let digit: UInt8 = 8
  /// A sign that may end a key, or begin an authority.
  static let colon: UInt8 = 16
  static let equals: UInt8 = 32

  static let table: [UInt8] = {
    var table = [UInt8](repeating: 0, count: 256)
    for byte in UInt8(ascii: "a")...UInt8(ascii: "z") { table[Int(byte)] = word | small }
    for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") { table[Int(byte)] = word | capital }
    for byte in UInt8(ascii: "0")...UInt8(ascii: "9") { table[Int(byte)] = word | digit }
    for byte in "-_.".utf8 { table[Int(byte)] = word }
    table[Int(UInt8(ascii: ":"))] = colon
    table[Int(UInt8(ascii: "="))] = equals
    return table
  }()

  @inline(__always) static func isWord(_ byte: UInt8) -> Bool { table[Int(byte)] & word != 0 }
  static func isSmall(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
  static func isCapital(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  static func isLetter(_ byte: UInt8) -> Bool { isSmall(byte) || isCapital(byte) }
  static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }
  static func isHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x66).contains(byte | 0x20) }
  /// Of base64 in both alphabets: https://www.rfc-editor.org/rfc/rfc4648
  static func isBase64(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "=")
  }
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
  static func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
  static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }
}

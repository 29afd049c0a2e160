import TestSupport

/// Secrets that are nobody's, made for being looked for: each of the form that some issuer gives to its own, of one seed.
struct Canaries {
  private(set) var all: [[UInt8]] = []
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  private static let base62 = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

  private mutating func random(_ count: Int, of alphabet: [UInt8] = base62) -> String {
    let bytes = (0..<count).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
    all.append(bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Random, as what no form tells.
  mutating func plain() -> String { random(40) }

  /// One that its issuer marks, which may stand anywhere, in a name as well.
  mutating func token() -> String {
    switch all.count % 6 {
    case 0: "gh" + "p_" + random(36)
    case 1: "glp" + "at-" + random(26)
    case 2: "AK" + "IA" + random(16, of: Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8))
    case 3: "xo" + "xb-" + random(40)
    case 4: "hv" + "s." + random(60)
    default: "da" + "pi" + random(32, of: Array("0123456789abcdef".utf8))
    }
  }

  /// One that its surroundings tell.
  mutating func phrase() -> String {
    switch all.count % 6 {
    case 0: "postgresql://app:\(random(20))@db.acme.example/orders"
    case 1: "Server=db;Uid=app;Pwd=\(random(20));Encrypt=yes"
    case 2: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.\(random(43))"
    case 3: "https://u:\(random(20))@git.acme.example/x.git"
    case 4: "https://hooks.slack.com" + "/services/T012345/B012345/\(random(24))"
    default: "Authorization: Bearer \(random(40))"
    }
  }

  mutating func privateKey(indent: String) -> String {
    "-----BEGIN " + "PRIVATE KEY-----\n" + (0..<3).map { _ in "\(indent)\(random(64))\n" }.joined() + "\(indent)-----END PRIVATE KEY-----\n"
  }

  // MARK: Looking for them

  /// How much of one may not be seen: nine characters in a row.
  private static let piece = 9

  /// What of them stands in some output.
  struct Watch {
    private let pieces: Set<UInt128>

    fileprivate init(_ all: [[UInt8]]) {
      var pieces: Set<UInt128> = []
      for bytes in all { Self.each(bytes) { _, hash in pieces.insert(hash) } }
      self.pieces = pieces
    }

    func leaks(_ text: String) -> [String] {
      let bytes = Array(text.utf8)
      var found: [String] = []
      Self.each(bytes) { end, hash in
        if pieces.contains(hash) { found.append(String(decoding: bytes[max(0, end - 60)..<min(bytes.count, end + 20)], as: UTF8.self)) }
      }
      return found
    }

    private static func each(_ bytes: [UInt8], _ body: (Int, UInt128) -> Void) {
      var hash: UInt128 = 0
      for (index, byte) in bytes.enumerated() {
        hash = (hash << 8 | UInt128(byte)) & ((1 << UInt128(8 * Canaries.piece)) - 1)
        if index + 1 >= Canaries.piece { body(index + 1, hash) }
      }
    }
  }

  var watch: Watch { Watch(all) }
}

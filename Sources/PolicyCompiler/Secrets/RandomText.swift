/// Whether a text is as random as a secret is: all kinds of characters, often alternating, and none of the pairs that words
/// are made of.
///
/// Hashes, commit ids and UUIDs are hexadecimal, and no secret can be told from them: they are none. Names have words in them.
enum RandomText {
  /// Shorter ones may be anything: an id of Okta has 20.
  static let minimum = 24

  /// - Parameter bytes: a run of base64's characters.
  static func isRandom(_ bytes: ArraySlice<UInt8>) -> Bool {
    var body = bytes
    while body.last == UInt8(ascii: "=") { body = body.dropLast() }
    guard body.count >= minimum else { return false }
    let look = Look(body)
    let signs = look.small + look.capital + look.digit
    guard signs >= minimum - 2, signs * 10 >= body.count * 8, look.distinct >= 12, !look.isHexadecimal else { return false }
    // Of a hundred pairs of random letters and digits sixty change their kind (forty, of two kinds), and of those of letters
    // thirty are pairs that words have, too. In names fifty change at most, and seventy are of words.
    let changes = look.changes * 100 / max(1, look.pairs)
    let foreign = look.letterPairs < 4 ? 70 : 100 - look.wordPairs * 100 / look.letterPairs
    if look.small > 0, look.capital > 0, look.digit > 0 { return changes >= 25 && changes + foreign >= 100 }
    // Two kinds say less, so there must be more of them.
    return signs >= 32 && look.digit >= 4 && look.small + look.capital >= 8 && changes >= 20 && changes + foreign >= 85
      && signs == body.count
  }

  /// Whether its letters are those of words.
  static func hasWords(_ bytes: ArraySlice<UInt8>) -> Bool {
    let look = Look(bytes)
    return look.letterPairs >= 8 && look.wordPairs * 100 >= look.letterPairs * 60
  }

  /// What a text is made of, counted in one go.
  private struct Look {
    var small = 0
    var capital = 0
    var digit = 0
    /// Neighbours that are both letters or digits, and how many of these differ in kind.
    var pairs = 0
    var changes = 0
    var letterPairs = 0
    /// Of these, how many are frequent in words.
    var wordPairs = 0
    var distinct = 0
    var isHexadecimal = true

    init(_ bytes: ArraySlice<UInt8>) {
      var seen: UInt128 = 0
      var last: UInt8 = 0
      for byte in bytes {
        let kind = SecretBytes.isSmall(byte) ? 1 : SecretBytes.isCapital(byte) ? 2 : SecretBytes.isDigit(byte) ? 3 : 0
        switch kind {
        case 1: small += 1
        case 2: capital += 1
        case 3: digit += 1
        default: break
        }
        if byte < 128 { seen |= 1 << UInt128(byte) }
        if !SecretBytes.isHexadecimal(byte), byte != UInt8(ascii: "-") { isHexadecimal = false }
        if kind != 0, SecretBytes.isAlphanumeric(last) {
          pairs += 1
          let before = SecretBytes.isSmall(last) ? 1 : SecretBytes.isCapital(last) ? 2 : 3
          if before != kind { changes += 1 }
          if before != 3, kind != 3 {
            letterPairs += 1
            if RandomText.isFrequent(last | 0x20, byte | 0x20) { wordPairs += 1 }
          }
        }
        last = byte
      }
      distinct = seen.nonzeroBitCount
    }
  }

  private static func isFrequent(_ one: UInt8, _ other: UInt8) -> Bool {
    frequent[Int(one - 0x61) * 26 + Int(other - 0x61)]
  }

  /// The pairs of letters that stand oftenest in English words and in names of things in computing.
  private static let frequent: [Bool] = {
    let pairs = """
      th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li \
      ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ge ie wh ee wi em ad ol \
      rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev ld ry mp fe bl ab gh ty op wo sa ay ex ke ui \
      fr oo ag uc up da ds db ub rd rc ap sp ck ff rm rn nk bu mb lu cl gr gi cr dr ep eg ef bi ip ay od ew ki do ys sy
      """
    var table = [Bool](repeating: false, count: 26 * 26)
    for pair in pairs.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A }) {
      let bytes = Array(pair)
      table[Int(bytes[0] - 0x61) * 26 + Int(bytes[1] - 0x61)] = true
    }
    return table
  }()
}

/// Base64, in either alphabet, with or without its padding: https://www.rfc-editor.org/rfc/rfc4648
enum Base64 {
  /// nil where it is none.
  static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    var out: [UInt8] = []
    var (bits, count): (UInt32, Int) = (0, 0)
    for byte in bytes {
      let value: UInt8
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
      case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
      case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
      case UInt8(ascii: "="): continue
      default: return nil
      }
      bits = (bits << 6 | UInt32(value)) & 0xFFFFFF
      count += 6
      if count >= 8 {
        count -= 8
        out.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return out
  }

  /// What it holds, where that is text that people can read.
  static func text(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    guard let decoded = decoded(bytes), decoded.count >= 4 else { return nil }
    let readable = decoded.count { (0x20..<0x7F).contains($0) || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    return readable * 100 >= decoded.count * 95 ? decoded : nil
  }
}

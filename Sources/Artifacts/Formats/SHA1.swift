/// The SHA-1 digest of some bytes, for names alone: it is broken as a proof of anything, and nothing here takes it as one.
///
/// Source of the algorithm and of the names below: https://doi.org/10.6028/NIST.FIPS.180-4, sections 4.1.1, 4.2.1,
/// 5.1.1, 5.3.1 and 6.1.2.
enum SHA1 {
  /// Twenty bytes, most significant first.
  static func digest(_ message: [UInt8]) -> [UInt8] {
    var hash: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
    let padded = padded(message)
    for start in stride(from: 0, to: padded.count, by: blockSize) { process(padded[start..<start + blockSize], into: &hash) }
    return hash.flatMap(bytes)
  }

  private static let blockSize = 64

  /// The message, one bit, zeros, and the message's length in bits in the last eight bytes of a whole block.
  private static func padded(_ message: [UInt8]) -> [UInt8] {
    var padded = message + [0x80]
    while padded.count % blockSize != blockSize - 8 { padded.append(0) }
    let length = UInt64(message.count) * 8
    return padded + bytes(UInt32(truncatingIfNeeded: length >> 32)) + bytes(UInt32(truncatingIfNeeded: length))
  }

  private static func process(_ block: ArraySlice<UInt8>, into hash: inout [UInt32]) {
    var schedule: [UInt32] = []
    schedule.reserveCapacity(80)
    for word in stride(from: block.startIndex, to: block.endIndex, by: 4) {
      schedule.append(block[word..<word + 4].reduce(0) { $0 << 8 | UInt32($1) })
    }
    for t in 16..<80 { schedule.append(rotated(schedule[t - 3] ^ schedule[t - 8] ^ schedule[t - 14] ^ schedule[t - 16], by: 1)) }

    var (a, b, c, d, e) = (hash[0], hash[1], hash[2], hash[3], hash[4])
    for t in 0..<80 {
      let (f, k): (UInt32, UInt32) =
        switch t {
        case ..<20: ((b & c) ^ (~b & d), 0x5A82_7999)
        case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
        case ..<60: ((b & c) ^ (b & d) ^ (c & d), 0x8F1B_BCDC)
        default: (b ^ c ^ d, 0xCA62_C1D6)
        }
      let next = rotated(a, by: 5) &+ f &+ e &+ k &+ schedule[t]
      (e, d, c, b, a) = (d, c, rotated(b, by: 30), a, next)
    }
    for (index, value) in [a, b, c, d, e].enumerated() { hash[index] &+= value }
  }

  private static func rotated(_ word: UInt32, by count: UInt32) -> UInt32 { word << count | word >> (32 - count) }

  private static func bytes(_ word: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
  }
}

import CLibgit2

/// A git object's name: the SHA-1 of its type, size and content.
///
/// Ordered as its hexadecimal description is.
package struct ObjectID: Hashable, Sendable, Comparable {
  // Three big-endian words instead of a 20-tuple: comparing and hashing take three steps.
  private let high: UInt64
  private let middle: UInt64
  private let low: UInt32

  package static let byteCount = 20

  /// Reads exactly 20 bytes; nil for any other count.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    var (high, middle, low) = (UInt64(0), UInt64(0), UInt32(0))
    for (position, byte) in bytes.enumerated() {
      switch position {
      case 0..<8: high = high << 8 | UInt64(byte)
      case 8..<16: middle = middle << 8 | UInt64(byte)
      default: low = low << 8 | UInt32(byte)
      }
    }
    (self.high, self.middle, self.low) = (high, middle, low)
  }

  /// Reads exactly 40 hexadecimal digits.
  package init?(hex: String) {
    var bytes: [UInt8] = []
    var pending: UInt8?
    for digit in hex.utf8 {
      guard let value = Self.value(ofDigit: digit) else { return nil }
      if let first = pending {
        bytes.append(first << 4 | value)
        pending = nil
      } else {
        pending = value
      }
    }
    guard pending == nil else { return nil }
    self.init(bytes: bytes)
  }

  package var bytes: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(Self.byteCount)
    for shift in stride(from: 56, through: 0, by: -8) { result.append(UInt8(truncatingIfNeeded: high >> shift)) }
    for shift in stride(from: 56, through: 0, by: -8) { result.append(UInt8(truncatingIfNeeded: middle >> shift)) }
    for shift in stride(from: 24, through: 0, by: -8) { result.append(UInt8(truncatingIfNeeded: low >> shift)) }
    return result
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.high, left.middle, left.low) < (right.high, right.middle, right.low)
  }

  private static func value(ofDigit digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension ObjectID: CustomStringConvertible {
  /// 40 lowercase hexadecimal digits.
  package var description: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(Self.byteCount * 2)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The first twelve digits, as messages show it.
  package var short: String { String(description.prefix(12)) }
}

extension ObjectID {
  init(_ oid: git_oid) {
    var oid = oid
    (high, middle, low) = unsafe withUnsafeBytes(of: &oid) { raw in
      unsafe (
        UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
        UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
        UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
      )
    }
  }

  var oid: git_oid {
    var oid = git_oid()
    unsafe withUnsafeMutableBytes(of: &oid) { raw in
      unsafe raw.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
      unsafe raw.storeBytes(of: middle.bigEndian, toByteOffset: 8, as: UInt64.self)
      unsafe raw.storeBytes(of: low.bigEndian, toByteOffset: 16, as: UInt32.self)
    }
    return oid
  }
}

/// The name of a file's content: equal ids mean equal bytes, in any file of any revision.
package struct BlobID: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let object: ObjectID

  package init(_ object: ObjectID) { self.object = object }

  package var description: String { object.description }

  package static func < (left: Self, right: Self) -> Bool { left.object < right.object }
}

extension BlobID {
  /// The id that git gives to a file of these bytes; nothing is stored.
  package init(hashing bytes: [UInt8]) {
    var oid = git_oid()
    let code = unsafe bytes.withUnsafeBytes { raw in
      unsafe git_odb_hash(&oid, raw.baseAddress, raw.count, GIT_OBJECT_BLOB)
    }
    // INVARIANT: hashing memory fails only for an object type that does not exist.
    precondition(code == 0, "libgit2 could not hash a blob")
    self.init(ObjectID(oid))
  }
}

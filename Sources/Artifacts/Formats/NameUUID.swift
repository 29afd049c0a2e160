/// A UUID that follows from a name: the same name has the same one, on every machine and in every run.
///
/// Version 5 of https://www.rfc-editor.org/rfc/rfc9562#section-5.5
struct NameUUID: Sendable, Equatable {
  /// Sixteen of them, in network order.
  let bytes: [UInt8]

  /// The UUID of a name within a namespace.
  init(_ name: String, in namespace: NameUUID) {
    var bytes = Array(SHA1.digest(namespace.bytes + name.utf8).prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x50
    bytes[8] = bytes[8] & 0x3F | 0x80
    self.bytes = bytes
  }

  /// A UUID whose number is known.
  init(high: UInt64, low: UInt64) {
    bytes = [high, low].flatMap { half in stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> UInt64($0)) } }
  }

  /// The namespace of everything that Writ names, `0c97eca5-2bbb-44b0-99e9-470ce3af0c90`: drawn once, never to change,
  /// or tools would take what they have imported before for something else.
  static let writ = NameUUID(high: 0x0C97_ECA5_2BBB_44B0, low: 0x99E9_470C_E3AF_0C90)

  /// In lower case: `xxxxxxxx-xxxx-5xxx-xxxx-xxxxxxxxxxxx`.
  var text: String {
    let digits = Array("0123456789abcdef")
    return bytes.enumerated().map { index, byte in
      ([4, 6, 8, 10].contains(index) ? "-" : "") + String([digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]])
    }.joined()
  }
}

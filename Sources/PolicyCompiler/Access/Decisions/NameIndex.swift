/// Numbers by the bytes of names: found without making a text of what is asked.
struct NameIndex: Sendable {
  private struct Slot: Sendable {
    var hash: UInt32 = 0
    var start: UInt32 = 0
    var count: UInt32 = 0
    /// -1 where the slot is free.
    var value: Int32 = -1
  }

  private var slots: [Slot]
  private var bytes: [UInt8] = []

  /// - Parameter names: each with a number that is not negative; no name twice.
  init(_ names: [(name: String, value: Int)]) {
    var size = 8
    while size < names.count * 2 { size *= 2 }
    slots = [Slot](repeating: Slot(), count: size)
    for (name, value) in names {
      let start = bytes.count
      bytes.append(contentsOf: name.utf8)
      let hash = Self.hash(name.utf8.span)
      var index = Int(hash) & (size - 1)
      while slots[index].value >= 0 { index = (index + 1) & (size - 1) }
      slots[index] = Slot(hash: hash, start: UInt32(start), count: UInt32(bytes.count - start), value: Int32(value))
    }
  }

  /// The number of a name; -1 where there is none.
  func value(_ name: Span<UInt8>) -> Int {
    let hash = Self.hash(name)
    var index = Int(hash) & (slots.count - 1)
    while true {
      let slot = slots[index]
      if slot.value < 0 { return -1 }
      if slot.hash == hash, bytes.span.holds(name, at: Int(slot.start), count: Int(slot.count)) { return Int(slot.value) }
      index = (index + 1) & (slots.count - 1)
    }
  }

  /// FNV-1a of 64 bits, folded: http://www.isthe.com/chongo/tech/comp/fnv/
  static func hash(_ bytes: Span<UInt8>) -> UInt32 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
    return UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
  }
}

extension Span<UInt8> {
  /// Whether these bytes from `start` on are those of a text of `count` bytes.
  @inline(__always) func holds(_ text: Span<UInt8>, at start: Int, count: Int) -> Bool {
    guard text.count == count else { return false }
    for index in 0..<count where self[start + index] != text[index] { return false }
    return true
  }
}

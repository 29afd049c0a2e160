/// Names and what they stand for, looked up by the bytes in a file: a hundred thousand bindings name what they bind, and no
/// text has to be made for any of it.
struct NameTable<ID: Sendable>: Sendable {
  private var slots: [Int32] = []
  private var names: [[UInt8]] = []
  private var ids: [ID] = []

  init() {}

  init(_ pairs: some Sequence<(key: String, value: ID)>) {
    for (name, id) in pairs {
      names.append(Array(name.utf8))
      ids.append(id)
    }
    var capacity = 16
    while capacity < names.count * 2 { capacity *= 2 }
    slots = [Int32](repeating: -1, count: capacity)
    for index in names.indices {
      var slot = Self.hash(names[index][...]) & (capacity - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (capacity - 1) }
      slots[slot] = Int32(index)
    }
  }

  subscript(name: ArraySlice<UInt8>) -> ID? {
    guard !slots.isEmpty else { return nil }
    var slot = Self.hash(name) & (slots.count - 1)
    while slots[slot] >= 0 {
      let index = Int(slots[slot])
      if names[index].elementsEqual(name) { return ids[index] }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// What a scalar names; nil where it does not stand in the file as it means.
  subscript(node: SyntaxNode) -> ID? {
    node.tree.rawRange(node.id).flatMap { self[node.tree.bytes[$0]] }
  }

  /// FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/. Names that collide on purpose are names that somebody had to
  /// declare, so what they can slow down is bounded by what they wrote.
  private static func hash(_ bytes: ArraySlice<UInt8>) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7FFF_FFFF)
  }
}

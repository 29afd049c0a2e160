/// Vectors of words, each kept once and known by a number.
///
/// One flat array and open addressing: a decision looks up a vector at every step, and allocates nothing for it.
struct VectorTable {
  let width: Int
  private(set) var words: [UInt64] = []
  private(set) var count = 0
  private var slots = [Int32](repeating: -1, count: 16)

  init(width: Int) { self.width = width }

  /// The number of a vector, and whether it was not known.
  mutating func insert(_ vector: [UInt64]) -> (index: Int, isNew: Bool) {
    if 2 * count >= slots.count { grow() }
    let mask = slots.count - 1
    var slot = Self.hash(vector, 0, width) & mask
    while slots[slot] >= 0 {
      let index = Int(slots[slot])
      if matches(vector, index * width) { return (index, false) }
      slot = (slot + 1) & mask
    }
    slots[slot] = Int32(count)
    words += vector
    count += 1
    return (count - 1, true)
  }

  private func matches(_ vector: [UInt64], _ start: Int) -> Bool {
    var word = 0
    while word < width {
      if vector[word] != words[start + word] { return false }
      word += 1
    }
    return true
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 4)
    let mask = slots.count - 1
    for index in 0..<count {
      var slot = Self.hash(words, index * width, width) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(index)
    }
  }

  private static func hash(_ words: [UInt64], _ start: Int, _ width: Int) -> Int {
    var hash: UInt64 = 0
    var word = start
    while word < start + width {
      hash = (hash ^ words[word]) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
      word += 1
    }
    hash = (hash ^ (hash >> 32)) &* 0xBF58_476D_1CE4_E5B9
    return Int(truncatingIfNeeded: (hash ^ (hash >> 31)) >> 1)
  }
}

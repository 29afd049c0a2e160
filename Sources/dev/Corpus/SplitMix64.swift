/// A small seeded generator, so that a corpus is the same everywhere.
///
/// SplitMix64 of Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
/// `Int.random(in:using:)` is not used: the standard library may change how it draws.
struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  /// A generator of its own for each name, so that one file's content does not move another's.
  init(seed: UInt64, for name: String) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
    for byte in name.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    self.init(seed: seed ^ hash)
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number from 0 up to, and without, `bound`.
  mutating func below(_ bound: Int) -> Int {
    Int(next() % UInt64(bound))
  }

  /// True once in `n` draws on average.
  mutating func oneIn(_ n: Int) -> Bool {
    below(n) == 0
  }

  mutating func pick<T>(_ items: [T]) -> T {
    items[below(items.count)]
  }

  /// `count` different items in their given order; all of them where there are fewer.
  mutating func sample<T>(_ count: Int, of items: [T]) -> [T] {
    guard count < items.count else { return items }
    var chosen = Set<Int>()
    while chosen.count < count { chosen.insert(below(items.count)) }
    return chosen.sorted().map { items[$0] }
  }
}

/// Several wildcard segments, read side by side: a state is the set of positions that they have reached together.
///
/// Shift-And over the positions of all (Baeza-Yates and Gonnet, "A new approach to text searching", 1992), where a star is a
/// position that keeps itself. Of one segment, the positions before a star that has been reached are dropped: whatever
/// matches from there on matches from the star on.
struct GlobAutomaton {
  typealias Unit = SegmentPattern.Unit

  /// Words of a state.
  let width: Int
  /// The scalars that occur, in order.
  let letters: [Unit]
  let start: [UInt64]
  /// The last position of each segment.
  let ends: [UInt64]
  /// Of each position that is an end, the segment.
  private(set) var segmentAtEnd: [Int: Int] = [:]

  /// Of each letter, the positions at which it is wanted.
  private var wanted: [UInt64]
  private var stars: [UInt64]
  /// The stars with something before them in their segment, and the first position of each bit's segment.
  private var pruning: [UInt64]
  private var firsts: [Int]

  init(_ globs: [[Unit]]) {
    let letters = Array(Set(globs.joined()).subtracting([SegmentPattern.star])).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(letters, letters.indices))
    let bits = globs.reduce(0) { $0 + 1 + $1.count { $0 != SegmentPattern.star } }
    let width = (bits + 63) / 64
    var (start, ends) = ([UInt64](repeating: 0, count: width), [UInt64](repeating: 0, count: width))
    wanted = [UInt64](repeating: 0, count: width * letters.count)
    (stars, pruning) = (start, start)
    firsts = []
    for (number, glob) in globs.enumerated() {
      let first = firsts.count
      start.setBit(first)
      firsts.append(first)
      for unit in glob {
        let position = firsts.count - 1
        if unit == SegmentPattern.star {
          stars.setBit(position)
          if position > first { pruning.setBit(position) }
        } else {
          wanted.setBit(position, from: (numbers[unit] ?? 0) * width)
          firsts.append(first)
        }
      }
      ends.setBit(firsts.count - 1)
      segmentAtEnd[firsts.count - 1] = number
    }
    (self.width, self.letters, self.start, self.ends) = (width, letters, start, ends)
  }

  /// Whether a letter leads from the state at `offset` anywhere but where a letter that occurs nowhere leads.
  func reads(_ letter: Int, _ states: [UInt64], _ offset: Int) -> Bool {
    var word = 0
    while word < width {
      if states[offset + word] & wanted[letter * width + word] != 0 { return true }
      word += 1
    }
    return false
  }

  /// The state behind the one at `offset`; letter nil: one that occurs nowhere.
  func step(_ letter: Int?, _ states: [UInt64], _ offset: Int, into next: inout [UInt64]) {
    var (word, carry): (Int, UInt64) = (0, 0)
    while word < width {
      let state = states[offset + word]
      let read = letter.map { state & wanted[$0 * width + word] } ?? 0
      next[word] = read << 1 | carry | state & stars[word]
      carry = read >> 63
      word += 1
    }
    word = 0
    while word < width {
      var reached = next[word] & pruning[word]
      while reached != 0 {
        let bit = word * 64 + reached.trailingZeroBitCount
        reached &= reached - 1
        next.clearBits(firsts[bit]..<bit)
      }
      word += 1
    }
  }
}

extension [UInt64] {
  mutating func setBit(_ bit: Int, from offset: Int = 0) { self[offset + bit >> 6] |= 1 << UInt64(bit & 63) }

  mutating func clearBits(_ range: Range<Int>) {
    var word = range.lowerBound >> 6
    while word << 6 < range.upperBound {
      let low = UInt64.max << UInt64(Swift.max(range.lowerBound - word << 6, 0))
      let high = range.upperBound - word << 6
      self[word] &= ~(high >= 64 ? low : low & ((1 << UInt64(high)) - 1))
      word += 1
    }
  }
}

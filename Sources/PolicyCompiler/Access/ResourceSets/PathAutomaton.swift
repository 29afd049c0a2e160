/// The patterns of one question, read side by side: a state is the set of positions that they have reached together.
///
/// As `GlobAutomaton`, but a letter is a whole segment, a star is `**`, and no pattern spans two words.
struct PathAutomaton {
  /// Words of a state.
  private(set) var width = 1
  private(set) var start: [UInt64] = [0]
  private(set) var loops: [UInt64] = [0]
  /// Of each position that is a loop, the positions before it in its pattern.
  private var before = [UInt64](repeating: 0, count: 64)

  /// The different segments, `*` excepted.
  private(set) var segments: [SegmentPattern] = []
  private var numbers: [SegmentPattern: Int] = [:]
  /// Of each of these, the positions at which it is wanted.
  private(set) var places: [[Int]] = []
  /// Of each position, the number of the segment that it wants; nil: `*`, or it is an end.
  private var wanted: [Int?] = Array(repeating: nil, count: 64)
  /// The positions that want `*`.
  private(set) var ones: [UInt64] = [0]

  private var slots: [Slot] = []
  /// The bits of the last word that are taken.
  private var used = 0

  /// Where a pattern's positions are.
  struct Slot {
    let word: Int
    let positions: UInt64
    let end: UInt64
    /// The end, where everything that goes on is met too.
    let everything: UInt64

    func isAlive(_ state: [UInt64]) -> Bool { state[word] & positions != 0 }
    func isMet(_ state: [UInt64]) -> Bool { state[word] & end != 0 }
    func isMetForever(_ state: [UInt64]) -> Bool { state[word] & everything != 0 }
  }

  mutating func add(_ pattern: PathPattern) -> Slot {
    let count = pattern.segments.count + 1
    if used + count > 64 {
      width += 1
      start.append(0)
      loops.append(0)
      ones.append(0)
      wanted += Array(repeating: nil, count: 64)
      before += Array(repeating: 0, count: 64)
      used = 0
    }
    let (word, first) = (width - 1, UInt64(used))
    start[word] |= 1 << first
    loops[word] |= pattern.loops << first
    for (index, segment) in pattern.segments.enumerated() {
      let position = word * 64 + used + index
      if segment.isOne {
        ones.setBit(position)
        continue
      }
      let number = numbers[segment] ?? segments.count
      if number == segments.count {
        numbers[segment] = number
        segments.append(segment)
        places.append([])
      }
      places[number].append(position)
      wanted[position] = number
    }
    for index in 1..<count where pattern.loops & 1 << UInt64(index) != 0 {
      before[word * 64 + used + index] = ((1 << UInt64(index)) - 1) << first
    }
    used += count
    let end: UInt64 = 1 << (first + UInt64(count - 1))
    let positions = (end - 1 | end) & ~((1 << first) - 1)
    return Slot(word: word, positions: positions, end: end, everything: end & loops[word])
  }

  /// The segments that the state's positions want, as bits.
  func wantedSegments(_ states: [UInt64], _ offset: Int, into set: inout [UInt64]) {
    for word in set.indices { set[word] = 0 }
    for word in 0..<width {
      var rest = states[offset + word]
      while rest != 0 {
        if let number = wanted[word * 64 + rest.trailingZeroBitCount] { set.setBit(number) }
        rest &= rest - 1
      }
    }
  }

  /// The state behind the one at `offset`, for a segment that is wanted at the positions in `met`.
  func step(_ states: [UInt64], _ offset: Int, _ met: [UInt64], _ metOffset: Int, into next: inout [UInt64]) {
    var word = 0
    while word < width {
      let state = states[offset + word]
      let kept = state & loops[word]
      let result = (state & met[metOffset + word]) << 1 | kept
      next[word] = result
      // Whatever matches from an earlier position on matches from the last loop on.
      var reached = result & loops[word]
      while reached != 0 {
        next[word] &= ~before[word * 64 + reached.trailingZeroBitCount]
        reached &= reached - 1
      }
      word += 1
    }
  }
}

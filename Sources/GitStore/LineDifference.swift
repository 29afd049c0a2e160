import CLibgit2

/// Which lines two contents have in common.
enum LineDifference {
  /// Lines that were replaced by others; either may be none. Numbers from 0.
  struct Hunk: Hashable {
    var old: Range<Int>
    var new: Range<Int>
  }

  /// In order, as git's own comparison finds them with its usual heuristic about indentation.
  static func hunks(from old: [UInt8], to new: [UInt8]) throws(GitError) -> [Hunk] {
    var options = unsafe git_diff_options()
    unsafe git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))
    unsafe options.context_lines = 0
    unsafe options.interhunk_lines = 0
    unsafe options.flags = GIT_DIFF_FORCE_TEXT.rawValue | GIT_DIFF_INDENT_HEURISTIC.rawValue
    var hunks: [Hunk] = []
    let code = unsafe withUnsafeMutablePointer(to: &hunks) { found in
      unsafe old.withUnsafeBytes { left in
        unsafe new.withUnsafeBytes { right in
          unsafe git_diff_buffers(
            left.baseAddress, left.count, nil, right.baseAddress, right.count, nil, &options, nil, nil,
            { _, hunk, payload in
              guard let hunk = unsafe hunk?.pointee, let found = unsafe payload?.assumingMemoryBound(to: [Hunk].self) else { return 0 }
              unsafe found.pointee.append(
                Hunk(old: range(hunk.old_start, hunk.old_lines), new: range(hunk.new_start, hunk.new_lines)))
              return 0
            }, nil, found)
        }
      }
    }
    guard code == 0 else { throw LibraryError(code).unexpected("compare two versions of a file") }
    return hunks
  }
}

/// From git's count: from 1, and for no lines the one before.
private func range(_ start: Int32, _ count: Int32) -> Range<Int> {
  let first = Int(count == 0 ? start : start - 1)
  return first..<(first + Int(count))
}

/// Lines of the file that is asked about, and where the same ones are in an older version. Numbers from 0.
struct LineRange: Hashable {
  var here: Int
  var there: Int
  var count: Int

  /// The wanted lines of a file, where they are.
  static func ranges(of numbers: some Sequence<Int>, count: Int) -> [LineRange] {
    var ranges: [LineRange] = []
    for number in Set(numbers).filter({ (1...max(count, 1)).contains($0) && count > 0 }).sorted() {
      if let last = ranges.last, last.here + last.count == number - 1 {
        ranges[ranges.count - 1].count += 1
      } else {
        ranges.append(LineRange(here: number - 1, there: number - 1, count: 1))
      }
    }
    return ranges
  }

  /// Those that an older version has too, by their places in it; and those that it has not.
  static func split(_ ranges: [LineRange], _ hunks: [LineDifference.Hunk]) -> (passed: [LineRange], rest: [LineRange]) {
    var (passed, rest): ([LineRange], [LineRange]) = ([], [])
    for range in ranges {
      var next = range.there
      let end = range.there + range.count
      func part(_ until: Int, shift: Int) -> LineRange {
        LineRange(here: range.here + next - range.there, there: next + shift, count: until - next)
      }
      var shift = 0
      for hunk in hunks[firstReaching(next, hunks)...] {
        guard hunk.new.lowerBound < end else { break }
        shift = hunk.old.lowerBound - hunk.new.lowerBound
        if hunk.new.lowerBound > next {
          passed.append(part(hunk.new.lowerBound, shift: shift))
          next = hunk.new.lowerBound
        }
        let stop = min(hunk.new.upperBound, end)
        if stop > next {
          rest.append(part(stop, shift: 0))
          next = stop
        }
      }
      if next < end {
        let before = hunks[..<firstReaching(next, hunks)].last
        passed.append(part(end, shift: before.map { $0.old.upperBound - $0.new.upperBound } ?? 0))
      }
    }
    return (passed, rest)
  }

  /// The first hunk that ends after a line.
  private static func firstReaching(_ line: Int, _ hunks: [LineDifference.Hunk]) -> Int {
    var (low, high) = (0, hunks.count)
    while low < high {
      let middle = (low + high) / 2
      if hunks[middle].new.upperBound <= line { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// The lines of a content, without their order, for telling how alike two are.
struct LineBag {
  private var bytes: [ArraySlice<UInt8>: Int] = [:]
  private var size = 0

  init(_ content: [UInt8]) {
    for line in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      bytes[line, default: 0] += 1
    }
    size = content.count
  }

  /// How much of the larger one is in both, from 0 to 1.
  func share(_ other: LineBag) -> Double {
    var common = 0
    for (line, count) in bytes { common += min(count, other.bytes[line] ?? 0) * (line.count + 1) }
    let larger = max(size, other.size)
    return larger == 0 ? 0 : Double(common) / Double(larger)
  }
}

/// What waits to be looked at, by time: a binary heap. What came first comes first among equals.
struct NewestFirst<Element> {
  private var heap: [(time: Int64, order: Int, element: Element)] = []
  private var inserted = 0

  mutating func insert(_ element: Element, time: Int64) {
    heap.append((time, inserted, element))
    inserted += 1
    var child = heap.count - 1
    while child > 0, isBefore(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() -> Element? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if heap.isEmpty { return first.element }
    heap[0] = last
    var parent = 0
    while true {
      var next = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && isBefore(child, next) { next = child }
      if next == parent { return first.element }
      heap.swapAt(parent, next)
      parent = next
    }
  }

  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    (-heap[left].time, heap[left].order) < (-heap[right].time, heap[right].order)
  }
}

extension [UInt8] {
  /// How many lines there are; the last one need not end in a line break.
  var lineCount: Int {
    let breaks = count { $0 == UInt8(ascii: "\n") }
    return isEmpty || last == UInt8(ascii: "\n") ? breaks : breaks + 1
  }

  var hasCarriageReturns: Bool { zip(self, dropFirst()).contains { $0 == UInt8(ascii: "\r") && $1 == UInt8(ascii: "\n") } }

  /// With line breaks as git stores them.
  var withoutCarriageReturns: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(count)
    for byte in self {
      if byte == UInt8(ascii: "\n"), result.last == UInt8(ascii: "\r") { result.removeLast() }
      result.append(byte)
    }
    return result
  }
}

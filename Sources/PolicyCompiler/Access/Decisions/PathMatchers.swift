/// Patterns of paths, made ready to be matched against bytes: all in a few lists, so that matching allocates nothing and
/// touches little memory.
struct PathMatchers: Sendable {
  private enum Kind: UInt8 {
    /// Its literal and nothing else.
    case exact
    /// Its literal and all below it.
    case below
    /// Its literal, and below it a number of segments of any text.
    case depth
    /// Its literal, and below it what its segments say.
    case segments
  }

  private struct Matcher {
    /// The first eight bytes of the literal: what most paths fail at.
    var head: UInt64
    /// The segments that it begins with, joined, in `bytes`.
    var start: UInt32
    var count: UInt16
    var kind: Kind
    /// Of `depth`: how many segments.
    var depth: UInt8 = 0
    /// Of `segments`: which, and where among them `**` stands.
    var firstSegment: UInt32 = 0
    var anys: UInt32 = 0
    var segmentCount: UInt8 = 0
  }

  private struct Segment {
    var isAny = false
    /// Texts between `*`; one of a literal.
    var firstPart: UInt32 = 0
    var partCount: UInt8 = 0
  }

  private var matchers: [Matcher] = []
  private var segments: [Segment] = []
  private var parts: [Range<UInt32>] = []
  private var bytes: [UInt8] = []

  /// - Parameters:
  ///   - pattern: its placeholders are filled.
  ///   - foldsCase: whether paths will come in lower case.
  mutating func add(_ pattern: ResourcePattern, foldsCase: Bool) -> Int32 {
    add(foldsCase ? pattern.segments.map(\.inLowerCase) : pattern.segments)
  }

  mutating func add(_ all: [ResourcePattern.Segment]) -> Int32 {
    let literals = all.prefix { if case .literal = $0 { true } else { false } }
    let rest = all.dropFirst(literals.count)
    let start = bytes.count
    for (index, segment) in literals.enumerated() {
      guard case .literal(let text) = segment else { continue }
      if index > 0 { bytes.append(UInt8(ascii: "/")) }
      bytes.append(contentsOf: text.utf8)
    }
    var matcher = Matcher(
      head: bytes.span.extracting(start...).head, start: UInt32(start), count: UInt16(bytes.count - start), kind: .exact)
    if rest.isEmpty {
      matcher.kind = .exact
    } else if rest.count == 1, rest.first == .any {
      matcher.kind = .below
    } else if rest.allSatisfy({ $0 == .wildcard(["", ""]) }) {
      matcher.kind = .depth
      matcher.depth = UInt8(rest.count)
    } else {
      matcher.kind = .segments
      matcher.firstSegment = UInt32(segments.count)
      matcher.segmentCount = UInt8(rest.count)
      for (index, segment) in rest.enumerated() {
        if segment == .any { matcher.anys |= 1 << UInt32(index) }
        add(segment)
      }
    }
    matchers.append(matcher)
    return Int32(matchers.count - 1)
  }

  private mutating func add(_ segment: ResourcePattern.Segment) {
    var made = Segment(firstPart: UInt32(parts.count))
    switch segment {
    case .any: made.isAny = true
    case .literal(let text): add(text)
    case .wildcard(let texts): for text in texts { add(text) }
    }
    made.partCount = UInt8(parts.count - Int(made.firstPart))
    segments.append(made)
  }

  private mutating func add(_ part: String) {
    let start = UInt32(bytes.count)
    bytes.append(contentsOf: part.utf8)
    parts.append(start..<UInt32(bytes.count))
  }

  /// The same once more, behind all others: matchers that are asked together had best lie together.
  mutating func copy(_ id: Int32) -> Int32 {
    matchers.append(matchers[Int(id)])
    return Int32(matchers.count - 1)
  }

  /// Whether whatever the second matches, the first does, as far as their literals tell.
  func covers(_ first: Int32, _ second: Int32) -> Bool {
    guard matchers[Int(first)].kind == .below else { return false }
    let outer = literal(first)
    let inner = literal(second)
    return inner.starts(with: outer)
      && (outer.isEmpty || inner.count == outer.count || inner.dropFirst(outer.count).first == UInt8(ascii: "/"))
  }

  /// Whether it matches one path only.
  func isExact(_ id: Int32) -> Bool { matchers[Int(id)].kind == .exact }

  /// The text of its literal segments.
  func literal(_ id: Int32) -> ArraySlice<UInt8> { bytes[Int(matchers[Int(id)].start)...].prefix(Int(matchers[Int(id)].count)) }

  /// - Parameters:
  ///   - path: the segments below the root, with `/` between them.
  ///   - head: its first eight bytes, the first of them lowest.
  @inline(__always)
  func matches(_ id: Int32, _ path: Span<UInt8>, head: UInt64) -> Bool {
    let matcher = matchers[Int(id)]
    // Of a shorter literal, only its own bytes count.
    let unused = UInt64(max(0, 8 - Int(matcher.count)) * 8)
    guard (head ^ matcher.head) << unused == 0 else { return false }
    return matches(matcher, path)
  }

  private func matches(_ matcher: Matcher, _ path: Span<UInt8>) -> Bool {
    let count = Int(matcher.count)
    guard path.count >= count else { return false }
    if count > 8 {
      let start = Int(matcher.start)
      let bytes = bytes.span
      for index in 8..<count where path[index] != bytes[start + index] { return false }
    }
    // Where its next segment would begin.
    var next = count
    if count > 0 {
      if path.count == count { next = path.count } else if path[count] == UInt8(ascii: "/") { next = count + 1 } else { return false }
    }
    switch matcher.kind {
    case .exact: return path.count == count
    case .below: return true
    case .depth:
      guard next < path.count else { return false }
      var slashes = 0
      for index in next..<path.count where path[index] == UInt8(ascii: "/") { slashes += 1 }
      return slashes + 1 == Int(matcher.depth)
    case .segments: return matchesSegments(matcher, path, from: next)
    }
  }

  /// The same walk over positions as `ResourcePattern.matches`, with the positions in the bits of a number: a pattern has
  /// 31 segments at most.
  private func matchesSegments(_ matcher: Matcher, _ path: Span<UInt8>, from: Int) -> Bool {
    let anys = UInt64(matcher.anys)
    // No two `**` follow each other, so once is enough.
    func spread(_ reached: UInt64) -> UInt64 { reached | (reached & anys) << 1 }
    var reached = spread(1)
    var start = from
    while start < path.count {
      var end = start
      while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
      var next = reached & anys
      var left = reached & ~anys & (1 << UInt64(matcher.segmentCount) - 1)
      while left != 0 {
        let index = left.trailingZeroBitCount
        left &= left - 1
        if matches(segments[Int(matcher.firstSegment) + index], path, start, end) { next |= 1 << UInt64(index + 1) }
      }
      if next == 0 { return false }
      reached = spread(next)
      start = end + 1
    }
    return reached >> UInt64(matcher.segmentCount) & 1 == 1
  }

  private func matches(_ segment: Segment, _ path: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    var at = start
    let last = Int(segment.partCount) - 1
    for number in 0...last {
      let part = parts[Int(segment.firstPart) + number]
      let count = part.count
      if number == 0 {
        guard end - at >= count, holds(part, path, at), last > 0 || end - at == count else { return false }
        at += count
      } else if number == last {
        return end - at >= count && holds(part, path, end - count)
      } else {
        while true {
          guard end - at >= count else { return false }
          if holds(part, path, at) { break }
          at += 1
        }
        at += count
      }
    }
    return true
  }

  private func holds(_ part: Range<UInt32>, _ path: Span<UInt8>, _ start: Int) -> Bool {
    let bytes = bytes.span
    for index in 0..<part.count where path[start + index] != bytes[Int(part.lowerBound) + index] { return false }
    return true
  }
}

extension ResourcePattern.Segment {
  fileprivate var inLowerCase: Self {
    switch self {
    case .any: .any
    case .literal(let text): .literal(text.lowercased())
    case .wildcard(let parts): .wildcard(parts.map { $0.lowercased() })
    }
  }
}

extension Span<UInt8> {
  /// The first eight bytes, the first of them lowest.
  var head: UInt64 {
    var head: UInt64 = 0
    for index in 0..<Swift.min(8, count) { head |= UInt64(self[index]) << UInt64(index * 8) }
    return head
  }
}

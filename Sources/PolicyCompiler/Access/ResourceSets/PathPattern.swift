/// A pattern of resource paths made ready for the algebra of sets: as scalars, folded where its system folds case.
///
/// It matches concrete paths: a root, and any number of segments, each of which is a text of any scalars but `/`, not empty,
/// and neither `.` nor `..`.
package struct PathPattern: Hashable, Sendable {
  /// As it was written, for people.
  package let text: String
  package let foldsCase: Bool

  /// The system's name; never folded.
  let root: SegmentPattern
  /// Every segment but `**`.
  // INVARIANT: 63 at most, so that positions in it are bits of one word; `ResourcePattern` has 32 segments at most.
  let segments: [SegmentPattern]
  /// The positions, numbers of segments that have been met, at which any number of segments may follow: `**`.
  let loops: UInt64
  /// The positions at which any number may stand somewhere before the next segment that is not `*`: `**` and `*` commute.
  private let slack: UInt64

  /// The pattern, in which placeholders are filled.
  package init(_ pattern: ResourcePattern, foldsCase: Bool) {
    var segments: [SegmentPattern] = []
    var loops: UInt64 = 0
    var isOpen = false
    for segment in pattern.segments {
      guard let segment = SegmentPattern(segment, foldsCase: foldsCase) else {
        isOpen = true
        continue
      }
      // `**/*` is written `*/**`, so that what means the same looks the same.
      if isOpen, !segment.isOne {
        loops |= 1 << UInt64(segments.count)
        isOpen = false
      }
      segments.append(segment)
    }
    if isOpen { loops |= 1 << UInt64(segments.count) }
    self.init(
      root: SegmentPattern(literal: pattern.root), segments: segments, loops: loops, foldsCase: foldsCase, text: pattern.text)
  }

  init(root: SegmentPattern, segments: [SegmentPattern], loops: UInt64, foldsCase: Bool, text: String?) {
    self.root = root
    self.segments = segments
    self.loops = loops
    self.foldsCase = foldsCase
    var slack = loops
    for index in segments.indices.reversed() where segments[index].isOne && slack & 1 << UInt64(index + 1) != 0 {
      slack |= 1 << UInt64(index)
    }
    self.slack = slack
    self.text = text ?? Self.text(root, segments, loops)
  }

  private static func text(_ root: SegmentPattern, _ segments: [SegmentPattern], _ loops: UInt64) -> String {
    var parts = [root.text]
    for position in 0...segments.count {
      if loops & 1 << UInt64(position) != 0 { parts.append("**") }
      if position < segments.count { parts.append(segments[position].text) }
    }
    return parts.joined(separator: "/")
  }

  /// Equal patterns are written alike; that two mean the same, each covers the other.
  package static func == (left: Self, right: Self) -> Bool {
    left.means(right) && left.text.utf8.elementsEqual(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(root)
    hasher.combine(segments)
    hasher.combine(loops)
  }

  /// Whether it is the same pattern but for how it is written.
  func means(_ other: Self) -> Bool {
    loops == other.loops && foldsCase == other.foldsCase && root == other.root && segments == other.segments
  }

  /// Whether it matches one path only.
  var isConcrete: Bool { loops == 0 && segments.allSatisfy(\.isLiteral) }

  private var end: UInt64 { 1 << UInt64(segments.count) }

  /// Whether it matches the path: the root, and the segments below it.
  package func contains(_ path: [String]) -> Bool {
    ConcretePath(path).map(contains) ?? false
  }

  func contains(_ path: ConcretePath) -> Bool {
    guard root.units == path.root else { return false }
    var reached: UInt64 = 1
    for segment in foldsCase ? path.folded : path.exact {
      reached = (reached & loops) | step(from: reached) { $0.matches(segment) }
      if reached == 0 { return false }
    }
    return reached & end != 0
  }

  private func step(from reached: UInt64, _ isMet: (SegmentPattern) -> Bool) -> UInt64 {
    var next: UInt64 = 0
    var rest = reached & (end - 1)
    while rest != 0 {
      let index = rest.trailingZeroBitCount
      rest &= rest - 1
      if isMet(segments[index]) { next |= 1 << UInt64(index + 1) }
    }
    return next
  }
}

extension PathPattern {
  /// Whether everything that the other matches, it matches too.
  ///
  /// It must match the other's text: a star of the other is met by stars only, and `**` only where this one has `**`, or has
  /// it behind nothing but `*`. That is exact, since stars can stand for names that occur in no pattern, and as many of them
  /// as one likes, or none.
  func covers(_ other: PathPattern) -> Bool {
    guard foldsCase == other.foldsCase, root == other.root else { return false }
    if loops == 0 ? other.loops != 0 || segments.count != other.segments.count : segments.count > other.segments.count { return false }
    var reached: UInt64 = 1
    for position in 0...other.segments.count {
      if other.loops & 1 << UInt64(position) != 0 { reached &= slack }
      if position < other.segments.count {
        reached = (reached & loops) | step(from: reached) { $0.covers(other.segments[position]) }
      }
      if reached == 0 { return false }
    }
    return reached & end != 0
  }

  /// Whether some path matches both. Of two that do not agree on folding case: whether one might.
  func overlaps(_ other: PathPattern) -> Bool {
    guard root == other.root else { return false }
    guard foldsCase == other.foldsCase else { return true }
    // Row by row: the positions of the other that can be reached together with one of this.
    var row: UInt64 = 1
    for position in 0...segments.count {
      let isLoop = loops & 1 << UInt64(position) != 0
      var next: UInt64 = 0
      for place in 0...other.segments.count where row & 1 << UInt64(place) != 0 {
        if isLoop { row |= 1 << UInt64(place + 1) }
        guard position < segments.count else { continue }
        if other.loops & 1 << UInt64(place) != 0 { next |= 1 << UInt64(place) }
        if place < other.segments.count, segments[position].overlaps(other.segments[place]) { next |= 1 << UInt64(place + 1) }
      }
      if position == segments.count { return row & other.end != 0 }
      if next == 0 { return false }
      row = next
    }
    return false
  }

  /// The paths that match both, as one pattern where they are one.
  func meet(_ other: PathPattern) -> Glob.Meet<PathPattern> {
    guard overlaps(other) else { return .disjoint }
    if covers(other) { return .single(means(other) ? min(self, other) : other) }
    if other.covers(self) { return .single(self) }
    guard foldsCase == other.foldsCase, let left = simple, let right = other.simple else { return .several }
    switch Glob.meet(left, right, { $0.meet($1) }) {
    case .disjoint: return .disjoint
    case .several: return .several
    case .single(let met):
      let loops: UInt64 = met.suffix == nil ? 0 : 1 << UInt64(met.prefix.count)
      let segments = met.prefix + (met.suffix ?? [])
      guard segments.count < 64 else { return .several }
      return .single(PathPattern(root: root, segments: segments, loops: loops, foldsCase: foldsCase, text: nil))
    }
  }

  private var simple: Glob.Simple<SegmentPattern>? {
    if loops == 0 { return Glob.Simple(prefix: segments, suffix: nil) }
    guard loops.nonzeroBitCount == 1 else { return nil }
    let place = loops.trailingZeroBitCount
    return Glob.Simple(prefix: Array(segments[..<place]), suffix: Array(segments[place...]))
  }

  /// A path that it matches and that stands for all of them, as far as it goes: a pattern that does not cover this one
  /// matches it as little as it can.
  var generic: ConcretePath {
    let names = segments.map { $0.units.map { $0 == SegmentPattern.star ? SegmentPattern.fresh : $0 } }
    var path: [[SegmentPattern.Unit]] = []
    for position in 0...segments.count {
      // More segments than a pattern has: these are met by `**`.
      if loops & 1 << UInt64(position) != 0 { path += Array(repeating: [SegmentPattern.fresh], count: 64) }
      if position < segments.count { path.append(names[position]) }
    }
    return ConcretePath(root: root.units, segments: path)
  }
}

extension PathPattern: Comparable {
  /// By text, byte for byte.
  package static func < (left: Self, right: Self) -> Bool {
    if left.text.utf8.elementsEqual(right.text.utf8) { return !left.foldsCase && right.foldsCase }
    return left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}

/// A path as scalars, both as it is and folded.
struct ConcretePath {
  let root: [SegmentPattern.Unit]
  let exact: [[SegmentPattern.Unit]]
  let folded: [[SegmentPattern.Unit]]

  /// Nil where it is no path.
  init?(_ path: [String]) {
    guard let root = path.first, !path.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." || $0.utf8.contains(UInt8(ascii: "/")) })
    else { return nil }
    self.root = SegmentPattern.units(of: root, foldsCase: false)
    exact = path.dropFirst().map { SegmentPattern.units(of: $0, foldsCase: false) }
    folded = path.dropFirst().map { SegmentPattern.units(of: $0, foldsCase: true) }
  }

  init(root: [SegmentPattern.Unit], segments: [[SegmentPattern.Unit]]) {
    self.root = root
    (exact, folded) = (segments, segments)
  }
}

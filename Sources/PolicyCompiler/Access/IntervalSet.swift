/// A set of moments: intervals in order, none of them empty, no two of which touch.
///
/// Nearly all sets are a single interval, which takes no allocation.
package struct IntervalSet: Hashable, Sendable {
  private var first: Interval?
  private var rest: [Interval]

  package static let never = IntervalSet(first: nil, rest: [])
  package static let always = IntervalSet(.always)

  private init(first: Interval?, rest: [Interval]) {
    self.first = first
    self.rest = rest
  }

  package init(_ interval: Interval) { self.init(first: interval.isEmpty ? nil : interval, rest: []) }

  package init(_ intervals: [Interval]) {
    self = .never
    for interval in intervals { formUnion(IntervalSet(interval)) }
  }

  package var intervals: [Interval] { first.map { [$0] + rest } ?? [] }

  package var isEmpty: Bool { first == nil }

  package var isAlways: Bool { first == .always }

  package func contains(_ instant: Instant) -> Bool {
    first?.contains(instant) == true || rest.contains { $0.contains(instant) }
  }

  package func isSubset(of other: IntervalSet) -> Bool { subtracting(other).isEmpty }

  package mutating func formUnion(_ other: IntervalSet) {
    if other.isEmpty || isAlways { return }
    if isEmpty || other.isAlways {
      self = other
      return
    }
    var merged: [Interval] = []
    for interval in (intervals + other.intervals).sorted(by: { ($0.from, $0.until) < ($1.from, $1.until) }) {
      if let last = merged.last, interval.from <= last.until {
        merged[merged.count - 1] = Interval(from: last.from, until: max(last.until, interval.until))
      } else {
        merged.append(interval)
      }
    }
    first = merged[0]
    rest = Array(merged.dropFirst())
  }

  package func union(_ other: IntervalSet) -> IntervalSet {
    var result = self
    result.formUnion(other)
    return result
  }

  package func intersection(_ other: IntervalSet) -> IntervalSet {
    if isAlways { return other }
    if other.isAlways { return self }
    guard let first, let otherFirst = other.first else { return .never }
    if rest.isEmpty, other.rest.isEmpty { return IntervalSet(first.intersection(otherFirst)) }
    var found: [Interval] = []
    for left in intervals {
      for right in other.intervals {
        let both = left.intersection(right)
        if !both.isEmpty { found.append(both) }
      }
    }
    return IntervalSet(found)
  }

  package func intersection(_ interval: Interval) -> IntervalSet { intersection(IntervalSet(interval)) }

  package func subtracting(_ other: IntervalSet) -> IntervalSet {
    var left = intervals
    for cut in other.intervals {
      left = left.flatMap { piece -> [Interval] in
        [
          Interval(from: piece.from, until: min(piece.until, cut.from)), Interval(from: max(piece.from, cut.until), until: piece.until),
        ].filter { !$0.isEmpty }
      }
    }
    return IntervalSet(first: left.first, rest: Array(left.dropFirst()))
  }

  /// What is left of it from a moment on.
  package func from(_ instant: Instant) -> IntervalSet { intersection(Interval(from: instant, until: .distantFuture)) }

  /// The moments at which it begins or ends, without the ends of time.
  package var edges: [Instant] { intervals.flatMap { [$0.from, $0.until] }.filter { $0 != .distantPast && $0 != .distantFuture } }
}

import TestSupport
import Testing

@testable import PolicyCompiler

/// Sets of moments against lists of moments. Seeds are fixed, and a failure names its own.
@Suite struct IntervalSetTests {
  /// The moments that are told apart; what is outside of them is the ends of time.
  private static let moments = (0..<12).map { Instant(seconds: $0) }

  private static func bits(_ set: IntervalSet) -> [Bool] {
    [set.contains(.distantPast)] + moments.map(set.contains) + [set.contains(Instant(seconds: .max - 1))]
  }

  private static func interval(_ generator: inout SeededGenerator) -> Interval {
    func end(_ open: Instant) -> Instant {
      Int.random(in: 0..<6, using: &generator) == 0 ? open : moments.randomElement(using: &generator)!
    }
    return Interval(from: end(.distantPast), until: end(.distantFuture))
  }

  private static func set(_ generator: inout SeededGenerator) -> (IntervalSet, [Bool]) {
    let intervals = (0..<Int.random(in: 0...4, using: &generator)).map { _ in interval(&generator) }
    let asked = [Instant.distantPast] + moments + [Instant(seconds: .max - 1)]
    return (IntervalSet(intervals), asked.map { moment in intervals.contains { $0.contains(moment) } })
  }

  /// In order, none empty, no two that touch: so that equal sets are equal values.
  private static func isCanonical(_ set: IntervalSet) -> Bool {
    set.intervals.allSatisfy { !$0.isEmpty } && zip(set.intervals, set.intervals.dropFirst()).allSatisfy { $0.until < $1.from }
  }

  @Test(arguments: 1...10) func setsFollowTheirMoments(_ seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    for round in 0..<2_500 {
      let (left, leftBits) = Self.set(&generator)
      let (right, rightBits) = Self.set(&generator)
      let one = Self.interval(&generator)
      let start = Self.moments.randomElement(using: &generator)!
      let pairs = zip(leftBits, rightBits)
      func expect(_ set: IntervalSet, _ bits: [Bool], _ what: String) {
        if Self.bits(set) != bits || !Self.isCanonical(set) || set.isEmpty != !bits.contains(true) {
          Issue.record("seed \(seed), round \(round): \(what) of \(left.intervals) and \(right.intervals) is \(set.intervals)")
        }
      }
      expect(left, leftBits, "the set")
      expect(left.union(right), pairs.map { $0 || $1 }, "union")
      expect(left.intersection(right), pairs.map { $0 && $1 }, "intersection")
      expect(left.subtracting(right), pairs.map { $0 && !$1 }, "difference")
      expect(left.intersection(one), zip(leftBits, Self.bits(IntervalSet(one))).map { $0 && $1 }, "intersection with an interval")
      expect(
        left.from(start), zip(leftBits, Self.bits(IntervalSet(Interval(from: start, until: .distantFuture)))).map { $0 && $1 }, "the rest")
      if left.isSubset(of: right) != pairs.allSatisfy({ !$0 || $1 }) { Issue.record("seed \(seed), round \(round): subset") }
      if (left == right) != (leftBits == rightBits) { Issue.record("seed \(seed), round \(round): equality") }
      if left.isAlways != leftBits.allSatisfy({ $0 }) { Issue.record("seed \(seed), round \(round): always") }
      let changes = zip(leftBits, leftBits.dropFirst()).count { $0 != $1 }
      if left.edges.count != changes || left.edges != left.edges.sorted() { Issue.record("seed \(seed), round \(round): edges") }
    }
  }

  @Test(arguments: [
    ("always", [Interval.always], ""), ("ended", [Interval(from: .distantPast, until: Instant("2027-01-31")!)], " until 2027-01-30"),
    ("later", [Interval(from: Instant("2027-01-10")!, until: .distantFuture)], " from 2027-01-10"),
    (
      "twice",
      [
        Interval(from: Instant("2026-01-01")!, until: Instant("2027-01-01")!),
        Interval(from: Instant("2027-02-01")!, until: .distantFuture),
      ], " until 2026-12-31, from 2027-02-01"
    ),
    ("never", [], ""),
  ]) func timesAreSaidAsAPersonWould(_ case: String, _ intervals: [Interval], _ expected: String) {
    #expect(IntervalSet(intervals).phrase(from: Compiling.instant) == expected, "\(`case`)")
  }
}

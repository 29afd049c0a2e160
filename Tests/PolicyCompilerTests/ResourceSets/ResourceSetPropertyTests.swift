import TestSupport
import Testing

@testable import PolicyCompiler

/// The algebra against small universes in which everything can be listed. Seeds are fixed, and a failure names its own.
@Suite struct ResourceSetPropertyTests {
  /// Few names, and paths deep enough for everything that patterns of three segments tell apart.
  static let deep = SmallUniverse(segments: ["a", "b", "*", "a*", "**"], alphabet: ["a", "b", "c"], length: 3, depth: 6)
  /// Many kinds of names, on paths of three segments at most.
  static let wide = SmallUniverse(
    segments: ["a", "ab", "*", "a*", "*a", "*b", "a*b", "*a*", "*ab*", "*ba*", "**"], alphabet: ["a", "b", "c"], length: 2, depth: 3)

  static func universe(_ batch: Int) -> SmallUniverse { batch.isMultiple(of: 2) ? deep : wide }

  @Test func theUniversesAreLargeEnoughToTellTheirPatternsApart() {
    #expect(Self.deep.names.count == 4 && Self.deep.paths.count == 5461 && Self.deep.patterns.count == Self.deep.bits.count)
    #expect(Self.wide.names.count > 10 && Self.wide.patterns.count == Self.wide.bits.count)
  }

  /// Every pair of patterns: do they overlap, does one cover the other, what do they have in common?
  @Test(arguments: 0..<8) func everyPairOfPatternsIsComparedExactly(_ batch: Int) throws {
    let universe = Self.universe(batch)
    var known: [String: SmallUniverse.Bits] = [:]
    var (met, several) = (0, 0)
    for left in universe.patterns.indices where left % 4 == batch / 2 {
      for right in universe.patterns.indices {
        let (one, other) = (universe.patterns[left], universe.patterns[right])
        let both = universe.bits[left].and(universe.bits[right])
        let isOverlapping = both.contains { $0 != 0 }
        guard one.overlaps(other) == isOverlapping, one.covers(other) == (both == universe.bits[right]) else {
          Issue.record("\(one.text) and \(other.text): overlap \(one.overlaps(other)), cover \(one.covers(other))")
          continue
        }
        switch one.meet(other) {
        case .disjoint: if isOverlapping { Issue.record("\(one.text) meets \(other.text)") }
        case .several: several += 1
        case .single(let single):
          met += 1
          let bits = known[single.text] ?? universe.bits(of: single.text)
          known[single.text] = bits
          if bits != both { Issue.record("\(one.text) and \(other.text) do not meet in \(single.text)") }
        }
      }
    }
    #expect(met > several, "people would see `that are also` in \(several) of \(met + several)")
  }

  /// Nothing that overlaps a pattern is left out by the index.
  @Test(arguments: 0..<2) func theIndexFindsEverythingThatOverlaps(_ batch: Int) {
    let universe = Self.universe(batch)
    let index = PatternIndex(universe.patterns)
    var compared = 0
    for pattern in universe.patterns {
      let near = Set(index.near(pattern))
      compared += near.count
      let missing = universe.patterns.indices.filter { !near.contains($0) && universe.patterns[$0].overlaps(pattern) }
      #expect(missing.isEmpty, "\(pattern.text) and \(missing.map { universe.texts[$0] })")
    }
    #expect(compared < universe.patterns.count * universe.patterns.count)
  }

  /// A set, how it was built, and its members.
  struct Built {
    var set: ResourceSet
    var bits: SmallUniverse.Bits
    var matches: (_ path: [String]) -> Bool
  }

  static func build(_ universe: SmallUniverse, _ generator: inout SeededGenerator, levels: Int = 3) throws -> Built {
    if levels == 0 || Int.random(in: 0..<5, using: &generator) == 0 {
      let index = Int.random(in: universe.patterns.indices, using: &generator)
      let pattern = try ResourcePattern.parse(universe.texts[index]).get()
      return Built(set: ResourceSet(universe.patterns[index]), bits: universe.bits[index]) {
        pattern.matches(Array($0.dropFirst()))
      }
    }
    let (left, right) = (
      try build(universe, &generator, levels: levels - 1), try build(universe, &generator, levels: levels - 1)
    )
    switch Int.random(in: 0..<4, using: &generator) {
    case 0:
      return Built(set: try left.set.intersection(right.set), bits: left.bits.and(right.bits)) { left.matches($0) && right.matches($0) }
    case 1: return Built(set: left.set.union(right.set), bits: left.bits.or(right.bits)) { left.matches($0) || right.matches($0) }
    default:
      return Built(set: try left.set.subtracting(right.set), bits: left.bits.without(right.bits)) {
        left.matches($0) && !right.matches($0)
      }
    }
  }

  /// Unions, intersections and differences of patterns: members, shortest member, inclusion, overlap, simplification.
  @Test(arguments: 0..<8) func setsHaveTheMembersThatTheyAreSaidToHave(_ batch: Int) throws {
    let universe = Self.universe(batch)
    for index in 0..<600 {
      let seed = UInt64(batch * 1000 + index)
      var generator = SeededGenerator(seed: seed)
      let one = try Self.build(universe, &generator)
      let other = try Self.build(universe, &generator)
      let witness = try one.set.witness()
      // What is empty must be so, and what is not must show it, as early as anything in the universe does.
      #expect(witness.map(one.matches) ?? one.bits.allSatisfy { $0 == 0 }, "seed \(seed): \(one.set)")
      #expect(try one.set.isEmpty() == (witness == nil), "seed \(seed): \(one.set)")
      let best = universe.shortest(one.bits)
      if let best { #expect(witness.map(SmallUniverse.size) ?? (0, 0) == best, "seed \(seed): \(one.set)") }
      let outside = try one.set.witness(outside: other.set)
      #expect(
        outside.map { one.matches($0) && !other.matches($0) } ?? one.bits.isWithin(other.bits), "seed \(seed): \(one.set) in \(other.set)")
      #expect(try one.set.isSubset(of: other.set) == (outside == nil), "seed \(seed): \(one.set) in \(other.set)")
      if let best = universe.shortest(one.bits.without(other.bits)) {
        #expect(outside.map(SmallUniverse.size) ?? (0, 0) == best, "seed \(seed): \(one.set) in \(other.set)")
      }
      let shared = try one.set.intersection(other.set).witness()
      #expect(
        shared.map { one.matches($0) && other.matches($0) } ?? !one.bits.meets(other.bits), "seed \(seed): \(one.set) and \(other.set)")
      #expect(try one.set.overlaps(other.set) == (shared != nil), "seed \(seed): \(one.set) and \(other.set)")
      #expect(try one.set.equals(one.set.simplified()), "seed \(seed): \(one.set)")
      for _ in 0..<10 {
        let path = universe.path(Int.random(in: universe.paths.indices, using: &generator))
        #expect(one.set.contains(path) == one.matches(path), "seed \(seed): \(one.set), \(path)")
      }
    }
  }

  enum Law: CaseIterable {
    case unionCommutes, intersectionCommutes, unionAssociates, intersectionAssociates, distributes, distributesOverIntersection,
      deMorganOfUnion, deMorganOfIntersection, partition, idempotence, absorption, differenceOfDifference, complement, transitivity

    /// Two sets that are the same, whatever the three are.
    func sides(_ a: ResourceSet, _ b: ResourceSet, _ c: ResourceSet, all: ResourceSet) throws -> (ResourceSet, ResourceSet) {
      switch self {
      case .unionCommutes: (a.union(b), b.union(a))
      case .intersectionCommutes: (try a.intersection(b), try b.intersection(a))
      case .unionAssociates: (a.union(b).union(c), a.union(b.union(c)))
      case .intersectionAssociates: (try a.intersection(b).intersection(c), try a.intersection(b.intersection(c)))
      case .distributes: (try a.intersection(b.union(c)), try a.intersection(b).union(a.intersection(c)))
      case .distributesOverIntersection: (try a.union(b.intersection(c)), try a.union(b).intersection(a.union(c)))
      case .deMorganOfUnion: (try all.subtracting(a.union(b)), try all.subtracting(a).intersection(all.subtracting(b)))
      case .deMorganOfIntersection: (try all.subtracting(a.intersection(b)), try all.subtracting(a).union(all.subtracting(b)))
      case .partition: (try a.subtracting(b).union(a.intersection(b)), a)
      case .idempotence: (try a.intersection(a).union(a), a)
      case .absorption: (try a.union(a.intersection(b)), try a.intersection(a.union(b)))
      case .differenceOfDifference: (try a.subtracting(b.subtracting(c)), try a.subtracting(b).union(a.intersection(c)))
      case .complement: (try all.subtracting(all.subtracting(a)), a)
      case .transitivity: (try a.subtracting(b).intersection(b).union(a.intersection(b).subtracting(a)), .empty)
      }
    }
  }

  @Test(arguments: Law.allCases) func lawsHold(_ law: Law) throws {
    for seed in UInt64(0)..<120 {
      var generator = SeededGenerator(seed: seed)
      let universe = Self.universe(Int(seed))
      let all = ResourceSet(try SetLanguage.pattern("db/**"))
      let sets = try (0..<3).map { _ in try Self.build(universe, &generator, levels: 2).set }
      let (left, right) = try law.sides(sets[0], sets[1], sets[2], all: all)
      let isEqual = try left.equals(right)
      #expect(isEqual, "seed \(seed): \(left) is not \(right)")
    }
  }

  /// The kinds of names that some segments tell apart, and the shortest of each, against all short names.
  @Test(arguments: 0..<4) func atomsAreAllTheKindsOfNames(_ batch: Int) throws {
    let words = SmallUniverse.words(["a", "b", "x"], upTo: 6)
    let texts =
      ["a", "b", "ab", "ba", "aab"] + ["*a", "a*", "*b", "b*", "*ab", "ab*", "*ba*", "*a*b", "a*b", "b*a", "*aa*", "*a*a*", "*b*"]
    let segments = try texts.map { try #require(SetLanguage.pattern("db/" + $0).segments.first) }
    let met = texts.map { text in words.map { SmallUniverse.matches(text, $0) } }
    for index in 0..<200 {
      let seed = UInt64(batch * 1000 + index)
      var generator = SeededGenerator(seed: seed)
      let chosen = Array(texts.indices.shuffled(using: &generator).prefix(Int.random(in: 1...4, using: &generator)))
      var expected: [[Bool]: Int] = [:]
      for (place, word) in words.enumerated() {
        let kind = chosen.map { met[$0][place] }
        if expected[kind] == nil { expected[kind] = word.count }
      }
      var effort = Effort()
      let atoms = try SegmentAtoms.find(chosen.map { segments[$0] }, fresh: 0x78, &effort)
      var found: [[Bool]: Int] = [:]
      for atom in atoms {
        let kind = chosen.indices.map(atom.met.contains)
        #expect(found[kind] == nil && chosen.indices.allSatisfy { segments[chosen[$0]].matches(atom.name) == kind[$0] }, "seed \(seed)")
        found[kind] = atom.name.count
      }
      #expect(found == expected, "seed \(seed): \(chosen.map { texts[$0] })")
    }
  }

  /// What is read from any text, against the matcher that the rest of the compiler uses.
  @Test(arguments: 0..<4) func anyPatternMatchesWhatResourcePatternMatches(_ batch: Int) throws {
    let pieces = [
      "a", "b", "A", "*", "*", "_", ".", "é", "É", "e", "\u{301}", "ß", "İ", "i", "\u{307}", "Σ", "ς", "日", "😀", "/", "/", "/**/",
    ]
    var parsed = 0
    for index in 0..<3000 {
      let seed = UInt64(batch * 10_000 + index)
      var generator = SeededGenerator(seed: seed)
      func text(_ pieces: [String]) -> String {
        (0..<Int.random(in: 1...7, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      }
      guard case .success(let pattern) = ResourcePattern.parse("db/" + text(pieces)) else { continue }
      parsed += 1
      let foldsCase = Bool.random(using: &generator)
      let ready = PathPattern(pattern, foldsCase: foldsCase)
      for _ in 0..<3 {
        let path = text(pieces.filter { $0 != "*" && $0 != "/**/" }).unicodeScalars.split(separator: "/").map { String($0) }
        guard path.allSatisfy({ $0 != "." && $0 != ".." }) else { continue }
        #expect(
          ready.contains(["db"] + path) == pattern.matches(path, foldingCase: foldsCase), "seed \(seed): \(pattern.text), \(path)")
      }
      let witness = try ResourceSet(ready).witness()
      #expect(witness.map { pattern.matches(Array($0.dropFirst()), foldingCase: foldsCase) } == true, "seed \(seed): \(pattern.text)")
    }
    #expect(parsed > 1000)
  }
}

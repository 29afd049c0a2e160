import TestSupport
import Testing

@testable import PolicyCompiler

@Suite struct NameOrderTests {
  @Test(arguments: 0..<20 as Range<UInt64>) func namesComeInTheOrderOfTheirBytes(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let pieces = ["", "a", "b", "é", "user_", "\u{0}", "zzzzzzzzzzzzzzz", "sixteen bytes ok", "z", "\u{10FFFF}"]
    let names = (0..<200).map { _ in
      (0..<Int.random(in: 0...4, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
    }
    let things = names.enumerated().map { (name: $1, number: $0) }
    let found = NameOrder.sorted(things) { $0.name }
    let expected = things.sorted { one, other in
      one.name.utf8.elementsEqual(other.name.utf8) ? one.number < other.number : one.name.utf8.lexicographicallyPrecedes(other.name.utf8)
    }
    #expect(found.map(\.number) == expected.map(\.number), "seed \(seed)")
  }
}

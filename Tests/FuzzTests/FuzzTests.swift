import Foundation
import Fuzzing
import Synchronization
import TestSupport
import Testing

/// A short run of every fuzzer: the same inputs each time, and every input that ever found something.
@Suite(.serialized) struct FuzzTests {
  static let seed: UInt64 = 20_261_121
  static let corpus = Golden.root.appending(path: "Tests/FuzzTests/Corpus")

  /// How many inputs: a parser that costs more gets fewer.
  private static func runs(_ target: FuzzTarget) -> Int {
    switch target {
    case .policy: 300
    case .diff, .repository: 200
    case .permifrost, .peribolos: 500
    case .pattern, .batch: 600
    default: 1500
    }
  }

  private let folder: Scratch

  init() throws {
    let scratch = try Scratch()
    folder = scratch
    RepositoryFuzz.folder.withLock { $0 = scratch.path }
  }

  private static func inputs(_ target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
    try Golden.files(below: corpus.appending(path: target.rawValue)).map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
  }

  /// Seeds, and what was found once.
  @Test(arguments: FuzzTarget.allCases) func everyInputOfTheCorpusHolds(_ target: FuzzTarget) throws {
    let inputs = try Self.inputs(target)
    #expect(!inputs.isEmpty, "\(target.rawValue) has no seeds")
    for input in inputs {
      let problem = target.run(input.bytes)
      #expect(problem == nil, "\(target.rawValue)/\(input.name)")
    }
  }

  @Test(arguments: FuzzTarget.allCases) func inputsMadeOfSeedsHold(_ target: FuzzTarget) throws {
    let words = try String(contentsOf: Self.corpus.appending(path: "\(target.rawValue).dict"), encoding: .utf8)
    var mutator = Mutator(seed: Self.seed, corpus: try Self.inputs(target).map(\.bytes), words: FuzzDictionary.words(words))
    for number in 0..<Self.runs(target) {
      let bytes = mutator.input(limit: target.maximumBytes)
      let problem = target.run(bytes)
      #expect(problem == nil, "input \(number) of seed \(Self.seed): dev fuzz \(target.rawValue) --runs \(number + 1)")
    }
  }

  /// That seeds reach what they are for: an input that fails at once is none.
  @Test func seedsOfARepositoryAreRead() throws {
    for input in try Self.inputs(.repository) where ["loose", "packed"].contains(input.name) {
      #expect(RepositoryBytes(input.bytes).bytes == input.bytes)
      for revision in ["main", "main~1", "v1"] { #expect(RepositoryFuzz.error(revision, of: input.bytes) == nil, "\(input.name)") }
      #expect(RepositoryFuzz.error("nowhere", of: input.bytes) != nil)
    }
  }

  @Test func theSameSeedMakesTheSameInputs() {
    func inputs(_ seed: UInt64) -> [[UInt8]] {
      var mutator = Mutator(seed: seed, corpus: [Array("a: [1, 2]\nb: x\n".utf8)], words: [Array("roles".utf8)])
      return (0..<50).map { _ in mutator.input(limit: 100) }
    }
    #expect(inputs(1) == inputs(1) && inputs(1) != inputs(2))
    #expect(inputs(3).allSatisfy { $0.count <= 100 })
    #expect(Set(inputs(4)).count > 30)
  }

  @Test func dictionariesAreReadAsLibFuzzerReadsThem() {
    #expect(
      FuzzDictionary.words("# \"no\"\nkw=\"a\\\"b\"\n\"\\x00\\xfFz\\\\\"\n\nbad\n\"\"\n") == [Array("a\"b".utf8), [0, 0xFF, 0x7A, 0x5C]])
  }

  @Test func aFolderOfFilesReadsBack() {
    var folder = RepositoryBytes()
    folder.files = [("a/b", [0, 10, 255]), ("HEAD", []), ("x", Array("1\n2\n".utf8))]
    #expect(RepositoryBytes(folder.bytes).files.map(\.bytes) == folder.files.map(\.bytes))
    #expect(RepositoryBytes(Array("a\n9999999999\nxyz".utf8)).files.map(\.bytes) == [Array("xyz".utf8)])
    #expect(RepositoryBytes([0xFF, 0x0A, 0x2D, 0x31, 0x0A]).files.isEmpty)
  }
}

import Testing

@testable import PolicyCompiler

/// Whatever the patterns, a question ends: answered exactly, or given up after a fixed number of states.
@Suite struct ResourceSetBoundsTests {
  enum Hostile: CaseIterable {
    case manyPieces, windows, manyLevels, longPieces, growingDifference

    func ask() throws -> Bool {
      func letter(_ number: Int) -> Character { Character(Unicode.Scalar(UInt8(97 + number % 26))) }
      func set(_ texts: [String]) throws -> ResourceSet { ResourceSet(try texts.map { try SetLanguage.pattern($0) }) }
      switch self {
      case .manyPieces:
        return try set(["db/*"]).isSubset(
          of: set((0..<30).map { "db/*\(letter($0))*\(letter($0 * 7))*c\($0)*" } + ["db/*/**"]).subtracting(set(["db/*x"])))
      case .windows:
        let any = (0..<25).map { _ in "*" }.joined(separator: "/")
        return try set(["db/**/a/\(any)/b/**"]).intersection(set(["db/**/b/\(any)/a/**"])).witness() == nil
      case .manyLevels:
        var met = try set(["db/**"])
        for number in 0..<25 { met = try met.intersection(set(["db/**/a\(number)/**/b\(number)/**"])) }
        return try met.isEmpty()
      case .longPieces:
        let pieces = (0..<8).map { number in "db/*" + (0..<15).map { "\(letter($0 * number))\($0)*" }.joined() }
        return try set(["db/*"]).subtracting(set(pieces)).witness() == nil
      case .growingDifference:
        let others = try (0..<20).map { number in
          try set(["db/*a\(number)*/**"]).subtracting(set((0..<6).map { "db/**/*\(letter($0 + 1))\(number)*/**" }))
        }
        return try set(["db/**"]).subtracting(.union(of: others)).isEmpty()
      }
    }
  }

  @Test(arguments: Hostile.allCases) func hostilePatternsAreRefused(_ hostile: Hostile) {
    #expect(throws: ResourceSetTooComplex.self) { try hostile.ask() }
  }

  /// What organisations write stays far below the bound: all of this takes a tenth of it at most.
  @Test func realisticSetsAreFarFromTheBound() throws {
    func set(_ texts: [String]) throws -> ResourceSet { ResourceSet(try texts.map { try SetLanguage.pattern($0) }) }
    func effort(_ set: ResourceSet, outside other: ResourceSet) throws -> Int {
      var effort = Effort()
      let others = TermIndex(other.terms)
      for term in set.terms { _ = try term.firstMember(outside: others, &effort) }
      return Effort.ofOneQuestion - effort.left
    }
    let shapes = ["*_pii", "raw_*", "*_tmp", "stg_*", "*_secret", "int_*", "*_v1", "*_v2", "dim_*", "fact_*", "*_hist", "*_bak"]
    let tables = try set((0..<300).map { "db/schema_\($0 % 30)/table_\($0)" })
    let prefixes = try set((0..<300).map { "db/marts/team_\($0)_*" })
    let levels = try set(["a", "b", "c", "d"].map { "db/**/\($0)/**" } + shapes.map { "db/**/\($0)" })
    #expect(try effort(set(["db/**"]), outside: tables) < Effort.ofOneQuestion / 10)
    #expect(try effort(tables, outside: tables) < Effort.ofOneQuestion / 10)
    #expect(try effort(prefixes, outside: prefixes) < Effort.ofOneQuestion / 10)
    #expect(try effort(set(["db/marts/*"]), outside: prefixes) < Effort.ofOneQuestion / 10)
    #expect(try effort(set(["db/*/**"]), outside: levels) < Effort.ofOneQuestion / 10)
    #expect(try effort(set(["db/*/*"]), outside: set(shapes.map { "db/*/" + $0 })) < Effort.ofOneQuestion / 10)
    #expect(try tables.intersection(tables) == tables)
    #expect(prefixes.union(tables).simplified().terms.count == 600)
  }

  /// What is too much to simplify stays what it was.
  @Test func simplifyingNeverFails() throws {
    let texts = (0..<30).map { "db/*\(Character(Unicode.Scalar(UInt8(97 + $0 % 26))))*\($0)*/**" }
    let set = try ResourceSet([SetLanguage.pattern("db/*/**")], except: texts.map { try SetLanguage.pattern($0) })
      .union(ResourceSet([SetLanguage.pattern("db/a")], except: [SetLanguage.pattern("db/b")]))
    #expect(try set.simplified().isSubset(of: set))
  }

  /// Long periodic names take no longer to match than others.
  @Test func noNameTakesLongToMatch() throws {
    let (run, pieces) = (String(repeating: "a", count: 450), String(repeating: "a", count: 50))
    let pattern = try SetLanguage.pattern("db/*\(run)b*\(pieces)b*\(pieces)")
    let name = String(repeating: "a", count: 100_000)
    #expect(!pattern.contains(["db", name]))
    #expect(pattern.contains(["db", name + "b" + name + "b" + name]))
  }
}

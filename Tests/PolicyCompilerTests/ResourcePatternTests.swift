import Testing

@testable import PolicyCompiler

@Suite struct ResourcePatternTests {
  private func pattern(_ text: String) throws -> ResourcePattern { try ResourcePattern.parse(text).get() }

  @Test(arguments: [
    ("db", "", true), ("db", "marts", false), ("db/**", "", true), ("db/**", "marts/orders", true), ("db/marts", "marts", true),
    ("db/marts", "Marts", false),
    ("db/marts/**", "marts", true), ("db/marts/**", "marts/a/b/c", true), ("db/marts/**", "mart", false), ("db/*", "", false),
    ("db/*", "marts", true),
    ("db/*", "marts/orders", false), ("db/raw_*", "raw_", true), ("db/raw_*", "raw_x", true), ("db/raw_*", "ra", false),
    ("db/*_pii", "_pii", true), ("db/*_pii", "x_pii_y", false),
    ("db/a*b*c", "abc", true), ("db/a*b*c", "aXbYc", true), ("db/a*b*c", "acb", false), ("db/a*a", "a", false), ("db/a*a", "aa", true),
    ("db/*x*", "x", true),
    ("db/**/orders", "orders", true), ("db/**/orders", "a/b/orders", true), ("db/**/orders", "a/orders/b", false),
    ("db/**/a/**/b", "a/b", true), ("db/**/a/**/b", "x/a/y/a/z/b", true),
    ("secrets/vault/kv/data/a", "vault/kv/a", true), ("secrets/vault/kv/data/**", "vault/kv/a/b", true),
    ("secrets/vault/kv/data", "vault/kv/data", true), ("secrets/awsssm/kv/data/a", "awsssm/kv/a", false),
    ("db/**/**", "a", true), ("db/@dags/*", "@dags/nightly", true), ("db/é", "é", true), ("db/é", "e\u{301}", false),
  ]) func itMatchesWholeSegments(_ text: String, _ path: String, _ expected: Bool) throws {
    #expect(try pattern(text).matches(path.split(separator: "/").map(String.init)) == expected)
  }

  @Test(arguments: [("db/Marts/**", "marts/X", true), ("db/RAW_*", "raw_x", true), ("db/marts", "MARTS", true)])
  func caseIsFoldedWhereTheSystemFoldsIt(_ text: String, _ path: String, _ expected: Bool) throws {
    let segments = path.split(separator: "/").map(String.init)
    #expect(try pattern(text).matches(segments, foldingCase: true) == expected)
    #expect(try !pattern(text).matches(segments))
  }

  @Test(arguments: [
    ("", "empty", 0..<0), ("/db", "empty segment", 0..<1), ("db/", "empty segment", 2..<3), ("db//x", "empty segment", 2..<4),
    ("db/a?", "`?`", 4..<5), ("db/[a]", "`[`", 3..<4),
    ("db/{a}", "`{`", 3..<4), ("db/a\\b", "`\\`", 4..<5), ("db/a b", "white space", 4..<5), ("db/a\tb", "white space", 4..<5),
    ("db/..", "`..`", 3..<5), ("./db", "`.`", 0..<1),
    ("db/a**", "`**` must be", 3..<6), ("*/a", "begin with a wildcard", 0..<1), ("**", "begin with a wildcard", 0..<2),
    ("d*/a", "begin with a wildcard", 0..<2),
    ("db/${x}", "`${x}` is not a placeholder", 3..<7), ("db/$x", "`$` is not", 3..<4), ("db/{{ x }}", "`{{`", 3..<5),
    ("db/**\u{301}", "`**` must be", 3..<7),
  ]) func everyProblemIsNamedAtItsPlace(_ text: String, _ message: String, _ range: Range<Int>) {
    guard case .failure(let problem) = ResourcePattern.parse(text) else {
      Issue.record("\(text) is taken")
      return
    }
    #expect(problem.message.contains(message) && problem.range == range, "\(problem)")
  }

  @Test func anAccentBehindAStarHidesNothing() throws {
    let it = try pattern("db/raw*\u{301}")
    #expect(it.matches(["raw_x\u{301}"]) && !it.matches(["rawx"]))
  }

  @Test func boundsAreStated() throws {
    #expect(throws: ResourcePattern.Problem.self) { try pattern("db/" + String(repeating: "x", count: 1022)) }
    #expect(throws: ResourcePattern.Problem.self) { try pattern("db" + String(repeating: "/x", count: 32)) }
    #expect(throws: ResourcePattern.Problem.self) { try pattern("db/" + String(repeating: "*a", count: 17)) }
    #expect(try pattern("db" + String(repeating: "/x", count: 31)).segments.count == 31)
  }

  @Test(.timeLimit(.minutes(30))) func noPatternTakesLongToDecide() throws {
    let wild = try pattern("db/" + (0..<15).map { _ in "**/a*a*a*a*" }.joined(separator: "/"))
    #expect(!wild.matches([String](repeating: String(repeating: "a", count: 200) + "b", count: 60) + ["c"]))
  }

  @Test(arguments: [("db", 0, 0), ("db/a/b", 2, 2), ("db/a/**", 1, nil), ("db/**/a/**/*", 2, nil)] as [(String, Int, Int?)])
  func depthsSayHowManySegmentsItMatches(_ text: String, _ least: Int, _ greatest: Int?) throws {
    #expect(try pattern(text).depths.least == least && pattern(text).depths.greatest == greatest)
  }
}

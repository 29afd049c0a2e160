import Artifacts
import TestSupport
import Testing

@testable import PolicyCompiler

@Suite struct DeciderTests {
  /// Both ways of answering, on organisations in which everything occurs. A failure names its seed.
  @Test(arguments: 0..<8) func decisionsAreTheAnswersOfTheRelation(_ batch: UInt64) throws {
    var (plain, allowed, undecided) = (0, 0, 0)
    for seed in batch * 20..<batch * 20 + 20 {
      var organisation = RandomOrganisation(seed: seed)
      let text = organisation.policy()
      let compilation = Compiler(grammar: .complete, at: Compiling.instant).compile([SourceFile(path: "policies/policy.yaml", text: text)])
      let policy = try #require(compilation.policy)
      let asking = Asking(policy)
      var decider = Decider(policy.grants, at: Compiling.instant)
      for _ in 0..<500 {
        let asked = organisation.question()
        let decided = decider.decide(
          principal: asked.principal, action: asked.action, resource: asked.resource, environment: asked.environment)
        let expected = expected(asked, asking)
        if decided == nil { undecided += 1 }
        guard let expected else {
          if decided != nil { Issue.record("seed \(seed): \(asked) is no plain question, but was decided") }
          continue
        }
        plain += 1
        if expected { allowed += 1 }
        // What is left to the relation is slow, not wrong: names with a prefix, or of more than ASCII.
        if let decided, decided != expected { Issue.record("seed \(seed): \(asked) is \(expected), not \(decided)\n\(text)") }
      }
    }
    #expect(plain > 7_000 && allowed > 800 && plain - allowed > 800 && undecided < 3_200, "\(plain) \(allowed) \(undecided)")
  }

  /// What the relation answers; nil for what is no question about one resource.
  private func expected(_ asked: (principal: String, action: String, resource: String, environment: String), _ asking: Asking) -> Bool? {
    do {
      let question = try asking.question(
        asking.principal(asked.principal), asked.action, asked.resource, in: asking.environment(asked.environment),
        at: Compiling.instant)
      guard question.resource.concretePath != nil else { return nil }
      return try asking.policy.grants.answer(question).isAllowed
    } catch {
      return nil
    }
  }

  /// Matching on bytes against matching on texts.
  @Test func matchersMatchWhatPatternsMatch() throws {
    var generator = SeededGenerator(seed: 7)
    let pieces = ["a", "b", "ab", "*", "a*", "*b", "a*b", "*a*", "a*b*a", "**", "ä", "Ä*", "longer_name", "longer_nam*"]
    let names = ["a", "b", "ab", "aab", "abab", "ba", "ä", "Äb", "AB", "longer_name", "longer_names"]
    var matched = 0
    for _ in 0..<20_000 {
      let text = (["db"] + (0..<Int.random(in: 0...5, using: &generator)).map { _ in pieces.randomElement(using: &generator)! }).joined(
        separator: "/")
      let path = (0..<Int.random(in: 0...5, using: &generator)).map { _ in names.randomElement(using: &generator)! }
      let pattern = try ResourcePattern.parse(text).get()
      for foldsCase in [false, true] {
        var matchers = PathMatchers()
        _ = matchers.add([.literal("another")])
        let id = matchers.add(pattern, foldsCase: foldsCase)
        let bytes = Array((foldsCase ? path.map { $0.lowercased() } : path).joined(separator: "/").utf8)
        let isMatched = matchers.matches(id, bytes.span, head: bytes.span.head)
        if isMatched { matched += 1 }
        if isMatched != pattern.matches(path, foldingCase: foldsCase) { Issue.record("\(text) on \(path), folding: \(foldsCase)") }
      }
    }
    #expect(matched > 2_000)
  }

  @Test func namesAreFoundByTheirBytes() {
    let names = (0..<500).map { "name_\($0)" } + ["", "é", "e\u{301}"]
    let index = NameIndex(names.enumerated().map { ($1, $0) })
    #expect(names.map { index.value($0.utf8.span) } == Array(names.indices))
    #expect(["name", "name_500", "E\u{301}"].map { index.value($0.utf8.span) } == [-1, -1, -1])
    #expect(NameIndex([]).value("a".utf8.span) == -1)
  }
}

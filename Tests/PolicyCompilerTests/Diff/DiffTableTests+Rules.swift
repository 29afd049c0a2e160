import Testing

@testable import PolicyCompiler

/// What is wrong already is no excuse for more of it.
extension DiffTableTests {
  private static let reasons = """
    ---
    guardrails:
      why: { require: { of: bindings, field: reason } }

    """
  private static let apart = """
    ---
    guardrails:
      apart: { separate: [reader, writer] }
    bindings:
      - { role: reader, to: [zoe], in: [dev] }
      - { role: writer, to: [zoe], in: [dev] }

    """
  private static let closed = """
    ---
    tests:
      nobody: { expect: ["team cannot read db/marts/pay"], in: [prod] }
      exactly: { who_can: { read db/marts/pay: [lee] }, in: [prod] }

    """

  @Test(
    arguments: [
      ("one more binding without a reason", reasons, [], "---\nbindings:\n  - { role: reader, to: [zoe], in: [dev] }\n", ["why"]),
      ("the same ones elsewhere in the file", reasons, [("bindings:\n", "bindings:\n\n\n")], "", []),
      ("one of them with a reason", reasons, [("{ role: reader, to: [team]", "{ reason: r, role: reader, to: [team]")], "", []),
      ("both roles in one more environment", apart, [], "---\nbindings:\n  - { role: reader, to: [zoe], in: [prod] }\n", ["apart"]),
      ("nothing more", apart, [], "---\nbindings:\n  - { role: caller, to: [zoe], in: [prod] }\n", []),
      ("one more who fails a sentence and a set", closed, [("members: [raj, lee]", "members: [raj, lee, zoe]")], "", ["pay", "pay"]),
      ("somebody who fails nothing", closed, [], "---\nbindings:\n  - { role: caller, to: [zoe], in: [prod] }\n", []),
    ] as [(String, String, [(String, String)], String, [String])])
  func moreOfWhatIsWrongIsNews(_ what: String, _ rules: String, _ edits: [(String, String)], _ new: String, _ expected: [String]) throws {
    let diff = try Self.diff(rules, edits, new: new)
    let found = diff.violations.map(\.violation.rule) + diff.failedTests.map { _ in "pay" }
    #expect(found == expected, "\(what)")
  }
}

import TestSupport
import Testing

/// What `render --commit` does about edits by hand that are committed.
@Suite struct CommittedEditTests {
  private static func committed() throws -> Scratch {
    let scratch = try Scratch.withPolicy()
    try scratch.commit()
    return scratch
  }

  /// What somebody changed in a generated file and committed is named, with the commit, before it is undone.
  @Test(arguments: [[], ["--branch", "deploy"]]) func aCommittedEditIsUndoneOnlyByForce(_ more: [String]) throws {
    let scratch = try Self.committed()
    let run = { (arguments: [String]) in
      try Program.run(Program.writ, ["render", "--commit"] + ["--at", "2026-11-20T22:00Z"] + more + arguments, in: scratch.path)
    }
    #expect(try run([]).status == 0)
    if !more.isEmpty { try scratch.git("checkout", "--quiet", "deploy") }
    try scratch.write("generated/dbt/profiles.yml", "mine\n")
    try scratch.commit("quick fix")
    let edit = try scratch.git("rev-parse", "HEAD").prefix(7)
    try scratch.write("README.md", "later\n")
    try scratch.commit("nothing to do with it")
    if !more.isEmpty { try scratch.git("checkout", "--quiet", "main") }
    for text in [SmallPolicy.text(), SmallPolicy.text(host: "new.example.org")] {
      try scratch.write("policies/policy.yaml", text)
      try scratch.commit("policy")
      let before = (try scratch.state(), try scratch.git("for-each-ref"))
      let refused = try run([])
      #expect(refused.status == 3)
      #expect(
        refused.errors.contains("error: nothing was committed: `generated/dbt/profiles.yml` was edited by hand in \(edit) "),
        "\(refused.errors)")
      #expect(refused.errors.contains("\"quick fix\""))
      #expect(try scratch.state() == before.0)
      #expect(try scratch.git("for-each-ref") == before.1)
    }
    let forced = try run(["--force"])
    #expect(forced.status == 0, "\(forced.everything)")
    #expect(forced.errors.contains("note: `generated/dbt/profiles.yml` was edited by hand in \(edit) "), "\(forced.errors)")
    #expect(try run([]).output.hasPrefix("nothing to commit"))
    #expect(try scratch.git("status", "--porcelain").isEmpty)
  }

  @Test func filesThatWereCommittedWithTheirPolicyAreNoEdit() throws {
    let scratch = try Scratch.withPolicy()
    #expect(try scratch.writ("render").status == 0)
    try scratch.commit("policy and files")
    try scratch.write("policies/policy.yaml", SmallPolicy.text(host: "new.example.org"))
    try scratch.commit("policy alone")
    let run = try scratch.writ("render", "--commit", "--at", "2026-11-20T22:00Z")
    #expect(run.status == 0)
    #expect(run.errors.isEmpty, "\(run.errors)")
  }
}

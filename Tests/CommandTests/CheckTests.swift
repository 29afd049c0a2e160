import Foundation
import TestSupport
import Testing

@Suite struct CheckTests {
  // MARK: Exit codes

  @Test func aCleanPolicyIsZero() throws {
    let run = try Scratch.withPolicy().writ("check")
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    #expect(run.output.contains("nothing wrong"))
  }

  @Test func anErrorIsOneAndSaysWhere() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/broken.yaml", SmallPolicy.broken)
    let run = try scratch.writ("check")
    #expect(run.status == 1)
    #expect(run.output.contains("policies/broken.yaml:2:13: error[W0203]: role `writter` is not declared"))
    #expect(run.output.contains("did you mean `writer`?"))
  }

  @Test func aWarningCountsOnlyWhereItIsAskedFor() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/warning.yaml", SmallPolicy.warning)
    #expect(try scratch.writ("check").status == 0)
    #expect(try scratch.writ("check").output.contains("1 warning"))
    #expect(try scratch.writ("check", "--strict").status == 1)
    #expect(try scratch.writ("render", "--strict").status == 1)
    #expect(!scratch.has("generated"))
    #expect(try scratch.writ("render").status == 0)
  }

  @Test(arguments: [
    (["check", "--at", "tomorrow"], "`tomorrow` is not a moment"), (["check", "--at", "2027-13-01"], "is not a moment"),
    (["check", "--at", ""], "is not a moment"), (["check", "--stric"], "--strict"), (["check", "--format", "yaml"], "human"),
    (["check", "--rev", "releas"], "did you mean `release`?"), (["check", "--rev", ""], "is not a revision"),
    (["check", ".", "surplus"], "surplus"),
    (["check", "--rev", "HEAD:policies"], "a folder (tree)"), (["check", "--rev", "HEAD:none"], "a path in a revision"),
    (["check", "--rev", "::error"], "a path in a revision"), (["chek"], "chek"), (["schema", "polcy"], "policy"),
    (["render", "--rev", "HEAD"], "--check"),
  ]) func badUsageIsSixtyFour(_ arguments: [String], _ words: String) throws {
    let scratch = try Scratch.withPolicy()
    try scratch.commit()
    try scratch.git("branch", "release")
    let run = try Program.run(Program.writ, arguments, in: scratch.path)
    #expect(run.status == 64, "\(run.everything)")
    #expect(run.output.isEmpty)
    #expect(run.errors.contains(words), "\(run.errors)")
  }

  @Test func aRevisionOfAnEmptyRepositoryIsBadUsage() throws {
    let run = try Scratch.withPolicy().writ("check", "--rev", "HEAD")
    #expect(run.status == 64)
    #expect(run.errors.contains("no commits"))
  }

  @Test func withoutSettingsTheHelpIsToStart() throws {
    let scratch = try Scratch.repository()
    for arguments in [["check"], ["render"], ["render", "--check"]] {
      let run = try Program.run(Program.writ, arguments, in: scratch.path)
      #expect(run.status == 74)
      #expect(run.errors.contains("there is no `writ.yaml` here"))
      #expect(run.errors.contains("writ init"))
    }
    try scratch.commit()
    let run = try scratch.writ("check", "--rev", "HEAD")
    #expect(run.status == 74)
    #expect(run.errors.contains("at `HEAD`"))
    #expect(run.errors.contains("writ init"))
  }

  @Test func aRevisionNeedsARepository() throws {
    let scratch = try Scratch()
    try scratch.write("writ.yaml", "version: 1\n")
    let run = try scratch.writ("check", "--rev", "HEAD")
    #expect(run.status == 74)
    #expect(run.errors.contains("repository"))
  }

  // MARK: Formats

  @Test(arguments: [SmallPolicy.text(), SmallPolicy.text() + SmallPolicy.broken, ": : [", ""]) func jsonHasTheShapeOfItsSchema(
    _ text: String
  ) throws {
    let scratch = try Scratch.withPolicy(text)
    try scratch.write("policies/other.yaml", SmallPolicy.broken)
    let run = try scratch.writ("check", "--format", "json", environment: ["FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"])
    #expect(run.status == 1)
    #expect(!run.everything.contains("\u{1B}"))
    let document = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(document["version"] as? Int == 1)
    #expect((document["at"] as? String)?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
    let summary = try #require(document["summary"] as? [String: Int])
    #expect(Set(summary.keys) == ["errors", "warnings", "notes"])
    let found = try #require(document["diagnostics"] as? [[String: Any]])
    #expect(found.count == summary.values.reduce(0, +))
    #expect(!found.isEmpty)
    for diagnostic in found {
      #expect(Set(diagnostic.keys).isSubset(of: ["code", "severity", "message", "location", "notes", "help", "fix", "fingerprint"]))
      #expect((diagnostic["code"] as? String)?.wholeMatch(of: /W\d{4}/) != nil)
      #expect(["error", "warning", "note"].contains(diagnostic["severity"] as? String))
      if let fix = diagnostic["fix"] as? [String: Any] {
        #expect(Set(fix.keys) == ["location", "replacement", "isSafe"] && fix["isSafe"] is Bool)
      }
      if let location = diagnostic["location"] as? [String: Any] {
        #expect((location["path"] as? String)?.hasPrefix("policies/") == true)
        #expect(((location["start"] as? [String: Int])?["line"] ?? 0) > 0)
      }
    }
  }

  @Test func aPipeGetsNoColour() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/broken.yaml", SmallPolicy.broken)
    for arguments in [["check"], ["render"], ["check", "--rev", "nothing"], ["--help"]] {
      let run = try Program.run(Program.writ, arguments, in: scratch.path, environment: ["TERM": "xterm-256color", "CLICOLOR_FORCE": "1"])
      #expect(!run.everything.contains("\u{1B}"), "\(arguments)")
    }
  }

  @Test func notesArePrintedWhereTheyAreAskedFor() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write(
      "policies/elsewhere.yaml",
      """
      environments: { elsewhere: {}, here: {} }
      users: { somebody: {} }
      systems: { store: { type: postgres, environments: { here: { host: localhost, database: store } } } }
      bindings: [{ to: [somebody], can: { read: [store/**] }, in: [here, elsewhere] }]

      """)
    #expect(!(try scratch.writ("check").output.contains("note[")))
    #expect(try scratch.writ("check", "--notes").output.contains("note["))
  }

  // MARK: Time

  @Test(arguments: [("2026-01-01", 0), ("2030-06-30", 0), ("2030-06-30T23:59:59Z", 0), ("2030-07-01", 1), ("2031-01-01T12:00:00+02:00", 1)])
  func anEndIsJudgedAtTheMomentThatIsGiven(_ at: String, _ status: Int32) throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/ending.yaml", SmallPolicy.ending)
    let run = try scratch.writ("check", "--at", at)
    #expect(run.status == status, "\(run.output)")
    // Past the end there is no proof that the audience may have what the file holds.
    #expect(run.output.contains("`worker` may not assume `build` in `dev`") == (status == 1))
    let rendered = try scratch.writ("render", "--at", at)
    #expect(rendered.status == status)
    #expect(scratch.has("generated/postman/worker.json") == (status == 0))
  }

  // MARK: Names of files

  @Test(
    arguments: [
      ("gain.YAML", "gain.yaml"), ("Gain.Yml", "Gain.yml"), ("more/gain.json", "gain.yaml"), ("gain.JSON", "gain.yaml"),
      ("gain.yaml.txt", "gain.yaml"), ("gain.ymal", "gain.yaml"), ("gain.yaml.json", "gain.yaml"),
    ], [false, true])
  func whatOnlyLooksLikePolicyIsSaidNotToBeRead(_ names: (String, String), _ isRevision: Bool) throws {
    let (name, right) = names
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/\(name)", SmallPolicy.broken)
    try scratch.commit()
    let arguments = ["check"] + (isRevision ? ["--rev", "HEAD"] : [])
    let run = try Program.run(Program.writ, arguments, in: scratch.path)
    #expect(run.status == 0)
    #expect(run.output.contains("warning[W0123]: `policies/\(name)` is not read: policy files end in `.yaml` or `.yml`"), "\(run.output)")
    #expect(run.output.contains("help: rename it to `\(right)`"), "\(run.output)")
    #expect(try Program.run(Program.writ, arguments + ["--strict"], in: scratch.path).status == 1)
  }

  @Test(arguments: ["README.md", "gain.yaml.bak", "gain.yaml~", ".gain.yaml.swp", "yaml", ".yaml.d/x", "gain.yamlx", ".json"])
  func whatLooksLikeNothingIsLeftAlone(_ name: String) throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/\(name)", SmallPolicy.broken)
    let run = try scratch.writ("check", "--strict")
    #expect(run.status == 0 && !run.output.contains("W0123"), "\(run.output)")
  }

  // MARK: Secrets

  @Test(arguments: ["check", "render"]) func aLiteralPasswordIsNeverRepeated(_ command: String) throws {
    let secret = "hunter2-Tr0ub4dor"
    let scratch = try Scratch.withPolicy(SmallPolicy.text(password: secret))
    try scratch.write(
      "policies/other.yaml",
      "connections:\n  other: { system: db, principal: job, password: \(secret), environments: { dev: { password: [\(secret)], token: \(secret) } } }\n"
    )
    for format in ["human", "json"] {
      let run = try scratch.writ(command, "--format", format)
      #expect(run.status == 1)
      #expect(run.everything.contains("password"))
      #expect(!run.everything.contains("hunter2"), "\(run.everything)")
    }
    #expect(!scratch.has("generated"))
  }
}

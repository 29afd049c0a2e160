import Foundation
import TestSupport
import Testing

/// `ci/judge.sh` and `ci/find-writ.sh` by themselves: any host, any clone.
@Suite struct JudgeScriptTests {
  private static func script(_ name: String) -> String { Golden.root.appending(path: "ci/\(name)").path }

  private static func judge(_ scratch: Scratch, _ range: String, _ environment: [String: String] = [:], in folder: String = "") throws
    -> Run
  {
    // Each run is the first.
    if environment["WRIT_REPORTS"] == nil, scratch.has("reports") { try scratch.remove("reports") }
    let variables = [
      "WRIT": Program.writ, "WRIT_REPOSITORY": ".", "WRIT_RANGE": range, "WRIT_REPORTS": scratch.url("reports").path,
      "WRIT_AT": "2026-11-20T22:00:00Z",
    ]
    return try Program.run(
      script("judge.sh"), [], in: scratch.url(folder).path, environment: variables.merging(environment) { $1 })
  }

  private static func repository() throws -> Scratch {
    let scratch = try Scratch.withPolicy()
    try scratch.write(".gitignore", "/reports/\n/shallow/\n")
    try scratch.commit("base")
    try scratch.git("checkout", "--quiet", "-b", "topic")
    try scratch.write("policies/gain.yaml", JudgeTests.gain)
    try scratch.commit("gain")
    return scratch
  }

  @Test func theReportsThatWereAskedForAreThere() throws {
    let scratch = try Self.repository()
    let run = try Self.judge(scratch, "main...topic", ["WRIT_REPORT_FORMATS": "sarif junit json gitlab"])
    #expect(run.status == 0, "\(run.everything)")
    #expect(run.output.contains("Gains\n  dev: worker") && run.output.hasSuffix("success nothing here needs to be changed or approved\n"))
    let files = try scratch.files(below: "reports")
    #expect(
      files == [
        "check.gitlab", "check.json", "check.junit", "check.md", "check.sarif", "comment.md", "diff.json", "diff.junit", "diff.md",
        "diff.sarif",
        "report.md", "verdict",
      ])
    #expect(try scratch.read("reports/verdict").hasPrefix("success "))
    #expect(try scratch.read("reports/comment.md") == (try scratch.read("reports/report.md")))
  }

  @Test func whatFailsIsChosen() throws {
    let scratch = try Self.repository()
    try scratch.write("policies/old.yaml", SmallPolicy.warning)
    try scratch.commit("a warning")
    #expect(try Self.judge(scratch, "main...topic").status == 0)
    #expect(try Self.judge(scratch, "main...topic", ["WRIT_FAIL_ON": "warnings"]).status == 1)
    #expect(try Self.judge(scratch, "main...topic", ["WRIT_FAIL_ON": "errors,changes"]).status == 64)
    #expect(try Self.judge(scratch, "main...topic", ["WRIT_FAIL_ON": "errors changes"]).status == 1)
    #expect(try Self.judge(scratch, "topic..topic", ["WRIT_FAIL_ON": "errors changes"]).status == 0)
  }

  @Test func aShallowCloneIsNoEmptyDifference() throws {
    let scratch = try Self.repository()
    try scratch.git("clone", "--quiet", "--depth", "1", "--branch", "topic", "file://\(scratch.path)", "shallow")
    let base = try scratch.git("rev-parse", "main").trimmingCharacters(in: .whitespacesAndNewlines)
    for range in ["origin/main...topic", "\(base)...topic"] {
      let run = try Self.judge(scratch, range, in: "shallow")
      #expect(run.status != 0 && run.status != 1, "\(run.everything)")
      #expect(run.errors.contains("fetch"), "\(run.everything)")
      #expect(!scratch.has("reports/verdict"))
    }
  }

  @Test(arguments: ["main", "--help", "", "main..", "nowhere..topic"]) func whatIsNoRangeIsNoVerdict(_ range: String) throws {
    let scratch = try Self.repository()
    let run = try Self.judge(scratch, range)
    #expect(run.status == 64, "\(run.everything)")
    #expect(!run.output.contains("success"))
  }

  @Test(arguments: [("--help", "ana"), ("", "ana"), ("ana", ""), ("ana,zoe", "raj\nzoe")]) func loginsAreNoOptions(
    _ by: String, _ author: String
  ) throws {
    let scratch = try Self.repository()
    let run = try Self.judge(scratch, "main...topic", ["WRIT_APPROVALS": "asked", "WRIT_APPROVED_BY": by, "WRIT_AUTHORS": author])
    #expect(run.status == 0, "\(run.everything)")
    #expect(!run.output.contains("USAGE"))
  }

  // MARK: What a change may not touch

  @Test func reportsGoWhereNothingLies() throws {
    let scratch = try Self.repository()
    try scratch.write("victim/check.md", "mine\n")
    try scratch.link("linked", to: "victim")
    try scratch.write("empty/.keep", "")
    try scratch.write("full/verdict", "success of another time\n")
    try scratch.link("planted/check.md", to: "../victim/check.md")
    for (folder, words) in [("linked", "is a link"), ("full", "is not empty"), ("planted", "is not empty")] {
      let run = try Self.judge(scratch, "main...topic", ["WRIT_REPORTS": scratch.url(folder).path])
      #expect(run.status == 64 && run.errors.contains(words), "\(folder): \(run.everything)")
      #expect(!run.output.contains("success"))
    }
    #expect(try scratch.read("victim/check.md") == "mine\n")
  }

  @Test func aReportThatCannotBeWrittenIsNoAnswer() throws {
    let scratch = try Self.repository()
    try scratch.write("writ", "#!/bin/sh\nmkdir -p reports/diff.junit\nexec \(Program.writ) \"$@\"\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.url("writ").path)
    let run = try Self.judge(scratch, "main...topic", ["WRIT": "./writ", "WRIT_REPORT_FORMATS": "junit"])
    #expect(run.status == 74 && run.errors.contains("cannot write"), "\(run.everything)")
    #expect(!scratch.has("reports/verdict"))
  }

  @Test(arguments: ["judge.sh", "github.sh", "gitlab.sh", "find-writ.sh"]) func aScriptIsReadAsAWholeBeforeItRuns(_ name: String) throws {
    let lines = try String(contentsOfFile: Self.script(name), encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.contains("main() {"))
    #expect(lines.suffix(2) == ["main \"$@\"", ""])
  }

  // MARK: Broken sides

  @Test func changesFailWhereRulesAreBrokenToo() throws {
    let scratch = try Self.repository()
    try scratch.write("policies/rules.yaml", JudgeTests.rules)
    try scratch.write("policies/gain.yaml", JudgeTests.violation)
    try scratch.commit("a violation")
    let run = try Self.judge(scratch, "main...topic", ["WRIT_FAIL_ON": "changes"])
    #expect(run.status == 1 && run.output.contains("failure access or trust changes"), "\(run.everything)")
  }

  @Test func aSecretCanBeTakenOut() throws {
    let scratch = try Scratch.withPolicy(SmallPolicy.text(password: "hunter2-hunter2"))
    try scratch.commit("a password")
    try scratch.write("policies/policy.yaml", SmallPolicy.text())
    try scratch.commit("no password")
    let run = try Self.judge(scratch, "HEAD~1..HEAD", ["WRIT_REPORTS": scratch.url(".git/reports").path])
    #expect(run.status == 0, "\(run.everything)")
    let report = try scratch.read(".git/reports/report.md")
    #expect(!run.everything.contains("hunter2") && !report.contains("hunter2"))
    #expect(report.contains("**Trust**"), "\(report)")
  }

  /// What breaks the branch is mended by a change that is judged as any other, against the last policy that was one.
  @Test func aBrokenBaseCanBeMended() throws {
    let scratch = try Self.repository()
    try scratch.git("checkout", "--quiet", "main")
    try scratch.write("policies/rules.yaml", JudgeTests.rules)
    try scratch.commit("rules")
    let good = try scratch.git("rev-parse", "--short=7", "HEAD").trimmingCharacters(in: .whitespacesAndNewlines)
    try scratch.write("policies/broken.yaml", SmallPolicy.broken)
    try scratch.commit("broken")
    try scratch.commit("and still")
    try scratch.git("checkout", "--quiet", "-b", "mend")
    try scratch.remove("policies/broken.yaml")
    try scratch.commit("mended")
    let mended = try Self.judge(scratch, "main...mend")
    #expect(mended.status == 0, "\(mended.everything)")
    let report = try scratch.read("reports/report.md")
    #expect(report.contains("has errors, so this is compared with") && report.contains(good), "\(report)")
    // The rules that stood there hold.
    try scratch.write("policies/gain.yaml", JudgeTests.violation)
    try scratch.remove("policies/rules.yaml")
    try scratch.commit("and more")
    let more = try Self.judge(scratch, "main...mend")
    #expect(more.status == 1 && more.output.contains("failure rules are violated"), "\(more.everything)")
  }

  @Test func settingsThatCannotBeUsedFailWhateverIsAskedFor() throws {
    let scratch = try Self.repository()
    try scratch.write("writ.yaml", "version: 9\n")
    try scratch.commit("unusable")
    let run = try Self.judge(scratch, "main...topic", ["WRIT_FAIL_ON": ""])
    #expect(
      run.status == 1 && run.output.contains("failure the policy could not be judged; nothing could be compared"), "\(run.everything)")
    #expect(try scratch.read("reports/comment.md").contains("**The policy could not be judged**"))
  }

  // MARK: Baselines

  @Test func whatAChangeAddsToTheBaselineHidesNothing() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write(".gitignore", "/reports/\n")
    try scratch.write("policies/old.yaml", "guardrails:\n  calm: { never: { who: [job], can: [write], resources: [db/**] } }\n")
    try scratch.commit("base with a problem")
    try scratch.git("checkout", "--quiet", "-b", "topic")
    // To adopt a baseline of what is wrong already is fine.
    #expect(try scratch.writ("check", "--write-baseline").status == 0)
    try scratch.commit("adopt")
    #expect(try Self.judge(scratch, "main...topic", ["WRIT_FAIL_ON": "errors"]).status == 0)
    // To break something, and say that it is known, is not.
    try scratch.write(
      "policies/extra.yaml",
      "artifacts:\n  b: { target: dbt_profiles, path: dbt/b.yml, audience: worker, profile: shop, outputs: { dev: { connection: build, environment: dev, schema: marts } } }\n"
    )
    #expect(try scratch.writ("check", "--write-baseline").status == 0)
    try scratch.commit("broken, and known")
    #expect(try scratch.writ("check").status == 0)
    let run = try Self.judge(scratch, "main...topic", ["WRIT_FAIL_ON": "errors"])
    #expect(run.status == 1 && run.output.contains("failure the policy has errors"), "\(run.everything)")
    #expect(run.output.contains("1 in the baseline counts for nothing"), "\(run.output)")
  }

  // MARK: Which writ

  @Test func aNamedWritIsTaken() throws {
    let scratch = try Scratch()
    let run = try Program.run(Self.script("find-writ.sh"), [], in: scratch.path, environment: ["WRIT_COMMAND": "writ"])
    #expect(run.status == 0 && run.output == Program.writ + "\n", "\(run.everything)")
    let missing = try Program.run(Self.script("find-writ.sh"), [], in: scratch.path, environment: ["WRIT_COMMAND": "no-such-writ"])
    #expect(missing.status == 69 && missing.errors.contains("`no-such-writ` is no program here"), "\(missing.everything)")
  }

  @Test func withoutAToolchainTheErrorSaysWhatIsMissing() throws {
    let scratch = try Scratch()
    try scratch.makeFolder("bin")
    for name in ["bash", "dirname", "env"] {
      let found = try Program.run("/bin/sh", ["-c", "command -v \(name)"], in: "/").output.trimmingCharacters(in: .whitespacesAndNewlines)
      try scratch.link("bin/\(name)", to: found)
    }
    let run = try Program.run(Self.script("find-writ.sh"), [], in: scratch.path, environment: ["PATH": scratch.url("bin").path])
    #expect(run.status == 69, "\(run.everything)")
    for words in ["no release and no container image of Writ exists yet", "scripts/release.sh", "Swift"] {
      #expect(run.errors.contains(words), "\(run.errors)")
    }
    #expect(run.output.isEmpty)
  }
}

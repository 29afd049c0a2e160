import Foundation
import TestSupport
import Testing

/// `ci/judge.sh` and `ci/find-writ.sh` by themselves: any host, any clone.
@Suite struct JudgeScriptTests {
  private static func script(_ name: String) -> String { Golden.root.appending(path: "ci/\(name)").path }

  private static func judge(_ scratch: Scratch, _ range: String, _ environment: [String: String] = [:], in folder: String = "") throws
    -> Run
  {
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
    try scratch.write("reports/verdict", "success of another time\n")
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

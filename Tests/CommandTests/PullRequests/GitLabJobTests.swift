import Foundation
import TestSupport
import Testing

/// `ci/gitlab.sh` in a checkout whose files are the change's.
@Suite struct GitLabJobTests {
  private static func clone(_ change: (Scratch) throws -> Void) throws -> Scratch {
    let scratch = try Scratch.withPolicy()
    try scratch.commit("main")
    try scratch.git("clone", "--quiet", "--bare", ".", ".git/origin.git")
    try scratch.git("remote", "add", "origin", scratch.url(".git/origin.git").path)
    try scratch.git("checkout", "--quiet", "-b", "topic")
    try change(scratch)
    try scratch.commit("topic")
    return scratch
  }

  private static func judge(_ scratch: Scratch, _ environment: [String: String] = [:]) throws -> Run {
    var variables = [
      "WRIT": Program.writ, "CI_PROJECT_DIR": scratch.path, "CI_PROJECT_ID": "1", "CI_MERGE_REQUEST_PROJECT_ID": "1",
      "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "WRIT_REPORT_FORMATS": "gitlab junit", "WRIT_AT": "2026-11-20T22:00:00Z",
      "CI_COMMIT_SHA": try scratch.git("rev-parse", "HEAD").trimmingCharacters(in: .whitespacesAndNewlines),
    ]
    variables.merge(environment) { $1 }
    return try Program.run(Golden.root.appending(path: "ci/gitlab.sh").path, [], in: scratch.path, environment: variables)
  }

  private static let reports = [
    "check.gitlab", "check.junit", "check.md", "comment.md", "diff.junit", "diff.md", "report.md", "verdict",
  ]

  @Test func reportsReplaceWhatAChangeCommittedThere() throws {
    let scratch = try Self.clone {
      try $0.write("victim", "mine\n")
      for name in Self.reports + ["messages", "log"] { try $0.link(".writ-reports/\(name)", to: "../victim") }
      try $0.write(".writ-reports/fake.junit", "<testsuites/>")
      try $0.write("policies/rules.yaml", SmallPolicy.broken)
    }
    let run = try Self.judge(scratch)
    #expect(run.status == 1, "\(run.everything)")
    #expect(try scratch.read("victim") == "mine\n")
    let files = try scratch.files(below: ".writ-reports")
    #expect(files == Self.reports.filter { $0 != "diff.junit" })
    #expect(try scratch.read(".writ-reports/verdict").hasPrefix("failure "))
  }

  @Test func aLinkInPlaceOfTheFolderIsNotFollowed() throws {
    let scratch = try Self.clone {
      try $0.write("elsewhere/check.md", "mine\n")
      try $0.link(".writ-reports", to: "elsewhere")
      try $0.write("policies/gain.yaml", JudgeTests.gain)
    }
    let run = try Self.judge(scratch)
    #expect(run.status == 0, "\(run.everything)")
    #expect(try scratch.files(below: "elsewhere") == ["check.md"])
    #expect(try scratch.read("elsewhere/check.md") == "mine\n")
    #expect(try scratch.files(below: ".writ-reports") == Self.reports)
  }

  @Test func whatIsMissingIsSaid() throws {
    let scratch = try Self.clone { try $0.write("README.md", "x\n") }
    let fork = try Self.judge(scratch, ["CI_MERGE_REQUEST_PROJECT_ID": "2"])
    #expect(fork.status == 69 && fork.errors.contains("let a member run it in the parent project"), "\(fork.everything)")
    let image = try Self.judge(scratch, ["WRIT": "no-such-writ"])
    #expect(image.status == 69 && image.errors.contains("scripts/release.sh"), "\(image.everything)")
    let branch = try Self.judge(scratch, ["CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "gone"])
    #expect(branch.status == 69 && branch.errors.contains("`gone` could not be fetched"), "\(branch.everything)")
    #expect(!scratch.has(".writ-reports"))
  }
}

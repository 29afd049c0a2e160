import Foundation
import TestSupport
import Testing

/// What `ci/github.sh` makes of what the host refuses, and of several pull requests at once.
@Suite(.enabled(if: FakeGitHub.canAnswer, "jq is not installed, which the fake gh needs")) struct TokenTests {
  private static func host() throws -> FakeGitHub { try FakeGitHub(["policies/rules.yaml": JudgeTests.rules]) }

  // MARK: Rights

  @Test(arguments: [("", 0), (JudgeTests.violation, 1)] as [(String, Int32)]) func withoutRightsToWriteItIsJudgedAllTheSame(
    _ change: String, _ status: Int32
  )
    throws
  {
    let host = try Self.host()
    try host.offer(1) { try $0.write(change.isEmpty ? "README.md" : "policies/gain.yaml", change) }
    try host.refuse("pending$", "comments")
    let run = try host.judge(1)
    #expect(run.status == status, "\(run.everything)")
    for words in ["permissions: statuses: write", "permissions: pull-requests: write", "gh: Resource not accessible"] {
      #expect(run.everything.contains(words), "\(words): \(run.everything)")
    }
    #expect(run.output.split(separator: "\n").count { $0.hasPrefix("::warning title=Writ::") } == 2, "\(run.output)")
    #expect(!run.everything.split(separator: "\n").contains { $0.hasPrefix("::error::") })
    #expect(try host.statuses.last?.contains(status == 0 ? "success" : "failure") == true)
  }

  @Test func aVerdictThatCannotBeSetFailsAfterTheReport() throws {
    let host = try Self.host()
    try host.offer(1) { try $0.write("README.md", "x\n") }
    try host.refuse("POST .*/statuses/")
    let run = try host.judge(1, ["GITHUB_STEP_SUMMARY": host.scratch.url("host/summary").path])
    #expect(run.status == 69, "\(run.everything)")
    #expect(run.errors.contains("could not set the status writ/main of") && run.errors.contains("permissions: statuses: write"))
    #expect(try host.comments(1).count == 1)
    #expect(host.scratch.has("host/summary"))
  }

  @Test func reviewsThatCannotBeReadAreNoReviews() throws {
    let host = try Self.host()
    let head = try host.offer(1) { try $0.write("README.md", "x\n") }
    try host.refuse("GET .*/reviews")
    let run = try host.judge(1)
    #expect(run.status == 69 && run.errors.contains("the reviews of pull request 1 could not be read"), "\(run.everything)")
    #expect(try host.statuses.last == "\(head) error writ/main: could not be judged: see the log")
  }

  // MARK: Who may approve

  @Test(
    arguments: [
      ("MEMBER", "admin", true), ("NONE", "write", true), ("NONE", "maintain", true), ("MEMBER", "read", false), ("NONE", "none", false),
      // Where the host does not tell.
      ("OWNER", nil, true), ("MEMBER", nil, true), ("COLLABORATOR", nil, true), ("CONTRIBUTOR", nil, false), ("NONE", nil, false),
    ] as [(String, String?, Bool)])
  func onlyWhoMayWriteApproves(_ association: String, _ permission: String?, _ isApproved: Bool) throws {
    let host = try Self.host()
    let head = try host.offer(1) { try $0.write("policies/gain.yaml", JudgeTests.gain) }
    try host.review(1, [("ana", "APPROVED", head)], as: association)
    if let permission { try host.answer("collaborators/ana/permission", "{\"permission\": \"\(permission)\"}") }
    let run = try host.judge(1)
    #expect(run.status == (isApproved ? 0 : 1), "\(run.everything)")
    #expect(run.errors.contains("ana approved, but may not write") == !isApproved, "\(run.errors)")
    if isApproved { #expect(try host.comments(1).first?.contains("ana (by name, since no account on a code host is declared)") == true) }
  }

  @Test func anAccountOnAnotherHostIsNoLoginHere() throws {
    let text = "identity_providers: { code: { type: gitlab, organization: acme } }\n"
    let host = try FakeGitHub([
      "policies/rules.yaml": JudgeTests.rules + text,
      "policies/policy.yaml": SmallPolicy.text().replacing("users: { ana: {} }", with: "users: { ana: { accounts: { code: ana-lab } } }"),
    ])
    let head = try host.offer(1) { try $0.write("policies/gain.yaml", JudgeTests.gain) }
    for login in ["ana-lab", "ana"] {
      try host.review(1, [(login, "APPROVED", head)])
      #expect(try host.judge(1).status == 1, "\(login)")
    }
  }

  @Test func aReviewThatIsTakenBackMeanwhileIsSeen() throws {
    let host = try Self.host()
    let head = try host.offer(1) { try $0.write("policies/gain.yaml", JudgeTests.gain) }
    try host.review(1, [("ana", "APPROVED", head)])
    try host.scratch.write(
      "host/bin/slow-writ",
      "#!/bin/sh\necho '[]' >\"$FAKE_HOST/api/repos_acme_policy_pulls_1_reviews.json\"\nexec \(Program.writ) \"$@\"\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: host.scratch.url("host/bin/slow-writ").path)
    let run = try host.judge(1, ["WRIT": "slow-writ"])
    #expect(run.status == 1 && run.output.contains("the reviews changed meanwhile"), "\(run.everything)")
    #expect(try host.statuses.last == "\(head) failure writ/main: approvals are missing")
  }

  // MARK: Several at once

  @Test func oneThatCannotBeJudgedStopsNoOther() throws {
    let host = try Self.host()
    try host.scratch.git("push", "--quiet", "origin", "main:refs/heads/other")
    // The first goes to a branch that is gone.
    let head = try host.offerOnce([1: "gone", 2: "main", 3: "other"]) { try $0.write("README.md", "x\n") }
    let run = try host.judge(
      nil, ["WRIT_EVENT": "workflow_run", "WRIT_RUN_OWNER": "raj", "WRIT_RUN_BRANCH": "topic", "WRIT_RUN_COMMIT": head])
    #expect(run.status == 69, "\(run.everything)")
    #expect(
      try host.statuses.filter { !$0.contains(" pending ") } == [
        "\(head) error writ/gone: could not be judged: see the log",
        "\(head) success writ/main: nothing here needs to be changed or approved",
        "\(head) success writ/other: nothing here needs to be changed or approved",
      ])
    for number in 2...3 { #expect(try host.comments(number).count == 1) }
  }
}

import Foundation
import TestSupport
import Testing

/// What `ci/github.sh` makes of the events of a host.
@Suite(.enabled(if: FakeGitHub.canAnswer, "jq is not installed, which the fake gh needs")) struct JudgeTests {
  static let rules = """
    guardrails:
      calm: { never: { who: [worker], can: [write], resources: [db/secret/**] } }
    approvals:
      care: { resources: [db/**], by: [ana] }

    """
  static let gain = "bindings:\n  - { role: writer, to: [worker], in: [dev] }\n"
  static let violation = "bindings:\n  - { to: [worker], can: { write: [db/secret/**] }, in: [dev] }\n"

  private static func host() throws -> FakeGitHub { try FakeGitHub(["policies/rules.yaml": rules]) }

  // MARK: Approvals

  @Test func aChangeThatNobodyMustAgreeToPasses() throws {
    let host = try Self.host()
    let head = try host.offer(1) { try $0.write("README.md", "hello\n") }
    let run = try host.judge(1)
    try #require(run.status == 0, "\(run.everything)")
    #expect(try host.statuses.map { $0.prefix(while: { $0 != ":" }) } == ["\(head) pending writ/main", "\(head) success writ/main"])
    let comments = try host.comments(1)
    try #require(comments.count == 1)
    #expect(comments[0].hasPrefix("<!-- writ:pull-request -->\n### Writ: ✅ nothing changes"), "\(comments[0])")
  }

  @Test(
    arguments: [
      ([], "raj", false), ([("ana", "APPROVED", "head")], "raj", true), ([("Ana", "APPROVED", "head")], "raj", true),
      ([("zoe", "APPROVED", "head")], "raj", false), ([("ana", "APPROVED", "old")], "raj", false),
      // The author's own approval counts for nothing, however the host spells the login.
      ([("ana", "APPROVED", "head")], "ana", false), ([("ANA", "APPROVED", "head")], "Ana", false),
      // The last word counts; a comment is none.
      ([("ana", "APPROVED", "head"), ("ana", "CHANGES_REQUESTED", "head")], "raj", false),
      ([("ana", "APPROVED", "head"), ("ana", "DISMISSED", "head")], "raj", false), ([("ana", "DISMISSED", "head")], "raj", false),
      ([("ana", "CHANGES_REQUESTED", "old"), ("ana", "APPROVED", "head")], "raj", true),
      ([("ana", "APPROVED", "head"), ("ana", "COMMENTED", "head")], "raj", true), ([("ana", "PENDING", "head")], "raj", false),
    ] as [([(String, String, String)], String, Bool)])
  func onlyTheLastWordOfSomebodyElseOnThisCommitApproves(_ reviews: [(String, String, String)], _ author: String, _ isApproved: Bool) throws
  {
    let host = try Self.host()
    let head = try host.offer(1, by: author) { try $0.write("policies/gain.yaml", Self.gain) }
    let old = try host.commit("main")
    try host.review(1, reviews.map { ($0.0, $0.1, $0.2 == "head" ? head : old) })
    let run = try host.judge(1)
    #expect(run.status == (isApproved ? 0 : 1), "\(run.everything)")
    #expect(
      try host.statuses.last
        == (isApproved
          ? "\(head) success writ/main: nothing here needs to be changed or approved"
          : "\(head) failure writ/main: approvals are missing"))
    let comment = try #require(try host.comments(1).first)
    #expect(comment.contains("**Approval** `care`"), "\(comment)")
    #expect(comment.contains("needs ana") == !isApproved, "\(comment)")
  }

  @Test func aReviewThatComesHasItJudgedAgain() throws {
    let host = try Self.host()
    let head = try host.offer(1) { try $0.write("policies/gain.yaml", Self.gain) }
    #expect(try host.judge(1).status == 1)
    try host.review(1, [("ana", "APPROVED", head)])
    let event = ["WRIT_EVENT": "workflow_run", "WRIT_RUN_OWNER": "raj", "WRIT_RUN_BRANCH": "$(touch pwned)", "WRIT_RUN_COMMIT": head]
    let run = try host.judge(nil, event)
    try #require(run.status == 0, "\(run.everything)")
    #expect(try host.statuses.last?.hasPrefix("\(head) success") == true)
    // One comment, renewed.
    #expect(try host.comments(1).count == 1)
    #expect(
      try host.calls.filter { $0.contains("comments") } == [
        "POST repos/acme/policy/issues/1/comments", "PATCH repos/acme/policy/issues/comments/90",
      ])
    // A commit that is nobody's is no reason to judge, and an id that is none is refused.
    let other = try host.judge(nil, event.merging(["WRIT_RUN_COMMIT": String(repeating: "0", count: 40)]) { $1 })
    #expect(other.status == 0 && other.output.contains("nothing to judge"), "\(other.everything)")
    #expect(try host.judge(nil, event.merging(["WRIT_RUN_COMMIT": "\") | halt #"]) { $1 }).status == 69)
    #expect(!host.scratch.has("pwned"))
  }

  // MARK: Rules

  @Test func aViolationIsToldFromAMissingApproval() throws {
    let host = try Self.host()
    let head = try host.offer(1) {
      try $0.write("policies/gain.yaml", Self.violation)
      // Deleted by the same change, and judged by all the same.
      try $0.write("policies/rules.yaml", "approvals:\n  care: { resources: [db/**], by: [ana] }\n")
    }
    try host.review(1, [("ana", "APPROVED", head)])
    let run = try host.judge(1)
    #expect(run.status == 1)
    #expect(try host.statuses.last == "\(head) failure writ/main: rules are violated")
    #expect(try host.comments(1).first?.contains("which this change deletes") == true)
  }

  @Test func whatCannotBeComparedFails() throws {
    let host = try Self.host()
    try host.offer(1) { try $0.write("policies/broken.yaml", SmallPolicy.broken) }
    let run = try host.judge(1)
    #expect(run.status == 1)
    #expect(
      try host.statuses.last?.hasSuffix("failure writ/main: the policy has errors; nothing could be compared: the policy does not compile")
        == true, "\(run.everything)")
    let comment = try #require(try host.comments(1).first)
    #expect(comment.contains("W0203") && comment.contains("**Nothing could be compared**"), "\(comment)")
    // Whatever is asked for, and where nothing is.
    for failOn in ["approvals", "changes", ""] { #expect(try host.judge(1, ["WRIT_FAIL_ON": failOn]).status == 1, "\(failOn)") }
  }

  @Test func aBranchThatIsBehindIsJudgedAsItWouldBeMerged() throws {
    let host = try FakeGitHub()
    let head = try host.offer(1) { try $0.write("policies/gain.yaml", Self.violation) }
    #expect(try host.judge(1).status == 0)
    try host.moveOn { try $0.write("policies/rules.yaml", Self.rules) }
    let run = try host.judge(1)
    #expect(run.status == 1)
    #expect(try host.statuses.last == "\(head) failure writ/main: the policy has errors; rules are violated", "\(run.everything)")
    // What nobody can merge is not judged either.
    try host.moveOn { try $0.write("policies/gain.yaml", "# taken\n") }
    let conflict = try host.judge(1)
    #expect(conflict.status == 69 && conflict.errors.contains("cannot be merged as it is"), "\(conflict.everything)")
    #expect(try host.statuses.last == "\(head) error writ/main: could not be judged: see the log")
  }

  @Test func whatMovesOnMeanwhileIsNotJudged() throws {
    let host = try Self.host()
    let first = try host.offer(1) { try $0.write("policies/gain.yaml", Self.gain) }
    let stale = try host.scratch.read("host/api/repos_acme_policy_pulls_1.json")
    try host.offer(1) { try $0.write("policies/gain.yaml", Self.violation) }
    try host.answer("pulls/1", stale)
    try host.review(1, [("ana", "APPROVED", first)])
    let run = try host.judge(1)
    #expect(run.status == 69 && run.errors.contains("moved on"), "\(run.everything)")
    #expect(try host.statuses.last == "\(first) error writ/main: could not be judged: see the log")
  }

  @Test func aVerdictIsThatOfOneBranch() throws {
    let host = try Self.host()
    try host.scratch.git("push", "--quiet", "origin", "main:refs/heads/release/1")
    let head = try host.offer(1, to: "release/1") { try $0.write("README.md", "x\n") }
    #expect(try host.judge(1).status == 0)
    #expect(try host.statuses.last?.hasPrefix("\(head) success writ/release/1:") == true)
  }

  @Test func whatBreaksOffLeavesNoVerdictOpen() throws {
    let host = try Self.host()
    let head = try host.offer(1) { try $0.write("README.md", "x\n") }
    try host.scratch.remove("host/api/repos_acme_policy_pulls_1_reviews.json")
    let run = try host.judge(1)
    #expect(run.status != 0)
    #expect(try host.statuses.last == "\(head) error writ/main: could not be judged: see the log")
    #expect(try host.comments(1).isEmpty)
  }

  // MARK: Queues

  @Test func twoGoodChangesThatAreBadTogetherAreStopped() throws {
    let host = try FakeGitHub([
      "policies/rules.yaml": Self.rules,
      "policies/shift.yaml":
        "groups:\n  shift: { owners: [ana], members: [job] }\nroles:\n  keeper: { can: { write: [db/secret/**] } }\nbindings:\n  - { role: keeper, to: [job], in: [dev] }\n",
    ])
    let joins: (Scratch) throws -> Void = {
      try $0.write("policies/shift.yaml", try $0.read("policies/shift.yaml").replacing("members: [job]", with: "members: [job, worker]"))
    }
    let keeps: (Scratch) throws -> Void = {
      try $0.write("policies/keep.yaml", "bindings:\n  - { role: keeper, to: [shift], in: [dev] }\n")
    }
    try host.offer(1, joins)
    #expect(try host.judge(1).status == 0)
    try host.offer(2, by: "zoe", keeps)
    #expect(try host.judge(2).status == 0)
    // The queue puts the second on top of the first.
    try host.scratch.git("checkout", "--quiet", "-B", "queue", "main")
    try joins(host.scratch)
    try host.scratch.commit("Merge #1")
    let before = try host.commit("HEAD")
    try keeps(host.scratch)
    try host.scratch.commit("Merge #2")
    let head = try host.commit("HEAD")
    let ref = "refs/heads/gh-readonly-queue/main/pr-2-\(before)"
    try host.scratch.git("push", "--quiet", "origin", "HEAD:\(ref)")
    let run = try host.judge(
      nil,
      [
        "WRIT_EVENT": "merge_group", "WRIT_QUEUE_BASE": "refs/heads/main", "WRIT_QUEUE_BEFORE": before, "WRIT_QUEUE_HEAD": head,
        "WRIT_QUEUE_REF": ref,
      ])
    #expect(run.status == 1, "\(run.everything)")
    #expect(try host.statuses.last == "\(head) failure writ/main: the policy has errors; rules are violated")
    #expect(run.output.contains("calm"))
  }

  @Test(arguments: [true, false]) func anEntryOfAQueueNeedsItsOwnApprovals(_ isApproved: Bool) throws {
    let host = try Self.host()
    let approved = try host.offer(2) { try $0.write("policies/gain.yaml", Self.gain) }
    try host.review(2, isApproved ? [("ana", "APPROVED", approved)] : [])
    // Another entry's gain is before it: its approvals are its own affair.
    try host.scratch.git("checkout", "--quiet", "-B", "queue", "main")
    try host.scratch.write("policies/other.yaml", "bindings:\n  - { to: [worker], can: { read: [db/marts/**] }, in: [dev] }\n")
    try host.scratch.commit("Merge #1")
    let before = try host.commit("HEAD")
    try host.scratch.write("policies/gain.yaml", Self.gain)
    try host.scratch.commit("Merge #2")
    let head = try host.commit("HEAD")
    let ref = "refs/heads/gh-readonly-queue/main/pr-2-\(before)"
    try host.scratch.git("push", "--quiet", "origin", "HEAD:\(ref)")
    let event = [
      "WRIT_EVENT": "merge_group", "WRIT_QUEUE_BASE": "refs/heads/main", "WRIT_QUEUE_BEFORE": before, "WRIT_QUEUE_HEAD": head,
      "WRIT_QUEUE_REF": ref,
    ]
    let run = try host.judge(nil, event)
    #expect(run.status == (isApproved ? 0 : 1), "\(run.everything)")
    #expect(try host.statuses.last?.hasPrefix("\(head) \(isApproved ? "success" : "failure") writ/main") == true)
    #expect(try host.judge(nil, event.merging(["WRIT_QUEUE_REF": "refs/heads/evil"]) { $1 }).status == 69)
  }
}

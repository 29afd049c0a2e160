import Foundation
import TestSupport
import Testing

/// A pull request whose author means harm, or only does it.
@Suite(.enabled(if: FakeGitHub.canAnswer, "jq is not installed, which the fake gh needs")) struct HostileChangeTests {
  @Test func whatJudgesAndWhoReviewsIsShownAsTrust() throws {
    let host = try FakeGitHub([".github/workflows/writ.yml": "on: pull_request_target\n"])
    try host.offer(1) {
      try $0.write(".github/workflows/writ.yml", "on: push\n")
      try $0.write(".github/workflows/judge.yml", "jobs: { judge: {} }\n")
      try $0.write("CODEOWNERS", "* @raj\n")
      try $0.write("policies/broken.yaml", SmallPolicy.warning)
      #expect(try $0.writ("check", "--write-baseline").status == 0)
    }
    let run = try host.judge(1)
    #expect(run.status == 0, "\(run.everything)")
    let comment = try #require(try host.comments(1).first)
    for words in [".github/workflows/writ.yml", ".github/workflows/judge.yml", "CODEOWNERS", ".writ-baseline.json", "4 trust changes"] {
      #expect(comment.contains(words), "\(words): \(comment)")
    }
    // Whoever wants them to stop the change says so.
    #expect(try host.judge(1, ["WRIT_FAIL_ON": "changes"]).status == 1)
    #expect(try host.statuses.last?.hasSuffix("failure writ/main: access or trust changes") == true)
  }

  @Test func namesAndValuesGiveNoOrders() throws {
    let host = try FakeGitHub()
    let evil = "a`|b<img src=x>@ana\n::error::gone\n##[error]x"
    try host.offer(1) {
      try $0.write("generated/\(evil)", "x")
      try $0.write(".github/\(evil)", "x")
      try $0.write("policies/\(evil).yaml", "users:\n  \"::warning::<b>@ana\": {}\n")
      try $0.write("policies/links.yaml", "users: { zoe: { email: \"<!-- writ:pull-request -->[x](https://evil.example)\" } }\n")
    }
    let run = try host.judge(1)
    #expect(run.status == 1)
    for line in run.everything.split(whereSeparator: \.isNewline) {
      #expect(!line.contains("##["), "\(line)")
      let order = line.drop(while: \.isWhitespace)
      if order.hasPrefix("::") { #expect(order.prefixMatch(of: /::(error|warning|notice) (file=[^:,]*,|title=)/) != nil, "\(line)") }
    }
    let comment = try #require(try host.comments(1).first)
    let plain = comment.dropFirst("<!-- writ:pull-request -->".count).replacing(/`[^`\n]*`|<code>[^<\n]*<\/code>/, with: "")
    for words in ["<img", "<b>", "@ana", "](https", "<!--"] { #expect(!plain.contains(words), "\(words): \(comment)") }
  }

  @Test func nothingOfAChangeRunsOrIsCheckedOut() throws {
    let host = try FakeGitHub([".gitattributes": "*.yaml merge=evil filter=evil\n"])
    try host.offer(1) {
      try $0.write(".gitattributes", "* merge=evil filter=evil diff=evil\n")
      try $0.write("Makefile", "all:\n\ttouch pwned\n")
      try $0.write("ci/judge.sh", "#!/bin/sh\ntouch pwned\nexit 0\n")
      try $0.write("action.yml", "runs: { using: composite, steps: [] }\n")
    }
    // Behind, so that both sides are merged.
    try host.moveOn { try $0.write("README.md", "newer\n") }
    let run = try host.judge(1)
    #expect(run.status == 0, "\(run.everything)")
    #expect(try !host.scratch.files().contains { $0.hasSuffix("pwned") })
    #expect(try !host.scratch.files(below: "host/temp").contains { $0.hasSuffix("Makefile") || $0.hasSuffix("action.yml") })
    #expect(host.scratch.has("host/temp/writ/repository/.git/HEAD"))
  }

  @Test func writNeverSeesTheToken() throws {
    let host = try FakeGitHub()
    try host.offer(1) { try $0.write("README.md", "x\n") }
    try host.scratch.write("host/bin/spying-writ", "#!/bin/sh\nenv >> \"$FAKE_HOST/seen\"\nexec \(Program.writ) \"$@\"\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: host.scratch.url("host/bin/spying-writ").path)
    let run = try host.judge(1, ["WRIT": "spying-writ", "GITHUB_TOKEN": "ghs_canary"])
    #expect(run.status == 0, "\(run.everything)")
    let seen = try host.scratch.read("host/seen")
    #expect(seen.contains("WRIT_REPORTS=") && !seen.contains("ghs_canary"))
    for (path, line) in try host.scratch.state(below: "host/temp") where line.hasPrefix("NSFileTypeRegular") {
      #expect(!line.contains(Data("ghs_canary".utf8).base64EncodedString().dropLast(4)), "\(path)")
    }
    #expect(!run.everything.contains("ghs_canary"))
  }

  @Test func onlyOurOwnCommentIsRenewed() throws {
    let host = try FakeGitHub()
    try host.offer(1) { try $0.write("README.md", "x\n") }
    try host.answer(
      "issues/1/comments",
      #"""
      [{"id": 5, "user": {"login": "raj"}, "body": "<!-- writ:pull-request --> all is well"},
       {"id": 6, "user": {"login": "github-actions[bot]"}, "body": "another's"}]
      """#)
    #expect(try host.judge(1).status == 0)
    #expect(try host.judge(1).status == 0)
    let comments = try host.comments(1)
    #expect(comments.count == 3 && comments[0].hasSuffix("all is well") && comments[1] == "another's", "\(comments)")
  }

  @Test func whatIsTooLongForACommentIsCutAndSaysSo() throws {
    let host = try FakeGitHub()
    try host.offer(1) {
      var text = "users:\n"
      for index in 0..<300 { text += "  user_\(index): { description: \"\(String(repeating: "ü", count: 60))\" }\n" }
      text += "roles:\n"
      for index in 0..<300 { text += "  role_\(index): { can: { write: [db/\(String(repeating: "long_", count: 12))\(index)/**] } }\n" }
      text += "bindings:\n"
      for index in 0..<300 { text += "  - { role: role_\(index), to: [user_\(index)], in: [dev] }\n" }
      // And as many that have ended, which is warned of.
      for index in 0..<300 { text += "  - { role: role_\(index), to: [user_\((index + 1) % 300)], in: [dev], until: 2020-01-01 }\n" }
      try $0.write("policies/many.yaml", text)
    }
    let summary = host.scratch.url("host/summary").path
    let run = try host.judge(1, ["GITHUB_STEP_SUMMARY": summary, "WRIT_FORMAT": "none"])
    #expect(run.status == 0, "\(run.errors)")
    let comment = try #require(try host.comments(1).first)
    #expect(comment.count <= 65_536 && comment.utf8.count > 30_000, "\(comment.utf8.count)")
    #expect(comment.contains("_Cut: a comment holds 65,536 characters."), "\(comment.suffix(300))")
    #expect(comment.components(separatedBy: "<details>").count == comment.components(separatedBy: "</details>").count)
    #expect(comment.contains("user\\_0"))
    // The summary has room for what the comment leaves out.
    let whole = try host.scratch.read("host/summary")
    #expect(whole.contains("W0218") && !comment.contains("W0218"))
  }
}

import Foundation
import TestSupport
import Testing

@Suite struct DiffTests {
  private static let gain = "bindings:\n  - { role: writer, to: [worker], in: [dev] }\n"
  private static let guarded = """
    guardrails:
      calm: { never: { who: [worker], can: [write], resources: [db/**] } }
    approvals:
      care: { resources: [db/**], by: [ana] }

    """

  /// A repository with a small policy, committed.
  private static func repository(_ more: [String: String] = [:]) throws -> Scratch {
    let scratch = try Scratch.withPolicy()
    for (path, text) in more { try scratch.write(path, text) }
    try scratch.commit("base")
    return scratch
  }

  // MARK: Which sides

  @Test func theWorkTreeIsComparedWithARevision() throws {
    let scratch = try Self.repository()
    #expect(try scratch.writ("diff").output == "No access changes, no trust changes.\n")
    try scratch.write("policies/gain.yaml", Self.gain)
    for arguments in [["diff"], ["diff", "HEAD"], ["diff", "main"]] {
      let run = try Program.run(Program.writ, arguments, in: scratch.path)
      #expect(run.status == 0, "\(run.everything)")
      #expect(run.output.contains("Gains\n  dev: worker\n    write  db/marts/**\n      policies/gain.yaml:2\n"), "\(run.output)")
      #expect(run.output.contains("1 principal gains"))
    }
  }

  @Test func twoRevisionsAreCompared() throws {
    let scratch = try Self.repository()
    try scratch.git("branch", "topic")
    try scratch.write("policies/other.yaml", "bindings:\n  - { role: writer, to: [ana], in: [dev] }\n")
    try scratch.commit("on main")
    try scratch.git("checkout", "--quiet", "topic")
    try scratch.write("policies/gain.yaml", Self.gain)
    try scratch.commit("on topic")
    let two = try scratch.writ("diff", "main..topic")
    #expect(two.output.contains("Gains") && two.output.contains("Losses"), "\(two.everything)")
    let three = try scratch.writ("diff", "main...topic")
    #expect(three.output.contains("dev: worker") && !three.output.contains("Losses"), "\(three.everything)")
    #expect(try scratch.writ("diff", "topic..topic").output == "No access changes, no trust changes.\n")
  }

  @Test func aShallowCloneIsToldWhatToFetch() throws {
    let scratch = try Self.repository()
    try scratch.git("branch", "old")
    for index in 1...3 { try scratch.commit("\(index)") }
    try scratch.git("clone", "--quiet", "--depth", "1", "--no-single-branch", "file://\(scratch.path)", "shallow")
    let run = try scratch.writ("diff", "origin/old...HEAD", in: "shallow")
    #expect(run.status != 0)
    #expect(run.errors.contains("shallow"), "\(run.everything)")
    #expect(run.errors.contains("fetch"), "\(run.everything)")
  }

  @Test(arguments: ["mian", "main..topc", "main...", "", "a..b..c"]) func whatIsNoRangeIsBadUsage(_ range: String) throws {
    let run = try Self.repository().writ("diff", range)
    #expect(run.status == (range == "main..." ? 0 : 64), "\(range): \(run.everything)")
    #expect(run.status == 0 || run.output.isEmpty)
  }

  @Test func withoutAPolicyBeforeAllIsGained() throws {
    let scratch = try Scratch.repository()
    try scratch.write("README.md", "hello\n")
    try scratch.commit("empty")
    try scratch.write("writ.yaml", "version: 1\n")
    try scratch.write("policies/policy.yaml", SmallPolicy.text())
    let run = try scratch.writ("diff")
    #expect(run.status == 0, "\(run.everything)")
    #expect(run.output.contains("Gains\n  dev: job\n"), "\(run.output)")
    try scratch.commit("policy")
    let back = try scratch.writ("diff", "HEAD..HEAD~1")
    #expect(back.output.contains("Losses\n  dev: job\n"), "\(back.everything)")
    #expect(try scratch.writ("diff", "HEAD~1..HEAD~1").status == 74)
  }

  @Test func aSideThatDoesNotCompileIsNamed() throws {
    let scratch = try Self.repository()
    try scratch.write("policies/broken.yaml", SmallPolicy.broken)
    let head = try scratch.writ("diff")
    #expect(head.status == 1)
    #expect(head.output.isEmpty)
    #expect(head.errors.contains("the policy at the work tree has errors"), "\(head.errors)")
    #expect(head.errors.contains("W0203"))
    try scratch.commit("broken")
    try scratch.remove("policies/broken.yaml")
    let base = try scratch.writ("diff")
    #expect(base.status == 1)
    #expect(base.errors.contains("the policy at HEAD ("), "\(base.errors)")
  }

  @Test func whatIsBrokenIsComparedWithWhatWasBeforeIt() throws {
    let scratch = try Self.repository(["policies/rules.yaml": Self.guarded])
    let good = try scratch.git("rev-parse", "HEAD").prefix(7)
    for (path, text) in [("policies/broken.yaml", SmallPolicy.broken), ("writ.yaml", "version: 9\n"), ("policies/x.yaml", ": : [")] {
      try scratch.write(path, text)
      try scratch.commit(path)
    }
    try scratch.git("checkout", "--quiet", "-b", "mend")
    try scratch.write("writ.yaml", "version: 1\n")
    for name in ["broken", "x"] { try scratch.remove("policies/\(name).yaml") }
    try scratch.write("policies/gain.yaml", Self.gain)
    try scratch.commit("mended")
    #expect(try scratch.writ("diff", "main...mend").status == 1)
    let run = try scratch.writ("diff", "main...mend", "--before-errors")
    #expect(run.status == 1, "\(run.everything)")
    #expect(run.output.contains("has errors, so this is compared with \(good)"), "\(run.everything)")
    #expect(run.output.contains("Violations\n  `worker` may write") && run.output.contains("a rule of \(good)"), "\(run.output)")
    let json = try scratch.writ("diff", "main...mend", "--before-errors", "--format", "json").output
    let schema = try MiniSchema(json: String(contentsOf: Golden.root.appending(path: "schemas/diff.schema.json"), encoding: .utf8))
    #expect(try schema.problem(.init(json: json)) == nil)
    #expect(json.contains("\"note\": "), "\(json)")
    // Head's own errors stay what they are, and what a shallow clone lacks is not nothing.
    #expect(try scratch.writ("diff", "mend..main", "--before-errors").status == 1)
    try scratch.git("clone", "--quiet", "--depth", "2", "--branch", "mend", "file://\(scratch.path)", ".git/shallow")
    let shallow = try scratch.writ("diff", "HEAD~1..HEAD", "--before-errors", in: ".git/shallow")
    #expect(shallow.status == 74 && shallow.errors.contains("git fetch --unshallow"), "\(shallow.everything)")
  }

  @Test func whereNothingEverCompiledAllIsGained() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/broken.yaml", SmallPolicy.broken)
    try scratch.commit("broken from the start")
    try scratch.remove("policies/broken.yaml")
    let run = try scratch.writ("diff", "--before-errors")
    #expect(run.status == 0, "\(run.everything)")
    #expect(run.output.contains("no revision before it compiles: all that there is counts as gained"), "\(run.output)")
    #expect(run.output.contains("Gains\n  dev: job\n"))
  }

  /// What stands where a reference belongs may look like anything, and is told nowhere.
  @Test(arguments: ["human", "json", "markdown", "sarif", "github", "junit", "rdjson"]) func aLiteralSecretOfBaseIsNotShown(
    _ format: String
  )
    throws
  {
    let scratch = try Scratch.withPolicy(SmallPolicy.text(password: "correct, horse"))
    try scratch.commit("a password")
    for text in [SmallPolicy.text(), SmallPolicy.text().replacing("build", with: "built")] {
      try scratch.write("policies/policy.yaml", text)
      let run = try scratch.writ("diff", "--format", format)
      #expect(run.status == 0, "\(run.everything)")
      #expect(!run.everything.contains("horse"), "\(run.everything)")
    }
  }

  @Test func aBareRepositoryHasRevisionsToCompare() throws {
    let scratch = try Self.repository()
    try scratch.write("policies/gain.yaml", Self.gain)
    try scratch.commit("gain")
    try scratch.git("clone", "--quiet", "--bare", ".", ".git/bare.git")
    let run = try scratch.writ("diff", "HEAD~1..HEAD", in: ".git/bare.git")
    #expect(run.status == 0, "\(run.everything)")
    #expect(run.output.contains("dev: worker"))
  }

  // MARK: Exit codes

  @Test func exitCodesSayWhatWasFound() throws {
    let scratch = try Self.repository(["policies/rules.yaml": Self.guarded])
    #expect(try scratch.writ("diff", "--exit-code").status == 0)
    try scratch.write("policies/read.yaml", "bindings:\n  - { to: [worker], can: { read: [db/marts/**] }, in: [dev] }\n")
    #expect(try scratch.writ("diff").status == 0)
    #expect(try scratch.writ("diff", "--exit-code").status == 2)
    // Asked about, the review is missing.
    let unmet = try scratch.writ("diff", "--approved-by", "")
    #expect(unmet.status == 1)
    #expect(unmet.output.contains("care: needs one of ana"))
    #expect(try scratch.writ("diff", "--approved-by", "zoe, ana").status == 0)
    // As a CI writes it whose variable is empty.
    let nobody = try scratch.writ("diff", "--approved-by=", "--author=")
    #expect(nobody.status == 1)
    #expect(nobody.output == unmet.output && nobody.errors == unmet.errors)
    #expect(try scratch.writ("diff", "--approved-by=", "--approved-by=ana").status == 0)
    #expect(try scratch.writ("diff", "--", "--approved-by=").status == 64)
    #expect(try scratch.writ("diff", "--approved-by", "ana", "--author", "Ana").status == 1)
    // Whom nobody knows has approved nothing, and is told of.
    for (logins, words) in [
      ("anna", "`anna` is nobody's login, so that approval counts for nothing\n  help: did you mean `ana`?"), ("job", "`job` is nobody's"),
      ("ANNA, ::x", "`ANNA` is nobody's"),
    ] {
      let run = try scratch.writ("diff", "--approved-by", logins, "--format", "json")
      #expect(run.status == 1 && run.errors.contains("note: \(words)"), "\(run.errors)")
      #expect(run.output.hasPrefix("{"))
    }
    #expect(try scratch.writ("diff", "--approved-by", "zoe, ana").errors.contains("`zoe` is nobody's"))
    for known in ["Ana", "", " ", ",ana,"] { #expect(try scratch.writ("diff", "--approved-by", known).errors.isEmpty, "\(known)") }
    try scratch.write("policies/gain.yaml", Self.gain)
    try scratch.remove("policies/rules.yaml")
    let violation = try scratch.writ("diff")
    #expect(violation.status == 1)
    #expect(violation.output.contains("which this change deletes"), "\(violation.output)")
  }

  // MARK: What lies beside

  @Test func filesThatDecideAboutDeliveryAreTrust() throws {
    let scratch = try Self.repository([".github/workflows/ci.yml": "on: push\n", "generated/README": "hi\n"])
    try scratch.write(".github/workflows/ci.yml", "on: pull_request_target\n")
    try scratch.write("CODEOWNERS", "* @ana\n")
    try scratch.write("generated/evil.sh", "#!/bin/sh\n")
    try scratch.write("writ.yaml", "version: 1\ngenerated: out/\n")
    let run = try scratch.writ("diff")
    for words in [".github/workflows/ci.yml", "CODEOWNERS", "generated/ (default) → out"] {
      #expect(run.output.contains(words), "\(run.output)")
    }
    try scratch.write("writ.yaml", "version: 1\n")
    let foreign = try scratch.writ("diff").output
    #expect(foreign.contains("generated/evil.sh"), "\(foreign)")
    #expect(!foreign.contains("generated/README"))
  }

  /// Nothing is hidden by putting it where it is not read.
  @Test func whatIsNotReadBesideThePolicyIsAChangeToo() throws {
    let scratch = try Self.repository([".github/workflows/ci.yml": "on: push\n", "elsewhere.yml": "on: push\n"])
    try scratch.remove(".github/workflows/ci.yml")
    try scratch.link(".github/workflows/ci.yml", to: "../../elsewhere.yml")
    try scratch.link("CODEOWNERS", to: "elsewhere.yml")
    try scratch.link("generated/link", to: "/etc/passwd")
    try scratch.write(".github/" + String(repeating: "d/", count: 102) + "x.yml", "x\n")
    for range in [["diff"], ["diff", "HEAD~1..HEAD"]] {
      let said = try Program.run(Program.writ, range, in: scratch.path).output
      for words in [
        ".github/workflows/ci.yml`\n    9 bytes → is a symbolic link to `../../elsewhere.yml`",
        "file `CODEOWNERS`\n    nothing → is a symbolic link",
        "file `generated/link`\n    nothing → is a symbolic link to `/etc/passwd`", "nothing → is more than 100 folders deep",
      ] { #expect(said.contains(words), "\(words): \(said)") }
      try scratch.commit()
    }
  }

  // MARK: Formats

  @Test func theJSONIsAsItsSchemaSays() throws {
    let scratch = try Self.repository(["policies/rules.yaml": Self.guarded])
    try scratch.write("policies/gain.yaml", Self.gain)
    try scratch.write("CODEOWNERS", "* @ana\n")
    let run = try scratch.writ("diff", "--format", "json")
    #expect(run.status == 1)
    let schema = try MiniSchema(json: String(contentsOf: Golden.root.appending(path: "schemas/diff.schema.json"), encoding: .utf8))
    #expect(try schema.problem(.init(json: run.output)) == nil)
    #expect(run.output.contains("\"blocked\": true"))
  }

  @Test(arguments: ["human", "markdown", "json"]) func hostileNamesStayText(_ format: String) throws {
    let scratch = try Self.repository()
    let name = "a`|b<img src=x>@ana\n::error::gone\n##[error]x"
    try scratch.write("generated/\(name)", "x")
    try scratch.write(".github/\(name)", "x")
    let run = try scratch.writ("diff", "--format", format)
    #expect(run.status == 0, "\(run.everything)")
    for line in run.output.split(whereSeparator: \.isNewline) {
      #expect(!line.drop(while: \.isWhitespace).hasPrefix("::"), "\(line)")
      #expect(!line.contains("##["), "\(line)")
    }
    if format == "markdown" {
      #expect(!run.output.contains("<img"), "\(run.output)")
      #expect(!run.output.contains("@ana"), "\(run.output)")
      let rows = run.output.split(separator: "\n").filter { $0.hasPrefix("| ") }
      #expect(!rows.isEmpty && rows.allSatisfy { $0.filter { $0 == "|" }.count == 6 }, "\(rows)")
    }
  }
}

import Foundation
import TestSupport
import Testing

/// `writ check --write-baseline`, and what `check` and `diff` make of the file.
@Suite struct BaselineCommandTests {
  private static let file = ".writ-baseline.json"
  private static let guardrail = "guardrails:\n  calm: { never: { who: [job], can: [write], resources: [db/**] } }\n"

  /// A policy that breaks its own guardrail, and warns of an end.
  private static func adopting(below folder: String = "") throws -> Scratch {
    let scratch = try Scratch.withPolicy(below: folder)
    let prefix = folder.isEmpty ? "" : folder + "/"
    try scratch.write("\(prefix)policies/rules.yaml", guardrail)
    try scratch.write("\(prefix)policies/warning.yaml", SmallPolicy.warning)
    return scratch
  }

  @Test(arguments: ["", "access/policy"]) func whatIsRecordedNoLongerFails(_ folder: String) throws {
    let scratch = try Self.adopting(below: folder)
    #expect(try scratch.writ("check", in: folder).status == 1)
    let written = try scratch.writ("check", "--write-baseline", in: folder)
    #expect(written.status == 0, "\(written.everything)")
    let path = folder.isEmpty ? Self.file : "\(folder)/\(Self.file)"
    #expect(scratch.has(path))
    let text = try scratch.read(path)
    for arguments in [["check"], ["check", "--strict"]] {
      let run = try Program.run(Program.writ, arguments, in: scratch.url(folder).path)
      #expect(run.status == 0, "\(run.everything)")
      #expect(run.output.contains("nothing new (2 in the baseline: --no-baseline shows them)"), "\(run.output)")
      #expect(!run.output.contains("W0305"))
    }
    // The same again gives the same bytes.
    #expect(try scratch.writ("check", "--write-baseline", in: folder).status == 0)
    #expect(try scratch.read(path) == text)
    let all = try scratch.writ("check", "--no-baseline", in: folder)
    #expect(all.status == 1)
    #expect(all.output.contains("W0305"))
  }

  @Test func movedLinesStayKnownAndNewProblemsFail() throws {
    let scratch = try Self.adopting()
    #expect(try scratch.writ("check", "--write-baseline").status == 0)
    try scratch.write("policies/policy.yaml", "# a line\n\n" + SmallPolicy.text())
    try scratch.write("policies/rules.yaml", "# another\n" + Self.guardrail)
    #expect(try scratch.writ("check", "--strict").status == 0)
    try scratch.write("policies/new.yaml", "bindings:\n  - { to: [job], can: { write: [db/other/**] }, in: [dev] }\n")
    let run = try scratch.writ("check")
    #expect(run.status == 1, "\(run.output)")
    #expect(run.output.contains("in the baseline"))
    #expect(run.output.contains("1 error"))
  }

  @Test(arguments: ["json", "sarif", "github", "markdown", "junit", "rdjson", "gitlab"]) func everyFormatLeavesItOut(_ format: String)
    throws
  {
    let scratch = try Self.adopting()
    #expect(try scratch.writ("check", "--format", format).output.contains("`calm` says never") == true)
    #expect(try scratch.writ("check", "--write-baseline").status == 0)
    let run = try scratch.writ("check", "--format", format)
    #expect(run.status == 0)
    #expect(!run.output.contains("`calm` says never"), "\(run.output)")
  }

  @Test func entriesThatMatchNothingAreSaid() throws {
    let scratch = try Self.adopting()
    #expect(try scratch.writ("check", "--write-baseline").status == 0)
    try scratch.remove("policies/rules.yaml")
    let run = try scratch.writ("check")
    #expect(run.status == 0)
    #expect(run.output.contains("warning[W0601]: 1 entry of `.writ-baseline.json` matches no problem any more"), "\(run.output)")
    #expect(run.output.contains("`calm` says never"))
    #expect(try scratch.writ("check", "--strict").status == 1)
    #expect(try scratch.writ("check", "--write-baseline").status == 0)
    #expect(try scratch.writ("check", "--strict").status == 0)
    // What could not be judged is not said to be gone.
    try scratch.remove("policies/warning.yaml")
    try scratch.write("policies/broken.yaml", SmallPolicy.broken)
    #expect(!(try scratch.writ("check").output.contains("W0601")))
  }

  @Test(arguments: [SmallPolicy.broken, ": : [", "users: { \u{FF}\u{0}"]) func whatKeepsThePolicyFromBeingJudgedCannotBeHeld(_ text: String)
    throws
  {
    let scratch = try Self.adopting()
    try scratch.write("policies/broken.yaml", text)
    let run = try scratch.writ("check", "--write-baseline")
    #expect(run.status == 1)
    #expect(run.errors.contains("no baseline was written"), "\(run.everything)")
    #expect(!scratch.has(Self.file))
  }

  /// Another secret in the place of a known one would have its fingerprint.
  @Test(arguments: ["policies/note.yaml", "generated/note.txt"]) func noSecretCanBeHeld(_ path: String) throws {
    let scratch = try Self.adopting()
    let token = "ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"
    try scratch.write(path, "# \(token)\n")
    let run = try scratch.writ("check", "--write-baseline")
    #expect(run.status == 1)
    #expect(run.errors.contains("W0508"), "\(run.everything)")
    #expect(run.errors.contains("no baseline was written: it could not hold 1 error"), "\(run.everything)")
    #expect(!run.everything.contains(token))
    #expect(!scratch.has(Self.file))
    // An entry by hand changes nothing.
    let json = try scratch.writ("check", "--format", "json").output
    let document = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let found = try #require((document["diagnostics"] as? [[String: Any]])?.first { $0["code"] as? String == "W0508" })
    let entry: [String: Any] = [
      "path": path, "code": "W0508", "message": try #require(found["message"]),
      "fingerprint": String(try #require(found["fingerprint"] as? String).prefix(32)), "count": 1,
    ]
    try scratch.write(Self.file, Array(try JSONSerialization.data(withJSONObject: ["version": 1, "problems": [entry]])))
    let forged = try scratch.writ("check")
    #expect(forged.status == 1)
    #expect(forged.output.contains("W0508"), "\(forged.output)")
  }

  @Test func whatMerelyLooksRandomCanBeHeld() throws {
    let scratch = try Self.adopting()
    try scratch.write("generated/note.txt", "session \(SecretTests.random)\n")
    #expect(try scratch.writ("check").output.contains("W0509"))
    #expect(try scratch.writ("check", "--write-baseline").status == 0)
    #expect(try scratch.read(Self.file).contains("W0509"))
    #expect(try scratch.writ("check", "--strict").status == 0)
  }

  @Test func anEntryByHandForWhatCannotBeHeldChangesNothing() throws {
    let scratch = try Self.adopting()
    try scratch.write("policies/broken.yaml", SmallPolicy.broken)
    let json = try scratch.writ("check", "--format", "json").output
    let document = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let found = try #require(document["diagnostics"] as? [[String: Any]])
    let entries = found.map { it in
      [
        "path": (it["location"] as? [String: Any])?["path"] ?? "", "code": it["code"]!, "message": it["message"]!,
        "fingerprint": String((it["fingerprint"] as! String).prefix(32)), "count": 1,
      ]
    }
    let forged = try JSONSerialization.data(withJSONObject: ["version": 1, "problems": entries])
    try scratch.write(Self.file, Array(forged))
    let run = try scratch.writ("check")
    #expect(run.status == 1)
    #expect(run.output.contains("W0203"), "\(run.output)")
  }

  @Test func aRevisionHasItsOwn() throws {
    let scratch = try Self.adopting()
    try scratch.commit("without")
    #expect(try scratch.writ("check", "--write-baseline").status == 0)
    #expect(try scratch.writ("check", "--rev", "HEAD").status == 1)
    try scratch.commit("with")
    try scratch.remove(Self.file)
    #expect(try scratch.writ("check").status == 1)
    #expect(try scratch.writ("check", "--rev", "HEAD").status == 0)
    #expect(try scratch.writ("check", "--rev", "HEAD~1").status == 1)
    #expect(try scratch.writ("check", "--rev", "HEAD", "--write-baseline").status == 64)
  }

  @Test func onlyWhatAnotherRevisionHadIsLetPass() throws {
    let scratch = try Self.adopting()
    try scratch.commit("problems, and no baseline")
    #expect(try scratch.writ("check", "--write-baseline").status == 0)
    #expect(try scratch.writ("check", "--against", "HEAD", "--strict").status == 0)
    try scratch.commit("baseline")
    // A file that moves takes its problems along.
    try scratch.write("policies/moved.yaml", SmallPolicy.warning)
    try scratch.remove("policies/warning.yaml")
    // One of the problems is mended, and another one made.
    try scratch.write("policies/rules.yaml", Self.guardrail.replacing("calm", with: "quiet"))
    #expect(try scratch.writ("check", "--write-baseline").status == 0)
    #expect(try scratch.writ("check", "--strict").status == 0)
    let run = try scratch.writ("check", "--against", "HEAD")
    #expect(run.status == 1)
    #expect(run.output.contains("`quiet` says never") && !run.output.contains("W0218"), "\(run.output)")
    #expect(
      run.output.contains("1 in the baseline: --no-baseline shows it; 1 in the baseline counts for nothing, since it is new"),
      "\(run.output)")
    // Where there was no policy, its first baseline is as good as any.
    func id(_ arguments: String...) throws -> String {
      try Program.run("/usr/bin/env", ["git"] + arguments, in: scratch.path).output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    let empty = try id("commit-tree", "-m", "empty", try id("hash-object", "-t", "tree", "-w", "/dev/null"))
    #expect(try scratch.writ("check", "--against", empty).status == 0)
    for wrong in [["--against", "nowhere"], ["--against", "main", "--no-baseline"], ["--against", "main", "--write-baseline"]] {
      #expect(try Program.run(Program.writ, ["check"] + wrong, in: scratch.path).status == 64, "\(wrong)")
    }
  }

  @Test func anotherFileIsNamed() throws {
    let scratch = try Self.adopting()
    #expect(try scratch.writ("check", "--write-baseline", "ci/known.json").status == 0)
    #expect(!scratch.has(Self.file))
    #expect(try scratch.writ("check").status == 1)
    #expect(try scratch.writ("check", "--baseline", "ci/known.json").status == 0)
    let missing = try scratch.writ("check", "--baseline", "ci/none.json")
    #expect(missing.status == 74)
    #expect(missing.errors.contains("there is no baseline `ci/none.json`"))
    #expect(try scratch.writ("check", "--baseline", "ci/known.json", "--no-baseline").status == 64)
  }

  @Test(arguments: ["../out.json", "/tmp/writ-out.json", "a//b.json", "./x.json"]) func itStaysBelowThePolicyRoot(_ path: String) throws {
    let scratch = try Self.adopting(below: "inner")
    let before = try scratch.state()
    #expect(try scratch.writ("check", "--write-baseline", path, in: "inner").status == 64)
    #expect(try scratch.state() == before)
  }

  @Test(arguments: [
    "writ.yaml", "WRIT.YAML", "policies/policy.yaml", "policies/x.json", "Policies/x.json", "policies", "generated/x.json", "README.md",
    "empty", "folder", "link.json", "folder/link.json", "linked/x.json", ".git/hooks/pre-commit", ".git/config", ".Git/x", "sub/.git/x",
  ]) func nothingButABaselineIsWrittenOver(_ path: String) throws {
    let scratch = try Self.adopting()
    try scratch.write("README.md", "read me\n")
    try scratch.write("empty", "")
    try scratch.write("folder/other.json", "{}\n")
    for link in ["link.json", "folder/link.json"] { try scratch.link(link, to: "nowhere.json") }
    try scratch.link("linked", to: "folder")
    let before = (try scratch.state(), try scratch.state(below: ".git"))
    // Not even fixes are made.
    let run = try scratch.writ("check", "--fix", "--write-baseline", path)
    #expect(run.status == 64, "\(run.everything)")
    #expect(run.output.isEmpty)
    #expect(try scratch.state() == before.0)
    #expect(try scratch.state(below: ".git") == before.1)
  }

  @Test func noLinkIsFollowed() throws {
    let scratch = try Self.adopting()
    try scratch.write("elsewhere.json", "{}\n")
    try scratch.link(Self.file, to: "elsewhere.json")
    let run = try scratch.writ("check", "--write-baseline")
    #expect(run.status == 64)
    #expect(try scratch.read("elsewhere.json") == "{}\n")
  }

  /// Else a link in place of the file would be an empty baseline, or whatever it leads to.
  @Test(arguments: ["known.json", "nowhere.json", "/etc/passwd", ""]) func whatIsNoFileIsAnError(_ target: String) throws {
    let scratch = try Self.adopting()
    #expect(try scratch.writ("check", "--write-baseline", "known.json").status == 0)
    if target.isEmpty { try scratch.write("\(Self.file)/a", "") } else { try scratch.link(Self.file, to: target) }
    let words = target.isEmpty ? "it is a folder" : "it is a symbolic link, and a baseline is read and written through none"
    try scratch.commit("linked")
    for more in [[], ["--rev", "HEAD"], ["--baseline", Self.file]] {
      let run = try Program.run(Program.writ, ["check"] + more, in: scratch.path)
      #expect(run.status == 1)
      #expect(run.output.isEmpty)
      #expect(run.errors.contains("the baseline `.writ-baseline.json` cannot be used: \(words)"), "\(run.errors)")
    }
    #expect(try scratch.writ("check", "--no-baseline").output.contains("W0305"))
    // The folder that it is in, too.
    try scratch.link("ci", to: "policies")
    let inside = try scratch.writ("check", "--baseline", "ci/known.json")
    #expect(inside.status == 1)
    #expect(inside.errors.contains("`ci` is a symbolic link"), "\(inside.errors)")
  }

  @Test(arguments: ["", "[]", "{\"version\": 9, \"problems\": []}", "::error::x", "{\"version\": 1, \"problems\": [{}]}"])
  func oneThatCannotBeReadIsAnError(
    _ text: String
  ) throws {
    let scratch = try Self.adopting()
    try scratch.write(Self.file, text)
    let run = try scratch.writ("check")
    #expect(run.status == 1)
    #expect(run.errors.contains("the baseline `.writ-baseline.json`"), "\(run.everything)")
    expectHarmless(run)
    #expect(try scratch.writ("check", "--no-baseline").output.contains("W0305"))
  }

  @Test func aChangeThatAddsToItIsAChangeOfTrust() throws {
    let scratch = try Self.adopting()
    try scratch.commit("adopting")
    #expect(try scratch.writ("check", "--write-baseline").status == 0)
    let run = try scratch.writ("diff", "--exit-code")
    #expect(run.status == 2)
    #expect(run.output.contains("control: baseline `.writ-baseline.json`\n    nothing → 2 problems\n    2 added"), "\(run.output)")
    try scratch.commit("baseline")
    // Written otherwise, it says the same.
    try scratch.write(Self.file, try scratch.read(Self.file).replacing("  ", with: " "))
    #expect(try scratch.writ("diff", "--exit-code").status == 0)
    let sarif = try scratch.writ("diff", "HEAD~1..HEAD", "--format", "sarif").output
    #expect(sarif.contains("\"uri\": \".writ-baseline.json\""), "\(sarif)")
    #expect(sarif.contains("trust-control"))
  }
}

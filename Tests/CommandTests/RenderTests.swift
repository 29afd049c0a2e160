import Foundation
import TestSupport
import Testing

/// What `render` does to the folder of generated files.
@Suite struct RenderTests {
  // MARK: Writing

  @Test func renderingWritesFilesAndNothingBeside() throws {
    let scratch = try Scratch.withPolicy()
    let run = try scratch.writ("render")
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    #expect(run.output == "created generated/dbt/profiles.yml\ncreated generated/dbt/profiles.yml.manifest.json\n")
    // No temporary file is left, and no other file was touched.
    #expect(
      try scratch.files() == [
        "generated/.writ.json", "generated/dbt/profiles.yml", "generated/dbt/profiles.yml.manifest.json", "policies/policy.yaml",
        "writ.yaml",
      ])
  }

  @Test func theSecondTimeNothingIsTouched() throws {
    let scratch = try Scratch.withPolicy()
    _ = try scratch.writ("render")
    let before = try scratch.state()
    let run = try scratch.writ("render")
    #expect(run.status == 0)
    #expect(run.output == "generated is what the policy says already\n")
    #expect(try scratch.state() == before)
  }

  @Test func onlyWhatDiffersIsWritten() throws {
    let scratch = try Scratch.withPolicy(SmallPolicy.text(paths: ["a.yml", "b.yml"]))
    _ = try scratch.writ("render")
    let before = try scratch.state(below: "generated")
    try scratch.write("generated/a.yml", "edited by hand\n")
    #expect(try scratch.writ("render").output == "updated generated/a.yml\n")
    let after = try scratch.state(below: "generated")
    #expect(after["b.yml"] == before["b.yml"])
    #expect(after[".writ.json"] == before[".writ.json"])
    #expect(try scratch.writ("render", "--check").status == 0)
  }

  @Test func nothingChangesWhereThePolicyHasErrors() throws {
    let scratch = try Scratch.withPolicy()
    _ = try scratch.writ("render")
    try scratch.write("policies/broken.yaml", SmallPolicy.broken)
    try scratch.write("policies/policy.yaml", SmallPolicy.text(paths: ["other.yml"]))
    let before = try scratch.state()
    for arguments in [["render"], ["render", "--force"], ["render", "--check"]] {
      let run = try Program.run(Program.writ, arguments, in: scratch.path)
      #expect(run.status == 1)
      #expect(run.output.isEmpty)
      #expect(run.errors.contains("nothing was written"))
    }
    #expect(try scratch.state() == before)
  }

  @Test func jsonListsTheChanges() throws {
    let scratch = try Scratch.withPolicy(SmallPolicy.text(paths: ["a.yml", "b.yml"]))
    _ = try scratch.writ("render")
    try scratch.write("generated/mine.txt", "mine\n")
    try scratch.write("policies/policy.yaml", SmallPolicy.text(paths: ["a.yml", "c.yml"], host: "new.example.org"))
    let run = try scratch.writ("render", "--format", "json")
    let document = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(document["folder"] as? String == "generated")
    #expect(document["foreign"] as? [String] == ["mine.txt"])
    let changes = try #require(document["changes"] as? [[String: String]]).map { "\($0["action"] ?? "") \($0["path"] ?? "")" }
    #expect(changes == ["update a.yml", "delete b.yml", "delete b.yml.manifest.json", "create c.yml", "create c.yml.manifest.json"])
  }

  // MARK: Files that go

  @Test func staleFilesOfItsOwnGoAndOthersStay() throws {
    let scratch = try Scratch.withPolicy(SmallPolicy.text(paths: ["old/a.yml", "old/deep/b.yml", "kept.yml"]))
    _ = try scratch.writ("render")
    try scratch.write("generated/old/mine.txt", "mine\n")
    try scratch.write("policies/policy.yaml", SmallPolicy.text(paths: ["kept.yml"]))
    let run = try scratch.writ("render")
    #expect(run.status == 0)
    #expect(run.output.contains("deleted generated/old/deep/b.yml\n"))
    #expect(try scratch.files(below: "generated") == [".writ.json", "kept.yml", "kept.yml.manifest.json", "old/mine.txt"])
    #expect(!scratch.has("generated/old/deep"))
    #expect(try scratch.read("generated/old/mine.txt") == "mine\n")
  }

  /// Two ways of writing an accent are two files on most disks: the old one must not stay behind with somebody's access in it.
  @Test func aFileWhoseNameIsWrittenOtherwiseIsAnother() throws {
    let scratch = try Scratch.withPolicy(SmallPolicy.text(paths: ["caf\u{E9}.yml"]))
    _ = try scratch.writ("render")
    try scratch.write("policies/policy.yaml", SmallPolicy.text(paths: ["cafe\u{301}.yml"]))
    let run = try scratch.writ("render")
    #expect(run.output.contains("deleted generated/") && run.output.contains("created generated/"), "\(run.output)")
    #expect(try scratch.writ("render", "--check").status == 0)
    #expect(try scratch.files(below: "generated").map { Array($0.utf8) }.contains(Array("cafe\u{301}.yml".utf8)))
    #expect(try scratch.files(below: "generated").count == 3)
  }

  @Test func aFileTakesThePlaceOfAFolderAndTheOtherWayRound() throws {
    let scratch = try Scratch.withPolicy(SmallPolicy.text(paths: ["a"]))
    for path in ["a", "a/b", "a/b/c", "a"] {
      try scratch.write("policies/policy.yaml", SmallPolicy.text(paths: [path]))
      let run = try scratch.writ("render")
      #expect(run.status == 0, "\(path): \(run.everything)")
      #expect(try scratch.files(below: "generated") == [".writ.json", path, path + ".manifest.json"])
      #expect(try scratch.writ("render", "--check").status == 0)
    }
  }

  /// Most likely a folder that was moved or misspelt, and not everybody's access gone.
  @Test func withoutAnyPolicyFileNothingIsDeletedUnasked() throws {
    let scratch = try Scratch.withPolicy()
    _ = try scratch.writ("render")
    try scratch.write("writ.yaml", "version: 1\npolicies: polices/\n")
    let before = try scratch.state()
    let run = try scratch.writ("render")
    #expect(run.status == 3)
    #expect(run.errors.contains("`polices` holds no policy file"))
    #expect(try scratch.state() == before)
    #expect(try scratch.writ("render", "--force").status == 0)
    #expect(try scratch.files(below: "generated") == [".writ.json"])
  }

  // MARK: Files of others

  @Test func aFileOfOthersInTheWayIsReplacedOnlyByForce() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("generated/dbt/profiles.yml", "mine\n")
    let before = try scratch.state()
    let run = try scratch.writ("render")
    #expect(run.status == 3)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("Writ did not make `generated/dbt/profiles.yml`"))
    #expect(run.errors.contains("--force"))
    #expect(try scratch.state() == before)
    #expect(try scratch.writ("render", "--force").status == 0)
    #expect(try scratch.writ("render", "--check").status == 0)
  }

  @Test func aFileOfOthersWhereAFolderIsNeededIsInTheWay() throws {
    let scratch = try Scratch.withPolicy(SmallPolicy.text(paths: ["a.yml", "z/b.yml"]))
    try scratch.write("generated/z", "mine\n")
    let before = try scratch.state()
    let run = try scratch.writ("render")
    #expect(run.status == 3)
    #expect(run.errors.contains("Writ did not make `generated/z`"))
    #expect(try scratch.state() == before)
    #expect(try scratch.writ("render", "--force").status == 0)
    #expect(try scratch.writ("render", "--check").status == 0)
  }

  @Test(arguments: [false, true]) func aFolderWithFilesOfOthersIsNeverReplaced(_ force: Bool) throws {
    let scratch = try Scratch.withPolicy(SmallPolicy.text(paths: ["a.yml", "z"]))
    try scratch.write("generated/z/mine.txt", "mine\n")
    let before = try scratch.state()
    let run = force ? try scratch.writ("render", "--force") : try scratch.writ("render")
    #expect(run.status == 3)
    #expect(run.errors.contains("`generated/z` is a folder"))
    #expect(try scratch.state() == before)
  }

  @Test func anEmptyFolderIsNobodys() throws {
    let scratch = try Scratch.withPolicy(SmallPolicy.text(paths: ["a.yml"]))
    try scratch.makeFolder("generated/a.yml")
    #expect(try scratch.writ("render").status == 0)
    #expect(try scratch.writ("render", "--check").status == 0)
  }

  @Test func anEqualFileBecomesWritsOwn() throws {
    let scratch = try Scratch.withPolicy()
    _ = try scratch.writ("render")
    try scratch.remove("generated/.writ.json")
    let check = try scratch.writ("render", "--check")
    #expect(check.status == 2)
    #expect(check.errors.contains("list"))
    #expect(try scratch.writ("render").status == 0)
    #expect(scratch.has("generated/.writ.json"))
  }

  @Test(arguments: [".writ.json", ".writ.json/a.yml", ".WRIT.json"]) func thePlaceOfTheListIsTaken(_ path: String) throws {
    let run = try Scratch.withPolicy(SmallPolicy.text(paths: [path])).writ("render")
    #expect(run.status == 1)
    #expect(run.errors.contains("list of its own files"))
  }

  // MARK: Links

  @Test(arguments: ["generated/dbt/profiles.yml", "generated/dbt", "generated", "generated/.writ.json"])
  func aLinkInTheWayIsRefused(_ name: String) throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("target/victim", "mine\n")
    let ups = String(repeating: "../", count: name.count { $0 == "/" })
    try scratch.link(name, to: ups + (name.hasSuffix("n") || name.hasSuffix("l") ? "target/victim" : "target"))
    let before = try scratch.state()
    for arguments in [["render"], ["render", "--force"], ["render", "--check"]] {
      let run = try Program.run(Program.writ, arguments, in: scratch.path)
      #expect(run.status == 3, "\(run.everything)")
      #expect(run.errors.contains("`\(name)` is a symbolic link"), "\(run.errors)")
      #expect(run.output.isEmpty)
    }
    #expect(try scratch.state() == before)
  }

  @Test func aDanglingLinkMakesNothingElsewhere() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.link("generated/dbt/profiles.yml", to: "../../made")
    #expect(try scratch.writ("render", "--force").status == 3)
    #expect(!scratch.has("made"))
  }

  @Test func aLinkInNobodysWayStays() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("target/victim", "mine\n")
    try scratch.link("generated/link", to: "../target")
    #expect(try scratch.writ("render").status == 0)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: scratch.url("generated/link").path) == "../target")
    #expect(try scratch.files(below: "target") == ["victim"])
  }

  @Test func aLinkBelowAFolderThatIsToBecomeAFileIsRefused() throws {
    let scratch = try Scratch.withPolicy(SmallPolicy.text(paths: ["z"]))
    try scratch.link("generated/z/link", to: "../../policies")
    let before = try scratch.state()
    #expect(try scratch.writ("render").status == 3)
    #expect(try scratch.state() == before)
  }

  @Test func aLinkedPolicyRootIsItsTarget() throws {
    let scratch = try Scratch.withPolicy(below: "real")
    try scratch.link("alias", to: "real")
    #expect(try scratch.writ("render", "--repo", "alias").status == 0)
    #expect(scratch.has("real/generated/dbt/profiles.yml"))
  }

  // MARK: The list of own files

  @Test(arguments: [
    #"{"version": 1, "files": [{"path": "../../victim"}, {"path": "../victim"}, {"path": "/VICTIM"}, {"path": "./../victim"}, {"path": "dbt//x"}]}"#,
    #"{"version": 1, "files": [{"path": "a/../../victim"}, {"path": "link/victim"}, {"path": ".writ.json"}, {"path": ".."}, {"path": ""}]}"#,
    "garbage \u{1}{{{", "", "[]", "{\"files\": 5}", "{\"files\": [5, {\"path\": {}}, {\"path\": null}]}",
  ]) func aForgedListDeletesNothingOutside(_ list: String) throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("victim", "mine\n")
    try scratch.write("target/victim", "mine\n")
    try scratch.write("generated/mine.txt", "mine\n")
    try scratch.link("generated/link", to: "../target")
    try scratch.write("generated/.writ.json", list.replacing("/VICTIM", with: scratch.path + "/victim"))
    let run = try scratch.writ("render")
    #expect(run.status == 0, "\(run.everything)")
    #expect(!run.output.contains("deleted"))
    for path in ["victim", "target/victim", "generated/mine.txt"] { #expect(try scratch.read(path) == "mine\n") }
    #expect(try scratch.writ("render", "--check").status == 0)
  }

  @Test func aListOfAThousandBracketsIsGarbage() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("generated/.writ.json", String(repeating: "[", count: 50_000))
    #expect(try scratch.boundedWrit("render").status == 0)
  }

  // MARK: Rights

  @Test(.enabled(if: getuid() != 0, "root may write everywhere")) func aFolderThatMayNotBeWrittenIsNamed() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.makeFolder("generated")
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: scratch.url("generated").path)
    let run = try scratch.writ("render")
    #expect(run.status == 74)
    #expect(run.errors.contains("generated"))
    #expect(run.errors.contains("Permission denied"))
  }

  // MARK: Comparing

  @Test func checkShowsAUnifiedDiffAndWritesNothing() throws {
    let scratch = try Scratch.withPolicy(SmallPolicy.text(paths: ["a.yml", "b.yml"]))
    _ = try scratch.writ("render")
    try scratch.write("policies/policy.yaml", SmallPolicy.text(paths: ["a.yml", "c.yml"], host: "new.example.org"))
    let before = try scratch.state()
    let run = try scratch.writ("render", "--check")
    #expect(run.status == 2)
    #expect(try scratch.state() == before)
    #expect(run.output.contains("--- generated/a.yml\n+++ generated/a.yml (policy)\n@@ "))
    #expect(run.output.contains("\n-      host: db.example.org\n+      host: new.example.org\n"))
    #expect(run.output.contains("--- generated/b.yml\n+++ /dev/null\n"))
    #expect(run.output.contains("--- /dev/null\n+++ generated/c.yml\n@@ -0,0 +1,"))
    #expect(run.errors == "5 files differ from what the policy says; `writ render` writes them\n")

    let json = try scratch.writ("render", "--check", "--format", "json")
    #expect(json.status == 2)
    let document = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(document["upToDate"] as? Bool == false)
    #expect((document["changes"] as? [Any])?.count == 5)
    #expect(try scratch.state() == before)
  }

  /// The diff is one that `patch` takes: it turns what is there into what the policy says.
  @Test func theDiffCanBeApplied() throws {
    let scratch = try Scratch.withPolicy(SmallPolicy.text(paths: ["a.yml"]))
    _ = try scratch.writ("render")
    try scratch.commit()
    try scratch.write("policies/policy.yaml", SmallPolicy.text(paths: ["a.yml"], host: "new.example.org"))
    let diff = try scratch.writ("render", "--check").output.replacing(" (policy)", with: "")
    try scratch.write("change.patch", diff)
    try scratch.git("apply", "-p0", "change.patch")
    #expect(try scratch.writ("render", "--check").status == 0)
  }

  @Test(arguments: [false, true]) func aRevisionIsComparedWithItself(_ isBare: Bool) throws {
    let scratch = try Scratch.withPolicy()
    _ = try scratch.writ("render")
    try scratch.commit("rendered")
    try scratch.git("tag", "rendered")
    try scratch.write("policies/policy.yaml", SmallPolicy.text(host: "new.example.org"))
    try scratch.commit("forgotten")
    _ = try scratch.writ("render")
    if isBare { try scratch.git("clone", "--quiet", "--bare", ".", ".git/bare.git") }
    let place = isBare ? ".git/bare.git" : ""
    #expect(try scratch.writ("render", "--check", "--rev", "rendered", in: place).status == 0)
    let before = try scratch.state()
    let stale = try scratch.writ("render", "--check", "--rev", "HEAD", in: place)
    #expect(stale.status == 2)
    #expect(stale.output.contains("+      host: new.example.org\n"))
    #expect(try scratch.state() == before)
    if !isBare { #expect(try scratch.writ("render", "--check").status == 0) }
  }

  @Test(arguments: ["HEAD", "no-such"]) func aRevisionIsNotRenderedIntoTheWorkTree(_ revision: String) throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/broken.yaml", SmallPolicy.broken)
    try scratch.commit()
    let run = try scratch.writ("render", "--rev", revision)
    #expect(run.status == 64)
    #expect(run.errors.contains("--check"))
    #expect(!scratch.has("generated"))
  }
}

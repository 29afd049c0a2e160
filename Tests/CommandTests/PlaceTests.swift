import Foundation
import TestSupport
import Testing

/// Where a policy is read from: work tree or revision, subfolder, bare repository, linked worktree.
@Suite struct PlaceTests {
  /// The work tree of the second commit has an error that the first does not have.
  private static func twoCommits(below folder: String = "") throws -> Scratch {
    let scratch = try Scratch.withPolicy(below: folder)
    try scratch.commit("clean")
    try scratch.git("tag", "clean")
    try scratch.write((folder.isEmpty ? "" : folder + "/") + "policies/broken.yaml", SmallPolicy.broken)
    try scratch.commit("broken")
    return scratch
  }

  @Test func aRevisionSaysWhatACleanWorkTreeSays() throws {
    let scratch = try Self.twoCommits()
    for format in ["human", "json"] {
      let tree = try scratch.writ("check", "--format", format, "--at", "2026-11-20")
      let head = try scratch.writ("check", "--format", format, "--at", "2026-11-20", "--rev", "HEAD")
      #expect(tree.status == 1)
      #expect(tree.output == head.output)
      #expect(tree.status == head.status)
    }
    #expect(try scratch.writ("check", "--rev", "clean").status == 0)
    #expect(try scratch.writ("check", "--rev", "HEAD~1").status == 0)
  }

  @Test func aRevisionDoesNotSeeTheWorkTree() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.commit()
    try scratch.write("policies/broken.yaml", SmallPolicy.broken)
    #expect(try scratch.writ("check", "--rev", "HEAD").status == 0)
    #expect(try scratch.writ("check").status == 1)
    try scratch.remove("writ.yaml")
    try scratch.remove("policies")
    #expect(try scratch.writ("check", "--rev", "HEAD").status == 0)
  }

  @Test(arguments: ["", "access"]) func aBareRepositoryIsRead(_ folder: String) throws {
    let scratch = try Self.twoCommits(below: folder)
    try scratch.git("clone", "--quiet", "--bare", ".", ".git/bare.git")
    let bare = try scratch.writ("check", "--rev", "clean", "--repo", ".git/bare.git")
    // From a bare repository only its root can be looked at.
    #expect(bare.status == (folder.isEmpty ? 0 : 74), "\(bare.everything)")
    if folder.isEmpty { #expect(try scratch.writ("check", "--rev", "main", in: ".git/bare.git").status == 1) }
  }

  @Test func aSubfolderFindsThePolicyAboveIt() throws {
    let scratch = try Self.twoCommits()
    try scratch.makeFolder("policies/deep/er")
    let run = try scratch.writ("check", in: "policies/deep/er")
    #expect(run.status == 1)
    #expect(run.output.contains("policies/broken.yaml:2:13"))
    #expect(try scratch.writ("check", "--rev", "clean", in: "policies/deep/er").status == 0)
    #expect(try scratch.writ("check", "--rev", "HEAD", in: "policies/deep/er").output == run.output)
  }

  @Test func aLinkedWorktreeIsRead() throws {
    let scratch = try Self.twoCommits()
    try scratch.git("worktree", "add", "--quiet", "linked", "clean")
    #expect(try scratch.writ("check", in: "linked").status == 0)
    #expect(try scratch.writ("check", "--rev", "HEAD", in: "linked").status == 0)
    #expect(try scratch.writ("check", "--rev", "main", in: "linked").status == 1)
    #expect(try scratch.writ("render", in: "linked").status == 0)
    #expect(scratch.has("linked/generated/dbt/profiles.yml"))
    #expect(!scratch.has("generated"))
  }

  @Test func aPolicyInASubfolderHasPathsFromTheRepository() throws {
    let scratch = try Self.twoCommits(below: "access")
    #expect(try scratch.writ("check").status == 74)
    for run in [try scratch.writ("check", "--repo", "access"), try scratch.writ("check", in: "access/policies")] {
      #expect(run.status == 1)
      #expect(run.output.contains("access/policies/broken.yaml:2:13"))
    }
    #expect(try scratch.writ("check", "--repo", "access", "--rev", "clean").status == 0)
    try scratch.remove("access/policies/broken.yaml")
    #expect(try scratch.writ("render", in: "access").output.contains("created access/generated/dbt/profiles.yml\n"))
    #expect(scratch.has("access/generated/dbt/profiles.yml"))
    #expect(!scratch.has("generated"))
  }

  @Test func theNearestSettingsCount() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("inner/writ.yaml", "version: 1\n")
    try scratch.write("inner/policies/broken.yaml", SmallPolicy.broken)
    #expect(try scratch.writ("check").status == 0)
    #expect(try scratch.writ("check", in: "inner").status == 1)
    #expect(try scratch.writ("check", in: "inner/policies").status == 1)
  }

  @Test func foldersHaveTheNamesOfTheSettings() throws {
    let scratch = try Scratch.repository()
    try scratch.write("writ.yaml", "version: 1\npolicies: rules/of access/\ngenerated: build/out\n")
    try scratch.write("rules/of access/policy.yml", SmallPolicy.text())
    try scratch.write("policies/broken.yaml", SmallPolicy.broken)
    #expect(try scratch.writ("check").status == 0)
    #expect(try scratch.writ("render").output.contains("created build/out/dbt/profiles.yml\n"))
    #expect(scratch.has("build/out/.writ.json"))
    #expect(try scratch.writ("render", "--check").status == 0)
    try scratch.commit()
    #expect(try scratch.writ("render", "--check", "--rev", "HEAD").status == 0)
  }

  @Test(arguments: [
    ("version: 1\npolcies: x\n", "writ.yaml:2:1"), ("version: 2\n", "writ.yaml:1:10"),
    ("version: 1\npolicies: a\ngenerated: a/b\n", "writ.yaml:3:12"), ("version: 1\npolicies: a/b\ngenerated: a\n", "writ.yaml:3:12"),
    ("version: 1\ngenerated: policies\n", "writ.yaml:2:12"), ("version: 1\ngenerated: ../x\n", "writ.yaml:2:12"),
    ("version: 1\npolicies: ../x\n", "writ.yaml:2:11"), ("version: 1\ngenerated: /x\n", "writ.yaml:2:12"),
    ("version: 1\ngenerated: .git\n", "writ.yaml:2:12"), ("version: 1\ngenerated: .\n", "writ.yaml:2:12"),
    ("", "writ.yaml:1:1"), ("# nothing\n", "writ.yaml:1:1"), ("version: 1\n---\nversion: 1\n", "writ.yaml:"),
    ("policies: x\n", "writ.yaml:1:1"),
    ("}{ \u{1}garbage", "writ.yaml:1:"), ("- 1\n", "writ.yaml:1:1"), ("version: 1\nversion: 1\n", "writ.yaml:2:1"),
  ]) func mistakesInTheSettingsHaveAPlace(_ text: String, _ place: String) throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("writ.yaml", text)
    for arguments in [["check"], ["render"], ["check", "--format", "json"]] {
      let run = try Program.run(Program.writ, arguments, in: scratch.path)
      #expect(run.status == 1, "\(run.everything)")
      #expect(run.output.isEmpty)
      #expect(run.errors.contains(place), "\(run.errors)")
      #expect(run.errors.contains("error[W"), "\(run.errors)")
    }
    #expect(!scratch.has("generated"))
  }
}

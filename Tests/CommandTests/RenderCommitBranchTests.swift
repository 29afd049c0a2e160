import Foundation
import TestSupport
import Testing

/// Where `render --commit` commits to: branches, heads, repositories of every kind.
@Suite struct RenderCommitBranchTests: RenderCommitting {
  @Test func anotherBranchTakesTheCommitAndNothingHereMoves() throws {
    let scratch = try committed()
    let policy = try head(scratch)
    try scratch.write("staged.txt", "staged\n")
    try scratch.git("add", "--all")
    let before = (try scratch.state(), try scratch.git("ls-files", "--stage", "--debug"))
    let run = try render(scratch, "--branch", "deploy/prod")
    #expect(run.output.contains(" on `deploy/prod`, from policy"))
    #expect(try scratch.state() == before.0)
    #expect(try scratch.git("ls-files", "--stage", "--debug") == before.1)
    #expect(try head(scratch) == policy)
    // A branch that was not there starts from the policy.
    #expect(try head(scratch, "deploy/prod~1") == policy)
    try expectSound(scratch)
    let again = try render(scratch, "--branch", "refs/heads/deploy/prod")
    #expect(again.output.hasPrefix("nothing to commit"))
    #expect(try scratch.writ("drift", "--branch", "deploy/prod", "--at", "2026-11-20T22:00Z").status == 0)
    #expect(try scratch.writ("drift", "--at", "2026-11-20T22:00Z").status == 2)
  }

  @Test func aBranchOfGeneratedFilesAloneKeepsItsOwnHistory() throws {
    let scratch = try committed()
    let tree = try scratch.git("mktree").trimmingCharacters(in: .newlines)
    let empty = try scratch.git("commit-tree", "-m", "empty", tree)
    try scratch.git("branch", "files", empty.trimmingCharacters(in: .newlines))
    #expect(try render(scratch, "--branch", "files").status == 0)
    #expect(
      try scratch.git("ls-tree", "-r", "--name-only", "files")
        == "generated/.writ.json\ngenerated/dbt/profiles.yml\ngenerated/dbt/profiles.yml.manifest.json\n")
    #expect(try scratch.git("rev-list", "--count", "files") == "2\n")
    try expectSound(scratch)
  }

  @Test(arguments: ["HEAD", "-x", "a..b", "a b", "", "x.lock"]) func aNameThatIsNoneIsBadUsage(_ name: String) throws {
    try expectRefused(
      try committed(), "--branch=\(name)", status: 64, says: name.isEmpty ? "Missing value" : "cannot be the name of a branch")
  }

  @Test func branchesThatCannotBeMadeAreNamed() throws {
    let scratch = try committed()
    try scratch.git("branch", "a")
    try scratch.git("branch", "b/c")
    try scratch.git("pack-refs", "--all")
    try expectRefused(scratch, "--branch", "a/x", says: "beside `a`")
    try expectRefused(scratch, "--branch", "b", says: "beside `b/c`")
    try scratch.git("update-ref", "refs/remotes/origin/deploy", "HEAD")
    try expectRefused(scratch, "--branch", "deploy", says: "git branch deploy origin/deploy")
  }

  @Test func aBranchOfAnotherWorkTreeDoesNotMove() throws {
    let scratch = try committed()
    try scratch.git("worktree", "add", "--quiet", "-b", "other", "tree")
    try scratch.write(".git/info/exclude", "tree\n")
    try expectRefused(scratch, "--branch", "other", says: "checked out in the work tree `\(scratch.path)/tree`")
    // In a work tree of its own, the branch moves with it.
    let here = try head(scratch)
    let run = try render(scratch, in: "tree")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("on `other`"))
    #expect(try scratch.git("status", "--porcelain", in: "tree").isEmpty)
    #expect(scratch.has("tree/generated/dbt/profiles.yml"))
    #expect(try head(scratch) == here)
    #expect(try render(scratch, "--branch", "main", in: "tree").errors.contains("the main work tree"))
  }

  @Test func aDetachedHeadTakesTheCommit() throws {
    let scratch = try committed()
    try scratch.git("checkout", "--quiet", "--detach")
    let main = try head(scratch, "main")
    let run = try render(scratch)
    #expect(run.status == 0)
    #expect(run.output.contains("on a detached HEAD, which no branch holds"))
    #expect(try head(scratch, "main") == main)
    #expect(try head(scratch, "HEAD~1") == main)
    #expect(try scratch.git("status", "--porcelain").isEmpty)
  }

  @Test func anUnbornBranchHasNoPolicyToCommitFor() throws {
    let scratch = try committed()
    try scratch.git("checkout", "--quiet", "--orphan", "new")
    try expectRefused(scratch, says: "not committed yet")
    try expectRefused(scratch, "--rev", "main", status: 64, says: "no commits yet")
    #expect(try render(scratch, "--rev", "main", "--branch", "deploy").status == 0)
  }

  @Test func aBareRepositoryIsCommittedTo() throws {
    let scratch = try committed()
    try scratch.git("clone", "--quiet", "--bare", ".", ".git/bare.git")
    let run = try render(scratch, "--branch", "deploy", in: ".git/bare.git")
    #expect(run.status == 0, "\(run.errors)")
    try expectSound(scratch, in: ".git/bare.git")
    #expect(try scratch.git("rev-list", "--count", "deploy", in: ".git/bare.git") == "2\n")
    #expect(try render(scratch, in: ".git/bare.git").output.contains("on `main`"))
    #expect(!scratch.has(".git/bare.git/index"))
    #expect(!scratch.has(".git/bare.git/generated"))
  }

  @Test func aShallowCloneIsCommittedTo() throws {
    let scratch = try committed()
    try scratch.write("more.txt", "more\n")
    try scratch.commit("more")
    try scratch.git("clone", "--quiet", "--depth", "1", "file://\(scratch.path)", "clone")
    #expect(try render(scratch, in: "clone").status == 0)
    #expect(try scratch.git("status", "--porcelain", in: "clone").isEmpty)
    #expect(try scratch.git("rev-list", "--count", "HEAD", in: "clone") == "2\n")
    #expect(try scratch.writ("drift", "--at", "2026-11-20T22:00Z", in: "clone").status == 0)
  }

  @Test func aPolicyBelowTheRootIsCommittedThere() throws {
    let scratch = try Scratch.withPolicy(below: "access")
    try scratch.commit()
    #expect(try render(scratch, in: "access").status == 0)
    #expect(try scratch.git("ls-tree", "-r", "--name-only", "HEAD", "access/generated/").hasPrefix("access/generated/.writ.json\n"))
    #expect(try scratch.git("status", "--porcelain").isEmpty)
  }

  @Test func filesOutsideOfASparseCheckoutStayOut() throws {
    let scratch = try committed()
    _ = try render(scratch)
    try scratch.write("policies/policy.yaml", SmallPolicy.text(host: "new.example.org"))
    try scratch.commit()
    try scratch.git("sparse-checkout", "set", "--no-cone", "/*", "!/generated/")
    #expect(!scratch.has("generated/dbt/profiles.yml"))
    #expect(try render(scratch).status == 0)
    #expect(!scratch.has("generated/dbt/profiles.yml"))
    #expect(try scratch.git("status", "--porcelain").isEmpty)
    #expect(try scratch.git("show", "HEAD:generated/dbt/profiles.yml").contains("new.example.org"))
  }

  /// A file that changed in the second in which the index was written looks unchanged by its size and time.
  @Test func aChangeInTheSameSecondIsStillSeen() throws {
    let scratch = try committed()
    try scratch.write("racy.txt", "one\n")
    try scratch.commit("racy")
    let url = scratch.url("racy.txt")
    let time = try #require(try FileManager.default.attributesOfItem(atPath: url.path)[.modificationDate] as? Date)
    let file = try FileHandle(forWritingTo: url)
    try file.write(contentsOf: Data("two\n".utf8))
    try file.close()
    try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: url.path)
    try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: scratch.url(".git/index").path)
    #expect(try render(scratch).status == 0)
    #expect(try scratch.git("status", "--porcelain") == " M racy.txt\n")
  }
}

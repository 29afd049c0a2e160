import Foundation
import TestSupport
import Testing

/// What `render --commit` does to branch, index and work tree: told by git itself.
@Suite struct RenderCommitTests: RenderCommitting {
  // MARK: The commit

  @Test func theCommitHoldsTheFilesAndNothingElse() throws {
    let scratch = try committed()
    let policy = try head(scratch)
    try scratch.write("staged.txt", "staged\n")
    try scratch.write("README.md", "one\n")
    try scratch.git("add", "--all")
    try scratch.write("README.md", "two\n")
    try scratch.write("untracked.txt", "untracked\n")
    let status = try scratch.git("status", "--porcelain")
    let run = try render(scratch)
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    #expect(
      run.output.hasPrefix("created generated/dbt/profiles.yml\ncreated generated/dbt/profiles.yml.manifest.json\ncommitted "))
    #expect(try scratch.git("status", "--porcelain") == status)
    #expect(try scratch.read("README.md") == "two\n")
    #expect(try scratch.git("show", ":README.md") == "one\n")
    #expect(
      try scratch.git("diff-tree", "-r", "--name-status", "HEAD~1", "HEAD")
        == "A\tgenerated/.writ.json\nA\tgenerated/dbt/profiles.yml\nA\tgenerated/dbt/profiles.yml.manifest.json\n")
    #expect(try head(scratch, "HEAD~1") == policy)
    try expectSound(scratch)
    // The same bytes as `writ render` makes.
    #expect(try scratch.writ("render", "--check", "--at", "2026-11-20T22:00Z").status == 0)
    #expect(try scratch.git("reflog", "-1", "--format=%gs") == "commit: Render generated from policy \(policy.prefix(12))\n")
  }

  @Test func theTrailersSayWhichPolicyItWas() throws {
    let scratch = try committed()
    let policy = try head(scratch)
    _ = try render(scratch)
    #expect(
      try scratch.git("log", "-1", "--format=%B")
        == """
        Render generated from policy \(policy.prefix(12))

        Made by `writ render --commit`.

        Policy-Revision: \(policy)
        Policy-Moment: 2026-11-20T22:00:00Z
        Writ-Version: 0.1.0


        """)
    try scratch.write("message", try scratch.git("log", "-1", "--format=%B"))
    #expect(
      try scratch.git("interpret-trailers", "--parse", "message")
        == "Policy-Revision: \(policy)\nPolicy-Moment: 2026-11-20T22:00:00Z\nWrit-Version: 0.1.0\n")
  }

  /// Git's own commit of the same tree, by the same people at the same time, is the same object.
  @Test func gitWouldMakeTheSameObject() throws {
    let scratch = try committed()
    _ = try render(scratch)
    try scratch.write("message", try scratch.git("log", "-1", "--format=%B").trimmingCharacters(in: .newlines) + "\n")
    let tree = try head(scratch, "HEAD^{tree}")
    let made = try scratch.git("commit-tree", "-p", "HEAD~1", "-F", "message", tree).trimmingCharacters(in: .newlines)
    #expect(made == (try head(scratch)))
  }

  @Test func theSecondTimeThereIsNothingToCommit() throws {
    let scratch = try committed()
    _ = try render(scratch)
    let before = (try scratch.state(), try head(scratch))
    let run = try render(scratch)
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("nothing to commit: "))
    #expect(try scratch.state() == before.0)
    #expect(try head(scratch) == before.1)
  }

  @Test func whatTheWorkTreeHasAlreadyIsNotTouched() throws {
    let scratch = try committed()
    _ = try scratch.writ("render", "--at", "2026-11-20T22:00Z")
    let before = try scratch.state()
    #expect(try render(scratch).status == 0)
    #expect(try scratch.state() == before)
    #expect(try scratch.git("status", "--porcelain").isEmpty)
  }

  @Test func filesThatGoAndFoldersThatBecomeFiles() throws {
    let scratch = try committed(SmallPolicy.text(paths: ["a", "old/deep/b.yml", "kept.yml"]))
    _ = try render(scratch)
    for paths in [["a/b/c", "kept.yml"], ["a/b", "kept.yml"], ["a"]] {
      try scratch.write("policies/policy.yaml", SmallPolicy.text(paths: paths))
      try scratch.commit()
      #expect(try render(scratch).status == 0)
      #expect(try scratch.git("status", "--porcelain").isEmpty)
      #expect(
        try scratch.files(below: "generated").sorted() == ([".writ.json"] + paths.flatMap { [$0, $0 + ".manifest.json"] }).sorted())
      try expectSound(scratch)
    }
  }

  @Test func jsonNamesTheCommit() throws {
    let scratch = try committed()
    let policy = try head(scratch)
    for isNew in [true, false] {
      let run = try render(scratch, "--format", "json")
      let document = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      #expect(document["branch"] as? String == "main")
      #expect((document["commit"] as? String) == (isNew ? try head(scratch) : nil))
      #expect(document["policyRevision"] as? String == (isNew ? policy : try head(scratch)))
    }
  }

  // MARK: Who and when

  @Test func withoutAnIdentityNothingIsCommitted() throws {
    let nobody = ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"]
    let none = Dictionary(uniqueKeysWithValues: nobody.map { ($0, "") })
    let scratch = try committed()
    try expectRefused(scratch, status: 64, says: "user.name", environment: none)
    try expectRefused(scratch, "--author", "nobody", status: 64, says: "Name <mail>")
    #expect(try render(scratch, "--author", "Bot <bot@example.org>", environment: none).status == 0)
    #expect(try scratch.git("log", "-1", "--format=%an %ae %cn %ce") == "Bot bot@example.org Bot bot@example.org\n")
    // What is configured counts for whoever is not named.
    try scratch.write("policies/policy.yaml", SmallPolicy.text(host: "new.example.org"))
    try scratch.commit()
    try scratch.git("config", "user.name", "Local")
    try scratch.git("config", "user.email", "local@example.org")
    #expect(try render(scratch, "--author", "Bot <bot@example.org>", environment: none).status == 0)
    #expect(try scratch.git("log", "-1", "--format=%an %ae %cn %ce") == "Bot bot@example.org Local local@example.org\n")
  }

  @Test func theUsersConfigurationIsReadWithItsIncludes() throws {
    let scratch = try committed()
    let none = ["GIT_AUTHOR_NAME": "", "GIT_AUTHOR_EMAIL": "", "GIT_COMMITTER_NAME": "", "GIT_COMMITTER_EMAIL": ""]
    try scratch.write(
      ".git/user", "[user]\n\tname = User\n\temail = user@example.org\n[includeIf \"gitdir:\(scratch.path)/\"]\n\tpath = work\n")
    try scratch.write(".git/work", "[user]\n\temail = work@example.org\n[author]\n\tname = Writer\n")
    let environment = none.merging(["GIT_CONFIG_GLOBAL": scratch.url(".git/user").path]) { $1 }
    #expect(try render(scratch, environment: environment).status == 0)
    #expect(try scratch.git("log", "-1", "--format=%an %ae %cn %ce") == "Writer work@example.org User work@example.org\n")
  }

  @Test(arguments: [
    (["GIT_COMMITTER_DATE": "1700000100 -0500", "GIT_AUTHOR_DATE": "@1700000000 +0130"], "1700000000 +0130 1700000100 -0500"),
    (["GIT_COMMITTER_DATE": "2026-12-31T23:00:00+01:00", "GIT_AUTHOR_DATE": "2026-12-31T22:00Z"], "1798754400 +0000 1798754400 +0100"),
    (["GIT_COMMITTER_DATE": "", "GIT_AUTHOR_DATE": "", "SOURCE_DATE_EPOCH": "1700000000"], "1700000000 +0000 1700000000 +0000"),
  ]) func theClockCanBeSet(_ environment: [String: String], _ expected: String) throws {
    let scratch = try committed()
    let run = try render(scratch, environment: environment)
    #expect(run.status == 0, "\(run.errors)")
    let dates = try scratch.git("log", "-1", "--format=%ad %cd", "--date=raw").trimmingCharacters(in: .newlines)
    #expect(dates == expected)
  }

  @Test(arguments: ["yesterday", "1700000000 +9999", "99999999999999999999", "1 2 3"]) func aDateThatIsNoneIsNamed(_ text: String) throws {
    try expectRefused(try committed(), status: 64, says: "GIT_COMMITTER_DATE", environment: ["GIT_COMMITTER_DATE": text])
  }

  // MARK: What runs and what does not

  @Test func noProgramOfTheRepositoryRunsAndNoFilterTouchesBytes() throws {
    let scratch = try committed()
    for hook in ["pre-commit", "commit-msg", "post-commit", "prepare-commit-msg", "reference-transaction", "post-index-change"] {
      try scratch.write(".git/hooks/\(hook)", "#!/bin/sh\ntouch \"\(scratch.path)/ran-\(hook)\"\nexit 1\n")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.url(".git/hooks/\(hook)").path)
    }
    try scratch.write(".git/info/attributes", "* filter=mine ident text eol=crlf\n")
    for (name, value) in [
      ("filter.mine.clean", "touch \(scratch.path)/ran-clean; cat"), ("filter.mine.smudge", "touch \(scratch.path)/ran-smudge; cat"),
      ("core.autocrlf", "true"), ("core.fsmonitor", "\(scratch.path)/.git/hooks/pre-commit"), ("commit.gpgsign", "true"),
      ("gpg.program", "\(scratch.path)/.git/hooks/pre-commit"),
    ] { try scratch.git("config", name, value) }
    let before = try scratch.files()
    let run = try render(scratch)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("`commit.gpgSign` is set, but Writ runs no program to sign with"))
    #expect(try scratch.files().filter { !$0.hasPrefix("generated/") } == before)
    #expect(try scratch.read("generated/dbt/profiles.yml").contains("\r") == false)
    #expect(try scratch.git("show", "HEAD:generated/dbt/profiles.yml") == (try scratch.read("generated/dbt/profiles.yml")))
  }

  // MARK: What is in the way

  @Test func aPolicyThatIsNotCommittedIsRefused() throws {
    let unborn = try Scratch.withPolicy()
    #expect(try render(unborn).status == 3)
    #expect(!unborn.has("generated"))
    let scratch = try committed()
    try scratch.write("policies/more.yaml", SmallPolicy.warning)
    try expectRefused(scratch, says: "not committed: `policies/more.yaml`")
    try expectRefused(scratch, "--branch", "deploy", says: "not committed")
    #expect(try render(scratch, "--rev", "HEAD").status == 0)
    #expect(try scratch.git("status", "--porcelain") == "?? policies/more.yaml\n")
  }

  @Test func aFileEditedByHandIsReplacedOnlyByForce() throws {
    let scratch = try committed()
    _ = try render(scratch)
    try scratch.write("policies/policy.yaml", SmallPolicy.text(host: "new.example.org"))
    try scratch.commit()
    try scratch.write("generated/dbt/profiles.yml", "mine\n")
    try expectRefused(scratch, says: "`generated/dbt/profiles.yml` was edited by hand\n  help: `git diff HEAD` shows what would be lost")
    try scratch.git("add", "--all")
    let staged = "`generated/dbt/profiles.yml` is staged with other content\n  help: `git diff --cached`"
    try expectRefused(scratch, says: "\(staged) shows what would be lost; --force")
    try scratch.write("generated/dbt/profiles.yml", "mine as well\n")
    try expectRefused(scratch, says: "\(staged) and `git diff HEAD` show what would be lost; --force")
    // Edits that were staged and then taken back from the work tree alone: no other command shows them.
    try scratch.git("restore", "--source=HEAD", "--worktree", "generated/dbt/profiles.yml")
    try expectRefused(scratch, says: "\(staged) shows")
    #expect(try render(scratch, "--force").status == 0)
    #expect(try scratch.git("status", "--porcelain").isEmpty)
    try expectSound(scratch)
  }

  @Test func anEditOfAFileThatTheCommitLeavesAloneStays() throws {
    let scratch = try committed(SmallPolicy.text(paths: ["a.yml"]))
    _ = try render(scratch)
    try scratch.write("generated/a.yml", "mine\n")
    let run = try render(scratch)
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("nothing to commit"))
    #expect(run.errors.contains("`generated/a.yml` is not as committed in the work tree"))
    #expect(try scratch.read("generated/a.yml") == "mine\n")
  }

  @Test func filesOfOthersAreNamedAndLeft() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("generated/committed.txt", "mine\n")
    try scratch.commit()
    try scratch.write("generated/untracked.txt", "mine\n")
    let run = try render(scratch)
    #expect(run.status == 0)
    #expect(run.errors.contains("Writ did not make `generated/committed.txt`, and left it"))
    #expect(run.errors.contains("Writ did not make `generated/untracked.txt`, and left it"))
    #expect(try scratch.git("status", "--porcelain") == "?? generated/untracked.txt\n")
  }

  @Test func anUntrackedFileInTheWayIsReplacedOnlyByForce() throws {
    let scratch = try committed()
    try scratch.write("generated/dbt/profiles.yml", "mine\n")
    try expectRefused(scratch, says: "is a file that Writ did not make\n  help: --force writes over it")
    #expect(try render(scratch, "--force").status == 0)
    #expect(try scratch.git("status", "--porcelain").isEmpty)
  }

  @Test func aFolderWithSomebodysFilesIsNeverReplaced() throws {
    let scratch = try committed(SmallPolicy.text(paths: ["z"]))
    try scratch.write("generated/z/mine.txt", "mine\n")
    try expectRefused(scratch, "--force", says: "`generated/z` is a folder, with `generated/z/mine.txt` in it")
    try scratch.git("add", "--all")
    try scratch.remove("generated/z")
    try expectRefused(scratch, "--force", says: "is a folder in the index")
  }

  @Test(arguments: ["generated", "generated/dbt", "generated/dbt/profiles.yml"]) func aLinkIsNeverFollowed(_ name: String) throws {
    let scratch = try committed()
    try scratch.write("target/victim", "mine\n")
    try scratch.link(name, to: scratch.url(name.hasSuffix("l") ? "target/victim" : "target").path)
    try expectRefused(scratch, "--force", says: "symbolic link")
    try scratch.commit()
    try expectRefused(scratch, "--force", says: "symbolic link")
    #expect(try scratch.files(below: "target") == ["victim"])
  }

  @Test func aSubmoduleIsNotWrittenInto() throws {
    let scratch = try committed()
    let other = try committed()
    try scratch.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other.path, "generated")
    try scratch.git("commit", "--quiet", "--message", "submodule")
    try expectRefused(scratch, says: "submodule")
    #expect(try other.git("rev-list", "--count", "HEAD") == "1\n")
  }

  @Test func aHeldLockIsNamed() throws {
    let scratch = try committed()
    try scratch.write(".git/index.lock", "")
    try expectRefusedUnderLock(scratch, says: "index.lock")
    #expect(scratch.has(".git/index.lock"))
    try scratch.remove(".git/index.lock")
    try scratch.write(".git/refs/heads/main.lock", "")
    try expectRefused(scratch, says: "about to move `refs/heads/main`")
    #expect(scratch.has(".git/refs/heads/main.lock"))
    try scratch.remove(".git/refs/heads/main.lock")
    #expect(try render(scratch).status == 0)
  }

  private func expectRefusedUnderLock(_ scratch: Scratch, says words: String) throws {
    let before = (try scratch.state(), try Data(contentsOf: scratch.url(".git/index")), try head(scratch))
    let run = try render(scratch)
    #expect(run.status == 3)
    #expect(run.errors.contains(words), "\(run.errors)")
    #expect(try scratch.state() == before.0)
    #expect(try Data(contentsOf: scratch.url(".git/index")) == before.1)
    #expect(try head(scratch) == before.2)
  }

  @Test func aMergeUnderWayIsNotCommittedInto() throws {
    let scratch = try committed()
    try scratch.git("checkout", "--quiet", "-b", "side")
    try scratch.write("side.txt", "side\n")
    try scratch.commit("side")
    try scratch.git("checkout", "--quiet", "main")
    try scratch.git("merge", "--quiet", "--no-ff", "--no-commit", "side")
    try expectRefused(scratch, says: "a merge is under way")
    #expect(try render(scratch, "--branch", "deploy").status == 0)
    #expect(try scratch.git("status", "--porcelain") == "A  side.txt\n")
  }

  @Test func aSplitIndexIsRefusedInPlainWords() throws {
    let scratch = try committed()
    try scratch.git("update-index", "--split-index")
    try expectRefused(scratch, says: "--no-split-index")
    try scratch.git("update-index", "--no-split-index")
    #expect(try render(scratch).status == 0)
    #expect(try scratch.git("status", "--porcelain").isEmpty)
  }

  @Test(arguments: [["--branch", "x"], ["--author", "A <a@b>"], ["--commit", "--check"]]) func whatDoesNotGoTogetherIsBadUsage(
    _ arguments: [String]
  ) throws {
    let scratch = try committed()
    #expect(try Program.run(Program.writ, ["render"] + arguments, in: scratch.path).status == 64)
  }
}

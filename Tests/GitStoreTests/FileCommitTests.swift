import Foundation
import Testing

@testable import GitStore

/// A commit of some files, and what of index, work tree and branches it touches.
@Suite struct FileCommitTests {
  private static let who = Commit.Signature(name: "Ada", email: "ada@example.org", time: 1_700_000_000, offset: -90)

  private func request(
    _ target: CommitTarget, _ start: Commit, _ changes: [(String, String?)], folder: String = "out", force: Bool = false
  ) -> FileCommit {
    FileCommit(
      target: target, start: start, folder: folder,
      changes: changes.map { FileCommit.Change(path: $0.0, bytes: $0.1.map { Array($0.utf8) }) }, message: "files",
      trailers: [Trailer("Made-By", "a test")], author: Self.who, committer: Self.who, replacesEdits: force)
  }

  /// Branches, index and work tree, as git tells them.
  private func state(_ repository: TemporaryRepository) throws -> [String] {
    [
      try repository.git("for-each-ref"), try repository.git("ls-files", "--stage"), try repository.git("status", "--porcelain"),
      try repository.git("rev-parse", "HEAD"),
    ]
  }

  @Test(arguments: [nil, "other"]) func aBranchThatMovedMeanwhileIsLeftAlone(_ branch: String?) throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.git("branch", "other")
    let store = try repository.open()
    let target = try store.commitTarget(branch: branch)
    try repository.git(
      "update-ref", "refs/heads/\(branch ?? "main")", try repository.git("commit-tree", "-p", "HEAD", "-m", "x", "HEAD^{tree}"))
    let before = try state(repository)
    let error = gitError { _ = try store.commit(request(target, try store.head(), [("a", "1")])) }
    #expect(error?.kind == .refused)
    #expect(error?.message == "`\(branch ?? "main")` was moved by somebody else meanwhile")
    #expect(try state(repository) == before)
    #expect(!FileManager.default.fileExists(atPath: "\(repository.path)/.git/index.lock"))
    #expect(!FileManager.default.fileExists(atPath: "\(repository.path)/out"))
  }

  @Test func aBranchThatAppearedMeanwhileIsLeftAlone() throws {
    let repository = try TemporaryRepository.withPolicies()
    let store = try repository.open()
    let target = try store.commitTarget(branch: "new")
    #expect(target.tip == nil)
    try repository.git("branch", "new")
    #expect(gitError { _ = try store.commit(request(target, try store.head(), [("a", "1")])) }?.kind == .refused)
    #expect(try repository.git("rev-parse", "new") == (try repository.git("rev-parse", "main")))
  }

  @Test func anotherCheckoutMeanwhileIsSeen() throws {
    let repository = try TemporaryRepository.withPolicies()
    let store = try repository.open()
    let target = try store.commitTarget(branch: nil)
    try repository.git("checkout", "--quiet", "-b", "other")
    let error = gitError { _ = try store.commit(request(target, try store.head(), [("a", "1")])) }
    #expect(error?.message == "another branch was checked out meanwhile")
  }

  /// Many at once: each either commits or is refused, no commit is lost, and the branch is one line.
  @Test func ofManyAtOnceNoneIsLost() async throws {
    let repository = try TemporaryRepository.withPolicies()
    let path = repository.path
    let done = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<8 {
        group.addTask {
          do {
            let store = try Repository.open(at: path, environment: .test)
            let target = try store.commitTarget(branch: "shared")
            return try store.commit(request(target, try store.head(), [("file\(number)", "\(number)")])) != nil
          } catch {
            #expect((error as? GitError)?.kind == .refused, "\(error)")
            return false
          }
        }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(done >= 1)
    #expect(try repository.git("rev-list", "--count", "main..shared") == "\(done)")
    #expect(try repository.git("ls-tree", "-r", "--name-only", "shared", "out/").split(separator: "\n").count == done)
    #expect(try repository.git("fsck", "--strict", "--no-dangling").isEmpty)
  }

  @Test func modesOfOtherFilesAndOrderAreKept() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.folder.write("out/run.sh", "#!/bin/sh\n")
    try repository.folder.write("out/a.b", "1")
    try repository.folder.write("out/a-b", "1")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(repository.path)/out/run.sh")
    try repository.folder.link("out/link", to: "run.sh")
    try repository.commit("more")
    let store = try repository.open()
    // `a` as a folder sorts between `a-b`, `a.b` and `a0`: git orders it as `a/`.
    let changes: [(String, String?)] = [("a/x", "1"), ("a0", "1"), ("b", "1")]
    #expect(try store.commit(request(try store.commitTarget(branch: nil), try store.head(), changes)) != nil)
    #expect(try repository.git("fsck", "--strict").isEmpty)
    #expect(try repository.git("status", "--porcelain").isEmpty)
    #expect(try repository.git("ls-tree", "HEAD", "out/run.sh", "out/link").contains("100755 blob"))
    #expect(try repository.git("ls-tree", "HEAD", "out/link").hasPrefix("120000"))
    #expect(try repository.git("write-tree") == (try repository.git("rev-parse", "HEAD^{tree}")))
  }

  @Test func aLastFileLeavesNoFolder() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.folder.write("out/a/b/c", "1")
    try repository.commit("more")
    let store = try repository.open()
    #expect(try store.commit(request(try store.commitTarget(branch: nil), try store.head(), [("a/b/c", nil)])) != nil)
    #expect(try repository.git("ls-tree", "HEAD", "out").isEmpty)
    #expect(try repository.git("status", "--porcelain").isEmpty)
    #expect(try store.commit(request(try store.commitTarget(branch: nil), try store.head(), [("a/b/c", nil)])) == nil)
  }

  @Test func aFolderWithOtherFilesGivesWayToNoFile() throws {
    let repository = try TemporaryRepository.withPolicies()
    let store = try repository.open()
    for (changes, branch) in [([("sub", "x")], "one"), ([("sub/b.yml/deep", "x")], "two"), ([("sub", "x"), ("sub/other", nil)], "three")] {
      let target = try store.commitTarget(branch: branch)
      let error = gitError { _ = try store.commit(request(target, try store.head(), changes, folder: "policies")) }
      #expect(error?.kind == .refused, "\(changes)")
    }
    #expect(try repository.git("branch", "--list", "--format=%(refname:short)") == "main")
  }

  @Test(arguments: ["../x", "a/../x", "/x", "", "a//b", ".git/hooks/pre-commit", "a/.GIT/config", "a\0b", "."])
  func whatIsNoPathIsNotCommitted(_ path: String) throws {
    let repository = try TemporaryRepository.withPolicies()
    let store = try repository.open()
    let target = try store.commitTarget(branch: nil)
    for folder in ["out", ""] {
      #expect(gitError { _ = try store.commit(request(target, try store.head(), [(path, "x")], folder: folder)) }?.kind == .invalidPath)
    }
  }

  @Test(arguments: [2, 4]) func otherEntriesOfTheIndexStayAsTheyAre(_ version: Int) throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.git("update-index", "--index-version", "\(version)")
    try repository.git("update-index", "--assume-unchanged", "README.md")
    try repository.folder.write("later.txt", "later\n")
    try repository.git("add", "--intent-to-add", "later.txt")
    try repository.folder.write("staged.txt", "staged\n")
    try repository.git("add", "staged.txt")
    try repository.git("rm", "--quiet", "--cached", "elsewhere/c.yaml")
    let before = try repository.git("ls-files", "-v", "--stage")
    let status = try repository.git("status", "--porcelain")
    let store = try repository.open()
    #expect(try store.commit(request(try store.commitTarget(branch: nil), try store.head(), [("a", "1")])) != nil)
    let after = try repository.git("ls-files", "-v", "--stage").split(separator: "\n").filter { !$0.hasSuffix("\tout/a") }
    #expect(after.joined(separator: "\n") == before)
    #expect(try repository.git("status", "--porcelain") == status)
    // Git takes what was written, checksum and all.
    #expect(try repository.git("fsck").isEmpty)
    #expect(try repository.git("-c", "index.skipHash=false", "write-tree") != "")
  }

  @Test func aDamagedIndexStopsEverything() throws {
    let repository = try TemporaryRepository.withPolicies()
    let store = try repository.open()
    let target = try store.commitTarget(branch: nil)
    try repository.folder.write(".git/index", "DIRC garbage")
    #expect(gitError { _ = try store.commit(request(target, try store.head(), [("a", "1")])) }?.kind == .refused)
    #expect(try repository.git("rev-parse", "HEAD") == target.tip?.id.description)
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(repository.path)/.git").filter { $0.hasPrefix("index") } == ["index"])
  }

  @Test(arguments: [
    ("Ana <ana@example.org>", "Ana", "ana@example.org"), ("  Ana B. Cee.  < ana@example.org >", "Ana B. Cee", "ana@example.org"),
    ("A\nB <x@y>", "AB", "x@y"),
  ]) func anIdentityIsReadAsGitDoes(_ text: String, _ name: String, _ email: String) {
    #expect(CommitIdentity(text).map { [$0.name, $0.email] } == [name, email])
  }

  @Test(arguments: ["", "Ana", "<x@y>", "Ana <>", "Ana <x@y> more", "Ana <<x>>", ". <x@y>"]) func whatIsNoIdentityIsNil(_ text: String) {
    #expect(CommitIdentity(text) == nil)
  }

  @Test func trailersAreReadAsGitReadsThem() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.git("commit", "--quiet", "--allow-empty", "--message", "subject\n\nNot-A: trailer\n\nbody\n\nOne: 1\nTwo: 2: 3\n")
    #expect(try repository.open().trailers(of: repository.open().head().id) == [Trailer("One", "1"), Trailer("Two", "2: 3")])
  }
}

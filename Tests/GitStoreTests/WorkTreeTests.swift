import Foundation
import GitStore
import Glibc
import Testing

@Suite struct WorkTreeTests {
  @Test func aPlainFolderOutsideAnyRepositoryIsRead() throws {
    let folder = TemporaryFolder()
    try folder.write("policies/a.yaml", "a: 1\n")
    let snapshot = try WorkTree(root: folder.path).snapshot(.policies)
    #expect(snapshot.commit == nil)
    #expect(snapshot.files.map(\.path) == ["policies/a.yaml"])
    #expect(snapshot.files[0].storedBlob == nil)
    #expect(snapshot.files[0].blob.description == (try git(folder.path, "hash-object", "policies/a.yaml")))
  }

  @Test func aFolderThatIsNotThereIsAnError() throws {
    let error = gitError { _ = try WorkTree(root: "/nonexistent").snapshot(.policies) }
    #expect(error?.kind == .unreadable)
    #expect(error?.message == "cannot read the folder `/nonexistent`: No such file or directory")
  }

  @Test func pipesAndSocketsAreNamedAndNeverOpened() throws {
    let folder = TemporaryFolder()
    try folder.write("policies/a.yaml", "a: 1\n")
    #expect(unsafe mkfifo("\(folder.path)/policies/pipe.yaml", 0o600) == 0)
    let snapshot = try WorkTree(root: folder.path).snapshot(.policies)
    #expect(snapshot.files.map(\.path) == ["policies/a.yaml"])
    #expect(snapshot.problems == [.notAFile(path: "policies/pipe.yaml", kind: "named pipe")])
  }

  @Test func aFileThatBecomesAPipeOrALinkAfterListingIsNotRead() throws {
    let folder = TemporaryFolder()
    for name in ["a", "b", "c", "d"] { try folder.write("policies/\(name).yaml", "\(name): 1\n") }
    let worktree = WorkTree(root: folder.path)
    let listing = try worktree.list(.policies)
    for name in ["a", "b", "c"] {
      try FileManager.default.removeItem(atPath: "\(folder.path)/policies/\(name).yaml")
    }
    #expect(unsafe mkfifo("\(folder.path)/policies/a.yaml", 0o600) == 0)
    try folder.link("policies/b.yaml", to: "/etc/passwd")
    try folder.write("policies/d.yaml", "longer than it was when it was listed\n")
    let batch = try worktree.read(listing.entries, budget: ReadBudget())
    #expect(
      batch.problems == [
        .unreadable(path: "policies/a.yaml", reason: "it changed while it was read"),
        .symlink(path: "policies/b.yaml", target: "/etc/passwd"),
        .unreadable(path: "policies/c.yaml", reason: "No such file or directory"),
      ])
    #expect(batch.files.map { String(decoding: $0.bytes, as: UTF8.self) } == ["longer than it was when it was listed\n"])
  }

  @Test func aFolderThatBecomesALinkAfterListingIsNotFollowed() throws {
    let folder = TemporaryFolder()
    try folder.write("policies/a.yaml", "a: 1\n")
    try folder.write("secret/a.yaml", "secret: 1\n")
    let worktree = WorkTree(root: folder.path)
    let listing = try worktree.list(.policies)
    try FileManager.default.removeItem(atPath: "\(folder.path)/policies")
    try folder.link("policies", to: "secret")
    let batch = try worktree.read(listing.entries, budget: ReadBudget())
    #expect(batch.files == [])
    #expect(batch.problems.map(\.path) == ["policies/a.yaml"])
  }

  @Test func filesThatGrowAndShrinkWhileReadDoNotTrap() async throws {
    let folder = TemporaryFolder()
    try folder.write("policies/a.yaml", "")
    let path = "\(folder.path)/policies/a.yaml"
    let writer = Task.detached {
      while !Task.isCancelled {
        for size in [0, 3_000_000, 10, 200_000] { unsafe truncate(path, size) }
      }
    }
    for _ in 0..<200 {
      let snapshot = try WorkTree(root: folder.path).snapshot(.policies, limits: SnapshotLimits(fileBytes: 250_000))
      #expect(snapshot.files.allSatisfy { $0.bytes.count <= 250_000 })
    }
    writer.cancel()
    await writer.value
  }

  @Test func whatIsBelowDotGitIsNoPolicy() throws {
    let folder = TemporaryFolder()
    try folder.write("policies/.git/x.yaml", "x: 1\n")
    try folder.write("policies/sub/.git/x.yaml", "x: 1\n")
    try folder.write("policies/sub/a.yaml", "a: 1\n")
    let snapshot = try WorkTree(root: folder.path).snapshot(.policies)
    #expect(snapshot.files.map(\.path) == ["policies/sub/a.yaml"])
    #expect(snapshot.problems == [])
  }

  @Test func aRepositoryInsideIsNamedAsASubmoduleWouldBe() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.folder.write("policies/inner/a.yaml", "a: 1\n")
    try git("\(repository.path)/policies/inner", "init", "--quiet", ".")
    let snapshot = try WorkTree(root: repository.path).snapshot(.policies)
    #expect(snapshot.problems == [.submodule(path: "policies/inner")])
    #expect(!snapshot.files.contains { $0.path.contains("inner") })
  }

  @Test func namesThatAreNotUTF8AreNamedEscaped() throws {
    let folder = TemporaryFolder()
    try folder.makeFolder("policies")
    let name = Array("\(folder.path)/policies/caf".utf8) + [0xE9] + Array(".yaml".utf8) + [0]
    let descriptor = unsafe name.withUnsafeBytes { raw in
      unsafe creat(raw.assumingMemoryBound(to: CChar.self).baseAddress!, 0o600)
    }
    close(descriptor)
    let snapshot = try WorkTree(root: folder.path).snapshot(.policies)
    #expect(snapshot.files == [])
    #expect(snapshot.problems == [.notUTF8Name(path: "policies/caf\\xE9.yaml")])
    // Foundation cannot remove such a name.
    unsafe name.withUnsafeBytes { raw in
      _ = unsafe unlink(raw.assumingMemoryBound(to: CChar.self).baseAddress!)
    }
  }

  @Test func aFileInThePlaceOfTheFolderIsNamed() throws {
    let folder = TemporaryFolder()
    try folder.write("policies", "not a folder")
    try folder.makeFolder("writ.yaml")
    let snapshot = try WorkTree(root: folder.path).snapshot(.policies)
    #expect(
      snapshot.problems == [
        .wrongKind(path: "policies", expected: "folder"),
        .wrongKind(path: "writ.yaml", expected: "file"),
      ])
  }

  @Test func whatIsAtOnePathCanBeAsked() throws {
    let folder = TemporaryFolder()
    try folder.write("a/writ.yaml", "version: 1\n")
    let worktree = WorkTree(root: folder.path)
    #expect(try worktree.content(at: "writ.yaml") == .absent)
    #expect(try worktree.content(at: "a") == .folder)
    guard case .file(let file) = try worktree.content(at: "a/writ.yaml") else {
      Issue.record("no file")
      return
    }
    #expect(file.path == "a/writ.yaml")
  }
}

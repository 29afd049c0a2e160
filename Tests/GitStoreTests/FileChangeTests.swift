import Foundation
import GitStore
import Testing

@Suite struct FileChangeTests {
  /// Everything that can become of a path.
  private func repository() throws -> TemporaryRepository {
    let repository = try TemporaryRepository.withPolicies()
    try repository.folder.write("policies/becomes-folder", "x\n")
    try repository.folder.write("generated/a.json", "{}\n")
    try repository.folder.write("generated.txt", "beside\n")
    try repository.folder.write(".github/CODEOWNERS", "* @ada\n")
    try repository.commit("before")
    try repository.git("rm", "-r", "--quiet", "policies/becomes-folder", "policies/sub", "elsewhere")
    try repository.folder.write("policies/becomes-folder/file.yaml", "x\n")
    try repository.folder.write("policies/sub", "now a file\n")
    try repository.folder.write("policies/a.yaml", "a: 2\r\n")
    try repository.folder.write("generated/deep/er/b.json", "{}\n")
    try repository.folder.write("generated.txt", "changed\n")
    try repository.folder.link("policies/link.yaml", to: "a.yaml")
    try repository.folder.write(".github/CODEOWNERS", "* @carl\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(repository.path)/writ.yaml")
    try repository.commit("after")
    return repository
  }

  @Test(arguments: [[], ["."], ["policies"], ["generated", ".github/CODEOWNERS", "generated/deep"], ["writ.yaml/x", "nowhere"]])
  func whatDiffersIsWhatGitSays(paths: [String]) throws {
    let repository = try repository()
    let opened = try repository.open()
    let (old, new) = (try opened.resolve("HEAD~1"), try opened.head())
    #expect(try opened.changedFiles(from: old, to: new, under: paths).asGit == (try repository.differences("HEAD~1", "HEAD", paths)))
    #expect(try opened.changedFiles(from: new, to: old, under: paths).asGit == (try repository.differences("HEAD", "HEAD~1", paths)))
    #expect(try opened.changedFiles(from: new, to: new, under: paths) == [])
    let empty = try repository.git("hash-object", "-t", "tree", "-w", "--stdin")
    #expect(try opened.changedFiles(from: nil, to: new, under: paths).asGit == (try repository.differences(empty, "HEAD", paths)))
    #expect(try opened.changedFiles(from: new, to: nil, under: paths).asGit == (try repository.differences("HEAD", empty, paths)))
  }

  @Test func aPathOutsideIsRefusedAndTooMuchIsAnError() throws {
    let repository = try repository()
    let opened = try repository.open()
    #expect(gitError { _ = try opened.changedFiles(from: nil, to: opened.head(), under: ["../x"]) }?.kind == .invalidPath)
    let error = gitError { _ = try opened.changedFiles(from: nil, to: opened.head(), limit: 3) }
    #expect(error?.kind == .unreadable)
  }

  @Test func listingsTellTheSame() throws {
    let repository = try repository()
    let opened = try repository.open()
    let (old, new) = (try opened.resolve("HEAD~1"), try opened.head())
    let changes = try opened.list(new, .policies).changes(from: opened.list(old, .policies))
    #expect(changes.map(\.path) == ["policies/a.yaml", "policies/becomes-folder/file.yaml", "policies/sub/b.yml", "writ.yaml"])
    #expect(changes[0].oldBlob == BlobID(hashing: Array("a: 1\n".utf8)) && changes[0].newBlob == BlobID(hashing: Array("a: 2\r\n".utf8)))
    #expect(changes[2].newBlob == nil)
  }
}

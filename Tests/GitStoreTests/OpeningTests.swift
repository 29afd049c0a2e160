import Foundation
import GitStore
import Testing

@Suite struct OpeningTests {
  @Test func aWorkTreeSaysWhereItIs() throws {
    let repository = try TemporaryRepository.withPolicies()
    let location = try repository.open().location
    #expect(location.workTree == repository.path)
    #expect(location.gitDirectory == "\(repository.path)/.git")
    #expect(location.commonDirectory == "\(repository.path)/.git")
    #expect(location.prefix == "")
    #expect(!location.isBare)
  }

  @Test func aFolderInsideFindsTheRepositoryAbove() throws {
    let repository = try TemporaryRepository.withPolicies()
    let location = try Repository.open(
      at: "\(repository.path)/policies/sub", environment: .test
    ).location
    #expect(location.workTree == repository.path)
    #expect(location.prefix == "policies/sub")
  }

  @Test func aBareRepositoryHasNoWorkTree() throws {
    let repository = try TemporaryRepository.withPolicies()
    let folder = TemporaryFolder()
    try git(folder.path, "clone", "--quiet", "--bare", repository.path, "bare.git")
    let bare = try Repository.open(at: "\(folder.path)/bare.git", environment: .test)
    #expect(bare.location.isBare)
    #expect(bare.location.gitDirectory == "\(folder.path)/bare.git")
    #expect(try bare.snapshot(revision: "main", .policies).files.count == 4)
  }

  @Test func aBareRepositoryThatSaysSoPerWorkTreeIsBare() throws {
    let repository = try TemporaryRepository.withPolicies()
    let folder = TemporaryFolder()
    try git(folder.path, "clone", "--quiet", "--bare", repository.path, "bare.git")
    let bare = "\(folder.path)/bare.git"
    try git(bare, "config", "extensions.worktreeConfig", "true")
    try git(bare, "config", "--worktree", "core.bare", "true")
    try git(bare, "config", "--unset", "core.bare")
    #expect(try Repository.open(at: bare, environment: .test).location.isBare)
  }

  @Test func aLinkedWorkTreeSharesTheCommonDirectory() throws {
    let repository = try TemporaryRepository.withPolicies()
    let folder = TemporaryFolder()
    let linked = "\(folder.path)/linked"
    try repository.git("worktree", "add", "--quiet", "-b", "side", linked)
    let opened = try Repository.open(at: "\(linked)/policies", environment: .test)
    #expect(opened.location.workTree == linked)
    #expect(opened.location.gitDirectory == "\(repository.path)/.git/worktrees/linked")
    #expect(opened.location.commonDirectory == "\(repository.path)/.git")
    #expect(opened.location.prefix == "policies")
    #expect(try opened.head().subject == "first")
    #expect(try opened.forWorker().head().subject == "first")
  }

  @Test func aWorkTreeWhoseRepositoryIsGoneSaysSo() throws {
    let repository = try TemporaryRepository.withPolicies()
    let folder = TemporaryFolder()
    let linked = "\(folder.path)/linked"
    try repository.git("worktree", "add", "--quiet", "-b", "side", linked)
    try FileManager.default.removeItem(atPath: "\(repository.path)/.git/worktrees")
    let error = gitError { _ = try Repository.open(at: linked, environment: .test) }
    #expect(error?.kind == .notARepository)
    #expect(error?.message == "`\(linked)/.git` names a repository which is not there")
  }

  @Test func aDetachedHeadIsACommitLikeAnyOther() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.git("checkout", "--quiet", "--detach")
    #expect(try repository.open().head().subject == "first")
  }

  @Test func aRepositoryWithoutCommitsOpensAndSaysThatItHasNone() throws {
    let repository = try TemporaryRepository()
    let opened = try repository.open()
    #expect(opened.location.workTree == repository.path)
    for revision in ["HEAD", "@", "HEAD~1"] {
      let error = gitError { _ = try opened.resolve(revision) }
      #expect(error?.kind == .noCommits)
      #expect(error?.hint == "commit first, or leave out --rev")
    }
  }

  @Test func aFolderOutsideAnyRepositorySaysWhatToDo() throws {
    let folder = TemporaryFolder()
    let error = gitError { _ = try Repository.open(at: folder.path, environment: .test) }
    #expect(error?.kind == .notARepository)
    #expect(error?.message == "`\(folder.path)` is not in a git repository")
    #expect(error?.hint?.contains("git init") == true)
  }

  @Test func aFolderThatDoesNotExistIsNotARepository() throws {
    let error = gitError { _ = try Repository.open(at: "/nonexistent/here", environment: .test) }
    #expect(error?.kind == .notARepository)
    #expect(error?.message == "`/nonexistent/here` does not exist, or may not be read")
  }

  @Test func aCeilingStopsTheSearch() throws {
    let repository = try TemporaryRepository.withPolicies()
    let environment = GitEnvironment.test.with("GIT_CEILING_DIRECTORIES", "\(repository.path)/policies")
    let error = gitError {
      _ = try Repository.open(at: "\(repository.path)/policies/sub", environment: environment)
    }
    #expect(error?.kind == .notARepository)
  }

  @Test func aBrokenUserConfigurationDoesNotMatter() throws {
    let repository = try TemporaryRepository.withPolicies()
    let home = TemporaryFolder()
    try home.write(".gitconfig", "[this is not\n")
    #expect(throws: Never.self) {
      _ = try repository.open(GitEnvironment(["HOME": home.path]))
    }
  }

  @Test func aBrokenRepositoryConfigurationIsNamed() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.folder.write(".git/config", "[core\n")
    let error = gitError { _ = try repository.open() }
    #expect(error?.kind == .unsupportedRepository)
    #expect(error?.message.contains("configuration") == true)
  }

  @Test func workersReadTheSameRepositoryAtOnce() async throws {
    let repository = try TemporaryRepository.withPolicies()
    let opened = try repository.open()
    let listing = try opened.list(opened.head(), .policies)
    let origin = opened.origin
    let budget = ReadBudget()
    let files = try await withThrowingTaskGroup(of: [SnapshotFile].self) { group in
      for entry in listing.entries {
        group.addTask { try origin.open().read([entry], budget: budget).files }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(files) == Set(try opened.snapshot(revision: "HEAD", .policies).files))
  }
}

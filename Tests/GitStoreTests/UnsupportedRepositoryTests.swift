import Foundation
import GitStore
import Testing

@Suite struct UnsupportedRepositoryTests {
  @Test func aSHA256RepositoryIsRefusedInPlainWords() throws {
    let folder = TemporaryFolder()
    try git(folder.path, "init", "--quiet", "--object-format=sha256", ".")
    let error = gitError { _ = try Repository.open(at: folder.path, environment: .test) }
    #expect(error?.kind == .unsupportedRepository)
    #expect(error?.message == "the repository stores objects as `sha256`, of which writ reads only `sha1`")
  }

  @Test func reftableIsRefusedInPlainWords() throws {
    let repository = try TemporaryRepository.withPolicies()
    try setExtension("refStorage", "reftable", in: repository)
    let error = gitError { _ = try repository.open() }
    #expect(error?.kind == .unsupportedRepository)
    #expect(error?.message == "the repository keeps its references as `reftable`, of which writ reads only `files`")
    #expect(error?.hint?.contains("git refs migrate") == true)
  }

  @Test func anUnknownExtensionIsNamed() throws {
    let repository = try TemporaryRepository.withPolicies()
    try setExtension("fromTheFuture", "true", in: repository)
    let error = gitError { _ = try repository.open() }
    #expect(error?.kind == .unsupportedRepository)
    #expect(error?.message == "the repository uses the extension `fromthefuture`, which writ does not know")
  }

  @Test func aNewerFormatIsNamed() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.git("config", "core.repositoryFormatVersion", "7")
    let error = gitError { _ = try repository.open() }
    #expect(error?.kind == .unsupportedRepository)
    #expect(error?.message.contains("7") == true)
  }

  @Test(arguments: [
    ("worktreeConfig", "true"), ("preciousObjects", "true"), ("noop", "x"),
    ("objectFormat", "sha1"), ("refStorage", "files"), ("relativeWorktrees", "true"),
  ])
  func extensionsThatChangeNothingForAReaderAreAccepted(name: String, value: String) throws {
    let repository = try TemporaryRepository.withPolicies()
    try setExtension(name, value, in: repository)
    #expect(try repository.open().head().subject == "first")
  }

  private func setExtension(_ name: String, _ value: String, in repository: TemporaryRepository) throws {
    // Not by `git config`, which refuses to run where it does not know an extension.
    try repository.folder.write(
      ".git/config", "[core]\n\trepositoryFormatVersion = 1\n[extensions]\n\t\(name) = \(value)\n")
  }
}

/// These change a repository's owner, which takes root.
@Suite(.enabled(if: geteuid() == 0, "takes root to make a folder somebody else's"))
struct OwnershipTests {
  private func foreignRepository() throws -> TemporaryRepository {
    let repository = try TemporaryRepository.withPolicies()
    try FileManager.default.setAttributes(
      [.ownerAccountID: 12345], ofItemAtPath: "\(repository.path)/.git")
    return repository
  }

  @Test func aRepositoryOfSomebodyElseIsRefused() throws {
    let repository = try foreignRepository()
    let error = gitError { _ = try repository.open() }
    #expect(error?.kind == .unsafeOwner)
    #expect(
      error?.hint == "if you trust it: `git config --global --add safe.directory \(repository.path)`")
  }

  @Test func sudoTrustsTheFilesOfWhoCalledIt() throws {
    let repository = try foreignRepository()
    #expect(throws: Never.self) { _ = try repository.open(.test.with("SUDO_UID", "12345")) }
  }

  @Test(arguments: ["*", "FOLDER", "FOLDER/", "PARENT/*"])
  func safeDirectoryOfTheUserIsHonoured(value: String) throws {
    let repository = try foreignRepository()
    #expect(throws: Never.self) { _ = try repository.open(environment(value, repository)) }
  }

  @Test(arguments: ["/elsewhere", "FOLDERX", "FOLDER\n\tdirectory = \"\""])
  func anotherSafeDirectoryDoesNotHelp(value: String) throws {
    let repository = try foreignRepository()
    let error = gitError { _ = try repository.open(environment(value, repository)) }
    #expect(error?.kind == .unsafeOwner)
  }

  @Test func safeDirectoryOfTheEnvironmentIsHonoured() throws {
    let repository = try foreignRepository()
    let environment = GitEnvironment.test.with("GIT_CONFIG_COUNT", "1")
      .with("GIT_CONFIG_KEY_0", "safe.directory").with("GIT_CONFIG_VALUE_0", "*")
    #expect(throws: Never.self) { _ = try repository.open(environment) }
  }

  @Test func aRepositoryCannotDeclareItselfSafe() throws {
    let repository = try foreignRepository()
    try repository.folder.write(
      ".git/config", "[core]\n\trepositoryformatversion = 0\n[safe]\n\tdirectory = *\n")
    let error = gitError { _ = try repository.open() }
    #expect(error?.kind == .unsafeOwner)
  }

  private func environment(
    _ value: String, _ repository: TemporaryRepository
  ) throws -> GitEnvironment {
    let parent = URL(fileURLWithPath: repository.path).deletingLastPathComponent().path
    let value = value.replacingOccurrences(of: "FOLDER", with: repository.path)
      .replacingOccurrences(of: "PARENT", with: parent)
    let file = try repository.folder.write(".git/user", "[safe]\n\tdirectory = \(value)\n")
    return GitEnvironment.test.with("GIT_CONFIG_GLOBAL", file)
  }
}

import Foundation
import GitStore
import Testing

@Suite struct PartialCloneTests {
  private let origin: TemporaryRepository
  private let folder = TemporaryFolder()
  private var clone: String { "\(folder.path)/clone" }

  init() throws {
    origin = try TemporaryRepository.withPolicies()
    try origin.git("config", "uploadpack.allowFilter", "true")
    try origin.git("config", "uploadpack.allowAnySHA1InWant", "true")
  }

  private func makeClone(filter: String = "blob:none") throws {
    try git(
      folder.path, "clone", "--quiet", "--no-checkout", "--filter=\(filter)",
      "file://\(origin.path)", "clone")
  }

  private func open(_ environment: GitEnvironment = .test) throws -> Repository {
    try Repository.open(at: clone, environment: environment)
  }

  @Test(arguments: ["blob:none", "tree:0"])
  func whatACloneLeftOutIsFetched(filter: String) throws {
    try makeClone(filter: filter)
    let opened = try open()
    #expect(opened.isPartialClone == true)
    let snapshot = try opened.snapshot(revision: "main", .policies)
    #expect(snapshot.files == (try origin.open().snapshot(revision: "main", .policies).files))
    // And it stays: the next reader needs no git.
    let again = try open(GitEnvironment([:])).snapshot(revision: "main", .policies)
    #expect(again == snapshot)
  }

  @Test func allMissingFilesAreFetchedByOneConnection() throws {
    for number in 0..<30 { try origin.folder.write("policies/many/\(number).yaml", "\(number)\n") }
    try origin.commit("many")
    try makeClone()
    let packs = { try FileManager.default.contentsOfDirectory(atPath: "\(clone)/.git/objects/pack").filter { $0.hasSuffix(".pack") } }
    let before = try packs().count
    #expect(try open().snapshot(revision: "main", .policies).files.count == 34)
    #expect(try packs().count == before + 1)
  }

  @Test func nothingIsFetchedWhenTheCallerSaysSo() throws {
    try makeClone()
    let error = gitError {
      _ = try open().snapshot(revision: "main", .policies, fetchMissing: false)
    }
    #expect(error?.kind == .missingObject)
    #expect(error?.message.contains("(`policies/a.yaml`) is not in this partial clone") == true)
    #expect(error?.hint?.contains("git fetch --refetch") == true)
  }

  @Test func withoutAGitProgramTheErrorSaysWhatToDo() throws {
    try makeClone()
    let error = gitError {
      _ = try open(.test.with("PATH", folder.path)).snapshot(revision: "main", .policies)
    }
    #expect(error?.kind == .missingObject)
    #expect(error?.message == "this partial clone lacks 4 objects, and there is no `git` in PATH to fetch them")
  }

  @Test func aGitProgramInARelativeFolderIsNotRun() throws {
    try makeClone()
    let error = gitError { _ = try open(.test.with("PATH", ".:bin")).snapshot(revision: "main", .policies) }
    #expect(error?.message.contains("there is no `git` in PATH") == true)
  }

  @Test func whenGitFailsItsWordsArePassedOn() throws {
    try makeClone()
    try FileManager.default.removeItem(atPath: origin.path)
    let error = gitError { _ = try open().snapshot(revision: "main", .policies) }
    #expect(error?.kind == .missingObject)
    #expect(error?.message.contains("could not fetch them: `git` said: fatal: ") == true)
    #expect(error?.hint?.contains("git fetch --refetch") == true)
  }

  @Test func aGitProgramThatReadsNothingAndDiesIsSurvived() throws {
    try makeClone()
    let program = try folder.write("bin/git", "#!/bin/sh\nexec 0<&-\necho broken >&2\nexit 3\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    let error = gitError {
      _ = try open(.test.with("PATH", "\(folder.path)/bin")).snapshot(revision: "main", .policies)
    }
    #expect(error?.message.contains("`git` said: broken") == true)
  }

  @Test func aFullCloneRunsNoProgramWhateverIsMissing() throws {
    let marker = "\(folder.path)/ran"
    let program = try folder.write("bin/git", "#!/bin/sh\ntouch \(marker)\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    try origin.removeObject("HEAD:policies/a.yaml")
    let error = gitError {
      _ = try origin.open(.test.with("PATH", "\(folder.path)/bin"))
        .snapshot(revision: "main", .policies, fetchMissing: true)
    }
    #expect(error?.kind == .missingObject)
    #expect(error?.hint?.contains("git fsck") == true)
    #expect(!FileManager.default.fileExists(atPath: marker))
  }
}

@Suite struct DamagedRepositoryTests {
  @Test func aDamagedLooseObjectIsNamedWithItsFile() throws {
    let repository = try TemporaryRepository.withPolicies()
    let file = try repository.objectFile("HEAD:policies/a.yaml")
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
    for bytes in [[], [1, 2, 3, 4, 5, 6, 7, 8], [0x78, 0x01, 0x4B, 0xCA]] as [[UInt8]] {
      try Data(bytes).write(to: URL(fileURLWithPath: file))
      let error = gitError { _ = try repository.open().snapshot(revision: "main", .policies) }
      #expect(error?.kind == .damagedObject)
      #expect(error?.message.contains("(`policies/a.yaml`) cannot be read") == true)
      #expect(error?.hint?.contains("git fsck") == true)
    }
  }

  /// libgit2 1.5 alone would read without end.
  @Test func aLooseObjectThatWasCutShortIsAnErrorAtEveryLength() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.folder.write("policies/a.yaml", (0..<40).map { "key\($0): \($0 * 7919)\n" }.joined())
    try repository.commit("longer")
    for revision in ["HEAD:policies/a.yaml", "HEAD:policies", "HEAD^{tree}", "HEAD"] {
      let file = try repository.objectFile(revision)
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
      let whole = try Data(contentsOf: URL(fileURLWithPath: file))
      for length in stride(from: 0, to: whole.count, by: max(1, whole.count / 30)) {
        try whole.prefix(length).write(to: URL(fileURLWithPath: file))
        let error = gitError { _ = try repository.open().snapshot(revision: "main", .policies) }
        // What is cut off at the very end is zlib's checksum, which libgit2 does not always ask for.
        #expect(error != nil || length > whole.count - 8, "\(revision) at \(length) of \(whole.count)")
      }
      try whole.write(to: URL(fileURLWithPath: file))
    }
    #expect(try repository.open().snapshot(revision: "main", .policies).files.count == 4)
  }

  @Test func aMissingFolderIsNamed() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.removeObject("HEAD:policies/sub")
    let error = gitError { _ = try repository.open().snapshot(revision: "main", .policies) }
    #expect(error?.kind == .missingObject)
    #expect(error?.message.contains("(the folder `policies/sub`) is not in the repository") == true)
  }

  @Test func aBranchWhoseCommitIsGoneSaysSo() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.removeObject("HEAD")
    let error = gitError { _ = try repository.open().resolve("main") }
    #expect(error?.kind == .missingObject)
    #expect(error?.message.hasPrefix("the commit that `main` names is not in the repository") == true)
  }

  @Test func aDamagedPackIsAnErrorWhereverItIsDamaged() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.git("gc", "--quiet")
    let folder = "\(repository.path)/.git/objects/pack"
    let name = try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".pack") }!
    let pack = URL(fileURLWithPath: "\(folder)/\(name)")
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: pack.path)
    let whole = try Data(contentsOf: pack)
    let before = try repository.open().snapshot(revision: "main", .policies)
    var failures = 0
    for position in stride(from: 0, to: whole.count - 20, by: 7) {
      var damaged = whole
      damaged[position] ^= 0xFF
      try damaged.write(to: pack)
      do throws(GitError) {
        // A byte of something that is not read may well be damaged.
        #expect(try Repository.open(at: repository.path, environment: .test).snapshot(revision: "main", .policies) == before)
      } catch {
        failures += 1
        #expect([.damagedObject, .missingObject, .unknownRevision].contains(error.kind), "\(error)")
      }
    }
    #expect(failures > 10)
    try whole.prefix(40).write(to: pack)
    #expect(gitError { _ = try repository.open().snapshot(revision: "main", .policies) } != nil)
  }
}

extension TemporaryRepository {
  /// The file of a loose object.
  func objectFile(_ revision: String) throws -> String {
    let id = try git("rev-parse", revision)
    return "\(path)/.git/objects/\(id.prefix(2))/\(id.dropFirst(2))"
  }

  func removeObject(_ revision: String) throws {
    try FileManager.default.removeItem(atPath: objectFile(revision))
  }
}

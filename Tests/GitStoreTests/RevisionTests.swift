import Foundation
import GitStore
import Testing

@Suite struct RevisionTests {
  @Test func aCommitTellsWhoWhenAndWhat() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.commit("second\nline of the subject\n\nand a body")
    let commit = try repository.open().head()
    #expect(commit.id.description == (try repository.git("rev-parse", "HEAD")))
    #expect(commit.tree.description == (try repository.git("rev-parse", "HEAD^{tree}")))
    #expect(commit.parents.map(\.description) == [try repository.git("rev-parse", "HEAD~1")])
    #expect(
      commit.author
        == .init(name: "Ada", email: "ada@example.org", time: 1_700_000_000, offset: 90))
    #expect(
      commit.committer
        == .init(name: "Carl", email: "carl@example.org", time: 1_700_000_100, offset: -300))
    #expect(commit.subject == "second line of the subject")
  }

  @Test(arguments: ["main", "HEAD", "refs/heads/main", "v1", "v1^{commit}", "main@{0}", "@"])
  func everyFormThatGitKnowsIsResolved(revision: String) throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.git("tag", "--annotate", "--message", "tag", "v1")
    let id = try repository.git("rev-parse", "HEAD")
    #expect(try repository.open().resolve(revision).id.description == id)
    #expect(try repository.open().resolve(String(id.prefix(9))).id.description == id)
  }

  @Test(arguments: [("mian", "main"), ("release/1.O", "release/1.0"), ("mian~2", "main~2"), ("trunk", "origin/trunk")])
  func anUnknownRevisionSuggestsTheNearestName(typed: String, meant: String) throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.git("branch", "release/1.0")
    try repository.git("update-ref", "refs/remotes/origin/trunk", "HEAD")
    let error = gitError { _ = try repository.open().resolve(typed) }
    #expect(error?.kind == .unknownRevision)
    #expect(error?.message == "there is no revision `\(typed)`")
    #expect(error?.hint == "did you mean `\(meant)`?")
  }

  @Test func anUnknownRevisionUnlikeAnythingSuggestsNoName() throws {
    let repository = try TemporaryRepository.withPolicies()
    let error = gitError { _ = try repository.open().resolve("quite-different") }
    #expect(error?.hint?.contains("did you mean") == false)
    #expect(error?.hint?.contains("git branch --all") == true)
  }

  @Test(arguments: ["", "a\0b", "..", "main..main", "main...main", "\u{1B}[31m", "^{}", "@{-9}", "-x", "~", ":/nothing"])
  func whatIsNoRevisionIsRefusedWithoutControlCharacters(revision: String) throws {
    let repository = try TemporaryRepository.withPolicies()
    let error = gitError { _ = try repository.open().resolve(revision) }
    #expect(error != nil)
    #expect(error?.message.unicodeScalars.contains { $0.value < 32 } == false)
  }

  /// A fresh clone, as CI makes one, has no record of what its branches were.
  @Test(arguments: ["HEAD@{9}", "main@{9}", "@{9}", "@{-1}", "HEAD@{9}~1"]) func whatTheReflogDoesNotHoldIsSaidSo(_ revision: String) throws
  {
    let repository = try TemporaryRepository.withPolicies()
    let error = gitError { _ = try repository.open().resolve(revision) }
    #expect(error?.kind == .unknownRevision)
    #expect(error?.message.contains("(reflog)") == true, "\(error?.message ?? "")")
    #expect(error?.hint?.contains("a fresh clone, as in CI, has none") == true)
    let other = gitError { _ = try repository.open().resolve("nowhere@{1}") }
    #expect(other?.message.contains("reflog") == false)
  }

  @Test func historyThatDoesNotGoBackThatFarSaysSo() throws {
    let repository = try TemporaryRepository.withPolicies()
    let error = gitError { _ = try repository.open().resolve("main~7") }
    #expect(error?.kind == .unknownRevision)
    #expect(error?.hint == "history does not go back that far")
  }

  @Test func anAmbiguousShortIDIsNamedSo() throws {
    let repository = try TemporaryRepository()
    // Two of these contents share the first four digits of their ids: found by trying.
    var seen: Set<String> = []
    for number in 0... {
      let id = BlobID(hashing: Array("\(number)".utf8)).description.prefix(4)
      try repository.folder.write("policies/\(number).yaml", "\(number)")
      guard !seen.insert(String(id)).inserted else { continue }
      try repository.commit("many")
      let error = gitError { _ = try repository.open().resolve(String(id)) }
      #expect(error?.kind == .ambiguousRevision)
      #expect(error?.message == "`\(id)` is the beginning of more than one object's id")
      return
    }
  }

  @Test(arguments: [("HEAD^{tree}", "a folder (tree)"), ("HEAD:writ.yaml", "a file (blob)"), ("blobtag", "a tag of something else")])
  func whatIsNoCommitIsNamed(revision: String, what: String) throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.git("tag", "--annotate", "--message", "x", "blobtag", "HEAD:writ.yaml")
    let error = gitError { _ = try repository.open().resolve(revision) }
    #expect(error?.kind == .notACommit)
    #expect(error?.message == "`\(revision)` is \(what), where a commit is needed")
  }

  @Test func theMergeBaseIsWhereHistoriesParted() throws {
    let repository = try TemporaryRepository.withPolicies()
    let base = try repository.git("rev-parse", "HEAD")
    try repository.git("checkout", "--quiet", "-b", "side")
    try repository.commit("side")
    try repository.git("checkout", "--quiet", "main")
    try repository.commit("main")
    let opened = try repository.open()
    let found = try opened.mergeBase(opened.resolve("main"), opened.resolve("side"))
    #expect(found.id.description == base)
  }

  @Test func historiesWithoutACommonCommitHaveNoMergeBase() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.git("checkout", "--quiet", "--orphan", "other")
    try repository.commit("other")
    let opened = try repository.open()
    let error = gitError { _ = try opened.mergeBase(opened.resolve("main"), opened.resolve("other")) }
    #expect(error?.kind == .noMergeBase)
    #expect(error?.hint == "compare the two directly with `..`")
  }
}

@Suite struct ShallowCloneTests {
  /// main: 1 - 2 - 3 - 4; side leaves at 2.
  private func origin() throws -> TemporaryRepository {
    let repository = try TemporaryRepository.withPolicies()
    try repository.commit("two")
    try repository.git("checkout", "--quiet", "-b", "side")
    try repository.commit("side")
    try repository.git("checkout", "--quiet", "main")
    try repository.commit("three")
    try repository.commit("four")
    return repository
  }

  private func clone(_ origin: TemporaryRepository, depth: Int, into folder: TemporaryFolder) throws -> Repository {
    try git(
      folder.path, "clone", "--quiet", "--depth=\(depth)", "--no-single-branch",
      "file://\(origin.path)", "clone")
    return try Repository.open(at: "\(folder.path)/clone", environment: .test)
  }

  @Test func aShallowCloneIsReadLikeAnyOther() throws {
    let (origin, folder) = (try origin(), TemporaryFolder())
    let shallow = try clone(origin, depth: 1, into: folder)
    #expect(shallow.isShallow == true)
    #expect(try !origin.open().isShallow)
    #expect(try shallow.snapshot(revision: "HEAD", .policies).files.count == 4)
  }

  @Test func whatDepthCutOffSaysHowToFetchIt() throws {
    let (origin, folder) = (try origin(), TemporaryFolder())
    let shallow = try clone(origin, depth: 1, into: folder)
    for revision in ["main~1", try origin.git("rev-parse", "main~2")] {
      let error = gitError { _ = try shallow.resolve(revision) }
      #expect(error?.kind == .unknownRevision)
      #expect(error?.hint?.contains("fetch-depth: 0") == true)
    }
  }

  @Test func aMergeBaseThatWasCutOffSaysHowToFetchIt() throws {
    let (origin, folder) = (try origin(), TemporaryFolder())
    let shallow = try clone(origin, depth: 1, into: folder)
    let error = gitError {
      _ = try shallow.mergeBase(shallow.resolve("main"), shallow.resolve("origin/side"))
    }
    #expect(error?.kind == .noMergeBase)
    #expect(error?.hint?.contains("fetch-depth: 0") == true)
  }

  @Test func aMergeBaseAtTheEdgeOfAShallowCloneIsFound() throws {
    let (origin, folder) = (try origin(), TemporaryFolder())
    let shallow = try clone(origin, depth: 3, into: folder)
    let base = try shallow.mergeBase(shallow.resolve("main"), shallow.resolve("origin/side"))
    #expect(base.subject == "two")
  }
}

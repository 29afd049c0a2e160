import Foundation
import GitStore
import Testing

extension RevisionDates {
  /// `t100` is 100 seconds after 1970 began.
  fileprivate static let test = RevisionDates(read: { $0.hasPrefix("t") ? Int64($0.dropFirst()) : nil }, write: { "t\($0)" })
}

@Suite struct RevisionRangeTests {
  @Test(
    arguments: [
      ("main", .single, "main", nil), ("a..b", .twoDots, "a", "b"), ("a...b", .threeDots, "a", "b"), ("..b", .twoDots, "HEAD", "b"),
      ("a..", .twoDots, "a", "HEAD"), ("a...", .threeDots, "a", "HEAD"), ("...b", .threeDots, "HEAD", "b"),
      ("v1.0..v1.1", .twoDots, "v1.0", "v1.1"), ("main~2^{tree}..HEAD^", .twoDots, "main~2^{tree}", "HEAD^"),
      ("HEAD^{/a..b}", .single, "HEAD^{/a..b}", nil), ("main@{2 days ago}..", .twoDots, "main@{2 days ago}", "HEAD"),
    ] as [(String, RevisionRange.Form, String, String?)])
  func aRangeIsRead(text: String, form: RevisionRange.Form, first: String, second: String?) throws {
    let range = try RevisionRange(text)
    #expect(range.form == form && range.first == first && range.second == second)
  }

  @Test(arguments: [
    ("", "`` is not a revision"), ("a\0b", "`a\\x00b` is not a revision"), ("a....b", "`a....b` has 4 dots"),
    ("^a", "`^a` leaves commits out, which only says something beside others"), ("a..^b", "`a..^b` has an end that leaves commits out"),
    ("a..b..c", "`a..b..c` is more than one range"), ("a..b c..d", "`a..b c..d` is more than one revision"),
    ("..", "`..` is a range without an end"), ("...", "`...` is a range without an end"),
  ])
  func nonsenseIsNamed(text: String, message: String) throws {
    let error = gitError { _ = try RevisionRange(text) }
    #expect(error?.kind == .unknownRevision)
    #expect(error?.message == message)
  }

  @Test func aRangeNamesItsCommits() throws {
    var stream = ImportStream()
    stream.commit("base", time: 100, [("a", "0\n")])
    stream.commit("left", time: 200, parents: [1])
    stream.commit("right", on: "side", time: 300, parents: [1])
    let repository = try TemporaryRepository()
    let ids = try repository.take(stream)
    let opened = try repository.open()
    func resolved(_ text: String) throws -> [String?] {
      let range = try opened.resolve(RevisionRange(text))
      return [range.old?.id.description, range.new.id.description]
    }
    #expect(try resolved("side") == [nil, ids[2]])
    #expect(try resolved("side..main") == [ids[2], ids[1]])
    #expect(try resolved("side...") == [ids[0], ids[1]])
    #expect(try resolved("..side") == [ids[1], ids[2]])
    #expect(gitError { _ = try resolved("sied..main") }?.hint == "did you mean `side`?")
  }

  @Test func aCrissCrossHasOneOfItsBases() throws {
    var stream = ImportStream()
    stream.commit("base", time: 100, [("a", "0\n")])
    stream.commit("left", time: 200, parents: [1])
    stream.commit("right", time: 300, parents: [1])
    stream.commit("left and right", time: 400, parents: [2, 3])
    stream.commit("right and left", on: "side", time: 500, parents: [3, 2])
    let repository = try TemporaryRepository()
    try repository.take(stream)
    let opened = try repository.open()
    #expect(try ["left", "right"].contains(opened.resolve(RevisionRange("main...side")).old?.subject))
  }

  @Test func aMomentIsTheCommitThatHeadWasAtThen() throws {
    var stream = ImportStream()
    stream.commit("one", time: 100, [("a", "0\n")])
    stream.commit("side", time: 150, parents: [1])
    stream.commit("two", time: 200, parents: [1])
    stream.commit("merge", time: 300, parents: [3, 2])
    stream.commit("old clock", time: 50, parents: [4])
    stream.commit("last", time: 400, parents: [5])
    let repository = try TemporaryRepository()
    try repository.take(stream)
    try repository.git("branch", "t250", "main~4")
    let opened = try repository.open()
    func subject(_ text: String) throws -> String { try opened.resolve(text, dates: .test).subject }
    #expect(try subject("t500") == "last")
    #expect(try subject("t400") == "last")
    #expect(try subject("t399") == "old clock")
    #expect(try subject("t60") == "old clock")
    // A name is a name before it is a moment.
    #expect(try subject("t250") == "one")
    #expect(try subject("main") == "last")
    #expect(try opened.resolve(RevisionRange("t399..t500"), dates: .test).old?.subject == "old clock")
    let error = gitError { _ = try subject("t49") }
    #expect(error?.kind == .unknownRevision)
    #expect(error?.message.hasPrefix("`t49` is before the first commit of `HEAD`, ") == true)
    #expect(error?.message.hasSuffix(" of t100") == true)
    #expect(gitError { _ = try subject("nothing") }?.message == "there is no revision `nothing`")
  }

  @Test func aMomentFollowsFirstParents() throws {
    var stream = ImportStream()
    stream.commit("one", time: 100, [("a", "0\n")])
    stream.commit("side", time: 150, parents: [1])
    stream.commit("merge", time: 300, parents: [1, 2])
    let repository = try TemporaryRepository()
    try repository.take(stream)
    #expect(try repository.open().resolve("t299", dates: .test).subject == "one")
  }

  @Test func aMomentBeforeAShallowCloneSaysHowToGetThere() throws {
    let (origin, folder) = (try TemporaryRepository.withPolicies(), TemporaryFolder())
    try origin.commit("second")
    try git(folder.path, "clone", "--quiet", "--depth=1", "file://\(origin.path)", "clone")
    let shallow = try Repository.open(at: "\(folder.path)/clone", environment: .test)
    #expect(try shallow.resolve("t1700000100", dates: .test).subject == "second")
    let error = gitError { _ = try shallow.resolve("t1700000099", dates: .test) }
    #expect(error?.message.contains("before what this shallow clone holds") == true)
    #expect(error?.hint?.contains("--unshallow") == true)
  }

  @Test func aMomentOfAnEmptyRepositoryHasNoCommits() throws {
    let repository = try TemporaryRepository()
    #expect(gitError { _ = try repository.open().resolve("t1", dates: .test) }?.kind == .noCommits)
  }
}

import Foundation
import GitStore
import Testing

/// A line as `git blame --line-porcelain` tells it.
struct GitBlame: Hashable {
  var commit: String
  var line: Int
  var path: String
}

extension TemporaryRepository {
  func blame(_ revision: String?, _ path: String, _ options: [String] = []) throws -> [Int: GitBlame] {
    let output = try run(["blame", "--line-porcelain"] + options + (revision.map { [$0] } ?? []) + ["--", path])
    var (found, paths): ([Int: GitBlame], [String: String]) = ([:], [:])
    var current: (commit: String, line: Int, final: Int)?
    // By bytes: `\r\n` is one character.
    for line in output.utf8.split(separator: UInt8(ascii: "\n")).map({ String($0)! }) {
      if line.hasPrefix("\t") {
        let last = current!
        found[last.final] = GitBlame(commit: last.commit, line: last.line, path: paths[last.commit]!)
        current = nil
      } else if line.hasPrefix("filename ") {
        paths[current!.commit] = String(line.dropFirst(9))
      } else if current == nil {
        let parts = line.split(separator: " ")
        if parts.count > 2 { current = (String(parts[0]), Int(parts[1])!, Int(parts[2])!) }
      }
    }
    return found
  }
}

extension [Int: BlameLine] {
  var asGit: [Int: GitBlame] {
    mapValues { GitBlame(commit: $0.commit?.id.description ?? String(repeating: "0", count: 40), line: $0.line, path: $0.path) }
  }
}

@Suite struct BlameTests {
  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func everyLineIsOfTheCommitThatGitSays(seed: UInt64) throws {
    let repository = try TemporaryRepository.random(seed: seed, commits: 70)
    let opened = try repository.open()
    let head = try opened.resolve("main")
    let blame = try opened.blame(at: head)
    for path in try repository.git("ls-tree", "-r", "--name-only", "main").split(separator: "\n").map(String.init) {
      let expected = try repository.blame("main", path)
      #expect(try blame.lines(1...1000, of: path).asGit == expected, "\(path)")
      #expect(try opened.blame(path: path, at: head, lines: [2, 5, -1, 0, 100_000]).asGit == expected.filter { [2, 5].contains($0.key) })
    }
  }

  @Test func whoAndWhenAreTold() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.folder.write("policies/a.yaml", "a: 1\nb: 2\n")
    try repository.commit("b")
    let opened = try repository.open()
    let lines = try opened.blame(path: "./policies/a.yaml", at: opened.head(), lines: [1, 2])
    #expect(lines[1]?.commit?.subject == "first")
    #expect(lines[2]?.commit?.subject == "b")
    #expect(lines[2]?.commit?.author == .init(name: "Ada", email: "ada@example.org", time: 1_700_000_000, offset: 90))
    #expect(lines.values.allSatisfy { $0.end == nil })
  }

  @Test func aFileIsFollowedThroughItsNames() throws {
    let repository = try TemporaryRepository()
    let text = (1...20).map { "line \($0)\n" }
    try repository.folder.write("policies/old.yaml", text.joined())
    try repository.folder.write("policies/other.yaml", "nothing alike\n")
    try repository.commit("old")
    try repository.git("mv", "policies/old.yaml", "policies/exact.yaml")
    try repository.git("rm", "--quiet", "policies/other.yaml")
    try repository.commit("exact")
    try repository.folder.makeFolder("policies/sub")
    try repository.git("mv", "policies/exact.yaml", "policies/sub/alike.yaml")
    try repository.folder.write("policies/sub/alike.yaml", text.dropFirst(4).joined() + "new\n")
    try repository.commit("alike")
    let opened = try repository.open()
    let lines = try opened.blame(path: "policies/sub/alike.yaml", at: opened.head(), lines: 1...17)
    #expect(lines.asGit == (try repository.blame("HEAD", "policies/sub/alike.yaml")))
    #expect(lines[1]?.path == "policies/old.yaml" && lines[1]?.line == 5)
    #expect(lines[17]?.commit?.subject == "alike")
  }

  @Test func linesThatAreNotCommittedAreNobodys() throws {
    let repository = try TemporaryRepository.random(seed: 11, commits: 20)
    try repository.git("checkout", "--quiet", "--force", "main")
    let path = try #require(try repository.git("ls-tree", "-r", "--name-only", "main").split(separator: "\n").first.map(String.init))
    var lines = try String(contentsOfFile: "\(repository.path)/\(path)", encoding: .utf8).split(separator: "\n").map(String.init)
    lines.insert("new", at: 3)
    lines.remove(at: 7)
    lines.append("last, without a line break")
    let bytes = Array(lines.joined(separator: "\n").utf8)
    try repository.folder.write(path, bytes)
    try repository.folder.write("policies/untracked.yaml", "a\nb\n")
    let opened = try repository.open()
    let blame = try opened.blame(at: opened.head())
    let found = try blame.lines(1...lines.count, of: path, asItStands: bytes)
    #expect(found.asGit == (try repository.blame(nil, path)))
    #expect(found[4]?.commit == nil && found[lines.count]?.commit == nil && found[1]?.commit != nil)
    let new = try blame.lines([1, 2, 3], of: "policies/untracked.yaml", asItStands: Array("a\nb\n".utf8))
    #expect(
      new == [
        1: BlameLine(commit: nil, path: "policies/untracked.yaml", line: 1),
        2: BlameLine(commit: nil, path: "policies/untracked.yaml", line: 2),
      ])
  }

  @Test func lineEndsCountAsTheyAreStored() throws {
    let repository = try TemporaryRepository()
    try repository.folder.write("policies/unix.yaml", "a\nb\nc\n")
    try repository.folder.write("policies/dos.yaml", "a\r\nb\r\nc\r\n")
    try repository.commit("first")
    try repository.folder.write("policies/dos.yaml", "a\r\nB\r\nc\r\n")
    try repository.commit("second")
    let opened = try repository.open()
    let blame = try opened.blame(at: opened.head())
    #expect(try blame.lines(1...3, of: "policies/dos.yaml").asGit == (try repository.blame("HEAD", "policies/dos.yaml")))
    // As `core.autocrlf` checks it out, with one line edited.
    let converted = try blame.lines(1...3, of: "policies/unix.yaml", asItStands: Array("a\r\nB\r\nc\r\n".utf8))
    #expect(converted.mapValues { $0.commit?.subject } == [1: "first", 2: nil, 3: "first"])
    let edited = try blame.lines(1...3, of: "policies/dos.yaml", asItStands: Array("a\r\nB\r\nc\n".utf8))
    #expect(edited.mapValues { $0.commit?.subject } == [1: "first", 2: "second", 3: nil])
  }

  @Test func aShallowCloneMarksTheLinesThatItCannotFollow() throws {
    let (origin, folder) = (try TemporaryRepository.withPolicies(), TemporaryFolder())
    for number in 0..<3 {
      try origin.folder.write("policies/a.yaml", (0...number).map { "line \($0)\n" }.joined())
      try origin.commit("number \(number)")
    }
    try git(folder.path, "clone", "--quiet", "--depth=2", "file://\(origin.path)", "clone")
    let shallow = try Repository.open(at: "\(folder.path)/clone", environment: .test)
    let lines = try shallow.blame(path: "policies/a.yaml", at: shallow.head(), lines: 1...3)
    #expect(lines.mapValues { $0.commit?.subject } == [1: "number 1", 2: "number 1", 3: "number 2"])
    #expect(lines.mapValues(\.end) == [1: .shallow, 2: .shallow, 3: nil])
  }

  @Test(arguments: ["blob:none", "tree:0"])
  func aPartialCloneFetchesAllVersionsAtOnce(filter: String) throws {
    let (origin, folder) = (try TemporaryRepository.random(seed: 21, commits: 40), TemporaryFolder())
    try origin.git("config", "uploadpack.allowFilter", "true")
    try origin.git("config", "uploadpack.allowAnySHA1InWant", "true")
    try git(folder.path, "clone", "--quiet", "--bare", "--filter=\(filter)", "file://\(origin.path)", "clone")
    let partial = try Repository.open(at: "\(folder.path)/clone", environment: .test)
    let path = "policies/a.yaml"
    #expect(try partial.blame(path: path, at: partial.head(), lines: 1...100).asGit == (try origin.blame("main", path)))
    let refused = TemporaryFolder()
    try git(refused.path, "clone", "--quiet", "--bare", "--filter=\(filter)", "file://\(origin.path)", "clone")
    let error = gitError {
      let other = try Repository.open(at: "\(refused.path)/clone", environment: .test)
      _ = try other.blame(path: path, at: other.head(), lines: 1...100, fetchMissing: false)
    }
    #expect(error?.kind == .missingObject)
  }

  @Test func whatIsTooMuchEndsWithAMark() throws {
    var stream = ImportStream()
    stream.commit(time: 1, [("policies/a.yaml", "first\n")])
    for number in 2...50 {
      stream.commit(
        time: Int64(number), parents: [number - 1],
        number % 10 == 0 ? [("policies/a.yaml", "first\n" + String(repeating: "x", count: number == 20 ? 500 : number) + "\n")] : [])
    }
    let repository = try TemporaryRepository()
    try repository.take(stream)
    let opened = try repository.open()
    func first(_ limits: BlameLimits) throws -> BlameLine? {
      try opened.blame(path: "policies/a.yaml", at: opened.head(), lines: [1], limits: limits)[1]
    }
    #expect(try first(.standard)?.end == nil)
    #expect(try first(.standard)?.commit?.committer.time == 1)
    #expect(try first(BlameLimits(commits: 25))?.end == .limit)
    #expect(try first(BlameLimits(commits: 25))?.commit?.committer.time == 25)
    #expect(try first(BlameLimits(versions: 2))?.end == .limit)
    #expect(try first(BlameLimits(fileBytes: 200))?.commit?.committer.time == 30)
    #expect(try first(BlameLimits(fileBytes: 200))?.end == .limit)
    #expect(gitError { _ = try first(BlameLimits(fileBytes: 20)) }?.kind == .unreadable)
  }

  @Test(arguments: ["policies/none.yaml", "policies", "../x"])
  func whatIsNoFileIsNamed(path: String) throws {
    let repository = try TemporaryRepository.withPolicies()
    let opened = try repository.open()
    #expect(gitError { _ = try opened.blame(path: path, at: opened.head(), lines: [1]) }?.kind == .invalidPath)
  }

  @Test func anEmptyFileHasNoLines() throws {
    let repository = try TemporaryRepository.withPolicies()
    let opened = try repository.open()
    #expect(try opened.blame(path: "policies/sub.yaml", at: opened.head(), lines: [0, 1]) == [:])
    #expect(try opened.blame(at: opened.head()).lines([1], of: "policies/sub.yaml", asItStands: Array("x".utf8))[1]?.commit == nil)
  }
}

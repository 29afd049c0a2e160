import Foundation
import GitStore
import TestSupport
import Testing

extension History {
  func steps(_ selection: FileSelection = .policies) throws -> [HistoryStep] {
    var steps: [HistoryStep] = []
    while let step = try next(selection) { steps.append(step) }
    return steps
  }
}

extension [FileChange] {
  /// As `git diff-tree -r --raw --no-abbrev` says it.
  var asGit: [String] {
    func mode(_ item: TreeItem?) -> String {
      switch item?.kind {
      case .file: "100644"
      case .executable: "100755"
      case .symlink: "120000"
      case .submodule: "160000"
      case .folder, nil: "000000"
      }
    }
    let none = String(repeating: "0", count: 40)
    return map { "\(mode($0.old)) \(mode($0.new)) \($0.old?.id.description ?? none) \($0.new?.id.description ?? none) \($0.path)" }
  }
}

extension TemporaryRepository {
  /// Lines of `git diff-tree`, in the form of `asGit`.
  func differences(_ old: String, _ new: String, _ paths: [String]) throws -> [String] {
    let output = try run(["diff-tree", "-r", "--raw", "--no-abbrev", "--no-renames", old, new, "--"] + paths)
    return output.split(separator: "\n").map { line in
      let (left, path) = (line.split(separator: "\t")[0], line.split(separator: "\t")[1])
      return left.dropFirst().split(separator: " ").prefix(4).joined(separator: " ") + " " + path
    }
  }
}

@Suite struct HistoryTests {
  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func theStepsAndTheirChangesAreThoseOfGit(seed: UInt64) throws {
    let repository = try TemporaryRepository.random(seed: seed, commits: 90)
    let opened = try repository.open()
    let steps = try opened.history(of: opened.resolve("main")).steps()
    let told = try repository.git(
      "log", "--topo-order", "--full-history", "--no-renames", "--format=%H", "main", "--", "policies", "writ.yaml")
    #expect(steps.map(\.commit.id.description) == told.split(separator: "\n").map(String.init))
    #expect(steps.contains { $0.isMerge && !$0.differsFromAllParents })
    #expect(steps.contains { $0.isMerge && $0.differsFromAllParents })
    for step in steps {
      #expect(step.listing == (try opened.list(step.commit, .policies)))
      for parent in step.differing {
        #expect(parent.id == step.commit.parents[parent.position])
        let changes = step.listing.changes(from: parent.listing)
        #expect(
          changes.asGit == (try repository.differences(parent.id.description, step.commit.id.description, ["policies", "writ.yaml"])))
        #expect(changes == (try opened.changedFiles(from: opened.commit(parent.id), to: step.commit, under: ["policies", "writ.yaml"])))
      }
    }
  }

  @Test func commitsComeInTheOrderOfGitWhateverTheirClocksSay() throws {
    let repository = try TemporaryRepository.random(seed: 77, commits: 60)
    // Every commit changes something when each tree has a file of its own.
    var stream = ImportStream()
    let ids = try repository.git("log", "--topo-order", "--reverse", "--format=%H %ct %P", "main").split(separator: "\n").map {
      $0.split(separator: " ")
    }
    var marks: [Substring: Int] = [:]
    for id in ids {
      marks[id[0]] = stream.commit(
        on: "copy", time: Int64(id[1])!, parents: id.dropFirst(2).map { marks[$0]! }, [("policies/own.yaml", "\(id[0])\n")])
    }
    try repository.take(stream)
    let opened = try repository.open()
    let told = try repository.git("log", "--topo-order", "--format=%H", "copy").split(separator: "\n").map(String.init)
    let steps = try opened.history(of: opened.resolve("copy")).steps()
    #expect(steps.map(\.commit.id.description) == told)
    let first = try repository.git("log", "--topo-order", "--first-parent", "--format=%H", "copy").split(separator: "\n").map(String.init)
    #expect(try opened.history(of: opened.resolve("copy"), .init(firstParentOnly: true)).steps().map(\.commit.id.description) == first)
    let range = try repository.git("log", "--topo-order", "--format=%H", "copy~3..copy").split(separator: "\n").map(String.init)
    let window = History.Window(excluding: [try opened.resolve("copy~3")])
    #expect(try opened.history(of: opened.resolve("copy"), window).steps().map(\.commit.id.description) == range)
    let (since, until) = (1_700_001_000 as Int64, 1_700_004_000 as Int64)
    let within = try repository.git("log", "--topo-order", "--format=%H", "--since-as-filter=\(since)", "--until=\(until)", "copy")
    let filtered = try opened.history(of: opened.resolve("copy"), .init(since: since, until: until)).steps()
    // Git sorts what is left anew; here it keeps its place.
    #expect(Set(filtered.map(\.commit.id.description)) == Set(within.split(separator: "\n").map(String.init)))
    #expect(
      filtered == (try opened.history(of: opened.resolve("copy")).steps().filter { (since...until).contains($0.commit.committer.time) }))
    #expect(filtered.count > 5 && filtered.count < told.count)
    let limited = try opened.history(of: opened.resolve("copy"), .init(since: since, until: until, limit: 3)).steps()
    #expect(limited == Array(filtered.prefix(3)))
  }

  @Test func whatIsNotSelectedIsNoStep() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.commit("empty")
    try repository.folder.write("policies/notes.txt", "changed\n")
    try repository.commit("notes beside the policies")
    try repository.folder.write("README.md", "changed\n")
    try repository.commit("elsewhere")
    try repository.folder.write("policies/a.yaml", "a: 2\r\n")
    try repository.commit("a")
    try repository.git("mv", "policies/a.yaml", "policies/renamed.yaml")
    try repository.commit("moved")
    let opened = try repository.open()
    let history = try opened.history(of: opened.head())
    let steps = try history.steps()
    #expect(history.commitCount == 6)
    #expect(steps.map(\.commit.subject) == ["moved", "a", "first"])
    #expect(steps.map(\.isRoot) == [false, false, true])
    #expect(steps[0].listing.changes(from: steps[0].differing[0].listing).map(\.path) == ["policies/a.yaml", "policies/renamed.yaml"])
    #expect(steps[2].listing.entries.map(\.path) == ["policies/a.yaml", "policies/sub.yaml", "policies/sub/b.yml", "writ.yaml"])
    #expect(history.cutAt == [])
  }

  @Test func aRenameToAnotherSpellingOfAnAccentIsAStep() throws {
    var stream = ImportStream()
    stream.commit(time: 1, [("policies/\u{E9}.yaml", "0\n")])
    stream.commit(time: 2, parents: [1], [("policies/\u{E9}.yaml", nil), ("policies/e\u{301}.yaml", "0\n")])
    let repository = try TemporaryRepository()
    try repository.take(stream)
    let opened = try repository.open()
    let steps = try opened.history(of: opened.head()).steps()
    #expect(steps.count == 2)
    #expect(steps[0].listing.changes(from: steps[0].differing[0].listing).count == 2)
  }

  @Test func theSelectionMayMove() throws {
    let repository = try TemporaryRepository()
    try repository.folder.write("writ.yaml", "old\n")
    try repository.folder.write("old/a.yaml", "a\n")
    try repository.folder.write("new/b.yaml", "b\n")
    try repository.commit("old")
    try repository.folder.write("new/b.yaml", "b2\n")
    try repository.commit("not policy yet")
    try repository.folder.write("writ.yaml", "new\n")
    try repository.commit("new")
    try repository.git("rm", "--quiet", "writ.yaml")
    try repository.commit("no policy")
    let opened = try repository.open()
    let history = try opened.history(of: opened.head())
    var read: [BlobID] = []
    var made: [BlobID: FileSelection] = [:]
    var steps: [HistoryStep] = []
    while let step = try history.next(selecting: { files throws(GitError) in
      guard let blob = try files.item(at: "./writ.yaml")?.blob else { return nil }
      if let known = made[blob] { return known }
      read.append(blob)
      let name = String(decoding: try files.bytes(of: blob, path: "writ.yaml") ?? [], as: UTF8.self).dropLast()
      let selection = try FileSelection(folders: [String(name)], files: ["writ.yaml"])
      made[blob] = selection
      return selection
    }) { steps.append(step) }
    #expect(steps.map(\.commit.subject) == ["no policy", "new", "old"])
    #expect(steps.map { $0.listing.entries.map(\.path) } == [[], ["new/b.yaml", "writ.yaml"], ["old/a.yaml", "writ.yaml"]])
    #expect(steps[1].differing[0].selection?.folders == ["old"])
    #expect(read.count == 2)
  }

  @Test func aShallowCloneSaysWhereItEnds() throws {
    let (origin, folder) = (try TemporaryRepository.withPolicies(), TemporaryFolder())
    for number in 0..<4 {
      try origin.folder.write("policies/a.yaml", "a: \(number)\n")
      try origin.commit("number \(number)")
    }
    try git(folder.path, "clone", "--quiet", "--depth=2", "file://\(origin.path)", "clone")
    let shallow = try Repository.open(at: "\(folder.path)/clone", environment: .test)
    let history = try shallow.history(of: shallow.head())
    let steps = try history.steps()
    #expect(steps.map(\.commit.subject) == ["number 3", "number 2"])
    #expect(steps.map(\.isCut) == [false, true])
    #expect(!steps[1].isRoot && steps[1].differing.isEmpty)
    #expect(history.cutAt == [steps[1].commit.id])
    let note = GitError.historyCut(at: history.cutAt[0])
    #expect(note.message == "history before \(steps[1].commit.id.short) is not in this shallow clone")
    #expect(note.hint?.contains("--unshallow") == true)
    // Deepened, and no longer shallow at all.
    try git("\(folder.path)/clone", "fetch", "--quiet", "--unshallow")
    let whole = try Repository.open(at: "\(folder.path)/clone", environment: .test)
    let all = try whole.history(of: whole.head())
    #expect(try all.steps().count == 5 && all.cutAt == [])
  }

  @Test func bareRepositoriesWorktreesAndDetachedHeadsAreRead() throws {
    let (origin, folder) = (try TemporaryRepository.random(seed: 5, commits: 30), TemporaryFolder())
    let opened = try origin.open()
    let expected = try opened.history(of: opened.resolve("main")).steps()
    try git(folder.path, "clone", "--quiet", "--bare", origin.path, "bare")
    try git(origin.path, "worktree", "add", "--quiet", "--detach", "\(folder.path)/tree", "main")
    for name in ["bare", "tree"] {
      let other = try Repository.open(at: "\(folder.path)/\(name)", environment: .test)
      #expect(try other.history(of: other.head()).steps() == expected)
    }
  }

  @Test func anOctopusIsComparedWithEveryParent() throws {
    var stream = ImportStream()
    let root = stream.commit(time: 1, [("policies/a.yaml", "0\n"), ("policies/b.yaml", "0\n")])
    let (left, right) = (
      stream.commit(time: 2, parents: [root], [("policies/a.yaml", "1\n")]),
      stream.commit(time: 3, parents: [root], [("policies/b.yaml", "1\n")])
    )
    let none = stream.commit(time: 4, parents: [root], [("README.md", "1\n")])
    stream.commit("octopus", time: 5, parents: [left, none, right], [("policies/b.yaml", "1\n"), ("README.md", "1\n")])
    let repository = try TemporaryRepository()
    let ids = try repository.take(stream)
    let opened = try repository.open()
    let step = try opened.history(of: opened.head()).steps()[0]
    #expect(step.differing.map(\.id.description) == [ids[left - 1], ids[none - 1], ids[right - 1]])
    #expect(
      step.differing.map { step.listing.changes(from: $0.listing).map(\.path) } == [
        ["policies/b.yaml"], ["policies/a.yaml", "policies/b.yaml"], ["policies/a.yaml"],
      ])
  }

  @Test func anUnbornBranchHasNoHistory() throws {
    let repository = try TemporaryRepository()
    let opened = try repository.open()
    #expect(gitError { _ = try opened.history(of: opened.head()) }?.kind == .noCommits)
  }

  @Test func aCommitThatIsGoneIsNamed() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.commit("second")
    try repository.commit("third")
    let gone = try repository.git("rev-parse", "HEAD~1")
    try FileManager.default.removeItem(atPath: "\(repository.path)/.git/objects/\(gone.prefix(2))/\(gone.dropFirst(2))")
    let opened = try repository.open()
    let error = gitError { _ = try opened.history(of: opened.head()) }
    #expect(error?.kind == .missingObject)
    #expect(error?.message == "object \(gone.prefix(12)) (a commit) is not in the repository")
  }

  @Test(arguments: ["blob:none", "tree:0"])
  func aPartialCloneFetchesOnceForAllCommits(filter: String) throws {
    let (origin, folder) = (try TemporaryRepository.random(seed: 9, commits: 40), TemporaryFolder())
    try origin.git("config", "uploadpack.allowFilter", "true")
    try origin.git("config", "uploadpack.allowAnySHA1InWant", "true")
    try git(folder.path, "clone", "--quiet", "--bare", "--filter=\(filter)", "file://\(origin.path)", "clone")
    let packs = {
      try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/clone/objects/pack").filter { $0.hasSuffix(".pack") }.count
    }
    let before = try packs()
    let partial = try Repository.open(at: "\(folder.path)/clone", environment: .test)
    let steps = try partial.history(of: partial.head()).steps()
    let opened = try origin.open()
    #expect(steps == (try opened.history(of: opened.resolve("main")).steps()))
    #expect(try packs() == before + (filter == "tree:0" ? 1 : 0))
    let entries = steps.flatMap(\.listing.entries)
    try partial.fetchMissing(entries.compactMap(\.blob))
    let contents = try partial.read(contentOf: entries, budget: ReadBudget(), fetchMissing: false)
    #expect(try packs() == before + (filter == "tree:0" ? 2 : 1))
    #expect(contents.problems.isEmpty)
    #expect(contents.bytes.count == Set(entries.compactMap(\.blob)).count)
    for (blob, bytes) in contents.bytes { #expect(BlobID(hashing: bytes) == blob) }
  }

  @Test func contentsThatAreTooLargeAreNamed() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.folder.write("policies/big.yaml", [UInt8](repeating: 35, count: 1000))
    try repository.commit("big")
    let opened = try repository.open()
    let entries = try opened.list(opened.head(), .policies).entries
    let contents = try opened.read(contentOf: entries + entries, budget: ReadBudget(SnapshotLimits(fileBytes: 999)))
    #expect(contents.bytes.count == 4)
    #expect(contents.problems.values.map(\.path) == ["policies/big.yaml"])
  }

  @Test func aLongHistoryReadsOnlyFoldersThatDiffer() throws {
    var stream = ImportStream()
    var files: [(path: String, content: String?)] = (0..<60).map { ("config/policies/team\($0 % 6)/file\($0).yaml", "file: \($0)\n") }
    files += [("config/writ.yaml", "version: 1\n"), ("src/main.c", "0\n")]
    stream.commit(time: 1_700_000_000, files)
    for number in 1..<2000 {
      // One in ten touches the policies.
      let path = number % 10 == 0 ? "config/policies/team\(number % 6)/file\(number % 60).yaml" : "src/main.c"
      stream.commit(time: 1_700_000_000 + Int64(number), parents: [number], [(path, "number: \(number)\n")])
    }
    let repository = try TemporaryRepository()
    try repository.take(stream)
    let opened = try repository.open()
    let history = try opened.history(of: opened.resolve("main"))
    let steps = try history.steps(FileSelection(folders: ["config/policies"], files: ["config/writ.yaml"]))
    #expect(steps.count == 200)
    #expect(steps.allSatisfy { $0.listing.entries.count == 61 })
    // Each root once. Where something changed: `config` for each of two names, and to list them the two root folders and
    // `config`s again, `policies`, and one team's folder of six.
    #expect(history.readCount <= 2000 + 200 * 8 + 10, "\(history.readCount) objects")
  }
}

import Foundation
import GitStore
import Testing

@Suite struct RevisionSnapshotTests {
  @Test func aRevisionGivesTheFilesThatACheckoutHas() throws {
    let repository = try TemporaryRepository.withPolicies()
    let snapshot = try repository.open().snapshot(revision: "main", .policies)
    #expect(
      snapshot.files.map(\.path) == ["policies/a.yaml", "policies/sub.yaml", "policies/sub/b.yml", "writ.yaml"])
    #expect(snapshot.problems == [])
    #expect(snapshot.commit?.subject == "first")
    for file in snapshot.files {
      let checkedOut = try Data(contentsOf: URL(fileURLWithPath: "\(repository.path)/\(file.path)"))
      #expect(file.bytes == Array(checkedOut))
      #expect(file.blob.description == (try repository.git("hash-object", file.path)))
    }
    let asItStands = try WorkTree(root: repository.path).snapshot(.policies)
    #expect(asItStands.files.map(\.path) == snapshot.files.map(\.path))
    #expect(asItStands.files.map(\.blob) == snapshot.files.map(\.blob))
  }

  @Test func theWorkTreeHasNoSayInARevision() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.folder.write("policies/a.yaml", "changed\n")
    let snapshot = try repository.open().snapshot(revision: "main", .policies)
    #expect(snapshot.files[0].bytes == Array("a: 1\n".utf8))
  }

  @Test func packedObjectsReadLikeLooseOnes() throws {
    let repository = try TemporaryRepository.withPolicies()
    for number in 0..<50 {
      try repository.folder.write(
        "policies/many/\(number).yaml", String(repeating: "line\n", count: 200) + "\(number)\n")
    }
    try repository.commit("many")
    let loose = try repository.open().snapshot(revision: "main", .policies)
    try repository.git("gc", "--quiet", "--aggressive", "--prune=now")
    let packed = try repository.open().snapshot(revision: "main", .policies)
    #expect(packed == loose)
    #expect(packed.files.count == 54)
  }

  @Test func theRootItselfCanBeTheFolder() throws {
    let repository = try TemporaryRepository.withPolicies()
    let selection = try FileSelection(folders: ["."], suffixes: [".md"])
    let snapshot = try repository.open().snapshot(revision: "main", selection)
    #expect(snapshot.files.map(\.path) == ["README.md"])
  }

  @Test func overlappingSelectionsGiveEachFileOnce() throws {
    let repository = try TemporaryRepository.withPolicies()
    let selection = try FileSelection(
      folders: ["policies/sub", "policies/", "./policies"], files: ["policies/a.yaml"])
    let paths = try repository.open().snapshot(revision: "main", selection).files.map(\.path)
    #expect(paths == ["policies/a.yaml", "policies/sub.yaml", "policies/sub/b.yml"])
  }

  @Test(arguments: ["../x", "a/../../b", "/etc", "a\0b"])
  func pathsOutsideTheTreeAreRefused(path: String) throws {
    #expect(gitError { _ = try FileSelection(folders: [path]) }?.kind == .invalidPath)
    let repository = try TemporaryRepository.withPolicies()
    let opened = try repository.open()
    #expect(gitError { _ = try opened.content(at: path, in: opened.head()) }?.kind == .invalidPath)
  }

  @Test func whatIsMissingIsNoProblem() throws {
    let repository = try TemporaryRepository.withPolicies()
    let opened = try repository.open()
    let selection = try FileSelection(folders: ["nowhere/at/all", "writ.yaml/x"], files: ["nothing.yaml"])
    let snapshot = try opened.snapshot(revision: "main", selection)
    #expect(snapshot.files == [])
    #expect(snapshot.problems == [])
  }

  @Test func whatIsAtOnePathCanBeAsked() throws {
    let repository = try TemporaryRepository.withPolicies()
    let opened = try repository.open()
    let commit = try opened.head()
    #expect(try opened.content(at: "", in: commit) == .folder)
    #expect(try opened.content(at: "policies", in: commit) == .folder)
    #expect(try opened.content(at: "policies/writ.yaml", in: commit) == .absent)
    guard case .file(let file) = try opened.content(at: "./writ.yaml", in: commit) else {
      Issue.record("no file")
      return
    }
    #expect(file.bytes == Array("version: 1\n".utf8))
  }

  @Test func symlinksAndSubmodulesAreNamedInsteadOfRead() throws {
    let (repository, other) = (try TemporaryRepository.withPolicies(), try TemporaryRepository.withPolicies())
    try repository.folder.link("policies/out.yaml", to: "/etc/passwd")
    try repository.folder.link("policies/folder", to: "../elsewhere")
    try git(
      repository.path, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add",
      other.path, "policies/module")
    try repository.commit("links")
    let expected: [SnapshotProblem] = [
      .symlink(path: "policies/folder", target: "../elsewhere"),
      .submodule(path: "policies/module"),
      .symlink(path: "policies/out.yaml", target: "/etc/passwd"),
    ]
    #expect(try repository.open().snapshot(revision: "HEAD", .policies).problems == expected)
    #expect(try WorkTree(root: repository.path).snapshot(.policies).problems == expected)
  }

  @Test func aLinkInThePlaceOfTheFolderOrAboveItIsNamed() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.folder.link("alias", to: "policies")
    try repository.commit("alias")
    let link = SnapshotProblem.symlink(path: "alias", target: "policies")
    let worktree = WorkTree(root: repository.path)
    for folder in ["alias", "alias/sub"] {
      let selection = try FileSelection(folders: [folder], files: ["alias/a.yaml"])
      for snapshot in [try repository.open().snapshot(revision: "HEAD", selection), try worktree.snapshot(selection)] {
        #expect(snapshot.files == [])
        #expect(snapshot.problems == [link])
      }
    }
    let opened = try repository.open()
    #expect(try opened.content(at: "alias/a.yaml", in: opened.head()) == .problem(link))
    #expect(try worktree.content(at: "alias/a.yaml") == .problem(link))
  }

  @Test func namesThatAreNotUTF8AreNamedEscaped() throws {
    let repository = try TemporaryRepository.withPolicies()
    let blob = try repository.git("rev-parse", "HEAD:writ.yaml")
    let tree = try makeTree([("100644", Array("caf".utf8) + [0xE9] + Array(".yaml".utf8), blob)], in: repository)
    let snapshot = try self.snapshot(of: tree, in: repository)
    #expect(snapshot.files == [])
    #expect(snapshot.problems == [.notUTF8Name(path: "policies/caf\\xE9.yaml")])
  }

  @Test func namesThatNoFileSystemGivesAreNamed() throws {
    let repository = try TemporaryRepository.withPolicies()
    let blob = try repository.git("rev-parse", "HEAD:writ.yaml")
    let names = ["..", "../../etc/x.yaml", "a/b.yaml", "ok\u{1B}.yaml", "z.yaml"]
    let modes = ["40000", "100644", "100644", "100644", "100755"]
    let folder = try repository.git("rev-parse", "HEAD:policies")
    let tree = try makeTree(
      zip(names, modes).map { ($1, Array($0.utf8), $1 == "40000" ? folder : blob) }, in: repository)
    let snapshot = try self.snapshot(of: tree, in: repository)
    #expect(snapshot.files.map(\.path) == ["policies/ok\u{1B}.yaml", "policies/z.yaml"])
    #expect(
      snapshot.problems == [
        .invalidName(path: "policies/.."), .invalidName(path: "policies/../../etc/x.yaml"),
        .invalidName(path: "policies/a/b.yaml"),
      ])
  }

  @Test func filesOutOfOrderOrTwiceComeOnceAndInOrder() throws {
    let repository = try TemporaryRepository.withPolicies()
    let blob = try repository.git("rev-parse", "HEAD:writ.yaml")
    let tree = try makeTree(
      ["b.yaml", "a.yaml", "b.yaml"].map { ("100644", Array($0.utf8), blob) }, in: repository)
    #expect(try snapshot(of: tree, in: repository).files.map(\.path) == ["policies/a.yaml", "policies/b.yaml"])
  }

  @Test func filesBeyondTheLimitsAreNamedAndNotRead() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.folder.write("policies/big.yaml", [UInt8](repeating: 35, count: 1000))
    try repository.commit("big")
    let opened = try repository.open()
    let worktree = WorkTree(root: repository.path)
    for (limits, problem, count) in [
      (SnapshotLimits(fileBytes: 999), SnapshotProblem.tooLarge(path: "policies/big.yaml", size: 1000, limit: 999), 4),
      (SnapshotLimits(totalBytes: 100), .tooManyBytes(path: "policies/big.yaml", limit: 100), 1),
      (SnapshotLimits(depth: 0), .tooDeep(path: "policies/sub", limit: 0), 4),
      (SnapshotLimits(files: 3), .tooManyFiles(path: "policies/sub.yaml", limit: 3), 3),
      (SnapshotLimits(names: 2), .tooManyFiles(path: "policies", limit: 2), 1),
    ] {
      for snapshot in [
        try opened.snapshot(revision: "HEAD", .policies, limits: limits),
        try worktree.snapshot(.policies, limits: limits),
      ] {
        #expect(snapshot.problems == [problem])
        #expect(snapshot.files.count == count, "\(limits)")
      }
    }
  }

  @Test func aTreeThatRepeatsItselfWithoutEndIsCutOff() throws {
    let repository = try TemporaryRepository.withPolicies()
    var tree = try repository.git("rev-parse", "HEAD:policies")
    for _ in 0..<30 {
      tree = try makeTree((0..<10).map { ("40000", Array("\($0)".utf8), tree) }, in: repository)
    }
    let snapshot = try self.snapshot(of: tree, in: repository, SnapshotLimits(names: 5000))
    #expect(snapshot.problems.contains { if case .tooManyFiles = $0 { true } else { false } })
  }

  /// A tree object of whatever one likes, which `git mktree` would refuse.
  private func makeTree(
    _ entries: [(mode: String, name: [UInt8], id: String)], in repository: TemporaryRepository
  ) throws -> String {
    var bytes: [UInt8] = []
    for entry in entries {
      bytes += "\(entry.mode) ".utf8
      bytes += entry.name + [0] + ObjectID(hex: entry.id)!.bytes
    }
    return try repository.git(
      "hash-object", "-t", "tree", "--literally", "-w", "--stdin", input: bytes)
  }

  /// Reads a tree as the policies folder of a commit.
  private func snapshot(
    of tree: String, in repository: TemporaryRepository, _ limits: SnapshotLimits = .standard
  ) throws -> Snapshot {
    let root = try makeTree([("40000", Array("policies".utf8), tree)], in: repository)
    let commit = try repository.git("commit-tree", "-m", "made", root)
    return try repository.open().snapshot(revision: commit, .policies, limits: limits)
  }
}

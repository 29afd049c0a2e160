import Foundation
import TestSupport
import Testing

/// Time and memory stay bounded, whatever is in a repository: address space of 1 GB, and seconds.
@Suite struct BoundsTests {
  /// Every command that reads a revision, within 1 GB of address space.
  private static func bounded(_ scratch: Scratch, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation) throws -> Run {
    let run = try Program.run(
      "/bin/sh", ["-c", "ulimit -v 1000000 && ulimit -t 60 && exec \"$0\" \"$@\"", Program.writ] + arguments, in: scratch.path)
    #expect(
      [0, 1, 2, 64, 74].contains(run.status), "\(arguments): \(run.status) \(run.everything.prefix(500))", sourceLocation: sourceLocation)
    expectHarmless(run, sourceLocation: sourceLocation)
    return run
  }

  private static let readers = [
    ["check"], ["check", "--rev", "HEAD"], ["diff", "HEAD~1..HEAD"], ["diff", "HEAD~1"], ["log"], ["drift"], ["render", "--check"],
    ["render", "--check", "--rev", "HEAD"], ["why", "job", "write", "db/marts/x", "--in", "dev", "--rev", "HEAD"],
  ]

  private static func sh(_ script: String, _ scratch: Scratch) throws {
    let run = try Program.run("/bin/sh", ["-ec", script], in: scratch.path)
    try #require(run.status == 0, "\(run.everything)")
  }

  // MARK: Large

  @Test(arguments: [["policies/big.yaml"], ["generated/big", ".github/big", "CODEOWNERS"], [".writ-baseline.json"]])
  func aBlobOf200MegabytesIsNotRead(_ places: [String]) throws {
    let scratch = try Scratch.withPolicy()
    try scratch.commit()
    for place in places {
      try scratch.makeFolder(URL(filePath: place).deletingLastPathComponent().relativePath)
      try Self.sh("head -c 200000000 /dev/zero > \(place)", scratch)
    }
    try scratch.commit("big")
    for isPacked in [false, true] {
      if isPacked { try scratch.git("-c", "core.bigFileThreshold=1g", "gc", "--quiet") }
      for arguments in Self.readers {
        let run = try Self.bounded(scratch, arguments)
        if arguments[0] == "check" {
          let isPolicy = places == ["policies/big.yaml"]
          // A baseline that cannot be read is never an empty one.
          let isExpected = isPolicy || places == [".writ-baseline.json"]
          #expect(run.status == (isExpected ? 1 : 0), "\(run.everything)")
          // What is not searched for secrets is named.
          #expect(run.output.contains("has 200000000 bytes") == (isPolicy || places.contains("generated/big")))
        }
      }
    }
  }

  @Test func aCommitWhoseMessageHas200MegabytesIsBounded() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.commit()
    try Self.sh(
      """
      { printf 'tree %s\\nparent %s\\nauthor a <a@b> 1700000000 +0000\\ncommitter a <a@b> 1700000000 +0000\\n\\n' "$(git rev-parse 'HEAD^{tree}')" "$(git rev-parse HEAD)"
        head -c 200000000 /dev/zero | tr '\\0' x; } > .git/big
      git update-ref refs/heads/main "$(git hash-object -t commit -w .git/big)"
      rm .git/big
      """, scratch)
    for arguments in Self.readers {
      let run = try Self.bounded(scratch, arguments)
      #expect(run.everything.utf8.count < 1 << 20, "\(arguments)")
    }
  }

  // MARK: Many

  @Test func filesBeyondTheLimitAreNamed() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.commit()
    try Self.sh("cd policies && seq 1 50001 | sed 's/$/.yaml/' | xargs touch", scratch)
    let here = try Self.bounded(scratch, ["check"])
    #expect(here.status == 1 && here.output.contains("comes after 50000 files, more than are read"))
    try scratch.commit("many")
    #expect(try Self.bounded(scratch, ["check", "--rev", "HEAD"]).output == here.output)
    for arguments in [["diff", "HEAD~1..HEAD"], ["log"]] { _ = try Self.bounded(scratch, arguments) }
    try Self.sh("cd policies && rm 1.yaml 2.yaml && git add -A . && git commit --quiet -m fewer", scratch)
    #expect(try Self.bounded(scratch, ["check"]).status == 0)
    #expect(try Self.bounded(scratch, ["check", "--rev", "HEAD"]).status == 0)
  }

  @Test func foldersOfTenThousandLevelsAreCutOff() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.commit()
    let deep = String(repeating: "d/", count: 10_000) + "x.yaml"
    func commit(_ name: String, _ tops: [String]) throws {
      var text =
        "blob\nmark :1\ndata 5\na: 1\n\ncommit refs/heads/\(name)\ncommitter a <a@b> 1700000000 +0000\ndata 4\ndeep\nfrom refs/heads/main^0\n"
      for top in tops { text += "M 100644 :1 \(top)/\(deep)\n" }
      try scratch.write(".git/deep", text + "\n")
      try Self.sh("git fast-import --quiet < .git/deep && git symbolic-ref HEAD refs/heads/\(name)", scratch)
    }
    try commit("deep", ["policies"])
    let run = try Self.bounded(scratch, ["check", "--rev", "HEAD"])
    #expect(run.status == 1 && run.output.contains("is more than 100 folders deep"))
    for arguments in Self.readers where arguments.contains("--rev") || arguments.contains("HEAD~1..HEAD") {
      _ = try Self.bounded(scratch, arguments)
    }
    try commit("beside", ["generated", ".github", "docs"])
    for arguments in Self.readers where arguments.contains("--rev") || arguments.contains("HEAD~1..HEAD") {
      #expect(try Self.bounded(scratch, arguments).status != 1)
    }
    #expect(try Self.bounded(scratch, ["render", "--commit", "--rev", "HEAD"]).status == 0)
  }

  @Test func aDeepWorkTreeIsCutOff() throws {
    let scratch = try Scratch.withPolicy()
    for top in ["policies", "generated"] { try scratch.makeFolder(top + "/" + String(repeating: "d/", count: 1_900)) }
    let run = try Self.bounded(scratch, ["check"])
    #expect(run.status == 1 && run.output.contains("is more than 100 folders deep"))
    _ = try Self.bounded(scratch, ["render", "--check"])
    _ = try Self.bounded(scratch, ["render"])
  }

  @Test func aMillionReferencesAreBounded() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.commit()
    try Self.sh(
      """
      id=$(git rev-parse HEAD)
      { echo '# pack-refs with: peeled fully-peeled sorted '; seq 1000000 1999999 | sed "s|^|$id refs/heads/x|"; } > .git/packed-refs
      """, scratch)
    #expect(try Self.bounded(scratch, ["check", "--rev", "HEAD"]).status == 0)
    #expect(try Self.bounded(scratch, ["check", "--rev", "x1500000"]).status == 0)
    #expect(try Self.bounded(scratch, ["check", "--rev", "nosuch"]).status == 64)
  }

  // MARK: Odd

  @Test(arguments: ["/nonexistent", "../../../../../../../../../../etc", "SELF", "LOOP"]) func alternatesThatLeadAnywhereAreBounded(
    _ target: String
  ) throws {
    let scratch = try Scratch.withPolicy()
    try scratch.commit()
    let own = "\(scratch.path)/.git/objects"
    let lines = target == "LOOP" ? [own, "\(own)/../objects", "\(own)/info/.."] : [target == "SELF" ? own : target]
    try scratch.write(".git/objects/info/alternates", lines.joined(separator: "\n") + "\n\u{1B}\u{0}/x\n")
    for arguments in Self.readers where !arguments.contains("HEAD~1..HEAD") && !arguments.contains("HEAD~1") {
      _ = try Self.bounded(scratch, arguments)
    }
    #expect(try Self.bounded(scratch, ["check"]).status == 0)
  }

  @Test(arguments: [
    ("commondir", "/nonexistent\n"), ("commondir", "../../..\n"), ("commondir", "/dev/zero\n"), ("commondir", "."),
    ("HEAD", "ref: refs/heads/../../../../../../etc/passwd\n"), ("HEAD", "ref: refs/heads/\u{1B}[31m\n"), ("HEAD", "ref: HEAD\n"),
    ("HEAD", ""),
    ("config", "[include]\n\tpath = config\n"), ("config", "[include]\n\tpath = /dev/zero\n"), ("config", "[core\n\u{1B}[31m"),
    ("config", "[core]\n\trepositoryformatversion = 99999999999999999999\n"), ("config", "[core]\n\tworktree = /\n"),
    ("config", "[includeIf \"onbranch:**\"]\n\tpath = ../../../../../etc/passwd\n"),
    ("config", "[extensions]\n\tpartialClone = \u{1B}[31m\n"),
    ("packed-refs", "garbage \u{1B}[31m\n"), ("packed-refs", ""), ("shallow", "garbage\n"), ("info/grafts", "garbage\n"),
    ("config.worktree", "[core\n"),
    ("refs/heads/main", "ref: refs/heads/main\n"), ("refs/heads/main", "garbage\n"),
    ("refs/heads/main", String(repeating: "0", count: 40) + "\n"),
    ("objects/info/commit-graph", "CGPH\u{1}\u{1}\u{0}\u{0}"), ("objects/pack/multi-pack-index", "MIDX\u{1}\u{1}\u{0}\u{0}"),
    ("objects/pack/pack-0000000000000000000000000000000000000000.idx", "\u{0}"), ("logs/HEAD", "garbage\u{0}\n"), ("index", "DIRC\u{0}"),
  ]) func aDamagedGitFolderIsNamed(_ name: String, _ text: String) throws {
    let scratch = try Scratch.withPolicy()
    try scratch.commit()
    try scratch.write(".git/\(name)", text)
    #expect(try Self.bounded(scratch, ["check"]).status == 0)
    for arguments in Self.readers { _ = try Self.bounded(scratch, arguments) }
    expectHarmless(try scratch.writ("render", "--commit"))
  }

  /// A file that is one thing when it is listed and another when it is read, over and over.
  @Test func aWorkTreeThatChangesAllTheTimeIsRead() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write(
      ".git/churn",
      """
      cd policies
      while [ -e ../.git/churn ]; do
        mkfifo x.yaml; rm -f x.yaml; ln -s /etc/passwd x.yaml; rm -f x.yaml; printf 'a: 1\\n' > x.yaml; : > x.yaml; rm -f x.yaml
        mkdir x.yaml; rmdir x.yaml; mkdir d; printf 'a: 1\\n' > d/y.yaml; mv d e; ln -s /etc d; rm -rf d e
      done
      """)
    let churn = Process()
    churn.executableURL = URL(filePath: "/bin/sh")
    churn.arguments = [".git/churn"]
    churn.currentDirectoryURL = URL(filePath: scratch.path)
    churn.standardError = FileHandle.nullDevice
    try churn.run()
    defer {
      try? scratch.remove(".git/churn")
      churn.waitUntilExit()
    }
    for _ in 0..<60 {
      let run = try Self.bounded(scratch, ["check"])
      #expect([0, 1].contains(run.status), "\(run.everything)")
      #expect(!run.everything.contains("root:"))
    }
  }

  @Test(arguments: [
    "gitdir: /nonexistent\n", "gitdir: .git\n", "gitdir: /dev/zero\n", "gitdir: /proc/self/fd/0\n", "", "gitdir: \u{0}\u{1B}\n",
  ])
  func aGitFileThatLeadsNowhereIsNamed(_ text: String) throws {
    let scratch = try Scratch()
    try scratch.write("writ.yaml", "version: 1\n")
    try scratch.write("policies/policy.yaml", SmallPolicy.text())
    try scratch.write(".git", text)
    #expect(try Self.bounded(scratch, ["check"]).status == 0)
    for arguments in [["check", "--rev", "HEAD"], ["diff"], ["log"]] {
      #expect([64, 74].contains(try Self.bounded(scratch, arguments).status))
    }
    _ = try Self.bounded(scratch, ["drift"])
  }
}

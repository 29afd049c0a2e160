import Foundation
import TestSupport
import Testing

/// A repository is untrusted input: whatever is in it, `check` ends within bounds, names what is wrong, and writes nothing.
@Suite struct HostileTests {
  /// Checks and renders within bounds; gives what was said.
  private static func refused(_ scratch: Scratch, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    let before = try scratch.state()
    var said = ""
    for arguments in [["check"], ["check", "--format", "json"], ["render"], ["render", "--check"], ["render", "--force"]] {
      let run = try Program.run(
        "/bin/sh", ["-c", "ulimit -v 1500000 && ulimit -t 60 && exec \"$0\" \"$@\"", Program.writ] + arguments, in: scratch.path)
      #expect(run.status == 1, "\(arguments): \(run.everything.prefix(2000))", sourceLocation: sourceLocation)
      #expect(run.everything.utf8.count < 64 << 20, sourceLocation: sourceLocation)
      expectHarmless(run, sourceLocation: sourceLocation)
      if arguments == ["check"] { said = run.output }
    }
    #expect(try scratch.state() == before, sourceLocation: sourceLocation)
    return said
  }

  // MARK: Kinds of files

  @Test func aLinkedPolicyFileIsNotFollowed() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("outside.yaml", SmallPolicy.broken)
    try scratch.link("policies/link.yaml", to: "../outside.yaml")
    let said = try Self.refused(scratch)
    #expect(said.contains("`policies/link.yaml` is a symbolic link to `../outside.yaml`"))
    #expect(!said.contains("writter"))
    try scratch.commit()
    let run = try scratch.writ("check", "--rev", "HEAD")
    #expect(run.status == 1)
    #expect(run.output.contains("`policies/link.yaml` is a symbolic link"))
  }

  @Test(arguments: ["/etc", "/etc/passwd", "/dev/zero", "..", "nowhere", "policies"]) func aLinkedFolderOfPoliciesIsNotFollowed(
    _ target: String
  ) throws {
    let scratch = try Scratch.repository()
    try scratch.write("writ.yaml", "version: 1\n")
    try scratch.link("policies", to: target)
    #expect(try Self.refused(scratch).contains("`policies` is a symbolic link"))
    try scratch.commit()
    #expect(try scratch.writ("check", "--rev", "HEAD").status == 1)
  }

  @Test func aFolderThatIsAFileIsNamed() throws {
    let scratch = try Scratch.repository()
    try scratch.write("writ.yaml", "version: 1\n")
    try scratch.write("policies", "a: 1\n")
    #expect(try Self.refused(scratch).contains("`policies` is not a folder"))
  }

  @Test func linkedSettingsAreNotFollowed() throws {
    let scratch = try Scratch.repository()
    try scratch.write("real.yaml", "version: 1\n")
    try scratch.link("writ.yaml", to: "real.yaml")
    let run = try scratch.writ("check")
    #expect(run.status == 74)
    #expect(run.errors.contains("`writ.yaml` is a symbolic link"))
  }

  @Test func aPipeIsNotOpened() throws {
    let scratch = try Scratch.withPolicy()
    #expect(try Program.run("/usr/bin/env", ["mkfifo", "policies/pipe.yaml"], in: scratch.path).status == 0)
    #expect(try Self.refused(scratch).contains("`policies/pipe.yaml` is a named pipe"))
  }

  @Test func aSubmoduleIsNotRead() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.commit()
    try scratch.git("update-index", "--add", "--cacheinfo", "160000,1234567890123456789012345678901234567890,policies/shared")
    try scratch.git("commit", "--quiet", "--message", "submodule")
    let run = try scratch.writ("check", "--rev", "HEAD")
    #expect(run.status == 1)
    #expect(run.output.contains("`policies/shared` is another repository (a submodule)"))
  }

  @Test func aRepositoryWithinIsNotRead() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.git("init", "--quiet", "policies/inner")
    try scratch.write("policies/inner/broken.yaml", SmallPolicy.broken)
    #expect(try Self.refused(scratch).contains("`policies/inner` is another repository"))
  }

  @Test func aNameThatIsNotUTF8IsShownEscaped() throws {
    let scratch = try Scratch.withPolicy()
    _ = try Program.run("/bin/sh", ["-c", "printf 'a: 1\\n' > \"$(printf 'policies/caf\\351.yaml')\""], in: scratch.path)
    let run = try scratch.writ("check")
    #expect(run.status == 1)
    #expect(run.output.contains(#"`policies/caf\xE9.yaml` has a name that is not UTF-8"#), "\(run.output)")
    #expect(try scratch.writ("render").status == 1)
    #expect(!scratch.has("generated"))
  }

  // MARK: Sizes

  @Test func aFileOverTheLimitIsNotRead() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/large.yaml", [UInt8](repeating: UInt8(ascii: "#"), count: 16 << 20 + 1))
    let said = try Self.refused(scratch)
    #expect(said.contains("`policies/large.yaml` has 16777217 bytes"))
    #expect(said.contains("split it"))
  }

  @Test func aSparseFileBeyondMemoryIsNotRead() throws {
    let scratch = try Scratch.withPolicy()
    // Not every file system holds a file of this size, even an empty one.
    let size = [1 << 40, 1 << 33].first { size in
      (try? Program.run("/usr/bin/env", ["truncate", "-s", "\(size)", "policies/large.yaml"], in: scratch.path))?.status == 0
    }
    let bytes = try #require(size)
    let run = try scratch.boundedWrit("check")
    #expect(run.status == 1)
    #expect(run.output.contains("`policies/large.yaml` has \(bytes) bytes"))
  }

  @Test func settingsOverTheLimitAreNotRead() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("writ.yaml", [UInt8](repeating: UInt8(ascii: "#"), count: 16 << 20 + 1))
    let run = try scratch.boundedWrit("check")
    #expect(run.status == 74)
    #expect(run.errors.contains("`writ.yaml` has 16777217 bytes"))
  }

  // MARK: Contents

  @Test(arguments: 0..<6 as Range<UInt64>) func garbageIsADiagnostic(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let alphabet: [UInt8] = seed % 2 == 0 ? Array(0...255) : Array("abc:- {}[],&*!|>'\"%@`#?\n\n\t01".utf8)
    let bytes = (0..<200_000).map { _ in alphabet.randomElement(using: &random) ?? 0 }
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/garbage.yaml", bytes)
    #expect(try Self.refused(scratch).contains("policies/garbage.yaml:"))
  }

  @Test(arguments: [
    ("brackets", String(repeating: "[", count: 50_000)),
    ("closed", String(repeating: "[", count: 50_000) + String(repeating: "]", count: 50_000)),
    ("braces", "roles: " + String(repeating: "{a: ", count: 50_000)), ("dashes", String(repeating: "- ", count: 50_000) + "x"),
    ("questions", String(repeating: "? ", count: 50_000) + "x"), ("quote", "a: \"" + String(repeating: "x", count: 200_000)),
    ("anchors", "a: " + String(repeating: "&a ", count: 10_000) + "x"), ("nothing", "\u{0}\u{0}\u{0}"), ("loop", "roles: &a { x: *a }\n"),
    ("long key", String(repeating: "k", count: 200_000) + ": 1\n"), ("many", String(repeating: "x: 1\n", count: 20_000)),
    ("many on a line", "{" + String(repeating: "x: 1, ", count: 2_000) + "}"),
  ]) func hostileDocumentsAreDiagnostics(_ name: String, _ text: String) throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/hostile.yaml", text)
    #expect(try Self.refused(scratch).contains("policies/hostile.yaml:"))
  }

  @Test func anAliasBombDoesNotGoOff() throws {
    var text = "roles:\n  a0: &a0 { can: { read: [db/x] } }\n"
    for level in 1..<12 {
      text += "  a\(level): &a\(level) [" + String(repeating: "*a\(level - 1), ", count: 10) + "]\n"
    }
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/bomb.yaml", text)
    #expect(try Self.refused(scratch).contains("policies/bomb.yaml:"))
  }

  // MARK: What is said about it

  /// Names as an attacker would choose them, with what must not come out as it is.
  static let names = [
    "::error::x.yaml", "a\n::error::x.yaml", "a\r::set-output name=x::y.yaml", "##[error]x.yaml", "a ##vso[task.x]y.yaml",
    "\u{1B}[31mred\u{1B}]0;title\u{7}.yaml", "a\u{202E}lmay.yaml", "a\u{9B}31m.yaml", "\u{A0}::warning::x.yaml", "`x` \\u{1b}.yaml",
  ]

  @Test(arguments: names) func fileNamesGiveNoOrders(_ name: String) throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/\(name)", SmallPolicy.broken + "x: [\n")
    #expect(try Self.refused(scratch).contains(".yaml:"))
    try scratch.write("policies/\(name)", SmallPolicy.broken)
    #expect(try Self.refused(scratch).contains("writter"))
    try scratch.remove("policies/\(name)")
    try scratch.link("policies/\(name)", to: name)
    #expect(try Self.refused(scratch).contains("symbolic link"))
    let run = try scratch.writ("check", "--repo", name)
    #expect(run.status == 74)
    expectHarmless(run)
    try scratch.commit()
    let revision = try scratch.writ("check", "--rev", name)
    #expect(revision.status == 64)
    expectHarmless(revision)
  }

  @Test(arguments: names) func contentsGiveNoOrders(_ text: String) throws {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\r", with: "\\r").replacing(
      "\u{1B}", with: "\\e"
    )
    .replacing("\u{7}", with: "\\a").replacing("\u{9B}", with: "\\x9b").replacing("\u{202E}", with: "\\u202e").replacing(
      "\u{A0}", with: "\\_")
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/broken.yaml", "roles:\n  \"\(escaped)\": { inherits: [\"\(escaped)\"], can: { read: [\"\(escaped)\"] } }\n")
    #expect(try Self.refused(scratch).contains("policies/broken.yaml:2:"))
    try scratch.write("writ.yaml", "version: 1\n\"\(escaped)\": \"\(escaped)\"\ngenerated: \"\(escaped)\"\n")
    for arguments in [["check"], ["render"], ["check", "--format", "json"]] {
      let run = try Program.run(Program.writ, arguments, in: scratch.path)
      #expect(run.status == 1)
      expectHarmless(run)
    }
  }

  @Test func theDiffGivesNoOrders() throws {
    let scratch = try Scratch.withPolicy()
    _ = try scratch.writ("render")
    try scratch.write("generated/dbt/profiles.yml", Self.names.joined(separator: "\n") + "\n::error::x\n")
    let run = try scratch.writ("render", "--check")
    #expect(run.status == 2)
    expectHarmless(run)
    for name in Self.names where !name.contains("\n") && !name.contains("\r") {
      try scratch.write("generated/\(name)", "mine\n")
    }
    expectHarmless(try scratch.writ("render", "--check", "--format", "json"))
  }
}

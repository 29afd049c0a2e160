import Foundation
import TestSupport
import Testing

/// What an attacker writes anywhere (names, values, comments, files, branches, commits) gives no orders in any output.
@Suite struct OutputSafetyTests {
  /// Each of them alone does something to a terminal, to a reader's eyes or to a CI runner.
  static let marks = [
    "\u{1B}[31m", "\u{7}", "\u{202E}", "\u{2066}", "\u{200B}", "\u{FEFF}", "\u{9B}31m", "\u{2028}", "\u{AD}", "\u{E0041}", "\u{7F}",
    "::error::x",
    "\u{A0}::error::x", "a\n::error::x", "a\r::error::x", "a\r\n::error::x", "##[error]x", "##[\u{301}error]x", "##vso[task.x]y",
    "##teamcity[x]",
  ]

  static let checks = ["human", "json", "sarif", "github", "markdown", "junit", "rdjson", "gitlab"]
  static let diffs = ["human", "json", "markdown", "sarif", "github", "junit", "rdjson"]

  /// A history of three commits by somebody who puts the marks wherever git takes them: a small policy, one that gives
  /// access, and one that does not compile.
  private static let shared = Result { try repository() }

  private static func repository() throws -> Scratch {
    let scratch = try Scratch.withPolicy()
    try commit(scratch, "first")
    for (index, mark) in marks.enumerated() {
      let name = "\(index)\(mark.replacing("/", with: ""))"
      let visible = mark.unicodeScalars.allSatisfy { $0.value > 0x1F && $0.value < 0x7F }
      let reason = visible ? mark : "none"
      try scratch.write(
        "policies/ok\(name).yaml",
        "# \(reason)\nbindings:\n  - { role: writer, to: [worker], in: [dev], until: 2030-06-\(10 + index % 20), reason: \"\(reason)\" }\n")
      for folder in ["generated", ".github"] {
        try scratch.write("\(folder)/\(name)", "x\(mark)\n")
        try scratch.link("\(folder)/link\(name)", to: mark.replacing("/", with: ""))
      }
    }
    _ = try Program.run("/bin/sh", ["-c", "printf 'x\\377\\000\\n' > \"$(printf 'generated/\\377\\376')\""], in: scratch.path)
    try scratch.write("generated/dbt/profiles.yml", marks.joined(separator: "\n") + "\n")
    try commit(scratch, "second")
    for (index, mark) in marks.enumerated() {
      let name = "\(index)\(mark.replacing("/", with: ""))"
      let escaped = mark.unicodeScalars.map { $0.value < 0x7F && $0.value > 0x1F ? String($0) : "\\U" + hex($0.value) }.joined()
      try scratch.write(
        "policies/bad\(name).yaml",
        "roles:\n  \"r \(escaped)\": { inherits: [\"\(escaped)\"], can: { read: [\"\(escaped)\"] } }\nbindings:\n  - { role: \"\(escaped)\", to: [job], in: [dev] } # \(mark)\n"
      )
      try scratch.link("policies/link\(name).yaml", to: mark.replacing("/", with: ""))
    }
    _ = try Program.run("/bin/sh", ["-c", "printf 'a: 1\\n' > \"$(printf 'policies/\\377\\376.yaml')\""], in: scratch.path)
    try commit(scratch, "third")
    return scratch
  }

  private static func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// A commit whose author and message hold every mark, bytes that are not UTF-8, and a NUL; and a branch of such a name.
  private static func commit(_ scratch: Scratch, _ subject: String) throws {
    try scratch.git("add", "--all")
    let tree = try scratch.git("write-tree").trimmingCharacters(in: .newlines)
    let parent = try? scratch.git("rev-parse", "--verify", "--quiet", "HEAD").trimmingCharacters(in: .newlines)
    let all = marks.filter { !$0.contains("\n") && !$0.contains("\r\n") }.joined(separator: " ")
    let person =
      Array("\(all.replacing("\r", with: "")) ".utf8) + [0xFF, 0xC3]
      + Array(" <\(all.replacing("\r", with: ""))@x> 1700000000 +0000\n".utf8)
    var bytes = Array("tree \(tree)\n\(parent.map { "parent \($0)\n" } ?? "")".utf8)
    bytes += Array("author ".utf8) + person + Array("committer ".utf8) + person
    bytes += Array("\n::error::\(subject) \(all) ".utf8) + [0xFF, 0xC3] + Array("\n\n\(marks.joined(separator: "\n"))\n".utf8) + [0, 0x1B]
    try scratch.write("../\(URL(filePath: scratch.path).lastPathComponent).commit", bytes)
    defer { try? scratch.remove("../\(URL(filePath: scratch.path).lastPathComponent).commit") }
    let id = try scratch.git("hash-object", "-t", "commit", "-w", "--literally", scratch.path + ".commit").trimmingCharacters(in: .newlines)
    try scratch.git("update-ref", "refs/heads/main", id)
    for mark in ["\u{202E}", "\u{200B}", "\u{9B}31m", "##teamcity", "::error::"] {
      _ = try? scratch.git("update-ref", "refs/heads/\(subject)\(mark)", id)
    }
  }

  /// Runs a command on the fixture; what it must end with is for each test to say.
  private static func run(_ arguments: [String], format: String = "") throws -> Run {
    let run = try Program.run(Program.writ, arguments, in: try shared.get().path)
    #expect([0, 1, 2, 3, 64, 74, 77].contains(run.status), "\(arguments): \(run.everything.prefix(500))")
    expectHarmless(run, format: format)
    return run
  }

  @Test(arguments: checks) func noFormatOfCheckGivesOrders(_ format: String) throws {
    let broken = try Self.run(["check", "--at", "2026-11-20", "--format", format], format: format)
    #expect(broken.status == 1 && broken.output.contains("bad0"), "\(broken.everything.prefix(500))")
    #expect(try Self.run(["check", "--at", "2026-11-20", "--rev", "HEAD", "--format", format], format: format).output == broken.output)
    let fine = try Self.run(
      ["check", "--rev", "HEAD~1", "--notes", "--format", format].filter { format == "human" || $0 != "--notes" }, format: format)
    #expect(fine.status == 0, "\(fine.everything.prefix(500))")
  }

  @Test(arguments: diffs) func noFormatOfDiffGivesOrders(_ format: String) throws {
    let gained = try Self.run(["diff", "HEAD~2..HEAD~1", "--format", format], format: format)
    #expect(gained.status == 0 && !gained.output.isEmpty, "\(gained.everything.prefix(500))")
    #expect(try Self.run(["diff", "HEAD~1..HEAD", "--format", format], format: format).status == 1)
  }

  @Test(
    arguments: [
      ["log"], ["log", "worker"], ["drift", "--rev", "HEAD~1"], ["render", "--check", "--rev", "HEAD~1"],
      ["what-can", "worker", "--rev", "HEAD~1"], ["who-can", "write", "db/marts/x", "--rev", "HEAD~1"],
      ["why", "worker", "write", "db/marts/x", "--in", "dev", "--rev", "HEAD~1"],
      ["can", "worker", "write", "db/marts/x", "--in", "dev", "--rev", "HEAD~1"], ["test", "--rev", "HEAD~1"],
    ], ["human", "json"]) func noAnswerGivesOrders(_ arguments: [String], _ format: String) throws
  {
    let run = try Self.run(arguments + ["--format", format])
    #expect([0, 2].contains(run.status) && !run.output.isEmpty, "\(run.everything.prefix(500))")
    // That the commits' marks come this way at all.
    if ["log", "why"].contains(arguments[0]) { #expect(run.output.contains("31m")) }
  }

  /// What is typed may be somebody's branch or login.
  @Test(arguments: marks) func noArgumentGivesOrders(_ mark: String) throws {
    for arguments in [
      [mark], ["--\(mark)"], ["check", mark], ["check", "--rev", mark], ["check", "--rev", "first\(mark)"], ["check", "--repo", mark],
      ["check", "--at", mark],
      ["check", "--format", mark], ["check", "--baseline", mark], ["diff", mark], ["diff", "\(mark)..HEAD"],
      ["diff", "--approved-by", mark],
      ["can", mark, mark, mark, "--in", mark, "--rev", "HEAD~1"], ["can", "--batch", mark], ["who-can", mark, mark, "--rev", "HEAD~1"],
      ["what-can", mark, "--rev", "HEAD~1"], ["why", mark, mark, mark, "--rev", "HEAD~1"], ["log", mark], ["log", "-n", mark],
      ["explain", mark],
      ["schema", mark], ["import", mark, mark], ["import", "permifrost", mark], ["render", "--rev", mark], ["init", "--repo", mark],
      ["render", "--commit", "--rev", "HEAD~1", "--author", mark], ["drift", "--rev", mark], ["test", "--rev", mark],
    ] { _ = try Self.run(arguments) }
  }

  @Test func linesOfABatchGiveNoOrders() throws {
    let scratch = try Scratch.withPolicy()
    let questions = Self.marks.map { "{\"principal\":\"\($0)\",\"action\":\"\($0)\",\"resource\":\"\($0)\",\"environment\":\"\($0)\"}" }
    try scratch.write("questions.jsonl", Array((questions.joined(separator: "\n") + "\n").utf8) + [0xFF, 0, 0x1B, 0x0A])
    let run = try scratch.writ("can", "--batch", "questions.jsonl")
    expectHarmless(run)
    #expect(run.output.split(separator: "\n").count > Self.marks.count)
  }

  @Test(arguments: ["permifrost", "peribolos"]) func importsGiveNoOrders(_ format: String) throws {
    for mark in Self.marks {
      let escaped = mark.unicodeScalars.map { $0.value < 0x7F && $0.value > 0x1F ? String($0) : "\\U" + Self.hex($0.value) }.joined()
      let scratch = try Scratch.withPolicy()
      let text =
        format == "permifrost"
        ? "roles:\n  - \"\(escaped)\": { member_of: [\"\(escaped)\"] }\n"
        : "orgs:\n  \"\(escaped)\": { teams: { \"\(escaped)\": { members: [\"\(escaped)\"] } } }\n"
      try scratch.write("input.yaml", text + "# \(mark)\n")
      for more in [[], ["--format", "json"], ["--stdout"]] {
        expectHarmless(try Program.run(Program.writ, ["import", format, "input.yaml"] + more, in: scratch.path))
      }
    }
  }
}

import Foundation
import TestSupport
import Testing

@Suite struct FmtTests {
  private static let sloppy = "users:\n    ana: {email:  a@b.example}   # one\n\n\n\n# two\ngroups: {}\n"
  private static let tidy = "users:\n  ana: { email: a@b.example } # one\n\n# two\ngroups: {}\n"

  private static func scratch(_ text: String = sloppy) throws -> Scratch {
    let scratch = try Scratch.repository()
    try scratch.write("writ.yaml", "version:   1\n")
    try scratch.write("policies/a.yaml", text)
    try scratch.write("policies/deep/b.yml", "roles:\n- x\n")
    try scratch.write("policies/notes.txt", "a:   b\n")
    try scratch.write("other.yaml", "a:   b\n")
    return scratch
  }

  @Test func allFilesOfThePolicyAreFormatted() throws {
    let scratch = try Self.scratch()
    let run = try scratch.writ("fmt")
    #expect(run.status == 0 && run.errors.isEmpty)
    #expect(run.output == "formatted policies/a.yaml\nformatted policies/deep/b.yml\nformatted writ.yaml\n")
    #expect(try scratch.read("policies/a.yaml") == Self.tidy)
    #expect(try scratch.read("policies/deep/b.yml") == "roles:\n  - x\n")
    #expect(try scratch.read("writ.yaml") == "version: 1\n")
    #expect(try scratch.read("policies/notes.txt") == "a:   b\n" && scratch.read("other.yaml") == "a:   b\n")
    #expect(try scratch.files() == ["other.yaml", "policies/a.yaml", "policies/deep/b.yml", "policies/notes.txt", "writ.yaml"])
    let before = try scratch.state()
    let again = try scratch.writ("fmt")
    #expect(again.status == 0 && again.output == "3 files are formatted already\n")
    #expect(try scratch.state() == before)
  }

  @Test func checkWritesNothingAndShowsWhatDiffers() throws {
    let scratch = try Self.scratch()
    let before = try scratch.state()
    let run = try scratch.writ("fmt", "--check")
    #expect(run.status == 2)
    #expect(run.output.contains("--- policies/a.yaml\n+++ policies/a.yaml (formatted)\n@@ -1,7 +1,5 @@\n"))
    #expect(
      run.output.contains("-    ana: {email:  a@b.example}   # one\n") && run.output.contains("+  ana: { email: a@b.example } # one\n"))
    #expect(run.output.contains("--- writ.yaml"))
    #expect(run.errors == "3 files are laid out otherwise; `writ fmt` formats them\n")
    #expect(try scratch.state() == before)
    #expect(try scratch.writ("fmt").status == 0)
    #expect(try scratch.writ("fmt", "--check").status == 0)
  }

  @Test func pathsChooseFiles() throws {
    let scratch = try Self.scratch()
    #expect(try scratch.writ("fmt", "policies/deep").output == "formatted policies/deep/b.yml\n")
    #expect(try scratch.writ("fmt", "../a.yaml", in: "policies/deep").output == "formatted policies/a.yaml\n")
    #expect(try scratch.writ("fmt", scratch.url("writ.yaml").path, in: "policies").output == "formatted writ.yaml\n")
    for path in ["other.yaml", "policies/notes.txt", "policies/none.yaml", ".git", "/etc/passwd", ".."] {
      let run = try scratch.writ("fmt", path)
      #expect(run.status == 64 && run.errors.contains("is no file of this policy"), "\(path): \(run.everything)")
    }
    #expect(try scratch.writ("fmt", "nowhere/at/all.yaml").status == 74)
    #expect(try scratch.writ("fmt", "-", "writ.yaml").status == 64)
  }

  @Test func standardInputIsFormattedForEditors() throws {
    let scratch = try Scratch()
    func fmt(_ text: String, _ options: String = "") throws -> Run {
      try scratch.write("input", text)
      return try Program.run("/bin/sh", ["-c", "writ fmt \(options) - < input"], in: scratch.path)
    }
    let run = try fmt(Self.sloppy)
    #expect(run.status == 0 && run.output == Self.tidy && run.errors.isEmpty)
    let broken = try fmt("a: [\n")
    #expect(broken.status == 1 && broken.output.isEmpty && broken.errors.contains("standard input:"))
    #expect(try fmt(Self.sloppy, "--check").status == 2)
    #expect(try fmt(Self.tidy, "--check").status == 0)
    #expect(try fmt("").output.isEmpty)
    // An editor puts the result into the place of its text: what looks like a secret is its own.
    let token = "gh" + "p_" + String(repeating: "aB3", count: 12)
    #expect(try fmt("# \(token)\nusers:   {}\n").output == "# \(token)\nusers: {}\n")
  }

  @Test func whatHasErrorsIsLeftAloneAndTheRestIsFormatted() throws {
    let scratch = try Self.scratch()
    let broken = "roles:\n    x:   [a\n"
    try scratch.write("policies/broken.yaml", broken)
    let run = try scratch.writ("fmt")
    #expect(run.status == 1 && run.errors.contains("policies/broken.yaml:") && run.errors.contains("error[W0103]"))
    #expect(try scratch.read("policies/broken.yaml") == broken)
    #expect(try scratch.read("policies/a.yaml") == Self.tidy)
    let unusual = "   --- # a\n"
    try scratch.write("policies/broken.yaml", unusual)
    let gap = try scratch.writ("fmt")
    #expect(gap.status == 70 && gap.errors.contains("`policies/broken.yaml` was left as it is"), "\(gap.everything)")
    #expect(try scratch.read("policies/broken.yaml") == unusual)
  }

  @Test func linksAreRefused() throws {
    let scratch = try Self.scratch()
    try scratch.write("outside/target.yaml", "a:   b\n")
    try scratch.link("policies/link.yaml", to: "../outside/target.yaml")
    try scratch.link("policies/folder", to: "../outside")
    let run = try scratch.writ("fmt")
    #expect(run.status == 1 && run.errors.contains("`policies/link.yaml` is a symbolic link"))
    #expect(try scratch.writ("fmt", "policies/link.yaml").status == 3)
    #expect(try scratch.writ("fmt", "policies/folder/target.yaml").status == 64)
    #expect(try scratch.read("outside/target.yaml") == "a:   b\n")
  }

  @Test func permissionsStayAsTheyAre() throws {
    let scratch = try Self.scratch()
    let path = scratch.url("policies/a.yaml").path
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    #expect(try scratch.writ("fmt").status == 0)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o640)
  }

  @Test func differencesThatNobodySeesAreShownAndSecretsAreNot() throws {
    let scratch = try Self.scratch("\u{FEFF}connections:\r\n  c: { password:   hunter2 }  \r\n# ##[error]x\r\n::warning")
    try scratch.write("policies/a.yaml", "\u{FEFF}connections:\r\n    c: { password:   hunter2,  x: y }  \r\n# ##[error]x")
    let run = try scratch.writ("fmt", "--check", "policies/a.yaml")
    #expect(run.status == 2)
    #expect(
      run.output == """
        --- policies/a.yaml
        +++ policies/a.yaml (formatted)
        @@ -1,3 +1,3 @@
        -<byte order mark>connections:␍
        -    c: { password:   •••••••,  x: y }··␍
        -# ##\\[error]x<no line break>
        +connections:
        +  c: { password: •••••••, x: y }
        +# ##\\[error]x

        """)
  }

  // MARK: What there is

  @Test(arguments: ["", "examples/analytics-team", "examples/one-identity-per-job"]) func thePoliciesOfThisProjectAreFormatted(
    _ folder: String
  ) throws {
    let run = try Program.run(Program.writ, ["fmt", "--check"], in: Golden.root.appending(path: folder).path)
    #expect(run.status == 0, "\(run.everything)")
  }

  @Test func aNewPolicyIsFormatted() throws {
    let scratch = try Scratch.repository()
    #expect(try scratch.writ("init").status == 0)
    let run = try scratch.writ("fmt", "--check")
    #expect(run.status == 0, "\(run.everything)")
  }

  /// A made-up organisation, laid out in another way: formatting gives back what compiles to the same.
  @Test func aLargePolicyMeansTheSameAfterwards() throws {
    let scratch = try Scratch.repository()
    #expect(try Program.run(Program.folder.appending(path: "dev").path, ["corpus", "S", "corpus"], in: scratch.path).status == 0)
    #expect(try scratch.writ("render", in: "corpus").status == 0)
    #expect(try scratch.writ("fmt", in: "corpus").status == 0)
    #expect(try scratch.writ("render", "--check", in: "corpus").status == 0)
    let files = try scratch.files(below: "corpus/policies")
    #expect(files.count > 20)
    let tidy = try files.map { try scratch.read("corpus/policies/\($0)") }
    for (file, text) in zip(files, tidy) {
      let wide = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        (line.isEmpty ? "" : "   ") + line + (line.hasSuffix("}") ? "  " : "")
      }
      try scratch.write("corpus/policies/\(file)", wide.joined(separator: "\r\n"))
    }
    #expect(try scratch.writ("render", "--check", in: "corpus").status == 0)
    #expect(try scratch.writ("fmt", in: "corpus").status == 0)
    for (file, text) in zip(files, tidy) { #expect(try scratch.read("corpus/policies/\(file)") == text, "\(file)") }
  }
}

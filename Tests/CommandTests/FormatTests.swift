import Foundation
import TestSupport
import Testing

/// The formats of `check` and `diff`, as the commands print them.
@Suite struct FormatTests {
  static let check = ["json", "sarif", "github", "markdown", "junit", "rdjson", "gitlab"]
  static let diff = ["json", "sarif", "github", "markdown", "junit", "rdjson"]

  @Test(arguments: check) func noFormatChangesTheExitCode(_ format: String) throws {
    let scratch = try Scratch.withPolicy()
    #expect(try scratch.writ("check", "--format", format).status == 0)
    try scratch.write("policies/warning.yaml", SmallPolicy.warning)
    #expect(try scratch.writ("check", "--format", format).status == 0)
    #expect(try scratch.writ("check", "--format", format, "--strict").status == 1)
    try scratch.write("policies/broken.yaml", SmallPolicy.broken)
    let run = try scratch.writ("check", "--format", format)
    #expect(run.status == 1)
    #expect(run.errors.isEmpty)
    #expect(run.output.contains("writter"))
    #expect(run.output.contains("policies/broken.yaml"))
  }

  @Test(arguments: ["sarif", "rdjson", "gitlab", "json"]) func whatIsJSONIsJSON(_ format: String) throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/bröken \"x\"\n.yaml", SmallPolicy.broken)
    let run = try scratch.writ("check", "--format", format)
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(run.output.utf8)) }
  }

  @Test func placesAreThoseOfTheRepository() throws {
    let scratch = try Scratch.withPolicy(below: "access control/%")
    try scratch.write("access control/%/policies/broken.yaml", SmallPolicy.broken)
    let sarif = try scratch.writ("check", "--format", "sarif", in: "access control/%").output
    #expect(sarif.contains("\"uri\": \"access%20control/%25/policies/broken.yaml\""), "\(sarif)")
    let github = try scratch.writ("check", "--format", "github", in: "access control/%").output
    #expect(github.hasPrefix("::error file=access control/%25/policies/broken.yaml,line=2,endLine=2,col=13,endColumn=20,"), "\(github)")
  }

  @Test(arguments: [["check", "--format", "yaml"], ["diff", "--format", "gitlab"], ["diff", "--format", "html"]])
  func aFormatThatIsNoneNamesThose(
    _ arguments: [String]
  ) throws {
    let scratch = try Scratch.withPolicy()
    let run = try Program.run(Program.writ, arguments, in: scratch.path)
    #expect(run.status == 64)
    for name in ["human"] + (arguments[0] == "check" ? Self.check : Self.diff) { #expect(run.errors.contains(name), "\(run.errors)") }
    #expect(run.output.isEmpty)
  }

  @Test(arguments: diff) func aDiffExitsAlikeInAllFormats(_ format: String) throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write(
      "policies/rules.yaml",
      "guardrails:\n  calm: { never: { who: [worker], can: [write], resources: [db/**] } }\napprovals:\n  care: { resources: [db/**], by: [ana] }\n"
    )
    try scratch.commit("base")
    #expect(try scratch.writ("diff", "--format", format).status == 0)
    try scratch.write("policies/gain.yaml", "bindings:\n  - { role: writer, to: [worker], in: [dev] }\n")
    let run = try scratch.writ("diff", "--format", format)
    #expect(run.status == 1)
    #expect(run.output.contains("calm"))
    #expect(run.output.contains("policies/gain.yaml"))
    #expect(run.output.contains("care"), "\(run.output)")
  }

  @Test(arguments: ["sarif", "github", "junit", "rdjson"]) func aMissingReviewFailsWhereItWasAskedAbout(_ format: String) throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/rules.yaml", "approvals:\n  care: { resources: [db/**], by: [ana] }\n")
    try scratch.commit("base")
    try scratch.write("policies/gain.yaml", "bindings:\n  - { role: writer, to: [worker], in: [dev] }\n")
    let mark =
      ["sarif": "\"level\": \"error\"", "github": "::error ", "junit": "<failure ", "rdjson": "\"severity\": \"ERROR\""][format] ?? ""
    #expect(!(try scratch.writ("diff", "--format", format).output.contains(mark)))
    let asked = try scratch.writ("diff", "--format", format, "--approved-by", "")
    #expect(asked.status == 1)
    #expect(asked.output.contains(mark), "\(asked.output)")
    let given = try scratch.writ("diff", "--format", format, "--approved-by", "ana")
    #expect(given.status == 0)
    #expect(!given.output.contains(mark))
  }

  @Test(arguments: check) func hostileNamesGiveNoOrders(_ format: String) throws {
    let scratch = try Scratch.withPolicy()
    for name in ["::error::x", "a\n::error file=b::c", "%0A::warning::d", "##[error]e", "]](f)", "<script>g"] {
      try scratch.write("policies/\(name).yaml", SmallPolicy.broken)
      try scratch.link("policies/link \(name).yaml", to: "/etc/passwd")
    }
    let run = try scratch.writ("check", "--format", format)
    #expect(run.status == 1)
    // A reader of reports prints names as it pleases.
    if format == "junit" {
      #expect(run.output.contains("a\\u{a}::error file=b::c") && !run.output.contains(/name="[^"]*&#10;/), "\(run.output)")
    }
    for line in run.output.split(whereSeparator: \.isNewline) {
      #expect(!line.contains("##["), "\(line)")
      let order = line.drop(while: \.isWhitespace)
      if order.hasPrefix("::") {
        #expect(format == "github" && order.prefixMatch(of: /::(error|warning|notice) (file=[^:,]*,|title=)/) != nil, "\(line)")
      }
      // In markdown, what stands between backticks is code.
      let plain = format == "markdown" ? String(line).replacing(/`[^`]*`/, with: "") : String(line)
      if format == "junit" || format == "markdown" { #expect(!plain.contains("<script"), "\(line)") }
    }
  }
}

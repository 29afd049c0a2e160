import Artifacts
import Foundation
import Testing

@testable import PolicyCompiler

/// However much there is to say, each format stays within what its host takes, and says what it leaves out.
@Suite struct BoundTests {
  /// A report of many problems, the errors last.
  private static func many(warnings: Int, errors: Int, length: Int = 20) -> FindingReport {
    let sources = SourceMap([SourceFile(path: "policies/a.yaml", text: "users: {}\n")])
    let span = SourceSpan(file: 0, start: 0, end: 5)
    let long = String(repeating: "|`x_", count: length)
    let all =
      (0..<warnings).map { Diagnostic(.ended, "warning \($0) \(long)", at: span) }
      + (0..<errors).map { Diagnostic(.unknownRole, "error \($0) \(long)", at: span, help: long) }
    return FindingReport(all, sources, at: Compiling.instant, version: "0.0.0", root: "writ.yaml", summary: "many")
  }

  @Test(arguments: [(3, 2, 10), (3_000, 900, 10), (5, 5, 40_000)]) func markdownFitsAComment(_ warnings: Int, _ errors: Int, _ length: Int)
  {
    let text = CheckMarkdown(Self.many(warnings: warnings, errors: errors, length: length)).text
    #expect(text.utf8.count <= 65_000)
    #expect(text.contains("error 0 "))
    #expect(text.contains("left out for want of room") == (warnings == 3_000))
    #expect(text.contains(" characters … ") == (length == 40_000))
    #expect(text.components(separatedBy: "<details>").count == text.components(separatedBy: "</details>").count)
    // A cut never opens a table that a statement then stands in.
    #expect(text.hasSuffix("</sub>\n"))
  }

  @Test func gitHubShowsTenOfAKindAndTheLogHasTheRest() {
    let lines = GitHubAnnotations.text(Self.many(warnings: 30, errors: 12)).split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("::error ") } == 10)
    #expect(lines.count { $0.hasPrefix("::warning ") } == 10)
    #expect(lines.firstIndex { $0.hasPrefix("::warning ") } == 10, "errors come first")
    #expect(lines[9].hasSuffix("::3 more are in the log of this step"))
    #expect(lines.count { $0.hasPrefix("policies/a.yaml:1:1: ") } == 3 + 21)
    #expect(lines.last == "many")
    let ten = GitHubAnnotations.text(Self.many(warnings: 0, errors: 10))
    #expect(!ten.contains("more are in the log"))
    #expect(ten.contains("error 9 "))
  }

  @Test func sarifKeepsTheWorst() throws {
    let text = SARIF.document(Self.many(warnings: 5_100, errors: 10)).text
    let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let run = try #require((document["runs"] as? [[String: Any]])?.first)
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.count == 5_000)
    #expect(results.count { $0["level"] as? String == "error" } == 10)
    #expect(text.contains("110 more findings are left out"))
  }

  @Test func aDiffFitsACommentAndKeepsWhatMattersMost() throws {
    let users = (0..<400).map { "  user_\($0)_\(String(repeating: "x", count: 60)): {}\n" }.joined()
    let base = """
      environments: { dev: {}, prod: { protected: true } }
      users:
        ana: {}
      \(users)
      systems: { db: { type: postgres, owners: [ana], environments: { dev: { host: dev.acme.example, database: shop }, prod: { host: db.acme.example, database: shop } } } }
      guardrails:
        calm: { never: { who: [users], can: [write], resources: [db/public/secret], in: [prod] } }

      """
    let bindings = (0..<400).map {
      "  - { to: [user_\($0)_\(String(repeating: "x", count: 60))], can: { write: [db/public/secret, db/t\($0)/**] }, in: [prod, dev] }\n"
    }.joined()
    let changed = base.replacing("ana: {}", with: "ana: { email: \"\(String(repeating: "a", count: 300))@acme.example\" }")
    let it = try Comparing.diff(
      [SourceFile(path: "policies/a.yaml", text: base)], [SourceFile(path: "policies/a.yaml", text: changed + "bindings:\n" + bindings)],
      isStrict: false)
    let report = DiffReport(it.diff, it.sources, names: ("base", "head"), artifacts: [])
    let text = DiffMarkdown(report).text
    #expect(text.utf8.count <= 65_000)
    #expect(text.contains("❌ blocked"))
    #expect(text.contains("**Violates"))
    #expect(text.contains("violations left out for want of room: `writ diff` shows all"))
    #expect(text.contains("**Gains in protected environments**"))
    #expect(text.contains("gains left out for want of room"))
    #expect(text.hasSuffix("</sub>\n"))
    let findings = FindingReport(report, version: "0.0.0", root: "writ.yaml")
    #expect(findings.findings.count > 400)
    #expect(GitHubAnnotations.text(findings).split(separator: "\n").count { $0.hasPrefix("::") } <= 30)
  }
}

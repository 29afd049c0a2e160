import Foundation
import TestSupport
import Testing

@testable import PolicyCompiler

/// What each format makes of the same problems: `Reports/<case>/policies` is compiled, the rest is expected. The conformance
/// tests show these files to whatever reads them.
@Suite struct ReportGoldenTests {
  static let root = Golden.root.appending(path: "Tests/PolicyCompilerTests/Reports")
  static let cases: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []).sorted()

  static func report(_ name: String) throws -> FindingReport {
    let files = try Golden.files(below: root.appending(path: "\(name)/policies")).map { SourceFile(path: "policies/\($0)", bytes: $1) }
    return report(files)
  }

  static func report(_ files: [SourceFile]) -> FindingReport {
    let found = Compiling.diagnostics(files)
    return FindingReport(
      found.diagnostics, found.sources, at: Compiling.instant, version: "0.0.0", root: "writ.yaml",
      summary: "\(files.count) policy files checked: \(DiagnosticPrinter.summary(found.diagnostics))")
  }

  /// As the commands print them.
  static func formats(_ report: FindingReport) -> [String: String] {
    [
      "expected.sarif": SafeText.json(SARIF.document(report).text), "expected.github": GitHubAnnotations.text(report),
      "expected.md": CheckMarkdown(report).text,
      "expected.junit.xml": SafeText.escapedLines(CheckJUnit(report, strict: false).junit.text),
      "expected.rdjson": SafeText.json(RDJSON.document(report).text),
      "expected.gitlab.json": SafeText.json(GitLabCodeQuality.document(report).text),
    ]
  }

  @Test(arguments: cases) func eachFormatIsAsExpected(_ name: String) throws {
    let folder = Self.root.appending(path: name)
    var actual = Self.formats(try Self.report(name)).mapValues { Array($0.utf8) }
    for (path, bytes) in try Golden.files(below: folder) where path.hasPrefix("policies/") { actual[path] = bytes }
    #expect(try Golden.differences(actual, in: folder) == [])
  }

  @Test func thereAreCases() { #expect(Self.cases.count >= 4) }

  @Test(arguments: cases) func theOrderOfFilesMakesNoDifference(_ name: String) throws {
    let files = try Golden.files(below: Self.root.appending(path: "\(name)/policies")).map { SourceFile(path: "policies/\($0)", bytes: $1) }
    #expect(Self.formats(Self.report(files)) == Self.formats(Self.report(files.reversed())))
  }

  @Test(arguments: cases) func noSecretAndNoOrderIsInAny(_ name: String) throws {
    for (format, text) in Self.formats(try Self.report(name)) {
      #expect(!text.contains("hunter2"), "\(format)")
      let orders = text.split(whereSeparator: \.isNewline).filter { $0.drop(while: \.isWhitespace).hasPrefix("::") }
      #expect(format == "expected.github" || orders.isEmpty, "\(format)")
      // Of GitHub's only those that Writ gives: a kind, properties of known names, and one line.
      for order in orders {
        #expect(
          order.prefixMatch(of: /::(error|warning|notice) (file=[^:,]*(,(line|endLine|col|endColumn)=\d+)*,)?title=[^:,]*::/) != nil,
          "\(order)")
      }
      for mark in ["##[", "##vso[", "\u{1B}"] { #expect(!text.contains(mark), "\(format)") }
    }
  }
}

import Artifacts
import Foundation
import TestSupport
import Testing

@testable import PolicyCompiler

/// Whole scenarios in all formats: a folder each, with `base/` and `head/` beside what is expected.
@Suite struct DiffGoldenTests {
  static let root = Golden.root.appending(path: "Tests/PolicyCompilerTests/Diffs")
  static let cases: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []).sorted()

  @Test(arguments: cases) func aDiffReadsAsExpected(_ name: String) throws {
    let folder = Self.root.appending(path: name)
    func files(_ side: String) throws -> [SourceFile] {
      try Golden.files(below: folder.appending(path: side)).map { SourceFile(path: "policies/\($0)", bytes: $1) }
    }
    let compared = try Comparing.diff(try files("base"), try files("head"))
    let (diff, sources) = (compared.diff, compared.sources)
    let sides = ArtifactDiff.Sides(old: diff.old.policy, new: diff.new.policy, onlyBindingsDiffer: compared.onlyBindingsDiffer)
    let artifacts = ArtifactDiff.changes(diff, sides)
    let names = (old: "main (1a2b3c4)", new: "5d6e7f8")
    let findings = FindingReport(
      DiffReport(diff, sources, names: names, artifacts: artifacts), version: "0.0.0", root: "writ.yaml")
    let formats = [
      "expected.sarif": SafeText.json(SARIF.document(findings).text), "expected.github": GitHubAnnotations.text(findings),
      "expected.rdjson": SafeText.json(RDJSON.document(findings).text),
      "expected.junit.xml": SafeText.escapedLines(
        DiffJUnit(DiffReport(diff, sources, names: names, artifacts: artifacts)).junit.text),
      "expected.txt": SafeText.escapedLines(DiffText(DiffReport(diff, sources, names: names, artifacts: artifacts)).text),
      "expected.md": DiffMarkdown(DiffReport(diff, sources, names: names, artifacts: artifacts)).text,
      "expected.json": DiffJSON.document(DiffReport(diff, sources, names: names, artifacts: artifacts)).text,
    ]
    let schema = try MiniSchema(json: DiffJSON.schema.text)
    #expect(try schema.problem(try .init(json: formats["expected.json"] ?? "")) == nil)
    for (file, text) in formats.sorted(by: { $0.key < $1.key }) {
      let url = folder.appending(path: file)
      if Golden.isBlessing { try Data(text.utf8).write(to: url) }
      let expected = (try? Data(contentsOf: url)).map { String(decoding: $0, as: UTF8.self) }
      #expect(expected == text, "\(name)/\(file) differs\(expected == nil ? ": it has no golden" : "")")
    }
    let known = Set(formats.keys).union(["base", "head"])
    #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) == known)
  }

  @Test func thereAreCases() { #expect(Self.cases.count >= 4) }
}

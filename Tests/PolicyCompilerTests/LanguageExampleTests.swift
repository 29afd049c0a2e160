import Artifacts
import Foundation
import PolicyCompiler
import TestSupport
import Testing

/// The example with which docs/language.md introduces every section compiles as it stands.
@Suite struct LanguageExampleTests {
  @Test func theExampleOfTheLanguageCompiles() throws {
    let text = try String(contentsOf: Golden.root.appending(path: "docs/language.md"), encoding: .utf8)
    let begin = try #require(text.range(of: "## Sections, by example\n\n```yaml\n"))
    let end = try #require(text.range(of: "```", range: begin.upperBound..<text.endIndex))
    let source = SourceFile(path: "policies/example.yaml", text: String(text[begin.upperBound..<end.lowerBound]))
    let instant = try #require(Instant("2026-11-20T22:00:00Z"))
    let compilation = Compiler(grammar: .complete, at: instant).compile([source])
    let policy = try #require(compilation.policy)
    let rendered = ArtifactCompiler.render(policy)
    let said = (compilation.diagnostics + rendered.diagnostics).inOrder().filter { $0.severity != .note }
    #expect(said.isEmpty, "\(DiagnosticPrinter(sources: compilation.sources).text(said))")
  }
}

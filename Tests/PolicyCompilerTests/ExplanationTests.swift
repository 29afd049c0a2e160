import Artifacts
import PolicyCompiler
import Testing

/// Each code's explanation is true: its rejected policy gives exactly that code, its accepted one nothing.
@Suite struct ExplanationTests {
  @Test(arguments: Explanation.all) func theRejectedPolicyGivesExactlyThisCode(_ it: Explanation) {
    guard let found = Self.diagnostics(it, \.rejected) else { return }
    let said = found.diagnostics.filter { $0.severity != .note || it.code.severity == .note }
    #expect(!said.isEmpty, "nothing is said")
    #expect(said.allSatisfy { $0.code == it.code }, "\(Self.text(found))")
    #expect(said.allSatisfy { $0.severity == it.code.severity || it.code == .emptyAudience })
  }

  @Test(arguments: Explanation.all) func theAcceptedPolicyGivesNothing(_ it: Explanation) {
    guard let found = Self.diagnostics(it, \.accepted) else { return }
    #expect(found.diagnostics.isEmpty, "\(Self.text(found))")
  }

  @Test(arguments: Explanation.all) func itFitsATerminal(_ it: Explanation) {
    let message = Self.diagnostics(it, \.rejected).map(Self.text) ?? ""
    let text = it.text(width: 80, message: message)
    #expect(text.hasPrefix(it.code.rawValue) && text.hasSuffix("\n"))
    #expect(!text.contains("\n\n\n"))
    // Everything but policies and messages, which are shown as they are.
    for line in text.split(separator: "\n") where !line.hasPrefix("    ") { #expect(line.count <= 80, "\(line)") }
  }

  @Test(arguments: Explanation.all) func itIsWrittenInSentences(_ it: Explanation) {
    #expect(!it.title.hasSuffix(".") && it.title.first?.isUppercase == false || it.title.hasPrefix("YAML"), "\(it.title)")
    #expect(it.meaning.hasSuffix(".") && it.mending.hasSuffix(".") && it.meaning.count > 80)
  }

  @Test func onlyWhatIsNotAboutTextHasNoExample() {
    let outside = Explanation.all.filter { if case .outside = $0.example { true } else { false } }.map(\.code)
    #expect(outside == [.unreadableFile, .lookAlike, .unsearchedFile, .staleBaseline])
  }

  @Test func codesAreUniqueAndExplainThemselves() {
    #expect(Explanation.all.map(\.code) == DiagnosticCode.allCases)
    #expect(Set(Explanation.all.map(\.title)).count == DiagnosticCode.allCases.count)
  }

  @Test func wordsAreWrappedAtTheWidth() {
    let it = Explanation.of(.tabIndentation)
    #expect(it.text(width: 60).split(separator: "\n").allSatisfy { $0.hasPrefix("    ") || $0.count <= 60 })
    #expect(it.line == "W0104  error    a tab where spaces belong")
  }

  @Test func markdownHasTheMessageOfTheRejectedPolicy() {
    let markdown = Explanation.of(.tabIndentation).markdown(message: "policies/policy.yaml:2:1: error\n")
    #expect(markdown.hasPrefix("## W0104: a tab where spaces belong\n\n*Error.* YAML does not"))
    #expect(markdown.contains("```text\npolicies/policy.yaml:2:1: error\n```"))
    #expect(markdown.hasSuffix("```\n"))
  }

  private typealias Files = (rejected: [Explanation.File], accepted: [Explanation.File])

  /// Nil where there is no example.
  private static func diagnostics(_ it: Explanation, _ side: KeyPath<Files, [Explanation.File]>) -> (
    sources: SourceMap, diagnostics: [Diagnostic]
  )? {
    switch it.example {
    case .outside: return nil
    case .policies(let rejected, let accepted): return diagnostics((rejected, accepted)[keyPath: side])
    case .imports(let format, let rejected, let accepted):
      let sources = SourceMap((rejected, accepted)[keyPath: side].map(\.source))
      return (sources, format.importer.policy(from: sources, options: .example(format)).diagnostics)
    }
  }

  /// As `writ check` finds them: a root's settings beside its policies.
  private static func diagnostics(_ files: [Explanation.File]) -> (sources: SourceMap, diagnostics: [Diagnostic]) {
    if let settings = files.first(where: { $0.path == "writ.yaml" }) {
      let parsed = RootSettings.parse(settings.source)
      return (parsed.sources, parsed.diagnostics.inOrder())
    }
    return Compiling.diagnostics(files.map(\.source))
  }

  private static func text(_ found: (sources: SourceMap, diagnostics: [Diagnostic])) -> String {
    DiagnosticPrinter(sources: found.sources).text(found.diagnostics)
  }
}

extension Explanation: CustomTestStringConvertible {
  public var testDescription: String { code.rawValue }
}

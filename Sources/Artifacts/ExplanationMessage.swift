package import PolicyCompiler

extension Explanation {
  /// What Writ says of the rejected example, as a person sees it; empty where there is none.
  ///
  /// Judged at a fixed instant, so that what is printed does not depend on the day.
  package var message: String {
    if case .imports(let format, let rejected, _) = example {
      let sources = SourceMap(rejected.map(\.source))
      let said = format.importer.policy(from: sources, options: .example(format)).diagnostics.filter { $0.code == code }
      return DiagnosticPrinter(sources: sources.masked()).text(said)
    }
    guard case .policies(let rejected, _) = example else { return "" }
    if let settings = rejected.first(where: { $0.path == RootSettings.fileName }) {
      let read = RootSettings.parse(settings.source)
      return DiagnosticPrinter(sources: read.sources).text(read.diagnostics.inOrder())
    }
    let compilation = Compiler(grammar: .complete, at: Self.instant).compile(rejected.map(\.source))
    let rendered = compilation.policy.map { ArtifactCompiler.render($0).diagnostics } ?? []
    let found = compilation.diagnostics + rendered
    let said = (found + compilation.secretProblems(beside: found)).inOrder().filter { $0.code == code }
    return DiagnosticPrinter(sources: compilation.sources).text(said)
  }

  /// 2026-11-20T22:00:00Z.
  private static let instant = Instant(seconds: 1_795_212_000)
}

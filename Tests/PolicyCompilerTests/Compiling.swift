import Artifacts
import PolicyCompiler

/// Compiles and renders as `writ check` does, at the instant that all tests judge at.
enum Compiling {
  static let instant = Instant("2026-11-20T22:00:00Z")!

  static func diagnostics(_ files: [SourceFile]) -> (sources: SourceMap, diagnostics: [Diagnostic]) {
    let compilation = Compiler(grammar: .complete, at: instant).compile(files)
    let rendered = compilation.policy.map { ArtifactCompiler.render($0).diagnostics } ?? []
    let found = compilation.diagnostics + rendered
    return (compilation.sources, (found + compilation.secretProblems(beside: found)).inOrder())
  }

  static func diagnostics(_ text: String) -> [Diagnostic] {
    diagnostics([SourceFile(path: "policies/policy.yaml", text: text)]).diagnostics
  }

  /// What a person sees.
  static func text(_ files: [SourceFile]) -> String {
    let found = diagnostics(files)
    return DiagnosticPrinter(sources: found.sources).text(found.diagnostics)
  }

  /// The policy, for tests of what it gives; it must be without errors.
  static func policy(_ text: String) throws -> CompiledPolicy {
    let compilation = Compiler(grammar: .complete, at: instant).compile([SourceFile(path: "policies/policy.yaml", text: text)])
    guard let policy = compilation.policy, !compilation.diagnostics.hasErrors else {
      throw Unexpected(text: DiagnosticPrinter(sources: compilation.sources).text(compilation.diagnostics.inOrder()))
    }
    return policy
  }

  struct Unexpected: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
  }
}

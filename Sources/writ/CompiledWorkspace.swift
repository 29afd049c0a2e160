import Artifacts
import PolicyCompiler

/// A workspace compiled at an instant: what `check` reports and `render` writes.
struct CompiledWorkspace {
  let sources: SourceMap
  let artifacts: [Artifact]
  /// In the order in which they are printed.
  let diagnostics: [Diagnostic]
  let fileCount: Int
  /// Whether guardrails and tests were judged.
  let areRulesJudged: Bool
  /// Kept until the process ends: to take a policy apart, piece by piece, is a good part of a check.
  private let compilation: Compilation
  /// The errors that keep the policy from compiling, or from being judged: no baseline can hold them.
  let obstacles: Set<Diagnostic>

  /// - Parameter needsBytes: whether the artifacts' contents are wanted.
  init(_ workspace: Workspace, at instant: Instant, needsBytes: Bool) throws {
    let (files, problems) = try workspace.policyFiles()
    let compilation = Compiler(grammar: .complete, at: instant).compile(files)
    var diagnostics = problems + compilation.diagnostics
    obstacles = Set(diagnostics.filter { $0.severity == .error && $0.code != .guardrailBroken && $0.code != .testFailed })
    var artifacts: [Artifact] = []
    if let policy = compilation.policy {
      let rendered = ArtifactCompiler.render(policy, needsBytes: needsBytes)
      artifacts = rendered.value
      diagnostics += rendered.diagnostics
    }
    sources = compilation.sources
    self.artifacts = artifacts
    self.diagnostics = diagnostics.inOrder()
    fileCount = files.count
    areRulesJudged = compilation.areRulesJudged
    self.compilation = compilation
  }

  /// Whether a warning counts, too.
  func fails(strict: Bool) -> Bool { diagnostics.fail(strict: strict) }
}

extension [Diagnostic] {
  /// Whether they make a command fail.
  func fail(strict: Bool) -> Bool { contains { $0.severity == .error || (strict && $0.severity == .warning) } }
}

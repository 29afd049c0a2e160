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

  /// - Parameters:
  ///   - needsBytes: whether the artifacts' contents are wanted.
  ///   - searchesGenerated: whether generated files are searched for secrets, and what lies beside them.
  init(_ workspace: Workspace, at instant: Instant, needsBytes: Bool, searchesGenerated: Bool = false) throws {
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
    diagnostics += compilation.secretProblems(beside: diagnostics)
    var others: [SourceFile] = []
    if searchesGenerated {
      let found = try SecretSearch(workspace).found(numberedFrom: files.count, none: compilation.textsMarkedAsNone)
      diagnostics += found.diagnostics
      others = found.files
    }
    sources = others.isEmpty ? compilation.sources : SourceMap(ordered: compilation.sources.files + others)
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

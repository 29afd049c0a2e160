import Artifacts

@testable import PolicyCompiler

/// Two policies, compiled and compared as `writ diff` does.
enum Comparing {
  /// - Parameter isStrict: whether both must be without errors.
  static func diff(
    _ old: [SourceFile], _ new: [SourceFile], grammar: Grammar = .complete, at instant: Instant = Compiling.instant,
    options: AccessDiff.Options = .init(), isStrict: Bool = true
  ) throws -> (diff: AccessDiff, sources: SourceMap) {
    let compiled = Compiler(grammar: grammar, at: instant).compile(old: old, new: new)
    func side(_ compilation: Compilation) throws -> PolicySide {
      guard let policy = compilation.policy, !isStrict || !compilation.diagnostics.hasErrors else {
        throw Compiling.Unexpected(text: DiagnosticPrinter(sources: compilation.sources).text(compilation.diagnostics.inOrder()))
      }
      return PolicySide(documents: compilation.documents, policy: policy)
    }
    return (
      AccessDiff(grammar, from: try side(compiled.old), to: try side(compiled.new), at: instant, options: options), compiled.old.sources
    )
  }

  static func diff(
    _ old: String, _ new: String, grammar: Grammar = .complete, options: AccessDiff.Options = .init(), isStrict: Bool = true
  ) throws -> AccessDiff {
    try diff(
      [SourceFile(path: "policies/policy.yaml", text: old)], [SourceFile(path: "policies/policy.yaml", text: new)], grammar: grammar,
      options: options, isStrict: isStrict
    ).diff
  }

  static func text(_ old: [SourceFile], _ new: [SourceFile], options: AccessDiff.Options = .init()) throws -> String {
    let it = try diff(old, new, options: options)
    return DiffText(DiffReport(it.diff, it.sources, names: ("base", "head"), artifacts: ArtifactDiff.changes(it.diff))).text
  }
}

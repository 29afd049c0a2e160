import Artifacts

@testable import PolicyCompiler

/// Two policies, compiled and compared as `writ diff` does.
enum Comparing {
  struct Compared {
    let diff: AccessDiff
    let sources: SourceMap
    let onlyBindingsDiffer: Bool

    var text: String {
      let sides = ArtifactDiff.Sides(old: diff.old.policy, new: diff.new.policy, onlyBindingsDiffer: onlyBindingsDiffer)
      return DiffText(DiffReport(diff, sources, names: ("base", "head"), artifacts: ArtifactDiff.changes(diff, sides))).text
    }
  }

  /// - Parameters:
  ///   - isStrict: whether both must be without errors.
  ///   - isSharing: whether the one may be made from the other.
  static func diff(
    _ old: [SourceFile], _ new: [SourceFile], grammar: Grammar = .complete, at instant: Instant = Compiling.instant,
    options: AccessDiff.Options = .init(), isStrict: Bool = true, isSharing: Bool = true
  ) throws -> Compared {
    let compiled = Compiler(grammar: grammar, at: instant).compile(old: old, new: new, isSharing: isSharing)
    func side(_ compilation: Compilation) throws -> PolicySide {
      guard let policy = compilation.policy, !isStrict || !compilation.diagnostics.hasErrors else {
        throw Compiling.Unexpected(text: DiagnosticPrinter(sources: compilation.sources).text(compilation.diagnostics.inOrder()))
      }
      return PolicySide(documents: compilation.documents, policy: policy)
    }
    let diff = AccessDiff(
      grammar, from: try side(compiled.old), to: try side(compiled.new), at: instant, options: options,
      onlyBindings: compiled.onlyBindingsDiffer)
    return Compared(diff: diff, sources: compiled.old.sources, onlyBindingsDiffer: compiled.onlyBindingsDiffer)
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
    try diff(old, new, options: options).text
  }
}

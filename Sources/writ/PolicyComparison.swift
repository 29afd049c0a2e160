import Artifacts
import GitStore
import PolicyCompiler

/// Two revisions of a policy, compiled and compared.
struct PolicyComparison {
  let report: DiffReport

  /// - Parameters:
  ///   - old: nil where there was no policy: then all of the new one is gained.
  ///   - new: likewise: then all of the old one is lost.
  ///   - note: what is to be said of the sides.
  ///
  /// Throws `BrokenBase` where the old side does not compile, `Failure` where the new one does not.
  init(
    _ old: Workspace?, _ new: Workspace?, names: (old: String, new: String), at instant: Instant, options: AccessDiff.Options,
    note: String? = nil
  ) throws {
    let after = try new?.policySnapshot()
    let before = try old?.policySnapshot(known: after?.files ?? [])
    func files(_ snapshot: [SnapshotFile]?) -> [SourceFile] { (snapshot ?? []).map { SourceFile(path: $0.path, bytes: $0.bytes) } }
    let compiled = Compiler(grammar: .complete, at: instant).compile(old: files(before?.files), new: files(after?.files))
    // Secrets of the old side are nobody's fault here: the change may be the one that takes them out.
    let left: PolicySide
    do {
      left = try Self.side(compiled.old, Self.obstacles(compiled.old, before?.problems ?? []), names.old)
    } catch {
      throw BrokenBase(failure: error)
    }
    let secrets = compiled.new.secretProblems(beside: compiled.new.diagnostics)
    let right = try Self.side(compiled.new, ((after?.problems ?? []) + secrets + compiled.new.diagnostics).errors, names.new)
    let rendered = ArtifactDiff.Sides(old: left.policy, new: right.policy, onlyBindingsDiffer: compiled.onlyBindingsDiffer)
    let files = try Self.settings(old, new) + Self.baseline(old, new) + Self.delivery(old, new) + Self.foreign(old, new, rendered)
    let diff = AccessDiff(
      .complete, from: left, to: right, at: instant, files: files, options: options, onlyBindings: compiled.onlyBindingsDiffer)
    report = DiffReport(diff, compiled.old.sources, names: names, artifacts: ArtifactDiff.changes(diff, rendered), note: note)
  }

  /// What of an old side keeps it from being compared. A secret where a reference belongs does not: without its value, which is
  /// shown nowhere, the policy is what it was.
  static func obstacles(_ compilation: Compilation, _ problems: [Diagnostic]) -> [Diagnostic] {
    (problems + compilation.diagnostics).errors.filter { $0.code != .literalSecret }
  }

  /// Throws `Failure` where a side does not compile: half a policy cannot be compared.
  private static func side(_ compilation: Compilation, _ errors: [Diagnostic], _ name: String) throws(Failure) -> PolicySide {
    guard errors.isEmpty, let policy = compilation.policy else {
      let printer = DiagnosticPrinter(sources: compilation.sources, useColor: Terminal.messagesUseColor, width: Terminal.width)
      Terminal.say(printer.text(errors) + "\n")
      throw Failure(.policyErrors, "the policy at \(name) has errors, so it cannot be compared")
    }
    return PolicySide(documents: compilation.documents, policy: policy)
  }

  // MARK: Files beside the policy

  private static func settings(_ old: Workspace?, _ new: Workspace?) -> [TrustChange] {
    guard let old, let new else { return [] }
    if old.prefix != new.prefix {
      return [
        TrustChange(
          section: "settings", name: new.settingsFile.path, path: "", impact: .delivery, before: old.settingsFile.path,
          after: new.settingsFile.path, note: "the policy root moved")
      ]
    }
    return RootSettings.changes(from: old.settingsFile, to: new.settingsFile)
  }

  /// What fails nobody any more. A baseline that cannot be read holds nothing.
  private static func baseline(_ old: Workspace?, _ new: Workspace?) throws -> [TrustChange] {
    guard let workspace = new ?? old else { return [] }
    func read(_ workspace: Workspace?) throws -> Baseline? {
      try workspace?.baseline(Baseline.fileName).flatMap { try? Baseline.read($0) }
    }
    return Baseline.changes(from: try read(old), to: try read(new), path: workspace.folder(Baseline.fileName))
  }

  private static func delivery(_ old: Workspace?, _ new: Workspace?) throws -> [TrustChange] {
    guard let old, let new else { return [] }
    return changes(
      try old.deliveryFiles(), try new.deliveryFiles(), note: "what runs on a change, or who must review it, is decided there")
  }

  /// Files among the generated ones that Writ does not make.
  private static func foreign(_ old: Workspace?, _ new: Workspace?, _ rendered: ArtifactDiff.Sides) throws -> [TrustChange] {
    func others(_ workspace: Workspace?, _ artifacts: [Artifact]) throws -> [UTF8Key: FileBeside] {
      guard let workspace else { return [:] }
      let own = Set(artifacts.map { UTF8Key($0.path) })
      let (files, problems) = try workspace.generatedFiles()
      let others = files.filter { !own.contains($0.key) && $0.key != UTF8Key(ArtifactIndex.path) }
      return FileBeside.all(others.map { (workspace.folder(workspace.settings.generated) + "/" + $0.key.text, $0.value) }, problems)
    }
    return changes(
      try others(old, rendered.old), try others(new, rendered.new),
      note: "it lies among the generated files, but the policy does not make it")
  }

  private static func changes(_ before: [UTF8Key: FileBeside], _ after: [UTF8Key: FileBeside], note: String) -> [TrustChange] {
    Set(before.keys).union(after.keys).sorted().compactMap { path in
      let (one, other) = (before[path], after[path])
      guard one != other else { return nil }
      return TrustChange(
        section: "file", name: path.text, path: "", impact: .delivery, before: one?.text, after: other?.text, note: note)
    }
  }
}

/// An old side that does not compile.
struct BrokenBase: Error {
  let failure: Failure
}

extension [Diagnostic] {
  fileprivate var errors: [Diagnostic] { filter { $0.severity == .error }.inOrder() }
}

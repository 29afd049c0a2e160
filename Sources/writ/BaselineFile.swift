import GitStore
import PolicyCompiler

/// The file of known problems below a policy root: read as the policy is, from the work tree or from a revision.
struct BaselineFile {
  private let name: String
  private let workspace: Workspace

  /// - Parameter name: its path from the policy root.
  init(_ name: String, _ workspace: Workspace) {
    self.name = name
    self.workspace = workspace
  }

  private var path: String { workspace.folder(name) }

  /// Throws `Failure` where it cannot be used: to take it for none would fail everybody for what is known.
  ///
  /// - Parameter isExpected: whether it must be there.
  func read(isExpected: Bool) throws -> Baseline? {
    guard let bytes = try workspace.baseline(name) else {
      if isExpected { throw Failure(.inputOutput, "there is no baseline `\(path)`", help: "`writ check --write-baseline` writes one") }
      return nil
    }
    do throws(Baseline.Unreadable) {
      return try Baseline.read(bytes)
    } catch {
      let help = "write it anew with `writ check --write-baseline`, or leave it out with --no-baseline"
      switch error {
      case .malformed(let why): throw Failure(.policyErrors, "the baseline `\(path)` cannot be used: \(why)", help: help)
      case .version(let version):
        throw Failure(
          .policyErrors, "the baseline `\(path)` has version `\(version)`, which this Writ does not know", help: "update Writ, or \(help)")
      }
    }
  }

  /// Records what is wrong now. Throws `Failure` where not everything could be judged.
  func write(_ compiled: CompiledWorkspace) throws {
    let obstacles = compiled.diagnostics.filter(compiled.obstacles.contains)
    guard obstacles.isEmpty else {
      let printer = DiagnosticPrinter(sources: compiled.sources, useColor: Terminal.messagesUseColor, width: Terminal.width)
      Terminal.say(printer.text(obstacles) + "\n")
      throw Failure(
        .policyErrors,
        "no baseline was written: \(DiagnosticPrinter.summary(obstacles)) \(obstacles.count == 1 ? "keeps" : "keep") the policy from being judged",
        help: "mend \(obstacles.count == 1 ? "it" : "them") first: a baseline holds what can be judged and is wrong")
    }
    let baseline = Baseline(compiled.diagnostics, compiled.sources)
    try FolderWriter(root: workspace.root, folder: workspace.prefix).write(Array(SafeText.json(baseline.json.text).utf8), to: name)
    let count = baseline.entries.reduce(0) { $0 + $1.count }
    Terminal.write(SafeText.escaped("wrote \(path): \(count) \(count == 1 ? "problem" : "problems"), which `writ check` lets pass") + "\n")
  }
}

extension Baseline {
  /// What is new of a compiled policy, and a warning where entries match nothing any more.
  func judge(_ compiled: CompiledWorkspace, path: String) -> Verdict {
    var verdict = judge(compiled.diagnostics, compiled.sources, isComplete: compiled.obstacles.isEmpty) {
      !compiled.obstacles.contains($0)
    }
    if !verdict.stale.isEmpty {
      verdict.remaining = (verdict.remaining + [.staleBaseline(verdict.stale, path: path)]).inOrder()
    }
    return verdict
  }
}

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
    let bytes: [UInt8]
    switch try workspace.entry(name) {
    case .absent:
      if isExpected { throw Failure(.inputOutput, "there is no baseline `\(path)`", help: "`writ check --write-baseline` writes one") }
      return nil
    case .file(let file): bytes = file.bytes
    case .folder: throw unusable("it is a folder")
    case .problem(let problem):
      let subject = UTF8Key(problem.path) == UTF8Key(path) ? "it" : "`\(problem.path)`"
      throw unusable("\(subject) \(problem.untold)")
    }
    do throws(Baseline.Unreadable) {
      return try Baseline.read(bytes)
    } catch {
      let help = "delete it and write it anew with `writ check --write-baseline`, or leave it out with --no-baseline"
      switch error {
      case .malformed(let why): throw Failure(.policyErrors, "the baseline `\(path)` cannot be used: \(why)", help: help)
      case .version(let version):
        throw Failure(
          .policyErrors, "the baseline `\(path)` has version `\(version)`, which this Writ does not know", help: "update Writ, or \(help)")
      }
    }
  }

  private func unusable(_ why: String) -> Failure {
    Failure(
      .policyErrors, "the baseline `\(path)` cannot be used: \(why)",
      help: "put the file itself there, or leave it out with --no-baseline")
  }

  // MARK: Writing

  /// Refuses every place that is not a baseline's: only an absent file or a baseline is ever written over.
  func checkMayWrite() throws {
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).compactMap { String($0) }
    guard !name.utf8.contains(0), !parts.contains(where: { ["", ".", ".."].contains($0) }) else {
      throw Failure(
        .badUsage, "`\(name)` is not a file below the policy root",
        help: "write its path from the folder of `\(RootSettings.fileName)`, without `.` and `..`")
    }
    if let owner = owner(parts.map { $0.lowercased() }) {
      throw Failure(.badUsage, "no baseline can be `\(path)`: \(owner)", help: "leave the name out for `\(Baseline.fileName)`")
    }
    let what: String
    switch try workspace.entry(name) {
    case .absent: return
    case .file(let file):
      if (try? Baseline.read(file.bytes)) != nil { return }
      what = "`\(path)` is there and is no baseline of this Writ"
    case .folder: what = "`\(path)` is a folder"
    case .problem(let problem): what = "`\(problem.path)` \(problem.untold)"
    }
    throw Failure(.badUsage, "\(what), so no baseline is written over it", help: "move it away, or name another file")
  }

  /// Whose a path is, if not a baseline's: in any case, since file systems may fold it.
  ///
  /// - Parameter parts: in lower case.
  private func owner(_ parts: [String]) -> String? {
    if parts.contains(".git") { return "what is in `.git` is git's" }
    if parts == [RootSettings.fileName] { return "it holds the settings" }
    for (folder, whose) in [(workspace.settings.policies, "policy files"), (workspace.settings.generated, "generated files")] {
      let folder = folder.utf8.split(separator: UInt8(ascii: "/")).compactMap { String($0)?.lowercased() }
      guard parts.starts(with: folder) || folder.starts(with: parts) else { continue }
      return "`\(workspace.folder(folder.joined(separator: "/")))` is for \(whose)"
    }
    return nil
  }

  /// Records what is wrong now. Throws `Failure` where not everything could be judged.
  func write(_ compiled: CompiledWorkspace) throws {
    let secrets = compiled.diagnostics.filter { $0.severity == .error && !compiled.obstacles.contains($0) && !Baseline.canHold($0) }
    let obstacles = (compiled.diagnostics.filter(compiled.obstacles.contains) + secrets).inOrder()
    guard obstacles.isEmpty else {
      let printer = DiagnosticPrinter(sources: compiled.sources, useColor: Terminal.messagesUseColor, width: Terminal.width)
      Terminal.say(printer.text(obstacles) + "\n")
      throw Failure(
        .policyErrors,
        "no baseline was written: it could not hold \(obstacles.count == 1 ? "1 error" : "\(obstacles.count) errors")",
        help: "mend \(obstacles.count == 1 ? "it" : "them") first: a baseline holds what can be judged and is wrong, and no secrets")
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

extension SnapshotProblem {
  /// The message, without what a link leads to.
  fileprivate var untold: String {
    if case .symlink = self { return "is a symbolic link, and a baseline is read and written through none" }
    return message
  }
}

import ArgumentParser
import Artifacts
import GitStore
import PolicyCompiler

struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Writes every artifact of the policy below the folder of generated files.",
    discussion: """
      Files that Writ made before and that are no longer wanted are deleted; files of others are never touched. Nothing is \
      written where the policy has errors. With --check nothing is written at all: exit code 2 and a diff when what is \
      there differs.
      """)

  @OptionGroup var policy: PolicyOptions

  @Flag(help: "Write nothing; exit 2 and show what differs.")
  var check = false

  @Flag(help: "Replace files that are in the way although Writ did not make them.")
  var force = false

  @Option(help: "How to print.")
  var format = OutputFormat.human

  @Flag(help: "Treat warnings as errors.")
  var strict = false

  func run() throws {
    try reporting {
      if policy.revision != nil, !check {
        throw Failure(
          .badUsage, "a revision can be compared, but not rendered into the work tree", help: "add --check, or check the revision out")
      }
      let workspace = try policy.workspace()
      let compiled = try CompiledWorkspace(workspace, at: policy.moment, needsBytes: true)
      let printer = DiagnosticPrinter(sources: compiled.sources, useColor: Terminal.messagesUseColor, width: Terminal.width)
      let shown = compiled.diagnostics.filter { $0.severity != .note }
      if !shown.isEmpty { Terminal.say(printer.text(shown) + "\n") }
      if compiled.fails(strict: strict) {
        throw Failure(.policyErrors, "nothing was written: \(DiagnosticPrinter.summary(shown))")
      }
      let existing = try workspace.generatedFiles()
      // A link among the generated files is no obstacle as long as nothing has to go through it.
      let folder = GeneratedFolder(compiled.artifacts, existing: existing.files)
      for problem in existing.problems where Self.blocks(problem, folder, workspace) {
        throw Failure(
          problem.isUnsafe ? .refused : .inputOutput, "`\(problem.path)` \(problem.message)",
          help: problem.isUnsafe ? "Writ writes through no symbolic link and into no other repository: move it away" : nil)
      }
      if check { try report(folder, workspace) } else { try write(folder, workspace, policyFiles: compiled.fileCount) }
    }
  }

  private static func blocks(_ problem: SnapshotProblem, _ folder: GeneratedFolder, _ workspace: Workspace) -> Bool {
    let root = workspace.folder(workspace.settings.generated)
    switch problem {
    // What was not listed may be in the way of anything.
    case .tooManyFiles, .tooManyBytes: return true
    default: if problem.path == root || root.hasPrefix(problem.path + "/") { return true }
    }
    return (folder.changes.map(\.path) + [ArtifactIndex.path]).contains { path in
      let full = "\(root)/\(path)"
      return full == problem.path || full.hasPrefix(problem.path + "/") || problem.path.hasPrefix(full + "/")
    }
  }

  private func report(_ folder: GeneratedFolder, _ workspace: Workspace) throws {
    let name = workspace.folder(workspace.settings.generated)
    switch format {
    case .json: Terminal.write(json(folder, name))
    case .human:
      if folder.isUpToDate {
        Terminal.write("\(name) is what the policy says\n")
      } else {
        Terminal.write(SafeText.escapedLines(folder.difference(in: name)))
        let count = folder.changes.count
        Terminal.say(
          count == 0
            ? "\(name) lacks Writ's list of its files; `writ render` writes it\n"
            : "\(count) \(count == 1 ? "file differs" : "files differ") from what the policy says; `writ render` writes \(count == 1 ? "it" : "them")\n"
        )
      }
    }
    if !folder.isUpToDate { throw ExitCode.differences }
  }

  private func write(_ folder: GeneratedFolder, _ workspace: Workspace, policyFiles: Int) throws {
    let name = workspace.folder(workspace.settings.generated)
    if let path = folder.occupied.first {
      throw Failure(
        .refused, "`\(name)/\(path)` is a folder with files that Writ did not make, so no file can take its place", help: "move them away")
    }
    // Most likely the folder is missing or misspelt, and not everybody's access gone.
    if policyFiles == 0, folder.deletions > 0, !force {
      throw Failure(
        .refused,
        "`\(workspace.folder(workspace.settings.policies))` holds no policy file, so \(folder.deletions) generated \(folder.deletions == 1 ? "file" : "files") would be deleted",
        help: "see `policies` in `writ.yaml`; --force deletes them")
    }
    if !folder.obstacles.isEmpty, !force {
      throw Failure(
        .refused, "Writ did not make \(folder.obstacles.map { "`\(name)/\($0)`" }.joined(separator: ", ")), so it does not replace it",
        help: "move it away, or write over it with --force")
    }
    try folder.write(with: FolderWriter(root: workspace.root, folder: name))
    switch format {
    case .json: Terminal.write(json(folder, name))
    case .human:
      for change in folder.changes { Terminal.write("\(Self.verb(change)) \(SafeText.escaped("\(name)/\(change.path)"))\n") }
      if folder.changes.isEmpty { Terminal.write("\(name) is what the policy says already\n") }
    }
  }

  private static func verb(_ change: GeneratedFolder.Change) -> String {
    switch change {
    case .create: "created"
    case .update: "updated"
    case .delete: "deleted"
    }
  }

  private func json(_ folder: GeneratedFolder, _ name: String) -> JSON {
    .members([
      "version": 1, "folder": .string(name), "upToDate": .boolean(folder.isUpToDate),
      "changes": .array(
        folder.changes.map { change in
          let action =
            switch change {
            case .create: "create"
            case .update: "update"
            case .delete: "delete"
            }
          return .members(["action": .string(action), "path": .string(change.path)])
        }), "foreign": .array(folder.foreign.map { .string($0) }),
    ])
  }
}

extension SnapshotProblem {
  /// Whether it leads elsewhere, or is no file at all: not for want of rights or room.
  fileprivate var isUnsafe: Bool {
    switch self {
    case .symlink, .submodule, .notAFile, .wrongKind: true
    default: false
    }
  }
}

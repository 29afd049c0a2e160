import Artifacts
import GitStore
import PolicyCompiler

/// What keeps generated files from being written, before anything is.
struct RenderGuards {
  let workspace: Workspace
  let folder: GeneratedFolder

  private var name: String { workspace.folder(workspace.settings.generated) }

  /// Refuses what could not be read where a file is to go. A link among the generated files is no obstacle as long as
  /// nothing has to go through it.
  func check(_ problems: [SnapshotProblem]) throws {
    for problem in problems where blocks(problem) {
      throw Failure(
        problem.isUnsafe ? .refused : .inputOutput, "`\(problem.path)` \(problem.message)",
        help: problem.isUnsafe ? "Writ writes through no symbolic link and into no other repository: move it away" : nil)
    }
  }

  private func blocks(_ problem: SnapshotProblem) -> Bool {
    switch problem {
    // What was not listed may be in the way of anything.
    case .tooManyFiles, .tooManyBytes: return true
    default: if problem.path == name || name.hasPrefix(problem.path + "/") { return true }
    }
    return (folder.changes.map(\.path) + [ArtifactIndex.path]).contains { path in
      let full = "\(name)/\(path)"
      return full == problem.path || full.hasPrefix(problem.path + "/") || problem.path.hasPrefix(full + "/")
    }
  }

  /// Refuses to replace what Writ did not make, and to delete everything.
  func checkMayWrite(policyFiles: Int, force: Bool) throws {
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

import CLibgit2

/// Where a repository is: paths without symbolic links and without a slash at the end.
package struct RepositoryLocation: Sendable, Hashable {
  /// The root of the work tree; nil for a bare repository.
  package var workTree: String?
  /// The repository's own folder: `.git`, or `.git/worktrees/<name>` for a linked work tree.
  package var gitDirectory: String
  /// What all work trees share: objects, branches, configuration.
  package var commonDirectory: String
  /// Where the folder that was asked for is below `workTree`, as `git rev-parse --show-prefix`
  /// says it: empty at the root, else without a slash at either end.
  package var prefix: String
  /// The `.git` *file* that a linked work tree or submodule has in place of a folder.
  var gitFile: String?

  package var isBare: Bool { workTree == nil }
}

extension RepositoryLocation {
  /// - Parameter folder: what was asked for, without symbolic links.
  init(
    of repository: borrowing Handle<RepositoryKind>, configuration: borrowing Configuration, openedAt folder: String
  ) throws(GitError) {
    guard
      let gitPath = unsafe git_repository_path(repository.pointer),
      let commonPath = unsafe git_repository_commondir(repository.pointer)
    else { throw GitError(.libraryFailure, "libgit2 does not say where `\(folder)` keeps its repository") }
    let directory = Self.withoutTrailingSlash(unsafe String(cString: gitPath))
    gitDirectory = directory
    let common = Self.withoutTrailingSlash(unsafe String(cString: commonPath))
    commonDirectory = realPath(common) ?? common
    if let path = unsafe git_repository_workdir(repository.pointer) {
      workTree = Self.withoutTrailingSlash(unsafe String(cString: path))
    }

    // libgit2 1.5 does not read `config.worktree`, where git moves `core.bare` and `core.worktree`
    // once `extensions.worktreeConfig` is set.
    if configuration.bool("extensions.worktreeconfig") == true,
      let own = try? Self.worktreeConfiguration(directory)
    {
      if own.bool("core.bare") == true { workTree = nil }
      if let path = own.string("core.worktree") {
        workTree = realPath(path.hasPrefix("/") ? path : "\(directory)/\(path)") ?? workTree
      }
    }

    prefix = workTree.map { Self.path(folder, below: $0) } ?? ""
    if let workTree, FileStatus(path: "\(workTree)/.git")?.kind == .file { gitFile = "\(workTree)/.git" }
  }

  private static func worktreeConfiguration(
    _ directory: String
  ) throws(LibraryError) -> Configuration {
    let configuration = try Configuration()
    try configuration.add(file: "\(directory)/config.worktree", level: GIT_CONFIG_LEVEL_LOCAL)
    return configuration
  }

  private static func withoutTrailingSlash(_ path: String) -> String {
    path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  private static func path(_ folder: String, below root: String) -> String {
    let start = root == "/" ? "/" : root + "/"
    return folder.hasPrefix(start) ? String(folder.dropFirst(start.count)) : ""
  }
}

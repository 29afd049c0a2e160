import CLibgit2

/// Git's settings as a command in this repository sees them: system, user, repository, work tree and `GIT_CONFIG_COUNT`,
/// with conditional includes; the last one counts. Read only for making commits: reading a policy depends on none of them.
struct CommitSettings: ~Copyable {
  private let files: Configuration
  private let environment: GitEnvironment

  init(_ repository: borrowing Repository) throws(GitError) {
    let location = repository.location
    environment = repository.origin.environment
    let levels =
      UserConfiguration.paths(in: environment) + [
        ("\(location.commonDirectory)/config", GIT_CONFIG_LEVEL_LOCAL),
        ("\(location.gitDirectory)/config.worktree", GIT_CONFIG_LEVEL_APP),
      ]
    do {
      files = try Self.read(levels, repository.handle)
    } catch {
      throw error.unexpected("read the git configuration")
    }
  }

  private static func read(
    _ levels: [(String, git_config_level_t)], _ repository: borrowing Handle<RepositoryKind>
  ) throws(LibraryError) -> Configuration {
    let files = try Configuration()
    for (path, level) in levels { try files.add(file: path, level: level, for: repository) }
    return files
  }

  func string(_ name: String) -> String? {
    (files.values(of: name) + UserConfiguration.valuesFromVariables(name, environment)).last.flatMap { $0.isEmpty ? nil : $0 }
  }

  func bool(_ name: String) -> Bool {
    if let value = UserConfiguration.valuesFromVariables(name, environment).last {
      return !["", "0", "false", "no", "off"].contains(value.lowercased())
    }
    return files.bool(name) ?? false
  }
}

extension Repository {
  /// Whether git was told to sign every commit, which Writ does not.
  package func wantsSignedCommits() throws(GitError) -> Bool { try CommitSettings(self).bool("commit.gpgsign") }
}

/// Files of a repository that look like a repository themselves.
///
/// Git stores no `.git`, but a commit may well hold a folder with `HEAD`, `config`, `objects/` and `refs/`, which whoever
/// works in it takes for a bare repository, with history and configuration as its author likes them. Git's own answer is the
/// setting `safe.bareRepository`: https://git-scm.com/docs/git-config#Documentation/git-config.txt-safebareRepository
enum EmbeddedRepository {
  /// - Parameter folder: what was opened, without symbolic links.
  static func check(_ location: RepositoryLocation, openedAt folder: String, _ environment: GitEnvironment) throws(GitError) {
    let mark = Array(".git".utf8)
    // From elsewhere only a file `.git` leads there.
    guard folder == location.gitDirectory || folder.hasPrefix(location.gitDirectory + "/") else { return }
    let parts = location.gitDirectory.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) }
    // What is called `.git`, or is inside of one, no commit can have brought.
    if parts.contains(mark) { return }
    var outer = ""
    for part in parts {
      if FileStatus(path: outer + "/.git") != nil {
        let values = try UserConfiguration.load(environment).values(of: "safe.barerepository")
        if values.last?.lowercased() == "all" { return }
        throw .embedded(location.gitDirectory, in: outer.isEmpty ? "/" : outer)
      }
      outer += "/" + String(decoding: part, as: UTF8.self)
    }
  }
}

extension GitError {
  fileprivate static func embedded(_ path: String, in outer: String) -> Self {
    Self(
      .unsafeOwner,
      "`\(escaped(path))` looks like a repository, but is inside of another one's work tree (`\(escaped(outer))`): it may be files that "
        + "somebody committed",
      hint: "use a clone outside of it; or, if you trust every commit: `git config --global safe.bareRepository all`")
  }
}

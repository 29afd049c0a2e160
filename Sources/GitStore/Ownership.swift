import Glibc

/// Git's rule that a repository of somebody else is not trusted, unless `safe.directory` says so.
///
/// libgit2 1.5 has a check of its own, but one that knows neither `*` nor `GIT_CONFIG_*`; it is
/// switched off. From `git help config`, "safe.directory", and git's setup.c.
enum Ownership {
  static func check(_ location: RepositoryLocation, _ environment: GitEnvironment) throws(GitError) {
    let paths = [location.workTree, location.gitFile, location.gitDirectory].compactMap(\.self)
    guard let foreign = paths.first(where: { !isOwnedByUser($0, environment) }) else { return }

    let folder = location.workTree ?? location.gitDirectory
    guard try !isDeclaredSafe(folder, environment) else { return }
    throw .unsafeOwner(folder: folder, foreign: foreign)
  }

  private static func isOwnedByUser(_ path: String, _ environment: GitEnvironment) -> Bool {
    guard let status = FileStatus(path: path) else { return false }
    let user = geteuid()
    if status.owner == user { return true }
    // Under sudo, root also trusts the files of the user who called it.
    return user == 0 && environment["SUDO_UID"].flatMap { UInt32($0) } == status.owner
  }

  private static func isDeclaredSafe(
    _ folder: String, _ environment: GitEnvironment
  ) throws(GitError) -> Bool {
    var isSafe = false
    for value in try UserConfiguration.load(environment).values(of: "safe.directory") {
      if value.isEmpty {
        isSafe = false  // An empty value forgets everything before it.
      } else if matches(value, folder, environment) {
        isSafe = true
      }
    }
    return isSafe
  }

  private static func matches(
    _ value: String, _ folder: String, _ environment: GitEnvironment
  ) -> Bool {
    if value == "*" { return true }
    var path = value
    if path.hasPrefix("~/"), let home = environment["HOME"] { path = home + path.dropFirst() }
    if path.hasSuffix("/*") { return folder.hasPrefix(path.dropLast()) }
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path == folder || realPath(path) == folder
  }
}

extension GitError {
  fileprivate static func unsafeOwner(folder: String, foreign: String) -> Self {
    Self(
      .unsafeOwner, "the repository `\(folder)` belongs to another user (see `\(foreign)`)",
      hint: "if you trust it: `git config --global --add safe.directory \(folder)`")
  }
}

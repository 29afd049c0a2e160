import CLibgit2

/// A git repository, open for reading; ``commit(_:)`` alone writes.
///
/// Not for use by two threads at once: each worker opens its own by ``forWorker()`` or from the
/// `Sendable` ``origin``, which costs less than a millisecond. Nothing here runs a program from the
/// repository, follows a symbolic link or opens a connection; see ``MissingObjects`` for the one
/// exception that a partial clone's owner has asked for.
package struct Repository: ~Copyable {
  /// How to open this repository again, on any thread.
  package struct Origin: Sendable, Hashable {
    package var location: RepositoryLocation
    package var environment: GitEnvironment
  }

  package let origin: Origin
  package var location: RepositoryLocation { origin.location }
  /// Whether the clone leaves out objects on purpose, to be fetched from its promisor remote.
  package let isPartialClone: Bool

  let handle: Handle<RepositoryKind>
  let objects: ObjectReader

  /// Opens the repository that `path` is in, looking upward as git does: to the root of the file
  /// system, but not across a mount (unless `GIT_DISCOVERY_ACROSS_FILESYSTEM`), and not above
  /// `GIT_CEILING_DIRECTORIES`. `GIT_DIR` has no say: `path` was asked for.
  package static func open(
    at path: String, environment: GitEnvironment = .current
  ) throws(GitError) -> Repository {
    try Library.ensureStarted()
    guard !path.utf8.contains(0), let folder = realPath(path.isEmpty ? "." : path) else {
      throw GitError(.notARepository, "`\(escaped(path))` does not exist, or may not be read")
    }
    let handle = try discover(from: folder, environment)
    let configuration = try readConfiguration(handle, folder)
    try RepositoryFormat.check(configuration)
    let location = try RepositoryLocation(
      of: handle, configuration: configuration, openedAt: folder)
    try Ownership.check(location, environment)
    try EmbeddedRepository.check(location, openedAt: folder, environment)
    return try Repository(
      handle: handle, origin: Origin(location: location, environment: environment),
      promisor: PromisorRemote(in: configuration))
  }

  /// The same repository for another thread, without looking for it or checking it again.
  package func forWorker() throws(GitError) -> Repository { try origin.open() }

  /// Whether history was cut when cloning (`--depth`), so that older commits are not here.
  package var isShallow: Bool { unsafe git_repository_is_shallow(handle.pointer) == 1 }

  fileprivate init(
    handle: consuming Handle<RepositoryKind>, origin: Origin, promisor: PromisorRemote?
  ) throws(GitError) {
    self.origin = origin
    isPartialClone = promisor != nil
    objects = try ObjectReader(handle, origin: origin, promisor: promisor)
    self.handle = handle
  }

  private static func discover(
    from folder: String, _ environment: GitEnvironment
  ) throws(GitError) -> Handle<RepositoryKind> {
    var flags: UInt32 = 0
    if environment.flag("GIT_DISCOVERY_ACROSS_FILESYSTEM") == true {
      flags |= GIT_REPOSITORY_OPEN_CROSS_FS.rawValue
    }
    let ceilings = environment["GIT_CEILING_DIRECTORIES"] ?? ""
    do {
      return try unsafe Handle { unsafe git_repository_open_ext(&$0, folder, flags, ceilings) }
    } catch {
      throw error.isNotFound ? notFound(from: folder) : RepositoryFormat.refusal(error, path: folder)
    }
  }

  fileprivate static func readConfiguration(
    _ handle: borrowing Handle<RepositoryKind>, _ path: String
  ) throws(GitError) -> Configuration {
    do {
      return try Configuration(of: handle)
    } catch {
      throw RepositoryFormat.refusal(error, path: path)
    }
  }

  /// Nothing found; or a `.git` file on the way up which leads nowhere, which git also stops at.
  private static func notFound(from folder: String) -> GitError {
    var current = folder[...]
    while !current.isEmpty {
      if FileStatus(path: "\(current)/.git")?.kind == .file {
        return .danglingGitFile("\(current)/.git")
      }
      current = current.lastIndex(of: "/").map { current[..<$0] } ?? ""
    }
    return .notARepository(folder)
  }
}

extension Repository.Origin {
  /// Opens the repository on the calling thread.
  package func open() throws(GitError) -> Repository {
    try Library.ensureStarted()
    let path = location.gitDirectory
    let handle: Handle<RepositoryKind>
    do {
      handle = try unsafe Handle { unsafe git_repository_open(&$0, path) }
    } catch {
      throw RepositoryFormat.refusal(error, path: path)
    }
    let configuration = try Repository.readConfiguration(handle, path)
    return try Repository(
      handle: handle, origin: self, promisor: PromisorRemote(in: configuration))
  }
}

extension GitError {
  fileprivate static func notARepository(_ folder: String) -> Self {
    Self(
      .notARepository, "`\(escaped(folder))` is not in a git repository",
      hint: "run in a clone, make one with `git init`, or leave out --rev to read the files as they are")
  }

  fileprivate static func danglingGitFile(_ path: String) -> Self {
    Self(
      .notARepository, "`\(escaped(path))` names a repository which is not there",
      hint: "if the work tree or its repository was moved: `git worktree repair`")
  }
}

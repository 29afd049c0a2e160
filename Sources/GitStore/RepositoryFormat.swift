import CLibgit2

/// Which repositories libgit2 1.5 can read, and what to say of the others.
enum RepositoryFormat {
  /// Extensions that change nothing for a reader of objects and references, or that are handled here:
  /// `objectformat` and `refstorage` by ``check(_:)``, `worktreeconfig` by `RepositoryLocation`,
  /// `partialclone` by `MissingObjects`.
  private static let readable = [
    "noop", "objectformat", "refstorage", "compatobjectformat", "worktreeconfig",
    "relativeworktrees", "preciousobjects", "partialclone",
  ]

  static func registerExtensions() -> Int32 {
    let names = unsafe CStrings(readable)
    return unsafe writ_git_set_extensions(names.pointers, readable.count)
  }

  /// Refuses what libgit2 would open and then misread.
  static func check(_ configuration: borrowing Configuration) throws(GitError) {
    if let format = configuration.string("extensions.objectformat"), format.lowercased() != "sha1" {
      throw .objectFormat(format)
    }
    if let storage = configuration.string("extensions.refstorage"), storage.lowercased() != "files" {
      throw .referenceStorage(storage)
    }
  }

  /// What libgit2's refusal to open a repository means.
  static func refusal(_ error: LibraryError, path: String) -> GitError {
    let marker = "extensions."
    if let range = error.message.firstRange(of: marker), error.message.hasPrefix("unsupported") {
      return .unknownExtension(String(error.message[range.upperBound...]))
    }
    if error.message.hasPrefix("unsupported repository version") {
      return .formatVersion(error.message)
    }
    if error.category == GIT_ERROR_CONFIG.rawValue {
      return GitError(
        .unsupportedRepository, "the git configuration of `\(path)` cannot be read: \(error.message)",
        hint: "`git config --list --show-origin` names the file and line")
    }
    return error.unexpected("open the repository at `\(path)`")
  }
}

extension GitError {
  fileprivate static func objectFormat(_ name: String) -> Self {
    Self(
      .unsupportedRepository, "the repository stores objects as `\(name)`, of which writ reads only `sha1`",
      hint: "check the files instead: leave out --rev, or work in a clone made with `git init --object-format=sha1`")
  }

  fileprivate static func referenceStorage(_ name: String) -> Self {
    Self(
      .unsupportedRepository, "the repository keeps its references as `\(name)`, of which writ reads only `files`",
      hint: "`git refs migrate --ref-format=files` converts it")
  }

  fileprivate static func unknownExtension(_ name: String) -> Self {
    Self(
      .unsupportedRepository, "the repository uses the extension `\(name)`, which writ does not know",
      hint: "`git config --get extensions.\(name)` shows it; a fresh clone without it can be read")
  }

  fileprivate static func formatVersion(_ message: String) -> Self {
    Self(
      .unsupportedRepository, "the repository is of a newer format than writ knows: \(message)",
      hint: "`git config core.repositoryformatversion` shows it; writ reads 0 and 1")
  }
}

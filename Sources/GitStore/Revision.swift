import CLibgit2

extension Repository {
  /// The commit that `HEAD` names.
  package func head() throws(GitError) -> Commit { try resolve("HEAD") }

  /// The commit that a revision names, in any form that git knows (`main`, `v1.0`, `HEAD~3`,
  /// `4f2a91c`), tags peeled.
  package func resolve(_ revision: String) throws(GitError) -> Commit {
    guard !revision.isEmpty, !revision.utf8.contains(0) else {
      throw GitError(.unknownRevision, "`\(escaped(revision))` is not a revision")
    }
    if revision.contains("..") { throw .range(revision) }

    let pointer = unsafe handle.pointer
    let found: Handle<ObjectKind>
    do {
      found = try unsafe Handle { unsafe git_revparse_single(&$0, pointer, revision) }
    } catch {
      throw unresolved(revision, error)
    }
    return try Commit(peeled(found, revision))
  }

  private func peeled(
    _ object: borrowing Handle<ObjectKind>, _ revision: String
  ) throws(GitError) -> Handle<ObjectKind> {
    let pointer = unsafe object.pointer
    do {
      return try unsafe Handle { unsafe git_object_peel(&$0, pointer, GIT_OBJECT_COMMIT) }
    } catch {
      switch unsafe git_object_type(pointer) {
      case GIT_OBJECT_TREE: throw .notACommit(revision, "a folder (tree)")
      case GIT_OBJECT_BLOB: throw .notACommit(revision, "a file (blob)")
      case GIT_OBJECT_TAG where !error.isNotFound: throw .notACommit(revision, "a tag of something else")
      default: throw unresolved(revision, error)
      }
    }
  }

  private func unresolved(_ revision: String, _ error: LibraryError) -> GitError {
    // `HEAD:path` and `:path`; `:/text` looks for a commit.
    if revision.utf8.contains(UInt8(ascii: ":")), !revision.hasPrefix(":/"), !revision.contains("^{/") {
      return .notACommit(revision, "a path in a revision at best")
    }
    switch error.code {
    case GIT_EAMBIGUOUS.rawValue: return .ambiguous(revision)
    case GIT_EPEEL.rawValue: return .notACommit(revision, "of another kind")
    case GIT_ENOTFOUND.rawValue, GIT_EINVALIDSPEC.rawValue, GIT_EUNBORNBRANCH.rawValue: break
    default:
      return GitError(
        .damagedObject, "`\(escaped(revision))` cannot be read: \(error.message)",
        hint: "`git fsck` names what is damaged; a fresh clone repairs it")
    }

    let name = RevisionName(revision)
    if ["HEAD", "@"].contains(name.base), unsafe git_repository_head_unborn(handle.pointer) == 1 {
      return .noCommits
    }
    if referenceExists(name.base) {
      if isShallow { return .beyondShallowHistory(revision) }
      // `main~500` of a short history, or a branch whose commit is gone.
      return name.suffix.isEmpty
        ? .danglingReference(revision, error.message)
        : GitError(.unknownRevision, "there is no revision `\(escaped(revision))`", hint: "history does not go back that far")
    }
    if let start = revision.firstRange(of: "@{")?.lowerBound, start == revision.startIndex || referenceExists(String(revision[..<start])) {
      return .beyondReflog(revision)
    }
    return .unknown(revision, near: nearestName(to: name), isShallow: isShallow)
  }

  private func referenceExists(_ name: String) -> Bool {
    let pointer = unsafe handle.pointer
    let full = name == "@" ? "HEAD" : name
    return (try? unsafe Handle<ReferenceKind> { unsafe git_reference_dwim(&$0, pointer, full) }) != nil
  }
}

extension GitError {
  fileprivate static func range(_ revision: String) -> Self {
    Self(
      .unknownRevision, "`\(escaped(revision))` is a range, where one revision is needed",
      hint: "name either end of it")
  }

  fileprivate static func ambiguous(_ revision: String) -> Self {
    Self(
      .ambiguousRevision, "`\(escaped(revision))` is the beginning of more than one object's id",
      hint: "give more digits, or the name of a branch or tag")
  }

  fileprivate static func notACommit(_ revision: String, _ what: String) -> Self {
    Self(
      .notACommit, "`\(escaped(revision))` is \(what), where a commit is needed",
      hint: "name a branch, a tag or a commit's id")
  }

  fileprivate static var noCommits: Self {
    Self(.noCommits, "the repository has no commits yet", hint: "commit first, or leave out --rev")
  }

  fileprivate static func danglingReference(_ revision: String, _ detail: String) -> Self {
    Self(
      .missingObject, "the commit that `\(escaped(revision))` names is not in the repository: \(detail)",
      hint: "`git fsck` names what is missing; `git fetch` or a fresh clone repairs it")
  }

  fileprivate static func beyondShallowHistory(_ revision: String) -> Self {
    Self(
      .unknownRevision, "`\(escaped(revision))` is not in this shallow clone, whose history was cut short",
      hint: "`git fetch --unshallow` fetches the rest; in CI, set `fetch-depth: 0`")
  }

  fileprivate static func beyondReflog(_ revision: String) -> Self {
    Self(
      .unknownRevision, "there is no revision `\(escaped(revision))`: this clone's own record (reflog) holds none",
      hint: "a fresh clone, as in CI, has none: name a branch, a tag, a commit's id or a date")
  }

  fileprivate static func unknown(_ revision: String, near: String?, isShallow: Bool) -> Self {
    var hints: [String] = []
    if let near { hints.append("did you mean `\(escaped(near))`?") }
    if isShallow {
      hints.append(
        "this is a shallow clone: `git fetch --unshallow` fetches the rest; in CI, set `fetch-depth: 0`")
    }
    if hints.isEmpty { hints.append("`git branch --all` and `git tag` list what there is; perhaps `git fetch` first") }
    return Self(
      .unknownRevision, "there is no revision `\(escaped(revision))`", hint: hints.joined(separator: " "))
  }
}

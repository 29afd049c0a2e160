import CLibgit2

/// Where a commit goes: a branch, or `HEAD` itself where it is on none.
package struct CommitTarget: Sendable, Hashable {
  /// The full name: `refs/heads/main`, or `HEAD` where it is detached.
  package var reference: String
  /// Where it is now; nil for a branch that is to be made.
  package var tip: Commit?
  /// Whether index and work tree are this one's, and have to follow.
  package var isCheckedOut: Bool

  /// The branch's short name; nil on a detached `HEAD`.
  package var branch: String? { reference.hasPrefix(Self.folder) ? String(reference.dropFirst(Self.folder.count)) : nil }

  fileprivate static let folder = "refs/heads/"
}

extension Repository {
  /// Where a commit on a branch would go.
  ///
  /// - Parameter branch: with or without `refs/heads/`; nil for the current one. One that does not exist is to be made.
  /// - Throws: `refused` where a commit would break what is under way there (a merge, another work tree); `noCommits`
  ///   where the current branch has none; `invalidName`.
  package func commitTarget(branch name: String?) throws(GitError) -> CommitTarget {
    let head = try headReference()
    guard let name else {
      guard let tip = try tip(of: head ?? "HEAD") else { throw .unborn }
      return try checkedOut(head ?? "HEAD", tip)
    }
    let reference = try reference(ofBranch: name)
    let tip = try tip(of: reference)
    if reference == head {
      guard let tip else { throw .unborn }
      return try checkedOut(reference, tip)
    }
    if let place = try workTree(holding: reference) { throw .checkedOut(reference, place) }
    if tip == nil { try checkNewBranch(reference) }
    return CommitTarget(reference: reference, tip: try tip.map { id throws(GitError) in try commit(id) }, isCheckedOut: false)
  }

  private func checkedOut(_ reference: String, _ tip: ObjectID) throws(GitError) -> CommitTarget {
    guard !location.isBare else { return CommitTarget(reference: reference, tip: try commit(tip), isCheckedOut: false) }
    if let operation = ongoingOperation { throw .inTheMiddle(of: operation) }
    if let place = try workTree(holding: reference) { throw .checkedOut(reference, place) }
    return CommitTarget(reference: reference, tip: try commit(tip), isCheckedOut: true)
  }

  /// The branch that `HEAD` is on, whether or not it has commits; nil where it is detached.
  func headReference() throws(GitError) -> String? {
    let pointer = unsafe handle.pointer
    do {
      let head = try unsafe Handle<ReferenceKind> { unsafe git_reference_lookup(&$0, pointer, "HEAD") }
      guard unsafe git_reference_type(head.pointer) == GIT_REFERENCE_SYMBOLIC else { return nil }
      return unsafe git_reference_symbolic_target(head.pointer).map { unsafe String(cString: $0) }
    } catch {
      throw error.unexpected("read HEAD")
    }
  }

  /// The commit that a reference names directly; nil where there is none.
  func tip(of reference: String) throws(GitError) -> ObjectID? {
    let pointer = unsafe handle.pointer
    let found: Handle<ReferenceKind>
    do {
      found = try unsafe Handle { unsafe git_reference_lookup(&$0, pointer, reference) }
    } catch {
      if error.isNotFound { return nil }
      throw error.unexpected("read `\(escaped(reference))`")
    }
    guard let target = unsafe git_reference_target(found.pointer) else {
      throw GitError(
        .refused, "`\(escaped(reference))` only names another reference, which Writ does not move", hint: "name that branch itself")
    }
    return ObjectID(unsafe target.pointee)
  }

  private func reference(ofBranch name: String) throws(GitError) -> String {
    let short = name.hasPrefix(CommitTarget.folder) ? String(name.dropFirst(CommitTarget.folder.count)) : name
    var isValid: Int32 = 0
    guard !short.utf8.contains(0), unsafe git_branch_name_is_valid(&isValid, short) == 0, isValid == 1 else {
      throw GitError(.invalidName, "`\(escaped(name))` cannot be the name of a branch", hint: "see `git help check-ref-format`")
    }
    return CommitTarget.folder + short
  }

  /// A new branch must not hide one that another clone has, nor share its name with a folder of branches.
  private func checkNewBranch(_ reference: String) throws(GitError) {
    let short = reference.dropFirst(CommitTarget.folder.count)
    if let remote = firstReference("refs/remotes/*/\(short)") {
      let shown = escaped(remote.dropFirst("refs/remotes/".count))
      throw GitError(
        .refused, "there is no branch `\(escaped(short))` here, but `\(shown)`, from which a new one would part",
        hint: "`git branch \(escaped(short)) \(shown)` first")
    }
    var parent = reference[...]
    while let slash = parent.utf8.lastIndex(of: UInt8(ascii: "/")), parent[..<slash].utf8.count > CommitTarget.folder.utf8.count {
      parent = parent[..<slash]
      if try tip(of: String(parent)) != nil { throw .branchInTheWay(reference, String(parent)) }
    }
    if let inside = firstReference("\(reference)/*") { throw .branchInTheWay(reference, inside) }
  }

  private func firstReference(_ pattern: String) -> String? {
    let pointer = unsafe handle.pointer
    guard
      let iterator = try? unsafe Handle<ReferenceIteratorKind>({ unsafe git_reference_iterator_glob_new(&$0, pointer, pattern) })
    else { return nil }
    var name: UnsafePointer<CChar>?
    guard unsafe git_reference_next_name(&name, iterator.pointer) == 0, let name = unsafe name else { return nil }
    return unsafe String(cString: name)
  }

  /// What git is in the middle of in this work tree, as a user calls it; nil for nothing.
  private var ongoingOperation: String? {
    switch git_repository_state_t(rawValue: UInt32(max(0, unsafe git_repository_state(handle.pointer)))) {
    case GIT_REPOSITORY_STATE_NONE: nil
    case GIT_REPOSITORY_STATE_MERGE: "merge"
    case GIT_REPOSITORY_STATE_REVERT, GIT_REPOSITORY_STATE_REVERT_SEQUENCE: "revert"
    case GIT_REPOSITORY_STATE_CHERRYPICK, GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE: "cherry-pick"
    case GIT_REPOSITORY_STATE_BISECT: "bisect"
    case GIT_REPOSITORY_STATE_APPLY_MAILBOX: "am"
    default: "rebase"
    }
  }
}

extension GitError {
  fileprivate static var unborn: Self {
    Self(.noCommits, "the current branch has no commits yet, so no policy that a commit could be made for", hint: "commit the policy first")
  }

  fileprivate static func inTheMiddle(of operation: String) -> Self {
    let end = operation == "bisect" ? "`git bisect reset`" : "`git \(operation) --continue` or `--abort`"
    return Self(
      .refused, "a \(operation) is under way in this work tree, and a commit in the middle of it would become part of it",
      hint: "end it first (\(end)), or commit to another branch with --branch")
  }

  fileprivate static func checkedOut(_ reference: String, _ place: String) -> Self {
    Self(
      .refused, "`\(escaped(reference.dropFirst(CommitTarget.folder.count)))` is checked out in \(place), which would not follow",
      hint: "run there, or choose another branch")
  }

  fileprivate static func branchInTheWay(_ reference: String, _ other: String) -> Self {
    func short(_ name: String) -> String { escaped(name.dropFirst(CommitTarget.folder.count)) }
    return Self(.refused, "there cannot be a branch `\(short(reference))` beside `\(short(other))`", hint: "choose another name")
  }
}

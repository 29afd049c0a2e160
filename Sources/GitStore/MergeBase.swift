import CLibgit2

extension Repository {
  /// The commit from which two histories parted, as `git merge-base` finds it.
  ///
  /// A shallow clone may not hold it; the error then says how to fetch it.
  package func mergeBase(_ first: Commit, _ second: Commit) throws(GitError) -> Commit {
    guard !isShallow else { return try mergeBaseInShallowClone(first, second) }
    var (base, one, other) = (git_oid(), first.id.oid, second.id.oid)
    do {
      try check(unsafe git_merge_base(&base, handle.pointer, &one, &other))
    } catch {
      guard error.isNotFound else { throw error.unexpected("find the merge base") }
      throw .noMergeBase(first, second, isShallow: false)
    }
    return try resolve(ObjectID(base).description)
  }

  /// libgit2 1.5 does not know that a shallow clone's oldest commits have no parents *here*, and fails
  /// even where the base is present.
  private func mergeBaseInShallowClone(
    _ first: Commit, _ second: Commit
  ) throws(GitError) -> Commit {
    let common = try ancestors(of: [first.id]).intersection(try ancestors(of: [second.id]))
    // The best ones are those that no other common commit descends from.
    var parents: [ObjectID] = []
    for id in common { parents += try commitIfPresent(id)?.parents ?? [] }
    let best = common.subtracting(parents)
    var commits: [Commit] = []
    for id in best { if let commit = try commitIfPresent(id) { commits.append(commit) } }
    guard
      let base = commits.max(by: { ($0.committer.time, $0.id) < ($1.committer.time, $1.id) })
    else { throw .noMergeBase(first, second, isShallow: true) }
    return base
  }

  private func ancestors(of start: [ObjectID]) throws(GitError) -> Set<ObjectID> {
    var (seen, waiting) = (Set<ObjectID>(), start)
    while let id = waiting.popLast() {
      guard !seen.contains(id), let commit = try commitIfPresent(id) else { continue }
      seen.insert(id)
      waiting += commit.parents
    }
    return seen
  }

  private func commitIfPresent(_ id: ObjectID) throws(GitError) -> Commit? {
    var oid = id.oid
    let pointer = unsafe handle.pointer
    let commit: Handle<ObjectKind>
    do {
      commit = try unsafe Handle {
        unsafe git_object_lookup(&$0, pointer, &oid, GIT_OBJECT_COMMIT)
      }
    } catch {
      if error.isNotFound { return nil }
      throw error.unexpected("read the commit \(id.short)")
    }
    return try Commit(commit)
  }
}

extension GitError {
  fileprivate static func noMergeBase(_ first: Commit, _ second: Commit, isShallow: Bool) -> Self {
    let pair = "\(first.id.short) and \(second.id.short)"
    if isShallow {
      return Self(
        .noMergeBase, "this shallow clone does not reach back to where \(pair) parted",
        hint: "`git fetch --unshallow`, or in CI `fetch-depth: 0`; or compare the two directly with `..`")
    }
    return Self(
      .noMergeBase, "\(pair) have no history in common", hint: "compare the two directly with `..`")
  }
}

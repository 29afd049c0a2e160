import CLibgit2

extension Repository {
  /// The selected files of a revision, read from objects: nothing is checked out, and the work tree has no say.
  ///
  /// - Parameter fetchMissing: whether objects that a *partial clone* lacks may be fetched by running `git`.
  ///   Without effect in any other repository, and it is the clone's own `.git/config` that decides what is
  ///   one, never the tree: see ``MissingObjects``.
  package func snapshot(
    revision: String, _ selection: FileSelection, limits: SnapshotLimits = .standard,
    fetchMissing: Bool = true
  ) throws(GitError) -> Snapshot {
    let commit = try resolve(revision)
    let listing = try list(commit, selection, limits: limits, fetchMissing: fetchMissing)
    let batch = try read(
      listing.entries, budget: ReadBudget(limits), fetchMissing: fetchMissing)
    return Snapshot(listing, batch)
  }

  /// Which files the selection finds in a commit. Reads folders only, so ids are known and sizes are not.
  package func list(
    _ commit: Commit, _ selection: FileSelection, limits: SnapshotLimits = .standard,
    fetchMissing: Bool = true
  ) throws(GitError) -> SnapshotListing {
    try TreeWalk.list(tree(of: commit, fetchMissing), selection, limits, commit: commit)
  }

  /// The content of entries that ``list(_:_:limits:fetchMissing:)`` gave.
  ///
  /// Workers can read ranges of one listing in parallel: each with its own repository
  /// (``forWorker()``), all with the same budget.
  package func read(
    _ entries: some Collection<SnapshotEntry>, budget: ReadBudget, fetchMissing: Bool = true
  ) throws(GitError) -> SnapshotBatch {
    if isPartialClone && fetchMissing {
      try objects.fetchMissing(entries.compactMap { $0.blob?.object })
    }
    var batch = SnapshotBatch(files: [], problems: [])
    batch.files.reserveCapacity(entries.count)
    for entry in entries {
      guard let blob = entry.blob else {
        throw GitError(.invalidPath, "`\(escaped(entry.path))` is an entry of a work tree, not of a revision")
      }
      let what = { "`\(escaped(entry.path))`" }
      guard let size = try objects.size(of: blob.object, what: what()) else {
        throw objects.absent(blob.object, what())
      }
      guard size <= budget.limits.fileBytes else {
        batch.problems.append(
          .tooLarge(path: entry.path, size: size, limit: budget.limits.fileBytes))
        continue
      }
      guard budget.take(size) else {
        batch.problems.append(.tooManyBytes(path: entry.path, limit: budget.limits.totalBytes))
        break
      }
      let bytes = try objects.bytes(
        of: blob.object, kind: GIT_OBJECT_BLOB, what: what(), fetchMissing: false)
      batch.files.append(SnapshotFile(path: entry.path, bytes: bytes, storedBlob: blob))
    }
    return batch
  }

  /// What a commit has at one path, for instance `writ.yaml` in each folder on the way up.
  package func content(
    at path: String, in commit: Commit, limits: SnapshotLimits = .standard,
    fetchMissing: Bool = true
  ) throws(GitError) -> PathContent {
    let path = try FileSelection.normalised(path)
    let found = try TreeWalk.find(path, in: tree(of: commit, fetchMissing))
    return try PathContent(found, path) { () throws(GitError) in
      let selection = try FileSelection(folders: [], files: [path])
      let listing = try list(commit, selection, limits: limits, fetchMissing: fetchMissing)
      return Snapshot(
        listing,
        try read(listing.entries, budget: ReadBudget(limits), fetchMissing: fetchMissing))
    }
  }

  private func tree(of commit: Commit, _ fetchMissing: Bool) -> RevisionTree {
    RevisionTree(objects: objects, root: commit.tree, fetchMissing: fetchMissing)
  }
}

extension PathContent {
  /// - Parameter snapshot: of that one path alone; asked for when there is something to read or to name.
  init<Source>(
    _ found: TreeWalk<Source>.Found, _ path: String, snapshot: () throws(GitError) -> Snapshot
  ) throws(GitError) {
    switch found {
    case .absent: self = .absent
    case .root: self = .folder
    case .blocked(let problem): self = .problem(problem)
    case .found(let child) where child.kind == .folder: self = .folder
    case .found:
      let snapshot = try snapshot()
      if let file = snapshot.files.first {
        self = .file(file)
      } else {
        self = snapshot.problems.first.map(PathContent.problem) ?? .absent
      }
    }
  }
}

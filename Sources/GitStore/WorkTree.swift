/// The files of a folder as they stand: a repository's work tree, or any folder outside of one.
///
/// No symbolic link at or below the root is followed, pipes and devices are not opened, and whatever changes
/// while it is read gives a problem at worst. Safe to use from many threads.
package struct WorkTree: Sendable, Hashable {
  package let root: String

  /// - Parameter root: the folder that paths start from; links in the path *to* it are followed.
  package init(root: String) {
    self.root = root
  }

  /// The selected files with their content.
  package func snapshot(
    _ selection: FileSelection, limits: SnapshotLimits = .standard
  ) throws(GitError) -> Snapshot {
    let listing = try list(selection, limits: limits)
    return Snapshot(listing, try read(listing.entries, budget: ReadBudget(limits)))
  }

  /// Which files the selection finds, with the sizes that they have now.
  package func list(
    _ selection: FileSelection, limits: SnapshotLimits = .standard
  ) throws(GitError) -> SnapshotListing {
    try TreeWalk.list(WorkTreeFiles(root: root), selection, limits)
  }

  /// The content of entries that ``list(_:limits:)`` gave; ranges of them can be read in parallel.
  package func read(
    _ entries: some Collection<SnapshotEntry>, budget: ReadBudget
  ) throws(GitError) -> SnapshotBatch {
    let source = try WorkTreeFiles(root: root)
    var batch = SnapshotBatch(files: [], problems: [])
    batch.files.reserveCapacity(entries.count)
    for entry in entries {
      switch source.content(of: entry.path, limit: budget.limits.fileBytes) {
      case .problem(let problem): batch.problems.append(problem)
      case .bytes(let bytes):
        guard budget.take(bytes.count) else {
          batch.problems.append(.tooManyBytes(path: entry.path, limit: budget.limits.totalBytes))
          return batch
        }
        batch.files.append(SnapshotFile(path: entry.path, bytes: bytes, storedBlob: nil))
      }
    }
    return batch
  }

  /// What there is at one path, for instance `writ.yaml` in each folder on the way up.
  package func content(
    at path: String, limits: SnapshotLimits = .standard
  ) throws(GitError) -> PathContent {
    let path = try FileSelection.normalised(path)
    let found = try TreeWalk.find(path, in: try WorkTreeFiles(root: root))
    return try PathContent(found, path) { () throws(GitError) in
      try snapshot(FileSelection(folders: [], files: [path]), limits: limits)
    }
  }
}

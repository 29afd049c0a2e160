import CLibgit2

/// Contents by id: equal ids are read once.
package struct BlobContents: Sendable, Hashable {
  package var bytes: [BlobID: [UInt8]]
  /// Why a content was not read, by the path that was asked with.
  package var problems: [BlobID: SnapshotProblem]
}

extension Repository {
  /// The contents of entries from any number of listings, each id read once; in a partial clone, what is missing comes
  /// by one connection. Those that are already known are for the caller to leave out.
  package func read(
    contentOf entries: some Sequence<SnapshotEntry>, budget: ReadBudget, fetchMissing: Bool = true
  ) throws(GitError) -> BlobContents {
    var seen: Set<BlobID> = []
    var wanted: [SnapshotEntry] = []
    for entry in entries {
      guard let blob = entry.blob, seen.insert(blob).inserted else { continue }
      wanted.append(entry)
    }
    if isPartialClone && fetchMissing { try objects.fetchMissing(wanted.compactMap { $0.blob?.object }) }
    var contents = BlobContents(bytes: [:], problems: [:])
    for entry in wanted {
      // Problems are told by path, so one entry at a time: two contents may have had the same path.
      guard let blob = entry.blob else { continue }
      let batch = try read(CollectionOfOne(entry), budget: budget, fetchMissing: false)
      if let file = batch.files.first { contents.bytes[blob] = file.bytes }
      if let problem = batch.problems.first { contents.problems[blob] = problem }
    }
    return contents
  }

  /// Brings what a partial clone lacks of these contents, by one connection; nothing to do in any other clone.
  ///
  /// For reading many revisions: asking for each alone would run `git` each time.
  package func fetchMissing(_ blobs: some Sequence<BlobID>) throws(GitError) {
    guard isPartialClone else { return }
    try objects.fetchMissing(blobs.map(\.object))
  }
}

extension ObjectReader {
  /// The content of one file; nil when it is larger than `limit`.
  func content(of blob: BlobID, path: String, limit: Int, fetchMissing: Bool) throws(GitError) -> [UInt8]? {
    let what = { "`\(escaped(path))`" }
    if fetchMissing { try self.fetchMissing([blob.object]) }
    guard let size = try size(of: blob.object, what: what()) else { throw absent(blob.object, what()) }
    guard size <= limit else { return nil }
    return try bytes(of: blob.object, kind: GIT_OBJECT_BLOB, what: what(), fetchMissing: false)
  }
}

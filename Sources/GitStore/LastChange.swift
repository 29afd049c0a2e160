/// The commit that a file's content came with.
package struct LastChange: Sendable, Hashable {
  package var commit: Commit
  /// Whether a shallow clone ends there, so that the content may be older.
  package var isCut: Bool
}

extension Repository {
  /// Which commits made files what they are in a commit; a file that is nowhere in history is left out.
  ///
  /// - Parameter files: contents by the bytes of paths from the root of the tree; nil for a file that is not there, which asks for the
  ///   commit that deleted it. Of several commits that made it so, the newest counts.
  package func lastChanges(
    of files: [[UInt8]: BlobID?], at head: Commit, fetchMissing: Bool = true
  ) throws(GitError) -> [[UInt8]: LastChange] {
    var open = files
    var found: [[UInt8]: LastChange] = [:]
    let history = try history(of: head, fetchMissing: fetchMissing)
    let selection = try FileSelection(folders: [], files: files.keys.map { String(decoding: $0, as: UTF8.self) })
    while !open.isEmpty, let step = try history.next(selection) {
      guard step.differsFromAllParents else { continue }
      let now = step.listing.blobs
      let before = step.differing.map(\.listing.blobs)
      for (path, wanted) in open where now[path] == wanted && before.allSatisfy({ $0[path] != wanted }) {
        if step.parentCount == 0, wanted == nil { continue }
        found[path] = LastChange(commit: step.commit, isCut: step.isCut)
        open[path] = nil
      }
    }
    return found
  }

  /// The newest commits that changed anything below a folder, a commit itself included.
  package func commits(changing folder: String, before head: Commit, limit: Int) throws(GitError) -> [Commit] {
    let history = try history(of: head, .init(limit: limit))
    let selection = try FileSelection(folders: [folder], suffixes: [""])
    var commits: [Commit] = []
    while let step = try history.next(selection) { commits.append(step.commit) }
    return commits
  }
}

extension SnapshotListing {
  fileprivate var blobs: [[UInt8]: BlobID] {
    Dictionary(entries.compactMap { entry in entry.blob.map { (Array(entry.path.utf8), $0) } }, uniquingKeysWith: { first, _ in first })
  }
}

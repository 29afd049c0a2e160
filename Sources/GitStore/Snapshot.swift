/// A file that a snapshot may read.
package struct SnapshotEntry: Sendable, Hashable {
  /// From the root of the tree, with `/`.
  package var path: String
  /// The content's id; nil in a work tree, where it takes reading to know.
  package var blob: BlobID?
  package var isExecutable: Bool
  /// In bytes; nil in a revision, where it takes a look at the blob to know.
  package var size: Int?
}

/// Which files a tree holds for a selection, in order of their paths' bytes, and what it holds instead of files.
package struct SnapshotListing: Sendable, Hashable {
  /// nil for a work tree as it stands.
  package var commit: Commit?
  package var entries: [SnapshotEntry]
  package var problems: [SnapshotProblem]
  /// Files that are not selected, by a name that looks as if they were; escaped.
  package var lookAlikes: [String]
}

/// A file with its content.
package struct SnapshotFile: Sendable, Hashable {
  package var path: String
  package var bytes: [UInt8]
  /// The id that a revision has for the content; nil when it was read from a work tree.
  package var storedBlob: BlobID?

  /// The content's id, computed when it was not stored.
  package var blob: BlobID { storedBlob ?? BlobID(hashing: bytes) }
}

/// Files with their content, in the order of the entries they were asked for by.
package struct SnapshotBatch: Sendable, Hashable {
  package var files: [SnapshotFile]
  package var problems: [SnapshotProblem]
}

/// The selected files of one tree: of a revision, or of a work tree as it stands.
package struct Snapshot: Sendable, Hashable {
  /// nil for a work tree as it stands.
  package var commit: Commit?
  package var files: [SnapshotFile]
  /// In order of their paths' bytes.
  package var problems: [SnapshotProblem]

  init(_ listing: SnapshotListing, _ batch: SnapshotBatch) {
    commit = listing.commit
    files = batch.files
    problems = (listing.problems + batch.problems).inOrder
  }
}

/// What there is at one path of a tree.
package enum PathContent: Sendable, Hashable {
  case absent
  case folder
  case file(SnapshotFile)
  case problem(SnapshotProblem)
}

extension [SnapshotProblem] {
  var inOrder: [SnapshotProblem] { sorted { comesBefore($0.path, $1.path) } }
}

extension [SnapshotEntry] {
  /// Sorted and without duplicates. Trees are stored in this very order, so mostly there is nothing to do.
  var inOrder: [SnapshotEntry] {
    let isSorted = zip(self, dropFirst()).allSatisfy { comesBefore($0.path, $1.path) }
    if isSorted { return self }
    var result: [SnapshotEntry] = []
    for entry in sorted(by: { comesBefore($0.path, $1.path) })
    where !(result.last?.path.utf8.elementsEqual(entry.path.utf8) ?? false) {
      result.append(entry)
    }
    return result
  }
}

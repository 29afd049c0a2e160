import Synchronization

/// How much a snapshot may hold: trees are untrusted input.
package struct SnapshotLimits: Sendable, Hashable {
  /// A larger file is not read: ``SnapshotProblem/tooLarge(path:size:limit:)``.
  package var fileBytes: Int
  /// All files together; what comes after is not read.
  package var totalBytes: Int
  /// Selected files; what comes after is not listed.
  package var files: Int
  /// Names looked at on the way, selected or not: small trees can repeat each other without end.
  package var names: Int
  /// Folders inside folders.
  package var depth: Int

  package init(
    fileBytes: Int = 16 << 20, totalBytes: Int = 1 << 30, files: Int = 50_000,
    names: Int = 1_000_000, depth: Int = 100
  ) {
    self.fileBytes = fileBytes
    self.totalBytes = totalBytes
    self.files = files
    self.names = names
    self.depth = depth
  }

  package static let standard = SnapshotLimits()
}

/// What is left of the total, shared by all workers that read one snapshot.
package final class ReadBudget: Sendable {
  package let limits: SnapshotLimits
  private let remaining: Atomic<Int>

  package init(_ limits: SnapshotLimits = .standard) {
    self.limits = limits
    remaining = Atomic(limits.totalBytes)
  }

  /// False when that many bytes are no longer left; then nothing larger is, either.
  func take(_ bytes: Int) -> Bool {
    remaining.subtract(bytes, ordering: .relaxed).newValue >= 0
  }
}

/// Why git could not give what was asked: what went wrong, and what to do about it.
///
/// A broken or unsupported repository throws; what is merely wrong *inside* a policy tree (a
/// symbolic link, a file that is too large) is a ``SnapshotProblem`` instead.
package struct GitError: Error, Sendable, Hashable {
  /// What a caller may want to tell apart. Raw values are stable.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case notARepository = "not-a-repository"
    case unsafeOwner = "unsafe-owner"
    case unsupportedRepository = "unsupported-repository"
    case unknownRevision = "unknown-revision"
    case ambiguousRevision = "ambiguous-revision"
    case notACommit = "not-a-commit"
    case noCommits = "no-commits"
    case noMergeBase = "no-merge-base"
    case missingObject = "missing-object"
    case damagedObject = "damaged-object"
    case invalidPath = "invalid-path"
    case invalidName = "invalid-name"
    case noIdentity = "no-identity"
    /// Nothing was changed, because something is in the way or moved meanwhile.
    case refused = "refused"
    case unreadable = "unreadable"
    case libraryFailure = "library-failure"
  }

  package var kind: Kind
  /// One lowercase clause without a full stop, input in backticks.
  package var message: String
  /// What to type or change, where there is something.
  package var hint: String?

  package init(_ kind: Kind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }
}

extension GitError: CustomStringConvertible {
  package var description: String {
    guard let hint else { return message }
    return "\(message) (\(hint))"
  }
}

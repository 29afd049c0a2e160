/// How moments are written, for revisions that name one: this module reads no calendar of its own.
package struct RevisionDates: Sendable {
  /// The seconds since 1970-01-01T00:00:00Z that a text names; nil when it is no moment.
  package var read: @Sendable (String) -> Int64?
  package var write: @Sendable (Int64) -> String

  package init(read: @escaping @Sendable (String) -> Int64?, write: @escaping @Sendable (Int64) -> String) {
    self.read = read
    self.write = write
  }

  /// No revision is a moment.
  package static let none = RevisionDates(read: { _ in nil }, write: { "\($0)" })
}

extension Repository {
  /// The commit that a revision names; where there is no such name, the one that `HEAD` was at a moment.
  package func resolve(_ revision: String, dates: RevisionDates) throws(GitError) -> Commit {
    do throws(GitError) {
      return try resolve(revision)
    } catch {
      guard error.kind == .unknownRevision, let moment = dates.read(revision) else { throw error }
      return try head(at: moment, asTyped: revision, dates)
    }
  }

  /// The newest commit on the line of `HEAD`'s first parents that was committed at the moment or before it.
  ///
  /// By the committer's clock, along first parents, since what a branch held before it was merged was not in force. The
  /// first one that is old enough counts, whatever the clocks of those behind it say. A date is its first moment in UTC.
  private func head(at moment: Int64, asTyped text: String, _ dates: RevisionDates) throws(GitError) -> Commit {
    let graph = try CommitGraph(forWorker())
    var node = try graph.node(head().id)
    while node.time > moment {
      guard let parent = node.parents.first else {
        throw node.isCut ? .beyondShallow(text, node, dates) : .beforeHistory(text, node, dates)
      }
      node = try graph.node(parent)
    }
    return try graph.commit(node.id)
  }
}

extension GitError {
  fileprivate static func beforeHistory(_ text: String, _ first: CommitNode, _ dates: RevisionDates) -> Self {
    Self(
      .unknownRevision, "`\(escaped(text))` is before the first commit of `HEAD`, \(first.id.short) of \(dates.write(first.time))",
      hint: "name a later moment, or a branch or commit")
  }

  fileprivate static func beyondShallow(_ text: String, _ last: CommitNode, _ dates: RevisionDates) -> Self {
    Self(
      .unknownRevision,
      "`\(escaped(text))` is before what this shallow clone holds: it ends with \(last.id.short) of \(dates.write(last.time))",
      hint: "`git fetch --unshallow` fetches the rest; in CI, set `fetch-depth: 0`")
  }
}

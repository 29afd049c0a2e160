/// A commit: what it is called, who made it and when, and what it says first.
package struct Commit: Sendable, Hashable {
  /// Who, and when by their own clock.
  package struct Signature: Sendable, Hashable {
    package var name: String
    package var email: String
    /// Seconds since 1970-01-01T00:00:00Z.
    package var time: Int64
    /// What local time was ahead of UTC by, in minutes.
    package var offset: Int

    package init(name: String, email: String, time: Int64, offset: Int) {
      self.name = name
      self.email = email
      self.time = time
      self.offset = offset
    }
  }

  package var id: ObjectID
  /// The folder at the root of the revision.
  package var tree: ObjectID
  package var parents: [ObjectID]
  package var author: Signature
  package var committer: Signature
  /// The first paragraph of the message, on one line.
  package var subject: String
}

import CLibgit2

/// A line at the end of a commit's message that says something to machines: `Signed-off-by: Ana <ana@example.org>`.
package struct Trailer: Sendable, Hashable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

extension Repository {
  /// The trailers of a commit's message, in their order, read as `git interpret-trailers` does.
  package func trailers(of commit: ObjectID) throws(GitError) -> [Trailer] {
    let found = try commitHandle(commit)
    guard let message = unsafe git_commit_message(found.pointer) else { return [] }
    var array = unsafe git_message_trailer_array()
    guard unsafe git_message_trailers(&array, message) == 0 else { return [] }
    defer { unsafe git_message_trailer_array_free(&array) }
    return unsafe (0..<array.count).compactMap { position in
      let trailer = unsafe array.trailers[position]
      guard let name = unsafe trailer.key, let value = unsafe trailer.value else { return nil }
      return Trailer(unsafe String(cString: name), unsafe String(cString: value))
    }
  }
}

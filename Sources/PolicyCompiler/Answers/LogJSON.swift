/// What commits gave and took, for machines; its schema is schemas/log.schema.json.
package enum LogJSON {
  package static let version = 1

  package static func document(_ commits: [JSON], at instant: Instant) -> JSON {
    .members(["version": .integer(version), "at": .string(instant.timestamp), "commits": .array(commits)])
  }

  /// - Parameters:
  ///   - author: the name and address that the commit says.
  ///   - note: why it could not be told what the commit did; `diff` is nil then.
  package static func commit(
    _ id: String, author: (name: String, email: String), authored: Instant, committed: Instant, subject: String, note: String?,
    diff: AccessDiff?, sources: SourceMap
  ) -> JSON {
    .members([
      "commit": .string(id), "author": .string(author.name), "email": .string(author.email), "authored": .string(authored.timestamp),
      "committed": .string(committed.timestamp), "subject": .string(subject), "note": note.map { .string($0) },
      "access": .array(diff.map { DiffJSON.access($0, sources) } ?? []),
      "problems": .array((diff?.problems ?? []).map { .string($0.message) }),
    ])
  }

  /// The JSON Schema of the document.
  package static var schema: JSON {
    typealias Part = DocumentSchema
    let commit = Part.object(
      [
        "commit": Part.text, "author": Part.text, "email": Part.text, "authored": Part.instant, "committed": Part.instant,
        "subject": Part.text, "note": Part.described("Why it could not be told what the commit did.", Part.text),
        "access": Part.list(DiffJSON.accessSchema), "problems": Part.texts,
      ], optional: ["note"])
    return Part.document(
      "Writ log", version: version,
      ["at": Part.described("When the history was read."), "commits": Part.described("Newest first.", Part.list(commit))])
  }
}

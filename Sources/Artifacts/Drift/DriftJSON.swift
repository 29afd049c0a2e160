package import PolicyCompiler

/// A report of drift, for machines; its schema is schemas/drift.schema.json.
package enum DriftJSON {
  package static let version = 1

  package static func document(_ report: DriftReport) -> JSON {
    .members([
      "version": .integer(version), "folder": .string(report.folder), "policy": .string(report.policy), "files": .string(report.files),
      "at": .string(report.instant.timestamp), "drift": .boolean(!report.items.isEmpty), "count": .integer(report.count),
      "artifacts": .array(report.items.map(item)), "foreign": .array(report.foreign.map { .string($0) }),
    ])
  }

  package static func item(_ item: DriftReport.Item) -> JSON {
    .members([
      "path": .string(item.path), "difference": .string(item.difference.rawValue), "line": .integer(item.line),
      "reasons": reasons(item),
      "rendered_from": item.rendering.map { rendering in
        .members([
          "policy": .string(rendering.policy), "at": .string(rendering.moment.timestamp), "commit": rendering.commit.map { .string($0) },
          "writ": rendering.version.map { .string($0) },
        ])
      },
      "changed_in": item.changed.map { commit in
        .members([
          "commit": .string(commit.id), "author": .string(commit.author), "day": .string(commit.day), "subject": .string(commit.subject),
        ])
      },
      "uncommitted": item.isUncommitted ? .boolean(true) : nil, "note": item.note.map { .string($0) },
    ])
  }

  package static func reasons(_ item: DriftReport.Item) -> JSON {
    .array(DriftReport.Reason.allCases.filter { item.reasons.contains($0) }.map { .string($0.rawValue) })
  }

  /// The JSON Schema of the document.
  package static var schema: JSON {
    func text(_ documentation: String) -> JSON { .members(["type": "string", "description": .string(documentation)]) }
    func object(_ properties: KeyValuePairs<String, JSON?>, required: [String], _ documentation: String? = nil) -> JSON {
      .members([
        "type": "object", "description": documentation.map { .string($0) }, "additionalProperties": false,
        "required": .array(required.map { .string($0) }), "properties": .members(properties),
      ])
    }
    func words<Word: RawRepresentable<String>>(_ all: [Word]) -> JSON { .members(["enum": .array(all.map { .string($0.rawValue) })]) }
    let rendering = object(
      [
        "policy": text("The revision of the policy."), "at": text("The moment that it was judged at."),
        "commit": text("The commit whose trailers say so; without it, policy and file were committed together."),
        "writ": text("The version of Writ, where a trailer names it."),
      ], required: ["policy", "at"], "What the file was rendered from, as far as history tells.")
    let commit = object(
      [
        "commit": text("Its id."), "author": text("Its author's name."), "day": text("When it was written."),
        "subject": text("What it says."),
      ], required: ["commit", "author", "day", "subject"], "The commit that the file's content came with.")
    let artifact = object(
      [
        "path": text("From the root of the repository."), "difference": words(DriftReport.Difference.allCases),
        "line": .members(["type": "integer", "minimum": 1, "description": "The first line that differs."]),
        "reasons": .members([
          "type": "array", "items": words(DriftReport.Reason.allCases), "description": "What moved; empty where it cannot be told.",
        ]), "rendered_from": rendering, "changed_in": commit, "uncommitted": .members(["const": true]),
        "note": text("Why it cannot be told."),
      ], required: ["path", "difference", "line", "reasons"])
    return .members([
      "$schema": "http://json-schema.org/draft-07/schema#", "title": "Writ drift", "type": "object", "additionalProperties": false,
      "required": ["version", "folder", "policy", "files", "at", "drift", "count", "artifacts", "foreign"],
      "properties": .members([
        "version": .members(["const": .integer(version)]), "folder": text("The folder of generated files."),
        "policy": text("Which policy was compared."), "files": text("Whose files were compared."),
        "at": text("The instant that access is judged at."),
        "drift": .members(["type": "boolean"]),
        "count": .members(["type": "integer", "minimum": 0, "description": "How many files the policy asks for."]),
        "artifacts": .members(["type": "array", "items": artifact]),
        "foreign": .members(["type": "array", "items": .members(["type": "string"]), "description": "Files that Writ did not make."]),
      ]),
    ])
  }
}

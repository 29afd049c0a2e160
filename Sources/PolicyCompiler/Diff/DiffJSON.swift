/// A comparison of two revisions, for machines; its schema is schemas/diff.schema.json.
package enum DiffJSON {
  package static let version = 1

  package static func document(_ report: DiffReport) -> JSON {
    let (diff, sources, names, artifacts) = (report.diff, report.sources, report.names, report.artifacts)
    return .members([
      "version": .integer(version), "base": .string(names.old), "head": .string(names.new), "at": .string(diff.instant.timestamp),
      "blocked": .boolean(diff.isBlocked), "summary": .string(diff.headline),
      "violations": .array(
        diff.violations.map { violation, isOfOld in
          .members([
            "rule": .string(violation.rule), "of": .string(isOfOld ? "base" : "head"),
            "deleted": isOfOld ? .boolean(diff.isGone(violation.rule)) : nil,
            "principal": violation.principal.map { .string(diff.new.policy.model[$0].name) },
            "action": violation.action.map { .string($0) },
            "environment": violation.environment.map { .string(diff.new.policy.model[$0].name) }, "message": .string(violation.message),
            "times": violation.times.json, "rule_location": sources.json(violation.ruleSpan),
            "location": sources.json(violation.span),
          ])
        }),
      "failed_tests": .array(
        diff.failedTests.map { failure, isOfOld in
          .members([
            "of": .string(isOfOld ? "base" : "head"), "message": .string(failure.message),
            "location": failure.span.map { sources.json($0) },
          ])
        }),
      "trust": .array(
        diff.trust.map { change in
          .members([
            "impact": .string(change.impact.rawValue), "section": .string(change.section), "name": .string(change.name),
            "field": .string(change.path), "environment": change.environment.map { .string($0) }, "protected": .boolean(change.isProtected),
            "before": change.before.map { .string($0) }, "after": change.after.map { .string($0) }, "note": change.note.map { .string($0) },
            "base_location": change.oldSpan.map { sources.json($0) }, "head_location": change.newSpan.map { sources.json($0) },
          ])
        }),
      "access": .array(access(diff, sources)),
      "approvals": .array(
        diff.approvals.map { need in
          .members([
            "approval": .string(need.approval), "of": .string(need.isOfOld ? "base" : "head"), "met": .boolean(need.isMet),
            "by": .array(need.by.map { .string($0) }), "approvers": .array(need.approvers.map { .string($0) }),
            "given": .array(need.given.map { .string($0) }), "reasons": .array(need.reasons.map { .string($0) }),
            "location": sources.json(need.span),
          ])
        }),
      "artifacts": .array(
        artifacts.map { .members(["path": .string($0.path), "kind": .string($0.kind.rawValue), "explained": .boolean($0.isExplained)]) }),
      "problems": .array(diff.problems.map { .string($0.message) }),
    ])
  }

  /// The changes of access alone.
  package static func access(_ diff: AccessDiff, _ sources: SourceMap) -> [JSON] {
    diff.changes.map { change in
      .members([
        "direction": .string(change.direction.rawValue), "principal": .string(change.principal), "kind": .string(change.kind.rawValue),
        "action": .string(change.action), "environment": .string(change.environment),
        "protected": .boolean(diff.isProtected(change.environment)),
        "resources": .array(change.resources.terms.map { .string($0.description) }),
        "example": (try? change.resources.witness()).flatMap { $0 }.map { .string($0.joined(separator: "/")) },
        "times": change.times.json,
        "via": change.via.map { .string("connections/\($0)") }, "with_connection": change.isWithItsConnection ? .boolean(true) : nil,
        "partial": change.isPartial ? .boolean(true) : nil, "because": .array(change.causes.map { sources.json($0.span) }),
      ])
    }
  }

  /// The JSON Schema of the document.
  package static var schema: JSON {
    let text: JSON = .members(["type": "string"])
    let texts: JSON = .members(["type": "array", "items": text])
    let flag: JSON = .members(["type": "boolean"])
    let side: JSON = .members(["enum": .array(["base", "head"])])
    let location = object(
      ["path": text, "line": .members(["type": "integer", "minimum": 1]), "column": .members(["type": "integer", "minimum": 1])],
      required: ["path", "line", "column"])
    let times: JSON = .members(["type": "array", "items": object(["from": text, "until": text], required: [])])
    func list(_ item: JSON) -> JSON { .members(["type": "array", "items": item]) }
    let violation = object(
      [
        "rule": text, "of": side, "deleted": flag, "principal": text, "action": text, "environment": text, "message": text, "times": times,
        "rule_location": location, "location": location,
      ], required: ["rule", "of", "message", "times", "rule_location", "location"])
    let test = object(["of": side, "message": text, "location": location], required: ["of", "message"])
    let trust = object(
      [
        "impact": .members(["enum": .array(Impact.allCases.map { .string($0.rawValue) })]), "section": text, "name": text, "field": text,
        "environment": text, "protected": flag, "before": text, "after": text, "note": text, "base_location": location,
        "head_location": location,
      ], required: ["impact", "section", "name", "field", "protected"])
    let access = object(
      [
        "direction": .members(["enum": .array(["gained", "lost"])]), "principal": text,
        "kind": .members(["enum": .array(["user", "service", "group"])]), "action": text, "environment": text, "protected": flag,
        "resources": texts, "example": text, "times": times, "via": text, "with_connection": flag, "partial": flag,
        "because": list(location),
      ], required: ["direction", "principal", "kind", "action", "environment", "protected", "resources", "times", "because"])
    let approval = object(
      [
        "approval": text, "of": side, "met": flag, "by": texts, "approvers": texts, "given": texts, "reasons": texts, "location": location,
      ], required: ["approval", "of", "met", "by", "approvers", "given", "reasons", "location"])
    let artifact = object(
      ["path": text, "kind": .members(["enum": .array(["new", "changed", "gone"])]), "explained": flag],
      required: ["path", "kind", "explained"])
    return .members([
      "$schema": "http://json-schema.org/draft-07/schema#", "title": "Writ diff", "type": "object", "additionalProperties": false,
      "required": .array([
        "version", "base", "head", "at", "blocked", "summary", "violations", "failed_tests", "trust", "access", "approvals", "artifacts",
        "problems",
      ]),
      "properties": .members([
        "version": .members(["const": .integer(version)]), "base": text, "head": text,
        "at": .members(["type": "string", "description": "The instant from which access counts."]), "blocked": flag, "summary": text,
        "violations": list(violation), "failed_tests": list(test), "trust": list(trust), "access": list(access),
        "approvals": list(approval),
        "artifacts": list(artifact), "problems": texts,
      ]),
    ])
  }

  private static func object(_ properties: KeyValuePairs<String, JSON?>, required: [String]) -> JSON {
    .members([
      "type": "object", "additionalProperties": false, "required": .array(required.map { .string($0) }), "properties": .members(properties),
    ])
  }
}

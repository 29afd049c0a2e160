/// A comparison of two revisions, for machines; its schema is schemas/diff.schema.json.
package enum DiffJSON {
  package static let version = 1

  package static func document(_ report: DiffReport) -> JSON {
    let (diff, sources, names, artifacts) = (report.diff, report.sources, report.names, report.artifacts)
    return .members([
      "version": .integer(version), "base": .string(names.old), "head": .string(names.new), "note": report.note.map { .string($0) },
      "at": .string(diff.instant.timestamp),
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
}

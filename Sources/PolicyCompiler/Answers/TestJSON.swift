/// What came of a policy's own tests, for machines; its schema is schemas/test.schema.json.
package enum TestJSON {
  package static let version = 1

  package static func document(
    _ verdict: RulesCheck.Verdict, _ coverage: TestCoverage, _ model: AccessModel, _ sources: SourceMap, at instant: Instant
  ) -> JSON {
    .members([
      "version": .integer(version), "at": .string(instant.timestamp),
      "results": .array(
        verdict.outcomes.map { outcome in
          .members([
            "test": .string(outcome.test), "question": .string(outcome.text), "environment": .string(outcome.environment),
            "passed": .boolean(outcome.failure == nil), "message": outcome.failure.map { .string($0.message) },
            "location": sources.json(outcome.span),
          ])
        }),
      "problems": .array(verdict.problems.map { .string($0.message) }),
      "coverage": .members([
        "touched": .integer(coverage.touched), "grants": .integer(coverage.all),
        "untouched_bindings": .array(coverage.untouchedBindings.map { sources.json(model[$0].span) }),
      ]),
    ])
  }

  /// The JSON Schema of the document.
  package static var schema: JSON {
    typealias Part = DocumentSchema
    let result = Part.object(
      [
        "test": Part.text, "question": Part.text, "environment": Part.text, "passed": Part.flag,
        "message": Part.described("Why it failed.", Part.text), "location": Part.location,
      ], optional: ["message"])
    let coverage = Part.object([
      "touched": Part.described("Grants that some test touches.", Part.count), "grants": Part.described("All of them.", Part.count),
      "untouched_bindings": Part.described("Bindings of which no test touches anything.", Part.list(Part.location)),
    ])
    return Part.document(
      "Writ test", version: version,
      [
        "at": Part.described("The instant that was judged."), "results": Part.list(result),
        "problems": Part.described("What could not be judged.", Part.texts), "coverage": coverage,
      ])
  }
}

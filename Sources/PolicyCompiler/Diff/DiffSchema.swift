extension DiffJSON {
  /// The JSON Schema of the document.
  package static var schema: JSON {
    typealias Part = DocumentSchema
    let side = Part.choice(["base", "head"])
    let violation = Part.object(
      [
        "rule": Part.text, "of": side, "deleted": Part.flag, "principal": Part.text, "action": Part.text, "environment": Part.text,
        "message": Part.text, "times": Part.times, "rule_location": Part.location, "location": Part.location,
      ], optional: ["deleted", "principal", "action", "environment"])
    let test = Part.object(["of": side, "message": Part.text, "location": Part.location], optional: ["location"])
    let trust = Part.object(
      [
        "impact": Part.choice(Impact.allCases.map(\.rawValue)), "section": Part.text, "name": Part.text, "field": Part.text,
        "environment": Part.text, "protected": Part.flag, "before": Part.text, "after": Part.text, "note": Part.text,
        "base_location": Part.location, "head_location": Part.location,
      ], optional: ["environment", "before", "after", "note", "base_location", "head_location"])
    let approval = Part.object([
      "approval": Part.text, "of": side, "met": Part.flag, "by": Part.texts, "approvers": Part.texts, "given": Part.texts,
      "reasons": Part.texts, "location": Part.location,
    ])
    let artifact = Part.object(["path": Part.text, "kind": Part.choice(["new", "changed", "gone"]), "explained": Part.flag])
    return Part.document(
      "Writ diff", version: version,
      [
        "base": Part.text, "head": Part.text, "note": Part.text,
        "at": Part.described("The instant from which access counts."), "blocked": Part.flag,
        "summary": Part.text, "violations": Part.list(violation), "failed_tests": Part.list(test), "trust": Part.list(trust),
        "access": Part.list(accessSchema), "approvals": Part.list(approval), "artifacts": Part.list(artifact), "problems": Part.texts,
      ], optional: ["note"])
  }

  /// That of one change of access, in a comparison and in a history.
  static var accessSchema: JSON {
    typealias Part = DocumentSchema
    return Part.object(
      [
        "direction": Part.choice(["gained", "lost"]), "principal": Part.text, "kind": Part.choice(["user", "service", "group"]),
        "action": Part.text, "environment": Part.text, "protected": Part.flag, "resources": Part.texts, "example": Part.text,
        "times": Part.times, "via": Part.text, "with_connection": Part.flag, "partial": Part.flag, "because": Part.list(Part.location),
      ], optional: ["example", "via", "with_connection", "partial"])
  }
}

/// The JSON Schemas of what the questions print, each a document of answers.
extension AnswerJSON {
  private typealias Part = DocumentSchema

  package static var canSchema: JSON { answers("Writ can", decision(grants: Part.list(grant))) }

  package static var whySchema: JSON {
    let step = Part.object(
      [
        "kind": Part.choice(["connection", "membership", "binding", "inheritance", "permission"]), "text": Part.text,
        "location": Part.location, "commit": Part.described("The commit that brought the line, its day and its author.", Part.text),
      ], optional: ["commit"])
    let derivation = Part.object(["via": Part.texts, "times": Part.times, "steps": Part.list(step)])
    return answers("Writ why", decision(derivations: Part.list(derivation)))
  }

  package static var whoCanSchema: JSON {
    let holder = Part.object(
      [
        "principal": Part.text, "kind": Part.choice(["user", "service", "group"]),
        "all": Part.described("Whether all that was asked about is held.", Part.flag),
        "direct": Part.described("Whether some of it is held without a session.", Part.flag), "via": Part.texts,
        "unknown_members": Part.described("Whether only the provider knows who is in it.", Part.flag),
        "partial": Part.described("Whether only some of its members are meant.", Part.flag), "grants": Part.list(grant),
      ], optional: ["unknown_members", "partial"])
    return answers(
      "Writ who-can",
      Part.object(["action": Part.text, "resource": Part.text, "environment": Part.text, "holders": Part.list(holder)]))
  }

  package static var whatCanSchema: JSON {
    let entry = Part.object(
      [
        "action": Part.text, "via": Part.text, "resources": Part.texts, "times": Part.times, "partial": Part.flag,
        "grants": Part.list(grant),
      ], optional: ["via", "partial"])
    return answers("Writ what-can", Part.object(["principal": Part.text, "environment": Part.text, "access": Part.list(entry)]))
  }

  /// That of one line of `can --batch`: the question, and its answer or what is wrong with it.
  package static var batchSchema: JSON {
    Part.document(
      "Writ can --batch, a line", version: nil,
      [
        "principal": Part.text, "action": Part.text, "resource": Part.text, "environment": Part.text, "allowed": Part.flag,
        "error": Part.text,
      ], optional: ["principal", "action", "resource", "environment", "allowed", "error"],
      also: [
        JSON.Member(
          name: "oneOf",
          value: .array([.members(["required": ["principal", "action", "resource", "allowed"]]), .members(["required": ["error"]])]))
      ])
  }

  // MARK: Parts

  private static func answers(_ title: String, _ answer: JSON) -> JSON {
    Part.document(title, version: version, ["at": Part.described("The instant that was asked about."), "answers": Part.list(answer)])
  }

  private static func decision(grants: JSON? = nil, derivations: JSON? = nil) -> JSON {
    let miss = Part.object(["message": Part.text, "location": Part.location])
    return Part.object(
      [
        "principal": Part.text, "action": Part.text, "resource": Part.text, "environment": Part.text, "allowed": Part.flag,
        "example": Part.described("A resource that is allowed.", Part.text),
        "missing": Part.described("A resource that is not.", Part.text),
        "possible": Part.described("Groups that may do it and whose members only the provider knows.", Part.texts),
        "grants": grants, "nearest": Part.described("For a no: what lacks least.", Part.list(miss)), "derivations": derivations,
        "complete": derivations.map { _ in Part.described("Whether there are no more proofs than these.", Part.flag) },
      ], optional: ["example", "missing", "possible", "nearest"])
  }

  private static var grant: JSON {
    Part.object(["by": Part.text, "location": Part.location, "via": Part.text, "times": Part.times], optional: ["via"])
  }
}

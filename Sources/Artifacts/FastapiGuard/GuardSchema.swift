import PolicyCompiler

extension GuardDocument {
  /// The JSON Schema of guards' documents.
  static var schema: JSON {
    func text(_ documentation: String) -> JSON { .members(["type": "string", "description": .string(documentation)]) }
    func texts(_ documentation: String) -> JSON {
      .members(["type": "array", "items": .members(["type": "string"]), "description": .string(documentation)])
    }
    func moment(_ documentation: String) -> JSON {
      .members(["type": "string", "format": "date-time", "description": .string(documentation)])
    }
    func object(_ properties: KeyValuePairs<String, JSON?>, optional: Set<String> = []) -> JSON {
      let names = properties.map(\.key).filter { !optional.contains($0) }
      return .members([
        "type": "object", "additionalProperties": false, "required": .array(names.map { .string($0) }), "properties": .members(properties),
      ])
    }
    func list(_ item: JSON, _ documentation: String) -> JSON {
      .members(["type": "array", "items": item, "description": .string(documentation)])
    }
    let claims: JSON = .members([
      "type": "object", "additionalProperties": .members(["type": ["string", "boolean"]]),
      "description": "Claims that a token must carry, each with its exact value.",
    ])
    let contains: JSON = .members([
      "type": "object", "additionalProperties": .members(["type": "string"]),
      "description": "Claims that are lists, each with what must be in it.",
    ])
    let provider = object([
      "name": text("Its name in the policy."), "issuer": text("The `iss` claim, exactly."),
      "jwks": .members([
        "type": ["string", "null"], "description": "Where its keys are; null where the issuer's discovery document tells.",
      ]),
      "algorithms": texts("The signature algorithms that are accepted."), "claims": claims,
    ])
    let proof = object(
      ["provider": text("Whose token it is."), "audience": text("What `aud` must hold."), "claims": claims, "contains": contains],
      optional: ["contains"])
    let principal = object(
      [
        "name": text("Its name in the policy."), "kind": .members(["enum": ["user", "service", "group"]]),
        "proofs": list(proof, "A token that shows all of one of these is this principal's."),
        "declared": text("Where the policy declares it."),
      ], optional: ["declared"])
    let rule = object(
      [
        "principal": text("Who may call the route."), "roles": texts("The roles that give it; none where a binding gives it itself."),
        "from": moment("From when on."), "until": moment("Until when, which is not included."),
        "because": texts("The lines of the policy that it rests on, the binding first."),
      ], optional: ["from", "until"])
    let route = object(
      [
        "name": text("Its name in the policy."), "methods": texts("The HTTP methods."),
        "path": text("The path's template, with its prefix."),
        "public": .members(["type": "boolean", "description": "Whether anybody may call it."]),
        "acts_as": text("The connection whose session it acts through."), "allow": list(rule, "Who may call it, and nobody else."),
        "declared": text("Where the policy declares it."),
      ], optional: ["acts_as", "declared"])
    let frame: JSON = object([
      "version": .members(["const": .integer(version)]),
      "revision": .members([
        "type": "string", "pattern": "^[0-9a-f]{64}$",
        "description": "The SHA-256 of this file's text with sixty-four zeros in the place of the revision.",
      ]),
      "note": text("For people."), "artifact": text("The artifact's name in the policy."), "system": text("The API."),
      "environment": text("The environment."), "default": .members(["const": "deny"]),
      "not_after": .members([
        "type": ["string", "null"], "format": "date-time", "description": "From when on everything is refused; null where that never is.",
      ]),
      "leeway": .members([
        "type": "integer", "minimum": 0, "maximum": .integer(FastapiGuardOptions.longestLeeway.seconds),
        "description": "How many seconds clocks may differ.",
      ]), "providers": list(provider, "Whose tokens are taken."), "principals": list(principal, "Who may call anything."),
      "routes": list(route, "Every route there is; all others are refused."),
    ])
    guard case .object(let members) = frame else { return frame }
    return .object(
      [
        .init(name: "$schema", value: "http://json-schema.org/draft-07/schema#"), .init(name: "title", value: "Writ guard of an API"),
        .init(name: "description", value: "Who may call which route of an application, as its guard reads it."),
      ] + members)
  }
}

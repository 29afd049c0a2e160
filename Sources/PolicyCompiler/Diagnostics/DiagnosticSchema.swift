extension DiagnosticJSON {
  /// The JSON Schema of `--format json`.
  package static var schema: JSON {
    let count: JSON = .members(["type": "integer", "minimum": 0])
    let position: JSON = .members([
      "type": "object", "additionalProperties": false, "required": ["line", "column"],
      "properties": .members(["line": .members(["type": "integer", "minimum": 1]), "column": .members(["type": "integer", "minimum": 1])]),
    ])
    let location: JSON = .members([
      "type": "object", "additionalProperties": false, "required": ["path", "start", "end"],
      "properties": .members(["path": .members(["type": "string"]), "start": position, "end": position]),
    ])
    let note: JSON = .members([
      "type": "object", "additionalProperties": false, "required": ["message"],
      "properties": .members(["message": .members(["type": "string"]), "location": location]),
    ])
    let fix: JSON = .members([
      "type": "object", "additionalProperties": false, "required": ["location", "replacement", "isSafe"],
      "properties": .members([
        "location": location, "replacement": .members(["type": "string"]),
        "isSafe": .members(["type": "boolean", "description": "Whether `check --fix` may make the change: it can give nobody anything."]),
      ]),
    ])
    let item: JSON = .members([
      "type": "object", "additionalProperties": false, "required": ["code", "severity", "message", "notes"],
      "properties": .members([
        "code": .members(["type": "string", "pattern": "^W[0-9]{4}$"]),
        "severity": .members(["enum": .array(Diagnostic.Severity.allCases.map { .string($0.rawValue) })]),
        "message": .members(["type": "string"]),
        "location": location, "notes": .members(["type": "array", "items": note]), "help": .members(["type": "string"]), "fix": fix,
        "fingerprint": .members([
          "type": "string", "pattern": "^[0-9a-f]{32}:[0-9]+$",
          "description": "The same for the same problem where lines move; the number tells equal ones apart.",
        ]),
      ]),
    ])
    return .members([
      "$schema": "http://json-schema.org/draft-07/schema#", "title": "Writ diagnostics", "type": "object", "additionalProperties": false,
      "required": ["version", "at", "summary", "diagnostics"],
      "properties": .members([
        "version": .members(["const": .integer(version)]),
        "at": .members(["type": "string", "description": "The instant that was judged."]),
        "summary": .members([
          "type": "object", "additionalProperties": false, "required": ["errors", "warnings", "notes"],
          "properties": .members(["errors": count, "warnings": count, "notes": count]),
        ]), "baselined": .members(["type": "integer", "minimum": 1, "description": "Problems in the baseline, which are left out."]),
        "diagnostics": .members(["type": "array", "items": item]),
      ]),
    ])
  }
}

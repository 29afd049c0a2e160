import PolicyCompiler

extension Manifest {
  /// The JSON Schema of manifests.
  static var schema: JSON {
    func text(_ documentation: JSON) -> JSON { .members(["type": "string", "description": documentation]) }
    return .members([
      "$schema": "http://json-schema.org/draft-07/schema#", "title": "Writ manifest",
      "description": "The variables that a generated file takes from the environment of the process that reads it.", "type": "object",
      "additionalProperties": false, "required": ["version", "artifact", "target", "path", "audience", "variables"],
      "properties": .members([
        "version": .members(["const": .integer(version)]), "artifact": text("The artifact's name in the policy."),
        "target": text("The tool that the file is for."),
        "path": text("The file, below the folder of generated files."), "audience": text("Who holds the file."),
        "variables": .members([
          "type": "array",
          "items": .members([
            "type": "object", "additionalProperties": false, "required": ["name", "connection", "environment"],
            "oneOf": .array([.members(["required": ["reference"]]), .members(["required": ["json"]])]),
            "properties": .members([
              "name": text("The variable."),
              "reference": .members(["type": "string", "pattern": "^ref\\+[a-z]+://", "description": "The secret that is its value."]),
              "json": .members([
                "type": "object", "description": "Its value is this JSON, in which every text that is a reference stands for its secret.",
              ]),
              "connection": text("The connection that needs it."), "environment": text("The environment of the connection."),
              "field": text("The connection's field that holds the reference."),
            ]),
          ]),
        ]),
      ]),
    ])
  }
}

import PolicyCompiler

/// The list of files that Writ has written into the folder of generated files: what it may replace and delete there.
package enum ArtifactIndex {
  package static let path = ".writ.json"
  static let version = 1

  package static func text(_ artifacts: [Artifact]) -> String {
    JSON.members([
      "version": .integer(version),
      "note": "Written by Writ: the files in this folder that it made and may replace or delete.",
      "files": .array(
        artifacts.map { artifact in
          .members(["path": .string(artifact.path), "artifact": .string(artifact.declaration), "target": .string(artifact.target.rawValue)])
        }),
    ]).text
  }
}

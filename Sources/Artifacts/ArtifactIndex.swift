package import PolicyCompiler

/// The list of files that Writ has written into the folder of generated files: what it may replace and delete there.
package enum ArtifactIndex {
  package static let path = ".writ.json"
  static let version = 1

  /// The list's bytes.
  package static func bytes(_ artifacts: [Artifact]) -> [UInt8] {
    let text = JSON.members([
      "version": .integer(version),
      "note": "Written by Writ: the files in this folder that it made, and may replace or delete.",
      "files": .array(
        artifacts.map { artifact in
          .members(["path": .string(artifact.path), "artifact": .string(artifact.declaration), "target": .string(artifact.target.rawValue)])
        }),
    ]).text
    return Array(text.utf8)
  }

  /// The paths in a list that was written before; none where it cannot be read. Paths that lead out of the folder, and
  /// the list itself, are left out: it is a file like any other, and anybody may have written it.
  package static func read(_ bytes: [UInt8]) -> Set<UTF8Key> {
    guard let document = SyntaxNode.json(bytes), let files = document.value(of: "files") else { return [] }
    return Set(
      files.items.compactMap { item in
        guard item.isMapping, let path = item.value(of: "path"), path.isScalar else { return nil }
        let text = path.text
        let isSafe = !text.split(byte: "/").contains { $0.isEmpty || $0 == "." || $0 == ".." }
        return isSafe && text != Self.path ? UTF8Key(text) : nil
      })
  }
}

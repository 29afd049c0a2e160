import ArgumentParser
import Foundation

/// What a new target starts from.
struct NewTarget {
  /// As policies call it: `postgres_grants`.
  let name: String

  /// As the code calls it: `PostgresGrants`.
  var type: String { name.split(separator: "_").map(\.capitalized).joined() }

  private var kind: String { type.prefix(1).lowercased() + type.dropFirst() }

  var files: [(path: String, text: String)] {
    [
      (
        "\(type)Target.swift",
        """
        package import PolicyCompiler

        /// (What it renders, and for which tool.)
        package enum \(type)Target: ArtifactTarget {
          package static let options = RecordShape("artifact", "(What the artifact is.)", keys: \(type)Field.self)

          package static func render(_ request: inout ArtifactRequest) {
            // Read `request.options` and `EachEnvironment`, ask `request.connection(_:in:)`, report what the tool cannot express, and write:
            // request.write(text, to: request.path(environment: environment.text))
          }
        }

        """
      ),
      (
        "\(type)Options.swift",
        """
        package import PolicyCompiler

        /// What an artifact with `target: \(name)` may say, beside what all artifacts say.
        package enum \(type)Field: Int, FieldKey {
          case environment

          package var field: Field {
            switch self {
            case .environment:
              Field(
                "environment", .list(.scalar(.name)), required: true, impact: .delivery,
                "The environment, or several: each gets a file of its own, so the path then holds `${environment}`.")
            }
          }
        }

        """
      ),
      (
        "README.md",
        """
        # \(name)

        (What is emitted, and what proves it, with a link to the format's specification.)

        ```yaml
        artifacts:
          example:
            target: \(name)
            path: example-${environment}.txt
            audience: team
            environment: [dev]
        ```

        """
      ),
      (
        "Golden/first/policies/policy.yaml",
        """
        environments: { dev: {} }
        users: { ana: {} }
        groups: { team: { owners: [ana], members: [ana] } }
        artifacts:
          example:
            target: \(name)
            path: example-${environment}.txt
            audience: team
            environment: [dev]

        """
      ),
    ]
  }

  /// The list of targets with this one, in the order of their names.
  func added(to kinds: String) throws -> String {
    var lines = kinds.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    try insert("  case \(kind) = \"\(name)\"", into: &lines) { $0.hasPrefix("  case ") && $0.contains(" = \"") }
    try insert("    case .\(kind): \(type)Target.self", into: &lines) { $0.hasPrefix("    case .") && $0.hasSuffix("Target.self") }
    return lines.joined(separator: "\n")
  }

  private func insert(_ line: String, into lines: inout [String], among isOne: (String) -> Bool) throws {
    guard let last = lines.lastIndex(where: isOne), let first = lines.firstIndex(where: isOne) else {
      throw ValidationError("TargetKind.swift does not look as expected")
    }
    lines.insert(line, at: lines[first...last].firstIndex { isOne($0) && $0 > line } ?? last + 1)
  }
}

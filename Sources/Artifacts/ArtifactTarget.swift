package import PolicyCompiler

/// What a tool's files are made by: its options, and a pure function from a request to files.
package protocol ArtifactTarget {
  /// The fields of its artifacts, beside those that all artifacts have; their shapes hold when `render` is called.
  static var options: RecordShape { get }

  /// Whether a file holds who may do what, and not only what its holder connects with: then a binding changes it.
  static var holdsAccess: Bool { get }

  /// Writes the request's files, and reports what cannot be. Never wider than the policy: what the tool cannot express
  /// is an error at its line.
  static func render(_ request: inout ArtifactRequest)
}

extension ArtifactTarget {
  package static var holdsAccess: Bool { false }
}

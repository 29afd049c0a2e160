package import PolicyCompiler

package enum PostmanEnvironmentTarget: ArtifactTarget {
  package static let options = RecordShape("artifact", "", [])

  package static func render(_ request: inout ArtifactRequest) {}
}

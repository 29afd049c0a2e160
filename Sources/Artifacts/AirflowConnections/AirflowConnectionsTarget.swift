package import PolicyCompiler

package enum AirflowConnectionsTarget: ArtifactTarget {
  package static let options = RecordShape("artifact", "", [])

  package static func render(_ request: inout ArtifactRequest) {}
}

/// A comparison with all that its printers need: what `DiffText`, `DiffMarkdown` and `DiffJSON` print.
package struct DiffReport: Sendable {
  package let diff: AccessDiff
  package let sources: SourceMap
  /// What the two sides are called.
  package let names: (old: String, new: String)
  package let artifacts: [ArtifactChange]
  /// What must be known of the sides to read it: that the old one is not the one that was asked for, and why.
  package let note: String?

  package init(
    _ diff: AccessDiff, _ sources: SourceMap, names: (old: String, new: String), artifacts: [ArtifactChange], note: String? = nil
  ) {
    self.diff = diff
    self.sources = sources
    self.names = names
    self.artifacts = artifacts
    self.note = note
  }
}

import PolicyCompiler

/// The JSON Schemas that Writ publishes, each as `schemas/<name>.schema.json`.
package enum SchemaKind: String, CaseIterable, Sendable {
  case policy, writ, manifest, diagnostics, diff, baseline

  package var text: String {
    switch self {
    case .policy: JSONSchema.policy(.complete).text
    case .writ: JSONSchema.root().text
    case .manifest: Manifest.schema.text
    case .diagnostics: DiagnosticJSON.schema.text
    case .diff: DiffJSON.schema.text
    case .baseline: Baseline.schema.text
    }
  }
}

import PolicyCompiler

/// The JSON Schemas that Writ publishes, each as `schemas/<name>.schema.json`.
package enum SchemaKind: String, CaseIterable, Sendable {
  case policy, writ, manifest, diagnostics, diff, drift, baseline, log, test, can, why
  case canBatch = "can-batch"
  case whoCan = "who-can"
  case whatCan = "what-can"
  case guardDocument = "fastapi-guard"

  package var text: String {
    switch self {
    case .policy: JSONSchema.policy(.complete).text
    case .writ: JSONSchema.root().text
    case .manifest: Manifest.schema.text
    case .diagnostics: DiagnosticJSON.schema.text
    case .diff: DiffJSON.schema.text
    case .drift: DriftJSON.schema.text
    case .log: LogJSON.schema.text
    case .test: TestJSON.schema.text
    case .can: AnswerJSON.canSchema.text
    case .canBatch: AnswerJSON.batchSchema.text
    case .whoCan: AnswerJSON.whoCanSchema.text
    case .whatCan: AnswerJSON.whatCanSchema.text
    case .why: AnswerJSON.whySchema.text
    case .guardDocument: GuardDocument.schema.text
    case .baseline: Baseline.schema.text
    }
  }
}

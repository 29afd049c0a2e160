import PolicyCompiler

/// What `check` found, in the words that a person reads.
struct CheckOutcome {
  let compiled: CompiledWorkspace
  let verdict: Baseline.Verdict
  /// The problems that are printed.
  let shown: [Diagnostic]

  init(_ compiled: CompiledWorkspace, _ verdict: Baseline.Verdict, shows: (Diagnostic) -> Bool) {
    self.compiled = compiled
    self.verdict = verdict
    shown = verdict.remaining.filter(shows)
  }

  /// For a terminal.
  var text: String {
    let printer = DiagnosticPrinter(sources: compiled.sources, useColor: Terminal.resultsUseColor, width: Terminal.width)
    var text = printer.text(shown)
    if !shown.isEmpty { text += "\n" }
    text += summary + "\n"
    if !compiled.areRulesJudged { text += "guardrails and tests are judged once the errors are mended\n" }
    if let code = shown.first(where: { $0.severity == .error })?.code {
      text += "`writ explain \(code.rawValue)` says more about an error\n"
    }
    return text
  }

  /// `2 policy files checked: 1 error (3 in the baseline: --no-baseline shows them)`.
  var summary: String {
    let files = compiled.fileCount == 1 ? "1 policy file" : "\(compiled.fileCount) policy files"
    let artifacts = compiled.artifacts.count == 1 ? "1 generated file" : "\(compiled.artifacts.count) generated files"
    let found = DiagnosticPrinter.summary(shown)
    let nothing = verdict.known == 0 ? "nothing wrong" : "nothing new"
    var text = found.isEmpty ? "\(files) checked, \(artifacts) could be rendered: \(nothing)" : "\(files) checked: \(found)"
    let hidden = verdict.remaining.count - shown.count
    var more: [String] = []
    if verdict.known > 0 { more.append("\(verdict.known) in the baseline: --no-baseline shows \(verdict.known == 1 ? "it" : "them")") }
    if verdict.beyond > 0 {
      more.append(
        "\(verdict.beyond) in the baseline \(verdict.beyond == 1 ? "counts for nothing, since it is" : "count for nothing, since they are") new"
      )
    }
    if hidden > 0 { more.append("\(hidden) \(hidden == 1 ? "note" : "notes") with --notes") }
    if !more.isEmpty { text += " (\(more.joined(separator: "; ")))" }
    return text
  }
}

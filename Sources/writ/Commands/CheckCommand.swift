import ArgumentParser
import PolicyCompiler

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Checks the policy and everything that would be rendered from it.",
    discussion: "Every problem is reported, not just the first. A warning does not change the exit code, unless --strict.")

  @OptionGroup var policy: PolicyOptions

  @Option(help: "How to print.")
  var format = OutputFormat.human

  @Flag(help: "Treat warnings as errors.")
  var strict = false

  @Flag(help: "Print notes as well; other formats always have them.")
  var notes = false

  func run() throws {
    try reporting {
      let compiled = try CompiledWorkspace(try policy.workspace(), at: policy.moment, needsBytes: false, searchesGenerated: true)
      switch format {
      case .json: Terminal.write(DiagnosticJSON.document(compiled.diagnostics, sources: compiled.sources, instant: policy.moment))
      case .human: Terminal.write(report(compiled))
      }
      Terminal.leave(compiled.fails(strict: strict) ? .policyErrors : .success)
    }
  }

  private func report(_ compiled: CompiledWorkspace) -> String {
    let shown = compiled.diagnostics.filter { notes || $0.severity != .note }
    let printer = DiagnosticPrinter(sources: compiled.sources, useColor: Terminal.resultsUseColor, width: Terminal.width)
    var text = printer.text(shown)
    if !shown.isEmpty { text += "\n" }
    let files = compiled.fileCount == 1 ? "1 policy file" : "\(compiled.fileCount) policy files"
    let artifacts = compiled.artifacts.count == 1 ? "1 generated file" : "\(compiled.artifacts.count) generated files"
    let found = DiagnosticPrinter.summary(shown)
    let hidden = compiled.diagnostics.count - shown.count
    text += found.isEmpty ? "\(files) checked, \(artifacts) could be rendered: nothing wrong" : "\(files) checked: \(found)"
    if hidden > 0 { text += " (\(hidden) \(hidden == 1 ? "note" : "notes") with --notes)" }
    text += "\n"
    if !compiled.areRulesJudged { text += "guardrails and tests are judged once the errors are mended\n" }
    if let code = shown.first(where: { $0.severity == .error })?.code {
      text += "`writ explain \(code.rawValue)` says more about an error\n"
    }
    return text
  }
}

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

  @Flag(help: "First make the corrections that can give nobody any access; name those that were left.")
  var fix = false

  func validate() throws {
    if fix, policy.revision != nil { throw ValidationError("--fix changes files of the work tree, so it cannot go with --rev") }
  }

  func run() throws {
    try reporting {
      let workspace = try policy.workspace()
      let fixes = fix ? try CheckFix(workspace, at: policy.moment) : nil
      let compiled = try CompiledWorkspace(workspace, at: policy.moment, needsBytes: false)
      fixes?.reportLeft(compiled.diagnostics, compiled.sources)
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

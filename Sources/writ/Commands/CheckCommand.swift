import ArgumentParser
import GitStore
import PolicyCompiler

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Checks the policy and everything that would be rendered from it.",
    usage: """
      writ check [<path>] [--repo <path>] [--rev <revision>] [--at <instant>]
                 [--format <format>] [--strict] [--notes] [--fix]
                 [--write-baseline [<file>]] [--baseline <file>]
                 [--against <revision>] [--no-baseline]
      """,
    discussion: """
      Every problem is reported, not just the first. A warning does not change the exit code, unless --strict. Problems that the baseline \
      holds are let pass.
      """)

  @OptionGroup var folder: FolderArgument

  @OptionGroup var policy: PolicyOptions

  @Option(help: "How to print.")
  var format = Format.human

  @Flag(help: "Treat warnings as errors.")
  var strict = false

  @Flag(help: "Print notes as well; other formats always have them.")
  var notes = false

  @Flag(help: "First make the corrections that can give nobody any access; name those that were left.")
  var fix = false

  @Option(
    name: .customLong("write-baseline"), defaultAsFlag: Baseline.fileName,
    help: ArgumentHelp("Record what is wrong now, so that only new problems fail.", valueName: "file"))
  var newBaseline: String?

  @Option(help: ArgumentHelp("The baseline to read, beside writ.yaml.", valueName: "file"))
  var baseline: String?

  @Option(
    help: ArgumentHelp("Of the baseline, let pass only what this revision knew of or had.", valueName: "revision"))
  var against: String?

  @Flag(name: .customLong("no-baseline"), help: "Show and fail for what is in the baseline, too.")
  var ignoresBaseline = false

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case human, json, sarif, github, markdown, junit, rdjson, gitlab
  }

  func validate() throws {
    if baseline != nil, ignoresBaseline { throw ValidationError("--baseline and --no-baseline exclude each other") }
    if newBaseline != nil, baseline != nil || ignoresBaseline {
      throw ValidationError("--write-baseline reads no baseline, so it goes with neither --baseline nor --no-baseline")
    }
    if against != nil, newBaseline != nil || ignoresBaseline {
      throw ValidationError("--against limits what the baseline lets pass, so it goes with neither --write-baseline nor --no-baseline")
    }
    if newBaseline != nil, policy.revision != nil {
      throw ValidationError("a baseline is written for the work tree, not for a revision: check it out first")
    }
    if fix, policy.revision != nil { throw ValidationError("--fix changes files of the work tree, so it cannot go with --rev") }
  }

  func run() throws {
    try reporting {
      let workspace = try policy.workspace(in: folder)
      if let newBaseline { try BaselineFile(newBaseline, workspace).checkMayWrite() }
      let fixes = fix ? try CheckFix(workspace, at: policy.moment) : nil
      let compiled = try CompiledWorkspace(workspace, at: policy.moment, needsBytes: false, searchesGenerated: true)
      fixes?.reportLeft(compiled.diagnostics, compiled.sources)
      if let newBaseline {
        try BaselineFile(newBaseline, workspace).write(compiled)
        Terminal.leave(.success)
      }
      let verdict = try judged(compiled, workspace)
      print(CheckOutcome(compiled, verdict, shows: { notes || format != .human || $0.severity != .note }), workspace)
      Terminal.leave(verdict.remaining.fail(strict: strict) ? .policyErrors : .success)
    }
  }

  private func judged(_ compiled: CompiledWorkspace, _ workspace: Workspace) throws -> Baseline.Verdict {
    let name = baseline ?? Baseline.fileName
    let earlier = try against.map { try Repository.open(at: policy.repository).resolve($0, dates: .policy) }
    guard !ignoresBaseline, let all = try BaselineFile(name, workspace).read(isExpected: baseline != nil) else {
      return Baseline.Verdict(remaining: compiled.diagnostics)
    }
    let (known, beyond) = try earlier.map { try limited(all, to: $0, name) } ?? (all, 0)
    var verdict = known.judge(compiled, path: workspace.folder(name))
    verdict.beyond = beyond
    return verdict
  }

  /// Where the other revision has no policy, this is its first, and so is the baseline.
  private func limited(_ known: Baseline, to revision: Commit, _ name: String) throws -> (baseline: Baseline, beyond: Int) {
    do {
      guard let other = try Workspace.ifAny(at: policy.repository, revision: revision.id.description) else { return (known, 0) }
      let compiled = try CompiledWorkspace(other, at: policy.moment, needsBytes: false, searchesGenerated: true)
      let knew = try other.baseline(name).flatMap { try? Baseline.read($0) }
      return known.limited(to: [Baseline(compiled.diagnostics, compiled.sources)] + (knew.map { [$0] } ?? []))
    } catch let failure as Failure where failure.code == .policyErrors {
      // Settings that cannot be used: then nothing was known.
      return known.limited(to: [])
    }
  }

  private func print(_ outcome: CheckOutcome, _ workspace: Workspace) {
    var report: FindingReport {
      FindingReport(
        outcome.shown, outcome.compiled.sources, at: policy.moment, version: Writ.version, root: workspace.settingsFile.path,
        summary: outcome.summary + (outcome.compiled.areRulesJudged ? "" : ". Guardrails and tests are judged once the errors are mended"))
    }
    switch format {
    case .human: Terminal.write(outcome.text)
    case .json:
      Terminal.write(
        DiagnosticJSON.document(
          outcome.shown, sources: outcome.compiled.sources, instant: policy.moment, baselined: outcome.verdict.known))
    case .sarif: Terminal.write(SARIF.document(report))
    case .github: Terminal.write(GitHubAnnotations.text(report))
    case .markdown: Terminal.write(CheckMarkdown(report).text)
    case .junit: Terminal.write(SafeText.escapedLines(CheckJUnit(report, strict: strict).junit.text))
    case .rdjson: Terminal.write(RDJSON.document(report))
    case .gitlab: Terminal.write(GitLabCodeQuality.document(report))
    }
  }
}

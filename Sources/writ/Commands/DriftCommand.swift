import ArgumentParser
import Artifacts
import GitStore
import PolicyCompiler

struct DriftCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drift", abstract: "Says which generated files are not what the policy says, and what moved: the policy or the file.",
    usage: """
      writ drift [--repo <path>] [--rev <revision>] [--at <instant>]
                 [--branch <name>] [--format <format>]
      """,
    discussion: """
      Compares, and writes nothing. Each file is told with the first line that differs, what it was rendered from as far as history says, \
      and the commit that changed it by hand; none of its content is shown. Exits 2 where something differs.
      """)

  @OptionGroup var policy: PolicyOptions

  @Option(
    help: ArgumentHelp("Compare the files of this branch instead, as `writ render --commit --branch` writes them.", valueName: "name"))
  var branch: String?

  @Option(help: "How to print.")
  var format = OutputFormat.human

  func run() throws {
    try reporting {
      let workspace = try policy.workspace()
      let moment = policy.moment
      let compiled = try CompiledWorkspace(workspace, at: moment, needsBytes: true)
      if compiled.fails(strict: false) {
        let errors = compiled.diagnostics.filter { $0.severity == .error }
        Terminal.say(
          DiagnosticPrinter(sources: compiled.sources, useColor: Terminal.messagesUseColor, width: Terminal.width).text(errors) + "\n")
        throw Failure(.policyErrors, "the policy has errors, so nothing can be compared with it")
      }
      let files = try filesSource(workspace)
      let existing = try workspace.generatedFiles(in: files)
      let folder = GeneratedFolder(compiled.artifacts, existing: existing.files)
      try RenderGuards(workspace: workspace, folder: folder).check(existing.problems)
      let report = DriftReport(
        folder: workspace.folder(workspace.settings.generated), policy: Self.name(workspace.source), files: Self.name(files),
        instant: moment, count: compiled.artifacts.count,
        items: DriftSearch(workspace, compiled, folder, in: files, at: moment).items, foreign: folder.foreign, version: Writ.version)
      print(report)
      Terminal.leave(report.items.isEmpty ? .success : .differences)
    }
  }

  private func filesSource(_ workspace: Workspace) throws -> Workspace.Source {
    guard let branch else { return workspace.source }
    let repository = try Repository.open(at: policy.repository)
    return .revision(try repository.resolve(branch), repository.origin)
  }

  private static func name(_ source: Workspace.Source) -> String {
    switch source {
    case .workTree: "the work tree"
    case .revision(let commit, _): commit.id.description
    }
  }

  private func print(_ report: DriftReport) {
    guard format == .human else { return Terminal.write(DriftJSON.document(report)) }
    Terminal.write(SafeText.escapedLines(report.text))
    for path in report.foreign { Terminal.say("note: Writ did not make `\(SafeText.escaped("\(report.folder)/\(path)"))`\n") }
    let count = report.items.count
    if count > 0 {
      Terminal.say(
        "\(count) \(count == 1 ? "file differs" : "files differ") from what the policy says; `writ render --check` shows how\n")
    }
  }
}

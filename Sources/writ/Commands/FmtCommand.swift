import ArgumentParser
import PolicyCompiler

struct FmtCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt", abstract: "Puts policy files and `writ.yaml` into their canonical layout.",
    discussion: """
      Comments, anchors, the order of everything and every value stay as they are: only white space, and quotes where they \
      mean the same, change. A file that cannot be read as YAML is left alone, and its problems are printed. With --check \
      nothing is written: exit code 2 and a diff when a file is laid out otherwise.
      """)

  @Argument(
    help: ArgumentHelp("Files and folders of the policy; `-` formats standard input. Left out, all policy files.", valueName: "path"))
  var paths: [String] = []

  @Option(name: .customLong("repo"), help: ArgumentHelp("The repository, or a folder in it.", valueName: "path"))
  var repository = "."

  @Flag(help: "Write nothing; exit 2 and show what differs.")
  var check = false

  func validate() throws {
    if paths.contains("-"), paths.count > 1 { throw ValidationError("`-` cannot be formatted together with other files") }
  }

  func run() throws {
    try reporting {
      if paths == ["-"] { return try formatInput() }
      let workspace = try Workspace(at: repository, revision: nil)
      let selection = try FmtSelection(workspace, paths)
      try finish(FmtRun(selection.files, problems: selection.problems), in: workspace)
    }
  }

  private func finish(_ run: FmtRun, in workspace: Workspace) throws {
    run.report()
    let count = run.changes.count
    if check {
      for change in run.changes { Terminal.write(change.difference) }
      if count > 0 {
        Terminal.say(
          "\(count == 1 ? "1 file is" : "\(count) files are") laid out otherwise; `writ fmt` formats \(count == 1 ? "it" : "them")\n")
      }
    } else {
      for change in run.changes {
        try workspace.replace(change.file, with: change.bytes)
        Terminal.write("formatted \(SafeText.escaped(change.file.path))\n")
      }
    }
    if let code = run.code { throw code }
    if count > 0, check { throw ExitCode.differences }
    if count == 0 {
      Terminal.write(run.count == 1 ? "1 file is formatted already\n" : "\(run.count) files are formatted already\n")
    }
  }

  /// For editors: what cannot be formatted is not printed at all, so that nothing takes its place.
  private func formatInput() throws {
    let file = SourceFile(path: "standard input", bytes: try Terminal.input(limit: PolicyLayout.maximumBytes))
    let run = FmtRun([file], problems: [])
    run.report()
    if let code = run.code { throw code }
    if check {
      for change in run.changes { Terminal.write(change.difference) }
      if !run.changes.isEmpty { throw ExitCode.differences }
    } else {
      Terminal.giveBack(String(decoding: run.changes.first?.bytes ?? file.bytes, as: UTF8.self))
    }
  }
}

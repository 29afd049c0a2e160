import ArgumentParser
import Artifacts
import GitStore
import PolicyCompiler

struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Writes every artifact of the policy below the folder of generated files.",
    usage: """
      writ render [<path>] [--repo <path>] [--rev <revision>] [--at <instant>]
                  [--check] [--commit] [--branch <name>] [--author <author>]
                  [--force] [--format <format>] [--strict]
      """,
    discussion: """
      Files that Writ made before and that are no longer wanted are deleted; files of others are never touched. Nothing is \
      written where the policy has errors. With --check nothing is written at all: exit code 2 and a diff when what is \
      there differs.

      With --commit the files of a committed policy become a commit of their own, whose trailers name the policy's \
      revision; index and work tree change in no other file. No hook runs.
      """)

  @OptionGroup var folder: FolderArgument

  @OptionGroup var policy: PolicyOptions

  @Flag(help: "Write nothing; exit 2 and show what differs.")
  var check = false

  @Flag(help: "Commit the files, and nothing else.")
  var commit = false

  @Option(
    help: ArgumentHelp(
      "Commit to this branch instead of the current one; one that does not exist starts from the policy's revision.", valueName: "name"))
  var branch: String?

  @Option(
    help: ArgumentHelp("The commit's author, `Name <mail>`, instead of git's user.name and user.email.", valueName: "author"),
    transform: Self.identity)
  var author: CommitIdentity?

  @Flag(help: "Replace files that are in the way although Writ did not make them, or that were edited by hand.")
  var force = false

  @Option(help: "How to print.")
  var format = OutputFormat.human

  @Flag(help: "Treat warnings as errors.")
  var strict = false

  private static func identity(_ text: String) throws -> CommitIdentity {
    guard let identity = CommitIdentity(text) else { throw ValidationError("`\(text)` is no author: write `Name <mail>`") }
    return identity
  }

  func validate() throws {
    if commit, check { throw ValidationError("--check writes nothing, so it cannot go with --commit") }
    if !commit, branch != nil { throw ValidationError("--branch goes with --commit") }
    if !commit, author != nil { throw ValidationError("--author goes with --commit") }
  }

  func run() throws {
    try reporting {
      // One moment for all that is said of it.
      let moment = policy.moment
      if commit { return try makeCommit(at: moment) }
      if policy.revision != nil, !check {
        throw Failure(
          .badUsage, "a revision can be compared or committed, but not rendered into the work tree",
          help: "add --check or --commit, or check the revision out")
      }
      let workspace = try policy.workspace(in: folder)
      let compiled = try compile(workspace, at: moment)
      let existing = try workspace.generatedFiles()
      let folder = GeneratedFolder(compiled.artifacts, existing: existing.files)
      let guards = RenderGuards(workspace: workspace, folder: folder)
      try guards.check(existing.problems)
      if check { return try report(folder, compiled, workspace, at: moment) }
      try guards.checkMayWrite(policyFiles: compiled.fileCount, force: force)
      let name = workspace.folder(workspace.settings.generated)
      try folder.write(with: FolderWriter(root: workspace.root, folder: name))
      switch format {
      case .json: Terminal.write(json(folder, name))
      case .human:
        show(folder, name)
        if folder.changes.isEmpty { Terminal.write("\(name) is what the policy says already\n") }
      }
    }
  }

  /// The policy's artifacts, with what is wrong said on the way.
  private func compile(_ workspace: Workspace, at moment: Instant) throws -> CompiledWorkspace {
    let compiled = try CompiledWorkspace(workspace, at: moment, needsBytes: true)
    let printer = DiagnosticPrinter(sources: compiled.sources, useColor: Terminal.messagesUseColor, width: Terminal.width)
    let shown = compiled.diagnostics.filter { $0.severity != .note }
    if !shown.isEmpty { Terminal.say(printer.text(shown) + "\n") }
    if compiled.fails(strict: strict) {
      throw Failure(.policyErrors, "nothing was written: \(DiagnosticPrinter.summary(shown))")
    }
    return compiled
  }

  // MARK: Comparing

  private func report(_ folder: GeneratedFolder, _ compiled: CompiledWorkspace, _ workspace: Workspace, at moment: Instant) throws {
    let name = workspace.folder(workspace.settings.generated)
    let items = DriftSearch(workspace, compiled, folder, at: moment).items
    switch format {
    case .json: Terminal.write(json(folder, name, drift: items))
    case .human:
      if folder.isUpToDate {
        Terminal.write("\(name) is what the policy says\n")
      } else {
        Terminal.write(SafeText.escapedLines(MaskedText.masked(folder.difference(in: name), certainOnly: false)))
        let words = DriftReport(
          folder: name, policy: "", files: "", instant: moment, count: 0, items: items, foreign: [], version: Writ.version)
        for item in items where !item.reasons.isEmpty { Terminal.say(SafeText.escaped(words.line(item)) + "\n") }
        let count = folder.changes.count
        Terminal.say(
          count == 0
            ? "\(name) lacks Writ's list of its files; `writ render` writes it\n"
            : "\(count) \(count == 1 ? "file differs" : "files differ") from what the policy says; `writ render` writes \(count == 1 ? "it" : "them")\n"
        )
      }
    }
    if !folder.isUpToDate { throw ExitCode.differences }
  }

  // MARK: Committing

  private func makeCommit(at moment: Instant) throws {
    let render = try RenderCommit(at: policy.repository, revision: policy.revision, branch: branch)
    let compiled = try compile(render.workspace, at: moment)
    let result = try render.run(compiled, at: moment, author: author, force: force)
    let name = render.workspace.folder(render.workspace.settings.generated)
    let revision = render.policy.id.description
    let place = render.target.branch.map { "`\(SafeText.escaped($0))`" } ?? "a detached HEAD, which no branch holds"
    switch format {
    case .json:
      Terminal.write(
        json(
          result.folder, name, foreign: result.foreign,
          commit: [
            JSON.Member(name: "commit", value: result.commit.map { .string($0.id.description) } ?? .null),
            JSON.Member(name: "branch", value: render.target.branch.map { .string($0) } ?? .null),
            JSON.Member(name: "policyRevision", value: .string(revision)),
          ]))
    case .human:
      if let commit = result.commit {
        show(result.folder, name)
        Terminal.write("committed \(commit.id.short) on \(place), from policy \(render.policy.id.short)\n")
      } else {
        let isNew = render.target.tip == nil
        Terminal.write(
          "nothing to commit: \(name) \(isNew ? "in" : "on \(place) is what") policy \(render.policy.id.short) \(isNew ? "is what it says, so no branch was made" : "says")\n"
        )
      }
    }
    for edit in result.undone { Terminal.say("note: \(SafeText.escaped(edit.text)), which this undoes\n") }
    for path in result.foreign { Terminal.say("note: Writ did not make `\(SafeText.escaped("\(name)/\(path)"))`, and left it\n") }
    for path in result.edited {
      Terminal.say("note: `\(SafeText.escaped("\(name)/\(path)"))` is not as committed in the work tree, and was left\n")
    }
    if result.commit != nil, try render.repository.open().wantsSignedCommits() {
      Terminal.say(
        "note: `commit.gpgSign` is set, but Writ runs no program to sign with\n  help: `git commit --amend --no-edit --gpg-sign` signs it\n"
      )
    }
  }

  // MARK: Printing

  private func show(_ folder: GeneratedFolder, _ name: String) {
    for change in folder.changes { Terminal.write("\(Self.verb(change)) \(SafeText.escaped("\(name)/\(change.path)"))\n") }
  }

  private static func verb(_ change: GeneratedFolder.Change) -> String {
    switch change {
    case .create: "created"
    case .update: "updated"
    case .delete: "deleted"
    }
  }

  private func json(
    _ folder: GeneratedFolder, _ name: String, foreign: [String]? = nil, commit: [JSON.Member] = [], drift: [DriftReport.Item] = []
  ) -> JSON {
    let found = Dictionary(drift.map { (UTF8Key($0.path), $0) }, uniquingKeysWith: { first, _ in first })
    let members = [
      JSON.Member(name: "version", value: 1), JSON.Member(name: "folder", value: .string(name)),
      JSON.Member(name: "upToDate", value: .boolean(folder.isUpToDate)),
      JSON.Member(
        name: "changes",
        value: .array(
          folder.changes.map { change in
            let action =
              switch change {
              case .create: "create"
              case .update: "update"
              case .delete: "delete"
              }
            let item = found[UTF8Key("\(name)/\(change.path)")]
            return .members([
              "action": .string(action), "path": .string(change.path), "line": item.map { .integer($0.line) },
              "reasons": item.map(DriftJSON.reasons),
            ])
          })), JSON.Member(name: "foreign", value: .array((foreign ?? folder.foreign).map { .string($0) })),
    ]
    return .object(members + commit)
  }
}

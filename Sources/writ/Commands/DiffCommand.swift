import ArgumentParser
import GitStore
import PolicyCompiler

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Shows what a change gives and takes, and every change of trust.",
    usage: """
      writ diff [<revisions>] [--repo <path>] [--at <instant>]
                [--format <format>] [--exit-code] [--before-errors]
                [--approved-by <logins> ...] [--approval-host <host>]
                [--author <login> ...]
      """,
    discussion: """
      A..B compares two revisions, A...B what B changed since it parted from A, and A alone compares it with the work tree; without any, HEAD with the work tree.

      The new side is judged by the rules of both: what the old side's guardrails and tests forbid stays forbidden, and reviews are owed by its approvals. Exits 1 \
      where one of them is violated, or, with --approved-by, where a review is missing.
      """)

  @Argument(help: ArgumentHelp("A..B, A...B or A.", valueName: "revisions"))
  var range: String?

  @Option(
    name: .customLong("repo"), help: ArgumentHelp("The repository, or a folder in it.", valueName: "path"))
  var repository = "."

  @Option(
    name: .customLong("at"), help: ArgumentHelp("Access counts from this moment on (ISO 8601) instead of now.", valueName: "instant"),
    transform: PolicyOptions.instant)
  var instant: Instant?

  @Option(help: "How to print; GitLab compares the reports of `check` itself.")
  var format = Format.human

  @Flag(name: .customLong("exit-code"), help: "Exit 2 where anything differs.")
  var exitCode = false

  @Flag(
    name: .customLong("before-errors"),
    help: "Where the old side has errors, compare with the last revision before it that compiles.")
  var beforeErrors = false

  @Option(
    name: .customLong("approved-by"), parsing: .singleValue,
    help: ArgumentHelp(
      "Who approved: logins (`accounts`, or else the name), separated by commas; empty for nobody. May be repeated.", valueName: "logins"))
  var approvedBy: [String] = []

  @Option(
    name: .customLong("approval-host"),
    help: ArgumentHelp("Where they approved: accounts on other hosts do not count then.", valueName: "host"))
  var approvalHost: CodeHost?

  @Option(
    name: .customLong("author"), parsing: .singleValue,
    help: ArgumentHelp("The author of the change, whose approval does not count. May be repeated.", valueName: "login"))
  var authors: [String] = []

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case human, json, sarif, github, markdown, junit, rdjson
  }

  func run() throws {
    try reporting {
      let comparison = try comparison(at: instant ?? Terminal.now)
      print(comparison.it, root: comparison.root)
      let report = comparison.it.report
      let diff = report.diff
      for it in diff.unknownLogins {
        Terminal.say("note: \(SafeText.escaped(it.message))\n" + (it.help.map { "  help: \(SafeText.escaped($0))\n" } ?? ""))
      }
      if let note = report.note, format != .human { Terminal.say("note: \(SafeText.escaped(note))\n") }
      if diff.isBlocked { Terminal.leave(.policyErrors) }
      Terminal.leave(exitCode && !(diff.isEmpty && report.artifacts.isEmpty) ? .differences : .success)
    }
  }

  private var options: AccessDiff.Options {
    var options = AccessDiff.Options()
    options.authors = Set(authors.filter { !$0.isEmpty })
    if !approvedBy.isEmpty { options.approvedBy = Set(approvedBy.flatMap { $0.split(separator: ",").map { String($0).trimmed } }) }
    options.approvalHost = approvalHost
    return options
  }

  private func comparison(at moment: Instant) throws -> (it: PolicyComparison, root: String) {
    let (base, head, names) = try sides()
    let new = try head.map(workspace) ?? Workspace.ifAny(at: repository)
    func compared(_ old: Workspace?, _ name: String, _ note: String?) throws -> (it: PolicyComparison, root: String) {
      guard old != nil || new != nil else {
        throw Failure(.inputOutput, "there is no `\(RootSettings.fileName)` on either side", help: "`writ init` starts a policy repository")
      }
      let it = try PolicyComparison(old, new, names: (old: name, new: names.new), at: moment, options: options, note: note)
      return (it, new?.settingsFile.path ?? old?.settingsFile.path ?? RootSettings.fileName)
    }
    do {
      return try compared(try self.base(base), names.old, nil)
    } catch let broken as BrokenBase {
      guard beforeErrors else { throw broken.failure }
      let earlier = try EarlierPolicy(before: base, at: repository, instant: moment)
      let called = earlier.commit.map { name("", $0) } ?? "nothing"
      return try compared(earlier.workspace, called, earlier.note(of: names.old, as: called))
    }
  }

  /// The old side, whose settings may be what is broken.
  private func base(_ commit: Commit) throws -> Workspace? {
    do {
      return try workspace(commit)
    } catch let failure as Failure where failure.code == .policyErrors {
      throw BrokenBase(failure: failure)
    }
  }

  private func print(_ it: PolicyComparison, root: String) {
    var findings: FindingReport { FindingReport(it.report, version: Writ.version, root: root) }
    switch format {
    case .human: Terminal.write(SafeText.escapedLines(DiffText(it.report).text))
    case .json: Terminal.write(DiffJSON.document(it.report))
    case .markdown: Terminal.write(DiffMarkdown(it.report).text)
    case .sarif: Terminal.write(SARIF.document(findings))
    case .github: Terminal.write(GitHubAnnotations.text(findings))
    case .junit: Terminal.write(SafeText.escapedLines(DiffJUnit(it.report).junit.text))
    case .rdjson: Terminal.write(RDJSON.document(findings))
    }
  }

  // MARK: Sides

  /// - Returns: the commits, the new one nil where it is the work tree, and what they are called.
  private func sides() throws -> (old: Commit, new: Commit?, names: (old: String, new: String)) {
    let text = range ?? "HEAD"
    let repository = try Repository.open(at: self.repository)
    let range = try RevisionRange(text)
    let commits = try repository.resolve(range, dates: .policy)
    guard let old = commits.old else {
      return (commits.new, nil, (old: name(range.first, commits.new), new: "the work tree"))
    }
    return (
      old, commits.new,
      (old: name(range.form == .threeDots ? "" : range.first, old), new: name(range.second ?? "", commits.new))
    )
  }

  private func workspace(_ commit: Commit) throws -> Workspace? { try Workspace.ifAny(at: repository, revision: commit.id.description) }

  private func name(_ text: String, _ commit: Commit) -> String {
    let short = String(commit.id.description.prefix(7))
    return text.isEmpty || commit.id.description.hasPrefix(text) ? short : "\(text) (\(short))"
  }
}

extension CodeHost: ExpressibleByArgument {}

extension String {
  /// Without white space at its ends.
  fileprivate var trimmed: String {
    var text = self[...]
    while let first = text.first, first.isWhitespace { text = text.dropFirst() }
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    return String(text)
  }
}

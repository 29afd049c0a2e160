import ArgumentParser
import GitStore
import PolicyCompiler

struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Shows which commits gave and took which access.",
    usage: """
      writ log [<principal>] [<resource>] [--repo <path>] [--rev <revision>]
               [--since <instant>] [--until <instant>] [--limit <count>]
               [--first-parent] [--format <format>]
      """,
    discussion: """
      Newest first. Each commit is judged at its own time. A merge is shown where it is more than its branches; with --first-parent it counts as one change. Where \
      a revision does not compile, the next one is compared with the last that did.
      """)

  @Argument(help: "Only what this principal gained and lost; of a group, its members.")
  var principal: String?

  @Argument(help: "Only what overlaps this resource or pattern.")
  var resource: String?

  @Option(name: .customLong("repo"), help: ArgumentHelp("The repository, or a folder in it.", valueName: "path"))
  var repository = "."

  @Option(name: .customLong("rev"), help: ArgumentHelp("Begin with this revision; A..B leaves out what A has.", valueName: "revision"))
  var revision = "HEAD"

  @Option(help: ArgumentHelp("Only commits from this moment on (ISO 8601).", valueName: "instant"), transform: PolicyOptions.instant)
  var since: Instant?

  @Option(help: ArgumentHelp("Only commits up to this moment; a date includes that day.", valueName: "instant"), transform: Self.end)
  var until: Instant?

  @Option(name: [.customShort("n"), .customLong("limit")], help: ArgumentHelp("At most this many commits.", valueName: "count"))
  var limit: Int?

  @Flag(name: .customLong("first-parent"), help: "Follow only the first parents: a merge counts as one change.")
  var firstParent = false

  @Option(help: "How to print.")
  var format = OutputFormat.human

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit needs a number from 1 on") }
  }

  func run() throws {
    try reporting {
      let filter = try filter()
      let repository = try Repository.open(at: self.repository)
      let commits = try repository.resolve(try RevisionRange(revision), dates: .policy)
      let window = History.Window(
        since: since?.seconds, until: until.map { $0.seconds - 1 }, firstParentOnly: firstParent, excluding: commits.old.map { [$0] } ?? [])
      func history(_ window: History.Window, _ names: SoughtNames) throws -> PolicyHistory {
        try PolicyHistory(repository.origin, head: commits.new, prefix: repository.location.prefix, window: window, names: names)
      }
      let told = try history(window, filter.names)
      var values: [JSON] = []
      var shown = 0
      // Nothing is told about a name that may be none.
      var held = ""
      func release() {
        if !held.isEmpty { Terminal.write(held) }
        held = ""
      }
      while shown < limit ?? .max, let entry = try told.next() {
        var entry = entry
        var diff = entry.diff
        if let it = diff {
          let principals = filter.principals(it)
          diff?.keep { filter.matches($0, principals) }
        }
        if diff.map(\.changes.isEmpty) ?? (entry.note == nil), diff?.problems.isEmpty ?? true { continue }
        entry = PolicyHistory.Entry(commit: entry.commit, diff: diff, note: entry.note, isCut: entry.isCut, sources: entry.sources)
        shown += 1
        switch format {
        case .human:
          held += SafeText.escapedLines((shown == 1 ? "" : "\n") + text(entry))
          if told.names.areKnown { release() }
        case .json: values.append(json(entry))
        }
      }
      // What was declared once may be asked about, wherever that was.
      try told.lookForNames()
      if let failure = told.names.failure {
        guard window != History.Window() else { throw failure }
        let all = try history(History.Window(), told.names)
        try all.lookForNames()
        if let failure = all.names.failure { throw failure }
      }
      release()
      if format == .json { Terminal.write(LogJSON.document(values, at: Terminal.now)) }
      if shown == 0, format == .human { Terminal.write("no commit changed access\n") }
      if let cut = told.cutAt.first {
        Terminal.say(
          "note: this is a shallow clone: history before \(cut.description.prefix(7)) is not here\n  help: `git fetch --unshallow` brings it\n"
        )
      }
      Terminal.leave(.success)
    }
  }

  // MARK: Filter

  private struct Filter {
    let names: SoughtNames
    var resource: PathPattern?

    /// Whom it means where a change was made: of a group whose members are known, these. Nil where everybody is meant.
    func principals(_ diff: AccessDiff) -> Set<String>? {
      guard let principal = names.principal else { return nil }
      var found: Set<String> = []
      for policy in [diff.old.policy, diff.new.policy] {
        guard let id = try? Asking(policy).principal(principal) else { continue }
        let subjects = policy.grants.isSubject(id) ? [id] : policy.grants.membership.members(of: id).map(\.principal)
        found.formUnion(subjects.map { policy.model[$0].name })
      }
      return found
    }

    func matches(_ change: AccessChange, _ principals: Set<String>?) -> Bool {
      if let principals, !principals.contains(change.principal) { return false }
      guard let resource else { return true }
      // Too complex to decide: shown rather than hidden.
      return (try? change.resources.overlaps(ResourceSet(resource))) ?? true
    }
  }

  /// One argument with a `/` in it is the resource.
  private func filter() throws -> Filter {
    var (who, what) = (principal, resource)
    if what == nil, let text = who, text.utf8.contains(UInt8(ascii: "/")) { (who, what) = (nil, text) }
    var filter = Filter(names: SoughtNames(principal: who, resource: what))
    if let what {
      switch ResourcePattern.parse(what) {
      case .failure(let problem): throw Failure(.badUsage, problem.message, help: problem.help)
      case .success(let parsed): filter.resource = PathPattern(parsed, foldsCase: false)
      }
    }
    return filter
  }

  private static func end(_ text: String) throws -> Instant {
    _ = try PolicyOptions.instant(text)
    return Instant(text, isEnd: true) ?? Instant(seconds: 0)
  }

  // MARK: Printing

  private func text(_ entry: PolicyHistory.Entry) -> String {
    let commit = entry.commit
    var text =
      "\(commit.id.description.prefix(7))  \(Instant(seconds: commit.committer.time).day)  \(commit.author.name)\n  \(commit.subject)\n"
    if let note = entry.note { text += "  (\(note))\n" }
    guard let diff = entry.diff else { return text }
    for problem in diff.problems { text += "  (\(problem.message))\n" }
    for block in diff.blocks(entry.sources) {
      text += "  \(block.direction == .gained ? "+" : "-") \(block.environment): \(block.who)\n"
      for row in block.rows {
        text += "      \(row.line)\n"
        if !row.places.isEmpty { text += "        \(row.shownPlaces(4).joined(separator: ", "))\n" }
      }
    }
    return text
  }

  private func json(_ entry: PolicyHistory.Entry) -> JSON {
    let commit = entry.commit
    return LogJSON.commit(
      commit.id.description, author: (commit.author.name, commit.author.email), authored: Instant(seconds: commit.author.time),
      committed: Instant(seconds: commit.committer.time), subject: commit.subject, note: entry.note, diff: entry.diff,
      sources: entry.sources)
  }
}

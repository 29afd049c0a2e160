import Artifacts
import GitStore
import PolicyCompiler

/// What each commit of a history gave and took.
final class PolicyHistory {
  struct Entry {
    let commit: Commit
    /// Nil where it cannot be told; then `note` says why.
    let diff: AccessDiff?
    let note: String?
    /// Whether a shallow clone ends here.
    let isCut: Bool
    let sources: SourceMap
  }

  private let repository: Repository.Origin
  private let history: History
  private let prefix: String
  private let compiler: Compiler
  private var documents: [Version: PolicyDocument] = [:]
  private var files: [SourceFile] = []
  /// What came of the states seen last: the next commit starts from where this one ended.
  private var recent: [(listing: [Version], state: PolicyState?)] = []
  private var settings: [BlobID: RootSettings?] = [:]
  /// What was worked out and not yet asked for.
  private var ready: ArraySlice<Entry> = []
  private var ahead = 1
  private var stopped: (any Error)?
  /// The names that are asked about, looked for in every state.
  private(set) var names: SoughtNames

  private struct Version: Hashable {
    let path: String
    let blob: BlobID
  }

  /// - Parameter prefix: the policy root below the repository's, where `writ.yaml` is looked for from upwards.
  init(_ origin: Repository.Origin, head: Commit, prefix: String, window: History.Window, names: SoughtNames) throws {
    self.names = names
    repository = origin
    history = try origin.open().history(of: head, window)
    self.prefix = prefix
    compiler = Compiler(grammar: .complete, at: Instant(seconds: head.committer.time))
  }

  /// Where a shallow clone ends this history.
  var cutAt: [ObjectID] { history.cutAt }

  /// The next commit that changes the policy's files, newest first; nil at the end.
  func next() throws -> Entry? {
    if ready.isEmpty { try walk() }
    return ready.popFirst()
  }

  /// Some commits on: their states one after the other, since each comes of the last, then what differs side by side. The
  /// first commit is told at once, later ones in greater numbers. What stops the walk is thrown once all before it is told.
  private func walk() throws {
    if let stopped { throw stopped }
    var steps: [Step] = []
    do {
      while steps.count < ahead, let step = try step() { steps.append(step) }
    } catch {
      if steps.isEmpty { throw error }
      stopped = error
    }
    ahead = min(2 * ahead, 8)
    let all = steps
    let diffs = SideBySide.map(all.count) { all[$0].diff() }
    let sources = SourceMap(ordered: files)
    ready = ArraySlice(
      zip(all, diffs).map { step, diff in
        Entry(commit: step.commit, diff: diff, note: step.note, isCut: step.isCut, sources: sources)
      })
  }

  /// A commit, and what is to be compared to tell what it changed.
  private struct Step {
    let commit: Commit
    let isCut: Bool
    let note: String?
    let instant: Instant
    var pairs: [(old: PolicySide, new: PolicySide, onlyBindings: Bool)] = []

    func diff() -> AccessDiff? {
      guard let first = pairs.first else { return nil }
      func compare(_ pair: (old: PolicySide, new: PolicySide, onlyBindings: Bool)) -> AccessDiff {
        AccessDiff(accessFrom: pair.old, to: pair.new, at: instant, onlyBindings: pair.onlyBindings)
      }
      var diff = compare(first)
      for other in pairs.dropFirst() { diff.keepWhatIsNew(in: compare(other)) }
      return diff
    }
  }

  private func step() throws -> Step? {
    guard let step = try history.next(selecting: { files throws(GitError) in try self.selection(files) }) else { return nil }
    // A commit's clock may be set to anything: what holds now is never left out as long past.
    let instant = Instant(seconds: min(step.commit.committer.time, Terminal.now.seconds))
    func told(_ note: String?) -> Step { Step(commit: step.commit, isCut: step.isCut, note: note, instant: instant) }
    if step.isCut { return told("what came before is not in this shallow clone: `git fetch --unshallow` brings it") }
    guard let after = try state(step.listing) else { return told("the policy does not compile at this commit") }
    var compared = told(nil)
    // A merge is more than its branches only where it is like none of them.
    if step.isMerge, !step.differsFromAllParents { return compared }
    if step.isRoot {
      compared.pairs = [(try empty(), after.side, false)]
      return compared
    }
    for parent in step.differing {
      guard let before = try before(parent) else { return told("no earlier revision of the policy compiles") }
      compared.pairs.append((before.side, after.side, before.isNear(after)))
    }
    return compared
  }

  /// Looks at what is left, until it knows the names.
  func lookForNames() throws {
    while !names.areKnown, try next() != nil {}
  }

  // MARK: States

  /// A parent's policy, or that of its nearest ancestor that compiles: a broken revision hides nothing.
  private func before(_ parent: HistoryStep.Parent) throws -> PolicyState? {
    if let state = try state(parent.listing) { return state }
    guard let selection = parent.selection else { return compiler.state([]) }
    let repository = try repository.open()
    var commit = try repository.resolve(parent.id.description)
    while let id = commit.parents.first {
      guard let older = try? repository.resolve(id.description) else { return nil }
      commit = older
      if let state = try state(try history.listing(commit, selection)) { return state }
    }
    return compiler.state([])
  }

  private func empty() throws -> PolicySide {
    guard let state = compiler.state([]) else { throw Failure(.inputOutput, "an empty policy does not compile") }
    return state.side
  }

  /// A listing's policy, compiled; nil where it has errors. From the state seen last, where little differs.
  private func state(_ listing: SnapshotListing) throws -> PolicyState? {
    let versions = listing.entries.compactMap { entry in entry.blob.map { Version(path: entry.path, blob: $0) } }
    if let known = recent.first(where: { $0.listing == versions }) { return known.state }
    try read(listing)
    let all = versions.compactMap { documents[$0] }
    var state: PolicyState?
    if all.count == listing.entries.count, listing.problems.isEmpty {
      if let near = recent.last(where: { $0.state != nil })?.state {
        state = compiler.state(all, near: near)
      } else {
        state = compiler.state(all)
      }
    }
    if let state { names.look(in: state.side.policy) }
    recent.append((versions, state))
    if recent.count > 4 { recent.removeFirst() }
    return state
  }

  /// Parses what no earlier commit had: each version of a file once.
  private func read(_ listing: SnapshotListing) throws {
    let missing = listing.entries.filter { entry in entry.blob.map { documents[Version(path: entry.path, blob: $0)] == nil } ?? false }
    guard !missing.isEmpty else { return }
    let contents = try repository.open().read(contentOf: missing, budget: ReadBudget())
    var fresh: [(Version, SourceFile, Int)] = []
    for entry in missing {
      guard let blob = entry.blob, let bytes = contents.bytes[blob] else { continue }
      let file = SourceFile(path: entry.path, bytes: bytes)
      fresh.append((Version(path: entry.path, blob: blob), file, files.count))
      files.append(file)
    }
    let all = fresh
    let compiler = compiler
    let parsed = SideBySide.map(all.count) { compiler.parse(all[$0].1, number: all[$0].2) }
    for (it, document) in zip(fresh, parsed) { documents[it.0] = document }
  }

  // MARK: Where the policy is

  private func selection(_ files: RevisionFiles) throws(GitError) -> FileSelection? {
    var folder = prefix
    while true {
      let path = Workspace.join(folder, RootSettings.fileName)
      if let blob = try files.item(at: path)?.blob {
        guard let settings = try settings(blob, path, files) else { return nil }
        return try FileSelection(folders: [Workspace.join(folder, settings.policies)])
      }
      if folder.isEmpty { return nil }
      folder = folder.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(folder[..<$0]) } ?? ""
    }
  }

  private func settings(_ blob: BlobID, _ path: String, _ files: RevisionFiles) throws(GitError) -> RootSettings? {
    if let known = settings[blob] { return known }
    let bytes = try files.bytes(of: blob, path: path)
    let read = bytes.map { RootSettings.parse(SourceFile(path: path, bytes: $0)) }
    let found = read.flatMap { $0.diagnostics.hasErrors ? nil : $0.settings }
    settings[blob] = .some(found)
    return found
  }
}

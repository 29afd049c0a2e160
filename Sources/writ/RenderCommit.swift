import Artifacts
import GitStore
import PolicyCompiler

/// `writ render --commit`: the files of a committed policy, as a commit that says which policy that was.
struct RenderCommit {
  let repository: Repository.Origin
  /// The policy's revision.
  let workspace: Workspace
  let policy: Commit
  let target: CommitTarget

  /// What came of it.
  struct Result {
    let folder: GeneratedFolder
    /// nil where there was nothing to commit.
    let commit: Commit?
    /// Below the folder: files that Writ did not make.
    let foreign: [String]
    /// Below the folder: generated files that are as committed, but not in the work tree.
    let edited: [String]
    let undone: [UndoneEdit]
  }

  /// An edit by hand that is committed, and that the policy's files write over.
  struct UndoneEdit {
    /// From the root of the repository.
    let path: String
    let commit: DriftReport.CommitName

    var text: String { "`\(path)` was edited by hand in \(commit.text)" }
  }

  static let revisionTrailer = "Policy-Revision"
  static let momentTrailer = "Policy-Moment"
  static let versionTrailer = "Writ-Version"

  /// - Parameter revision: of the policy; without one `HEAD`, which the work tree's policy must be the same as.
  init(at path: String, revision: String?, branch: String?) throws {
    let repository = try Repository.open(at: path)
    self.repository = repository.origin
    policy = try Self.policy(repository, revision)
    target = try repository.commitTarget(branch: branch)
    // Named by its id: a branch may move between two looks at it.
    workspace = try Workspace(at: path, revision: policy.id.description)
    if revision == nil, !repository.location.isBare { try checkCommitted(path) }
  }

  private static func policy(_ repository: borrowing Repository, _ revision: String?) throws -> Commit {
    do {
      return try repository.resolve(revision ?? "HEAD", dates: .policy)
    } catch {
      guard error.kind == .noCommits else { throw error }
      throw Failure(
        .refused, "the policy is not committed yet, so no commit could say which one it was rendered from", help: "commit the policy first")
    }
  }

  /// A trailer that names `HEAD` would be a lie where the policy in the work tree is another.
  private func checkCommitted(_ path: String) throws {
    let current = try Workspace(at: path, revision: nil)
    let (now, then) = (try current.policyFiles(), try workspace.policyFiles())
    func contents(_ workspace: Workspace, _ files: [SourceFile]) -> [UTF8Key: [UInt8]] {
      Dictionary(
        (files + [workspace.settingsFile]).map { (UTF8Key($0.path), $0.bytes.withoutReturns) }, uniquingKeysWith: { first, _ in first })
    }
    let (left, right) = (contents(current, now.files), contents(workspace, then.files))
    let differing = Set(left.keys).union(right.keys).filter { left[$0] != right[$0] }.sorted()
    guard !differing.isEmpty || now.problems.count != then.problems.count else { return }
    let named = differing.prefix(3).map { "`\($0.text)`" }.joined(separator: ", ") + (differing.count > 3 ? ", …" : "")
    throw Failure(
      .refused, "the policy in the work tree is not committed\(named.isEmpty ? "" : ": \(named)")",
      help: "commit it first, or render a committed one with --rev HEAD")
  }

  // MARK: Committing

  func run(_ compiled: CompiledWorkspace, at moment: Instant, author given: CommitIdentity?, force: Bool) throws -> Result {
    let existing = try workspace.generatedFiles(in: .revision(target.tip ?? policy, repository))
    let folder = GeneratedFolder(compiled.artifacts, existing: existing.files)
    let guards = RenderGuards(workspace: workspace, folder: folder)
    try guards.check(existing.problems)
    try guards.checkMayWrite(policyFiles: compiled.fileCount, force: force)
    let undone = try undoneEdits(compiled, folder, at: moment)
    if !undone.isEmpty, !force {
      let named = undone.prefix(5).map(\.text).joined(separator: "; ") + (undone.count > 5 ? "; and \(undone.count - 5) more" : "")
      throw Failure(
        .refused, "nothing was committed: \(named)",
        help: "put what was edited into the policy, or undo \(undone.count == 1 ? "it" : "them") with --force")
    }
    let commit = try commit(folder, at: moment, given, force)
    var foreign = Set((folder.foreign + existing.problems.map { below($0.path) }).map { UTF8Key($0) })
    var edited: [String] = []
    if target.isCheckedOut {
      let here = try workspace.generatedFiles(in: .workTree)
      let now = GeneratedFolder(compiled.artifacts, existing: here.files)
      foreign.formUnion((now.foreign + here.problems.map { below($0.path) }).map { UTF8Key($0) })
      edited = now.changes.map(\.path)
    }
    return Result(folder: folder, commit: commit, foreign: foreign.sorted().map(\.text), edited: edited, undone: undone)
  }

  /// Edits by hand that were committed, and that these files write over. Where history does not tell, there are none.
  private func undoneEdits(_ compiled: CompiledWorkspace, _ folder: GeneratedFolder, at moment: Instant) throws -> [UndoneEdit] {
    // A file that is only made anew takes nobody's text away.
    if folder.changes.allSatisfy({ if case .create = $0 { true } else { false } }) { return [] }
    let tip = Workspace.Source.revision(target.tip ?? policy, repository)
    return DriftSearch(workspace, compiled, folder, in: tip, at: moment).items.compactMap { item in
      guard item.reasons.contains(.file), item.difference != .missing, let commit = item.changed else { return nil }
      return UndoneEdit(path: item.path, commit: commit)
    }
  }

  private func below(_ path: String) -> String {
    let folder = workspace.folder(workspace.settings.generated)
    return path.hasPrefix(folder + "/") ? String(path.utf8.dropFirst(folder.utf8.count + 1)) ?? path : path
  }

  private func commit(_ folder: GeneratedFolder, at moment: Instant, _ given: CommitIdentity?, _ force: Bool) throws -> Commit? {
    if folder.isUpToDate { return nil }
    let repository = try repository.open()
    let author = try given ?? repository.identity(.author)
    guard let author, let committer = try repository.identity(.committer) ?? given else {
      throw Failure(
        .badUsage, "git does not know who you are, and a commit needs a name and a mail address",
        help: "git config user.name and user.email, or --author \"Name <mail>\"")
    }
    let environment = repository.origin.environment
    var changes = folder.changes.map { change -> FileCommit.Change in
      switch change {
      case .create(let artifact), .update(let artifact, _): FileCommit.Change(path: artifact.path, bytes: artifact.bytes)
      case .delete(let path, _): FileCommit.Change(path: path, bytes: nil)
      }
    }
    if folder.isIndexStale { changes.append(FileCommit.Change(path: ArtifactIndex.path, bytes: folder.index)) }
    let name = workspace.folder(workspace.settings.generated)
    return try repository.commit(
      FileCommit(
        target: target, start: policy, folder: name, changes: changes,
        message: "Render \(SafeText.escaped(name)) from policy \(policy.id.short)\n\nMade by `writ render --commit`.",
        trailers: [
          Trailer(Self.revisionTrailer, policy.id.description), Trailer(Self.momentTrailer, moment.timestamp),
          Trailer(Self.versionTrailer, Writ.version),
        ], author: try Commit.Signature(author, as: .author, environment: environment, dates: .policy),
        committer: try Commit.Signature(committer, as: .committer, environment: environment, dates: .policy), replacesEdits: force))
  }
}

extension [UInt8] {
  /// As git stores it where a checkout converts line ends.
  fileprivate var withoutReturns: [UInt8] {
    guard contains(0x0D) else { return self }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for (position, byte) in enumerated() where byte != 0x0D || position + 1 == count || self[position + 1] != 0x0A { bytes.append(byte) }
    return bytes
  }
}

import Artifacts
import GitStore
import PolicyCompiler

/// The last policy before a commit that compiles: what a change is compared with where its base has errors.
struct EarlierPolicy {
  /// Nil where there was none: then all that there is now counts as gained.
  let workspace: Workspace?
  /// Nil where no earlier revision has a policy that compiles.
  let commit: Commit?

  /// Walks from parent to first parent: what was merged, not what came of it on the way. Throws `Failure` where a shallow
  /// clone ends before one is found.
  init(before base: Commit, at path: String, instant: Instant) throws {
    let repository = try Repository.open(at: path)
    var commit = base
    var seen: [SnapshotFile] = []
    while let parent = commit.parents.first {
      guard let older = try? repository.resolve(parent.description) else {
        throw Failure(
          .inputOutput, "no revision of the policy that compiles is in this shallow clone",
          help: "`git fetch --unshallow` brings what came before \(commit.id.short)")
      }
      commit = older
      let found: Workspace?
      do {
        found = try Workspace.ifAny(at: path, revision: commit.id.description)
      } catch let failure as Failure where failure.code == .policyErrors {
        continue
      }
      guard let found else { break }
      let snapshot = try found.policySnapshot(known: seen)
      if snapshot.problems.contains(where: { $0.severity == .error }) || Self.areAlike(snapshot.files, seen) { continue }
      seen = snapshot.files
      let compilation = Compiler(grammar: .complete, at: instant).compile(
        seen.map { SourceFile(path: $0.path, bytes: $0.bytes) }, judgesRules: false)
      if compilation.policy != nil, PolicyComparison.obstacles(compilation, []).isEmpty {
        self.workspace = found
        self.commit = commit
        return
      }
    }
    workspace = nil
    self.commit = nil
  }

  private static func areAlike(_ one: [SnapshotFile], _ other: [SnapshotFile]) -> Bool {
    !one.isEmpty && one.count == other.count && zip(one, other).allSatisfy { UTF8Key($0.path) == UTF8Key($1.path) && $0.blob == $1.blob }
  }

  /// What a report says of it.
  ///
  /// - Parameter name: what the commit is called there.
  func note(of base: String, as name: String) -> String {
    guard commit != nil else { return "\(base) has errors, and no revision before it compiles: all that there is counts as gained" }
    return "\(base) has errors, so this is compared with \(name), the last revision before it that compiles: "
      + "whatever changed since then counts as this change's"
  }
}

import GitStore
import PolicyCompiler
package import Synchronization

/// A git directory of whatever bytes, read in every way that commands read one.
package enum RepositoryFuzz {
  /// An empty folder of the runner's own, that repositories are written into.
  package static let folder = Mutex<String?>(nil)

  static func repository(_ bytes: [UInt8]) -> String? {
    folder.withLock { folder in
      guard let folder else { return "there is no folder to write the repository into" }
      let written = RepositoryBytes(bytes).write(below: folder)
      defer { RepositoryBytes.remove(written, below: folder) }
      // Without a PATH there is no git to fetch what a partial clone lacks.
      for revision in ["HEAD", "main", "main~1", "v1", "@{upstream}", "HEAD^{/second}", "1234567"] {
        do throws(GitError) {
          if let problem = try read(folder, revision) { return problem }
        } catch {
          if let problem = FuzzCheck.harmless(SafeText.escaped(error.description), "an error") { return problem }
          if error.message.isEmpty { return "an error says nothing" }
        }
      }
      return nil
    }
  }

  /// Why one revision of a repository cannot be read; nil where it can.
  package static func error(_ revision: String, of bytes: [UInt8]) -> String? {
    folder.withLock { folder in
      guard let folder else { return "there is no folder to write the repository into" }
      let written = RepositoryBytes(bytes).write(below: folder)
      defer { RepositoryBytes.remove(written, below: folder) }
      do throws(GitError) {
        return try read(folder, revision)
      } catch {
        return error.description
      }
    }
  }

  private static func read(_ folder: String, _ revision: String) throws(GitError) -> String? {
    let repository = try Repository.open(at: folder, environment: GitEnvironment([:]))
    let commit = try repository.resolve(revision)
    let selection = try FileSelection(folders: ["policies"], files: ["writ.yaml"])
    let limits = SnapshotLimits(fileBytes: 1 << 20, totalBytes: 8 << 20, files: 1000, names: 10_000)
    let snapshot = try repository.snapshot(revision: commit.id.description, selection, limits: limits)
    for file in snapshot.files where file.bytes.count > limits.fileBytes { return "a file is larger than the limit" }
    for problem in snapshot.problems where problem.message.isEmpty { return "a problem says nothing" }
    _ = try repository.trailers(of: commit.id)
    if let file = snapshot.files.first {
      _ = try repository.blame(path: file.path, at: commit, lines: 1...20, limits: BlameLimits(commits: 200, versions: 200))
    }
    for parent in commit.parents.prefix(2) {
      let old = try repository.commit(parent)
      _ = try repository.changedFiles(from: old, to: commit, limit: 10_000)
      _ = try repository.mergeBase(old, commit)
    }
    _ = try repository.commits(changing: "policies", before: commit, limit: 50)
    let history = try repository.history(of: commit, History.Window(limit: 50))
    while try history.next(selection) != nil {}
    return nil
  }
}

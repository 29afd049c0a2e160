import CLibgit2

/// A commit of some files below one folder, and of nothing else.
///
/// Bytes go into objects as they are. No hook, filter, signing program or other process runs. Index and work tree follow
/// where the branch is checked out, and only in these files: what else is staged stays staged and is not committed.
package struct FileCommit: Sendable {
  package struct Change: Sendable {
    /// Below the folder, with `/` between segments.
    package var path: String
    /// nil for a file that goes.
    package var bytes: [UInt8]?

    package init(path: String, bytes: [UInt8]?) {
      self.path = path
      self.bytes = bytes
    }
  }

  package var target: CommitTarget
  /// What a branch that is to be made starts from.
  package var start: Commit
  /// From the root of the tree.
  package var folder: String
  package var changes: [Change]
  /// Subject and body, without trailers.
  package var message: String
  package var trailers: [Trailer]
  package var author: Commit.Signature
  package var committer: Commit.Signature
  /// Whether files may be replaced although somebody changed them in index or work tree.
  package var replacesEdits: Bool

  package init(
    target: CommitTarget, start: Commit, folder: String, changes: [Change], message: String, trailers: [Trailer],
    author: Commit.Signature, committer: Commit.Signature, replacesEdits: Bool = false
  ) {
    self.target = target
    self.start = start
    self.folder = folder
    self.changes = changes
    self.message = message
    self.trailers = trailers
    self.author = author
    self.committer = committer
    self.replacesEdits = replacesEdits
  }

  fileprivate var base: Commit { target.tip ?? start }

  fileprivate func text(tree: ObjectID) -> [UInt8] {
    let lines =
      ["tree \(tree)", "parent \(base.id)", "author \(author.text)", "committer \(committer.text)", "", message, ""]
      + trailers.map { "\($0.name): \($0.value)" }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }
}

extension Repository {
  /// Makes the commit and moves the branch to it; nil, and nothing is done, where the tip has these very files.
  ///
  /// All or nothing, but for the work tree's files where the disk fails half-way: then no branch has moved.
  ///
  /// - Throws: `refused` where the branch has moved since ``commitTarget(branch:)``, where somebody holds a lock, or where
  ///   work of somebody is in the way; then nothing is changed.
  package func commit(_ request: FileCommit) throws(GitError) -> Commit? {
    let steps = try steps(request)
    guard !steps.isEmpty else { return nil }
    guard request.target.isCheckedOut, let root = location.workTree else {
      let lock = try ReferenceLock(handle, request.target.reference)
      try checkUnmoved(request.target)
      let commit = try store(request, steps)
      try lock.move(to: commit.id, by: request.committer, log: Self.log(commit))
      return commit
    }
    let index = try IndexLock(location.gitDirectory)
    let lock = try ReferenceLock(handle, request.target.reference)
    try checkUnmoved(request.target)
    let update = WorkTreeUpdate(root: root, folder: request.folder, steps: steps, index: index)
    try update.checkWhatIsThere(replacesEdits: request.replacesEdits)
    let commit = try store(request, steps)
    try update.write()
    try index.write(workTree: root)
    try lock.move(to: commit.id, by: request.committer, log: Self.log(commit))
    try index.publish()
    return commit
  }

  private static func log(_ commit: Commit) -> String { "commit: \(commit.subject)" }

  /// What differs from the base, by full paths in order.
  private func steps(_ request: FileCommit) throws(GitError) -> [WorkTreeUpdate.Step] {
    let index = TreeIndex(objects, fetchMissing: true)
    let folder = try FileSelection.normalised(request.folder)
    var steps: [WorkTreeUpdate.Step] = []
    for change in request.changes.sorted(by: { comesBefore($0.path, $1.path) }) {
      let path = try Self.path(folder.isEmpty ? change.path : "\(folder)/\(change.path)")
      let old = try index.item(at: path, in: request.base.tree)
      let new = change.bytes.map { BlobID(hashing: $0) }
      if let old, old.kind == .symlink || old.kind == .submodule {
        throw GitError(
          .refused, "`\(escaped(path))` is a \(old.kind == .symlink ? "symbolic link" : "submodule") in the commit, not a file",
          hint: "move it away")
      }
      guard old?.blob != new else { continue }
      steps.append(WorkTreeUpdate.Step(path: path, old: old?.blob, new: new, bytes: change.bytes ?? []))
    }
    return steps
  }

  /// A path that git would check out, and not too deep to be walked.
  private static func path(_ path: String) throws(GitError) -> String {
    let names = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { Array($0) }
    let isSafe = names.allSatisfy { name in
      !name.isEmpty && name != Array(".".utf8) && name != Array("..".utf8) && !name.contains(0)
        && String(decoding: name, as: UTF8.self).lowercased() != ".git"
    }
    guard isSafe, names.count <= 256 else {
      throw GitError(.invalidPath, "`\(escaped(path))` is not a path that can be committed")
    }
    return path
  }

  private func checkUnmoved(_ target: CommitTarget) throws(GitError) {
    let now = try tip(of: target.reference)
    let head = try headReference() ?? "HEAD"
    let isThere = !target.isCheckedOut || head == target.reference
    guard now == target.tip?.id, isThere else {
      let name = escaped(target.branch ?? "HEAD")
      throw GitError(
        .refused, isThere ? "`\(name)` was moved by somebody else meanwhile" : "another branch was checked out meanwhile",
        hint: "nothing was changed: run it again")
    }
  }

  private func store(_ request: FileCommit, _ steps: [WorkTreeUpdate.Step]) throws(GitError) -> Commit {
    for step in steps where step.new != nil { _ = try objects.store(step.bytes, GIT_OBJECT_BLOB) }
    let changes = steps.map { TreeUpdate.Change(path: $0.path, blob: $0.new) }
    let tree = try TreeUpdate(objects: objects).apply(changes, to: request.base.tree)
    return try commit(objects.store(request.text(tree: tree), GIT_OBJECT_COMMIT))
  }
}

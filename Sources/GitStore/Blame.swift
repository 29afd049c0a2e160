/// Who last wrote a line, as far back as history is here.
package struct BlameLine: Sendable, Hashable {
  /// Where following the line ended without finding who wrote it.
  package enum End: Sendable, Hashable {
    /// The commit has parents that this shallow clone has not: ``GitError/historyCut(at:)`` says how to get them.
    case shallow
    /// ``BlameLimits`` was reached; the line is at least as old as the commit.
    case limit
  }

  /// The commit that the line came with; nil for a line that is not committed yet.
  package var commit: Commit?
  /// The file's path in that commit: it may have been renamed since.
  package var path: String
  /// The line's number there, from 1.
  package var line: Int
  /// nil when `commit` is the one that wrote it.
  package var end: End?

  package init(commit: Commit?, path: String, line: Int, end: End? = nil) {
    self.commit = commit
    self.path = path
    self.line = line
    self.end = end
  }
}

/// How far blame goes: histories and files are untrusted input.
package struct BlameLimits: Sendable, Hashable {
  /// A larger file is not blamed; where it was larger once, its lines end there.
  package var fileBytes: Int
  /// Commits looked at for one file; lines that are older end with ``BlameLine/End/limit``.
  package var commits: Int
  /// Versions of one file that are compared line by line; likewise.
  package var versions: Int
  /// Removed files that are compared with one that seems new, to tell whether it was renamed.
  package var renameCandidates: Int

  package init(fileBytes: Int = 4 << 20, commits: Int = 200_000, versions: Int = 20_000, renameCandidates: Int = 100) {
    self.fileBytes = fileBytes
    self.commits = commits
    self.versions = versions
    self.renameCandidates = renameCandidates
  }

  package static let standard = BlameLimits()
}

extension Repository {
  /// Who wrote the lines of a file, as it is in a commit.
  ///
  /// - Parameter lines: the numbers that are asked for, from 1; those that the file has not are left out of the answer.
  package func blame(
    path: String, at commit: Commit, lines: some Sequence<Int>, limits: BlameLimits = .standard, fetchMissing: Bool = true
  ) throws(GitError) -> [Int: BlameLine] {
    try blame(at: commit, limits: limits, fetchMissing: fetchMissing).lines(lines, of: path)
  }

  /// For asking about more than one file: what was read of history is kept.
  package func blame(
    at commit: Commit, limits: BlameLimits = .standard, fetchMissing: Bool = true
  ) throws(GitError) -> Blame {
    try Blame(forWorker(), commit.id, limits, fetchMissing: fetchMissing)
  }
}

/// Follows lines from a commit back to those that wrote them, as `git blame` does.
///
/// Not by `git_blame_file`: that of libgit2 1.5 fails in a shallow clone; takes what a partial clone lacks for a file
/// that is new, without a word; compares the whole tree for renames at each change; and cannot be stopped. Lines are
/// compared by libgit2 all the same. Not for use by two threads at once.
package final class Blame {
  private let graph: CommitGraph
  private let index: TreeIndex
  private let head: ObjectID
  private let limits: BlameLimits
  private let fetchMissing: Bool
  private var contents = RecentCache<BlobID, [UInt8]?>(capacity: 16 << 20)
  private var commits: [ObjectID: Commit] = [:]

  fileprivate init(
    _ repository: consuming Repository, _ head: ObjectID, _ limits: BlameLimits, fetchMissing: Bool
  ) throws(GitError) {
    index = TreeIndex(repository.objects, fetchMissing: fetchMissing)
    graph = try CommitGraph(repository)
    self.head = head
    self.limits = limits
    self.fetchMissing = fetchMissing
  }

  /// Who wrote the lines of a file, as it is in the commit.
  package func lines(_ numbers: some Sequence<Int>, of path: String) throws(GitError) -> [Int: BlameLine] {
    let path = try FileSelection.normalised(path)
    guard let blob = try index.item(at: path, in: graph.node(head).tree)?.blob else {
      throw GitError(.invalidPath, "`\(escaped(path))` is no file in commit \(head.short)")
    }
    try fetchVersions(of: path)
    guard let bytes = try content(blob, path) else { throw tooLarge(path) }
    let count = bytes.lineCount
    return try follow(LineRange.ranges(of: numbers, count: count), Suspect(commit: head, path: path, blob: blob))
  }

  /// Who wrote the lines of a file, as it stands in the work tree: a line that the commit has not is nobody's yet.
  ///
  /// - Parameter bytes: the file's content. Line ends that git would convert (`core.autocrlf`) count as they are stored.
  package func lines(
    _ numbers: some Sequence<Int>, of path: String, asItStands bytes: [UInt8]
  ) throws(GitError) -> [Int: BlameLine] {
    let path = try FileSelection.normalised(path)
    guard bytes.count <= limits.fileBytes else { throw tooLarge(path) }
    var found: [Int: BlameLine] = [:]
    var committed: [LineRange] = []
    var rest = LineRange.ranges(of: numbers, count: bytes.lineCount)
    if let blob = try index.item(at: path, in: graph.node(head).tree)?.blob {
      try fetchVersions(of: path)
      guard let stored = try content(blob, path) else { throw tooLarge(path) }
      let now = stored.hasCarriageReturns ? bytes : bytes.withoutCarriageReturns
      if now == stored {
        (committed, rest) = (rest, [])
      } else {
        (committed, rest) = LineRange.split(rest, try LineDifference.hunks(from: stored, to: now))
      }
      found = try follow(committed, Suspect(commit: head, path: path, blob: blob))
    }
    for range in rest {
      for step in 0..<range.count {
        let line = BlameLine(commit: nil, path: path, line: range.there + step + 1, end: nil)
        found[range.here + step + 1] = line
      }
    }
    return found
  }

  // MARK: Following

  /// A version of the file that may have brought the lines.
  private struct Suspect: Hashable {
    var commit: ObjectID
    var path: String
    var blob: BlobID
  }

  private func follow(_ ranges: [LineRange], _ start: Suspect) throws(GitError) -> [Int: BlameLine] {
    guard !ranges.isEmpty else { return [:] }
    var found: [Int: BlameLine] = [:]
    var pending = [start: ranges]
    // Newest first, so that what two children pass on is mostly looked at once.
    var queue = NewestFirst<Suspect>()
    queue.insert(start, time: try graph.node(start.commit).time)
    var (commitsLeft, versionsLeft) = (limits.commits, limits.versions)

    while let suspect = queue.removeFirst() {
      guard let ranges = pending.removeValue(forKey: suspect) else { continue }
      let node = try graph.node(suspect.commit)
      commitsLeft -= 1
      let isStopped = commitsLeft < 0 || versionsLeft < 0
      var end: BlameLine.End? = isStopped ? .limit : node.isCut ? .shallow : nil
      var rest = ranges
      for origin in isStopped ? [] : try origins(of: suspect, node) where !rest.isEmpty {
        var passed: [LineRange]
        if origin.blob == suspect.blob {
          (passed, rest) = (rest, [])
        } else {
          versionsLeft -= 1
          guard let before = try content(origin.blob, origin.path), let now = try content(suspect.blob, suspect.path) else {
            end = .limit
            continue
          }
          (passed, rest) = LineRange.split(rest, try LineDifference.hunks(from: before, to: now))
        }
        guard !passed.isEmpty else { continue }
        if pending[origin] == nil { queue.insert(origin, time: try graph.node(origin.commit).time) }
        pending[origin, default: []] += passed
      }
      guard !rest.isEmpty else { continue }
      let commit = try commit(suspect.commit)
      for range in rest {
        for step in 0..<range.count {
          found[range.here + step + 1] = BlameLine(commit: commit, path: suspect.path, line: range.there + step + 1, end: end)
        }
      }
    }
    return found
  }

  /// Where each parent has the file: only the first parent that has the very same, else all that have it.
  private func origins(of suspect: Suspect, _ node: CommitNode) throws(GitError) -> [Suspect] {
    var origins: [Suspect] = []
    var without: [ObjectID] = []
    for parent in node.parents {
      if let blob = try index.item(at: suspect.path, in: graph.node(parent).tree)?.blob {
        let origin = Suspect(commit: parent, path: suspect.path, blob: blob)
        if blob == suspect.blob { return [origin] }
        if !origins.contains(where: { $0.blob == blob }) { origins.append(origin) }
      } else {
        without.append(parent)
      }
    }
    for parent in without {
      guard let origin = try renamed(suspect, node, parent) else { continue }
      if origin.blob == suspect.blob { return [origin] }
      if !origins.contains(where: { $0.blob == origin.blob }) { origins.append(origin) }
    }
    return origins
  }

  // MARK: Renames

  /// The file that was removed as this one appeared, if most of it is the same.
  private func renamed(_ suspect: Suspect, _ node: CommitNode, _ parent: ObjectID) throws(GitError) -> Suspect? {
    var comparison = TreeComparison(index: index, limit: 100_000)
    let (before, now) = (try graph.node(parent).tree, node.tree)
    do throws(GitError) {
      try comparison.compare(TreeItem(kind: .folder, id: before), TreeItem(kind: .folder, id: now), "", depth: 0)
    } catch {
      // Too much differs to look for one file in it; whatever else is wrong is.
      if error.kind == .unreadable { return nil }
      throw error
    }
    let removed = comparison.changes.filter { $0.newBlob == nil && $0.oldBlob != nil }
    func origin(_ change: FileChange) -> Suspect? {
      change.oldBlob.map { Suspect(commit: parent, path: change.path, blob: $0) }
    }
    let same = removed.filter { $0.oldBlob == suspect.blob }.sorted { Self.isNearer($0.path, $1.path, to: suspect.path) }
    if let first = same.first { return origin(first) }

    let likely = removed.filter { $0.path.nameEnding == suspect.path.nameEnding }
      .sorted { Self.isNearer($0.path, $1.path, to: suspect.path) }.prefix(limits.renameCandidates)
    guard !likely.isEmpty, let own = try content(suspect.blob, suspect.path) else { return nil }
    if graph.repository.isPartialClone && fetchMissing { try index.objects.fetchMissing(likely.compactMap { $0.oldBlob?.object }) }
    let lines = LineBag(own)
    var best: (share: Double, change: FileChange)?
    for change in likely {
      guard let blob = change.oldBlob, let bytes = try content(blob, change.path) else { continue }
      let share = lines.share(LineBag(bytes))
      // Half, as git has it: `git help diff`, --find-renames.
      if share >= 0.5, share > best?.share ?? 0 { best = (share, change) }
    }
    return best.flatMap { origin($0.change) }
  }

  /// Files of the same name first, then by path.
  private static func isNearer(_ left: String, _ right: String, to path: String) -> Bool {
    let (isLeft, isRight) = (left.lastName == path.lastName, right.lastName == path.lastName)
    return isLeft == isRight ? comesBefore(left, right) : isLeft
  }

  // MARK: Reading

  /// In a partial clone, all versions of the file under this path by one connection.
  private func fetchVersions(of path: String) throws(GitError) {
    guard graph.repository.isPartialClone && fetchMissing else { return }
    let ancestors = try graph.ancestors(of: [head])
    var (trees, blobs) = (Set<ObjectID>(), Set<ObjectID>())
    for id in ancestors { trees.insert(try graph.node(id).tree) }
    try index.objects.fetchMissing(trees)
    for tree in trees {
      if let blob = try index.item(at: path, in: tree)?.blob { blobs.insert(blob.object) }
    }
    try index.objects.fetchMissing(blobs)
  }

  /// nil when it is too large.
  private func content(_ blob: BlobID, _ path: String) throws(GitError) -> [UInt8]? {
    if let known = contents.value(blob, weight: { ($0?.count ?? 0) + 1 }) { return known }
    let bytes = try index.objects.content(of: blob, path: path, limit: limits.fileBytes, fetchMissing: fetchMissing)
    contents.insert(bytes, blob, weight: (bytes?.count ?? 0) + 1)
    return bytes
  }

  private func commit(_ id: ObjectID) throws(GitError) -> Commit {
    if let commit = commits[id] { return commit }
    let commit = try graph.commit(id)
    commits[id] = commit
    return commit
  }

  private func tooLarge(_ path: String) -> GitError {
    GitError(
      .unreadable, "`\(escaped(path))` has more than the \(limits.fileBytes) bytes up to which lines are followed through history",
      hint: "`git blame` does it without a limit")
  }
}

extension String {
  fileprivate var lastName: Substring { split(separator: "/").last ?? self[...] }
  fileprivate var nameEnding: Substring { lastName.lastIndex(of: ".").map { lastName[$0...] } ?? "" }
}

/// A path that is not the same in two trees.
package struct FileChange: Sendable, Hashable {
  /// From the root of the tree; a name that is not UTF-8 comes escaped.
  package var path: String
  /// What was there; nil for a file that is new. Never a folder.
  package var old: TreeItem?
  /// What is there now; nil for a file that is gone. Never a folder.
  package var new: TreeItem?

  package var oldBlob: BlobID? { old?.blob }
  package var newBlob: BlobID? { new?.blob }
}

extension Repository {
  /// The files, links and submodules that differ between two commits, in order of their paths' bytes: what
  /// `git diff-tree -r --no-renames` says. Reads the folders that differ and no file.
  ///
  /// - Parameters:
  ///   - old: nil for nothing, as before a first commit.
  ///   - paths: files and folders to look at; empty for all.
  ///   - limit: how many names may be looked at before it throws: small trees can repeat each other without end.
  package func changedFiles(
    from old: Commit?, to new: Commit?, under paths: [String] = [], limit: Int = SnapshotLimits.standard.names,
    fetchMissing: Bool = true
  ) throws(GitError) -> [FileChange] {
    var wanted: Set<String> = []
    for path in paths { wanted.insert(try FileSelection.normalised(path)) }
    if wanted.isEmpty { wanted = [""] }
    var comparison = TreeComparison(index: TreeIndex(objects, fetchMissing: fetchMissing), limit: limit)
    for path in wanted where !wanted.contains(where: { $0 != path && ($0.isEmpty || path.hasPrefix("\($0)/")) }) {
      let index = comparison.index
      let before = try old.map { commit throws(GitError) in try index.item(at: path, in: commit.tree) } ?? nil
      let after = try new.map { commit throws(GitError) in try index.item(at: path, in: commit.tree) } ?? nil
      try comparison.compare(before, after, path, depth: 0)
    }
    return comparison.changes.sorted { comesBefore($0.path, $1.path) }
  }
}

/// Two trees walked side by side, wherever their ids differ.
struct TreeComparison {
  let index: TreeIndex
  let limit: Int
  private(set) var changes: [FileChange] = []
  private var namesSeen = 0

  init(index: TreeIndex, limit: Int) {
    self.index = index
    self.limit = limit
  }

  mutating func compare(_ old: TreeItem?, _ new: TreeItem?, _ path: String, depth: Int) throws(GitError) {
    if old == new { return }
    if old?.kind == .folder || new?.kind == .folder {
      try compareFolders(old?.kind == .folder ? old : nil, new?.kind == .folder ? new : nil, path, depth: depth)
    }
    let change = FileChange(path: path, old: old?.kind == .folder ? nil : old, new: new?.kind == .folder ? nil : new)
    if change.old != nil || change.new != nil { changes.append(change) }
  }

  private mutating func compareFolders(_ old: TreeItem?, _ new: TreeItem?, _ path: String, depth: Int) throws(GitError) {
    var before: [[UInt8]: TreeItem] = [:]
    for entry in try entries(of: old, path, depth: depth) { before[entry.name] = entry.item }
    for entry in try entries(of: new, path, depth: depth) {
      try compare(before.removeValue(forKey: entry.name), entry.item, Self.path(path, entry.name), depth: depth + 1)
    }
    for (name, item) in before { try compare(item, nil, Self.path(path, name), depth: depth + 1) }
  }

  private mutating func entries(of item: TreeItem?, _ path: String, depth: Int) throws(GitError) -> [TreeEntry] {
    guard let item else { return [] }
    let entries = try index.entries(of: item.id, path: path)
    namesSeen += entries.count
    guard namesSeen <= limit, depth <= SnapshotLimits.standard.depth else {
      throw GitError(
        .unreadable, "the two revisions differ in too many names, or too deep, to be compared: `\(escaped(path))`",
        hint: "compare a folder of them")
    }
    return entries
  }

  private static func path(_ folder: String, _ name: [UInt8]) -> String {
    let name = String(validating: name, as: UTF8.self) ?? escaped(name)
    return folder.isEmpty ? name : "\(folder)/\(name)"
  }
}

extension SnapshotListing {
  /// What became of an older listing's files on the way to this one: both are in order, so one pass tells.
  package func changes(from old: SnapshotListing) -> [FileChange] {
    var changes: [FileChange] = []
    let (before, after) = (old.entries, entries)
    var (left, right) = (0, 0)
    while left < before.count || right < after.count {
      // Most files are the same, and equal strings are told faster than ordered ones.
      if left < before.count, right < after.count, isSame(before[left].path, after[right].path) {
        let (old, new) = (before[left].item, after[right].item)
        if old != new { changes.append(FileChange(path: after[right].path, old: old, new: new)) }
        (left, right) = (left + 1, right + 1)
      } else if right == after.count || left < before.count && comesBefore(before[left].path, after[right].path) {
        changes.append(FileChange(path: before[left].path, old: before[left].item, new: nil))
        left += 1
      } else {
        changes.append(FileChange(path: after[right].path, old: nil, new: after[right].item))
        right += 1
      }
    }
    return changes
  }
}

extension SnapshotEntry {
  fileprivate var item: TreeItem? { blob.map { TreeItem(kind: isExecutable ? .executable : .file, id: $0.object) } }
}

/// Whether two paths are the same bytes: to `==`, an accent is the same as a letter with an accent.
private func isSame(_ left: String, _ right: String) -> Bool {
  left.utf8.count == right.utf8.count && left == right && (left.utf8.allSatisfy { $0 < 0x80 } || left.utf8.elementsEqual(right.utf8))
}

/// The files of a commit in the work tree and index that it is made in: whether they may be replaced, and replacing them.
struct WorkTreeUpdate {
  /// A file that goes from what the tip has to what the commit has; paths from the root of the tree.
  struct Step {
    var path: String
    var old: BlobID?
    var new: BlobID?
    var bytes: [UInt8]
  }

  let root: String
  let folder: String
  let steps: [Step]
  let index: IndexLock

  /// Why a path cannot be replaced.
  private struct Obstacle {
    var path: String
    var reason: String
    /// Whether it is only somebody's work that would be lost, which they may want.
    var givesWay: Bool
    /// The commands of git that show what would be lost.
    var shownBy: Set<String> = []
  }

  private static let showsStaged = "`git diff --cached`"
  private static let showsEdits = "`git diff HEAD`"

  /// - Throws: `refused`, naming what is in the way.
  func checkWhatIsThere(replacesEdits: Bool) throws(GitError) {
    let removed = Set(steps.filter { $0.new == nil }.map { Array($0.path.utf8) })
    var obstacles: [Obstacle] = []
    var seen: Set<[UInt8]> = []
    for step in steps {
      var parent = step.path[...]
      while let slash = parent.utf8.lastIndex(of: UInt8(ascii: "/")) {
        parent = parent[..<slash]
        guard seen.insert(Array(parent.utf8)).inserted else { break }
        if step.new == nil || removed.contains(Array(parent.utf8)) { continue }
        if let reason = try notAFolder(String(parent)) { obstacles.append(Obstacle(path: String(parent), reason: reason, givesWay: false)) }
      }
      if let found = try obstacle(step, removed) { obstacles.append(found) }
    }
    let firm = obstacles.filter { !$0.givesWay }
    if !firm.isEmpty { throw Self.refusal(firm, hint: "move it away: Writ writes through no link, and replaces nothing but files") }
    if !replacesEdits, !obstacles.isEmpty {
      let commands = obstacles.reduce(into: Set<String>()) { $0.formUnion($1.shownBy) }.sorted()
      let show = commands.count == 1 ? "shows" : "show"
      let shown = commands.isEmpty ? "" : "\(commands.joined(separator: " and ")) \(show) what would be lost; "
      throw Self.refusal(obstacles, hint: "\(shown)--force writes over \(obstacles.count == 1 ? "it" : "them")")
    }
  }

  private func notAFolder(_ path: String) throws(GitError) -> String? {
    if index.entry(at: path) != nil { return "is a file in the index" }
    switch try WorkTree(root: root).content(at: path) {
    case .absent, .folder: return nil
    case .file: return "is a file, where a folder is needed"
    case .problem(let problem): return problem.message
    }
  }

  private func obstacle(_ step: Step, _ removed: Set<[UInt8]>) throws(GitError) -> Obstacle? {
    func obstacle(_ reason: String, givesWay: Bool = true, shownBy: Set<String> = []) -> Obstacle {
      Obstacle(path: step.path, reason: reason, givesWay: givesWay, shownBy: shownBy)
    }
    if step.new != nil, let other = index.paths(below: step.path).first(where: { !removed.contains(Array($0.utf8)) }) {
      return obstacle("is a folder in the index, with `\(escaped(other))` in it", givesWay: false)
    }
    if index.isUnmerged(step.path) { return obstacle("is not merged yet", shownBy: [Self.showsEdits]) }
    if let entry = index.entry(at: step.path), !entry.isIntent, entry.blob != step.old, entry.blob != step.new {
      var shownBy: Set<String> = [Self.showsStaged]
      // Edited once more since.
      if case .file(let file) = try WorkTree(root: root).content(at: step.path), ![entry.blob, step.old, step.new].contains(file.blob) {
        shownBy.insert(Self.showsEdits)
      }
      return obstacle("is staged with other content", shownBy: shownBy)
    }
    switch try WorkTree(root: root).content(at: step.path) {
    case .absent: return nil
    case .problem(let problem): return obstacle(problem.message, givesWay: false)
    case .folder:
      guard step.new != nil else { return nil }
      let listing = try WorkTree(root: root).list(FileSelection(folders: [step.path], suffixes: [""]))
      let inside = listing.problems.map(\.path) + listing.entries.map(\.path)
      return inside.first { !removed.contains(Array($0.utf8)) }.map {
        obstacle("is a folder, with `\(escaped($0))` in it", givesWay: false)
      }
    case .file(let file):
      if file.blob == step.old || file.blob == step.new { return nil }
      // A checkout with `core.autocrlf`.
      if file.bytes.hasCarriageReturns, BlobID(hashing: file.bytes.withoutCarriageReturns) == step.old { return nil }
      return step.old == nil
        ? obstacle("is a file that Writ did not make") : obstacle("was edited by hand", shownBy: [Self.showsEdits])
    }
  }

  private static func refusal(_ obstacles: [Obstacle], hint: String) -> GitError {
    let named = obstacles.prefix(5).map { "`\(escaped($0.path))` \($0.reason)" }.joined(separator: ", ")
    let rest = obstacles.count > 5 ? ", and \(obstacles.count - 5) more" : ""
    return GitError(.refused, "nothing was committed: \(named)\(rest)", hint: hint)
  }

  /// Writes the files, and says so in the index. Deletions come first, so that a file may take the place of a folder.
  func write() throws(GitError) {
    let writer = FolderWriter(root: root, folder: folder)
    let skipped = folder.isEmpty ? 0 : folder.utf8.count + 1
    func inside(_ path: String) -> String { String(path.utf8.dropFirst(skipped)) ?? path }
    for step in steps where step.new == nil {
      try writer.remove(inside(step.path))
      try index.remove(step.path)
    }
    for step in steps {
      guard let new = step.new else { continue }
      let isLeftOut = index.entry(at: step.path)?.isLeftOut == true
      let file = "\(root)/\(step.path)"
      guard !isLeftOut || FileStatus(path: file) != nil else {
        try index.set(step.path, new, file: nil)
        continue
      }
      if try !has(new, step.path) { try writer.write(step.bytes, to: inside(step.path)) }
      try index.set(step.path, new, file: file)
    }
  }

  /// Whether the file is there already, as after a `writ render`: then it is not touched.
  private func has(_ blob: BlobID, _ path: String) throws(GitError) -> Bool {
    if case .file(let file) = try WorkTree(root: root).content(at: path) { return file.blob == blob }
    return false
  }
}

/// Finds the selected files of a tree, within limits, and names what is not read.
struct TreeWalk<Source: TreeSource> {
  private let source: Source
  private let selection: FileSelection
  private let limits: SnapshotLimits
  private let memo: WalkMemo<Source.Node>?
  private var entries: [SnapshotEntry] = []
  private var problems: [SnapshotProblem] = []
  private var lookAlikes: [String] = []
  private var namesSeen = 0
  private var isFull = false

  /// What operating systems allow; git stores longer ones.
  private static var pathLimit: Int { 4096 }

  /// Walks everything that `selection` names.
  ///
  /// - Parameter memo: what earlier walks with the same suffixes and limits came to, where a node is always the same.
  static func list(
    _ source: Source, _ selection: FileSelection, _ limits: SnapshotLimits, commit: Commit? = nil,
    memo: WalkMemo<Source.Node>? = nil
  ) throws(GitError) -> SnapshotListing {
    var walk = TreeWalk(source: source, selection: selection, limits: limits, memo: memo)
    for file in selection.files { try walk.addSingle(file) }
    for folder in selection.folders { try walk.addFolder(folder) }
    return SnapshotListing(
      commit: commit, entries: walk.entries.inOrder,
      problems: Set(walk.problems).sorted {
        comesBefore($0.path, $1.path)
      }, lookAlikes: Set(walk.lookAlikes).sorted(by: comesBefore))
  }

  private init(source: Source, selection: FileSelection, limits: SnapshotLimits, memo: WalkMemo<Source.Node>?) {
    self.source = source
    self.selection = selection
    self.limits = limits
    self.memo = memo
  }

  private mutating func addSingle(_ path: String) throws(GitError) {
    switch try Self.find(path, in: source) {
    case .absent: break
    case .root: problems.append(.wrongKind(path: path, expected: "file"))
    case .blocked(let problem): problems.append(problem)
    case .found(let child) where child.kind == .folder: problems.append(.wrongKind(path: path, expected: "file"))
    case .found(let child): add(child, path)
    }
  }

  private mutating func addFolder(_ path: String) throws(GitError) {
    switch try Self.find(path, in: source) {
    case .absent: break
    case .root: try walk(source.root, path, depth: 0)
    case .blocked(let problem): problems.append(problem)
    case .found(let child) where child.kind == .folder: try walk(child.node, path, depth: 0)
    case .found(let child) where child.isFile: problems.append(.wrongKind(path: path, expected: "folder"))
    case .found(let child): add(child, path)
    }
  }

  private mutating func walk(_ folder: Source.Node, _ path: String, depth: Int) throws(GitError) {
    guard let memo else { return try walkAfresh(folder, path, depth: depth) }
    let key = WalkMemo.Key(node: folder, path: path, depth: depth)
    // Where a limit would cut, only walking tells where.
    if let known = memo[key], namesSeen + known.names <= limits.names,
      entries.count + problems.count + known.count <= limits.files
    {
      entries += known.entries
      problems += known.problems
      lookAlikes += known.lookAlikes
      namesSeen += known.names
      return
    }
    let before = (entries: entries.count, problems: problems.count, lookAlikes: lookAlikes.count, names: namesSeen)
    try walkAfresh(folder, path, depth: depth)
    if isFull { return }
    memo[key] = WalkMemo.Found(
      entries: Array(entries[before.entries...]), problems: Array(problems[before.problems...]),
      lookAlikes: Array(lookAlikes[before.lookAlikes...]), names: namesSeen - before.names)
  }

  private mutating func walkAfresh(_ folder: Source.Node, _ path: String, depth: Int) throws(GitError) {
    guard depth <= limits.depth else {
      problems.append(.tooDeep(path: path, limit: limits.depth))
      return
    }
    let children: [TreeChild<Source.Node>]
    switch try source.children(of: folder, path: path, limit: limits.names - namesSeen) {
    case .children(let found): children = found
    case .unreadable(let problem):
      problems.append(problem)
      return
    }
    // All of a folder or nothing: which names a file system tells first is chance.
    namesSeen += children.count
    guard namesSeen <= limits.names else {
      stop(at: path, limit: limits.names)
      return
    }
    for child in children where !isFull {
      try visit(child, below: path, depth: depth)
    }
  }

  private mutating func visit(
    _ child: TreeChild<Source.Node>, below folder: String, depth: Int
  ) throws(GitError) {
    // Git never stores it, and nothing below it is policy.
    if child.name.elementsEqual(".git".utf8) { return }
    // Only for what is not read: escaping every name takes longer than all the rest.
    var shown: String { folder.isEmpty ? escaped(child.name) : "\(folder)/\(escaped(child.name))" }
    if child.isFile && !selection.accepts(name: child.name) {
      if selection.isLookAlike(name: child.name) { lookAlikes.append(shown) }
      return
    }
    guard Self.isName(child.name), folder.utf8.count + child.name.count < Self.pathLimit else {
      problems.append(.invalidName(path: String(shown.prefix(Self.pathLimit))))
      return
    }
    guard let name = String(validating: child.name, as: UTF8.self) else {
      problems.append(.notUTF8Name(path: shown))
      return
    }
    let path = folder.isEmpty ? name : "\(folder)/\(name)"
    if child.kind == .folder {
      try walk(child.node, path, depth: depth + 1)
    } else {
      add(child, path)
    }
  }

  /// Adds what is not a folder.
  private mutating func add(_ child: TreeChild<Source.Node>, _ path: String) {
    guard entries.count + problems.count < limits.files else {
      stop(at: path, limit: limits.files)
      return
    }
    if let problem = Self.problem(of: child, path, in: source) {
      problems.append(problem)
    } else if let size = child.size, size > limits.fileBytes {
      problems.append(.tooLarge(path: path, size: size, limit: limits.fileBytes))
    } else {
      entries.append(
        SnapshotEntry(
          path: path, blob: child.blob, isExecutable: child.kind == .executable, size: child.size))
    }
  }

  private mutating func stop(at path: String, limit: Int) {
    if !isFull { problems.append(.tooManyFiles(path: path, limit: limit)) }
    isFull = true
  }

  private static func isName(_ name: [UInt8]) -> Bool {
    !name.isEmpty && !name.contains(UInt8(ascii: "/")) && !name.elementsEqual(".".utf8)
      && !name.elementsEqual("..".utf8)
  }

  private static func problem(
    of child: TreeChild<Source.Node>, _ path: String, in source: Source
  ) -> SnapshotProblem? {
    switch child.kind {
    case .file, .executable, .folder: nil
    case .symlink: .symlink(path: path, target: source.target(ofLink: child.node))
    case .submodule: .submodule(path: path)
    case .special(let kind): .notAFile(path: path, kind: kind)
    }
  }
}

extension TreeWalk {
  /// What is at a path, when no symbolic link on the way to it is followed.
  enum Found {
    case absent
    case root
    case found(TreeChild<Source.Node>)
    case blocked(SnapshotProblem)
  }

  /// - Parameter path: as `FileSelection.normalised` gives it.
  static func find(_ path: String, in source: Source) throws(GitError) -> Found {
    let parts = path.utf8.split(separator: UInt8(ascii: "/"))
    guard !parts.isEmpty else { return .root }
    var folder = source.root
    var walked = ""
    for (position, part) in parts.enumerated() {
      guard let child = try source.child(named: Array(part), of: folder, path: walked) else { return .absent }
      if position == parts.count - 1 { return .found(child) }
      walked += (walked.isEmpty ? "" : "/") + String(decoding: part, as: UTF8.self)
      if let problem = problem(of: child, walked, in: source) { return .blocked(problem) }
      guard child.kind == .folder else { return .absent }
      folder = child.node
    }
    return .absent
  }
}

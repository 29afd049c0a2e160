/// The commits before a head, newest first, and what each of them did to the files of a selection.
///
/// The order is that of `git log --topo-order`: no commit comes before one that descends from it, and the commits of a
/// merged branch stay together. It does not depend on clocks. A commit that leaves the selection alone costs a look at
/// the root folder; one that does not, the folders that differ. Not for use by two threads at once.
package final class History {
  /// Which commits of those before a head are told.
  package struct Window: Sendable, Hashable {
    /// The earliest and the latest committer time, both inclusive, in seconds since 1970-01-01T00:00:00Z.
    ///
    /// A filter on each commit, as `git log --since-as-filter --until`: an old clock on one commit does not hide what
    /// came before it, as it would by `--since`.
    package var since: Int64?
    package var until: Int64?
    /// How many steps are told.
    package var limit: Int?
    /// Follow only the first parents, so that a merge counts as one change.
    package var firstParentOnly: Bool
    /// These commits and everything before them are left out, as by `A..B`.
    package var excluding: [Commit]

    package init(
      since: Int64? = nil, until: Int64? = nil, limit: Int? = nil, firstParentOnly: Bool = false, excluding: [Commit] = []
    ) {
      self.since = since
      self.until = until
      self.limit = limit
      self.firstParentOnly = firstParentOnly
      self.excluding = excluding
    }
  }

  /// How many commits there are in all, within the window's time or not.
  package var commitCount: Int { order.count }
  /// How many objects were read with their content.
  package var readCount: Int { graph.repository.objects.readCount }
  /// The commits at which a shallow clone ends this history, in its order; empty where all of it is here.
  package let cutAt: [ObjectID]

  private let graph: CommitGraph
  private let window: Window
  private let order: [CommitNode]
  private let fetchMissing: Bool
  private let index: TreeIndex
  private let limits: SnapshotLimits
  private var position = 0
  private var told = 0

  // What the selection finds, told apart without listing it.
  private var stateNumbers: [State: Int] = [:]
  private var states: [State] = []
  private var stateOfTree: [ObjectID: Int] = [:]
  private var memos: [[[String]]: WalkMemo<ObjectID>] = [:]
  private var listings = RecentCache<Int, SnapshotListing>(capacity: 100_000)

  private struct State: Hashable {
    var selection: FileSelection?
    /// What is at each folder and file of the selection.
    var items: [TreeItem?]
    /// A tree for which this is so.
    var tree: ObjectID

    static func == (left: State, right: State) -> Bool { left.items == right.items && left.selection == right.selection }

    func hash(into hasher: inout Hasher) { hasher.combine(items) }
  }

  fileprivate init(
    _ repository: consuming Repository, _ head: ObjectID, _ window: Window, _ limits: SnapshotLimits, fetchMissing: Bool
  ) throws(GitError) {
    index = TreeIndex(repository.objects, fetchMissing: fetchMissing)
    graph = try CommitGraph(repository)
    self.window = window
    self.limits = limits
    self.fetchMissing = fetchMissing
    order = try Self.order(from: head, window, graph)
    cutAt = order.filter(\.isCut).map(\.id)
    // A clone without trees gets them by one connection instead of one for each commit.
    if graph.repository.isPartialClone && fetchMissing { try index.objects.fetchMissing(order.map(\.tree)) }
  }

  /// The next commit in which the selected files are not the same as in every parent; nil at the end.
  ///
  /// - Parameter selecting: what is selected in a commit, told by looking at its tree; nil where it holds no policy.
  ///   It must depend on the tree alone. Asked once for each root folder.
  package func next(
    selecting: (RevisionFiles) throws(GitError) -> FileSelection?
  ) throws(GitError) -> HistoryStep? {
    while position < order.count, told < window.limit ?? .max {
      let node = order[position]
      position += 1
      guard node.time >= window.since ?? .min, node.time <= window.until ?? .max else { continue }
      guard let step = try step(node, selecting) else { continue }
      told += 1
      return step
    }
    return nil
  }

  /// The same for a selection that does not move.
  package func next(_ selection: FileSelection) throws(GitError) -> HistoryStep? {
    try next { _ throws(GitError) in selection }
  }

  /// What a commit has of a selection, wherever it stands in history.
  package func listing(_ commit: Commit, _ selection: FileSelection) throws(GitError) -> SnapshotListing {
    var listing = try listing(of: state(of: commit.tree) { _ throws(GitError) in selection })
    listing.commit = commit
    return listing
  }

  private func step(
    _ node: CommitNode, _ selecting: (RevisionFiles) throws(GitError) -> FileSelection?
  ) throws(GitError) -> HistoryStep? {
    let own = try number(of: node.tree, selecting)
    let parents = window.firstParentOnly ? Array(node.parents.prefix(1)) : node.parents
    var compared: [HistoryStep.Parent] = []
    for (position, id) in parents.enumerated() {
      let theirs = try number(of: try graph.node(id).tree, selecting)
      guard own != theirs else { continue }
      let (before, now) = (try listing(of: states[theirs]), try listing(of: states[own]))
      // A file that is not selected, in a selected folder.
      if before.entries.elementsEqual(now.entries, by: { $0.blob == $1.blob }) && now.changes(from: before).isEmpty
        && before.problems == now.problems && states[own].selection == states[theirs].selection
      {
        continue
      }
      compared.append(HistoryStep.Parent(id: id, position: position, selection: states[theirs].selection, listing: before))
    }
    if compared.isEmpty && !parents.isEmpty { return nil }
    var now = try listing(of: states[own])
    if parents.isEmpty && now.entries.isEmpty && now.problems.isEmpty { return nil }
    let commit = try graph.commit(node.id)
    now.commit = commit
    return HistoryStep(
      commit: commit, selection: states[own].selection, listing: now, differing: compared, parentCount: parents.count, isCut: node.isCut)
  }

  private func number(
    of tree: ObjectID, _ selecting: (RevisionFiles) throws(GitError) -> FileSelection?
  ) throws(GitError) -> Int {
    if let number = stateOfTree[tree] { return number }
    let state = try state(of: tree, selecting)
    let number = stateNumbers[state] ?? states.count
    if number == states.count {
      states.append(state)
      stateNumbers[state] = number
    }
    stateOfTree[tree] = number
    return number
  }

  private func state(
    of tree: ObjectID, _ selecting: (RevisionFiles) throws(GitError) -> FileSelection?
  ) throws(GitError) -> State {
    guard let selection = try selecting(RevisionFiles(tree: tree, index: index)) else {
      return State(selection: nil, items: [], tree: tree)
    }
    var items: [TreeItem?] = []
    for path in selection.folders { items.append(try index.item(at: path, in: tree)) }
    for path in selection.files { items.append(try index.item(at: path, in: tree)) }
    return State(selection: selection, items: items, tree: tree)
  }

  private func listing(of state: State) throws(GitError) -> SnapshotListing {
    guard let selection = state.selection else { return SnapshotListing(commit: nil, entries: [], problems: [], lookAlikes: []) }
    let number = stateNumbers[state]
    if let number, let listing = listings.value(number, weight: \.weight) { return listing }
    let endings = [selection.suffixes, selection.lookAlikes]
    let memo = memos[endings] ?? WalkMemo()
    memos[endings] = memo
    let listing = try TreeWalk.list(index.tree(state.tree), selection, limits, memo: memo)
    if let number { listings.insert(listing, number, weight: listing.weight) }
    return listing
  }

  /// Git's `sort_in_topological_order`, for one head: https://github.com/git/git/blob/master/commit.c
  private static func order(from head: ObjectID, _ window: Window, _ graph: CommitGraph) throws(GitError) -> [CommitNode] {
    let excluded = try graph.ancestors(of: window.excluding.map(\.id))
    func parents(_ node: CommitNode) -> some Sequence<ObjectID> {
      (window.firstParentOnly ? node.parents.prefix(1) : node.parents[...]).filter { !excluded.contains($0) }
    }
    guard !excluded.contains(head) else { return [] }
    // How many children of a commit have not been told yet.
    var children: [ObjectID: Int] = [head: 0]
    var waiting = [head]
    while let id = waiting.popLast() {
      for parent in parents(try graph.node(id)) {
        if children.updateValue(children[parent, default: 0] + 1, forKey: parent) == nil { waiting.append(parent) }
      }
    }
    var order: [CommitNode] = []
    order.reserveCapacity(children.count)
    waiting = [head]
    while let id = waiting.popLast() {
      let node = try graph.node(id)
      order.append(node)
      for parent in parents(node) {
        let left = children[parent, default: 1] - 1
        children[parent] = left
        if left == 0 { waiting.append(parent) }
      }
    }
    return order
  }
}

/// A commit that did something to the selected files.
package struct HistoryStep: Sendable, Hashable {
  /// A parent in which the selected files, or the selection, are not the same.
  package struct Parent: Sendable, Hashable {
    package var id: ObjectID
    /// Its place among the commit's parents, from 0.
    package var position: Int
    package var selection: FileSelection?
    package var listing: SnapshotListing
  }

  package var commit: Commit
  /// nil where the commit holds no policy.
  package var selection: FileSelection?
  /// With ids and without content: see ``Repository/read(contentOf:budget:fetchMissing:)``.
  package var listing: SnapshotListing
  /// Empty for a first commit, and for one before which a shallow clone cut off.
  package var differing: [Parent]
  /// How many parents it was compared with.
  package var parentCount: Int
  /// Whether what came before is not in this shallow clone: nobody can tell then what this commit changed.
  package var isCut: Bool

  /// Whether nothing came before: every file is new.
  package var isRoot: Bool { parentCount == 0 && !isCut }
  package var isMerge: Bool { parentCount > 1 }
  /// Whether no parent is like it: of a merge, that it is more than one of its branches.
  package var differsFromAllParents: Bool { differing.count == parentCount }
}

/// What a commit has at its paths, for finding where its policy is.
package struct RevisionFiles {
  /// The root folder's id: what is found here depends on nothing else.
  package let tree: ObjectID
  fileprivate let index: TreeIndex

  /// What is at a path; nil for nothing, and for what is behind a symbolic link.
  package func item(at path: String) throws(GitError) -> TreeItem? {
    try index.item(at: FileSelection.normalised(path), in: tree)
  }

  /// The content of a file, such as `writ.yaml`; nil when it is larger than `limit`.
  ///
  /// A caller keeps what it made of an id: most commits have the same.
  package func bytes(
    of blob: BlobID, path: String, limit: Int = SnapshotLimits.standard.fileBytes
  ) throws(GitError) -> [UInt8]? {
    try index.objects.content(of: blob, path: path, limit: limit, fetchMissing: index.fetchMissing)
  }
}

extension Repository {
  /// The history before a commit, for ``History/next(selecting:)``.
  package func history(
    of head: Commit, _ window: History.Window = .init(), limits: SnapshotLimits = .standard, fetchMissing: Bool = true
  ) throws(GitError) -> History {
    try History(forWorker(), head.id, window, limits, fetchMissing: fetchMissing)
  }
}

extension GitError {
  /// What to say where a history ends too early: at a commit of ``History/cutAt``.
  package static func historyCut(at commit: ObjectID) -> Self {
    Self(
      .missingObject, "history before \(commit.short) is not in this shallow clone",
      hint: "`git fetch --unshallow` fetches the rest; in CI, set `fetch-depth: 0`")
  }
}

extension SnapshotListing {
  fileprivate var weight: Int { entries.count + problems.count + 1 }
}

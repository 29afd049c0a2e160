/// What walks came to below a folder, so that the next revision is walked only where it differs.
final class WalkMemo<Node: Hashable> {
  struct Key: Hashable {
    var node: Node
    var path: String
    var depth: Int
  }

  struct Found {
    var entries: [SnapshotEntry]
    var problems: [SnapshotProblem]
    var lookAlikes: [String]
    /// How many names were looked at.
    var names: Int

    var count: Int { entries.count + problems.count }
  }

  private var found = RecentCache<Key, Found>(capacity: 100_000)

  subscript(key: Key) -> Found? {
    get { found.value(key) { $0.count + 1 } }
    set { if let newValue { found.insert(newValue, key, weight: newValue.count + 1) } }
  }
}

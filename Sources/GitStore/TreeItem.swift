/// What a commit has under one path: a kind and an id, without any content.
package struct TreeItem: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case file, executable, folder, symlink, submodule
  }

  package var kind: Kind
  /// Of a blob or a folder; for a submodule, of a commit in another repository.
  package var id: ObjectID

  package init(kind: Kind, id: ObjectID) {
    self.kind = kind
    self.id = id
  }

  /// The content's id, when it is a regular file.
  package var blob: BlobID? { kind == .file || kind == .executable ? BlobID(id) : nil }
}

/// The names of trees, looked up one by one and remembered: what most commits do not touch is read once.
final class TreeIndex {
  private struct Key: Hashable {
    var tree: ObjectID
    var name: [UInt8]
  }

  let objects: ObjectReader
  let fetchMissing: Bool
  private var known = RecentCache<Key, TreeItem?>(capacity: 100_000)

  init(_ objects: ObjectReader, fetchMissing: Bool) {
    self.objects = objects
    self.fetchMissing = fetchMissing
  }

  /// What is at a path; nil for nothing, and for what is behind a symbolic link or in a submodule.
  ///
  /// - Parameter path: as `FileSelection.normalised` gives it; empty is the tree itself.
  func item(at path: String, in tree: ObjectID) throws(GitError) -> TreeItem? {
    var current = TreeItem(kind: .folder, id: tree)
    for name in path.utf8.split(separator: UInt8(ascii: "/")) {
      guard current.kind == .folder, let next = try child(Array(name), of: current.id) else { return nil }
      current = next
    }
    return current
  }

  func child(_ name: [UInt8], of tree: ObjectID) throws(GitError) -> TreeItem? {
    let key = Key(tree: tree, name: name)
    if let item = known.value(key) { return item }
    var names = TreeNames(try self.tree(tree).bytes(of: tree, path: ""))
    var found: TreeItem?
    while found == nil, names.advance() {
      if names.isNamed(name) { found = TreeItem(kind: names.kind, id: names.id) }
    }
    if names.isDamaged { throw RevisionTree.damaged(tree, "") }
    known.insert(found, key)
    return found
  }

  func entries(of tree: ObjectID, path: String) throws(GitError) -> [TreeEntry] {
    let bytes = try self.tree(tree).bytes(of: tree, path: path)
    guard let entries = [TreeEntry](treeBytes: bytes) else { throw RevisionTree.damaged(tree, path) }
    return entries
  }

  func tree(_ root: ObjectID) -> RevisionTree {
    RevisionTree(objects: objects, root: root, fetchMissing: fetchMissing)
  }
}

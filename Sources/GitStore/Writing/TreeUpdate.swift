import CLibgit2

/// Trees in which some files are others: everything else is kept byte for byte, modes included.
///
/// Not by `git_tree_create_updated`, which lets no file take the place of a folder.
struct TreeUpdate {
  struct Change {
    var names: ArraySlice<[UInt8]>
    /// nil for a file that goes.
    var blob: BlobID?

    init(path: String, blob: BlobID?) {
      names = path.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) }[...]
      self.blob = blob
    }
  }

  let objects: ObjectReader

  /// The root folder after the changes.
  func apply(_ changes: [Change], to root: ObjectID) throws(GitError) -> ObjectID {
    if let id = try updated(root, changes, path: "") { return id }
    return try objects.store([], GIT_OBJECT_TREE)
  }

  /// What happens to one name in a folder.
  private struct Step {
    var isReplaced = false
    var blob: BlobID?
    var inside: [Change] = []

    var makesFolder: Bool { inside.contains { $0.blob != nil } }
  }

  private struct Entry {
    var name: [UInt8]
    var isFolder: Bool
    var stored: [UInt8]

    init(name: [UInt8], isFolder: Bool, stored: [UInt8]) { (self.name, self.isFolder, self.stored) = (name, isFolder, stored) }

    init(_ name: [UInt8], mode: String, isFolder: Bool, _ id: ObjectID) {
      self.init(name: name, isFolder: isFolder, stored: Array("\(mode) ".utf8) + name + [0] + id.bytes)
    }

    /// Git orders folders as if their names ended in a slash.
    var key: [UInt8] { isFolder ? name + [UInt8(ascii: "/")] : name }
  }

  /// INVARIANT: paths have been checked, so that their depth is bounded.
  private func updated(_ folder: ObjectID?, _ changes: [Change], path: String) throws(GitError) -> ObjectID? {
    var steps: [[UInt8]: Step] = [:]
    for change in changes {
      guard let name = change.names.first else { continue }
      if change.names.count == 1 {
        steps[name, default: Step()].isReplaced = true
        steps[name]?.blob = change.blob
      } else {
        var inner = change
        inner.names.removeFirst()
        steps[name, default: Step()].inside.append(inner)
      }
    }
    var entries: [Entry] = []
    var bytes: [UInt8] = []
    if let folder {
      bytes = try RevisionTree(objects: objects, root: folder, fetchMissing: true).bytes(of: folder, path: path)
      var names = TreeNames(bytes)
      var start = 0
      while names.advance() {
        let name = Array(bytes[names.name])
        let end = names.name.upperBound + 1 + ObjectID.byteCount
        let old = Entry(name: name, isFolder: names.kind == .folder, stored: Array(bytes[start..<end]))
        start = end
        guard let step = steps.removeValue(forKey: name) else {
          entries.append(old)
          continue
        }
        if let entry = try self.entry(name, step, old, names.id, path) { entries.append(entry) }
      }
      if names.isDamaged { throw RevisionTree.damaged(folder, path) }
    }
    for (name, step) in steps {
      if let entry = try self.entry(name, step, nil, nil, path) { entries.append(entry) }
    }
    guard !entries.isEmpty else { return nil }
    let stored = entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }.flatMap(\.stored)
    if let folder, stored == bytes { return folder }
    return try objects.store(stored, GIT_OBJECT_TREE)
  }

  private func entry(_ name: [UInt8], _ step: Step, _ old: Entry?, _ id: ObjectID?, _ path: String) throws(GitError) -> Entry? {
    let inner = (path.isEmpty ? "" : path + "/") + String(decoding: name, as: UTF8.self)
    let isFolder = old?.isFolder == true
    if let blob = step.blob {
      // A file takes the place of a folder only where nothing is left in it.
      if isFolder, try updated(id, step.inside, path: inner) != nil { throw Self.occupied(inner, "a folder with other files") }
      return Entry(name, mode: "100644", isFolder: false, blob.object)
    }
    guard !step.inside.isEmpty else { return step.isReplaced && !isFolder ? nil : old }
    if old != nil, !isFolder, !step.isReplaced {
      if step.makesFolder { throw Self.occupied(inner, "a file") }
      return old
    }
    return try updated(isFolder ? id : nil, step.inside, path: inner).map { Entry(name, mode: "40000", isFolder: true, $0) }
  }

  private static func occupied(_ path: String, _ what: String) -> GitError {
    GitError(.refused, "`\(escaped(path))` is \(what) in the commit, so nothing else can be put there", hint: "move it away")
  }
}

extension ObjectReader {
  /// Stores an object as it is: no filter, no conversion of line ends. One that is there already stays.
  func store(_ bytes: [UInt8], _ kind: git_object_t) throws(GitError) -> ObjectID {
    var oid = git_oid()
    let pointer = unsafe database.pointer
    do {
      try check(unsafe bytes.withUnsafeBytes { unsafe git_odb_write(&oid, pointer, $0.baseAddress, $0.count, kind) })
    } catch {
      throw GitError(.unreadable, "cannot write an object: \(error.message)")
    }
    return ObjectID(oid)
  }
}

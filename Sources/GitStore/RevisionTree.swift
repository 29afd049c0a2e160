import CLibgit2

/// The folders and files of one commit, read from objects.
struct RevisionTree: TreeSource {
  let objects: ObjectReader
  let root: ObjectID
  let fetchMissing: Bool

  /// A folder of a hundred thousand names takes four megabytes.
  private static let folderBytes = 64 << 20
  private static let linkBytes = 4096

  func child(
    named name: [UInt8], of folder: ObjectID, path: String
  ) throws(GitError) -> TreeChild<ObjectID>? {
    switch try children(of: folder, path: path, limit: .max) {
    case .children(let children): return children.first { $0.name == name }
    case .unreadable(let problem):
      throw GitError(.unreadable, "`\(escaped(problem.path))` \(problem.message)")
    }
  }

  func children(
    of folder: ObjectID, path: String, limit: Int
  ) throws(GitError) -> FolderContent<ObjectID> {
    if let size = try objects.size(of: folder, what: Self.what(path)), size > Self.folderBytes {
      return .unreadable(.tooLarge(path: path, size: size, limit: Self.folderBytes))
    }
    let bytes = try stored(folder, path)
    guard let entries = [TreeEntry](treeBytes: bytes) else { throw Self.damaged(folder, path) }
    return .children(entries.map(TreeChild.init))
  }

  /// A folder as it is stored; one that is too large to be one throws.
  func bytes(of folder: ObjectID, path: String) throws(GitError) -> [UInt8] {
    if let size = try objects.size(of: folder, what: Self.what(path)), size > Self.folderBytes {
      let problem = SnapshotProblem.tooLarge(path: path, size: size, limit: Self.folderBytes)
      throw GitError(.unreadable, "\(Self.what(path)) \(problem.message)")
    }
    return try stored(folder, path)
  }

  private func stored(_ folder: ObjectID, _ path: String) throws(GitError) -> [UInt8] {
    try objects.bytes(of: folder, kind: GIT_OBJECT_TREE, what: Self.what(path), fetchMissing: fetchMissing)
  }

  static func damaged(_ folder: ObjectID, _ path: String) -> GitError {
    GitError(
      .damagedObject, "object \(folder.short) (\(what(path))) is not a folder as git stores it",
      hint: "`git fsck` names what is damaged; a fresh clone repairs it")
  }

  func target(ofLink node: ObjectID) -> String? {
    // Only told, so whatever keeps it from being read is not worth an error or a fetch.
    guard
      let size = try? objects.size(of: node, what: "a symbolic link"), size <= Self.linkBytes,
      let bytes = try? objects.bytes(
        of: node, kind: GIT_OBJECT_BLOB, what: "a symbolic link", fetchMissing: false)
    else { return nil }
    return escaped(bytes)
  }

  private static func what(_ path: String) -> String {
    path.isEmpty ? "the root folder" : "the folder `\(escaped(path))`"
  }
}

extension TreeChild<ObjectID> {
  fileprivate init(_ entry: TreeEntry) {
    switch entry.kind {
    case .file: kind = .file
    case .executable: kind = .executable
    case .folder: kind = .folder
    case .symlink: kind = .symlink
    case .submodule: kind = .submodule
    }
    name = entry.name
    node = entry.id
    blob = BlobID(entry.id)
    size = nil
  }
}

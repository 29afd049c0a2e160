import Glibc

/// Files reached from an open root, one component at a time and never through a symbolic link.
final class WorkTreeFiles: TreeSource {
  let root: [UInt8] = []
  private let rootFolder: FileDescriptor
  /// Paths come in order, so that the next file is mostly in the same folder.
  private var lastFolder: (path: [UInt8], descriptor: FileDescriptor)?

  init(root path: String) throws(GitError) {
    let number = path.utf8.contains(0) ? -1 : unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else {
      throw GitError(.unreadable, "cannot read the folder `\(escaped(path))`: \(lastSystemError())")
    }
    rootFolder = FileDescriptor(number)
  }

  /// - Parameter folder: a path below the root, as bytes.
  func child(
    named name: [UInt8], of folder: [UInt8], path: String
  ) throws(GitError) -> TreeChild<[UInt8]>? {
    guard let descriptor = open(folder: folder) else { return nil }
    return child(name, in: descriptor, folder)
  }

  func children(
    of folder: [UInt8], path: String, limit: Int
  ) throws(GitError) -> FolderContent<[UInt8]> {
    guard let descriptor = open(folder: folder), let names = descriptor.names(limit: max(limit, 0) + 1)
    else { return .unreadable(.unreadable(path: path, reason: lastSystemError())) }
    // What was deleted between listing and looking was never there.
    return .children(names.compactMap { child($0, in: descriptor, folder) }.inTreeOrder)
  }

  func target(ofLink node: [UInt8]) -> String? {
    let (folder, name) = Self.split(node)
    return open(folder: folder)?.target(ofLink: name).map { escaped($0) }
  }

  /// What reading a file came to.
  enum Content {
    case bytes([UInt8])
    case problem(SnapshotProblem)
  }

  /// Reads a regular file of at most `limit` bytes.
  func content(of path: String, limit: Int) -> Content {
    let node = Array(path.utf8)
    let (folder, name) = Self.split(node)
    // Should it have become a pipe since it was listed, O_NONBLOCK keeps opening from waiting.
    guard let file = open(folder: folder)?.open(name, O_NONBLOCK | O_NOCTTY) else {
      let isLink = errno == ELOOP
      let reason = lastSystemError()
      return .problem(
        isLink
          ? .symlink(path: path, target: target(ofLink: node)) : .unreadable(path: path, reason: reason))
    }
    guard let status = file.status, status.kind == .file else {
      return .problem(.unreadable(path: path, reason: "it changed while it was read"))
    }
    guard status.size <= limit else {
      return .problem(.tooLarge(path: path, size: status.size, limit: limit))
    }
    guard let bytes = file.readAll(expected: status.size, limit: limit) else {
      return .problem(.unreadable(path: path, reason: lastSystemError()))
    }
    return bytes.count <= limit
      ? .bytes(bytes) : .problem(.tooLarge(path: path, size: bytes.count, limit: limit))
  }

  private func child(
    _ name: [UInt8], in descriptor: FileDescriptor, _ folder: [UInt8]
  ) -> TreeChild<[UInt8]>? {
    guard let status = descriptor.status(of: name) else { return nil }
    let kind: TreeChild<[UInt8]>.Kind
    switch status.kind {
    case .file: kind = status.isExecutable ? .executable : .file
    case .folder: kind = Self.holdsRepository(name, in: descriptor) ? .submodule : .folder
    case .symlink: kind = .symlink
    case .pipe: kind = .special("named pipe")
    case .socket: kind = .special("socket")
    case .device: kind = .special("device")
    }
    let node = folder.isEmpty ? name : folder + [UInt8(ascii: "/")] + name
    return TreeChild(kind: kind, name: name, node: node, blob: nil, size: status.size)
  }

  /// Whether git would see a folder as a submodule: it has a `.git` file, or a `.git` folder with a HEAD.
  private static func holdsRepository(_ name: [UInt8], in descriptor: FileDescriptor) -> Bool {
    let git = name + Array("/.git".utf8)
    switch descriptor.status(of: git)?.kind {
    case .file: return true
    case .folder: return descriptor.status(of: git + Array("/HEAD".utf8)) != nil
    default: return false
    }
  }

  private func open(folder path: [UInt8]) -> FileDescriptor? {
    if path.isEmpty { return rootFolder }
    if let lastFolder, lastFolder.path == path { return lastFolder.descriptor }
    var current = rootFolder
    for part in path.split(separator: UInt8(ascii: "/")) {
      guard let next = current.open(Array(part), O_DIRECTORY) else { return nil }
      current = next
    }
    lastFolder = (path, current)
    return current
  }

  private static func split(_ path: [UInt8]) -> (folder: [UInt8], name: [UInt8]) {
    guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return ([], path) }
    return (Array(path[..<slash]), Array(path[(slash + 1)...]))
  }
}

extension [TreeChild<[UInt8]>] {
  /// As git stores them: a folder's name counts with its slash, which makes whole paths come in byte order.
  fileprivate var inTreeOrder: Self {
    sorted { $0.sortKey.lexicographicallyPrecedes($1.sortKey) }
  }
}

extension TreeChild<[UInt8]> {
  fileprivate var sortKey: [UInt8] { kind == .folder ? name + [UInt8(ascii: "/")] : name }
}

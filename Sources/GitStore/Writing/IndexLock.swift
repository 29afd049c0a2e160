import CLibgit2
import Glibc

/// The index of a work tree, locked as git locks it, so that neither git nor another Writ changes it or the work tree
/// meanwhile. Entries that are not asked for stay as they are.
///
/// What is written goes into a copy which then takes the index's place: libgit2 would only take the lock while it writes.
final class IndexLock {
  /// What the index says of one path.
  struct Entry {
    var blob: BlobID
    /// A file that is left out of the work tree on purpose (`git sparse-checkout`).
    var isLeftOut: Bool
    /// `git add --intent-to-add`: a name without a content yet.
    var isIntent: Bool
  }

  private let directory: String
  private let folder: FileDescriptor
  private let index: Handle<IndexKind>
  /// When the index was written, in seconds; nil where there was none.
  private let written: Int?

  private static let lockName = Array("index.lock".utf8)
  private static let indexName = Array("index".utf8)
  private static let limit = 1 << 30
  private let copyName: [UInt8]
  private var isHeld = true

  /// - Throws: `refused` where somebody else holds the lock, or where libgit2 cannot write such an index.
  init(_ gitDirectory: String) throws(GitError) {
    let number = unsafe Glibc.open(gitDirectory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { throw GitError(.unreadable, "cannot open `\(escaped(gitDirectory))`: \(lastSystemError())") }
    let folder = FileDescriptor(number)
    guard folder.create(Self.lockName) != nil else { throw Self.lockFailure(gitDirectory) }
    let name = "index.writ-\(getpid())"
    do throws(GitError) {
      _ = folder.removeFile(Array(name.utf8))
      written = try Self.copy(folder, to: Array(name.utf8))
      index = try Self.open("\(gitDirectory)/\(name)")
    } catch {
      _ = folder.removeFile(Array(name.utf8))
      _ = folder.removeFile(Self.lockName)
      throw error
    }
    (directory, self.folder, copyName) = (gitDirectory, folder, Array(name.utf8))
  }

  deinit {
    _ = folder.removeFile(copyName)
    // Once it was let go, a lock of that name is somebody else's.
    if isHeld { _ = folder.removeFile(Self.lockName) }
  }

  private static func lockFailure(_ directory: String) -> GitError {
    guard errno == EEXIST else { return GitError(.unreadable, "cannot make `\(escaped(directory))/index.lock`: \(lastSystemError())") }
    return GitError(
      .refused, "another git process is at work here: it holds `\(escaped(directory))/index.lock`",
      hint: "try again when it is done; if none runs any more, delete that file")
  }

  private static func copy(_ folder: FileDescriptor, to name: [UInt8]) throws(GitError) -> Int? {
    guard let status = folder.status(of: indexName) else { return nil }
    guard status.kind == .file, let file = folder.open(indexName, 0), let bytes = file.readAll(expected: status.size, limit: limit),
      bytes.count <= limit, let copy = folder.create(name), copy.writeAll(bytes)
    else { throw GitError(.unreadable, "cannot read the index of the work tree: \(lastSystemError())") }
    return status.changed
  }

  private static func open(_ path: String) throws(GitError) -> Handle<IndexKind> {
    do {
      return try unsafe Handle { unsafe git_index_open(&$0, path) }
    } catch {
      let hint =
        error.message.contains("'link'")
        ? "`git update-index --no-split-index` joins it"
        : error.message.contains("'sdir'") ? "`git sparse-checkout reapply --no-sparse-index` unfolds it" : nil
      throw GitError(
        .refused, "the index of the work tree is of a kind that Writ cannot write: \(error.message)",
        hint: hint ?? "commit to another branch with --branch")
    }
  }

  // MARK: Reading

  /// The entry at a path; nil where there is none.
  func entry(at path: String) -> Entry? {
    guard let found = unsafe git_index_get_bypath(index.pointer, path, 0) else { return nil }
    let flags = UInt32(unsafe found.pointee.flags_extended)
    return Entry(
      blob: BlobID(ObjectID(unsafe found.pointee.id)), isLeftOut: flags & GIT_INDEX_ENTRY_SKIP_WORKTREE.rawValue != 0,
      isIntent: flags & GIT_INDEX_ENTRY_INTENT_TO_ADD.rawValue != 0)
  }

  func isUnmerged(_ path: String) -> Bool {
    (1...3).contains { unsafe git_index_get_bypath(index.pointer, path, $0) != nil }
  }

  /// The paths below a folder.
  func paths(below folder: String) -> [String] {
    var position = 0
    guard unsafe git_index_find_prefix(&position, index.pointer, folder + "/") == 0 else { return [] }
    var found: [String] = []
    while let entry = unsafe git_index_get_byindex(index.pointer, position), let name = unsafe entry.pointee.path {
      let path = unsafe String(cString: name)
      guard path.utf8.starts(with: (folder + "/").utf8) else { break }
      found.append(path)
      position += 1
    }
    return found
  }

  // MARK: Writing

  /// - Parameter file: where the file is, whose state makes it count as unchanged; nil where it is left out of the work tree.
  func set(_ path: String, _ blob: BlobID, file: String?) throws(GitError) {
    try unsafe perform(path) { pointer in
      unsafe git_index_conflict_remove(pointer, path)
      var entry = unsafe git_index_entry()
      if let file {
        var status = stat()
        if unsafe lstat(file, &status) == 0 { unsafe entry.take(status) }
      } else {
        unsafe entry.flags_extended = UInt16(truncatingIfNeeded: GIT_INDEX_ENTRY_SKIP_WORKTREE.rawValue)
      }
      unsafe entry.mode = 0o100644
      unsafe entry.id = blob.object.oid
      return unsafe path.withCString { name in
        unsafe entry.path = name
        return unsafe git_index_add(pointer, &entry)
      }
    }
  }

  func remove(_ path: String) throws(GitError) {
    unsafe git_index_conflict_remove(index.pointer, path)
    guard entry(at: path) != nil else { return }
    try unsafe perform(path) { unsafe git_index_remove($0, path, 0) }
  }

  private func perform(_ path: String, _ body: (OpaquePointer) -> Int32) throws(GitError) {
    do {
      try check(unsafe body(index.pointer))
    } catch {
      throw error.unexpected("put `\(escaped(path))` into the index")
    }
  }

  /// Writes the copy; nobody sees it before ``publish()``.
  func write(workTree: String) throws(GitError) {
    smudge(workTree)
    do {
      try check(unsafe git_index_write(index.pointer))
    } catch {
      throw GitError(.unreadable, "cannot write the index of the work tree: \(error.message)")
    }
  }

  func publish() throws(GitError) {
    guard folder.rename(copyName, Self.lockName), folder.rename(Self.lockName, Self.indexName) else {
      throw GitError(.unreadable, "cannot replace the index of the work tree: \(lastSystemError())")
    }
    isHeld = false
  }

  /// A file that changed in the second in which the index was written looks unchanged to a newer index. Its entry gets the
  /// size 0, as git does it, so that it is looked at: https://git-scm.com/docs/racy-git
  private func smudge(_ workTree: String) {
    guard let written else { return }
    let tree = WorkTree(root: workTree)
    for position in 0..<(unsafe git_index_entrycount(index.pointer)) {
      guard let entry = unsafe git_index_get_byindex(index.pointer, position), let name = unsafe entry.pointee.path,
        unsafe Int(entry.pointee.mtime.seconds) >= written, unsafe entry.pointee.file_size > 0,
        unsafe entry.pointee.mode & 0o170000 == 0o100000
      else { continue }
      let path = unsafe String(cString: name)
      var status = stat()
      guard unsafe lstat("\(workTree)/\(path)", &status) == 0, unsafe UInt32(truncatingIfNeeded: status.st_size) == entry.pointee.file_size,
        unsafe Int32(truncatingIfNeeded: status.st_mtim.tv_sec) == entry.pointee.mtime.seconds
      else { continue }
      if case .file(let file)? = try? tree.content(at: path), file.blob.object == ObjectID(unsafe entry.pointee.id) { continue }
      // Nothing else is changed that way, and the entry stays where it is in the index.
      unsafe UnsafeMutablePointer(mutating: entry).pointee.file_size = 0
    }
  }
}

extension git_index_entry {
  /// What git compares to tell whether a file may have changed.
  fileprivate mutating func take(_ status: stat) {
    unsafe ctime = git_index_time(
      seconds: Int32(truncatingIfNeeded: status.st_ctim.tv_sec), nanoseconds: UInt32(truncatingIfNeeded: status.st_ctim.tv_nsec))
    unsafe mtime = git_index_time(
      seconds: Int32(truncatingIfNeeded: status.st_mtim.tv_sec), nanoseconds: UInt32(truncatingIfNeeded: status.st_mtim.tv_nsec))
    unsafe dev = UInt32(truncatingIfNeeded: status.st_dev)
    unsafe ino = UInt32(truncatingIfNeeded: status.st_ino)
    unsafe uid = status.st_uid
    unsafe gid = status.st_gid
    unsafe file_size = UInt32(truncatingIfNeeded: status.st_size)
  }
}

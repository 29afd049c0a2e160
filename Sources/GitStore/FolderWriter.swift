import Glibc

/// Writes files below one folder, and nowhere else: each file at once and whole, through no symbolic link.
///
/// Folders are opened one by one with `O_NOFOLLOW`, so a link that appears while this runs is refused as well. A file
/// is written beside its place and then renamed: readers see the old one or the new one. Nothing is flushed to the disk:
/// what is written here can be made again, and waiting for the disk seven thousand times takes seconds.
package struct FolderWriter: Sendable {
  /// A folder that exists, links in the path to it followed.
  package let root: String
  /// The folder below it that everything is written to.
  package let folder: String

  package init(root: String, folder: String) {
    self.root = root
    self.folder = folder
  }

  /// Writes a file, making the folders that it needs. Mode 0644, as git would.
  ///
  /// - Parameter path: below the folder, with `/` between segments.
  package func write(_ bytes: [UInt8], to path: String) throws(GitError) {
    let (parents, name) = try split(path)
    let parent = try open(parents, path, isCreating: true)
    // Git knows no empty folders, so one is nobody's.
    if let status = parent.status(of: name), status.kind != .file, status.kind != .folder || !parent.removeFolder(name) {
      throw .inTheWay(shown(path), status.kind)
    }
    let temporary = Array(".writ-\(getpid()).tmp".utf8)
    _ = unlink(temporary, in: parent)
    guard let file = parent.create(temporary) else { throw .failed("cannot write", shown(path)) }
    guard file.writeAll(bytes), rename(temporary, name, in: parent) else {
      let error = GitError.failed("cannot write", shown(path))
      _ = unlink(temporary, in: parent)
      throw error
    }
  }

  /// Deletes a file, and the folders that are empty then. A file that is not there is no error.
  package func remove(_ path: String) throws(GitError) {
    let (parents, name) = try split(path)
    guard let parent = try? open(parents, path, isCreating: false), let status = parent.status(of: name) else { return }
    guard status.kind == .file else { throw .inTheWay(shown(path), status.kind) }
    guard unlink(name, in: parent) else { throw .failed("cannot delete", shown(path)) }
    for count in stride(from: parents.count, to: 0, by: -1) {
      guard let outer = try? open(Array(parents[..<(count - 1)]), path, isCreating: false), outer.removeFolder(parents[count - 1]) else {
        return
      }
    }
  }

  func shown(_ path: String) -> String { escaped(folder.isEmpty ? path : "\(folder)/\(path)") }

  func split(_ path: String) throws(GitError) -> (parents: [[UInt8]], name: [UInt8]) {
    var parts = try names(path, omittingEmpty: false)
    let name = parts.removeLast()
    return (parts, name)
  }

  /// The segments of a path, each of them a name; at least one, unless empty ones may be left out.
  private func names(_ path: String, omittingEmpty: Bool) throws(GitError) -> [[UInt8]] {
    let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: omittingEmpty).map { Array($0) }
    guard !parts.contains(where: { $0.isEmpty || $0 == Array(".".utf8) || $0 == Array("..".utf8) || $0.contains(0) }) else {
      throw GitError(.invalidPath, "`\(escaped(path))` is not a path below `\(escaped(folder.isEmpty ? root : folder))`")
    }
    return parts
  }

  func open(_ parents: [[UInt8]], _ path: String, isCreating: Bool) throws(GitError) -> FileDescriptor {
    let number = root.utf8.contains(0) ? -1 : unsafe Glibc.open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { throw .failed("cannot open", root) }
    var current = FileDescriptor(number)
    for name in try names(folder, omittingEmpty: true) + parents {
      if isCreating { current.makeFolder(name) }
      guard let next = current.open(name, O_DIRECTORY) else {
        if let status = current.status(of: name), status.kind != .folder { throw .inTheWay(escaped(name), status.kind, for: shown(path)) }
        throw .failed("cannot open", escaped(name))
      }
      current = next
    }
    return current
  }

  func unlink(_ name: [UInt8], in folder: FileDescriptor) -> Bool { folder.removeFile(name) }

  func rename(_ from: [UInt8], _ to: [UInt8], in folder: FileDescriptor) -> Bool { folder.rename(from, to) }
}

extension GitError {
  static func inTheWay(_ path: String, _ kind: FileStatus.Kind, for wanted: String? = nil) -> Self {
    let what =
      switch kind {
      case .file: "a file"
      case .folder: "a folder"
      case .symlink: "a symbolic link"
      case .pipe: "a pipe"
      case .socket: "a socket"
      case .device: "a device"
      }
    return Self(
      .unreadable, "`\(path)` is \(what)" + (wanted.map { ", so `\($0)` cannot be written" } ?? ", so it cannot be written"),
      hint: kind == .symlink ? "Writ writes through no symbolic link: remove it" : "move it away")
  }

  static func failed(_ action: String, _ path: String) -> Self {
    Self(.unreadable, "\(action) `\(path)`: \(lastSystemError())")
  }
}

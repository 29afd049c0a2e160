import Glibc

extension FolderWriter {
  /// Gives a regular file new content, at once and whole, and leaves its permissions as they are. Waits for the disk, unlike
  /// ``write(_:to:)``: what a person wrote cannot be made again.
  ///
  /// Throws, and changes nothing, where the file does not hold what was read from it any more.
  package func replace(_ path: String, holding old: [UInt8], with new: [UInt8]) throws(GitError) {
    let (parents, name) = try split(path)
    let parent = try open(parents, path, isCreating: false)
    guard let file = parent.open(name, O_NONBLOCK | O_NOCTTY), let status = file.status, status.kind == .file else {
      if let status = parent.status(of: name), status.kind != .file { throw .inTheWay(shown(path), status.kind) }
      throw .failed("cannot open", shown(path))
    }
    guard file.readAll(expected: old.count, limit: old.count) == old else {
      throw GitError(.unreadable, "`\(shown(path))` changed while it was read, and was left as it is", hint: "run the command again")
    }
    let temporary = Array(".writ-\(getpid()).tmp".utf8)
    _ = unlink(temporary, in: parent)
    guard let written = parent.create(temporary) else { throw .failed("cannot write", shown(path)) }
    guard written.writeAll(new), written.setPermissions(status.permissions), written.flush(), rename(temporary, name, in: parent) else {
      let error = GitError.failed("cannot write", shown(path))
      _ = unlink(temporary, in: parent)
      throw error
    }
  }
}

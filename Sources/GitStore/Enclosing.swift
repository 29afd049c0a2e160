/// Folders on the way from a place to the root of its repository, found without opening the repository: enough to read
/// a work tree as it stands, whatever its git can do.
package struct Enclosing: Sendable {
  /// The place itself, absolute and without symbolic links.
  package let place: String
  /// The folder that holds `.git`; else the root of the file system.
  package let root: String
  /// From the place itself outwards to `root`, each relative to `root`: the last is empty.
  package let folders: [String]
  /// Whether `root` holds `.git`.
  package let isRepository: Bool

  package init(_ path: String) throws(GitError) {
    guard !path.utf8.contains(0), let place = realPath(path.isEmpty ? "." : path) else {
      throw GitError(.unreadable, "`\(escaped(path))` does not exist, or may not be read")
    }
    self.place = place
    var current = place
    var root: String?
    while root == nil {
      if let status = FileStatus(path: (current == "/" ? "" : current) + "/.git"), status.kind == .folder || status.kind == .file {
        root = current
      }
      if current == "/" { break }
      let parent = current.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(current[..<$0]) } ?? ""
      if root == nil { current = parent.isEmpty ? "/" : parent }
    }
    isRepository = root != nil
    self.root = root ?? "/"
    // By bytes: a name that begins with a combining mark makes one character with the slash before it.
    let rest = place.utf8.dropFirst(self.root == "/" ? 1 : self.root.utf8.count + 1)
    var relative = String(decoding: rest, as: UTF8.self)
    var folders = [relative]
    while !relative.isEmpty {
      relative = relative.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(relative[..<$0]) } ?? ""
      folders.append(relative)
    }
    self.folders = folders
  }
}

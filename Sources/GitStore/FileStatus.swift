import Glibc

/// What the file system says about one name, never about what a symbolic link points to.
struct FileStatus {
  enum Kind: Hashable {
    case file, folder, symlink, pipe, socket, device
  }

  var kind: Kind
  var size: Int
  var owner: UInt32
  var isExecutable: Bool
  /// The permissions alone: `0o644`.
  var permissions: UInt32
  /// When the content changed last, in seconds.
  var changed: Int

  init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .folder
    case S_IFLNK: kind = .symlink
    case S_IFIFO: kind = .pipe
    case S_IFSOCK: kind = .socket
    default: kind = .device
    }
    size = Int(status.st_size)
    owner = status.st_uid
    isExecutable = status.st_mode & S_IXUSR != 0
    permissions = status.st_mode & 0o777
    changed = Int(status.st_mtim.tv_sec)
  }

  /// nil when there is nothing, or nothing that this process may look at.
  init?(path: String) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return nil }
    self.init(status)
  }
}

/// The path without symbolic links, `.` and `..`; nil when it does not exist.
func realPath(_ path: String) -> String? {
  guard let resolved = unsafe realpath(path, nil) else { return nil }
  defer { unsafe free(resolved) }
  return unsafe String(cString: resolved)
}

/// The system's words for the last failed call on this thread, for instance "Permission denied".
func lastSystemError() -> String {
  guard let text = unsafe strerror(errno) else { return "error \(errno)" }
  return unsafe String(cString: text)
}

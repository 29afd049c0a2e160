/// Something in a tree that is not read, and why: the caller decides how bad that is.
///
/// Paths are from the root of the tree. Names that are not UTF-8 come escaped (`caf\xE9.yaml`).
package enum SnapshotProblem: Sendable, Hashable {
  /// Never followed, wherever it leads; `target` is what it says, escaped.
  case symlink(path: String, target: String?)
  /// Another repository: git stores only its commit's id.
  case submodule(path: String)
  /// A pipe, socket or device in the work tree.
  case notAFile(path: String, kind: String)
  /// A file where a folder was asked for, or the other way round.
  case wrongKind(path: String, expected: String)
  case tooLarge(path: String, size: Int, limit: Int)
  case unreadable(path: String, reason: String)
  case notUTF8Name(path: String)
  /// A name that no file system gives: empty, `.`, `..`, or with a slash.
  case invalidName(path: String)
  case tooDeep(path: String, limit: Int)
  /// The rest of the tree from here on was not listed.
  case tooManyFiles(path: String, limit: Int)
  /// From this file on, nothing was read.
  case tooManyBytes(path: String, limit: Int)

  package var path: String {
    switch self {
    case .symlink(let path, _), .submodule(let path), .notAFile(let path, _),
      .wrongKind(let path, _), .tooLarge(let path, _, _), .unreadable(let path, _),
      .notUTF8Name(let path), .invalidName(let path), .tooDeep(let path, _),
      .tooManyFiles(let path, _), .tooManyBytes(let path, _):
      path
    }
  }

  /// One lowercase clause, which does not repeat the path.
  package var message: String {
    switch self {
    case .symlink(_, let target?): "is a symbolic link to `\(target)`, which is not followed"
    case .symlink(_, nil): "is a symbolic link, which is not followed"
    case .submodule: "is another repository (a submodule), which is not read"
    case .notAFile(_, let kind): "is a \(kind), which is not read"
    case .wrongKind(_, let expected): "is not a \(expected)"
    case .tooLarge(_, let size, let limit): "has \(size) bytes, more than the \(limit) that a file may have"
    case .unreadable(_, let reason): "cannot be read: \(reason)"
    case .notUTF8Name: "has a name that is not UTF-8"
    case .invalidName: "has a name that is not one"
    case .tooDeep(_, let limit): "is more than \(limit) folders deep"
    case .tooManyFiles(_, let limit): "comes after \(limit) files, more than are read"
    case .tooManyBytes(_, let limit): "comes after \(limit) bytes, more than are read in all"
    }
  }
}

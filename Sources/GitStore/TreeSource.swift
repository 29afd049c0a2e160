/// Folders and files that can be walked: a revision's, or the work tree's.
///
/// Both are walked by the same code, so that a policy tree gives the same files and the same problems
/// before it is committed and after.
protocol TreeSource {
  /// What the source finds a file or folder by.
  associatedtype Node: Hashable

  var root: Node { get }

  /// One name in a folder; nil when it is not there, or `folder` is none.
  func child(named name: [UInt8], of folder: Node, path: String) throws(GitError) -> TreeChild<Node>?

  /// - Parameter limit: how many names may still be looked at; one more is enough to tell.
  func children(of folder: Node, path: String, limit: Int) throws(GitError) -> FolderContent<Node>

  /// What a symbolic link says, escaped; nil when that cannot be read.
  func target(ofLink node: Node) -> String?
}

/// One name in a folder, not yet checked.
struct TreeChild<Node> {
  enum Kind: Hashable {
    case file, executable, folder, symlink, submodule
    case special(String)
  }

  var kind: Kind
  var name: [UInt8]
  var node: Node
  var blob: BlobID?
  var size: Int?

  var isFile: Bool { kind == .file || kind == .executable }
}

enum FolderContent<Node> {
  case children([TreeChild<Node>])
  case unreadable(SnapshotProblem)
}

import CLibgit2
import Glibc

/// A commit as walks see it: without names and words, and without parents that a shallow clone does not have.
struct CommitNode {
  var id: ObjectID
  var tree: ObjectID
  var parents: [ObjectID]
  /// The committer's, in seconds since 1970-01-01T00:00:00Z.
  var time: Int64
  /// Whether a shallow clone cut off what came before.
  var isCut: Bool
}

/// Commits by their ids, each read once.
///
/// Where a shallow clone ends is what its file `shallow` says, as for git: libgit2 1.5 does not read it, and fails on
/// the first parent that is not there. `refs/replace` and `info/grafts` are not followed.
final class CommitGraph {
  let repository: Repository
  private let shallow: Set<ObjectID>
  private var nodes: [ObjectID: CommitNode] = [:]

  /// A list of a million commits.
  private static let shallowBytes = 41 << 20

  init(_ repository: consuming Repository) throws(GitError) {
    shallow = try Self.shallow(repository.location.commonDirectory)
    self.repository = repository
  }

  func node(_ id: ObjectID) throws(GitError) -> CommitNode {
    if let node = nodes[id] { return node }
    let commit = try repository.commitHandle(id)
    let pointer = unsafe commit.pointer
    guard let tree = unsafe git_commit_tree_id(pointer) else {
      throw GitError(.damagedObject, "the commit \(id.short) lacks its tree")
    }
    let count = unsafe git_commit_parentcount(pointer)
    let isCut = shallow.contains(id) && count > 0
    var parents: [ObjectID] = []
    for position in 0..<(isCut ? 0 : count) {
      if let parent = unsafe git_commit_parent_id(pointer, position) { parents.append(ObjectID(unsafe parent.pointee)) }
    }
    let node = CommitNode(
      id: id, tree: ObjectID(unsafe tree.pointee), parents: parents, time: unsafe git_commit_time(pointer),
      isCut: isCut)
    nodes[id] = node
    return node
  }

  /// All that a commit says.
  func commit(_ id: ObjectID) throws(GitError) -> Commit { try repository.commit(id) }

  /// The commits themselves and everything before them.
  func ancestors(of start: [ObjectID]) throws(GitError) -> Set<ObjectID> {
    var (seen, waiting) = (Set<ObjectID>(), start)
    while let id = waiting.popLast() {
      if seen.insert(id).inserted { waiting += try node(id).parents }
    }
    return seen
  }

  /// The commits at which a shallow clone ends; none in any other clone.
  private static func shallow(_ directory: String) throws(GitError) -> Set<ObjectID> {
    let number = unsafe Glibc.open("\(directory)/shallow", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard number >= 0 else { return [] }
    guard let bytes = FileDescriptor(number).readAll(expected: 4096, limit: shallowBytes), bytes.count <= shallowBytes else {
      throw GitError(.unreadable, "cannot read `\(escaped(directory))/shallow`, which says where this shallow clone ends")
    }
    return Set(bytes.split(separator: UInt8(ascii: "\n")).compactMap { ObjectID(hex: String(decoding: $0, as: UTF8.self)) })
  }
}

extension Repository {
  /// Everything that a commit says, by its id.
  package func commit(_ id: ObjectID) throws(GitError) -> Commit { try Commit(commitHandle(id)) }

  /// A walk holds more than one of them at a time.
  private static var commitBytes: Int { 64 << 20 }

  func commitHandle(_ id: ObjectID) throws(GitError) -> Handle<ObjectKind> {
    var oid = id.oid
    let pointer = unsafe handle.pointer
    if let size = try objects.size(of: id, what: "a commit"), size > Self.commitBytes {
      throw GitError(.unreadable, "the commit \(id.short) has \(size) bytes, more than the \(Self.commitBytes) that are read")
    }
    do {
      return try unsafe Handle { unsafe git_object_lookup(&$0, pointer, &oid, GIT_OBJECT_COMMIT) }
    } catch {
      if error.isNotFound { throw objects.absent(id, "a commit") }
      throw GitError(
        .damagedObject, "the commit \(id.short) cannot be read: \(error.message)",
        hint: "`git fsck` names what is damaged; a fresh clone repairs it")
    }
  }
}

import CLibgit2
import Glibc

extension Commit {
  /// Copies what a libgit2 commit says.
  init(_ commit: borrowing Handle<ObjectKind>) throws(GitError) {
    let pointer = unsafe commit.pointer
    guard
      let id = unsafe git_commit_id(pointer), let tree = unsafe git_commit_tree_id(pointer),
      let author = unsafe git_commit_author(pointer),
      let committer = unsafe git_commit_committer(pointer)
    else { throw GitError(.damagedObject, "a commit lacks its tree, author or committer") }

    self.init(
      id: ObjectID(unsafe id.pointee), tree: ObjectID(unsafe tree.pointee),
      parents: unsafe (0..<git_commit_parentcount(pointer)).compactMap { position in
        guard let parent = unsafe git_commit_parent_id(pointer, position) else { return nil }
        return ObjectID(unsafe parent.pointee)
      },
      author: unsafe Signature(author.pointee), committer: unsafe Signature(committer.pointee),
      subject: Self.subject(of: commit))
  }

  /// More of a message is not looked at: nothing keeps one from having hundreds of megabytes.
  private static let subjectBytes = 64 << 10

  private static func subject(of commit: borrowing Handle<ObjectKind>) -> String {
    let pointer = unsafe commit.pointer
    guard let message = unsafe git_commit_message_raw(pointer) else { return "" }
    let length = unsafe strnlen(message, subjectBytes + 1)
    if length <= subjectBytes { return unsafe git_commit_summary(pointer).map { unsafe String(cString: $0) } ?? "" }
    let bytes = unsafe Array(UnsafeRawBufferPointer(start: message, count: subjectBytes))
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.drop { $0.isEmpty }.prefix { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
  }
}

extension Commit.Signature {
  fileprivate init(_ signature: git_signature) {
    self.init(
      name: unsafe signature.name.map { unsafe String(cString: $0) } ?? "",
      email: unsafe signature.email.map { unsafe String(cString: $0) } ?? "",
      time: unsafe signature.when.time, offset: Int(unsafe signature.when.offset))
  }
}

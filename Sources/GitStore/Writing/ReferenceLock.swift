import CLibgit2

/// A reference that nobody else moves while this lives: what is read under the lock is still so when it is moved.
struct ReferenceLock: ~Copyable {
  private let transaction: Handle<TransactionKind>
  private let name: String

  /// - Throws: `refused` where somebody else holds the lock.
  init(_ repository: borrowing Handle<RepositoryKind>, _ name: String) throws(GitError) {
    do {
      transaction = try Self.lock(repository, name)
    } catch {
      guard error.code == GIT_ELOCKED.rawValue else { throw error.unexpected("lock `\(escaped(name))`") }
      throw GitError(
        .refused, "another process is about to move `\(escaped(name))`",
        hint: "try again when it is done; if nothing runs any more, delete `\(escaped(name)).lock` in the git directory")
    }
    self.name = name
  }

  private static func lock(
    _ repository: borrowing Handle<RepositoryKind>, _ name: String
  ) throws(LibraryError) -> Handle<TransactionKind> {
    let pointer = unsafe repository.pointer
    let transaction = try unsafe Handle<TransactionKind> { unsafe git_transaction_new(&$0, pointer) }
    try check(unsafe git_transaction_lock_ref(transaction.pointer, name))
    return transaction
  }

  /// Moves the reference, with a line in its log, and lets it go.
  consuming func move(to id: ObjectID, by who: Commit.Signature, log: String) throws(GitError) {
    var oid = id.oid
    let (pointer, name) = unsafe (transaction.pointer, name)
    do {
      var code: Int32 = 0
      unsafe who.name.withCString { person in
        unsafe who.email.withCString { mail in
          var signature = unsafe git_signature(
            name: UnsafeMutablePointer(mutating: person), email: UnsafeMutablePointer(mutating: mail),
            when: git_time(time: who.time, offset: Int32(clamping: who.offset), sign: CChar(who.offset < 0 ? 0x2D : 0x2B)))
          code = unsafe git_transaction_set_target(pointer, name, &oid, &signature, log)
        }
      }
      try check(code)
      try check(unsafe git_transaction_commit(pointer))
    } catch {
      throw error.unexpected("move `\(escaped(name))`")
    }
  }
}

import CLibgit2

/// What libgit2 said about its last failure on this thread, copied out.
struct LibraryError: Error {
  var code: Int32
  var category: Int32
  var message: String

  /// Must run on the thread that made the failing call, before any other call into libgit2.
  init(_ code: Int32) {
    self.code = code
    if let last = unsafe git_error_last(), let text = unsafe last.pointee.message {
      category = unsafe last.pointee.klass
      message = unsafe String(cString: text)
    } else {
      category = Int32(GIT_ERROR_NONE.rawValue)
      message = "libgit2 gave no reason (code \(code))"
    }
  }

  var isNotFound: Bool { code == GIT_ENOTFOUND.rawValue }

  /// For a failure that nobody foresaw: libgit2's own words, and what was being done.
  func unexpected(_ doing: String) -> GitError {
    GitError(.libraryFailure, "cannot \(doing): \(message)")
  }
}

/// Throws what libgit2 said when `code` tells of a failure.
func check(_ code: Int32) throws(LibraryError) {
  if code < 0 { throw LibraryError(code) }
}

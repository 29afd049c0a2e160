import CLibgit2
import Glibc

/// An open file, folder or socket: closed exactly once, when nobody holds it any more.
final class FileDescriptor {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  deinit { close(number) }

  /// Appends what there is to read now; false at the end, or when reading fails.
  func readSome(into bytes: inout [UInt8]) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    let count = unsafe read(number, &chunk, chunk.count)
    if count < 0 { return errno == EINTR || errno == EAGAIN }
    bytes.append(contentsOf: chunk[..<count])
    return count > 0
  }

  /// Reads from here to the end, or until `limit` bytes are exceeded; nil on failure.
  ///
  /// - Parameter expected: how much there was a moment ago; there may be more or less by now.
  func readAll(expected: Int, limit: Int) -> [UInt8]? {
    var bytes = readOnce(count: min(expected, limit) + 1)
    if bytes?.count == min(expected, limit) { return bytes }
    while let current = bytes, !current.isEmpty, current.count <= limit {
      guard let more = readOnce(count: 64 << 10) else { return nil }
      if more.isEmpty { return current }
      bytes?.append(contentsOf: more)
    }
    return bytes
  }

  /// Up to `count` bytes, fewer only at the end of the file.
  private func readOnce(count: Int) -> [UInt8]? {
    var failed = false
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = unsafe read(number, buffer.baseAddress! + filled, count - filled)
        if got < 0 && errno == EINTR { continue }
        failed = got < 0
        if got <= 0 { return }
        filled += got
      }
    }
    return failed ? nil : bytes
  }
}

extension FileDescriptor {
  /// What this folder has under a name, without following a link; nil when there is nothing.
  func status(of name: [UInt8]) -> FileStatus? {
    var status = stat()
    let code = unsafe withCString(name) { unsafe fstatat(number, $0, &status, AT_SYMLINK_NOFOLLOW) }
    return code == 0 ? FileStatus(status) : nil
  }

  /// What is open here.
  var status: FileStatus? {
    var status = stat()
    return unsafe fstat(number, &status) == 0 ? FileStatus(status) : nil
  }

  /// Opens a name in this folder, but not what a symbolic link points to.
  func open(_ name: [UInt8], _ flags: Int32) -> FileDescriptor? {
    let all = flags | O_RDONLY | O_NOFOLLOW | O_CLOEXEC
    let opened = unsafe withCString(name) { unsafe openat(number, $0, all) }
    return opened < 0 ? nil : FileDescriptor(opened)
  }

  /// What a symbolic link in this folder says; cut at 4096 bytes.
  func target(ofLink name: [UInt8]) -> [UInt8]? {
    var target = [UInt8](repeating: 0, count: 4096)
    let size = target.count
    let count = unsafe withCString(name) { unsafe readlinkat(number, $0, &target, size) }
    return count < 0 ? nil : Array(target[..<count])
  }

  /// The names in this folder, in no order, up to a number; nil on failure.
  func names(limit: Int) -> [[UInt8]]? {
    // `fdopendir` takes over what it is given, so it gets a descriptor of its own.
    let own = unsafe openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard own >= 0 else { return nil }
    guard let stream = unsafe fdopendir(own) else {
      close(own)
      return nil
    }
    defer { unsafe closedir(stream) }
    var names: [[UInt8]] = []
    while names.count < limit, let entry = unsafe readdir(stream), let name = unsafe writ_dirent_name(entry) {
      let bytes = unsafe Array(UnsafeRawBufferPointer(start: name, count: strlen(name)))
      if bytes != [UInt8(ascii: ".")] && bytes != Array("..".utf8) { names.append(bytes) }
    }
    return names
  }
}

/// INVARIANT: names come from a folder or from a checked path, and hold no NUL.
private func withCString<Result>(_ name: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
  unsafe (name + [0]).withUnsafeBytes { raw in
    unsafe body(raw.assumingMemoryBound(to: CChar.self).baseAddress!)
  }
}

extension FileDescriptor {
  /// Makes a new file in this folder, for writing; nil when the name is taken.
  func create(_ name: [UInt8]) -> FileDescriptor? {
    let opened = unsafe withCString(name) { unsafe openat(number, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644) }
    return opened < 0 ? nil : FileDescriptor(opened)
  }

  func writeAll(_ bytes: [UInt8]) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress! + done, bytes.count - done) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return false }
      done += count
    }
    return true
  }

  func setPermissions(_ permissions: UInt32) -> Bool { fchmod(number, permissions) == 0 }

  /// Waits until the disk has it.
  func flush() -> Bool { fsync(number) == 0 }

  @discardableResult
  func makeFolder(_ name: [UInt8]) -> Bool { unsafe withCString(name) { unsafe mkdirat(number, $0, 0o755) } == 0 }

  func removeFile(_ name: [UInt8]) -> Bool { unsafe withCString(name) { unsafe unlinkat(number, $0, 0) } == 0 }

  func removeFolder(_ name: [UInt8]) -> Bool { unsafe withCString(name) { unsafe unlinkat(number, $0, AT_REMOVEDIR) } == 0 }

  func rename(_ from: [UInt8], _ to: [UInt8]) -> Bool {
    unsafe withCString(from) { source in unsafe withCString(to) { unsafe renameat(number, source, number, $0) } } == 0
  }
}

import Glibc

/// A program run with its three streams connected to this process, until it ends.
struct ChildProcess: ~Copyable {
  private let pid: pid_t
  private let input: FileDescriptor
  private let output: FileDescriptor
  private let errors: FileDescriptor

  /// How long it may stay silent before it is given up, and how much it may say.
  private static let patienceInMilliseconds: Int32 = 120_000
  private static let outputLimit = 64 << 20

  init(_ path: String, _ arguments: [String], variables: [String]) throws(GitError) {
    // Sockets instead of pipes: writing to one whose reader has died is an error, not a signal.
    let (input, childInput) = try Self.socketPair()
    let (output, childOutput) = try Self.socketPair()
    let (errors, childErrors) = try Self.socketPair()

    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, childInput.number, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, childOutput.number, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, childErrors.number, 2)

    let argv = unsafe CStrings(arguments)
    let envp = unsafe CStrings(variables)
    var pid = pid_t()
    let code = unsafe posix_spawn(&pid, path, &actions, nil, argv.pointers, envp.pointers)
    guard code == 0 else {
      throw GitError(.unreadable, "cannot run `\(escaped(path))`: \(unsafe String(cString: strerror(code)))")
    }
    self.pid = pid
    self.input = input
    self.output = output
    self.errors = errors
  }

  /// Writes `bytes` and collects what the program says, all at once, so that neither waits for the other.
  consuming func finish(feeding bytes: [UInt8]) throws(GitError) -> GitProgram.Outcome {
    var (said, complained): ([UInt8], [UInt8]) = ([], [])
    var (sent, outputEnded, errorsEnded) = (0, false, false)
    if bytes.isEmpty { shutdown(input.number, Int32(SHUT_WR)) }

    while !(outputEnded && errorsEnded) {
      var waiting = [
        pollfd(fd: outputEnded ? -1 : output.number, events: Int16(POLLIN), revents: 0),
        pollfd(fd: errorsEnded ? -1 : errors.number, events: Int16(POLLIN), revents: 0),
        pollfd(fd: sent < bytes.count ? input.number : -1, events: Int16(POLLOUT), revents: 0),
      ]
      let ready = unsafe poll(&waiting, 3, Self.patienceInMilliseconds)
      if ready < 0 && errno == EINTR { continue }
      guard ready > 0, said.count <= Self.outputLimit else {
        kill(pid, SIGKILL)
        _ = wait()
        throw GitError(.missingObject, "`git` was given up: it said nothing for two minutes, or far too much")
      }
      if waiting[0].revents != 0 { outputEnded = !output.readSome(into: &said) }
      if waiting[1].revents != 0 { errorsEnded = !errors.readSome(into: &complained) }
      if waiting[2].revents != 0 {
        let count = unsafe bytes.withUnsafeBytes { raw in
          unsafe send(
            input.number, raw.baseAddress! + sent, raw.count - sent,
            Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
        // A reader that has gone takes no more: its exit status and stderr tell why.
        sent = count > 0 ? sent + count : (errno == EAGAIN || errno == EINTR ? sent : bytes.count)
        if sent == bytes.count { shutdown(input.number, Int32(SHUT_WR)) }
      }
    }
    return GitProgram.Outcome(status: wait(), output: said, errors: complained)
  }

  private borrowing func wait() -> Int32 {
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status
  }

  private static func socketPair() throws(GitError) -> (FileDescriptor, FileDescriptor) {
    var pair: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, type, 0, &pair) == 0 else {
      throw GitError(.unreadable, "cannot make a pipe for `git`: \(lastSystemError())")
    }
    return (FileDescriptor(pair[0]), FileDescriptor(pair[1]))
  }
}

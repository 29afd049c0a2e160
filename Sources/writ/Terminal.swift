import ArgumentParser
import GitStore
import Glibc
import PolicyCompiler

/// What the program stands in: its streams, its environment and its clock. The only file of this module that calls C.
///
/// Whatever is printed has the tokens, keys and passwords written over that its form tells: of a commit's subject, a branch, a
/// question or a file of others as well.
enum Terminal {
  /// Results.
  static func write(_ text: String) { put(MaskedText.masked(text), to: STDOUT_FILENO) }

  /// What came from standard input, laid out otherwise: an editor puts it into the place of what it gave, so nothing in it
  /// may be written over.
  static func giveBack(_ text: String) { put(text, to: STDOUT_FILENO) }

  /// Results for machines. CI logs are read by machines that look for orders, inside of JSON as well.
  static func write(_ json: JSON) { write(SafeText.json(json.text)) }

  /// Messages about results, so that a pipe gets only results.
  static func say(_ text: String) { put(MaskedText.masked(text), to: STDERR_FILENO) }

  private static func put(_ text: String, to stream: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let count = unsafe Glibc.write(stream, bytes.baseAddress! + done, bytes.count - done)
        if count < 0, errno == EINTR { continue }
        // Nobody reads any more, or the disk is full: there is nobody left to tell.
        if count <= 0 { return }
        done += count
      }
    }
  }

  /// All of standard input, or its first `limit` bytes and one more.
  static func input(limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Failure(.inputOutput, "standard input cannot be read: \(unsafe String(cString: strerror(errno)))") }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }

  /// Reads a file, or standard input for `-`, line by line, without their line breaks.
  static func lines(of path: String, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
    let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(.inputOutput, "`\(path)` cannot be read: \(unsafe String(cString: strerror(errno)))") }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var rest: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Failure(.inputOutput, "`\(path)` cannot be read: \(unsafe String(cString: strerror(errno)))") }
      if count == 0 { break }
      rest += chunk[..<count]
      var start = 0
      while let end = rest[start...].firstIndex(of: 0x0A) {
        try body(rest[start..<end])
        start = end + 1
      }
      rest.removeFirst(start)
      guard rest.count <= 1 << 20 else { throw Failure(.inputOutput, "`\(path)` has a line of more than 1 MiB") }
    }
    if !rest.isEmpty { try body(rest[...]) }
  }

  static let environment = GitEnvironment.current

  /// Colour only for a person: on a terminal, unless `NO_COLOR` or `CI` is set (https://no-color.org).
  static func usesColor(_ stream: Int32) -> Bool {
    isatty(stream) == 1 && environment["NO_COLOR"] == nil && environment["CI"] == nil && environment["TERM"] != "dumb"
  }

  static var resultsUseColor: Bool { usesColor(STDOUT_FILENO) }
  static var messagesUseColor: Bool { usesColor(STDERR_FILENO) }

  /// The width to print at: the terminal's, or 80.
  static var width: Int {
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 else { return 80 }
    return min(Int(size.ws_col), 160)
  }

  /// Ends the process as it stands: to free a large policy piece by piece would take longer than to check a small one.
  static func leave(_ code: ExitCode) -> Never { exit(code.rawValue) }

  static var now: Instant { Instant(seconds: Int64(time(nil))) }
}

/// What ends a command early: said on standard error, with the exit code that docs/commands.md gives it.
struct Failure: Error {
  let code: ExitCode
  let message: String
  let help: String?
  /// Whether there is no policy root.
  let isMissingRoot: Bool

  init(_ code: ExitCode, isMissingRoot: Bool = false, _ message: String, help: String? = nil) {
    self.isMissingRoot = isMissingRoot
    self.code = code
    self.message = message
    self.help = help
  }

  /// A name that was given does not exist is bad usage; all else about git is a failure to read or write.
  init(_ error: GitError) {
    switch error.kind {
    case .unknownRevision, .ambiguousRevision, .notACommit, .noCommits, .invalidName, .noIdentity: code = .badUsage
    case .refused: code = .refused
    default: code = .inputOutput
    }
    message = error.message
    help = error.hint
    isMissingRoot = false
  }

  func report() -> ExitCode {
    let label = Terminal.messagesUseColor ? "\u{1B}[1;31merror\u{1B}[0m" : "error"
    Terminal.say("\(label): \(SafeText.escaped(message))\n" + (help.map { "  help: \(SafeText.escaped($0))\n" } ?? ""))
    return code
  }
}

extension ExitCode {
  static let policyErrors = ExitCode(1)
  static let differences = ExitCode(2)
  static let refused = ExitCode(3)
  static let badUsage = ExitCode(64)
  static let defect = ExitCode(70)
  static let inputOutput = ExitCode(74)
}

/// Runs a command's work, with every failure said once and in one way.
func reporting(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let failure as Failure {
    throw failure.report()
  } catch let error as GitError {
    throw Failure(error).report()
  }
}

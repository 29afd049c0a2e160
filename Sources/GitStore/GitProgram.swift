import Glibc

/// The `git` program of this machine, run without a shell, a prompt, a pager or hooks.
struct GitProgram {
  struct Outcome {
    var status: Int32
    var output: [UInt8]
    var errors: [UInt8]

    /// The first line that git wrote to stderr, made safe to print.
    var complaint: String? {
      errors.split(separator: UInt8(ascii: "\n")).first.map { escaped(Array($0.prefix(300))) }
    }
  }

  private let path: String
  private let environment: GitEnvironment

  /// nil when PATH has no git. Only absolute folders count: `.` may be a stranger's repository.
  init?(_ environment: GitEnvironment) {
    let folders = (environment["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
    let candidates = folders.map { "\($0)/git" }
    guard let found = candidates.first(where: { unsafe access($0, X_OK) == 0 }) else { return nil }
    path = found
    self.environment = environment
  }

  /// - Parameter fetchesLazily: whether git may fetch what it comes upon and does not find.
  func run(
    _ arguments: [String], in folder: FetchFolder, input: [UInt8], fetchesLazily: Bool
  ) throws(GitError) -> Outcome {
    let fixed = [
      "git", "--git-dir=\(folder.path)", "--no-pager", "--no-replace-objects", "-c", "core.hooksPath=/dev/null",
      "-c", "core.fsmonitor=false", "-c", "protocol.ext.allow=never", "-c", "gc.auto=0", "-c", "maintenance.auto=false",
    ]
    var variables = hardenedEnvironment.merging(folder.variables) { $1 }
    if !fetchesLazily { variables["GIT_NO_LAZY_FETCH"] = "1" }
    let child = try ChildProcess(path, fixed + arguments, variables: variables.map { "\($0)=\($1)" })
    return try child.finish(feeding: input)
  }

  /// Of git's own variables only those that say how to reach and trust a remote.
  private var hardenedEnvironment: [String: String] {
    let kept = ["GIT_SSH", "GIT_SSL_", "GIT_HTTP_", "GIT_CONFIG_", "GIT_ASKPASS", "GIT_EXEC_PATH", "GIT_ALLOW_PROTOCOL"]
    var variables = environment.variables.filter { name, _ in
      !name.hasPrefix("GIT_") || kept.contains { name.hasPrefix($0) }
    }
    // The address is the clone's: it may name a way to somewhere, but no helper of git's to run (`ext::sh -c …`).
    if environment["GIT_ALLOW_PROTOCOL"] == nil { variables["GIT_ALLOW_PROTOCOL"] = "file:git:http:https:ssh" }
    variables["GIT_TERMINAL_PROMPT"] = "0"
    variables["GIT_OPTIONAL_LOCKS"] = "0"
    variables["GIT_PAGER"] = "cat"
    variables["LC_ALL"] = "C"
    return variables
  }
}

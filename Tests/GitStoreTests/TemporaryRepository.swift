import Foundation
import GitStore

/// A folder that goes when its owner does.
final class TemporaryFolder {
  let path: String

  init() {
    let unique = FileManager.default.temporaryDirectory.appendingPathComponent("gitstore-\(UUID().uuidString)")
    try! FileManager.default.createDirectory(at: unique, withIntermediateDirectories: true)
    path = unique.resolvingSymlinksInPath().path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and the folders above it.
  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: target)
  }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: "\(path)/\(name)", withIntermediateDirectories: true)
  }
}

struct CommandFailed: Error, CustomStringConvertible {
  var description: String
}

/// Runs the real `git`, without the user's configuration and with the same clock every time.
@discardableResult
func git(_ folder: String, _ arguments: String..., input: [UInt8] = []) throws -> String {
  try run(folder, arguments, input: input)
}

func run(_ folder: String, _ arguments: [String], input: [UInt8]) throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["git", "-C", folder] + arguments
  process.environment = [
    "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_AUTHOR_DATE": "1700000000 +0130",
    "GIT_COMMITTER_NAME": "Carl", "GIT_COMMITTER_EMAIL": "carl@example.org",
    "GIT_COMMITTER_DATE": "1700000100 -0500",
  ]
  let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
  process.standardInput = stdin
  process.standardOutput = stdout
  process.standardError = stderr
  try process.run()
  stdin.fileHandleForWriting.write(Data(input))
  try stdin.fileHandleForWriting.close()
  let output = stdout.fileHandleForReading.readDataToEndOfFile()
  let errors = stderr.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    throw CommandFailed(
      description: "git \(arguments): \(String(decoding: errors, as: UTF8.self))")
  }
  return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
}

/// A repository of its own, with a work tree on branch `main`.
struct TemporaryRepository {
  let folder = TemporaryFolder()
  var path: String { folder.path }

  init() throws { try self.git("init", "--quiet", "--initial-branch=main", ".") }

  /// The usual small policy tree, committed.
  static func withPolicies() throws -> TemporaryRepository {
    let repository = try TemporaryRepository()
    try repository.folder.write("writ.yaml", "version: 1\n")
    try repository.folder.write("README.md", "read me\n")
    try repository.folder.write("policies/a.yaml", "a: 1\n")
    try repository.folder.write("policies/sub/b.yml", "b: 2\n")
    try repository.folder.write("policies/sub.yaml", "")
    try repository.folder.write("policies/notes.txt", "no policy\n")
    try repository.folder.write("elsewhere/c.yaml", "c: 3\n")
    try repository.commit("first")
    return repository
  }

  func commit(_ message: String) throws {
    try self.git("add", "--all")
    try self.git("commit", "--quiet", "--allow-empty", "--message", message)
  }

  @discardableResult
  func git(_ arguments: String..., input: [UInt8] = []) throws -> String {
    // Swift cannot splat into variadic parameters.
    try run(arguments, input: input)
  }

  @discardableResult
  func run(_ arguments: [String], input: [UInt8] = []) throws -> String { try GitStoreTests.run(path, arguments, input: input) }

  func open(_ environment: GitEnvironment = .test) throws -> Repository {
    try Repository.open(at: path, environment: environment)
  }
}

extension GitEnvironment {
  /// What the tests run under: no user, a PATH.
  static let test = GitEnvironment([
    "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
  ])

  func with(_ name: String, _ value: String) -> GitEnvironment {
    var copy = self
    copy.variables[name] = value
    return copy
  }
}

extension FileSelection {
  /// `writ.yaml` and everything below `policies/`.
  static let policies = try! FileSelection(folders: ["policies"], files: ["writ.yaml"])
}

/// The error that a closure throws, for looking at what it says.
func gitError(_ body: () throws -> Void) -> GitError? {
  do {
    try body()
    return nil
  } catch {
    return error as? GitError
  }
}

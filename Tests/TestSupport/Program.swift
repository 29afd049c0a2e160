public import Foundation

/// What a program said and how it ended.
public struct Run: Sendable {
  public let status: Int32
  public let output: String
  public let errors: String

  /// Both streams, for what must stand in neither.
  public var everything: String { output + errors }
}

/// A program that is run as a user runs it: another process, an environment of its own, no terminal.
public enum Program {
  /// The folder of the built executables: beside the bundle of the tests.
  public static let folder: URL = {
    let own = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    let places = [own, Bundle.main.bundleURL, Bundle.main.executableURL?.deletingLastPathComponent()].compactMap { $0 }
    return places.first { FileManager.default.isExecutableFile(atPath: $0.appending(path: "writ").path) } ?? own
  }()

  public static let writ = folder.appending(path: "writ").path

  /// Nothing of the machine's user: no configuration of git, a fixed identity and clock, `writ` in the PATH.
  public static let environment: [String: String] = [
    "PATH": folder.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"), "LC_ALL": "C.UTF-8",
    "HOME": "/nonexistent", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org", "GIT_AUTHOR_DATE": "1700000000 +0130",
    "GIT_COMMITTER_NAME": "Carl", "GIT_COMMITTER_EMAIL": "carl@example.org", "GIT_COMMITTER_DATE": "1700000100 -0500",
  ]

  /// Runs a program to its end; one that hangs is ended after two minutes, with the status of its signal.
  ///
  /// - Parameter merging: standard error goes where standard output goes, in the order in which both are written.
  public static func run(
    _ path: String, _ arguments: [String], in folder: String, environment extra: [String: String] = [:], merging: Bool = false
  ) throws -> Run {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder, directoryHint: .isDirectory)
    process.environment = environment.merging(extra) { $1 }
    // Files, not pipes: no amount of output can block, and two streams need no second thread.
    let place = FileManager.default.temporaryDirectory.appending(path: "writ-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: place) }
    func stream(_ name: String) throws -> FileHandle {
      let file = place.appending(path: name)
      try Data().write(to: file)
      let handle = try FileHandle(forWritingTo: file)
      return handle
    }
    let output = try stream("output")
    let errors = merging ? output : try stream("errors")
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let number = process.processIdentifier
    let watch = DispatchWorkItem { kill(number, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 120, execute: watch)
    process.waitUntilExit()
    watch.cancel()
    func text(_ name: String) -> String {
      (try? Data(contentsOf: place.appending(path: name))).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
    return Run(
      status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus, output: text("output"),
      errors: merging ? "" : text("errors"))
  }
}

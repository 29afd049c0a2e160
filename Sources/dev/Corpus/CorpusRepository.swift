import Foundation

/// A git repository whose commits have the same ids wherever they are made.
struct CorpusRepository {
  let root: URL

  func start(message: String) throws {
    try git("init", "--quiet", "--initial-branch=main")
    try commit(message: message)
  }

  func commit(message: String) throws {
    try git("add", "--all")
    try git("commit", "--quiet", "--no-verify", "--message", message)
  }

  /// Packs what was committed, as a clone would have it.
  func pack() throws {
    try git("-c", "pack.threads=1", "repack", "-a", "-d", "--quiet")
  }

  private func git(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    process.currentDirectoryURL = root
    process.environment = ProcessInfo.processInfo.environment
      .filter { !$0.key.hasPrefix("GIT_") }
      .merging(Self.fixed) { _, fixed in fixed }
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw CocoaError(
        .fileWriteUnknown, userInfo: [NSLocalizedDescriptionKey: "git \(arguments) failed"])
    }
  }

  /// All that a commit id depends on besides the tree; no configuration of the machine's takes part.
  private static let fixed = [
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Corpus",
    "GIT_AUTHOR_EMAIL": "corpus@acme.example",
    "GIT_AUTHOR_DATE": "2026-01-05T09:00:00Z",
    "GIT_COMMITTER_NAME": "Corpus",
    "GIT_COMMITTER_EMAIL": "corpus@acme.example",
    "GIT_COMMITTER_DATE": "2026-01-05T09:00:00Z",
  ]
}

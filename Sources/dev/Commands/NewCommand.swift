import ArgumentParser
import Foundation

/// Starts what has a layout of its own: `dev new target NAME`.
struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Starts a new part of Writ in its place.", subcommands: [NewTargetCommand.self])
}

/// A target's folder, and its case among the targets. It compiles, and the tests fail until it is filled: they ask for goldens, for a
/// README with limits and a specification, and for a row in the table of the project's README.
struct NewTargetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "target", abstract: "Starts a target: a folder, and a case of TargetKind.")

  @Argument(help: "Its name in a policy: `postgres_grants`.")
  var name: String

  @Option(help: "The root of the project.")
  var root = "."

  func validate() throws {
    guard name.wholeMatch(of: /[a-z][a-z0-9]*(_[a-z0-9]+)*/) != nil else {
      throw ValidationError("`\(name)` is no name of a target: small letters, digits and `_` between them")
    }
  }

  func run() throws {
    let target = NewTarget(name: name)
    let artifacts = URL(filePath: root).appending(path: "Sources/Artifacts")
    let folder = artifacts.appending(path: target.type)
    guard !FileManager.default.fileExists(atPath: folder.path) else { throw ValidationError("\(folder.path) exists already") }
    let kinds = artifacts.appending(path: "TargetKind.swift")
    let changed = try target.added(to: String(contentsOf: kinds, encoding: .utf8))
    for (path, text) in target.files {
      let url = folder.appending(path: path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: url, atomically: true, encoding: .utf8)
      print("created Sources/Artifacts/\(target.type)/\(path)")
    }
    try changed.write(to: kinds, atomically: true, encoding: .utf8)
    print("changed Sources/Artifacts/TargetKind.swift")
    print(
      """

      Next: fill `render` and the README, bless the golden (`BLESS=1 scripts/unit.sh --filter GoldenTests`) once it is right, add one of
      what is refused, a row to the table of README.md and a check by the real tool to Tests/Conformance; then `make generate`.
      """)
  }
}

import ArgumentParser
import GitStore
import PolicyCompiler

/// Which policy is meant, and at which moment: the same for every command that reads one.
struct PolicyOptions: ParsableArguments {
  @Option(name: .customLong("repo"), help: ArgumentHelp("The repository, or a folder in it.", valueName: "path"))
  var repository = "."

  @Option(
    name: .customLong("rev"),
    help: ArgumentHelp(
      "Read this revision straight from git, without a checkout; a date means what HEAD was then.", valueName: "revision"))
  var revision: String?

  @Option(
    name: .customLong("at"), help: ArgumentHelp("Judge starts and ends at this moment (ISO 8601) instead of now.", valueName: "instant"),
    transform: PolicyOptions.instant)
  var instant: Instant?

  static func instant(_ text: String) throws -> Instant {
    guard let instant = Instant(text) else {
      throw ValidationError("`\(text)` is not a moment in ISO 8601: write 2027-01-31 or 2027-01-31T18:00Z")
    }
    return instant
  }

  var moment: Instant { instant ?? Terminal.now }

  func workspace(in folder: FolderArgument? = nil) throws -> Workspace {
    try Workspace(at: folder?.chosen(repository) ?? repository, revision: revision)
  }
}

/// The folder as people are used to say it, without an option: `writ check .`.
struct FolderArgument: ParsableArguments {
  @Argument(help: ArgumentHelp("The same as --repo.", valueName: "path"))
  var path: String?

  func chosen(_ repository: String) throws -> String {
    guard let path else { return repository }
    guard !path.isEmpty else { throw Failure(.badUsage, "the path is empty", help: "`.` is the folder at hand") }
    guard repository == "." else { throw Failure(.badUsage, "`\(path)` and --repo both say where: leave one out") }
    return path
  }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case human, json
}

extension RevisionDates {
  /// Moments as the policy writes them.
  static let policy = RevisionDates(
    read: { Instant($0)?.seconds }, write: { Instant(seconds: $0).timestamp })
}

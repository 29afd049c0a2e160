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

  func workspace() throws -> Workspace { try Workspace(at: repository, revision: revision) }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case human, json
}

extension RevisionDates {
  /// Moments as the policy writes them.
  static let policy = RevisionDates(
    read: { Instant($0)?.seconds }, write: { Instant(seconds: $0).timestamp })
}

import ArgumentParser
import PolicyCompiler

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Reads existing files of another tool into policy files that compile.",
    discussion: """
      Whatever has no counterpart is reported at its line, and nothing is left out silently; importing the same files again \
      gives the same bytes.
      """,
    subcommands: [ImportPermifrostCommand.self, ImportPeribolosCommand.self])
}

struct ImportPermifrostCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "permifrost", abstract: "Imports roles, users and warehouses of Snowflake from Permifrost's specification.",
    usage: """
      writ import permifrost <file> [--account <account>] [--repo <path>]
                             [--into <folder>] [--environment <name>]
                             [--system <name>] [--stdout] [--force]
                             [--format <format>] [--strict] [--notes]
      """,
    discussion: "Source of the format: https://gitlab.com/gitlab-data/permifrost")

  @Argument(help: ArgumentHelp("The specification, often roles.yml.", valueName: "file"))
  var source: String

  @Option(help: ArgumentHelp("The account's identifier: `organisation-account`.", valueName: "account"))
  var account: String?

  @OptionGroup var arguments: ImportArguments

  func run() throws {
    try reporting {
      var options = try arguments.options(.permifrost)
      if let account, !ImportOptions.isText(account) { throw Failure(.badUsage, "`\(account)` cannot be an account") }
      options.account = account
      try ImportRun(.permifrost, options: options, arguments: arguments).run(source)
    }
  }
}

struct ImportPeribolosCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "peribolos", abstract: "Imports organisations and teams of GitHub from Peribolos' files.",
    usage: """
      writ import peribolos <path> [--repo <path>] [--into <folder>]
                            [--environment <name>] [--system <name>] [--stdout]
                            [--force] [--format <format>] [--strict] [--notes]
      """,
    discussion: "Source of the format: https://docs.prow.k8s.io/docs/components/cli-tools/peribolos/")

  @Argument(
    help: ArgumentHelp("A folder with an org.yaml in a folder for each organisation, or a file with `orgs`.", valueName: "path"))
  var source: String

  @OptionGroup var arguments: ImportArguments

  func run() throws {
    try reporting {
      try ImportRun(.peribolos, options: try arguments.options(.peribolos), arguments: arguments).run(source)
    }
  }
}

/// What is the same for every format.
struct ImportArguments: ParsableArguments {
  @Option(name: .customLong("repo"), help: ArgumentHelp("The policy repository, or a folder in it.", valueName: "path"))
  var repository = "."

  @Option(
    help: ArgumentHelp(
      "The folder to write to. Left out, the repository's folder of policies; where there is no writ.yaml yet, one is written beside it.",
      valueName: "folder"))
  var into: String?

  @Option(help: ArgumentHelp("The environment that all of it belongs to.", valueName: "name"))
  var environment = "prod"

  @Option(
    help: ArgumentHelp("The system's name, and the files'; left out, `snowflake` or `github`.", valueName: "name"))
  var system: String?

  @Flag(help: "Print the policy as one file, and write nothing.")
  var stdout = false

  @Flag(help: "Replace files that differ, and write although the policy would have errors.")
  var force = false

  @Option(help: "How to print the report.")
  var format = OutputFormat.human

  @Flag(help: "Treat warnings as errors: nothing is written.")
  var strict = false

  @Flag(help: "Print notes as well; other formats always have them.")
  var notes = false

  func options(_ format: ImportFormat) throws -> ImportOptions {
    var options = ImportOptions(format)
    options.environment = environment
    options.system = system ?? format.system
    options.isOneFile = stdout
    for name in [options.environment, options.system] where !ImportOptions.isName(name) {
      throw Failure(
        .badUsage, "`\(name)` cannot be a name", help: "names are letters, digits, `_`, `.` and `-`, and no words of the language")
    }
    if stdout, self.format == .json {
      throw Failure(.badUsage, "--stdout prints the policy where --format json would print the report", help: "leave one of them out")
    }
    return options
  }
}

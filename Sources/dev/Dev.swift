import ArgumentParser

/// The project's own tools: `swift run dev COMMAND`.
@main
struct Dev: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dev",
    abstract: "Tools for working on Writ itself.",
    subcommands: [BenchAccessCommand.self, CorpusCommand.self, FuzzCommand.self, GenerateCommand.self, NewCommand.self])
}

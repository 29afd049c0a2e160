import ArgumentParser
import PolicyCompiler

/// The command line: one file a command below `Commands/`.
@main
struct Writ: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "writ",
    abstract: "Compiles access policy: who may do what, where, until when, with which credential references.",
    discussion: """
      Reads the policy of the enclosing repository, checks it, and renders the configurations of the tools that use it: \
      tools share identity, never secrets.

      Exit codes: 0 nothing wrong, 1 the policy has errors, 2 differences found where asked, 3 refused as unsafe or stale, \
      64 bad usage, 70 a bug in Writ, 74 reading or writing failed, 77 not permitted.
      """,
    version: "writ \(version)",
    subcommands: [
      InitCommand.self, CheckCommand.self, RenderCommand.self, CanCommand.self, WhoCanCommand.self, WhatCanCommand.self, WhyCommand.self,
      DiffCommand.self, DriftCommand.self, LogCommand.self, TestCommand.self,
      ImportCommand.self, FmtCommand.self, ExplainCommand.self, SchemaCommand.self,
    ])

  /// What was typed may come from anybody, a branch's name for instance: messages about it give no orders either.
  static func main() {
    do {
      var command = try parsed(valued(CommandLine.arguments.dropFirst()))
      try command.run()
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      let message = fullMessage(for: error)
      if !message.isEmpty { Terminal.say(SafeText.escapedLines(message) + "\n") }
      Terminal.leave(.badUsage)
    }
  }

  /// A command that is called as it should be is parsed without building what all the others could be called with, which
  /// would be a third of the time that a small policy takes. All else (help, completions, mistakes) is for the whole tree.
  private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
    if let name = arguments.first, let command = configuration.subcommands.first(where: { $0.configuration.commandName == name }),
      let found = try? command.parseAsRoot(Array(arguments.dropFirst()))
    {
      return found
    }
    return try parseAsRoot(arguments)
  }

  /// Options that name people, who may be none: `--approved-by="$X"` of a CI whose `X` is empty.
  private static let peopleOptions = ["--approved-by", "--author"]

  /// Arguments with `--option=` as the option and an empty value, which ArgumentParser takes for an option without one.
  private static func valued(_ arguments: ArraySlice<String>) -> [String] {
    let options = arguments.prefix { $0 != "--" }
    return options.flatMap { argument in
      peopleOptions.first { argument == $0 + "=" }.map { [$0, ""] } ?? [argument]
    } + arguments.dropFirst(options.count)
  }
}

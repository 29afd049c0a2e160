import ArgumentParser
import Artifacts
import PolicyCompiler

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Prints a JSON Schema, for editors and scripts.",
    discussion: "Put `# yaml-language-server: $schema=…` on top of a policy file for completion and hover in an editor.")

  @Argument(help: "Which one.")
  var kind = SchemaKind.policy

  func run() { Terminal.write(kind.text) }
}

extension SchemaKind: ExpressibleByArgument {}

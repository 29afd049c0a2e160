import ArgumentParser
import Artifacts
import PolicyCompiler

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Says what a diagnostic's code means, with a policy that is rejected and one that is accepted.")

  @Argument(help: "A code such as W0203; without one, all are listed.")
  var code: String?

  func run() throws {
    try reporting {
      guard let code else {
        Terminal.write("not yet\n")
        return
      }
      _ = code
    }
  }
}

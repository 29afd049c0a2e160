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
        Terminal.write(Explanation.all.map { $0.line + "\n" }.joined())
        return
      }
      guard let known = DiagnosticCode(rawValue: code.uppercased()) else {
        let near = NearestName.nearest(code.uppercased(), among: DiagnosticCode.allCases.map(\.rawValue))
        throw Failure(
          .badUsage, "there is no code `\(code)`",
          help: near.map { "did you mean `\($0)`? `writ explain` lists all codes" } ?? "`writ explain` lists all codes")
      }
      let explanation = Explanation.of(known)
      Terminal.write(explanation.text(width: min(Terminal.width, 100), message: explanation.message))
    }
  }
}

import ArgumentParser
import Artifacts
import PolicyCompiler

/// A policy that questions are asked of: which one, where, and how the answer is printed.
struct QuestionOptions: ParsableArguments {
  @OptionGroup var policy: PolicyOptions

  @Option(
    name: .customLong("in"), parsing: .singleValue,
    help: ArgumentHelp("The environment; may be repeated. Left out, all of them.", valueName: "environment"))
  var environments: [String] = []

  @Option(help: "How to print.")
  var format = OutputFormat.human
}

/// A policy without errors, ready to be asked.
struct AskedPolicy {
  let policy: CompiledPolicy
  let sources: SourceMap
  let asking: Asking
  let workspace: Workspace

  /// Throws `Failure` where the policy does not compile: an answer from half of it would be wrong.
  init(_ options: PolicyOptions) throws {
    workspace = try options.workspace()
    let (files, problems) = try workspace.policyFiles()
    let compilation = Compiler(grammar: .complete, at: options.moment).compile(files, judgesRules: false)
    let errors = (problems + compilation.diagnostics).inOrder().filter { $0.severity == .error }
    guard errors.isEmpty, let policy = compilation.policy else {
      let printer = DiagnosticPrinter(sources: compilation.sources, useColor: Terminal.messagesUseColor, width: Terminal.width)
      Terminal.say(printer.text(errors) + "\n")
      throw Failure(.policyErrors, "the policy has errors, so nothing can be said about access")
    }
    self.policy = policy
    sources = compilation.sources
    asking = Asking(policy)
  }
}

extension Failure {
  init(_ problem: AskingProblem) { self.init(.badUsage, problem.message, help: problem.help) }

  init(_ error: ResourceSetTooComplex) {
    self.init(
      .policyErrors, "this cannot be answered: \(error.description)",
      help: "ask about less, or write the policy's patterns with fewer `*` and `**`")
  }
}

extension ExitCode {
  static let notPermitted = ExitCode(77)
}

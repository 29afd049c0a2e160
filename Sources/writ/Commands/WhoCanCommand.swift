import ArgumentParser
import PolicyCompiler

struct WhoCanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "who-can", abstract: "Lists everybody who may do something, exactly.",
    usage: """
      writ who-can <action> <resource> [--repo <path>] [--rev <revision>]
                   [--at <instant>] [--in <environment> ...]
                   [--format <format>]
      """,
    discussion: """
      Of a pattern, whoever may do some of it is listed, and it says so. Groups are resolved into their members; of a group whose members only its provider \
      knows, the group itself is listed.
      """)

  @Argument(help: "An action of the resource's system, such as read.")
  var action: String

  @Argument(help: "A resource or a pattern, such as db/marts/orders.")
  var resource: String

  @OptionGroup var options: QuestionOptions

  func run() throws {
    try reporting {
      let asked = try AskedPolicy(options.policy)
      var questions: [AccessQuestion] = []
      do throws(AskingProblem) {
        for environment in try asked.asking.environments(options.environments) {
          questions.append(try asked.asking.question(PrincipalID(0), action, resource, in: environment, at: options.policy.moment))
        }
      } catch {
        throw Failure(error)
      }
      let answers = try answering { () throws(ResourceSetTooComplex) in
        var found: [(AccessQuestion, [AccessHolder])] = []
        for question in questions { found.append((question, try asked.policy.grants.whoCan(question))) }
        return found
      }
      switch options.format {
      case .human:
        let text = AnswerText(asked.policy, asked.sources)
        Terminal.write(
          SafeText.escapedLines(
            answers.map { "\(asked.policy.model[$0.environment].name)\n\(text.whoCan($0, $1))" }.joined(separator: "\n")))
      case .json:
        let json = AnswerJSON(asked.policy, asked.sources)
        Terminal.write(AnswerJSON.document(answers.map { json.whoCan($0, $1) }, at: options.policy.moment))
      }
      Terminal.leave(.success)
    }
  }
}

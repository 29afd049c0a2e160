import ArgumentParser
import PolicyCompiler

struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Shows every proof that a principal may do something, line by line; for a no, what is nearest.",
    usage: """
      writ why <principal> <action> <resource> [--repo <path>]
               [--rev <revision>] [--at <instant>] [--in <environment> ...]
               [--format <format>]
      """,
    discussion: "Each proof rests on all of its lines and on nothing else. Exits 0 for yes and 77 for no.")

  @Argument(help: "A user, a service or a group.")
  var principal: String

  @Argument(help: "An action of the resource's system, such as read.")
  var action: String

  @Argument(help: "A resource or a pattern, such as db/marts/orders.")
  var resource: String

  @OptionGroup var options: QuestionOptions

  func run() throws {
    try reporting {
      let asked = try AskedPolicy(options.policy)
      let questions = try asked.questions(principal, action, resource, options)
      let answers = try answering { () throws(ResourceSetTooComplex) in
        var found: [(AccessQuestion, AccessAnswer)] = []
        for question in questions { found.append((question, try asked.policy.grants.answer(question))) }
        return found
      }
      let origins = LineOrigins(asked.workspace, asked.sources)
      switch options.format {
      case .human:
        var text = AnswerText(asked.policy, asked.sources)
        text.origin = { origins.origin(of: $0) }
        Terminal.write(SafeText.escapedLines(answers.map { text.why($0, $1) }.joined(separator: "\n")))
      case .json:
        var json = AnswerJSON(asked.policy, asked.sources)
        json.origin = { origins.origin(of: $0) }
        Terminal.write(AnswerJSON.document(answers.map { json.why($0, $1) }, at: options.policy.moment))
      }
      Terminal.leave(answers.allSatisfy(\.1.isAllowed) ? .success : .notPermitted)
    }
  }
}

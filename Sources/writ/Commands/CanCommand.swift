import ArgumentParser
import PolicyCompiler

struct CanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "can", abstract: "Says whether a principal may do something, and what gives it.",
    usage: """
      writ can <principal> <action> <resource> [--in <environment>] [options]
      writ can --batch <file> [--in <environment>] [options]
      """,
    discussion: """
      Of a pattern, yes means all that it matches. Exits 0 for yes and 77 for no.

      With --batch, reads JSON Lines {"principal","action","resource","environment"} and prints each with "allowed", or with "error".
      """)

  @Argument(help: "A user, a service or a group.")
  var principal: String?

  @Argument(help: "An action of the resource's system, such as read.")
  var action: String?

  @Argument(help: "A resource or a pattern, such as db/marts/orders.")
  var resource: String?

  @Option(help: ArgumentHelp("Answer the questions of a file, or of standard input (-).", valueName: "file"))
  var batch: String?

  @OptionGroup var options: QuestionOptions

  func validate() throws {
    if batch != nil {
      guard principal == nil else { throw ValidationError("--batch takes its questions from the file: leave the arguments out") }
      guard options.environments.count < 2 else {
        throw ValidationError("with --batch, --in is for questions that name no environment: give it once")
      }
    } else if resource == nil {
      throw ValidationError("a question is a principal, an action and a resource: writ can ana read db/marts/orders --in prod")
    }
  }

  func run() throws {
    try reporting {
      let asked = try AskedPolicy(options.policy)
      if let batch {
        var answers = BatchAnswers(asked, defaultEnvironment: options.environments.first, at: options.policy.moment)
        try answers.run(batch)
        return
      }
      guard let principal, let action, let resource else { return }
      let questions = try asked.questions(principal, action, resource, options)
      let answers = try answering { () throws(ResourceSetTooComplex) in
        var found: [(AccessQuestion, AccessAnswer)] = []
        for question in questions { found.append((question, try asked.policy.grants.answer(question))) }
        return found
      }
      switch options.format {
      case .human: Terminal.write(SafeText.escapedLines(answers.map { AnswerText(asked.policy, asked.sources).can($0, $1) }.joined()))
      case .json:
        Terminal.write(
          AnswerJSON.document(answers.map { AnswerJSON(asked.policy, asked.sources).can($0, $1) }, at: options.policy.moment))
      }
      Terminal.leave(answers.allSatisfy(\.1.isAllowed) ? .success : .notPermitted)
    }
  }
}

/// Runs a question, with a question that is too complex said as such.
func answering<Value>(_ body: () throws(ResourceSetTooComplex) -> Value) throws -> Value {
  do throws(ResourceSetTooComplex) { return try body() } catch { throw Failure(error) }
}

extension AskedPolicy {
  /// The question in each environment, and for each member of a group that the policy knows.
  func questions(_ principal: String, _ action: String, _ resource: String, _ options: QuestionOptions) throws -> [AccessQuestion] {
    do throws(AskingProblem) {
      let named = try asking.principal(principal)
      let instant = options.policy.moment
      let subjects = policy.grants.isSubject(named) ? [named] : policy.grants.membership.members(of: named, at: instant)
      if subjects.isEmpty {
        throw AskingProblem(message: "nobody is in `\(policy.model[named].name)` at this moment", help: "ask about a user or a service")
      }
      var found: [AccessQuestion] = []
      for environment in try asking.environments(options.environments) {
        for subject in subjects { found.append(try asking.question(subject, action, resource, in: environment, at: instant)) }
      }
      return found
    } catch {
      throw Failure(error)
    }
  }
}

import ArgumentParser
import PolicyCompiler

struct WhatCanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "what-can", abstract: "Lists everything that a principal may do, itself and through sessions.",
    usage: """
      writ what-can <principal> [--repo <path>] [--rev <revision>]
                    [--at <instant>] [--in <environment> ...]
                    [--format <format>]
      """,
    discussion: "Of a group, what each of its members may do; of a group whose members only its provider knows, what all of them may.")

  @Argument(help: "A user, a service or a group.")
  var principal: String

  @OptionGroup var options: QuestionOptions

  func run() throws {
    try reporting {
      let asked = try AskedPolicy(options.policy)
      let moment = options.policy.moment
      let named: PrincipalID
      let environments: [EnvironmentID]
      do throws(AskingProblem) {
        named = try asked.asking.principal(principal)
        environments = try asked.asking.environments(options.environments)
      } catch {
        throw Failure(error)
      }
      let grants = asked.policy.grants
      let subjects = grants.isSubject(named) ? [named] : grants.membership.members(of: named, at: moment)
      try answering { () throws(ResourceSetTooComplex) in
        switch options.format {
        case .human:
          let text = AnswerText(asked.policy, asked.sources)
          var parts: [String] = []
          for subject in subjects {
            for environment in environments {
              let title = asked.policy.model[environment].name + (subject == named ? "" : ": \(asked.policy.model[subject].name)")
              parts.append("\(title)\n\(try text.whatCan(subject, in: environment, at: moment))")
            }
          }
          Terminal.write(SafeText.escapedLines(parts.isEmpty ? "nobody is in it at this moment\n" : parts.joined(separator: "\n")))
        case .json:
          let json = AnswerJSON(asked.policy, asked.sources)
          var values: [JSON] = []
          for subject in subjects {
            for environment in environments { values.append(try json.whatCan(subject, in: environment, at: moment)) }
          }
          Terminal.write(AnswerJSON.document(values, at: moment))
        }
      }
      Terminal.leave(.success)
    }
  }
}

import GitStore
import PolicyCompiler

/// Answers questions in JSON Lines, one a line, in their order.
struct BatchAnswers: ~Copyable {
  private let asked: AskedPolicy
  private let defaultEnvironment: String?
  private let instant: Instant
  private var decider: Decider

  init(_ asked: AskedPolicy, defaultEnvironment: String?, at instant: Instant) {
    self.asked = asked
    self.defaultEnvironment = defaultEnvironment
    self.instant = instant
    decider = Decider(asked.policy.grants, at: instant)
  }

  /// - Parameter path: the file; `-` is standard input.
  mutating func run(_ path: String) throws {
    var number = 0
    var output = ""
    try Terminal.lines(of: path) { line in
      number += 1
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return }
      output += answer(line, number) + "\n"
      if output.utf8.count > 1 << 16 {
        Terminal.write(output)
        output = ""
      }
    }
    Terminal.write(output)
  }

  private mutating func answer(_ line: ArraySlice<UInt8>, _ number: Int) -> String {
    guard let node = SyntaxNode.json(Array(line)), node.isMapping else {
      return result([], .string("line \(number) is not a JSON object"))
    }
    // One of two would be answered, and nobody could tell which.
    var names: Set<String> = []
    for (name, _) in node.pairs where !names.insert(name.text).inserted {
      return result([], .string("line \(number) has `\(name.text)` twice"))
    }
    var fields: [(String, JSON)] = []
    func text(_ name: String) -> String? {
      guard let value = node.value(of: name), value.isScalar else { return nil }
      fields.append((name, .string(value.text)))
      return value.text
    }
    let principal = text("principal"), action = text("action"), resource = text("resource")
    let environment = text("environment") ?? defaultEnvironment
    guard let principal, let action, let resource else {
      return result(fields, .string("line \(number) needs `principal`, `action` and `resource`"))
    }
    guard let environment else { return result(fields, .string("line \(number) needs `environment`, or the command needs --in")) }
    if let isAllowed = decider.decide(principal: principal, action: action, resource: resource, environment: environment) {
      return result(fields, nil, isAllowed)
    }
    do throws(AskingProblem) {
      let named = try asked.asking.principal(principal)
      guard asked.policy.grants.isSubject(named) else {
        throw AskingProblem(message: "`\(principal)` is a group whose members are known: ask about them", help: nil)
      }
      let question = try asked.asking.question(
        named, action, resource, in: try asked.asking.environment(environment), at: instant)
      do throws(ResourceSetTooComplex) {
        return result(fields, nil, try asked.policy.grants.answer(question).isAllowed)
      } catch {
        return result(fields, .string("this cannot be answered: \(error.description)"))
      }
    } catch {
      return result(fields, .string(error.message + (error.help.map { "; \($0)" } ?? "")))
    }
  }

  private func result(_ fields: [(String, JSON)], _ error: JSON?, _ isAllowed: Bool? = nil) -> String {
    var members = fields
    if let isAllowed { members.append(("allowed", .boolean(isAllowed))) }
    if let error { members.append(("error", error)) }
    return SafeText.json(JSON.object(members.map { JSON.Member(name: $0.0, value: $0.1) }).line)
  }
}

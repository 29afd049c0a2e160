/// Questions about access in JSON Lines, answered one by one.
package struct BatchQuestions: ~Copyable {
  private let policy: CompiledPolicy
  private let asking: Asking
  private let defaultEnvironment: String?
  private let instant: Instant
  private var decider: Decider

  /// - Parameter defaultEnvironment: where a question names none.
  package init(_ policy: CompiledPolicy, defaultEnvironment: String?, at instant: Instant) {
    self.policy = policy
    self.defaultEnvironment = defaultEnvironment
    self.instant = instant
    asking = Asking(policy)
    decider = Decider(policy.grants, at: instant)
  }

  /// The answer to a line as a line of JSON, without a line break; nil where the line is blank.
  ///
  /// - Parameter number: the line's, for messages.
  package mutating func answer(_ line: ArraySlice<UInt8>, _ number: Int) -> String? {
    if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return nil }
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
      let question = try question(principal, action, resource, environment)
      do throws(ResourceSetTooComplex) {
        return result(fields, nil, try policy.grants.answer(question).isAllowed)
      } catch {
        return result(fields, .string("this cannot be answered: \(error.description)"))
      }
    } catch {
      return result(fields, .string(error.message + (error.help.map { "; \($0)" } ?? "")))
    }
  }

  private func question(
    _ principal: String, _ action: String, _ resource: String, _ environment: String
  ) throws(AskingProblem) -> AccessQuestion {
    let named = try asking.principal(principal)
    guard policy.grants.isSubject(named) else {
      throw AskingProblem(message: "`\(principal)` is a group whose members are known: ask about them", help: nil)
    }
    return try asking.question(named, action, resource, in: try asking.environment(environment), at: instant)
  }

  private func result(_ fields: [(String, JSON)], _ error: JSON?, _ isAllowed: Bool? = nil) -> String {
    var members = fields
    if let isAllowed { members.append(("allowed", .boolean(isAllowed))) }
    if let error { members.append(("error", error)) }
    return SafeText.json(JSON.object(members.map { JSON.Member(name: $0.0, value: $0.1) }).line)
  }
}

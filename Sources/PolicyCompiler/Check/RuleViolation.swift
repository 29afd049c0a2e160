/// A rule that does not hold, and why.
package struct RuleViolation: Sendable {
  package let rule: String
  package let ruleSpan: SourceSpan
  /// Whom it is about; nil where it is about a declaration.
  package let principal: PrincipalID?
  package let action: String?
  package let environment: EnvironmentID?
  /// What is wrong, in a sentence.
  package let message: String
  /// From when until when, from the judged moment on.
  package let times: IntervalSet
  /// Where what breaks the rule is written.
  package let span: SourceSpan
  package let notes: [Diagnostic.Note]
  package let help: String?
  /// All that breaks the rule there, of which the message names the first, in words that stay as long as it does.
  package let extent: [String]

  /// What makes two violations the same across revisions.
  package struct Key: Hashable, Sendable {
    package let rule: String
    package let principal: String?
    package let action: String?
    package let environment: String?
    package let message: String
  }

  package func key(_ model: AccessModel) -> Key {
    Key(
      rule: rule, principal: principal.map { model[$0].name }, action: action, environment: environment.map { model[$0].name },
      message: principal == nil ? message : "")
  }

  package var diagnostic: Diagnostic { Diagnostic(.guardrailBroken, message, at: span, notes: notes, help: help) }
}

extension [RuleViolation] {
  /// One problem for each rule and line that breaks it, however many principals that is true of.
  package func diagnostics(_ model: AccessModel) -> [Diagnostic] {
    var order: [Cause] = []
    var groups: [Cause: [RuleViolation]] = [:]
    for violation in self {
      let cause = Cause(
        rule: violation.rule, span: violation.span, action: violation.action, environment: violation.environment,
        message: violation.principal == nil ? violation.message : nil)
      if groups[cause] == nil { order.append(cause) }
      groups[cause, default: []].append(violation)
    }
    return order.compactMap { cause in
      guard let all = groups[cause], let first = all.first else { return nil }
      var diagnostic = first.diagnostic
      let others = all.dropFirst().compactMap { $0.principal.map { "`\(model[$0].name)`" } }
      if !others.isEmpty {
        let shown = others.prefix(5).joined(separator: ", ") + (others.count > 5 ? ", …" : "")
        diagnostic.notes.insert(.init("so may \(others.count) more: \(shown)"), at: 0)
      }
      // Whoever else breaks it, and whatever else of it they break, is another problem.
      let parts = all.map { it in (it.principal.map { model[$0].name } ?? "") + ": " + it.extent.joined(separator: ", ") }
      diagnostic.identity = Set(parts).sorted().joined(separator: "; ")
      return diagnostic
    }
  }
}

/// A rule, and what breaks it.
private struct Cause: Hashable {
  let rule: String
  let span: SourceSpan
  let action: String?
  let environment: EnvironmentID?
  let message: String?
}

/// Judges a policy's own rules: guardrails, tests, and whether a rule is about anything at all.
package enum RulesCheck {
  /// What came of judging rules.
  package struct Verdict: Sendable {
    package var violations: [RuleViolation] = []
    package var outcomes: [PolicyTestCheck.Outcome] = []
    /// What could not be judged.
    package var problems: [Diagnostic] = []

    /// Whether nothing failed.
    var isClean: Bool { violations.isEmpty && problems.isEmpty && outcomes.allSatisfy { $0.failure == nil } }

    mutating func append(_ other: Verdict) {
      violations += other.violations
      outcomes += other.outcomes
      problems += other.problems
    }

    package func diagnostics(_ model: AccessModel) -> [Diagnostic] {
      violations.diagnostics(model) + outcomes.compactMap(\.failure) + problems
    }
  }

  /// Everything that a policy says of itself.
  static func check(_ grants: GrantSet, at instant: Instant) -> [Diagnostic] {
    let scope = RuleScope(grants, at: instant)
    let rules = grants.model.rules
    return judge(rules, scope).diagnostics(grants.model) + IdleRuleCheck(scope: scope).check(rules)
  }

  /// Judges rules on some access, which need not be that of the revision they stand in.
  package static func judge(_ rules: Rules, _ scope: RuleScope) -> Verdict {
    var verdict = Verdict()
    for part in SideBySide.map(rules.guardrails.count, { judge(rules.guardrails[$0], scope) }) { verdict.append(part) }
    for part in SideBySide.map(rules.tests.count, { judge(rules.tests[$0], scope) }) { verdict.append(part) }
    return verdict
  }

  private static func judge(_ rule: Rules.Guardrail, _ scope: RuleScope) -> Verdict {
    var verdict = Verdict()
    do throws(ResourceSetTooComplex) {
      switch rule.kind {
      case .never(let access):
        verdict.violations = try GuardedAccessCheck(scope: scope, rule: rule, access: access, isOnly: false).violations()
      case .only(let access):
        verdict.violations = try GuardedAccessCheck(scope: scope, rule: rule, access: access, isOnly: true).violations()
      case .separate(let roles): verdict.violations = SeparationCheck(scope: scope, rule: rule, roles: roles).violations()
      case .require(let requirement):
        verdict.violations = RequirementCheck(scope: scope, rule: rule, requirement: requirement).violations()
      }
    } catch {
      verdict.problems.append(.tooComplex("guardrail `\(rule.name)`", error, at: rule.span))
    }
    return verdict
  }

  private static func judge(_ test: Rules.PolicyTest, _ scope: RuleScope) -> Verdict {
    var verdict = Verdict()
    do throws(ResourceSetTooComplex) {
      verdict.outcomes = try PolicyTestCheck(scope: scope, test: test).outcomes()
    } catch {
      verdict.problems.append(.tooComplex("test `\(test.name)`", error, at: test.span))
    }
    return verdict
  }
}

extension Diagnostic {
  package static func tooComplex(_ what: String, _ error: ResourceSetTooComplex, at span: SourceSpan?) -> Self {
    Self(
      .tooComplex, "\(what) cannot be judged: \(error.description)", at: span,
      help: "write the patterns of resources with fewer `*` and `**`")
  }
}

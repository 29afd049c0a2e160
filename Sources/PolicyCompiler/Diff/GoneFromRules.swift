/// Guardrails of the old side that name an environment or a system that the new side has not: renamed, it would be guarded no
/// more, and nobody could tell.
struct GoneFromRules {
  let old: AccessModel
  let new: AccessModel

  func violations() -> [RuleViolation] {
    old.rules.guardrails.flatMap { rule -> [RuleViolation] in
      switch rule.kind {
      case .never(let access), .only(let access):
        let environments = (access.environments ?? []).filter { new.environmentNames[$0.text] == nil }
        let systems = access.resources.filter { new.root(of: $0.pattern) == nil }
        return environments.map { violation(rule, "environment `\($0.text)`", $0.span) }
          + systems.map { violation(rule, "system `\($0.pattern.root)`", $0.span) }
      case .separate, .require: return []
      }
    }
  }

  private func violation(_ rule: Rules.Guardrail, _ what: String, _ span: SourceSpan) -> RuleViolation {
    RuleViolation(
      rule: rule.name, ruleSpan: rule.span, principal: nil, action: nil, environment: nil,
      message: "\(what), which `\(rule.name)` guards, is gone while access is gained: whether the rule holds cannot be judged",
      times: .always,
      span: span, notes: [.init("the guardrail is here", at: rule.span)], help: "rename it in a change of its own, which gives no access",
      extent: [])
  }
}

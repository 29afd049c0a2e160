/// `require`: a field that declarations must have, and its bounds.
struct RequirementCheck {
  let scope: RuleScope
  let rule: Rules.Guardrail
  let requirement: Rules.Requirement

  func violations() -> [RuleViolation] {
    let model = scope.model
    let environments = scope.environments(requirement.environments)
    let set = EnvironmentSet(environments)
    switch requirement.section {
    case .connections:
      return model.connections.flatMap { connection -> [RuleViolation] in
        // A waiver for whoever logs in with it; one that is for each person as themselves is nobody's.
        if case .principal(let who) = connection.identity, rule.waived(who, model).contains(scope.instant) { return [] }
        return environments.filter(connection.environments.contains).compactMap { environment in
          let field = requirement.field.text
          // What has no secret has none to replace.
          if field == "rotate_every", !connection.hasSecret(in: environment) { return nil }
          let value =
            connection.settings[environment]?.value(of: field) ?? connection.defaults?.value(of: field)
            ?? (connection.declaration.isMapping ? connection.declaration.value(of: field) : nil)
          let place = connection.settings[environment].map { $0.span.part(0..<$0.firstLineLength) } ?? connection.span
          return problem("connection `\(connection.name)`", environment, value, connection.span, or: place)
        }
      }
    case .systems:
      return model.systems.flatMap { system -> [RuleViolation] in
        let field = requirement.field.text
        return environments.filter(system.environments.contains).compactMap { environment in
          problem("system `\(system.name)`", environment, system.declaration.value(of: field), system.span, or: system.span)
        }
      }
    case .bindings:
      return model.bindings.compactMap { binding in
        guard !binding.environments.intersection(set).isEmpty, !binding.targetsAreWaived(rule, model, at: scope.instant) else { return nil }
        let declaration = model.declaration(of: binding)
        let place = binding.span.part(0..<declaration.firstLineLength)
        // Bindings have no names: which one it is, all that stands in it says.
        let extent = CanonicalValue(declaration, .record(.binding)).map { [$0.description] } ?? []
        return problem("this binding", nil, declaration.value(of: requirement.field.text), place, or: place, extent: extent)
      }
    case .users, .services, .groups:
      let kind: AccessModel.Principal.Kind = requirement.section == .users ? .user : requirement.section == .services ? .service : .group
      return model.principals.indices.compactMap { index in
        let principal = model.principals[index]
        guard principal.kind == kind, !rule.waived(PrincipalID(index), model).contains(scope.instant) else { return nil }
        let value = principal.declaration.isMapping ? principal.declaration.value(of: requirement.field.text) : nil
        return problem("\(kind.rawValue) `\(principal.name)`", nil, value, principal.span, or: principal.span)
      }
    default: return []
    }
  }

  private func problem(
    _ what: String, _ environment: EnvironmentID?, _ value: SyntaxNode?, _ span: SourceSpan, or place: SourceSpan, extent: [String] = []
  ) -> RuleViolation? {
    let field = requirement.field.text
    let suffix = environment.map { " in `\(scope.model[$0].name)`" } ?? ""
    func violation(_ message: String, at span: SourceSpan, help: String?) -> RuleViolation {
      RuleViolation(
        rule: rule.name, ruleSpan: rule.span, principal: nil, action: nil, environment: environment, message: message, times: .always,
        span: span, notes: [.init("the guardrail is here", at: rule.span)] + (rule.reason.map { [.init("its reason: \($0)")] } ?? []),
        help: help, extent: extent)
    }
    guard let value else {
      return violation("\(what) has no `\(field)`\(suffix), which `\(rule.name)` requires", at: place, help: missingHelp)
    }
    guard let length = length(value) else { return nil }
    if let most = requirement.atMost, length > most.seconds {
      return violation(
        "`\(field)` of \(what)\(suffix) is \(shown(value, length)): `\(rule.name)` allows \(most.text) at most", at: value.span, help: nil)
    }
    if let least = requirement.atLeast, length < least.seconds {
      return violation(
        "`\(field)` of \(what)\(suffix) is \(shown(value, length)): `\(rule.name)` demands \(least.text) at least", at: value.span,
        help: nil)
    }
    return nil
  }

  private var missingHelp: String {
    let bounds = [requirement.atLeast.map { "\($0.text) at least" }, requirement.atMost.map { "\($0.text) at most" }].compactMap { $0 }
    return "write `\(requirement.field.text): …`" + (bounds.isEmpty ? "" : ", \(bounds.joined(separator: " and "))")
  }

  /// A value as it is written, and of a moment how far away it is.
  private func shown(_ value: SyntaxNode, _ length: Int) -> String {
    PolicyDuration(value.text) != nil || length < 0 ? value.text : "\(value.text), which is \(length / 86_400)d away"
  }

  /// A duration, or how long it is from the judged moment until an instant; nil where the field is neither.
  private func length(_ value: SyntaxNode) -> Int? {
    guard value.isScalar else { return nil }
    if let duration = PolicyDuration(value.text) { return duration.seconds }
    guard let end = Instant(value.text, isEnd: requirement.field.text == "until") else { return nil }
    let (left, overflow) = end.seconds.subtractingReportingOverflow(scope.instant.seconds)
    return overflow ? nil : Int(left)
  }
}

extension AccessModel.Connection {
  /// Whether any setting there, or any default, is a reference.
  fileprivate func hasSecret(in environment: EnvironmentID) -> Bool {
    let leaves = (settings[environment]?.leaves ?? []) + (defaults?.leaves ?? [])
    return leaves.contains { $0.text.hasPrefix("ref+") || $0.text.hasPrefix("secretref+") }
  }
}

extension AccessModel.Binding {
  fileprivate func targetsAreWaived(_ rule: Rules.Guardrail, _ model: AccessModel, at instant: Instant) -> Bool {
    !rule.waivers.isEmpty && model.bindingTargets[targets].allSatisfy { rule.waived($0.principal, model).contains(instant) }
  }
}

extension PolicyDuration {
  /// `90d`, in the greatest unit that needs no fraction; weeks are days.
  package var text: String {
    for (unit, length) in [("d", 86_400), ("h", 3600), ("m", 60)] where seconds % length == 0 { return "\(seconds / length)\(unit)" }
    return "\(seconds)s"
  }
}

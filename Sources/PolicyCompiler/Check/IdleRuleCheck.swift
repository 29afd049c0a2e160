/// A rule about resources that nobody has any access to would hold for ever, even if its pattern were misspelt.
struct IdleRuleCheck {
  let scope: RuleScope

  func check(_ rules: Rules) -> [Diagnostic] {
    let guardrails = SideBySide.map(rules.guardrails.count) { index -> [Diagnostic] in
      let rule = rules.guardrails[index]
      switch rule.kind {
      case .never(let access), .only(let access):
        return idle(access.resources, scope.environments(access.environments), "guardrail `\(rule.name)`", rule.span)
      case .separate, .require: return []
      }
    }
    let approvals = SideBySide.map(rules.approvals.count) { index in
      let approval = rules.approvals[index]
      return idle(approval.resources, scope.environments(approval.environments), "approval `\(approval.name)`", approval.span)
    }
    let tests = SideBySide.map(rules.tests.count) { idle(rules.tests[$0]) }
    return (guardrails + approvals + tests).flatMap { $0 }
  }

  private func idle(_ test: Rules.PolicyTest) -> [Diagnostic] {
    let environments = test.environments.compactMap { scope.model.environmentNames[$0.text] }
    return test.sentences.filter { !$0.sentence.isAllowed }.compactMap { sentence in
      environments.contains { isTouched(sentence.sentence.resource, $0) }
        ? nil : .idle("this sentence", sentence.sentence.resource, at: sentence.span, rule: nil)
    }
  }

  private func idle(_ patterns: [Rules.Pattern], _ environments: [EnvironmentID], _ what: String, _ rule: SourceSpan) -> [Diagnostic] {
    patterns.filter { item in !environments.contains { isTouched(item.pattern, $0) } }.map {
      .idle(what, $0.pattern, at: $0.span, rule: rule)
    }
  }

  /// Whether anybody has any access, of whatever kind and at whatever time, to something that the pattern matches.
  private func isTouched(_ pattern: ResourcePattern, _ environment: EnvironmentID) -> Bool {
    let model = scope.model
    let grants = scope.grants
    guard let root = model.root(of: pattern), let filled = pattern.filled(principal: "", environment: model[environment].name) else {
      return false
    }
    // A route that is declared was not misspelt.
    if case .system(let id) = root, let route = filled.concretePath?.first, model[id].routes[route] != nil { return true }
    let path = PathPattern(filled, foldsCase: grants.foldsCase(root))
    switch root {
    case .connections:
      return model.connections.contains { $0.environments.contains(environment) && path.contains(["connections", $0.name]) }
    case .secrets:
      let isOfAConnection = model.connections.indices.contains { index in
        let connection = model.connections[index]
        guard case .principal(let owner) = connection.identity else { return false }
        return model.credentials(of: ConnectionID(index), in: environment, as: owner).contains {
          path.contains(["secrets"] + $0.secretPath)
        }
      }
      if isOfAConnection { return true }
    case .system: break
    }
    return model.permissions.indices.contains { index in
      let id = PermissionID(index)
      guard model.permissions[index].of.contains(where: { overlaps($0, path, root, environment) }) else { return false }
      return grants.canExist(id, in: environment) && isGiven(id, environment)
    }
  }

  private func isGiven(_ permission: PermissionID, _ environment: EnvironmentID) -> Bool {
    scope.grants.bindingIndex.bindings(giving: permission, scope.grants).contains {
      scope.model[$0].environments.contains(environment)
    }
  }

  private func overlaps(
    _ id: PatternID, _ path: PathPattern, _ root: AccessModel.ResolvedPattern.Root, _ environment: EnvironmentID
  ) -> Bool {
    guard scope.model.patterns[id.offset].root == root else { return false }
    let given = scope.model.patterns[id.offset]
    // Whoever holds it: any name at all. Where that makes no pattern, `*` stands beside the name, and nothing is excluded.
    guard let filled = given.pattern.filled(principal: "*", environment: scope.model[environment].name) else { return true }
    return PathPattern(filled, foldsCase: scope.grants.foldsCase(root)).overlaps(path)
  }
}

extension Diagnostic {
  fileprivate static func idle(_ what: String, _ pattern: ResourcePattern, at span: SourceSpan, rule: SourceSpan?) -> Self {
    Self(
      .idleRule, "\(what) is about nothing: nobody has access of any kind to `\(pattern.text)`", at: span,
      notes: rule.map { [.init("a rule that is about nothing holds, whatever the policy says", at: $0)] } ?? [],
      help: "look whether the pattern is misspelt")
  }
}

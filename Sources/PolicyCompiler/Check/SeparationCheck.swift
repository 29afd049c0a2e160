/// `separate`: nobody holds two of these roles at once, inherited, through sessions, or in different environments.
struct SeparationCheck {
  let scope: RuleScope
  let rule: Rules.Guardrail
  let roles: [Rules.Word]

  private struct Holding {
    let grant: Grant
    let times: IntervalSet
  }

  func violations() -> [RuleViolation] {
    let model = scope.model
    let ids = roles.compactMap { model.roleNames[$0.text] }
    var holders: [[PrincipalID: [Holding]]] = []
    for id in ids {
      var held: [PrincipalID: [Holding]] = [:]
      for grant in scope.grants.holders(of: id) {
        let times = grant.times.from(scope.instant).subtracting(rule.waived(grant.principal, scope.model))
        if !times.isEmpty { held[grant.principal, default: []].append(Holding(grant: grant, times: times)) }
      }
      holders.append(held)
    }
    var found: [RuleViolation] = []
    for left in ids.indices {
      for right in ids.indices.dropFirst(left + 1) {
        for (principal, first) in holders[left].sorted(by: { $0.key < $1.key }) {
          guard let second = holders[right][principal] else { continue }
          if let violation = violation(principal, ids[left], first, ids[right], second) { found.append(violation) }
        }
      }
    }
    return found
  }

  private func violation(_ principal: PrincipalID, _ left: RoleID, _ first: [Holding], _ right: RoleID, _ second: [Holding])
    -> RuleViolation?
  {
    let model = scope.model
    var times = IntervalSet.never
    var proof: (Holding, Holding)?
    var extent: Set<String> = []
    for one in first {
      for other in second {
        let both = one.times.intersection(other.times)
        guard !both.isEmpty else { continue }
        times.formUnion(both)
        extent.insert("\(held(left, one.grant)) and \(held(right, other.grant))")
        if proof == nil { proof = (one, other) }
      }
    }
    guard let proof else { return nil }
    let name = model[principal].name
    let who = model[principal].kind == .group ? "whoever is in `\(name)`" : "`\(name)`"
    func place(_ grant: Grant) -> String {
      "in `\(model[grant.environment].name)`" + (grant.via.map { " through `\(model[$0].name)`" } ?? "")
    }
    func cause(_ holding: Holding) -> SourceSpan { scope.grants.cause(of: holding.grant, during: times) }
    // The line of the other role, and how the principal comes to it; then the same of this one.
    let notes =
      [Diagnostic.Note("the guardrail is here", at: rule.span)] + (rule.reason.map { [.init("its reason: \($0)")] } ?? [])
      + rule.waiverNotes(principal, model)
      + [.init("it holds `\(model[right].name)` \(place(proof.1.grant))")] + reasons(proof.1, times)
      + [.init("it holds `\(model[left].name)` \(place(proof.0.grant)) by this binding", at: cause(proof.0))] + reasons(proof.0, times)
    return RuleViolation(
      rule: rule.name, ruleSpan: rule.span, principal: principal, action: "\(model[left].name) and \(model[right].name)", environment: nil,
      message:
        "\(who) holds both `\(model[left].name)` and `\(model[right].name)`\(times.phrase(from: scope.instant)): `\(rule.name)` keeps them apart",
      times: times, span: cause(proof.1), notes: notes, help: nil, extent: extent.sorted())
  }

  private func held(_ role: RoleID, _ grant: Grant) -> String {
    let model = scope.model
    return "\(model[role].name) in \(model[grant.environment].name)\(grant.via.map { " via \(model[$0].name)" } ?? "")"
  }

  /// How it comes to a role, without the role's own place.
  private func reasons(_ holding: Holding, _ times: IntervalSet) -> [Diagnostic.Note] {
    scope.grants.reasons(of: holding.grant, during: times).dropLast()
  }
}

extension Rules.Guardrail {
  /// Until when a waiver for the principal holds, if there is one.
  func waiverNotes(_ principal: PrincipalID, _ model: AccessModel) -> [Diagnostic.Note] {
    waivers.filter { model.principalNames[$0.principal.text] == principal }.map {
      .init("the waiver for `\($0.principal.text)` holds until \($0.until.endText)", at: $0.principal.span)
    }
  }

  /// Until when the guardrail excepts a principal.
  func waived(_ principal: PrincipalID, _ model: AccessModel) -> IntervalSet {
    var times = IntervalSet.never
    for waiver in waivers where model.principalNames[waiver.principal.text] == principal {
      times.formUnion(IntervalSet(Interval(from: .distantPast, until: waiver.until)))
    }
    return times
  }
}

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
    for one in first {
      for other in second {
        let both = one.times.intersection(other.times)
        guard !both.isEmpty else { continue }
        times.formUnion(both)
        if proof == nil { proof = (one, other) }
      }
    }
    guard let proof else { return nil }
    let name = model[principal].name
    let who = model[principal].kind == .group ? "whoever is in `\(name)`" : "`\(name)`"
    func place(_ grant: Grant) -> String {
      "in `\(model[grant.environment].name)`" + (grant.via.map { ", through `\(model[$0].name)`" } ?? "")
    }
    return RuleViolation(
      rule: rule.name, ruleSpan: rule.span, principal: principal, action: "\(model[left].name) and \(model[right].name)", environment: nil,
      message:
        "\(who) holds both `\(model[left].name)` and `\(model[right].name)`\(times.phrase(from: scope.instant)): `\(rule.name)` keeps them apart",
      times: times, span: scope.grants.place(of: proof.1.grant),
      notes: [
        .init("the guardrail is here", at: rule.span),
        .init("it holds `\(model[left].name)` \(place(proof.0.grant)) by this binding", at: scope.grants.place(of: proof.0.grant)),
        .init("and `\(model[right].name)` \(place(proof.1.grant))"),
      ], help: nil)
  }
}

extension Rules.Guardrail {
  /// Until when the guardrail excepts a principal.
  func waived(_ principal: PrincipalID, _ model: AccessModel) -> IntervalSet {
    var times = IntervalSet.never
    for waiver in waivers where model.principalNames[waiver.principal.text] == principal {
      times.formUnion(IntervalSet(Interval(from: .distantPast, until: waiver.until)))
    }
    return times
  }
}

/// `never` and `only`: access that somebody must not have, at the judged moment or any later one.
struct GuardedAccessCheck {
  let scope: RuleScope
  let rule: Rules.Guardrail
  let access: Rules.GuardedAccess
  /// Whether everybody but `who` is meant.
  let isOnly: Bool

  func violations() throws(ResourceSetTooComplex) -> [RuleViolation] {
    let selection = scope.selection(access.who, isStrict: !isOnly)
    var found: [RuleViolation] = []
    for environment in scope.environments(access.environments) {
      for (root, forbidden) in scope.sets(access.resources, in: environment) {
        for action in access.actions {
          found += try violations(action.text, root, forbidden, environment, selection)
        }
      }
    }
    return found
  }

  private func violations(
    _ action: String, _ root: AccessModel.ResolvedPattern.Root, _ forbidden: ResourceSet, _ environment: EnvironmentID,
    _ selection: RuleScope.Selection
  ) throws(ResourceSetTooComplex) -> [RuleViolation] {
    let grants = scope.grants
    let forbidden = try grants.actable(forbidden, action: action, root, in: environment)
    let held = try grants.holders(of: GrantFilter(action: action, root: root), in: environment) { grant throws(ResourceSetTooComplex) in
      try grants.resources(of: grant).overlaps(forbidden)
    }
    // Of each principal, the first grant that breaks the rule: more of them are the same mistake.
    var worst: [PrincipalID: (grant: Grant, times: IntervalSet, all: [Grant])] = [:]
    for grant in held {
      let meant = selection.times(of: grant.principal, scope.model)
      var times = grant.times.from(scope.instant)
      times = isOnly ? times.subtracting(meant) : times.intersection(meant)
      times = times.subtracting(rule.waived(grant.principal, scope.model))
      guard !times.isEmpty else { continue }
      if let known = worst[grant.principal] {
        let isEarlier =
          times.intervals[0].from < known.times.intervals[0].from
          || (times.intervals[0].from == known.times.intervals[0].from && grant.order < known.grant.order)
        worst[grant.principal] = (isEarlier ? grant : known.grant, known.times.union(times), known.all + [grant])
      } else {
        worst[grant.principal] = (grant, times, [grant])
      }
    }
    var found: [RuleViolation] = []
    for (principal, it) in worst.sorted(by: { $0.key < $1.key }) {
      found.append(try violation(principal, it.grant, it.times, it.all, action, forbidden))
    }
    return found
  }

  private func violation(
    _ principal: PrincipalID, _ grant: Grant, _ times: IntervalSet, _ all: [Grant], _ action: String, _ forbidden: ResourceSet
  ) throws(ResourceSetTooComplex) -> RuleViolation {
    let model = scope.model
    let count = all.count
    let witness = try scope.grants.resources(of: grant).intersection(forbidden).witness()?.joined(separator: "/")
    let name = model[principal].name
    let isUnknown = model[principal].kind == .group
    let who = isUnknown ? "whoever is in `\(name)`" : "`\(name)`"
    let what = witness.map { " `\($0)`" } ?? ""
    let through = grant.via.map { ", through `\(model[$0].name)`" } ?? ""
    let place = "`\(model[grant.environment].name)`\(through)"
    let because =
      isOnly
      ? "only \(Diagnostic.listed(access.who.map(\.text))) may, says `\(rule.name)`" : "`\(rule.name)` says never"
    var notes: [Diagnostic.Note] = [.init("the guardrail is here", at: rule.span)]
    if let reason = rule.reason { notes.append(.init("its reason: \(reason)")) }
    notes += rule.waiverNotes(principal, model)
    notes += scope.grants.reasons(of: grant, during: times)
    if isUnknown { notes.append(.init("only its provider knows who that is, so it may be anybody")) }
    if count > 1 { notes.append(.init("\(count - 1) more \(count == 2 ? "grant gives" : "grants give") the same")) }
    return RuleViolation(
      rule: rule.name, ruleSpan: rule.span, principal: principal, action: action, environment: grant.environment,
      message: "\(who) may \(action)\(what) in \(place)\(times.phrase(from: scope.instant)): \(because)", times: times,
      span: scope.grants.cause(of: grant, during: times), notes: notes, help: nil, extent: try extent(all, forbidden))
  }

  /// What of it each grant gives, by which way, until when.
  private func extent(_ grants: [Grant], _ forbidden: ResourceSet) throws(ResourceSetTooComplex) -> [String] {
    var found: Set<String> = []
    for grant in grants {
      let set = try scope.grants.resources(of: grant).intersection(forbidden).simplified()
      let via = grant.via.map { " via \(scope.model[$0].name)" } ?? ""
      let end = grant.times.intervals.last.map { $0.until == .distantFuture ? "" : " until \($0.until.text)" } ?? ""
      found.insert("\(set)\(via)\(end)")
    }
    return found.sorted()
  }
}

/// Starts and ends that were written otherwise but move no access: control all the same.
struct EndChanges {
  let old: GrantSet
  let new: GrantSet
  let renames: [String: String]

  /// - Parameter changes: the access that did move: the lines that explain it need no second mention.
  func changes(beside changes: [AccessChange]) -> [TrustChange] {
    let told = Set(changes.flatMap { change in change.causes.map(\.span) })
    return bindings(told) + members(told)
  }

  // MARK: Bindings

  private func bindings(_ told: Set<SourceSpan>) -> [TrustChange] {
    let shared = Set(old.model.bindings.map(\.span.file)).intersection(new.model.bindings.map(\.span.file))
    var before: [CanonicalValue: [AccessModel.Binding]] = [:]
    for binding in old.model.bindings where !shared.contains(binding.span.file) {
      if let key = key(binding, old, renames) { before[key, default: []].append(binding) }
    }
    // Those with the same times are the same; of the rest, one after the other.
    var others: [(binding: AccessModel.Binding, key: CanonicalValue)] = []
    for binding in new.model.bindings where !shared.contains(binding.span.file) {
      guard let key = key(binding, new, [:]) else { continue }
      if let same = before[key]?.firstIndex(where: { $0.interval == binding.interval }) {
        before[key]?.remove(at: same)
      } else {
        others.append((binding, key))
      }
    }
    var found: [TrustChange] = []
    for (binding, key) in others {
      guard let left = before[key], let one = left.first else { continue }
      before[key] = Array(left.dropFirst())
      if told.contains(new.place(of: binding)) || told.contains(old.place(of: one)) { continue }
      let roles = new.model.bindingRoles[binding.roles].map { new.model[$0].name }
      let targets = new.model.bindingTargets[binding.targets].map { new.model[$0.principal].name }
      found += ends(
        Section.bindings.name, "\(roles.isEmpty ? "permissions" : roles.joined(separator: ", ")) to \(targets.joined(separator: ", "))", "",
        one.interval, binding.interval, one.span, binding.span)
    }
    return found
  }

  /// A binding but for its times, its reason and its description.
  private func key(_ binding: AccessModel.Binding, _ side: GrantSet, _ renames: [String: String]) -> CanonicalValue? {
    guard case .table(var table)? = CanonicalValue(side.model.declaration(of: binding), .record(.binding)) else { return nil }
    for field in [BindingField.from, .until] { table[field.field.name] = nil }
    if !renames.isEmpty, case .list(let roles)? = table[BindingField.role.field.name] {
      table[BindingField.role.field.name] = .list(
        roles.map { role in
          if case .text(let name) = role, let other = renames[name] { return .text(other) }
          return role
        }.sorted { $0.description < $1.description })
    }
    return .table(table)
  }

  // MARK: Members

  private func members(_ told: Set<SourceSpan>) -> [TrustChange] {
    var found: [TrustChange] = []
    for (id, group) in new.model.groups.sorted(by: { $0.key < $1.key }) {
      let name = new.model[id].name
      guard let there = old.model.principalNames[name], let before = old.model.groups[there] else { continue }
      for member in group.members {
        let who = new.model[member.principal].name
        let all = before.members.filter { old.model[$0.principal].name == who }
        guard let one = all.first, !all.contains(where: { $0.interval == member.interval }) else { continue }
        if told.contains(member.span) || all.contains(where: { told.contains($0.span) }) { continue }
        found += ends(Section.groups.name, name, "members.\(who).", one.interval, member.interval, one.span, member.span)
      }
    }
    return found
  }

  private func ends(
    _ section: String, _ name: String, _ prefix: String, _ before: Interval, _ after: Interval, _ oldSpan: SourceSpan, _ newSpan: SourceSpan
  ) -> [TrustChange] {
    var found: [TrustChange] = []
    if before.from != after.from {
      found.append(
        TrustChange(
          section: section, name: name, path: prefix + "from", impact: .control,
          before: before.from == .distantPast ? nil : before.from.text,
          after: after.from == .distantPast ? nil : after.from.text, oldSpan: oldSpan, newSpan: newSpan))
    }
    if before.until != after.until {
      found.append(
        TrustChange(
          section: section, name: name, path: prefix + "until", impact: .control,
          before: before.until == .distantFuture ? nil : before.until.endText,
          after: after.until == .distantFuture ? nil : after.until.endText, oldSpan: oldSpan, newSpan: newSpan))
    }
    return found
  }
}

/// Who is in the groups that rules name: whoever approves, or is guarded against, is control.
struct RuleGroupChanges {
  let old: GrantSet
  let new: GrantSet
  let instant: Instant

  private func memberNames(_ id: PrincipalID, _ set: GrantSet) -> [String] {
    set.membership.members(of: id).map { set.model[$0.principal].name }.sorted()
  }

  /// Whom declarations name as their owners, with what it is that they own.
  private func owners(_ model: AccessModel) -> [(name: String, what: String)] {
    var found: [(String, String)] = []
    for principal in model.principals where principal.declaration.isMapping && principal.kind != .user {
      let field = principal.kind == .service ? ServiceField.owner.field.name : GroupField.owners.field.name
      for item in principal.declaration.value(of: field)?.items ?? [] where item.isScalar {
        found.append((Self.unqualified(item.text), "\(principal.kind.rawValue) `\(principal.name)` as its owner"))
      }
    }
    for system in model.systems {
      for item in system.declaration.value(of: SystemField.owners.field.name)?.items ?? [] where item.isScalar {
        found.append((Self.unqualified(item.text), "system `\(system.name)` as its owner"))
      }
    }
    return found
  }

  private static func unqualified(_ text: String) -> String {
    String(decoding: Array(text.utf8)[ScalarCheck.unqualified(text)], as: UTF8.self)
  }

  func changes() -> [TrustChange] {
    var uses: [String: [String]] = [:]
    for rules in [old.model.rules, new.model.rules] {
      for rule in rules.guardrails {
        switch rule.kind {
        case .never(let access), .only(let access):
          for word in access.who { uses[word.text, default: []].append("guardrail `\(rule.name)`") }
        case .separate, .require: break
        }
      }
      for approval in rules.approvals { for word in approval.by { uses[word.text, default: []].append("approval `\(approval.name)`") } }
    }
    // Who owns is a matter of names; when an ownership ends moves nothing.
    let judged = Set(uses.keys)
    for set in [old, new] {
      for (name, what) in owners(set.model) { uses[name, default: []].append(what) }
    }
    var found: [TrustChange] = []
    for name in uses.keys.sorted() {
      guard let one = old.model.principalNames[name], let other = new.model.principalNames[name], old.model[one].kind == .group,
        new.model[other].kind == .group
      else { continue }
      let isJudged = judged.contains(name)
      let before = isJudged ? members(one, old) : memberNames(one, old)
      let after = isJudged ? members(other, new) : memberNames(other, new)
      let gone = before.filter { !after.contains($0) }, come = after.filter { !before.contains($0) }
      if gone.isEmpty, come.isEmpty { continue }
      let reasons = Set(uses[name] ?? []).sorted().prefix(3).joined(separator: ", ")
      found.append(
        TrustChange(
          section: Section.groups.name, name: name, path: GroupField.members.field.name, impact: .control,
          before: gone.isEmpty ? nil : gone.joined(separator: ", "), after: come.isEmpty ? nil : come.joined(separator: ", "),
          oldSpan: old.model[one].span, newSpan: new.model[other].span, note: "named by \(reasons)"))
    }
    return found
  }

  private func members(_ id: PrincipalID, _ set: GrantSet) -> [String] {
    set.membership.members(of: id).map { set.model[$0.principal].name + $0.times.phrase(from: instant) }.sorted()
  }
}

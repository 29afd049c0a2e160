/// Starts and ends that were written otherwise but move no access: control all the same.
struct EndChanges {
  let old: GrantSet
  let new: GrantSet
  let renames: [String: String]

  /// - Parameter changes: the access that did move: what explains it needs no second mention.
  func changes(beside changes: [AccessChange]) -> [TrustChange] {
    let moved = Set(changes.map(\.principal))
    return bindings(moved) + members(moved)
  }

  // MARK: Bindings

  private func bindings(_ moved: Set<String>) -> [TrustChange] {
    let oldTrees = Set(old.model.bindings.map { ObjectIdentifier($0.declaration.tree) })
    let newTrees = Set(new.model.bindings.map { ObjectIdentifier($0.declaration.tree) })
    let shared = oldTrees.intersection(newTrees)
    var before: [CanonicalValue: [BindingID]] = [:]
    for (index, binding) in old.model.bindings.enumerated() where !shared.contains(ObjectIdentifier(binding.declaration.tree)) {
      if let key = key(binding, renames) { before[key, default: []].append(BindingID(index)) }
    }
    var found: [TrustChange] = []
    for (index, binding) in new.model.bindings.enumerated() where !shared.contains(ObjectIdentifier(binding.declaration.tree)) {
      guard let key = key(binding, [:]), var left = before[key], !left.isEmpty else { continue }
      // One with the same times is the same binding; else the first that is left.
      let place = left.firstIndex { old.model[$0].interval == binding.interval } ?? 0
      let one = left.remove(at: place)
      before[key] = left
      guard old.model[one].interval != binding.interval, !explains(BindingID(index), moved) else { continue }
      let roles = new.model.bindingRoles[binding.roles].map { new.model[$0].name }
      let targets = new.model.bindingTargets[binding.targets].map { new.model[$0.principal].name }
      found += ends(
        Section.bindings.name, "\(roles.isEmpty ? "permissions" : roles.joined(separator: ", ")) to \(targets.joined(separator: ", "))", "",
        old.model[one].interval, binding.interval, old.model[one].span, binding.span)
    }
    return found
  }

  private func explains(_ binding: BindingID, _ moved: Set<String>) -> Bool {
    new.model.bindingTargets[new.model[binding].targets].contains { target in
      new.membership.members(of: target.principal).contains { moved.contains(new.model[$0.principal].name) }
    }
  }

  /// A binding but for its times, its reason and its description.
  private func key(_ binding: AccessModel.Binding, _ renames: [String: String]) -> CanonicalValue? {
    guard case .table(var table)? = CanonicalValue(binding.declaration, .record(.binding)) else { return nil }
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

  private func members(_ moved: Set<String>) -> [TrustChange] {
    var found: [TrustChange] = []
    for (id, group) in new.model.groups.sorted(by: { $0.key < $1.key }) {
      let name = new.model[id].name
      guard let there = old.model.principalNames[name], let before = old.model.groups[there] else { continue }
      for member in group.members {
        let who = new.model[member.principal].name
        let all = before.members.filter { old.model[$0.principal].name == who }
        guard !all.isEmpty, !all.contains(where: { $0.interval == member.interval }), !moved.contains(who) else { continue }
        let inner = new.membership.members(of: member.principal)
        if inner.contains(where: { moved.contains(new.model[$0.principal].name) }) { continue }
        found += ends(Section.groups.name, name, "members.\(who).", all[0].interval, member.interval, all[0].span, member.span)
      }
    }
    return found
  }

  private func ends(
    _ section: String, _ name: String, _ prefix: String, _ before: Interval, _ after: Interval, _ oldSpan: SourceSpan, _ newSpan: SourceSpan
  ) -> [TrustChange] {
    func text(_ instant: Instant) -> String? { instant == .distantPast || instant == .distantFuture ? nil : instant.text }
    var found: [TrustChange] = []
    if before.from != after.from {
      found.append(
        TrustChange(
          section: section, name: name, path: prefix + "from", impact: .control, before: text(before.from), after: text(after.from),
          oldSpan: oldSpan,
          newSpan: newSpan))
    }
    if before.until != after.until {
      found.append(
        TrustChange(
          section: section, name: name, path: prefix + "until", impact: .control, before: text(before.until), after: text(after.until),
          oldSpan: oldSpan, newSpan: newSpan))
    }
    return found
  }
}

/// Who is in the groups that rules name: whoever approves, or is guarded against, is control.
struct RuleGroupChanges {
  let old: GrantSet
  let new: GrantSet

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
    var found: [TrustChange] = []
    for name in uses.keys.sorted() {
      guard let one = old.model.principalNames[name], let other = new.model.principalNames[name], old.model[one].kind == .group,
        new.model[other].kind == .group
      else { continue }
      let before = members(one, old), after = members(other, new)
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
    set.membership.members(of: id).map { set.model[$0.principal].name }.sorted()
  }
}

/// Reviews that a change needs: from whom, for what, and whether they are there.
package struct ApprovalNeed: Sendable {
  package let approval: String
  package let span: SourceSpan
  /// Whether the rule stands on the old side, or only on the new one.
  package let isOfOld: Bool
  /// What needs it, in words.
  package let reasons: [String]
  /// Who may give it: users, by the old side's membership.
  package let approvers: [String]
  /// What it names them by.
  package let by: [String]
  /// Who of them did.
  package let given: [String]

  package var isMet: Bool { !given.isEmpty }
}

struct ApprovalCheck {
  let old: GrantSet
  let new: GrantSet
  let instant: Instant
  /// Whoever approved: logins or names; nil where nobody was asked.
  let approvedBy: Set<String>
  let author: String?

  func needs(_ changes: [AccessChange], _ trust: [TrustChange]) throws(ResourceSetTooComplex) -> [ApprovalNeed] {
    var found: [ApprovalNeed] = []
    var seen: Set<String> = []
    for (set, isOfOld) in [(old, true), (new, false)] {
      for approval in set.model.rules.approvals {
        // The old rule has the last word; a new one of the same name is a change of control.
        guard isOfOld || !seen.contains(approval.name) else { continue }
        seen.insert(approval.name)
        let reasons = try reasons(approval, changes, trust)
        guard !reasons.isEmpty else { continue }
        let approvers = approvers(approval)
        found.append(
          ApprovalNeed(
            approval: approval.name, span: approval.span, isOfOld: isOfOld, reasons: reasons, approvers: approvers,
            by: approval.by.map(\.text),
            given: approvers.filter(hasApproved)))
      }
    }
    return found
  }

  private func reasons(_ approval: Rules.Approval, _ changes: [AccessChange], _ trust: [TrustChange]) throws(ResourceSetTooComplex)
    -> [String]
  {
    var found: [String] = []
    let environments = approval.environments.map { Set($0.map(\.text)) }
    for change in changes where change.direction == .gained && environments?.contains(change.environment) != false {
      guard let environment = new.model.environmentNames[change.environment] else { continue }
      let sets = RuleScope(new, at: instant).sets(approval.resources, in: environment)
      for (_, set) in sets where try set.overlaps(change.resources) {
        found.append("\(change.principal) gains \(change.action) in \(change.environment)")
        break
      }
    }
    let roots = Set(approval.resources.map(\.pattern.root))
    for change in trust where change.impact != .delivery && environments.map({ change.environment.map($0.contains) ?? true }) ?? true {
      guard roots.contains(where: { concerns(change, root: $0) }) else { continue }
      found.append(change.title)
    }
    return Array(Set(found)).sorted()
  }

  /// Whether a change of trust is about a system or about a connection to it.
  private func concerns(_ change: TrustChange, root: String) -> Bool {
    if change.section == Section.systems.name { return change.name == root }
    guard change.section == Section.connections.name else { return false }
    return [old.model, new.model].contains { model in
      guard let id = model.connectionNames[change.name] else { return false }
      return model[model[id].system].name == root || root == "connections"
    }
  }

  /// The users that may approve, as the old side knows them; the author never counts.
  private func approvers(_ approval: Rules.Approval) -> [String] {
    var found: Set<String> = []
    for word in approval.by {
      guard let id = old.model.principalNames[word.text] else { continue }
      let members = old.model[id].kind == .group ? old.membership.members(of: id, at: instant) : [id]
      for member in members where old.model[member].kind == .user && !isAuthor(member) { found.insert(old.model[member].name) }
    }
    return found.sorted()
  }

  private func hasApproved(_ name: String) -> Bool {
    guard let id = old.model.principalNames[name] else { return false }
    return !logins(of: id).isDisjoint(with: approvedBy.map { $0.lowercased() })
  }

  private func isAuthor(_ id: PrincipalID) -> Bool { author.map { logins(of: id).contains($0.lowercased()) } ?? false }

  /// The name of a user and its accounts: hosts fold the case of logins.
  private func logins(of id: PrincipalID) -> Set<String> {
    let it = old.model[id]
    var found: Set<String> = [it.name.lowercased()]
    if it.declaration.isMapping {
      for leaf in it.declaration.value(of: UserField.accounts.field.name)?.pairs.flatMap({ $0.value.leaves }) ?? [] {
        found.insert(leaf.text.lowercased())
      }
    }
    return found
  }
}

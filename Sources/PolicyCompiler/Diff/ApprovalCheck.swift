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
  /// Who of those was known by nothing but the name, for want of a declared account where code is reviewed.
  package let givenByName: [String]

  package var isMet: Bool { !given.isEmpty }
}

/// Where code is reviewed, and whose logins approvals are.
package enum CodeHost: String, CaseIterable, Sendable {
  case github, gitlab

  fileprivate init?(type: String) {
    switch type {
    case "github", "github_actions": self = .github
    case "gitlab": self = .gitlab
    default: return nil
    }
  }
}

struct ApprovalCheck {
  let old: GrantSet
  let new: GrantSet
  let instant: Instant
  /// Whoever approved: logins or names; nil where nobody was asked.
  let approvedBy: Set<String>
  /// Where they approved; nil where it may have been anywhere.
  let host: CodeHost?
  let authors: Set<String>

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
        let given = approvers.filter(hasApproved)
        found.append(
          ApprovalNeed(
            approval: approval.name, span: approval.span, isOfOld: isOfOld, reasons: reasons, approvers: approvers,
            by: approval.by.map(\.text),
            given: given, givenByName: given.filter { old.model.principalNames[$0].map { hostAccounts(of: $0).isEmpty } ?? false }))
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
    for change in changes where change.direction == .gained && change.action == "read" {
      if let name = try opened(by: change, approval) { found.append("\(change.principal) gains reading of the credential of \(name)") }
    }
    for change in trust where environments.map({ change.environment.map($0.contains) ?? true }) ?? true {
      if try concerns(change, approval) { found.append(change.title) }
    }
    return Array(Set(found)).sorted()
  }

  /// A connection to what an approval guards whose credential somebody may read now: whoever has that can log in with it,
  /// wherever the binding says that it is for.
  private func opened(by change: AccessChange, _ approval: Rules.Approval) throws(ResourceSetTooComplex) -> String? {
    // Whoever gains the use of a connection gains its credential with it, and that is shown as use.
    guard change.grant.credentialConnection == nil,
      change.resources.terms.contains(where: { $0.all.contains { $0.text.hasPrefix("secrets/") } })
    else { return nil }
    let roots = Set(approval.resources.map(\.pattern.root))
    for index in new.model.connections.indices where roots.contains(new.model[new.model.connections[index].system].name) {
      let id = ConnectionID(index)
      guard case .principal(let owner) = new.model[id].identity else { continue }
      for environment in RuleScope(new, at: instant).environments(approval.environments)
      where new.model[id].environments.contains(environment) {
        let secrets = ResourceSet(
          new.model.credentials(of: id, in: environment, as: owner).map { PathPattern(root: "secrets", path: $0.secretPath) })
        if try secrets.overlaps(change.resources) { return new.model[id].name }
      }
    }
    return nil
  }

  /// Whether a change of trust is about what an approval guards: its systems, connections to them, the environments it holds
  /// in, whoever has access to its resources; or about the approval itself.
  private func concerns(_ change: TrustChange, _ approval: Rules.Approval) throws(ResourceSetTooComplex) -> Bool {
    let roots = Set(approval.resources.map(\.pattern.root))
    switch Section(name: change.section) {
    case .systems: return roots.contains(change.name)
    case .connections:
      if roots.contains("connections") { return true }
      return [old.model, new.model].contains { model in
        model.connectionNames[change.name].map { roots.contains(model[model[$0].system].name) } ?? false
      }
    // What a session is called there decides what it may do there.
    case .roles: return roots.contains { change.path == "\(RoleField.nameOn.field.name).\($0)" }
    case .environments: return true
    case .approvals: return change.name == approval.name
    case .groups where change.impact == .control: return approval.by.contains { $0.text == change.name }
    // Whoever approves must be who the policy says, whatever they may read themselves.
    case .users where change.impact == .identity && allApprovers(approval).contains(change.name): return true
    case .guardrails: return [old.model, new.model].contains { guards($0, change.name, roots) }
    case .users, .services, .groups:
      guard change.impact == .identity else { return false }
      let accounts = accounts(of: change.name, on: roots)
      return try holds(approval) { set, id in
        set.model[id].name == change.name || !accounts.isDisjoint(with: self.accounts(of: set.model[id].name, on: roots))
      }
    case .identityProviders:
      return try holds(approval) { set, id in
        let declaration = set.model[id].declaration
        guard declaration.isMapping else { return false }
        if let accounts = declaration.value(of: UserField.accounts.field.name), accounts.value(of: change.name) != nil { return true }
        guard let identity = declaration.value(of: UserField.identity.field.name), identity.isMapping else { return false }
        return identity.value(of: IdentityField.provider.field.name)?.text == change.name
      }
    // Problems that nobody is shown any more may be about anything.
    default: return change.section == Baseline.section
    }
  }

  /// What a principal is called on some systems, now: whoever else is called so is the same user there.
  private func accounts(of name: String, on roots: Set<String>) -> Set<[String]> {
    guard let id = new.model.principalNames[name], new.model[id].kind != .group else { return [] }
    var found: Set<[String]> = []
    for root in roots {
      guard let system = new.model.systemNames[root] else { continue }
      for environment in new.model.names(new.model[system].environments) {
        let account = new.model.account(of: id, on: root, in: environment)
        found.insert([root, environment, new.model[system].type.foldsCase ? account.lowercased() : account])
      }
    }
    return found
  }

  /// Whether some principals have any access to what an approval guards.
  private func holds(_ approval: Rules.Approval, _ isMeant: (GrantSet, PrincipalID) -> Bool) throws(ResourceSetTooComplex) -> Bool {
    let scope = RuleScope(new, at: instant)
    for principal in new.subjects where isMeant(new, principal) {
      for environment in scope.environments(approval.environments) {
        let sets = scope.sets(approval.resources, in: environment)
        for grant in new.grants(of: principal, in: environment) where !grant.times.from(instant).isEmpty {
          let held = try new.resources(of: grant)
          for (_, set) in sets where try set.overlaps(held) { return true }
        }
      }
    }
    return false
  }

  /// Whether a guardrail is about systems that an approval guards, too.
  private func guards(_ model: AccessModel, _ name: String, _ roots: Set<String>) -> Bool {
    guard let rule = model.rules.guardrails.first(where: { $0.name == name }) else { return false }
    switch rule.kind {
    case .never(let access), .only(let access): return access.resources.contains { roots.contains($0.pattern.root) }
    case .separate, .require: return false
    }
  }

  /// The users that may approve, as the old side knows them; the author never counts.
  private func approvers(_ approval: Rules.Approval) -> [String] {
    allApprovers(approval).filter { name in old.model.principalNames[name].map { !isAuthor($0) } ?? false }
  }

  private func allApprovers(_ approval: Rules.Approval) -> [String] {
    var found: Set<String> = []
    for word in approval.by {
      guard let id = old.model.principalNames[word.text] else { continue }
      let members = old.model[id].kind == .group ? old.membership.members(of: id, at: instant) : [id]
      for member in members where old.model[member].kind == .user { found.insert(old.model[member].name) }
    }
    return found.sorted()
  }

  private func hasApproved(_ name: String) -> Bool {
    guard let id = old.model.principalNames[name] else { return false }
    return !logins(of: id).isDisjoint(with: approvedBy.map { $0.lowercased() })
  }

  /// Logins that are no user's, whose approval counts for nothing.
  func unknownLogins() -> [AskingProblem] {
    guard approvedBy.contains(where: { !$0.isEmpty }) else { return [] }
    let users = old.model.principals.indices.map(PrincipalID.init).filter { old.model[$0].kind == .user }
    let written = Set(users.flatMap(writtenLogins)).sorted()
    let known = Set(written.map { $0.lowercased() })
    return approvedBy.filter { !$0.isEmpty && !known.contains($0.lowercased()) }.sorted().map { login in
      AskingProblem(
        message: "`\(login)` is nobody's login, so that approval counts for nothing",
        help: named(login) ?? elsewhere(login, users) ?? NearestName.nearest(login, among: written).map { "did you mean `\($0)`?" })
    }
  }

  /// A login that is a user's name, who has accounts.
  private func named(_ login: String) -> String? {
    guard let id = old.model.principalNames[login], old.model[id].kind == .user else { return nil }
    let logins = writtenLogins(of: id).sorted()
    guard logins.isEmpty, let host else { return "`\(login)` approves as \(Diagnostic.listed(logins))" }
    return "`\(login)` has accounts, but none on \(host.rawValue), where this was approved"
  }

  /// A login that is a user's on another host.
  private func elsewhere(_ login: String, _ users: [PrincipalID]) -> String? {
    guard let host else { return nil }
    for id in users {
      for (place, _, logins) in hostAccounts(of: id) where logins.contains(where: { $0.lowercased() == login.lowercased() }) {
        return "on `\(place)` that is `\(old.model[id].name)`, but this was approved on \(host.rawValue)"
      }
    }
    return nil
  }

  /// Whoever may be the author is taken for the author: any of its names will do.
  private func isAuthor(_ id: PrincipalID) -> Bool {
    let authors = Set(authors.map { $0.lowercased() })
    return authors.contains(old.model[id].name.lowercased())
      || accounts(of: id).contains { $0.value.leaves.contains { authors.contains($0.text.lowercased()) } }
  }

  /// The accounts of a user where this was reviewed, or, of who has none where code is reviewed, the name; hosts fold the
  /// case of logins.
  ///
  /// What it is called elsewhere does not count: there, that name may be somebody else's. Nor does the name of who has an
  /// account on another host.
  private func logins(of id: PrincipalID) -> Set<String> { Set(writtenLogins(of: id).map { $0.lowercased() }) }

  private func writtenLogins(of id: PrincipalID) -> [String] {
    let accounts = hostAccounts(of: id)
    if accounts.isEmpty { return [old.model[id].name] }
    return accounts.filter { host == nil || $0.host == host }.flatMap(\.logins)
  }

  /// A user's accounts where code is reviewed.
  private func hostAccounts(of id: PrincipalID) -> [(place: String, host: CodeHost, logins: [String])] {
    accounts(of: id).compactMap { key, value in codeHost(key.text).map { (key.text, $0, value.leaves.map(\.text)) } }
  }

  private func accounts(of id: PrincipalID) -> [(key: SyntaxNode, value: SyntaxNode)] {
    let it = old.model[id]
    guard it.declaration.isMapping, let accounts = it.declaration.value(of: UserField.accounts.field.name), accounts.isMapping else {
      return []
    }
    return accounts.pairs
  }

  private func codeHost(_ name: String) -> CodeHost? {
    if let system = old.model.systemNames[name] { return CodeHost(type: old.model[system].type.name) }
    if let provider = old.model.providers[name] {
      guard provider.isMapping else { return nil }
      return provider.value(of: IdentityProviderField.type.field.name).flatMap { CodeHost(type: $0.text) }
    }
    // Of a place that is not declared the name tells: nobody who wrote `github` there is known by a bare name on GitHub.
    return CodeHost(rawValue: name)
  }
}

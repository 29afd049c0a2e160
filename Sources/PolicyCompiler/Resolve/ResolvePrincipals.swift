extension Resolver {
  mutating func environments() {
    for (name, value, text) in declarations.all(.environments) {
      guard model.environments.count < EnvironmentSet.capacity else {
        report(Diagnostic(.tooMany, "a policy may have \(EnvironmentSet.capacity) environments at most", at: name.span))
        return
      }
      model.environmentNames[text] = EnvironmentID(model.environments.count)
      let isProtected = value.record(EnvironmentField.self)[.protected]?.text == "true"
      model.environments.append(.init(name: text, isProtected: isProtected, span: name.span))
    }
  }

  mutating func providers() {
    for (name, value, text) in declarations.all(.identityProviders) {
      model.providers[text] = value
      let view = value.record(IdentityProviderField.self)
      let needed: [IdentityProviderField] =
        switch view[.type]?.text {
        case "oidc", "kubernetes": [.issuer, .audience]
        case "github_actions", "gitlab": [.organization]
        case "aws_iam": [.accountID]
        default: []
        }
      for field in needed where view[field] == nil {
        report(
          Diagnostic(
            .incompleteIdentity, "identity provider `\(text)` needs `\(field.field.name)`", at: name.span,
            notes: [.about(field.field)]))
      }
    }
  }

  mutating func principals() {
    let all =
      declarations.all(.users).map { ($0, AccessModel.Principal.Kind.user) }
      + declarations.all(.services).map { ($0, .service) } + declarations.all(.groups).map { ($0, .group) }
    for ((name, value, text), kind) in NameOrder.sorted(all, by: \.0.text) {
      model.principalNames[text] = PrincipalID(model.principals.count)
      model.principals.append(.init(name: text, kind: kind, span: name.span, declaration: value))
    }
    for index in model.principals.indices {
      let declaration = model.principals[index].declaration
      guard declaration.isMapping else {
        if model.principals[index].kind == .group { model.groups[PrincipalID(index)] = .init() }
        continue
      }
      switch model.principals[index].kind {
      case .user:
        let view = declaration.record(UserField.self)
        identity(view[.identity])
      case .service:
        let view = declaration.record(ServiceField.self)
        if let owner = view[.owner] { owners([owner]) }
        identity(view[.identity])
      case .group:
        group(PrincipalID(index), declaration.record(GroupField.self))
      }
    }
    groupCycles()
    unknownExceptions()
  }

  /// Owners are people, or groups of them; a service cannot answer for anything.
  @discardableResult
  mutating func owners(_ nodes: [SyntaxNode]) -> [PrincipalID] {
    var found: [PrincipalID] = []
    for node in nodes {
      guard let id = principal(node) else { continue }
      if model[id].kind == .service {
        report(
          Diagnostic(
            .wrongPrincipal, "`\(model[id].name)` is a service: an owner is a user or a group", at: node.span,
            notes: [.init("it is declared here", at: model[id].span)]))
      } else {
        found.append(id)
      }
    }
    return found
  }

  private mutating func identity(_ node: SyntaxNode?) {
    guard let node, node.isMapping else { return }
    let view = node.record(IdentityField.self)
    guard let name = view[.provider] else { return }
    provider(name)
    guard let declared = model.providers[name.text] else { return }
    let type = declared.record(IdentityProviderField.self)[.type]?.text
    let needed: [IdentityField] =
      switch type {
      case "github_actions", "gitlab": [.repository]
      case "oidc", "kubernetes", "aws_iam": view[.claims].map(\.pairs.isEmpty) ?? true ? [.subject] : []
      default: []
      }
    let isForge = type == "github_actions" || type == "gitlab"
    for field in isForge ? [IdentityField.subject] : [.repository, .ref, .environment] {
      guard let node = view[field] else { continue }
      report(
        Diagnostic(
          .inapplicableField, "an identity at `\(name.text)`, which is `\(type ?? "")`, has no `\(field.field.name)`", at: node.span,
          help: isForge ? "write `repository`, and `ref` or `environment`" : "write `subject`, or the claims that its tokens carry"))
    }
    if isForge, let repository = view[.repository], let organization = declared.record(IdentityProviderField.self)[.organization]?.text,
      !repository.text.lowercased().hasPrefix(organization.lowercased() + "/")
    {
      report(
        Diagnostic(
          .incompleteIdentity, "`\(repository.text)` is not a repository of `\(organization)`", at: repository.span,
          notes: [.init("`\(name.text)` vouches for that organisation", at: declared.span)], help: "write `\(organization)/<repository>`"))
    }
    for field in needed where view[field] == nil {
      report(
        Diagnostic(
          .incompleteIdentity, "an identity at `\(name.text)` needs `\(field.field.name)`", at: node.span,
          notes: [.init("without it, whoever holds a token of `\(name.text)` would be this principal"), .about(field.field)]))
    }
  }

  private mutating func group(_ id: PrincipalID, _ view: RecordView<GroupField>) {
    var group = AccessModel.Group()
    group.owners = owners(view.items(.owners))
    group.source = view[.source].flatMap { .init(rawValue: $0.text) } ?? .policy
    for item in view.items(.members) {
      let member = item.isMapping ? item.record(MemberField.self) : nil
      guard let name = member.map({ $0[.name] }) ?? item, let principal = principal(name) else { continue }
      guard let interval = interval(from: member?[.from], until: member?[.until]) else { continue }
      reportEnd(of: "the membership of `\(model[principal].name)` in `\(model[id].name)`", interval, at: member?[.until])
      group.members.append(.init(principal: principal, interval: interval, span: name.span))
    }
    group.except = view.items(.except).compactMap { principal($0) }
    if group.source == .provider {
      if let members = view[.members] {
        report(
          Diagnostic(
            .providerMembers, "`\(model[id].name)` takes its members from the provider, so it cannot list any", at: members.span,
            help: "delete `members`, or write `source: snapshot` where the list is imported"))
      }
      group.members = []
    }
    if group.source != .policy, view[.identity] == nil {
      report(
        Diagnostic(
          .incompleteIdentity, "`\(model[id].name)` takes its members from a provider, but does not say which",
          at: view[.source]?.span ?? model[id].span,
          help: "write `identity: { provider: …, group: … }`"))
    }
    if let identity = view[.identity], identity.isMapping, let name = identity.record(GroupIdentityField.self)[.provider] { provider(name) }
    model.groups[id] = group
  }

  /// A group that contains itself has no meaning: the membership that closes the circle is left out.
  private mutating func groupCycles() {
    let ids = model.groups.keys.sorted()
    let numbers = Dictionary(ids.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    // Who is left out bears on who is in as well: two groups that except each other would have no answer.
    func named(_ number: Int) -> [PrincipalID] {
      guard let group = model.groups[ids[number]] else { return [] }
      return (group.members.map(\.principal) + group.except).filter { numbers[$0] != nil }
    }
    let graph = DirectedGraph(count: ids.count) { named($0).compactMap { numbers[$0] } }
    var removed: [PrincipalID: Set<PrincipalID>] = [:]
    for circle in graph.circles {
      let group = ids[circle.from]
      let inner = named(circle.from)[circle.edge]
      removed[group, default: []].insert(inner)
      if circle.path.isEmpty { continue }
      let names = (circle.path + [circle.path[0]]).map { "`\(model[ids[$0]].name)`" }
      let membership = model.groups[group]?.members.first { $0.principal == inner }
      report(
        Diagnostic(
          .groupCycle, "group `\(model[inner].name)` depends on itself: \(Diagnostic.way(names))",
          at: membership?.span ?? exceptSpan(group, inner),
          help: "take one of these members or exceptions out"))
    }
    for (group, inner) in removed {
      model.groups[group]?.members.removeAll { inner.contains($0.principal) }
      model.groups[group]?.except.removeAll { inner.contains($0) }
    }
  }

  /// Whom a provider's group leaves out is unknown, so nobody could be shown to be left in.
  private mutating func unknownExceptions() {
    let ids = model.groups.keys.sorted()
    let numbers = Dictionary(ids.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let graph = DirectedGraph(count: ids.count) { model.groups[ids[$0]]?.members.compactMap { numbers[$0.principal] } ?? [] }
    // Of each group, the provider's group that it is or contains. Each comes after its members.
    var unknown: [PrincipalID: PrincipalID] = [:]
    for number in graph.order {
      guard let group = model.groups[ids[number]] else { continue }
      unknown[ids[number]] = group.source == .provider ? ids[number] : group.members.lazy.compactMap { unknown[$0.principal] }.first
    }
    for id in ids {
      for other in model.groups[id]?.except ?? [] {
        guard let provider = unknown[other] else { continue }
        let isNested = provider != other
        report(
          Diagnostic(
            .providerMembers, "`\(model[id].name)` cannot leave out `\(model[other].name)`: only the provider knows its members",
            at: exceptSpan(id, other),
            notes: [
              .init(
                isNested ? "it contains `\(model[provider].name)`, which has `source: provider`" : "the group has `source: provider`",
                at: model[provider].span)
            ],
            help: "import the members (`source: snapshot`), or leave out people and services by name"))
      }
    }
  }

  private func exceptSpan(_ group: PrincipalID, _ inner: PrincipalID) -> SourceSpan {
    model[group].declaration.record(GroupField.self).items(.except).first { $0.text.hasSuffix(model[inner].name) }?.span
      ?? model[group].span
  }
}

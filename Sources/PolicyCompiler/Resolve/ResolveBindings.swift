extension Resolver {
  /// The bindings, and what only looks at the other sections, side by side where there are many.
  mutating func bindings(many: Int) {
    let nodes = declarations.bindings
    let parts = BindingParts(count: nodes.count, many: many)
    guard parts.count > 1 else {
      sharedAccounts()
      sharedSecrets()
      for node in nodes { binding(node) }
      return
    }
    take(parts.resolved(nodes, by: partly(parts.count)))
  }

  mutating func binding(_ node: SyntaxNode) {
    guard node.isMapping else { return }
    let view = Fields(node)
    let firstRole = model.bindingRoles.count
    var hasUnknown = false
    for item in view.items(.role) {
      if let id = role(item) { model.bindingRoles.append(id) } else { hasUnknown = true }
    }
    let roles = firstRole..<model.bindingRoles.count
    let firstTarget = model.bindingTargets.count
    for item in view.items(.to) {
      if let id = principal(item) { model.bindingTargets.append(.init(principal: id, span: item.span)) } else { hasUnknown = true }
    }
    let targets = firstTarget..<model.bindingTargets.count
    let permissions = permissions(view[.can])
    if !view.has(.role), !view.has(.can) {
      // A misspelt field has been reported, and is what is wrong.
      if node.pairs.contains(where: { $0.key.field == nil }) { return }
      report(
        Diagnostic(
          .missingField, "a binding needs `role` or `can`", at: node.span.part(0..<node.firstLineLength),
          notes: [.init("`role` gives a role, `can` single permissions")]))
      return
    }
    var resources: Range<Int>?
    if view.has(.resources) {
      let first = model.bindingResources.count
      for item in view.items(.resources) {
        if let id = pattern(item, action: nil) { model.bindingResources.append(id) } else { hasUnknown = true }
      }
      resources = first..<model.bindingResources.count
    }
    let from = view[.from]
    let until = view[.until]
    let span = from == nil && until == nil ? Interval.always : interval(from: from, until: until)
    guard let span else { return }
    if until != nil { reportEnd(of: "this binding", span, at: until) }
    let environments = environments(view.items(.environments))
    let binding = AccessModel.Binding(
      roles: roles, targets: targets, permissions: permissions, resources: resources, environments: environments, interval: span,
      declaration: node)
    model.bindings.append(binding)
    if !hasUnknown, !environments.isEmpty { reach(binding, view) }
    providerPlaceholders(binding)
  }

  /// The fields of a binding, found in one pass: there are more bindings than anything else.
  private struct Fields: ~Copyable {
    private let tree: SyntaxTree
    // INVARIANT: a binding has at most sixteen fields.
    private var values = InlineArray<16, Int32>(repeating: -1)

    init(_ node: SyntaxNode) {
      tree = node.tree
      for (key, value) in tree.pairs(node.id) {
        if let field = tree.field(key), !tree.isNull(value) { values[field] = Int32(value) }
      }
    }

    func has(_ key: BindingField) -> Bool { values[key.rawValue] >= 0 }

    subscript(key: BindingField) -> SyntaxNode? { has(key) ? SyntaxNode(tree: tree, id: Int(values[key.rawValue])) : nil }

    func items(_ key: BindingField) -> some Sequence<SyntaxNode> {
      let tree = tree
      return (has(key) ? tree.items(Int(values[key.rawValue])) : SyntaxTree.Items.none(tree)).lazy.map { SyntaxNode(tree: tree, id: $0) }
    }
  }

  // MARK: What it reaches

  /// A grant exists only where its system does: in none of a binding's environments is a mistake, in some a note.
  private mutating func reach(_ binding: AccessModel.Binding, _ view: borrowing Fields) {
    var reached = EnvironmentSet()
    var hasPermissions = false
    for role in model.bindingRoles[binding.roles] {
      let (environments, isEmpty) = reach(of: role)
      reached = reached.union(environments)
      if !isEmpty { hasPermissions = true }
    }
    if !binding.permissions.isEmpty {
      hasPermissions = true
      reached = reached.union(environments(of: binding.permissions))
    }
    guard hasPermissions else {
      // A role whose permissions are all in error has them: each has been reported.
      let hasBroken = model.bindingRoles[binding.roles].contains {
        model[$0].closure.contains { model[$0].declaration.mentionsPermissions }
      }
      if view.has(.role), !view.has(.can), !model.bindingRoles[binding.roles].isEmpty, !hasBroken {
        report(
          Diagnostic(
            .emptyBinding, "this binding gives nothing: its role has no permissions", at: view[.role]?.span,
            notes: model.bindingRoles[binding.roles].prefix(1).map { .init("the role is declared here", at: model[$0].span) }))
      }
      return
    }
    let missing = binding.environments.subtracting(reached)
    guard !missing.isEmpty else { return }
    let names = model.names(missing)
    if missing == binding.environments {
      report(
        Diagnostic(
          .missingEnvironment, "this binding gives nothing: none of its systems exists in \(Diagnostic.listed(names))",
          at: view[.environments]?.span,
          notes: reached.isEmpty ? [] : [.init("they exist in \(Diagnostic.listed(model.names(reached)))")]))
    } else {
      for item in view.items(.environments) where names.contains(item.text) {
        report(
          Diagnostic(
            .missingEnvironment, "this binding gives nothing in `\(item.text)`: none of its systems exists there", at: item.span,
            severity: .note))
      }
    }
  }

  /// The environments in which something that the role gives can exist, and whether it gives nothing at all.
  private mutating func reach(of role: RoleID) -> (environments: EnvironmentSet, isEmpty: Bool) {
    if let known = roleReach[role] { return known }
    var found: (environments: EnvironmentSet, isEmpty: Bool) = (EnvironmentSet(), true)
    for other in model[role].closure where !model[other].permissions.isEmpty {
      found = (found.environments.union(environments(of: model[other].permissions)), false)
    }
    roleReach[role] = found
    return found
  }

  private func environments(of permissions: Range<Int>) -> EnvironmentSet {
    var found = EnvironmentSet()
    for permission in permissions {
      for id in model.permissions[permission].of { found = found.union(model.patterns[id.offset].environments) }
    }
    return found
  }

  /// `${principal}` needs a name for each member, which a provider's group does not have, nor a group that contains one.
  private mutating func providerPlaceholders(_ binding: AccessModel.Binding) {
    guard model.bindingTargets[binding.targets].contains(where: { model.principals[$0.principal.offset].kind == .group }),
      let permission = personalPermission(of: binding)
    else { return }
    for target in model.bindingTargets[binding.targets] {
      guard let provider = providerGroup(in: target.principal) else { continue }
      var notes = [Diagnostic.Note("the placeholder is in this permission", at: permission.span)]
      if provider != target.principal {
        notes.append(.init("it contains `\(model[provider].name)`, which has `source: provider`", at: model[provider].span))
      }
      report(
        Diagnostic(
          .providerMembers, "`${principal}` has no meaning for `\(model[target.principal].name)`: only the provider knows its members",
          at: target.span,
          notes: notes, help: "import the members (`source: snapshot`), or give a role without `${principal}`"))
    }
  }

  /// A permission of the binding that names `${principal}`; of each role worked out once.
  private mutating func personalPermission(of binding: AccessModel.Binding) -> AccessModel.Permission? {
    for permission in binding.permissions where isPersonal(permission) { return model.permissions[permission] }
    for role in model.bindingRoles[binding.roles] {
      if let found = personalPermission(of: role) { return model.permissions[found] }
    }
    return nil
  }

  private mutating func personalPermission(of role: RoleID) -> Int? {
    if let known = rolePersonal[role] { return known }
    var found: Int?
    for other in model.roles[role.offset].closure where found == nil {
      for permission in model.roles[other.offset].permissions where isPersonal(permission) {
        found = permission
        break
      }
    }
    rolePersonal[role] = .some(found)
    return found
  }

  private func isPersonal(_ permission: Int) -> Bool {
    let it = model.permissions[permission]
    return it.of.contains { model.patterns[$0.offset].pattern.mentionsPrincipal }
      || it.except.contains { model.patterns[$0.offset].pattern.mentionsPrincipal }
  }

  /// The provider's group that a group is or contains, whenever that is.
  private func providerGroup(in principal: PrincipalID) -> PrincipalID? {
    guard model[principal].kind == .group else { return nil }
    var seen: Set<PrincipalID> = [principal]
    var queue = [principal]
    while let id = queue.popLast() {
      guard let group = model.groups[id] else { continue }
      if group.source == .provider { return id }
      for member in group.members where model[member.principal].kind == .group {
        if seen.insert(member.principal).inserted { queue.append(member.principal) }
      }
    }
    return nil
  }
}

extension SyntaxNode {
  /// Whether a role's declaration lists any resource for any action.
  fileprivate var mentionsPermissions: Bool {
    guard isMapping, let can = record(RoleField.self)[.can], can.isMapping else { return false }
    return can.pairs.contains { !$0.value.items.isEmpty }
  }

  /// The bytes of the node's first line.
  var firstLineLength: Int {
    let range = Int(span.start)..<Int(span.end)
    let end = tree.bytes[range].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? range.upperBound
    return end - range.lowerBound
  }
}

import PolicyCompiler

/// Lowers what a policy gives on one database, at one instant, to roles, memberships and grants.
///
/// The policy's structure stays: a role is a role, inheritance and bindings are memberships, a group is a role with its members.
/// What is each person's own (`${principal}`), or narrowed by a binding, is granted to whom the binding names.
struct PostgresPlanner {
  private let policy: CompiledPolicy
  private let rolePrefix: String
  private var plan: PostgresPlan
  private var problems: [Diagnostic] = []
  /// Who is in the groups that have come up.
  private var known: [PrincipalID: [PrincipalID]] = [:]

  private var model: AccessModel { _read { yield policy.model } }

  static func plan(
    _ policy: CompiledPolicy, _ system: SystemID, in environment: EnvironmentID, rolePrefix: String
  ) -> Checked<PostgresPlan> {
    var planner = PostgresPlanner(
      policy: policy, rolePrefix: rolePrefix, plan: PostgresPlan(system: system, environment: environment))
    for binding in policy.model.bindings.indices { planner.add(BindingID(binding)) }
    planner.name()
    return Checked(value: planner.plan, diagnostics: planner.problems)
  }

  private init(policy: CompiledPolicy, rolePrefix: String, plan: PostgresPlan) {
    self.policy = policy
    self.rolePrefix = rolePrefix
    self.plan = plan
  }

  // MARK: Bindings

  private mutating func add(_ id: BindingID) {
    let binding = model[id]
    guard binding.environments.contains(plan.environment) else { return }
    let inline = binding.permissions.map(PermissionID.init).filter(isHere)
    let roles = model.bindingRoles[binding.roles].filter { role in model[role].closure.contains { !permissions(of: $0).isEmpty } }
    guard !inline.isEmpty || !roles.isEmpty else { return }
    note(edgesOf: IntervalSet(binding.interval))
    let isHeld = binding.interval.contains(policy.instant)
    for target in model.bindingTargets[binding.targets] {
      if model[target.principal].kind == .group, known[target.principal] == nil {
        for member in policy.grants.membership.members(of: target.principal) { note(edgesOf: member.times) }
      }
      guard isHeld else { continue }
      let holder = PostgresPlan.Holder.principal(target.principal)
      let people = people(of: target.principal)
      plan.subjects.formUnion(people)
      plan.grants[holder, default: []] += []
      let within = binding.resources.map { Array(model.bindingResources[$0]) }
      for role in roles {
        if within == nil {
          plan.members[.init(role: .role(role), member: holder)] = binding.span
          add(role)
        }
        for inherited in model[role].closure {
          for permission in permissions(of: inherited) where within != nil || isPersonal(permission, nil) {
            give(permission, to: holder, people, within, binding.span)
          }
        }
      }
      for permission in inline { give(permission, to: holder, people, within, binding.span) }
    }
  }

  /// The role itself, what it inherits, and what these hold.
  private mutating func add(_ role: RoleID) {
    guard plan.grants[.role(role)] == nil else { return }
    for id in model[role].closure where plan.grants[.role(id)] == nil && !model[id].closure.allSatisfy({ permissions(of: $0).isEmpty }) {
      plan.grants[.role(id)] = []
      for (inherited, span) in zip(model[id].inherits, model[id].inheritSpans)
      where !model[inherited].closure.allSatisfy({ permissions(of: $0).isEmpty }) {
        plan.members[.init(role: .role(inherited), member: .role(id))] = span
      }
      for permission in permissions(of: id) where !isPersonal(permission, nil) {
        append(grants(permission, for: nil, nil), to: .role(id), permission, nil)
      }
    }
  }

  /// What a permission gives to a binding's target, or where it is each person's own, to each of the people.
  private mutating func give(
    _ permission: PermissionID, to holder: PostgresPlan.Holder, _ people: [PrincipalID], _ within: [PatternID]?, _ binding: SourceSpan
  ) {
    guard isPersonal(permission, within) else {
      append(grants(permission, for: nil, within), to: holder, permission, binding)
      return
    }
    for person in people where model[person].kind != .group {
      append(grants(permission, for: person, within), to: .principal(person), permission, binding)
    }
  }

  private mutating func append(
    _ grants: [PostgresPlan.Grant], to holder: PostgresPlan.Holder, _ permission: PermissionID, _ binding: SourceSpan?
  ) {
    let span = model[permission].span
    if model[permission].action == "own" { plan.owning.append(span) }
    for grant in grants where plan.grants[holder]?.contains(where: { $0.grant == grant }) != true {
      plan.grants[holder, default: []].append(.init(grant: grant, permission: span, binding: binding))
    }
  }

  /// Who is in a group now; of itself where it is none, or nobody knows who is in it.
  private mutating func people(of principal: PrincipalID) -> [PrincipalID] {
    guard model[principal].kind == .group, let group = model.groups[principal], group.source != .provider else { return [principal] }
    if let known = known[principal] { return known }
    var found: [PrincipalID] = []
    let spans = Dictionary(group.members.map { ($0.principal, $0.span) }, uniquingKeysWith: { first, _ in first })
    for member in policy.grants.membership.members(of: principal) where member.times.contains(policy.instant) {
      let span = spans[member.principal] ?? model[principal].span
      if model[member.principal].kind == .group, member.isPartial {
        plan.leftOut.append((member.principal, principal, span))
      } else {
        plan.members[.init(role: .principal(principal), member: .principal(member.principal))] = span
        plan.grants[.principal(member.principal), default: []] += []
        found.append(member.principal)
      }
    }
    known[principal] = found
    return found
  }

  private mutating func note(edgesOf times: IntervalSet) {
    for edge in times.edges where edge > policy.instant && edge < plan.notAfter ?? .distantFuture { plan.notAfter = edge }
  }

  // MARK: Permissions

  private func isHere(_ id: PatternID) -> Bool { model[id].root == .system(plan.system) }
  private func isHere(_ permission: PermissionID) -> Bool { model[permission].of.contains(where: isHere) }
  private func permissions(of role: RoleID) -> [PermissionID] { model[role].permissions.map(PermissionID.init).filter(isHere) }

  private func isPersonal(_ permission: PermissionID, _ within: [PatternID]?) -> Bool {
    let it = model[permission]
    return (it.of + it.except + (within ?? [])).contains { isHere($0) && model[$0].pattern.mentionsPrincipal }
  }

  private func grants(_ id: PermissionID, for person: PrincipalID?, _ within: [PatternID]?) -> [PostgresPlan.Grant] {
    func filled(_ patterns: [PatternID]) -> [ResourcePattern] {
      patterns.filter(isHere).compactMap {
        model[$0].pattern.filled(principal: person.map { model[$0].name } ?? "", environment: model[plan.environment].name)
      }
    }
    let permission = model[id]
    let (of, except, narrowed) = (filled(permission.of), filled(permission.except), within.map(filled))
    return Self.privileges(of: permission.action).compactMap { kind, depth, privileges in
      func globs(_ patterns: [ResourcePattern]) -> [String] {
        var seen: Set<[UInt8]> = []
        return patterns.flatMap { $0.globs(depth: depth) }.filter { seen.insert(Array($0.utf8)).inserted }
      }
      let (resources, excepted, within) = (globs(of), globs(except), narrowed.map(globs))
      if resources.isEmpty || within?.isEmpty == true { return nil }
      // There is one database: what is left out of it leaves nothing.
      if kind == .database, !excepted.isEmpty { return nil }
      return .init(
        action: permission.action, privileges: privileges, kind: kind, resources: resources, excepted: excepted, within: within)
    }
  }

  /// What PostgreSQL calls an action, at each depth; with what it needs besides.
  private static func privileges(of action: String) -> [(kind: PostgresPlan.Grant.Kind, depth: Int, privileges: [String])] {
    switch action {
    case "connect": [(.database, 0, ["CONNECT"])]
    case "read": [(.object, 2, ["SELECT"])]
    // UPDATE and DELETE read the rows that they are about.
    case "write": [(.object, 2, ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"])]
    case "create": [(.database, 0, ["CREATE"]), (.schema, 1, ["USAGE", "CREATE"])]
    default: []
    }
  }

  // MARK: Names

  private mutating func name() {
    let system = model[plan.system].name
    for holder in plan.grants.keys.sorted() {
      switch holder {
      case .role(let id):
        let own = model[id].declaration.isMapping ? model[id].declaration.value(of: "name_on")?.value(of: system) : nil
        plan.roles.append(
          .init(
            holder: holder, kind: .role, policyName: model[id].name, name: rolePrefix + model.roleName(id, on: system),
            span: own?.span ?? model[id].span))
      case .principal(let id):
        let it = model[id]
        let account = model.account(of: id, on: system, in: model[plan.environment].name)
        let span = it.declaration.isMapping ? it.declaration.value(of: "accounts")?.value(of: system)?.span : nil
        let kind: PostgresPlan.Role.Kind =
          it.kind != .group ? .account : model.groups[id]?.source == .provider ? .openGroup : .group
        plan.roles.append(
          .init(
            holder: holder, kind: kind, policyName: it.name, name: (it.kind == .group ? rolePrefix : "") + account, span: span ?? it.span))
      }
    }
    problems += PostgresNames.problems(plan.roles, leaves: model.leaves(of: plan.system))
  }
}

extension AccessModel {
  /// Patterns of the roles that Writ never touches there.
  func leaves(of system: SystemID) -> [SyntaxNode] {
    self[system].declaration.value(of: "manages")?.value(of: "leaves")?.items.filter(\.isScalar) ?? []
  }

  /// What schemas are called there, where it is not what the policy calls them; by name in the policy.
  func schemaNames(of system: SystemID, in environment: EnvironmentID) -> [(policy: SyntaxNode, here: SyntaxNode)] {
    let pairs = self[system].declaration.value(of: "names")?.pairs ?? []
    return pairs.compactMap { key, value in
      let here = value.isScalar ? value : value.value(of: self[environment].name)
      return here.flatMap { $0.isScalar && $0.text != key.text ? (key, $0) : nil }
    }.sorted { $0.policy.text.utf8.lexicographicallyPrecedes($1.policy.text.utf8) }
  }
}

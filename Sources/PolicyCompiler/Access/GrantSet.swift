import Synchronization

/// The relation of who may do what, where and when, as bindings, roles, groups and sessions give it.
///
/// Nothing is multiplied out: bindings are found by their holder or by their role, groups and roles stay symbolic, and a
/// question is answered by walking from the principal outwards (`grants(of:)`) or from the permission inwards
/// (`holders(of:)`). What several questions share is worked out once.
///
/// A class, because everybody who asks shares it: copying the model's lists would cost more than most questions.
package final class GrantSet: Sendable {
  package let model: AccessModel
  package let membership: Membership
  let connections: ConnectionIndex
  /// The groups whose members only their provider knows.
  let providerGroups: [PrincipalID]
  /// Bindings by holder, packed: those of principal `p` are `bindings[starts[p]..<starts[p + 1]]`.
  private let starts: [Int32]
  private let bindings: [BindingID]
  /// Of each permission: the role that owns it, or -1 - the binding.
  private let owners: [Int32]
  /// Of each role, the permissions in its closure that open sessions: to assume, or to call a route that acts as one.
  private let sessionPermissions: [[PermissionID]]
  let memo: Memo

  /// - Parameter other: a relation of a policy that differs in nothing but bindings.
  package init(_ model: AccessModel, sharing other: GrantSet? = nil) {
    self.model = model
    membership = other?.membership ?? Membership(model)
    memo = Memo(sharing: other?.memo)
    let connections = other?.connections ?? ConnectionIndex(model)
    self.connections = connections
    providerGroups = other?.providerGroups ?? model.groups.filter { $0.value.source == .provider }.keys.sorted()
    if let other {
      sessionPermissions = other.sessionPermissions
    } else {
      let own = model.roles.map { role in
        role.permissions.filter { Self.opensSessions(model.permissions[$0].action, connections) }.map(PermissionID.init)
      }
      sessionPermissions = model.roles.map { role in role.closure.flatMap { own[$0.offset] } }
    }
    // Those of bindings that were taken out belong to nobody.
    var owners = [Int32](repeating: .min, count: model.permissions.count)
    for index in model.roles.indices { for permission in model.roles[index].permissions { owners[permission] = Int32(index) } }
    // Lists by themselves, since a model is passed around with all that it holds.
    let (all, targets) = (model.bindings, model.bindingTargets)
    for index in all.indices { for permission in all[index].permissions { owners[permission] = -1 - Int32(index) } }
    self.owners = owners
    var counts = [Int32](repeating: 0, count: model.principals.count + 1)
    for binding in all { for index in binding.targets { counts[targets[index].principal.offset + 1] += 1 } }
    for index in counts.indices.dropFirst() { counts[index] += counts[index - 1] }
    starts = counts
    var cursor = counts
    var packed = [BindingID](repeating: BindingID(0), count: Int(counts.last ?? 0))
    for index in all.indices {
      for target in all[index].targets {
        let principal = targets[target].principal.offset
        packed[Int(cursor[principal])] = BindingID(index)
        cursor[principal] += 1
      }
    }
    bindings = packed
  }

  /// The users, services and groups of unknown members: those that answers are about.
  package var subjects: [PrincipalID] {
    model.principals.indices.map(PrincipalID.init).filter(isSubject)
  }

  package func isSubject(_ principal: PrincipalID) -> Bool {
    model[principal].kind != .group || model.groups[principal]?.source == .provider
  }

  // MARK: Bindings

  package func bindings(heldBy principal: PrincipalID) -> ArraySlice<BindingID> {
    bindings[Int(starts[principal.offset])..<Int(starts[principal.offset + 1])]
  }

  /// One binding that reaches a principal.
  package struct Holding: Sendable {
    package let binding: BindingID
    /// Whom the binding names: the principal itself, or a group that it is in.
    package let holder: PrincipalID
    package let times: IntervalSet
    package let isPartial: Bool
  }

  /// The bindings that the principal ever has in this environment, its groups' included.
  package func holdings(of principal: PrincipalID, in environment: EnvironmentID) -> [Holding] {
    var found: [Holding] = []
    func add(_ holder: PrincipalID, _ times: IntervalSet, _ isPartial: Bool) {
      for id in bindings(heldBy: holder) where model.bindings[id.offset].environments.contains(environment) {
        let both = times.intersection(model.bindings[id.offset].interval)
        if !both.isEmpty { found.append(Holding(binding: id, holder: holder, times: both, isPartial: isPartial)) }
      }
    }
    add(principal, .always, false)
    for group in membership.groups(of: principal) { add(group.group, group.times, group.isPartial) }
    return found
  }

  /// The bindings that the principal surely has at a moment, its groups' included.
  package func bindings(heldBy principal: PrincipalID, in environment: EnvironmentID, at instant: Instant) -> [BindingID] {
    var found: [BindingID] = []
    func add(_ holder: PrincipalID) {
      for id in bindings(heldBy: holder) where model.bindings[id.offset].environments.contains(environment) {
        if model.bindings[id.offset].interval.contains(instant) { found.append(id) }
      }
    }
    add(principal)
    for group in membership.groups(of: principal) where !group.isPartial && group.times.contains(instant) { add(group.group) }
    return found
  }

  func gives(_ role: RoleID, _ binding: BindingID) -> Bool {
    model.bindingRoles[model.bindings[binding.offset].roles].contains { model.roles[$0.offset].closure.contains(role) }
  }

  // MARK: Permissions

  /// The role that a permission stands in; nil where it stands in a binding.
  package func role(of permission: PermissionID) -> RoleID? {
    owners[permission.offset] >= 0 ? RoleID(Int(owners[permission.offset])) : nil
  }

  /// The binding that a permission stands in; nil where it stands in a role.
  package func binding(of permission: PermissionID) -> BindingID? {
    let owner = owners[permission.offset]
    return owner < 0 && owner != .min ? BindingID(Int(-1 - owner)) : nil
  }

  /// The permissions that a binding gives; within a session's role, only those of the role: whoever holds it holds all
  /// that it inherits, and the binding adds nothing within it.
  func permissions(of binding: BindingID, within role: RoleID?) -> [PermissionID] {
    if let role { return permissions(of: role) }
    let it = model.bindings[binding.offset]
    let roles = model.bindingRoles[it.roles]
    var found: [PermissionID]
    if roles.count == 1 {
      found = permissions(of: roles[roles.startIndex])
    } else {
      found = Set(roles.flatMap { model.roles[$0.offset].closure }).sorted().flatMap {
        model.roles[$0.offset].permissions.map(PermissionID.init)
      }
    }
    found += it.permissions.map(PermissionID.init)
    return found
  }

  private func permissions(of role: RoleID) -> [PermissionID] {
    model.roles[role.offset].closure.flatMap { model.roles[$0.offset].permissions.map(PermissionID.init) }
  }

  /// The same, of those that open sessions.
  func sessionPermissions(of binding: BindingID, within role: RoleID?) -> [PermissionID] {
    if let role { return sessionPermissions[role.offset] }
    let it = model.bindings[binding.offset]
    let given = model.bindingRoles[it.roles].flatMap { sessionPermissions[$0.offset] }
    return given + it.permissions.filter { Self.opensSessions(model.permissions[$0].action, connections) }.map(PermissionID.init)
  }

  /// The patterns that hold `${principal}`, the longest first.
  var personalPatterns: [ResourcePattern] {
    memo.personalPatterns {
      model.patterns.map(\.pattern).filter(\.mentionsPrincipal).sorted { ($1.text.utf8.count, $0.text) < ($0.text.utf8.count, $1.text) }
    }
  }

  private static func opensSessions(_ action: String, _ connections: ConnectionIndex) -> Bool {
    action == "assume" || (action == "call" && !connections.actingRoutes.isEmpty)
  }

  func passes(_ permission: PermissionID, _ filter: GrantFilter?) -> Bool {
    guard let filter else { return true }
    let it = model.permissions[permission.offset]
    return it.action == filter.action && it.of.contains { model.patterns[$0.offset].root == filter.root }
  }

  // MARK: One resource

  /// Whether a permission as a binding gives it covers a resource, for a principal whose name fills `${principal}`.
  func gives(
    _ permission: PermissionID, _ binding: BindingID, _ resource: Resource, _ principal: PrincipalID, _ environment: EnvironmentID
  ) -> Bool {
    let it = model.permissions[permission.offset]
    guard it.of.contains(where: { matches($0, resource, principal, environment) }),
      !it.except.contains(where: { matches($0, resource, principal, environment) })
    else { return false }
    guard let narrowed = model.bindings[binding.offset].resources else { return true }
    return model.bindingResources[narrowed].contains { matches($0, resource, principal, environment) }
  }

  func matches(_ id: PatternID, _ resource: Resource, _ principal: PrincipalID, _ environment: EnvironmentID) -> Bool {
    guard model.patterns[id.offset].root == resource.root else { return false }
    var pattern = model.patterns[id.offset].pattern
    if pattern.hasPlaceholder {
      guard let filled = pattern.filled(principal: model[principal].name, environment: model[environment].name) else { return false }
      pattern = filled
    }
    return pattern.matches(resource.path, foldingCase: foldsCase(resource.root))
  }

  package func foldsCase(_ root: AccessModel.ResolvedPattern.Root) -> Bool { model.foldsCase(root) }

  /// Whether the resource can exist there: its system or its connection must.
  package func exists(_ resource: Resource, in environment: EnvironmentID) -> Bool {
    switch resource.root {
    case .system(let system): model.systems[system.offset].environments.contains(environment)
    case .secrets: true
    case .connections:
      resource.path.first.flatMap { model.connectionNames[$0] }.map { model[$0].environments.contains(environment) } ?? false
    }
  }

  // MARK: Connections

  /// Connections by how one comes to them.
  struct ConnectionIndex: Sendable {
    let byPrincipal: [PrincipalID: [ConnectionID]]
    /// Those with `principal: self`.
    let ofCallers: [ConnectionID]
    let actingRoutes: [(system: SystemID, name: String, target: ConnectionID)]

    init(_ model: AccessModel) {
      var owned: [PrincipalID: [ConnectionID]] = [:]
      var open: [ConnectionID] = []
      for (index, connection) in model.connections.enumerated() {
        switch connection.identity {
        case .principal(let id): owned[id, default: []].append(ConnectionID(index))
        case .caller: open.append(ConnectionID(index))
        }
      }
      byPrincipal = owned
      ofCallers = open
      actingRoutes = model.systems.enumerated().flatMap { index, system in
        system.routes.values.sorted { $0.name < $1.name }.compactMap { route in route.actsAs.map { (SystemID(index), route.name, $0) } }
      }
    }
  }
}

extension AccessModel {
  /// Whether names below the root are the same in any case.
  func foldsCase(_ root: ResolvedPattern.Root) -> Bool {
    if case .system(let system) = root { systems[system.offset].type.foldsCase } else { false }
  }
}

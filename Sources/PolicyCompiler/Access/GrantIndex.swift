import Synchronization

/// The relation of who may do what, as bindings, roles and groups give it; nothing is multiplied out.
///
/// Bindings are found by their holder, roles and groups stay symbolic, and a question is answered by walking from the
/// principal outwards.
///
/// A class, because everybody who asks shares it: copying the model's lists would cost more than most questions.
package final class GrantIndex: Sendable {
  package let model: AccessModel
  package let membership: Membership
  /// Bindings by holder, packed: those of principal `p` are `bindings[starts[p]..<starts[p + 1]]`.
  private let starts: [Int32]
  private let bindings: [BindingID]
  let connections: ConnectionIndex
  struct SessionKey: Hashable {
    let connection: ConnectionID
    /// Whom the session acts as: with `principal: self`, whoever opened it.
    let principal: PrincipalID
    let environment: EnvironmentID
    let instant: Instant
  }

  /// What sessions lead to in one step, as far as somebody has asked.
  let sessionEdges = Mutex<[SessionKey: [(ConnectionID, AssumeProof.Step, isDirect: Bool)]]>([:])
  /// Of each role, the permissions in its closure that open sessions: to assume, or to call a route that acts as one.
  private let sessionPermissions: [[PermissionID]]

  package init(_ model: AccessModel) {
    self.model = model
    membership = Membership(model)
    let connections = ConnectionIndex(model)
    self.connections = connections
    let own = model.roles.map { role in
      role.permissions.filter { Self.opensSessions(model.permissions[$0].action, connections) }.map(PermissionID.init)
    }
    sessionPermissions = model.roles.map { role in role.closure.flatMap { own[$0.offset] } }
    var counts = [Int32](repeating: 0, count: model.principals.count + 1)
    for binding in model.bindings {
      for target in model.bindingTargets[binding.targets] { counts[target.principal.offset + 1] += 1 }
    }
    for index in counts.indices.dropFirst() { counts[index] += counts[index - 1] }
    starts = counts
    var cursor = counts
    var packed = [BindingID](repeating: BindingID(0), count: Int(counts.last ?? 0))
    for (index, binding) in model.bindings.enumerated() {
      for target in model.bindingTargets[binding.targets] {
        packed[Int(cursor[target.principal.offset])] = BindingID(index)
        cursor[target.principal.offset] += 1
      }
    }
    bindings = packed
  }

  package func bindings(heldBy principal: PrincipalID) -> ArraySlice<BindingID> {
    bindings[Int(starts[principal.offset])..<Int(starts[principal.offset + 1])]
  }

  /// One binding that reaches a principal.
  package struct Holding: Sendable {
    package let binding: BindingID
    /// Whom the binding names: the principal itself, or a group that it is in.
    package let holder: PrincipalID
  }

  /// The bindings that the principal has in this environment at this instant, its groups' included.
  package func holdings(of principal: PrincipalID, in environment: EnvironmentID, at instant: Instant) -> [Holding] {
    var found: [Holding] = []
    for holder in [principal] + membership.groups(of: principal, at: instant).groups.sorted() {
      for id in bindings(heldBy: holder) {
        let binding = model[id]
        if binding.environments.contains(environment), binding.interval.contains(instant) {
          found.append(Holding(binding: id, holder: holder))
        }
      }
    }
    return found
  }

  /// The permissions that a binding gives and that open sessions; within a session's role, only those of the role.
  func sessionPermissions(of binding: AccessModel.Binding, within role: RoleID?) -> [PermissionID] {
    guard let role else {
      let given = model.bindingRoles[binding.roles].flatMap { sessionPermissions[$0.offset] }
      let inline = binding.permissions.filter { Self.opensSessions(model.permissions[$0].action, connections) }.map(PermissionID.init)
      return given + inline
    }
    // Whoever holds the role holds all that it inherits: the binding adds nothing within it.
    return sessionPermissions[role.offset]
  }

  private static func opensSessions(_ action: String, _ connections: ConnectionIndex) -> Bool {
    action == "assume" || (action == "call" && !connections.actingRoutes.isEmpty)
  }

  /// Whether a permission covers a resource, for a principal whose name fills `${principal}`.
  func covers(_ permission: AccessModel.Permission, _ resource: Resource, principal: PrincipalID, environment: EnvironmentID) -> Bool {
    permission.of.contains { matches($0, resource, principal, environment) }
      && !permission.except.contains { matches($0, resource, principal, environment) }
  }

  func matches(_ id: PatternID, _ resource: Resource, _ principal: PrincipalID, _ environment: EnvironmentID) -> Bool {
    guard model.patterns[id.offset].root == resource.root else { return false }
    let resolved = model.patterns[id.offset]
    var pattern = resolved.pattern
    if pattern.mentions(.principal) || pattern.mentions(.environment) {
      let text = Placeholder.fill(pattern.text, principal: model[principal].name, environment: model[environment].name)
      guard case .success(let filled) = ResourcePattern.parse(text) else { return false }
      pattern = filled
    }
    var foldsCase = false
    if case .system(let system) = resolved.root { foldsCase = model[system].type.foldsCase }
    return pattern.matches(resource.path, foldingCase: foldsCase)
  }

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

  /// One concrete resource.
  package struct Resource: Hashable, Sendable {
    let root: AccessModel.ResolvedPattern.Root
    let path: [String]

    package static func connection(_ name: String) -> Resource { Resource(root: .connections, path: [name]) }
  }
}

/// The resources of grants, as sets.
extension GrantSet {
  /// What a grant is about: exactly the resources that its permission covers in its environment, as its binding narrows
  /// them.
  package func resources(of grant: Grant) throws(ResourceSetTooComplex) -> ResourceSet {
    switch grant.basis {
    case .permission(let permission, let binding): return try resources(permission, binding, grant.subject, grant.environment)
    case .role: return .empty
    case .ownConnection(let id), .callerConnection(let id, _): return connectionSet([id])
    case .credential(let id): return credentials(of: id, in: grant.environment, as: grant.subject)
    }
  }

  /// Whether a grant covers one resource.
  package func covers(_ grant: Grant, _ resource: Resource) -> Bool {
    switch grant.basis {
    case .permission(let permission, let binding):
      if resource.root == .connections {
        guard let name = resource.path.first, let id = model.connectionNames[name], opens(id, in: grant.environment) else { return false }
      } else if !exists(resource, in: grant.environment) {
        return false
      }
      return gives(permission, binding, resource, grant.subject, grant.environment)
    case .role: return false
    case .ownConnection(let id), .callerConnection(let id, _): return resource == .connection(model[id].name)
    case .credential(let id):
      guard resource.root == .secrets else { return false }
      return model.credentials(of: id, in: grant.environment, as: grant.subject).contains { $0.secretPath == resource.path }
    }
  }

  /// The action of a grant.
  package func action(of grant: Grant) -> String {
    switch grant.basis {
    case .permission(let permission, _): model.permissions[permission.offset].action
    case .role: ""
    case .ownConnection, .callerConnection: "assume"
    case .credential: "read"
    }
  }

  /// What a permission covers as a binding gives it to somebody whose name fills `${principal}`.
  func resources(
    _ permission: PermissionID, _ binding: BindingID, _ subject: PrincipalID, _ environment: EnvironmentID
  ) throws(ResourceSetTooComplex) -> ResourceSet {
    let it = model.permissions[permission.offset]
    let narrowed = model.bindings[binding.offset].resources
    let isPersonal = mentionsPrincipal(permission, model.bindings[binding.offset])
    let key = Memo.SetKey(
      permission: permission, binding: narrowed == nil ? nil : binding, subject: isPersonal ? subject : nil, environment: environment)
    if let known = memo.resources(key) { return known }
    let except = it.except.compactMap { path($0, subject, environment) }
    let of = it.of.filter { model.patterns[$0.offset].environments.contains(environment) }
    var set = try ResourceSet(
      of.filter { model.patterns[$0.offset].root != .connections }.compactMap { path($0, subject, environment) }, except: except)
    // Connections are those that there are, so that a new one is a new grant.
    let named = of.filter { model.patterns[$0.offset].root == .connections }
    if !named.isEmpty {
      let open = connections(named, subject, environment).filter { id in
        let resource = Resource.connection(model.connections[id.offset].name)
        return opens(id, in: environment) && !it.except.contains { matches($0, resource, subject, environment) }
      }
      set = set.union(connectionSet(open))
    }
    if let narrowed {
      set = try set.intersection(ResourceSet(model.bindingResources[narrowed].compactMap { path($0, subject, environment) }))
    }
    memo.keep(set, for: key)
    return set
  }

  /// The connections that patterns match, in order: known of those that do not depend on who asks.
  private func connections(_ patterns: [PatternID], _ subject: PrincipalID, _ environment: EnvironmentID) -> [ConnectionID] {
    let found = patterns.flatMap { pattern in
      model.patterns[pattern.offset].connections
        ?? model.connections.indices.map(ConnectionID.init).filter {
          matches(pattern, .connection(model.connections[$0.offset].name), subject, environment)
        }
    }
    return found.count > 1 ? Set(found).sorted() : found
  }

  /// A pattern with its placeholders filled; nil where that makes none.
  private func path(_ id: PatternID, _ subject: PrincipalID, _ environment: EnvironmentID) -> PathPattern? {
    let resolved = model.patterns[id.offset]
    guard let filled = resolved.pattern.filled(principal: model[subject].name, environment: model[environment].name) else { return nil }
    return PathPattern(filled, foldsCase: foldsCase(resolved.root))
  }

  func connectionSet(_ ids: [ConnectionID]) -> ResourceSet {
    ResourceSet(ids.map { PathPattern(root: "connections", path: [model[$0].name]) })
  }

  private func credentials(of id: ConnectionID, in environment: EnvironmentID, as subject: PrincipalID) -> ResourceSet {
    ResourceSet(
      model.credentials(of: id, in: environment, as: subject).map { PathPattern(root: "secrets", path: $0.secretPath) })
  }

  func mentionsPrincipal(_ permission: PermissionID, _ binding: AccessModel.Binding) -> Bool {
    let it = model.permissions[permission.offset]
    func mentions(_ id: PatternID) -> Bool { model.patterns[id.offset].pattern.mentionsPrincipal }
    return it.of.contains(where: mentions) || it.except.contains(where: mentions)
      || binding.resources.map { model.bindingResources[$0].contains(where: mentions) } ?? false
  }
}

extension AccessModel {
  /// The secrets of a connection, as a principal uses it.
  package func credentials(of id: ConnectionID, in environment: EnvironmentID, as subject: PrincipalID) -> [SecretReference] {
    resolve(id, in: environment, caller: subject)?.allSecrets ?? []
  }
}

extension SecretReference {
  /// The resource that stands for it, below `secrets`.
  package var secretPath: [String] { [backend.rawValue] + path }
}

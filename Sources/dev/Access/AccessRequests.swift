import PolicyCompiler

/// A question as a service would put it.
struct AccessRequest {
  let principal: String
  let action: String
  let resource: String
  let environment: String
}

/// Random requests about a policy: every second one is about something that its principal holds, or nearly.
struct AccessRequests {
  private let grants: GrantSet
  private let subjects: [PrincipalID]
  private var random: SplitMix64

  init(_ grants: GrantSet, seed: UInt64) {
    self.grants = grants
    subjects = grants.subjects
    random = SplitMix64(seed: seed, for: "requests")
  }

  private var model: AccessModel { grants.model }

  mutating func requests(_ count: Int) -> [AccessRequest] {
    var made: [AccessRequest] = []
    while made.count < count {
      let principal = random.pick(subjects)
      let environment = EnvironmentID(random.below(model.environments.count))
      guard let (action, resource) = made.count.isMultiple(of: 2) ? held(principal, environment) : any(principal, environment) else {
        continue
      }
      made.append(
        AccessRequest(
          principal: model[principal].name, action: action, resource: resource, environment: model[environment].name))
    }
    return made
  }

  /// Questions of who may do what somebody may do somewhere.
  mutating func questions(_ count: Int, at instant: Instant) -> [AccessQuestion] {
    var made: [AccessQuestion] = []
    while made.count < count {
      let principal = random.pick(subjects)
      let environment = EnvironmentID(random.below(model.environments.count))
      guard let (action, resource) = any(principal, environment), case .success(let pattern) = ResourcePattern.parse(resource),
        let root = model.root(of: pattern)
      else { continue }
      made.append(
        AccessQuestion(
          principal: principal, action: action, resource: pattern, root: root, environment: environment, instant: instant))
    }
    return made
  }

  /// Something of what a principal holds, sessions included.
  private mutating func held(_ principal: PrincipalID, _ environment: EnvironmentID) -> (action: String, resource: String)? {
    let all = grants.grants(of: principal, in: environment)
    guard !all.isEmpty else { return nil }
    let grant = random.pick(all)
    switch grant.basis {
    case .permission(let permission, _): return some(permission, grant.subject, environment)
    case .ownConnection(let id), .callerConnection(let id, _): return ("assume", "connections/\(model[id].name)")
    case .credential(let id):
      let secrets = model.credentials(of: id, in: environment, as: grant.subject)
      return secrets.isEmpty ? nil : ("read", (["secrets"] + random.pick(secrets).secretPath).joined(separator: "/"))
    case .role: return nil
    }
  }

  /// Something that some permission is about, whoever has it.
  private mutating func any(_ principal: PrincipalID, _ environment: EnvironmentID) -> (action: String, resource: String)? {
    some(PermissionID(random.below(model.permissions.count)), random.oneIn(2) ? principal : random.pick(subjects), environment)
  }

  private mutating func some(_ permission: PermissionID, _ subject: PrincipalID, _ environment: EnvironmentID)
    -> (action: String, resource: String)?
  {
    let it = model[permission]
    let pattern = model[random.pick(it.of)].pattern
    guard let filled = pattern.filled(principal: model[subject].name, environment: model[environment].name) else { return nil }
    var path = [filled.root]
    for segment in filled.segments {
      switch segment {
      case .literal(let text): path.append(text)
      case .wildcard(let parts): path.append(parts.joined(separator: random.pick(Vocabulary.tables)))
      case .any: for _ in 0..<random.below(3) { path.append(random.pick(Vocabulary.tables)) }
      }
    }
    // What is called is a route that there is.
    if let system = model.systemNames[filled.root], !model[system].routes.isEmpty {
      path = [
        filled.root, path.count == 2 && model[system].routes[path[1]] != nil ? path[1] : random.pick(model[system].routes.keys.sorted()),
      ]
    }
    return (it.action, path.joined(separator: "/"))
  }
}

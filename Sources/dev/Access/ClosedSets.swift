import PolicyCompiler

/// What everybody holds at a moment, closed over groups, roles and sessions, for a program that only looks it up.
struct ClosedSets {
  private let grants: GrantSet
  private let instant: Instant

  init(_ grants: GrantSet, at instant: Instant) {
    self.grants = grants
    self.instant = instant
  }

  private var model: AccessModel { grants.model }

  /// JSON Lines: each rule as patterns, what is held as `[principal, environment, action, [rules]]`, and each request with
  /// the answer that is expected.
  func text(with requests: [AccessRequest]) -> String {
    var rules: [JSON: Int] = [:]
    var lines: [String] = []
    var out = ""
    func number(_ rule: JSON) -> Int {
      if let known = rules[rule] { return known }
      rules[rule] = rules.count
      out += JSON.members(["rule": rule]).line + "\n"
      return rules.count - 1
    }
    for principal in grants.subjects {
      for environment in model.environments.indices.map(EnvironmentID.init) {
        var held: [String: Set<Int>] = [:]
        for grant in grants.grants(of: principal, in: environment)
        where grant.times.contains(instant) && !(grant.isPartial && model[principal].kind == .group) {
          if let rule = rule(grant) { held[grants.action(of: grant), default: []].insert(number(rule)) }
        }
        for (action, numbers) in held.sorted(by: { $0.key < $1.key }) {
          let fields: [JSON] = [
            .string(model[principal].name), .string(model[environment].name), .string(action),
            .array(numbers.sorted().map { .integer($0) }),
          ]
          lines.append(JSON.members(["held": .array(fields)]).line)
        }
      }
    }
    out += lines.joined(separator: "\n") + "\n"
    var decider = Decider(grants, at: instant)
    for request in requests {
      let isAllowed = decider.decide(
        principal: request.principal, action: request.action, resource: request.resource, environment: request.environment)
      let fields: [JSON] = [request.principal, request.environment, request.action, request.resource].map { .string($0) }
      out += JSON.members(["request": .array(fields), "allowed": isAllowed.map { .boolean($0) } ?? .null]).line + "\n"
    }
    return out
  }

  private func rule(_ grant: Grant) -> JSON? {
    let environment = grant.environment
    func texts(_ ids: some Sequence<PatternID>) -> [String] {
      ids.compactMap { id in
        model[id].pattern.filled(principal: model[grant.subject].name, environment: model[environment].name)?.text
      }
    }
    var of: [String]
    var except: [String] = []
    var narrowed: [String]?
    switch grant.basis {
    case .permission(let permission, let binding):
      let it = model[permission]
      of = texts(
        it.of.filter { model[$0].root != .connections && grants.exists(Resource(root: model[$0].root, path: []), in: environment) })
      if it.of.contains(where: { model[$0].root == .connections }) {
        of += model.connections.filter { grants.covers(grant, .connection($0.name)) }.map { "connections/\($0.name)" }
      }
      except = texts(it.except)
      narrowed = model[binding].resources.map { texts(model.bindingResources[$0]) }
    case .ownConnection(let id), .callerConnection(let id, _): of = ["connections/\(model[id].name)"]
    case .credential(let id):
      of = model.credentials(of: id, in: environment, as: grant.subject).map { (["secrets"] + $0.secretPath).joined(separator: "/") }
    case .role: return nil
    }
    guard !of.isEmpty else { return nil }
    func list(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
    return .members(["of": list(of), "except": except.isEmpty ? nil : list(except), "only": narrowed.map(list)])
  }
}

/// Who may do what in an organisation, from the definition: one principal, one resource, one moment, by trying everything.
/// It shares no code with the engine.
extension Organisation {
  /// One place and moment at which everything is judged.
  struct Judge {
    let organisation: Organisation
    let environment: String
    let moment: Moment
    /// Of groups that only their provider knows: whether all of them are meant, or any.
    var meansAll = true

    func may(_ principal: String, _ action: String, _ resource: String) -> Bool {
      if may(subject: principal, session: nil, action, resource) { return true }
      let reached = reach(principal)
      if reached.contains(where: { hop in
        organisation.connection(hop.connection).principal.map { may(subject: $0, session: hop.connection, action, resource) } ?? false
      }) {
        return true
      }
      if action == "assume" { return mayAlways(principal, resource) }
      return action == "read"
        && reached.contains { hop in
          hop.hasSecret && Organisation.secret(organisation.connection(hop.connection), environment, principal) == resource
        }
    }

    // MARK: Sessions

    struct Hop: Hashable {
      let connection: String
      let hasSecret: Bool
    }

    /// Every connection that a principal can use, with or without its secret.
    func reach(_ principal: String) -> Set<Hop> {
      var found: Set<Hop> = []
      var open: [Hop] = []
      for connection in organisation.connections where connection.environments.contains(environment) {
        if mayAlways(principal, "connections/\(connection.name)") { open.append(Hop(connection: connection.name, hasSecret: true)) }
      }
      open += steps(principal, nil, true)
      while let hop = open.popLast() {
        guard found.insert(hop).inserted, let subject = organisation.connection(hop.connection).principal else { continue }
        open += steps(subject, hop.connection, hop.hasSecret)
      }
      return found
    }

    private func steps(_ subject: String, _ session: String?, _ hasSecret: Bool) -> [Hop] {
      var found: [Hop] = []
      for connection in organisation.connections {
        if may(subject: subject, session: session, "assume", "connections/\(connection.name)") {
          found.append(Hop(connection: connection.name, hasSecret: hasSecret))
        }
      }
      for route in organisation.routes {
        guard let name = route.actsAs, opens(name), may(subject: subject, session: session, "call", "api/\(route.name)") else { continue }
        found.append(Hop(connection: name, hasSecret: false))
      }
      return found
    }

    private func opens(_ name: String) -> Bool {
      organisation.connections.contains { $0.name == name && $0.principal != nil && $0.environments.contains(environment) }
    }

    /// What needs no permission: one's own connections, and those of everybody who holds a role.
    private func mayAlways(_ principal: String, _ resource: String) -> Bool {
      organisation.connections.contains { connection in
        guard resource == "connections/\(connection.name)", connection.environments.contains(environment) else { return false }
        if let owner = connection.principal { return owner == principal }
        return held(principal).contains { binding in
          connection.role.map { organisation.closure(binding.roles).contains($0) } ?? false
        }
      }
    }

    // MARK: Bindings

    private func held(_ principal: String) -> [Binding] {
      organisation.bindings.filter { binding in
        binding.environments.contains(environment) && binding.span.contains(moment)
          && binding.to.contains { $0 == principal || isIn(principal, $0) }
      }
    }

    /// By bindings alone: those of the principal, or as far as a session has them.
    private func may(subject: String, session: String?, _ action: String, _ resource: String) -> Bool {
      guard exists(resource) else { return false }
      let limit = session.flatMap { organisation.connection($0).role }
      return held(subject).contains { binding in
        let closure = organisation.closure(binding.roles)
        var permissions: [Permission]
        if let limit {
          guard closure.contains(limit) else { return false }
          permissions = organisation.closure([limit]).flatMap { organisation.role($0).can }
        } else {
          permissions = closure.flatMap { organisation.role($0).can } + binding.can
        }
        permissions = permissions.filter { $0.action == action }
        func matches(_ pattern: String) -> Bool { Glob.matches(fill(pattern, subject), resource) }
        return permissions.contains { $0.of.contains(where: matches) && !$0.except.contains(where: matches) }
          && (binding.resources?.contains(where: matches) ?? true)
      }
    }

    private func exists(_ resource: String) -> Bool {
      let root = String(resource.prefix { $0 != "/" })
      switch root {
      case "secrets": return true
      case "connections": return opens(String(resource.dropFirst(root.count + 1)))
      default: return Organisation.systems[root]?.environments.contains(environment) ?? false
      }
    }

    private func fill(_ pattern: String, _ subject: String) -> String {
      pattern.replacing("${principal}", with: subject).replacing("${environment}", with: environment)
    }

    // MARK: Groups

    /// Whether a principal is in a group at the moment; of a provider's group, whether all of it surely is.
    func isIn(_ principal: String, _ name: String) -> Bool {
      guard let group = organisation.groups.first(where: { $0.name == name }), !group.isProvider else { return false }
      if organisation.leftOut(of: group).contains(principal) { return false }
      if meansAll, !group.except.isEmpty, organisation.isProvider(principal) { return false }
      return group.members.contains { $0.span.contains(moment) && ($0.name == principal || isIn(principal, $0.name)) }
    }
  }

  func connection(_ name: String) -> Connection { connections.first { $0.name == name }! }

  func role(_ name: String) -> Role { roles.first { $0.name == name }! }

  func isProvider(_ name: String) -> Bool { groups.contains { $0.name == name && $0.isProvider } }

  /// All whom a group's exceptions leave out, whenever they are in them.
  func leftOut(of group: Group) -> Set<String> {
    group.except.reduce(into: []) { $0.formUnion(everybody($1).union([$1])) }
  }

  /// Everybody who is ever in a group; of anything else, itself.
  private func everybody(_ name: String) -> Set<String> {
    guard let group = groups.first(where: { $0.name == name }), !group.isProvider else { return [name] }
    return group.members.reduce(into: Set<String>()) { $0.formUnion(everybody($1.name)) }.subtracting(leftOut(of: group))
  }

  /// Roles and all that they inherit.
  func closure(_ names: [String]) -> Set<String> {
    var found: Set<String> = []
    var open = names
    while let name = open.popLast() {
      guard found.insert(name).inserted else { continue }
      let role = role(name)
      open += role.inherits
      if let out = role.allExcept { open += roles.map(\.name).filter { $0 != name && !out.contains($0) } }
    }
    return found
  }
}

/// Patterns by their definition: `*` is any text within a segment, `**` any number of segments.
enum Glob {
  static func matches(_ pattern: String, _ path: String) -> Bool {
    let folds = path.hasPrefix("wh/")
    func segments(_ text: String) -> ArraySlice<String> { (folds ? text.lowercased() : text).split(separator: "/").map(String.init)[...] }
    return matches(segments(pattern), segments(path))
  }

  private static func matches(_ pattern: ArraySlice<String>, _ path: ArraySlice<String>) -> Bool {
    guard let first = pattern.first else { return path.isEmpty }
    if first == "**" { return matches(pattern.dropFirst(), path) || (!path.isEmpty && matches(pattern, path.dropFirst())) }
    guard let name = path.first, matches(Array(first)[...], Array(name)[...]) else { return false }
    return matches(pattern.dropFirst(), path.dropFirst())
  }

  private static func matches(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    if first == "*" { return matches(pattern.dropFirst(), text) || (!text.isEmpty && matches(pattern, text.dropFirst())) }
    return text.first == first && matches(pattern.dropFirst(), text.dropFirst())
  }
}

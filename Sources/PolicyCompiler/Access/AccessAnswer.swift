/// A question about one principal: may it do this, there, then?
package struct AccessQuestion: Sendable {
  package let principal: PrincipalID
  package let action: String
  /// Its placeholders are filled.
  package let resource: ResourcePattern
  package let root: AccessModel.ResolvedPattern.Root
  package let environment: EnvironmentID
  package let instant: Instant

  package init(
    principal: PrincipalID, action: String, resource: ResourcePattern, root: AccessModel.ResolvedPattern.Root, environment: EnvironmentID,
    instant: Instant
  ) {
    self.principal = principal
    self.action = action
    self.resource = resource
    self.root = root
    self.environment = environment
    self.instant = instant
  }
}

/// What the policy says to a question.
package struct AccessAnswer: Sendable {
  /// Whether all that is asked about is allowed.
  package let isAllowed: Bool
  /// The grants that give it, or some of it.
  package let grants: [Grant]
  /// Something that is allowed; nil where nothing is.
  package let allowed: [String]?
  /// Something that is not; nil where everything is.
  package let missing: [String]?
  /// Groups of unknown members that would allow something more: whoever is in them may.
  package let possible: [PrincipalID]
}

extension GrantSet {
  /// Answers a question about a user, a service, or a group of unknown members.
  package func answer(_ question: AccessQuestion) throws(ResourceSetTooComplex) -> AccessAnswer {
    let filter = GrantFilter(action: question.action, root: question.root)
    let held = grants(of: question.principal, in: question.environment, where: filter).filter {
      $0.times.contains(question.instant) && action(of: $0) == question.action
        && !($0.isPartial && model[question.principal].kind == .group)
    }
    var answer: AccessAnswer
    if let path = question.resource.concretePath {
      let resource = Resource(root: question.root, path: path)
      let giving = held.filter { covers($0, resource) }
      let whole = [question.resource.root] + path
      answer = AccessAnswer(
        isAllowed: !giving.isEmpty, grants: giving, allowed: giving.isEmpty ? nil : whole, missing: giving.isEmpty ? whole : nil,
        possible: [])
    } else {
      let asked = try asked(question)
      var giving: [Grant] = []
      var all = ResourceSet.empty
      for grant in held {
        let set = try resources(of: grant)
        guard try set.overlaps(asked) else { continue }
        giving.append(grant)
        all = all.union(set)
      }
      let missing = try asked.witness(outside: all)
      answer = AccessAnswer(
        isAllowed: missing == nil, grants: giving, allowed: try all.intersection(asked).witness(), missing: missing, possible: [])
    }
    guard !answer.isAllowed, model[question.principal].kind == .user else { return answer }
    return AccessAnswer(
      isAllowed: false, grants: answer.grants, allowed: answer.allowed, missing: answer.missing, possible: try possible(question))
  }

  /// Groups of unknown members that hold some of what is asked about.
  private func possible(_ question: AccessQuestion) throws(ResourceSetTooComplex) -> [PrincipalID] {
    let filter = GrantFilter(action: question.action, root: question.root)
    let asked = try asked(question)
    var found: [PrincipalID] = []
    for group in providerGroups {
      for grant in grants(of: group, in: question.environment, where: filter)
      where grant.times.contains(question.instant) && action(of: grant) == question.action {
        if try resources(of: grant).overlaps(asked) {
          found.append(group)
          break
        }
      }
    }
    return found
  }

  /// What is asked about, as far as it can exist and the action can act on it. All of it where that leaves nothing, so
  /// that no question is answered by its being empty.
  package func asked(_ question: AccessQuestion) throws(ResourceSetTooComplex) -> ResourceSet {
    let asked = ResourceSet(PathPattern(question.resource, foldsCase: foldsCase(question.root)))
    if question.resource.concretePath != nil { return asked }
    return try actable(asked, action: question.action, question.root, in: question.environment)
  }

  /// The part of a set that an action can act on there; all of it where that is nothing.
  func actable(_ set: ResourceSet, action: String, _ root: AccessModel.ResolvedPattern.Root, in environment: EnvironmentID)
    throws(ResourceSetTooComplex) -> ResourceSet
  {
    guard let universe = universe(action: action, root, in: environment) else { return set }
    let possible = try set.intersection(universe)
    return try possible.isEmpty() ? set : possible
  }

  /// Everything that an action can act on there; nil where anything may be.
  func universe(action: String, _ root: AccessModel.ResolvedPattern.Root, in environment: EnvironmentID) -> ResourceSet? {
    switch root {
    case .secrets: return nil
    case .connections:
      return connectionSet(model.connections.indices.map(ConnectionID.init).filter { model[$0].environments.contains(environment) })
    case .system(let id):
      let system = model[id]
      guard let known = system.type.action(action) else { return nil }
      if !system.routes.isEmpty, known.depths.contains(1) {
        return ResourceSet(system.routes.keys.sorted().map { PathPattern(root: system.name, path: [$0]) })
      }
      var patterns = known.depths.sorted().map { ([system.name] + Array(repeating: "*", count: $0)).joined(separator: "/") }
      for kind in known.kinds.sorted() {
        let levels = system.type.kinds[kind]?.count ?? 1
        patterns.append((["\(system.name)/@\(kind)"] + Array(repeating: "*", count: levels)).joined(separator: "/"))
      }
      return ResourceSet(
        patterns.compactMap { text in
          (try? ResourcePattern.parse(text).get()).map { PathPattern($0, foldsCase: system.type.foldsCase) }
        })
    }
  }
}

extension ResourcePattern {
  /// The one path that it matches, below its root; nil where it has wildcards.
  package var concretePath: [String]? {
    var path: [String] = []
    for segment in segments {
      guard case .literal(let name) = segment else { return nil }
      path.append(name)
    }
    return path
  }
}

/// Whom and where a rule means, in the access that it is judged on.
package struct RuleScope: Sendable {
  package let grants: GrantSet
  /// The access that the rules were written beside, where that is another: names that are gone keep their meaning.
  let origin: GrantSet?
  /// Rules hold from this moment on.
  let instant: Instant

  package init(_ grants: GrantSet, origin: GrantSet? = nil, at instant: Instant) {
    self.grants = grants
    self.origin = origin
    self.instant = instant
  }

  var model: AccessModel { _read { yield grants.model } }

  /// The environments that a rule names, as far as there are any.
  func environments(_ words: Rules.Environments) -> [EnvironmentID] {
    guard let words else { return model.environments.indices.map(EnvironmentID.init) }
    return words.compactMap { model.environmentNames[$0.text] }
  }

  /// Whom a rule names, and when each is meant.
  struct Selection {
    fileprivate var kinds: Set<AccessModel.Principal.Kind> = []
    fileprivate var includesAgents = false
    fileprivate var includesAll = false
    fileprivate var named: [PrincipalID: IntervalSet] = [:]

    /// When the principal is meant.
    func times(of principal: PrincipalID, _ model: AccessModel) -> IntervalSet {
      if includesAll || kinds.contains(model[principal].kind) { return .always }
      if includesAgents, model.isAgent(principal) { return .always }
      return named[principal] ?? .never
    }
  }

  /// - Parameter isStrict: whether the rule is against them, so that whoever its words mean here *or* where it was written
  ///   is meant; otherwise those here.
  func selection(_ words: [Rules.Word], isStrict: Bool) -> Selection {
    var selection = Selection()
    for word in words {
      switch word.text {
      case "*": selection.includesAll = true
      // Groups of unknown members hold people as far as anybody knows.
      case "users":
        selection.kinds.formUnion([.user, .group])
        if isStrict { add(of: &selection) { $0[$1].kind == .user } }
      case "services":
        selection.kinds.insert(.service)
        if isStrict { add(of: &selection) { $0[$1].kind == .service } }
      case "agents":
        selection.includesAgents = true
        if isStrict { add(of: &selection) { $0.isAgent($1) } }
      default:
        let here = model.principalNames[word.text]
        if let here { add(members(here, grants, isStrict), to: &selection) }
        if let origin, here == nil || isStrict, let there = origin.model.principalNames[word.text] {
          add(
            members(there, origin, isStrict).compactMap { id, times in
              model.principalNames[origin.model[id].name].map { ($0, times) }
            }, to: &selection)
        }
      }
    }
    return selection
  }

  /// Whoever was such where the rule was written: to call them otherwise does not get them out.
  private func add(of selection: inout Selection, where isMeant: (AccessModel, PrincipalID) -> Bool) {
    guard let origin = origin?.model else { return }
    for id in origin.principals.indices.map(PrincipalID.init) where isMeant(origin, id) {
      if let here = model.principalNames[origin[id].name] { selection.named[here] = .always }
    }
  }

  /// Who is in a group. Of a group of unknown members of which some may be left out, a rule against them means all, and one
  /// for them none.
  private func members(_ id: PrincipalID, _ grants: GrantSet, _ isStrict: Bool) -> [(PrincipalID, IntervalSet)] {
    guard grants.model[id].kind == .group else { return [(id, .always)] }
    return grants.membership.members(of: id).filter { isStrict || !$0.isPartial }.map { ($0.principal, $0.times) }
  }

  private func add(_ members: [(PrincipalID, IntervalSet)], to selection: inout Selection) {
    for (id, times) in members { selection.named[id, default: .never].formUnion(times) }
  }

  // MARK: Resources

  /// Some patterns as sets, by root; `${environment}` filled. Those of systems that are gone are left out.
  func sets(_ patterns: [Rules.Pattern], in environment: EnvironmentID) -> [(root: AccessModel.ResolvedPattern.Root, set: ResourceSet)] {
    var found: [AccessModel.ResolvedPattern.Root: [PathPattern]] = [:]
    for item in patterns {
      guard let root = model.root(of: item.pattern),
        let filled = item.pattern.filled(principal: "", environment: model[environment].name)
      else { continue }
      found[root, default: []].append(PathPattern(filled, foldsCase: grants.foldsCase(root)))
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, ResourceSet($0.value)) }
  }
}

extension AccessModel {
  /// Whether a service acts on its own.
  package func isAgent(_ principal: PrincipalID) -> Bool {
    let it = self[principal]
    return it.kind == .service && it.declaration.isMapping && it.declaration.value(of: ServiceField.agent.field.name)?.text == "true"
  }

  /// What the root of a pattern means here; nil where there is no such system.
  package func root(of pattern: ResourcePattern) -> ResolvedPattern.Root? {
    switch pattern.root {
    case "connections": .connections
    case "secrets": .secrets
    default: systemNames[pattern.root].map { .system($0) }
    }
  }
}

extension AccessModel.ResolvedPattern.Root: Comparable {
  private var rank: (Int, Int32) {
    switch self {
    case .system(let id): (0, id.index)
    case .connections: (1, 0)
    case .secrets: (2, 0)
    }
  }

  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}

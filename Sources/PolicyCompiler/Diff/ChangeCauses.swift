/// Which lines explain a change: of the steps that give the access, those that the other side does not have.
struct ChangeCauses {
  /// The side that has the access.
  let side: GrantSet
  let other: GrantSet
  let instant: Instant
  private let shared: Set<Int32>
  private let otherBindings: Set<Int>

  /// - Parameter shared: the numbers of the files that both sides have alike.
  init(side: GrantSet, other: GrantSet, shared: Set<Int32>, at instant: Instant) {
    self.side = side
    self.other = other
    self.shared = shared
    self.instant = instant
    otherBindings = Set(other.changedBindings(shared).map { other.model.declaration(of: $0.binding).contentHash })
  }

  /// - Parameter memo: the same for all changes of one principal.
  func causes(of change: AccessChange, _ memo: SessionWayMemo) -> [Derivation.Step] {
    var found: [Derivation.Step] = []
    // A change of very many lines is told by some of them.
    for grant in change.grants.prefix(Self.bound) {
      for step in causes(of: grant, change, memo) where !found.contains(where: { $0.span == step.span }) { found.append(step) }
    }
    return found
  }

  private static let bound = 20

  private func causes(of grant: Grant, _ change: AccessChange, _ memo: SessionWayMemo) -> [Derivation.Step] {
    let model = side.model
    let times = change.times.intersection(grant.times).intervals.first
    let when = times.map { max($0.from, instant) } ?? instant
    let held = (try? side.resources(of: grant)) ?? change.resources
    // What is asked about hardly matters: the grant is given.
    let resource = (held.terms.first ?? change.resources.terms.first)?.all.first?.text ?? ""
    guard case .success(let pattern) = ResourcePattern.parse(resource), let root = model.root(of: pattern) else {
      return [place(of: grant)]
    }
    let question = AccessQuestion(
      principal: grant.principal, action: change.action, resource: pattern, root: root, environment: grant.environment, instant: when)
    let (all, _) = side.derivations(of: [grant], question, limit: 3, memo: memo)
    guard let steps = all.first?.steps else { return [place(of: grant)] }
    let news = steps.filter(isNew)
    if !news.isEmpty { return news }
    // All of it stands on the other side, too, and yields less there: the binding says by whom.
    let bindings = steps.filter { if case .binding = $0.kind { true } else { false } }.suffix(1)
    return bindings.isEmpty ? [place(of: grant)] : Array(bindings)
  }

  private func place(of grant: Grant) -> Derivation.Step {
    let span = side.place(of: grant)
    return switch grant.basis {
    case .permission(_, let binding), .callerConnection(_, let binding), .role(_, let binding):
      .init(kind: .binding(binding, to: grant.holder), span: span)
    case .ownConnection(let id), .credential(let id): .init(kind: .connection(id), span: span)
    }
  }

  private func isNew(_ step: Derivation.Step) -> Bool {
    let model = side.model
    switch step.kind {
    case .binding(let id, _):
      let it = model[id]
      return !shared.contains(it.span.file) && !otherBindings.contains(model.declaration(of: it).contentHash)
    case .membership(let member, let group):
      guard let there = other.model.principalNames[model[group].name], let declared = other.model.groups[there] else { return true }
      let times = model.groups[group]?.members.filter { $0.principal == member && $0.span == step.span }.map(\.interval) ?? []
      return !declared.members.contains { other.model[$0.principal].name == model[member].name && times.contains($0.interval) }
    case .inheritance(let outer, let inner):
      guard let there = other.model.roleNames[model[outer].name] else { return true }
      return !other.model[there].inherits.contains { other.model[$0].name == model[inner].name }
    case .permission(let id):
      guard let role = side.role(of: id) else { return false }
      guard let there = other.model.roleNames[model[role].name] else { return true }
      let mine = text(id, side)
      return !other.model[there].permissions.contains { text(PermissionID($0), other) == mine }
    case .connection(let id):
      guard let there = other.model.connectionNames[model[id].name] else { return true }
      return !model[id].declaration.isSame(as: other.model[there].declaration)
    }
  }

  private func text(_ id: PermissionID, _ set: GrantSet) -> [String] {
    let it = set.model[id]
    return [it.action] + it.of.map { set.model[$0].pattern.text } + ["except"] + it.except.map { set.model[$0].pattern.text }
  }
}

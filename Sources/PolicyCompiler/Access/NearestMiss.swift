/// Why somebody may not do something although little is missing: the binding that lacks only the environment, the time or
/// the membership, the `except` or the narrowing that stands in the way.
package struct NearestMiss: Sendable {
  package enum Reason: Sendable {
    /// It holds at other times.
    case time(IntervalSet)
    /// It holds in other environments.
    case environment([EnvironmentID])
    /// An exception of the permission leaves it out.
    case exception
    /// The binding is narrowed to other resources.
    case narrowing
    /// It is given to somebody else.
    case membership(PrincipalID)
    /// A group on the way leaves the principal out.
    case leftOut(PrincipalID)
  }
  package let reason: Reason
  /// The binding, or the permission of an exception.
  package let span: SourceSpan
  package let binding: BindingID
  package let permission: PermissionID
}

extension GrantSet {
  /// The nearest misses of something that is not allowed, the nearest first; at most `limit`.
  package func nearestMisses(_ question: AccessQuestion, missing path: [String], limit: Int = 3) -> [NearestMiss] {
    let resource = Resource(root: question.root, path: Array(path.dropFirst()))
    let filter = GrantFilter(action: question.action, root: question.root)
    let groups = membership.groups(of: question.principal)
    let holders = Dictionary(groups.map { ($0.group, $0.times) }, uniquingKeysWith: { first, _ in first })
    var found: [(rank: Int, miss: NearestMiss)] = []
    let index = bindingIndex
    for permission in index.permissions(on: filter) {
      let it = model.permissions[permission.offset]
      for binding in index.bindings(giving: permission, self) {
        let given = model.bindings[binding.offset]
        let place = self.place(of: given)
        func add(_ rank: Int, _ reason: NearestMiss.Reason, at span: SourceSpan? = nil) {
          found.append((rank, NearestMiss(reason: reason, span: span ?? place, binding: binding, permission: permission)))
        }
        func covers(_ ids: [PatternID], _ environment: EnvironmentID) -> Bool {
          ids.contains { matches($0, resource, question.principal, environment) }
        }
        let isInEnvironment = given.environments.contains(question.environment)
        let environment = isInEnvironment ? question.environment : given.environments.members.first ?? question.environment
        guard environment.offset < model.environments.count, covers(it.of, environment) else { continue }
        let isExcepted = covers(it.except, environment)
        let isNarrowed = given.resources.map { !covers(Array(model.bindingResources[$0]), environment) } ?? false
        // When the principal holds the binding, and by whom.
        var times = IntervalSet.never
        for target in model.bindingTargets[given.targets] {
          if target.principal == question.principal { times = .always }
          if let member = holders[target.principal] { times.formUnion(member) }
        }
        times = times.intersection(given.interval)
        let isHeldNow = times.contains(question.instant)
        switch (isHeldNow, isInEnvironment, isExcepted, isNarrowed) {
        case (true, true, true, false): add(0, .exception, at: it.span)
        case (true, true, false, true): add(0, .narrowing)
        case (false, true, false, false) where !times.isEmpty: add(1, .time(times))
        case (true, false, false, false): add(2, .environment(given.environments.members))
        case (false, true, false, false) where given.interval.contains(question.instant):
          for target in model.bindingTargets[given.targets].prefix(1) {
            let isLeftOut = model[target.principal].kind == .group && membership.leavesOut(target.principal, question.principal)
            add(isLeftOut ? 1 : 3, isLeftOut ? .leftOut(target.principal) : .membership(target.principal))
          }
        default: break
        }
      }
    }
    var seen: Set<SourceSpan> = []
    return found.sorted { ($0.rank, $0.miss.binding, $0.miss.permission) < ($1.rank, $1.miss.binding, $1.miss.permission) }
      .map(\.miss).filter { seen.insert($0.span).inserted }.prefix(limit).map { $0 }
  }

  /// A miss, in words.
  package func note(_ miss: NearestMiss, _ question: AccessQuestion) -> Diagnostic.Note {
    let name = model[question.principal].name
    switch miss.reason {
    case .time(let times):
      let after = times.intervals.last { $0.until <= question.instant }
      let text = after.map { "this gave it until \($0.until.endText)" } ?? "this gives it only from \(times.intervals[0].from.text)"
      return .init(text, at: miss.span)
    case .environment(let all):
      return .init(
        "this gives it in \(Diagnostic.listed(all.map { model[$0].name })), not in `\(model[question.environment].name)`", at: miss.span)
    case .exception: return .init("an `except` of this permission leaves it out", at: miss.span)
    case .narrowing: return .init("this binding is narrowed to other resources", at: miss.span)
    case .membership(let holder) where model.groups[holder]?.source == .provider:
      return .init("this gives it to whoever is in `\(model[holder].name)`", at: miss.span)
    case .membership(let holder):
      return .init(
        model[holder].kind == .group
          ? "this gives it to `\(model[holder].name)`, in which `\(name)` is not" : "this gives it to `\(model[holder].name)`",
        at: miss.span)
    case .leftOut(let group): return .init("this gives it to `\(model[group].name)`, which leaves `\(name)` out", at: miss.span)
    }
  }

  func place(of binding: AccessModel.Binding) -> SourceSpan {
    binding.span.part(0..<model.declaration(of: binding).firstLineLength)
  }
}

/// Where a grant comes from, in words and places.
extension GrantSet {
  /// The line that gives it: the binding, or the connection that logs in as its holder.
  package func place(of grant: Grant) -> SourceSpan {
    switch grant.basis {
    case .permission(_, let binding), .callerConnection(_, let binding), .role(_, let binding):
      place(of: model[binding])
    case .ownConnection(let id), .credential(let id): model[id].span
    }
  }

  /// The line that somebody would change: what opens the session, where it is held through one.
  ///
  /// - Parameter times: when it matters.
  func cause(of grant: Grant, during times: IntervalSet) -> SourceSpan {
    guard let steps = way(to: grant, during: times)?.steps else { return place(of: grant) }
    let binding = steps.first { if case .binding = $0.kind { true } else { false } }
    return binding?.span ?? steps.first?.span ?? place(of: grant)
  }

  /// Everything that leads to it, beside its cause.
  func reasons(of grant: Grant, during times: IntervalSet) -> [Diagnostic.Note] {
    guard let way = way(to: grant, during: times) else { return proof(of: grant, during: times) }
    let cause = cause(of: grant, during: times)
    var notes = way.steps.filter { $0.span != cause }.map { step -> Diagnostic.Note in
      switch step.kind {
      case .connection(let id):
        if case .principal(let who) = model[id].identity {
          return .init("that opens the session of `\(model[id].name)`, which logs in as `\(model[who].name)`", at: step.span)
        }
        return .init("`\(model[id].name)` is for each person as themselves", at: step.span)
      case .membership(let member, let group): return .init("`\(model[member].name)` is in `\(model[group].name)`", at: step.span)
      case .binding(_, let holder): return .init("this binding to `\(model[holder].name)` leads on", at: step.span)
      case .inheritance(let outer, let inner): return .init("`\(model[outer].name)` inherits `\(model[inner].name)`", at: step.span)
      case .permission(let id):
        return .init(role(of: id).map { "a permission of `\(model[$0].name)`" } ?? "a permission of the binding itself", at: step.span)
      }
    }
    if case .credential(let id) = grant.basis {
      notes.append(.init("whoever may assume `\(model[id].name)` reads its credential"))
    } else {
      notes.append(.init("this gives it to `\(model[grant.holder].name)`", at: place(of: grant)))
      notes += proof(of: grant, during: times).dropFirst()
    }
    return notes
  }

  /// The steps that lead to it, beside the place itself.
  ///
  /// - Parameter times: when it matters: what led to it at other times is not told.
  package func proof(of grant: Grant, during times: IntervalSet) -> [Diagnostic.Note] {
    var notes: [Diagnostic.Note] = []
    if let via = grant.via { notes.append(.init("held through the session of `\(model[via].name)`", at: model[via].span)) }
    let meant = grant.times.intersection(times)
    if grant.holder != grant.subject, let way = membership.ways(of: grant.subject, into: grant.holder, during: meant, limit: 1).first {
      for step in way.steps {
        guard let entry = model.groups[step.group]?.members[step.entry] else { continue }
        notes.append(.init("`\(model[entry.principal].name)` is in `\(model[step.group].name)`", at: entry.span))
      }
    }
    switch grant.basis {
    case .permission(let permission, _):
      let owner = role(of: permission)
      notes.append(
        .init(owner.map { "a permission of `\(model[$0].name)`" } ?? "a permission of the binding itself", at: model[permission].span))
    case .role(let role, _): notes.append(.init("the role is declared here", at: model[role].span))
    case .callerConnection(let id, _):
      notes.append(
        .init("`\(model[id].name)` is for whoever holds \(model[id].role.map { "`\(model[$0].name)`" } ?? "its role")", at: model[id].span))
    case .ownConnection(let id): notes.append(.init("`\(model[id].name)` logs in as it", at: model[id].span))
    case .credential(let id): notes.append(.init("it is the credential of `\(model[id].name)`", at: model[id].span))
    }
    return notes
  }
}

extension Grant {
  /// An order for choosing one of several, which depends on nothing but the policy.
  var order: (Int32, Int32, Int32) {
    let session = via?.index ?? -1
    switch basis {
    case .permission(let permission, let binding): return (session, binding.index, permission.index)
    case .role(let role, let binding): return (session, binding.index, role.index)
    case .callerConnection(let id, let binding): return (session, binding.index, id.index)
    case .ownConnection(let id), .credential(let id): return (session, -1, id.index)
    }
  }
}

extension IntervalSet {
  /// ` until 2027-01-31`, ` from 2027-01-01 until …`; nothing where it holds from the moment on for ever.
  package func phrase(from instant: Instant) -> String {
    let parts = intervals.map { interval in
      (interval.from > instant ? " from \(interval.from.text)" : "")
        + (interval.until == .distantFuture ? "" : " until \(interval.until.endText)")
    }
    return parts.count > 3 ? parts.prefix(3).joined(separator: ",") + ", …" : parts.joined(separator: ",")
  }
}

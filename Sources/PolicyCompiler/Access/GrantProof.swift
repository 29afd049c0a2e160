/// Where a grant comes from, in words and places.
extension GrantSet {
  /// The line that gives it: the binding, or the connection that logs in as its holder.
  package func place(of grant: Grant) -> SourceSpan {
    switch grant.basis {
    case .permission(_, let binding), .callerConnection(_, let binding), .role(_, let binding):
      model[binding].span.part(0..<model[binding].declaration.firstLineLength)
    case .ownConnection(let id), .credential(let id): model[id].span
    }
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
        + (interval.until == .distantFuture ? "" : " until \(interval.until.text)")
    }
    return parts.count > 3 ? parts.prefix(3).joined(separator: ",") + ", …" : parts.joined(separator: ",")
  }
}

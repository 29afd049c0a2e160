/// What two policies of the same numbers, but for their bindings, give somebody in different ways: only there can anything be
/// gained or lost, and most of what anybody holds lies elsewhere.
struct GrantTopics {
  private struct Topic: Hashable {
    let action: String
    let root: AccessModel.ResolvedPattern.Root
  }

  /// A grant but for the number of its binding, for which stands the binding's place.
  private struct Same: Hashable {
    let basis: Grant.Basis
    let binding: SourceSpan?
    let subject: PrincipalID
    let via: ConnectionID?
    let times: IntervalSet
    let isPartial: Bool

    init(_ grant: Grant, _ set: GrantSet) {
      (subject, via, times, isPartial) = (grant.subject, grant.via, grant.times, grant.isPartial)
      let none = BindingID(0)
      switch grant.basis {
      case .permission(let permission, let id): (basis, binding) = (.permission(permission, none), set.model[id].span)
      case .role(let role, let id): (basis, binding) = (.role(role, none), set.model[id].span)
      case .callerConnection(let connection, let id): (basis, binding) = (.callerConnection(connection, none), set.model[id].span)
      case .ownConnection, .credential: (basis, binding) = (grant.basis, nil)
      }
    }
  }

  private var topics: Set<Topic> = []

  init(_ old: GrantSet, _ before: [Grant], _ new: GrantSet, _ after: [Grant]) {
    var counts: [Same: Int] = [:]
    for grant in before { counts[Same(grant, old), default: 0] += 1 }
    for grant in after { counts[Same(grant, new), default: 0] -= 1 }
    for (grants, set) in [(before, old), (after, new)] {
      for grant in grants where counts[Same(grant, set)] != 0 { topics.formUnion(Self.topics(of: grant, set)) }
    }
  }

  var isEmpty: Bool { topics.isEmpty }

  func contains(_ grant: Grant, _ set: GrantSet) -> Bool { Self.topics(of: grant, set).contains(where: topics.contains) }

  private static func topics(of grant: Grant, _ set: GrantSet) -> [Topic] {
    let action = set.action(of: grant)
    switch grant.basis {
    case .permission(let permission, _):
      return set.model[permission].of.map { Topic(action: action, root: set.model[$0].root) }
    case .role: return []
    case .ownConnection, .callerConnection: return [Topic(action: action, root: .connections)]
    case .credential: return [Topic(action: action, root: .secrets)]
    }
  }
}

/// One complete proof that somebody may do something: every line that it rests on.
package struct Derivation: Sendable {
  package struct Step: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
      /// A connection that is used on the way, or logs in as the principal itself.
      case connection(ConnectionID)
      /// A member of a group.
      case membership(PrincipalID, of: PrincipalID)
      /// A binding, and whom of those that it names is meant.
      case binding(BindingID, to: PrincipalID)
      /// A role that inherits another.
      case inheritance(RoleID, of: RoleID)
      case permission(PermissionID)
    }
    package let kind: Kind
    package let span: SourceSpan
  }

  /// From the question inwards: for each session on the way what opens it, then what gives the access itself.
  package let steps: [Step]
  package let times: IntervalSet
  /// The sessions on the way, outermost first.
  package let via: [ConnectionID]
}

extension GrantSet {
  /// Every proof of what a question asks, each without a step that it does not need; the shortest first.
  ///
  /// - Parameter memo: the ways that are known from other questions about the same principal.
  /// - Returns: at most `limit` of them, and whether there are more.
  package func derivations(
    of grants: [Grant], _ question: AccessQuestion, limit: Int = 20, memo: SessionWayMemo = SessionWayMemo()
  ) -> (all: [Derivation], isCut: Bool) {
    var found: [Derivation] = []
    // More than are shown, since some may rest on more than they need.
    let bound = limit * 8
    for grant in grants.sorted(by: { $0.order < $1.order }) {
      if found.count >= bound { break }
      if case .credential(let id) = grant.basis {
        found += memo.ways(to: id, withSecret: true, question, limit) {
          sessionWays(
            of: question.principal, in: question.environment, at: question.instant, to: id, withSecret: true, limit: limit)
        }.map {
          Derivation(steps: $0.steps, times: $0.times, via: Array($0.via.dropLast()))
        }
        continue
      }
      let inner = proofs(of: grant, within: grant.via.flatMap { model[$0].role }, at: question.instant)
      guard let via = grant.via else {
        found += inner
        continue
      }
      let ways = memo.ways(to: via, withSecret: false, question, limit) {
        sessionWays(of: question.principal, in: question.environment, at: question.instant, to: via, withSecret: false, limit: limit)
      }
      for way in ways {
        for proof in inner {
          found.append(
            Derivation(steps: way.steps + proof.steps, times: way.times.intersection(proof.times), via: way.via))
        }
      }
    }
    found = found.filter { $0.times.contains(question.instant) }
    let minimal = Self.minimal(found)
    return (Array(minimal.prefix(limit)), minimal.count > limit || found.count >= bound)
  }

  /// Those that do not rest on everything that another rests on, and more.
  private static func minimal(_ all: [Derivation]) -> [Derivation] {
    let sets = all.map { Set($0.steps) }
    var kept: [Int] = []
    for index in all.indices.sorted(by: { (sets[$0].count, $0) < (sets[$1].count, $1) }) {
      if !kept.contains(where: { sets[$0].isSubset(of: sets[index]) }) { kept.append(index) }
    }
    return kept.map { all[$0] }
  }

  /// The first way into the session that a grant is held through, or to the credential that it is; nil where it is neither.
  func way(to grant: Grant, during times: IntervalSet) -> Derivation? {
    let goal: ConnectionID
    var withSecret = false
    if case .credential(let id) = grant.basis {
      (goal, withSecret) = (id, true)
    } else if let via = grant.via {
      goal = via
    } else {
      return nil
    }
    guard let first = grant.times.intersection(times).intervals.first else { return nil }
    let instant = first.from == .distantPast ? Instant(seconds: min(0, first.until.seconds - 1)) : first.from
    let ways = sessionWays(of: grant.principal, in: grant.environment, at: instant, to: goal, withSecret: withSecret, limit: 1)
    return ways.first.map { Derivation(steps: $0.steps, times: $0.times, via: $0.via) }
  }

  // MARK: What gives the access

  /// The proofs of a grant as its subject holds it, without the way into the session.
  ///
  /// - Parameter role: the session's, through which all that it holds must come.
  private func proofs(of grant: Grant, within role: RoleID?, at instant: Instant) -> [Derivation] {
    switch grant.basis {
    case .permission(let permission, let binding):
      let last = Derivation.Step(kind: .permission(permission), span: model[permission].span)
      return proofs(grant, binding, rolePaths(binding, permission, within: role), last, at: instant)
    case .callerConnection(let id, let binding):
      guard let role = model[id].role else { return [] }
      return proofs(
        grant, binding, rolePaths(from: bindingRoles(binding), to: role), .init(kind: .connection(id), span: model[id].span), at: instant)
    case .ownConnection(let id):
      return [
        Derivation(steps: [.init(kind: .connection(id), span: model[id].span)], times: .always, via: [])
      ]
    case .role, .credential: return []
    }
  }

  private func proofs(
    _ grant: Grant, _ binding: BindingID, _ rolePaths: [[Derivation.Step]], _ last: Derivation.Step, at instant: Instant
  ) -> [Derivation] {
    let place = Derivation.Step(kind: .binding(binding, to: grant.holder), span: place(of: model[binding]))
    var found: [Derivation] = []
    for way in membership.ways(of: grant.subject, into: grant.holder, during: IntervalSet(.moment(instant)), limit: 10) {
      let memberships = way.steps.compactMap { step -> Derivation.Step? in
        guard let entry = model.groups[step.group]?.members[step.entry] else { return nil }
        return .init(kind: .membership(entry.principal, of: step.group), span: entry.span)
      }
      for path in rolePaths {
        found.append(
          Derivation(
            steps: [place] + memberships + path + [last], times: way.times.intersection(model[binding].interval), via: []))
      }
    }
    return found
  }

  /// The ways from a binding's roles to the role that a permission stands in; one empty way where it is the binding's own.
  private func rolePaths(_ binding: BindingID, _ permission: PermissionID, within session: RoleID?) -> [[Derivation.Step]] {
    guard let owner = role(of: permission) else { return [[]] }
    guard let session else { return rolePaths(from: bindingRoles(binding), to: owner) }
    let inner = rolePaths(from: [session], to: owner)
    return rolePaths(from: bindingRoles(binding), to: session).flatMap { outer in inner.map { outer + $0 } }
  }

  private func bindingRoles(_ binding: BindingID) -> [RoleID] { Array(model.bindingRoles[model[binding].roles]) }

  private func rolePaths(from roles: [RoleID], to goal: RoleID) -> [[Derivation.Step]] {
    var found: [[Derivation.Step]] = []
    var queue: [(role: RoleID, path: [Derivation.Step])] = roles.map { ($0, []) }
    var next = 0
    while next < queue.count, found.count < 10, queue.count < 10_000 {
      let (role, path) = queue[next]
      next += 1
      if role == goal {
        found.append(path)
        continue
      }
      for (index, inner) in model[role].inherits.enumerated() where model[inner].closure.contains(goal) {
        let span = index < model[role].inheritSpans.count ? model[role].inheritSpans[index] : model[role].span
        queue.append((inner, path + [.init(kind: .inheritance(role, of: inner), span: span)]))
      }
    }
    return found
  }

  // MARK: What opens sessions

  /// The ways from a principal into the session of a connection, without one that goes through a session twice.
  ///
  /// - Parameter withSecret: whether the connection's credential is meant: no route leads to that.
  private func sessionWays(
    of principal: PrincipalID, in environment: EnvironmentID, at instant: Instant, to goal: ConnectionID, withSecret: Bool, limit: Int
  ) -> [SessionWay] {
    var found: [SessionWay] = []
    // Who acts at the end of the way so far, and the steps that led there.
    var queue: [(session: ConnectionID?, way: SessionWay)] = [(nil, SessionWay(steps: [], times: .always, via: []))]
    var next = 0
    while next < queue.count, found.count < limit, queue.count < 2_000 {
      let (session, way) = queue[next]
      next += 1
      let held = session == nil ? holdings(of: principal, in: environment) : []
      let steps = session.map { edges(from: $0, in: environment) } ?? startEdges(principal, held, in: environment)
      for edge in steps where !way.via.contains(edge.target) && edge.times.contains(instant) {
        // The session of a connection for each person holds nothing of its own.
        guard
          withSecret
            ? edge.holdsSecret && (edge.target == goal || model[edge.target].identity != .caller)
            : model[edge.target].identity != .caller
        else { continue }
        let subject: PrincipalID
        if let session, case .principal(let named) = model[session].identity { subject = named } else { subject = principal }
        let grant = Grant(
          basis: edge.basis, principal: subject, subject: subject, holder: edge.holder, via: nil, environment: environment,
          times: edge.times, isPartial: edge.isPartial)
        for proof in proofs(of: grant, within: session.flatMap { model[$0].role }, at: instant).prefix(4) {
          var steps = way.steps + proof.steps
          let connection = Derivation.Step(kind: .connection(edge.target), span: model[edge.target].span)
          if steps.last != connection { steps.append(connection) }
          let times = way.times.intersection(proof.times)
          guard !times.isEmpty else { continue }
          let longer = SessionWay(steps: steps, times: times, via: way.via + [edge.target])
          if edge.target == goal { found.append(longer) } else { queue.append((edge.target, longer)) }
        }
      }
    }
    return found
  }
}

/// One way into the session of a connection.
struct SessionWay {
  let steps: [Derivation.Step]
  let times: IntervalSet
  let via: [ConnectionID]
}

/// The ways into sessions that are known: many things that somebody gains, they gain through the same session.
///
/// Not for several threads at once.
package final class SessionWayMemo {
  private struct Key: Hashable {
    let principal: PrincipalID
    let environment: EnvironmentID
    let instant: Instant
    let goal: ConnectionID
    let withSecret: Bool
    let limit: Int
  }

  private var known: [Key: [SessionWay]] = [:]

  package init() {}

  fileprivate func ways(
    to goal: ConnectionID, withSecret: Bool, _ question: AccessQuestion, _ limit: Int, _ find: () -> [SessionWay]
  ) -> [SessionWay] {
    let key = Key(
      principal: question.principal, environment: question.environment, instant: question.instant, goal: goal, withSecret: withSecret,
      limit: limit)
    if let found = known[key] { return found }
    let found = find()
    known[key] = found
    return found
  }
}

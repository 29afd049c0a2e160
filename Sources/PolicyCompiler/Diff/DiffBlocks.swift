/// Changes of access as people read them: whoever moves as one is shown as one, and what a connection opens as that.
package struct DiffBlock: Sendable {
  package struct Row: Hashable, Sendable {
    package let actions: [String]
    /// What it is about; of a session, everything that it opens.
    package let resources: [String]
    package let times: String
    /// The connection in whose session it is held; nil where it is the principals' own.
    package let via: String?
    /// Whether all that the session opens is meant, since its use itself is gained or lost.
    package let isWholeSession: Bool
    /// Files and lines.
    package let places: [String]
    package let isPartial: Bool

    /// The first places, and how many there are besides.
    package func shownPlaces(_ count: Int) -> [String] {
      places.count > count + 1 ? places.prefix(count) + ["and \(places.count - count) more"] : places
    }

    func with(_ places: [String]) -> Row {
      Row(
        actions: actions, resources: resources, times: times, via: via, isWholeSession: isWholeSession, places: places, isPartial: isPartial
      )
    }
  }

  package let direction: AccessChange.Direction
  package let environment: String
  package let isProtected: Bool
  package let principals: [String]
  /// The group that has exactly these members; nil where there is none.
  package let group: String?
  /// Of one principal whose members only its provider knows.
  package let isUnknown: Bool
  package let rows: [Row]
}

extension AccessDiff {
  /// The changes, grouped.
  package func blocks(_ sources: SourceMap) -> [DiffBlock] {
    struct Owner: Hashable {
      let direction: AccessChange.Direction
      let environment: String
      let principal: String
    }
    struct Content: Hashable {
      let direction: AccessChange.Direction
      let environment: String
      let isUnknown: Bool
      let rows: [DiffBlock.Row]
    }
    var owners: [Owner] = []
    var byOwner: [Owner: [AccessChange]] = [:]
    for change in changes {
      let owner = Owner(direction: change.direction, environment: change.environment, principal: change.principal)
      if byOwner[owner] == nil { owners.append(owner) }
      byOwner[owner, default: []].append(change)
    }
    var contents: [Content] = []
    var principals: [Content: [String]] = [:]
    var places: [Content: [[String]]] = [:]
    for owner in owners {
      guard let changes = byOwner[owner], let first = changes.first else { continue }
      // Who moves alike is one, whatever lines explain it for each.
      let rows = rows(changes, sources)
      let content = Content(
        direction: owner.direction, environment: owner.environment, isUnknown: first.kind == .group, rows: rows.map { $0.with([]) })
      if principals[content] == nil { contents.append(content) }
      principals[content, default: []].append(owner.principal)
      var known = places[content] ?? rows.map { _ in [] }
      for (index, row) in rows.enumerated() { known[index] += row.places.filter { !known[index].contains($0) } }
      places[content] = known
    }
    let groups = GroupNames(self)
    return contents.map { content in
      let names = principals[content] ?? []
      return DiffBlock(
        direction: content.direction, environment: content.environment, isProtected: isProtected(content.environment), principals: names,
        group: names.count > 1 ? groups.name(of: names, content.direction) : nil, isUnknown: content.isUnknown,
        rows: zip(content.rows, places[content] ?? []).map { $0.with($1) })
    }
  }

  // MARK: Rows

  private func rows(_ changes: [AccessChange], _ sources: SourceMap) -> [DiffBlock.Row] {
    struct Key: Hashable {
      let resources: [String]
      let times: String
      let via: String?
      let places: [String]
      let isPartial: Bool
    }
    var keys: [Key] = []
    var actions: [Key: [String]] = [:]
    struct Session {
      let via: String
      let isPartial: Bool
      let times: IntervalSet
      let places: [String]
      let text: String
    }
    var sessions: [Session] = []
    for change in changes {
      let times = change.times.phrase(from: instant).trimmingLeadingSpace
      let places = places(change, sources)
      if change.isWithItsConnection {
        guard let via = change.via ?? change.grant.credentialConnection.map({ side(change).model[$0].name }) else { continue }
        // What a session opens may begin and end at several times: the row says all of them.
        let index = sessions.firstIndex { $0.via == via && $0.isPartial == change.isPartial }
        let known = index.map { sessions[$0] }
        let session = Session(
          via: via, isPartial: change.isPartial, times: (known?.times ?? .never).union(change.times),
          places: (known?.places ?? []) + places.filter { known?.places.contains($0) != true }, text: session(via, change))
        if let index { sessions[index] = session } else { sessions.append(session) }
        continue
      }
      let key = Key(
        resources: change.resources.terms.map { personal($0.description, change) }, times: times, via: change.via, places: places,
        isPartial: change.isPartial)
      if actions[key] == nil { keys.append(key) }
      actions[key, default: []].append(change.action)
    }
    let own = keys.map { key in
      DiffBlock.Row(
        actions: (actions[key] ?? []).sorted(), resources: key.resources, times: key.times, via: key.via, isWholeSession: false,
        places: key.places,
        isPartial: key.isPartial)
    }
    return own
      + sessions.map { session in
        DiffBlock.Row(
          actions: [], resources: [session.text], times: session.times.phrase(from: instant).trimmingLeadingSpace, via: session.via,
          isWholeSession: true, places: session.places, isPartial: session.isPartial)
      }
  }

  private func side(_ change: AccessChange) -> GrantSet { (change.direction == .gained ? new : old).policy.grants }

  /// `everything of dbt_runner as transformer`.
  private func session(_ name: String, _ change: AccessChange) -> String {
    let model = side(change).model
    guard let id = model.connectionNames[name], case .principal(let who) = model[id].identity else { return "as themselves" }
    return "everything of \(model[who].name)\(model[id].role.map { " as \(model[$0].name)" } ?? "")"
  }

  /// Patterns that hold `${principal}`, as the policy writes them: so people who move alike read alike.
  private func personal(_ text: String, _ change: AccessChange) -> String {
    var text = text
    for pattern in side(change).personalPatterns {
      guard let filled = pattern.filled(principal: change.principal, environment: change.environment)?.text else { continue }
      text = text.replacingText(filled, with: Placeholder.fill(pattern.text, principal: nil, environment: change.environment))
    }
    return text
  }

  private func places(_ change: AccessChange, _ sources: SourceMap) -> [String] {
    var found: [String] = []
    let spans = change.causes.isEmpty ? [side(change).place(of: change.grant)] : change.causes.map(\.span)
    for span in spans {
      let start = sources.start(of: span)
      let place = "\(SafeText.escaped(start.path)):\(start.line)"
      if !found.contains(place) { found.append(place) }
    }
    return found
  }
}

extension Grant {
  /// Of a credential, the connection that it belongs to.
  var credentialConnection: ConnectionID? { if case .credential(let id) = basis { id } else { nil } }
}

extension String {
  /// Every occurrence of a text, byte for byte, replaced.
  func replacingText(_ wanted: String, with value: String) -> String {
    let bytes = Array(utf8), pattern = Array(wanted.utf8)
    guard !pattern.isEmpty else { return self }
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if index + pattern.count <= bytes.count, bytes[index..<index + pattern.count].elementsEqual(pattern) {
        result += value.utf8
        index += pattern.count
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// Groups by whom they hold.
private struct GroupNames {
  private var byMembers: [AccessChange.Direction: [[String]: String]] = [:]

  init(_ diff: AccessDiff) {
    guard diff.changes.count > 1 else { return }
    for (direction, side) in [(AccessChange.Direction.gained, diff.new), (.lost, diff.old)] {
      let set = side.policy.grants
      var names: [[String]: String] = [:]
      let moved = Set(diff.changes.lazy.filter { $0.direction == direction }.map(\.principal))
      guard moved.count > 1 else { continue }
      for id in set.model.groups.keys.sorted() where set.model.groups[id]?.source != .provider {
        let members = set.membership.members(of: id).map { set.model[$0.principal].name }.sorted()
        if members.count > 1, members.allSatisfy(moved.contains), names[members] == nil { names[members] = set.model[id].name }
      }
      byMembers[direction] = names
    }
  }

  func name(of principals: [String], _ direction: AccessChange.Direction) -> String? { byMembers[direction]?[principals.sorted()] }
}

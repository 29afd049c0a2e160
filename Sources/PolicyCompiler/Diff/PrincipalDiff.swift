/// What one principal gains and loses, exactly: sets of resources and of moments on both sides.
struct PrincipalDiff {
  let old: GrantSet
  let new: GrantSet
  /// Access counts from this moment on.
  let instant: Instant
  /// Systems whose names are matched with another sense of case now.
  private let foldedOtherwise: Set<String>

  /// Whether the one policy was made from the other: then everything but bindings has the same number in both.
  private let onlyBindings: Bool

  init(old: GrantSet, new: GrantSet, instant: Instant, onlyBindings: Bool = false) {
    self.onlyBindings = onlyBindings
    self.old = old
    self.new = new
    self.instant = instant
    foldedOtherwise = Set(
      new.model.systems.lazy.filter { system in
        old.model.systemNames[system.name].map { old.model[$0].type.foldsCase != system.type.foldsCase } ?? false
      }.map(\.name))
  }

  private struct Held {
    let grant: Grant
    let action: String
    let set: ResourceSet
    let times: IntervalSet
    /// Whether the other side reads the names in it with another sense of case: then nothing there is the same.
    let isReadOtherwise: Bool
  }

  /// Every change for a principal, by environment; those of sessions that it did not have come with their connection.
  func changes(of name: String) throws(ResourceSetTooComplex) -> [AccessChange] {
    var found: [AccessChange] = []
    let environments = Set(old.model.environments.map(\.name)).union(new.model.environments.map(\.name)).sorted()
    for environment in environments {
      let (one, other) = (grants(name, environment, old), grants(name, environment, new))
      let topics = onlyBindings ? GrantTopics(old, one, new, other) : nil
      if let topics, topics.isEmpty { continue }
      let before = try held(one, old, topics)
      let after = try held(other, new, topics)
      found += try changes(.gained, name, environment, from: before, to: after)
      found += try changes(.lost, name, environment, from: after, to: before)
    }
    return found
  }

  private func grants(_ name: String, _ environment: String, _ set: GrantSet) -> [Grant] {
    guard let id = set.model.principalNames[name], set.isSubject(id), let place = set.model.environmentNames[environment] else { return [] }
    return set.grants(of: id, in: place).filter { !$0.times.from(instant).isEmpty }
  }

  /// - Parameter topics: what alone is wanted.
  private func held(_ grants: [Grant], _ set: GrantSet, _ topics: GrantTopics?) throws(ResourceSetTooComplex) -> [Held] {
    var found: [Held] = []
    for grant in grants where topics?.contains(grant, set) ?? true {
      let times = grant.times.from(instant)
      let resources = try set.resources(of: grant)
      func hold(_ terms: [ResourceTerm], isReadOtherwise: Bool) {
        if terms.isEmpty { return }
        let part = terms.count == resources.terms.count ? resources : ResourceSet(terms: terms)
        found.append(Held(grant: grant, action: set.action(of: grant), set: part, times: times, isReadOtherwise: isReadOtherwise))
      }
      if foldedOtherwise.isEmpty {
        hold(resources.terms, isReadOtherwise: false)
      } else {
        let isOther = { (term: ResourceTerm) in term.all.contains { self.foldedOtherwise.contains($0.root.text) } }
        hold(resources.terms.filter { !isOther($0) }, isReadOtherwise: false)
        hold(resources.terms.filter(isOther), isReadOtherwise: true)
      }
    }
    return found
  }

  private struct Same: Hashable {
    let action: String
    let set: ResourceSet
  }

  /// What the right side has and the left has not.
  private func changes(
    _ direction: AccessChange.Direction, _ name: String, _ environment: String, from left: [Held], to right: [Held]
  ) throws(ResourceSetTooComplex) -> [AccessChange] {
    if right.isEmpty { return [] }
    // Most of it stands on both sides.
    var known: [Same: IntervalSet] = [:]
    for held in left where !held.grant.isPartial && !held.isReadOtherwise {
      known[Same(action: held.action, set: held.set), default: .never].formUnion(held.times)
    }
    var rest: [(held: Held, times: IntervalSet)] = []
    for held in right {
      let times = held.times.subtracting(known[Same(action: held.action, set: held.set)] ?? .never)
      if !times.isEmpty { rest.append((held, times)) }
    }
    guard !rest.isEmpty else { return [] }
    let side = direction == .gained ? new : old
    let other = direction == .gained ? old : new
    let uses = newUses(name, environment, side, other)
    var parts: [Part] = []
    for (held, times) in rest {
      for (set, when) in try missing(held, times, left) {
        parts.append(Part(held: held, set: set, times: when, grants: [held.grant]))
      }
    }
    return merged(parts).map { part in
      let grant = part.held.grant
      let via = grant.via.map { side.model[$0].name }
      var opener = grant.via
      if case .credential(let id) = grant.basis { opener = id }
      let isOpened = opener.map { part.times.isSubset(of: uses[$0] ?? .never) } ?? false
      return AccessChange(
        direction: direction, principal: name, kind: side.model[grant.principal].kind, action: part.held.action, environment: environment,
        resources: part.set.simplified(), times: part.times, via: via, isWithItsConnection: isOpened, grants: part.grants,
        isPartial: grant.isPartial,
        causes: [])
    }
  }

  /// When the principal has the use of each connection on one side only.
  private func newUses(_ name: String, _ environment: String, _ side: GrantSet, _ other: GrantSet) -> [ConnectionID: IntervalSet] {
    guard let id = side.model.principalNames[name], let place = side.model.environmentNames[environment] else { return [:] }
    var before: [String: IntervalSet] = [:]
    if let id = other.model.principalNames[name], other.isSubject(id), let place = other.model.environmentNames[environment] {
      for reach in other.reach(of: id, in: place) { before[other.model[reach.connection].name] = reach.times.from(instant) }
    }
    var found: [ConnectionID: IntervalSet] = [:]
    for reach in side.reach(of: id, in: place) {
      let times = reach.times.from(instant).subtracting(before[side.model[reach.connection].name] ?? .never)
      if !times.isEmpty { found[reach.connection] = times }
    }
    return found
  }

  private struct Part {
    let held: Held
    var set: ResourceSet
    var times: IntervalSet
    var grants: [Grant]
  }

  /// What of a grant the other side lacks, moment by moment: the same set over several spans is one.
  private func missing(_ held: Held, _ times: IntervalSet, _ left: [Held]) throws(ResourceSetTooComplex) -> [(ResourceSet, IntervalSet)] {
    if held.isReadOtherwise { return [(held.set, times)] }
    var others: [Held] = []
    // What only some of a group may is not what all of them may.
    for other in left where other.action == held.action && !other.isReadOtherwise && (held.grant.isPartial || !other.grant.isPartial) {
      if !other.times.intersection(times).isEmpty, try other.set.overlaps(held.set) { others.append(other) }
    }
    if others.isEmpty { return [(held.set, times)] }
    var edges = Set(times.intervals.flatMap { [$0.from, $0.until] })
    for other in others { for interval in other.times.intervals { edges.formUnion([interval.from, interval.until]) } }
    let sorted = edges.sorted()
    var found: [(ResourceSet, IntervalSet)] = []
    for (from, until) in zip(sorted, sorted.dropFirst()) where times.contains(from) {
      let span = IntervalSet(Interval(from: from, until: until))
      let there = others.filter { $0.times.contains(from) }.map(\.set)
      let left = there.isEmpty ? held.set : try held.set.subtracting(.union(of: there))
      guard try !left.isEmpty() else { continue }
      if let index = found.firstIndex(where: { $0.0 == left }) {
        found[index].1.formUnion(span)
      } else {
        found.append((left, span))
      }
    }
    return found
  }

  /// The same action by the same way at the same moments as one set.
  private func merged(_ parts: [Part]) -> [Part] {
    struct Key: Hashable {
      let action: String
      let via: ConnectionID?
      let times: IntervalSet
      let isPartial: Bool
      let isCredential: Bool
    }
    // Of several grants of the same, the moments of all; then of the same moments, all that is held.
    struct Same: Hashable {
      let action: String
      let via: ConnectionID?
      let set: ResourceSet
      let isPartial: Bool
    }
    var sets: [Same] = []
    var bySet: [Same: Part] = [:]
    for part in parts.sorted(by: { $0.held.grant.order < $1.held.grant.order }) {
      let same = Same(action: part.held.action, via: part.held.grant.via, set: part.set, isPartial: part.held.grant.isPartial)
      guard var known = bySet[same] else {
        sets.append(same)
        bySet[same] = part
        continue
      }
      known.times.formUnion(part.times)
      known.grants += part.grants
      bySet[same] = known
    }
    var order: [Key] = []
    var found: [Key: Part] = [:]
    for part in sets.compactMap({ bySet[$0] }) {
      var isCredential = false
      if case .credential = part.held.grant.basis { isCredential = true }
      let key = Key(
        action: part.held.action, via: part.held.grant.via, times: part.times, isPartial: part.held.grant.isPartial,
        isCredential: isCredential)
      guard var known = found[key] else {
        order.append(key)
        found[key] = part
        continue
      }
      known.set = known.set.union(part.set)
      known.grants += part.grants
      found[key] = known
    }
    return order.compactMap { found[$0] }
  }
}

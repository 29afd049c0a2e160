/// Whose access can differ between two revisions: found from what was declared differently, so that comparing two large
/// policies costs what changed.
///
/// Errs on the side of too many: whoever is not among them holds the same on both sides.
struct AffectedPrincipals {
  private let old: GrantSet
  private let new: GrantSet
  private let shared: Set<Int32>
  private(set) var names: Set<String> = []

  /// - Parameters:
  ///   - shared: the numbers of the files that both sides have alike.
  ///   - onlyBindings: whether it is known that nothing but bindings differs.
  init(old: GrantSet, new: GrantSet, shared: Set<Int32>, onlyBindings: Bool = false) {
    self.old = old
    self.new = new
    self.shared = shared
    if onlyBindings {
      bindings(ofChanged: [])
      sessions(from: [])
      return
    }
    guard Set(old.model.environments.map(\.name)) == Set(new.model.environments.map(\.name)) else {
      names = Set((old.subjects.map { old.model[$0].name }) + new.subjects.map { new.model[$0].name })
      return
    }
    principals()
    groups()
    let roles = changedRoles()
    bindings(ofChanged: changedSystems())
    for (set, changed) in [(old, roles.old), (new, roles.new)] {
      for role in changed { for binding in set.bindingIndex.bindings(giving: role) { add(holdersOf: binding, set) } }
    }
    sessions(from: changedConnections())
  }

  private mutating func add(_ principal: PrincipalID, _ set: GrantSet) { names.insert(set.model[principal].name) }

  private mutating func add(holdersOf binding: BindingID, _ set: GrantSet) {
    for target in set.model.bindingTargets[set.model[binding].targets] {
      for member in set.membership.members(of: target.principal) { add(member.principal, set) }
    }
  }

  // MARK: Principals

  /// Those that came, went, or changed what they are.
  private mutating func principals() {
    for (one, other) in [(old, new), (new, old)] {
      for id in one.subjects {
        let name = one.model[id].name
        guard let there = other.model.principalNames[name], other.isSubject(there), other.model[there].kind == one.model[id].kind else {
          names.insert(name)
          continue
        }
      }
    }
  }

  /// Whoever is in a group on one side only, or at other times.
  private mutating func groups() {
    var changed: Set<String> = []
    for (one, other) in [(old, new), (new, old)] {
      for id in one.model.groups.keys {
        let name = one.model[id].name
        guard let there = other.model.principalNames[name] else {
          changed.insert(name)
          continue
        }
        if !one.model[id].declaration.isSame(as: other.model[there].declaration) { changed.insert(name) }
      }
    }
    guard !changed.isEmpty else { return }
    // A group is what is in it: those around a changed one change with it.
    for set in [old, new] {
      var queue = changed.compactMap { set.model.principalNames[$0] }
      while let id = queue.popLast() {
        for outer in set.membership.groupsNaming(id) where changed.insert(set.model[outer].name).inserted { queue.append(outer) }
      }
    }
    for name in changed {
      let before = members(name, old)
      let after = members(name, new)
      for (member, times) in before where after[member] != times { names.insert(member) }
      for (member, times) in after where before[member] != times { names.insert(member) }
    }
  }

  private struct Times: Equatable {
    let times: IntervalSet
    let isPartial: Bool
  }

  private func members(_ group: String, _ set: GrantSet) -> [String: Times] {
    guard let id = set.model.principalNames[group], set.model[id].kind == .group else { return [:] }
    return Dictionary(
      set.membership.members(of: id).map { (set.model[$0.principal].name, Times(times: $0.times, isPartial: $0.isPartial)) },
      uniquingKeysWith: { first, _ in first })
  }

  // MARK: Roles

  private func changedRoles() -> (old: [RoleID], new: [RoleID]) {
    var changed: Set<String> = []
    let sameNames = Set(old.model.roleNames.keys) == Set(new.model.roleNames.keys)
    for (one, other) in [(old, new), (new, old)] {
      for role in one.model.roles {
        guard let there = other.model.roleNames[role.name] else {
          changed.insert(role.name)
          continue
        }
        if !role.declaration.isSame(as: other.model[there].declaration) { changed.insert(role.name) }
        if !sameNames, role.inheritsAllButSome { changed.insert(role.name) }
      }
    }
    let systems = changedSystems()
    if !systems.isEmpty {
      for set in [old, new] {
        for role in set.model.roles where set.model.permissions[role.permissions].contains(where: { mentions($0, systems, set.model) }) {
          changed.insert(role.name)
        }
      }
    }
    func affected(_ set: GrantSet) -> [RoleID] {
      guard !changed.isEmpty else { return [] }
      let ids = Set(changed.compactMap { set.model.roleNames[$0] })
      return set.model.roles.indices.map(RoleID.init).filter { role in set.model[role].closure.contains { ids.contains($0) } }
    }
    return (affected(old), affected(new))
  }

  private func mentions(_ permission: AccessModel.Permission, _ systems: Set<String>, _ model: AccessModel) -> Bool {
    (permission.of + permission.except).contains { systems.contains(model[$0].pattern.root) }
  }

  /// Systems that came or went, or of which other resources exist, or by another reading.
  private func changedSystems() -> Set<String> {
    var changed: Set<String> = []
    for (one, other) in [(old.model, new.model), (new.model, old.model)] {
      for system in one.systems {
        guard let id = other.systemNames[system.name] else {
          changed.insert(system.name)
          continue
        }
        let there = other[id]
        let sameRoutes =
          system.routes.mapValues { $0.actsAs.map { one[$0].name } ?? "" }
          == there.routes.mapValues { $0.actsAs.map { other[$0].name } ?? "" }
        if system.type.name != there.type.name || one.names(system.environments).sorted() != other.names(there.environments).sorted()
          || !sameRoutes
        {
          changed.insert(system.name)
        }
      }
    }
    return changed
  }

  // MARK: Bindings

  /// Bindings have no names: those that stand on both sides cancel out, however often and wherever they stand.
  private mutating func bindings(ofChanged systems: Set<String>) {
    var counts: [Int: [(node: SyntaxNode, id: BindingID, count: Int)]] = [:]
    for (index, binding) in old.changedBindings(shared) {
      let declaration = old.model.declaration(of: binding)
      counts[declaration.contentHash, default: []].append((declaration, BindingID(index), 1))
    }
    for (index, binding) in new.changedBindings(shared) {
      let declaration = new.model.declaration(of: binding)
      let hash = declaration.contentHash
      if let place = counts[hash]?.firstIndex(where: { $0.count > 0 && $0.node.isSame(as: declaration) }) {
        counts[hash]?[place].count -= 1
      } else {
        add(holdersOf: BindingID(index), new)
      }
    }
    for left in counts.values.joined() where left.count > 0 { add(holdersOf: left.id, old) }
    guard !systems.isEmpty else { return }
    for set in [old, new] {
      for (index, binding) in set.model.bindings.enumerated() {
        let narrows =
          binding.resources.map { set.model.bindingResources[$0].contains { systems.contains(set.model[$0].pattern.root) } } ?? false
        if narrows || set.model.permissions[binding.permissions].contains(where: { mentions($0, systems, set.model) }) {
          add(holdersOf: BindingID(index), set)
        }
      }
    }
  }

  // MARK: Sessions

  private func changedConnections() -> Set<String> {
    var open: Set<String> = []
    for (one, other) in [(old.model, new.model), (new.model, old.model)] {
      for connection in one.connections {
        guard let there = other.connectionNames[connection.name] else {
          open.insert(connection.name)
          continue
        }
        if !connection.declaration.isSame(as: other[there].declaration) { open.insert(connection.name) }
      }
    }
    return open
  }

  /// Whoever uses a connection holds what its session holds.
  private mutating func sessions(from changed: Set<String>) {
    var open = changed
    var done: Set<String> = []
    while true {
      for set in [old, new] {
        for connection in set.model.connections {
          if case .principal(let id) = connection.identity, names.contains(set.model[id].name) { open.insert(connection.name) }
        }
      }
      let next = open.subtracting(done)
      guard !next.isEmpty else { return }
      done.formUnion(next)
      for set in [old, new] {
        for id in next.compactMap({ set.model.connectionNames[$0] }) {
          for environment in set.model[id].environments.members where environment.offset < set.model.environments.count {
            for reacher in set.reachers(of: id, in: environment) { add(reacher.principal, set) }
          }
        }
      }
    }
  }
}

extension GrantSet {
  /// The bindings that stand in other files than these.
  func changedBindings(_ shared: Set<Int32>) -> [(index: Int, binding: AccessModel.Binding)] {
    var found: [(Int, AccessModel.Binding)] = []
    // Files follow one another: most bindings stand in the file of the one before.
    var last: (file: Int32, isShared: Bool)?
    for index in model.bindings.indices {
      let file = model.bindings[index].span.file
      if last?.file != file { last = (file, shared.contains(file)) }
      if last?.isShared == false { found.append((index, model.bindings[index])) }
    }
    return found
  }
}

extension AccessModel.Role {
  fileprivate var inheritsAllButSome: Bool {
    declaration.isMapping && declaration.record(RoleField.self).items(.inherits).contains(where: \.isMapping)
  }
}

/// Bindings by what they give: from a role, or from an action on a system, to all that give it.
struct BindingIndex: Sendable {
  private struct Key: Hashable {
    let action: String
    let root: AccessModel.ResolvedPattern.Root
  }

  /// The permissions on one action and root.
  fileprivate struct Topic: Sendable {
    var all: [PermissionID] = []
    /// Those with a pattern whose first segment is this text; in lower case where the system does not tell case apart.
    var byFirst: [UTF8Key: [PermissionID]] = [:]
    /// Those with a pattern that begins with anything else.
    var open: [PermissionID] = []
  }

  /// Of each role, the bindings that give it, itself or through one that inherits it.
  private let byRole: [[BindingID]]
  private let topics: [Key: Topic]

  init(_ model: AccessModel) {
    var byRole = [[BindingID]](repeating: [], count: model.roles.count)
    for (index, binding) in model.bindings.enumerated() {
      let roles = model.bindingRoles[binding.roles]
      if roles.count == 1 {
        for role in model.roles[roles[roles.startIndex].offset].closure { byRole[role.offset].append(BindingID(index)) }
      } else {
        for role in Set(roles.flatMap { model.roles[$0.offset].closure }) { byRole[role.offset].append(BindingID(index)) }
      }
    }
    self.byRole = byRole
    var topics: [Key: Topic] = [:]
    for index in model.permissions.indices {
      let id = PermissionID(index)
      let action = model.permissions[index].action
      for pattern in model.permissions[index].of {
        let root = model.patterns[pattern.offset].root
        let first = Self.first(of: model.patterns[pattern.offset].pattern, foldsCase: model.foldsCase(root))
        topics[Key(action: action, root: root), default: Topic()].add(id, first)
      }
    }
    self.topics = topics
  }

  /// The text that the first segment below the root must be; nil where it may be any of several.
  private static func first(of pattern: ResourcePattern, foldsCase: Bool) -> UTF8Key? {
    guard case .literal(let name)? = pattern.segments.first, !name.utf8.contains(UInt8(ascii: "$")) else { return nil }
    return UTF8Key(foldsCase ? name.lowercased() : name)
  }

  func bindings(giving role: RoleID) -> [BindingID] { byRole[role.offset] }

  func permissions(on filter: GrantFilter) -> [PermissionID] { topics[Key(action: filter.action, root: filter.root)]?.all ?? [] }

  /// Those that can cover a path below the root, and perhaps others; in order.
  func permissions(on filter: GrantFilter, covering path: [String], foldsCase: Bool) -> [PermissionID] {
    guard let topic = topics[Key(action: filter.action, root: filter.root)] else { return [] }
    guard let first = path.first, let named = topic.byFirst[UTF8Key(foldsCase ? first.lowercased() : first)] else { return topic.open }
    if topic.open.isEmpty { return named }
    return Set(named + topic.open).sorted()
  }

  func bindings(giving permission: PermissionID, _ grants: GrantSet) -> [BindingID] {
    grants.role(of: permission).map(bindings(giving:)) ?? grants.binding(of: permission).map { [$0] } ?? []
  }
}

extension BindingIndex.Topic {
  /// Permissions come in order, each with all of its patterns.
  mutating func add(_ id: PermissionID, _ first: UTF8Key?) {
    if all.last != id { all.append(id) }
    guard let first else {
      if open.last != id { open.append(id) }
      return
    }
    if byFirst[first]?.last != id { byFirst[first, default: []].append(id) }
  }
}

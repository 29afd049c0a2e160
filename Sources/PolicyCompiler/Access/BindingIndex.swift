/// Bindings by what they give: from a role, or from an action on a system, to all that give it.
struct BindingIndex: Sendable {
  private struct Key: Hashable {
    let action: String
    let root: AccessModel.ResolvedPattern.Root
  }

  /// Of each role, the bindings that give it, itself or through one that inherits it.
  private let byRole: [[BindingID]]
  /// Of each action and root, the permissions on it.
  private let permissions: [Key: [PermissionID]]

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
    var permissions: [Key: [PermissionID]] = [:]
    for (index, permission) in model.permissions.enumerated() {
      for root in Set(permission.of.map { model.patterns[$0.offset].root }) {
        permissions[Key(action: permission.action, root: root), default: []].append(PermissionID(index))
      }
    }
    self.permissions = permissions
  }

  func bindings(giving role: RoleID) -> [BindingID] { byRole[role.offset] }

  func permissions(on filter: GrantFilter) -> [PermissionID] { permissions[Key(action: filter.action, root: filter.root)] ?? [] }

  func bindings(giving permission: PermissionID, _ grants: GrantSet) -> [BindingID] {
    grants.role(of: permission).map(bindings(giving:)) ?? grants.binding(of: permission).map { [$0] } ?? []
  }
}

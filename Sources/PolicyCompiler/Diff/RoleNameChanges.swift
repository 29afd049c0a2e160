/// What roles are called on systems, where that changes: by `name_on`, or because a role that a session takes on there is
/// itself called otherwise. What nobody logs in with is only a word of the policy.
struct RoleNameChanges {
  let old: AccessModel
  let new: AccessModel

  private static let field = RoleField.nameOn.field

  /// - Parameters:
  ///   - one: the role's name and declaration on the old side.
  ///   - other: likewise on the new side.
  func changes(_ one: (name: String, value: SyntaxNode), _ other: (name: String, value: SyntaxNode), _ place: FieldDiff.Place)
    -> [TrustChange]
  {
    guard let before = old.roleNames[one.name], let after = new.roleNames[other.name] else { return [] }
    let (sessions, later) = (sessions(with: before, old), sessions(with: after, new))
    let named = [one.value, other.value].flatMap { $0.isMapping ? $0.value(of: Self.field.name)?.pairs.map(\.key.text) ?? [] : [] }
    let used = Set(sessions.keys).intersection(later.keys)
    return used.union(named).sorted().compactMap { system in
      let (mine, theirs) = (old.roleName(before, on: system), new.roleName(after, on: system))
      guard mine != theirs else { return nil }
      // Whoever says how it is called there says so even where nobody logs in with it yet.
      let isSaid = named.contains(system)
      return TrustChange(
        section: place.section, name: other.name, path: "\(Self.field.name).\(system)", impact: Self.field.impact, before: mine,
        after: theirs,
        isProtected: later[system]?.isProtected ?? false, oldSpan: span(one.value, system) ?? place.oldSpan,
        newSpan: span(other.value, system) ?? place.newSpan,
        note: isSaid ? nil : later[system].map { "`\($0.connection)` takes on this role there: `name_on` would keep its name" })
    }
  }

  /// The systems where a session takes on a role, with a connection that does.
  private func sessions(with role: RoleID, _ model: AccessModel) -> [String: (connection: String, isProtected: Bool)] {
    var found: [String: (connection: String, isProtected: Bool)] = [:]
    for connection in model.connections where connection.role == role {
      let system = model[connection.system].name
      let isProtected = connection.settings.keys.contains { model[$0].isProtected }
      let known = found[system]
      found[system] = (
        connection: min(known?.connection ?? connection.name, connection.name), isProtected: isProtected || known?.isProtected ?? false
      )
    }
    return found
  }

  private func span(_ node: SyntaxNode, _ system: String) -> SourceSpan? {
    guard node.isMapping, let names = node.value(of: Self.field.name), names.isMapping else { return nil }
    return names.value(of: system)?.span
  }
}

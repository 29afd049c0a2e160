/// Roles that changed nothing but their name, and perhaps what they are called on systems: the old name of each, with the new one.
enum RoleRenames {
  typealias Named = [String: SyntaxNode]

  static func find(old: Named, new: Named) -> [String: String] {
    let gone = old.keys.filter { new[$0] == nil }.sorted()
    let come = new.keys.filter { old[$0] == nil }.sorted()
    guard !gone.isEmpty, !come.isEmpty else { return [:] }
    // Names that come or go may be each other's: they count as the same unknown.
    let unknown = Set(gone + come)
    var found: [String: String] = [:]
    // Where two are alike but for what systems call them, that tells them apart.
    for keepsNames in [true, false] {
      var byContent: [CanonicalValue: (old: [String], new: [String])] = [:]
      let arrived = Set(found.values)
      for name in gone where found[name] == nil {
        if let node = old[name] { byContent[content(node, unknown, keepsNames), default: ([], [])].old.append(name) }
      }
      for name in come where !arrived.contains(name) {
        if let node = new[name] { byContent[content(node, unknown, keepsNames), default: ([], [])].new.append(name) }
      }
      for (_, names) in byContent where names.old.count == 1 && names.new.count == 1 { found[names.old[0]] = names.new[0] }
    }
    // What they inherit must have been renamed to just that; without one pair another may fall.
    while true {
      let wrong = found.filter { one, other in
        guard let left = old[one], let right = new[other] else { return true }
        return content(left) { found[$0] ?? $0 } != content(right) { $0 }
      }
      if wrong.isEmpty { return found }
      for name in wrong.keys { found[name] = nil }
    }
  }

  private static func content(_ node: SyntaxNode, _ unknown: Set<String>, _ keepsNames: Bool) -> CanonicalValue {
    content(node, keepsNames: keepsNames) { unknown.contains($0) ? "?" : $0 }
  }

  /// What a role says, with other names for those that it inherits.
  private static func content(_ node: SyntaxNode, keepsNames: Bool = false, _ rename: (String) -> String) -> CanonicalValue {
    guard case .table(var table)? = CanonicalValue(node, .record(.role)) else { return .table([:]) }
    if !keepsNames { table[RoleField.nameOn.field.name] = nil }
    table[RoleField.inherits.field.name] = table[RoleField.inherits.field.name].map { renamed($0, rename) }
    return .table(table)
  }

  private static func renamed(_ value: CanonicalValue, _ rename: (String) -> String) -> CanonicalValue {
    switch value {
    case .text(let name): .text(rename(name))
    case .list(let items): .list(items.map { renamed($0, rename) }.sorted { $0.description < $1.description })
    case .table(let table): .table(table.mapValues { renamed($0, rename) })
    }
  }
}

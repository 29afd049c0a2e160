/// Roles that changed nothing but their name: the old name of each, with the new one.
enum RoleRenames {
  typealias Named = [String: SyntaxNode]

  static func find(old: Named, new: Named) -> [String: String] {
    let gone = old.keys.filter { new[$0] == nil }.sorted()
    let come = new.keys.filter { old[$0] == nil }.sorted()
    guard !gone.isEmpty, !come.isEmpty else { return [:] }
    // Names that come or go may be each other's: they count as the same unknown.
    let unknown = Set(gone + come)
    var byContent: [CanonicalValue: (old: [String], new: [String])] = [:]
    for name in gone { if let node = old[name] { byContent[content(node, unknown), default: ([], [])].old.append(name) } }
    for name in come { if let node = new[name] { byContent[content(node, unknown), default: ([], [])].new.append(name) } }
    var found: [String: String] = [:]
    for (_, names) in byContent where names.old.count == 1 && names.new.count == 1 { found[names.old[0]] = names.new[0] }
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

  private static func content(_ node: SyntaxNode, _ unknown: Set<String>) -> CanonicalValue {
    content(node) { unknown.contains($0) ? "?" : $0 }
  }

  /// What a role says, with other names for those that it inherits.
  private static func content(_ node: SyntaxNode, _ rename: (String) -> String) -> CanonicalValue {
    guard case .table(var table)? = CanonicalValue(node, .record(.role)) else { return .table([:]) }
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

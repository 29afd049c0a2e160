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
    return found
  }

  private static func content(_ node: SyntaxNode, _ unknown: Set<String>) -> CanonicalValue {
    guard let value = CanonicalValue(node, .record(.role)) else { return .table([:]) }
    guard case .table(var table) = value else { return value }
    if case .list(let items)? = table[RoleField.inherits.field.name] {
      table[RoleField.inherits.field.name] = .list(
        items.map { item in
          if case .text(let name) = item, unknown.contains(name) { return .text("?") }
          return item
        })
    }
    return .table(table)
  }
}

import PolicyCompiler

/// Names of roles: what PostgreSQL takes, and no two of one name.
enum PostgresNames {
  /// https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS: longer ones are cut off.
  private static let maximumBytes = 63

  static func problems(_ roles: [PostgresPlan.Role], leaves: [SyntaxNode]) -> [Diagnostic] {
    var problems: [Diagnostic] = []
    var owners: [String: PostgresPlan.Role] = [:]
    for role in roles {
      if let problem = problem(role.name, "the \(role.kind.title) `\(role.policyName)`", at: role.span) {
        problems.append(problem)
        continue
      }
      for pattern in leaves where matches(pattern.text, role.name) { problems.append(.left(role, pattern)) }
      let folded = role.name.lowercased()
      if let owner = owners[folded] { problems.append(.taken(role, by: owner)) } else { owners[folded] = role }
    }
    return problems
  }

  static func problem(_ name: String, _ what: String, at span: SourceSpan) -> Diagnostic? {
    let size = name.utf8.count
    if size > maximumBytes {
      return Diagnostic(
        .inexpressible, "`\(name)` is too long for \(what) in PostgreSQL: it has \(size) bytes, and \(maximumBytes) are kept", at: span,
        help: "choose a shorter name: `name_on` of a role, `accounts` of a user or service, `role_prefix` of the artifact")
    }
    if name.isEmpty || name.utf8.contains(0) {
      return Diagnostic(.inexpressible, "PostgreSQL has no such name for \(what)", at: span, help: "choose another name")
    }
    if name.lowercased().hasPrefix("pg_") || ["public", "none"].contains(name) {
      return Diagnostic(
        .inexpressible, "`\(name)` cannot be \(what) in PostgreSQL, which keeps that name for itself", at: span,
        help: "choose another name: `name_on` of a role, `accounts` of a user or service, `role_prefix` of the artifact")
    }
    return nil
  }

  /// Whether a text with `*` for any text matches a name.
  private static func matches(_ pattern: String, _ name: String) -> Bool {
    let parts = pattern.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
    var rest = Array(name.utf8)[...]
    guard let first = parts.first, let last = parts.last, rest.starts(with: first) else { return false }
    if parts.count == 1 { return rest.count == first.count }
    rest = rest.dropFirst(first.count)
    for part in parts.dropFirst().dropLast() {
      guard let found = rest.indices.first(where: { rest[$0...].starts(with: part) }) ?? (part.isEmpty ? rest.startIndex : nil) else {
        return false
      }
      rest = rest[(found + part.count)...]
    }
    return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
  }
}

extension PostgresPlan.Role.Kind {
  var title: String {
    switch self {
    case .role: "role"
    case .group, .openGroup: "group"
    case .account: "account of"
    }
  }
}

extension Diagnostic {
  fileprivate static func left(_ role: PostgresPlan.Role, _ pattern: SyntaxNode) -> Self {
    Self(
      .inexpressible, "`\(role.name)` is a role that is never to be touched, and the \(role.kind.title) `\(role.policyName)` would be it",
      at: role.span, notes: [.init("it is left alone here", at: pattern.span)],
      help: "choose another name, or take it out of `leaves`")
  }

  fileprivate static func taken(_ role: PostgresPlan.Role, by other: PostgresPlan.Role) -> Self {
    let isCase = role.name != other.name
    return Self(
      .variableTakenTwice,
      "the \(role.kind.title) `\(role.policyName)` and the \(other.kind.title) `\(other.policyName)` would be one role of the database: `\(role.name)`",
      at: role.span,
      notes: [.init("the \(other.kind.title) `\(other.policyName)` takes the name here", at: other.span)]
        + (isCase ? [.init("where SQL is written without quotes, names differ in more than case")] : []),
      help: "give one of them another name: `name_on` of a role, `accounts` of a user or service")
  }
}

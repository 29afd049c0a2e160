import PolicyCompiler

/// What a file says: roles, who is a member of which, and what each holds.
struct PostgresPlan {
  enum Holder: Hashable, Comparable {
    case role(RoleID)
    case principal(PrincipalID)
  }

  struct Role {
    enum Kind: String {
      case role, group, account
      /// A group whose members the identity provider knows, and Writ does not.
      case openGroup = "open group"
    }
    let holder: Holder
    let kind: Kind
    /// In the policy.
    let policyName: String
    /// In the database.
    let name: String
    /// Where the name in the database comes from.
    let span: SourceSpan
  }

  struct Membership: Hashable {
    let role: Holder
    let member: Holder
  }

  /// Privileges on all that some patterns match, as `schema/object`, with `*` for any text within a name.
  struct Grant: Hashable {
    enum Kind: String { case database, schema, object }
    let action: String
    let privileges: [String]
    let kind: Kind
    let resources: [String]
    let excepted: [String]
    /// What a binding narrows it to; nil where none does.
    let within: [String]?
  }

  /// A grant, with where the policy says it.
  struct GivenGrant {
    let grant: Grant
    let permission: SourceSpan
    /// The binding, where the grant is not the role's own.
    let binding: SourceSpan?
  }

  let system: SystemID
  let environment: EnvironmentID
  var roles: [Role] = []
  /// Each with a place that gives it.
  var members: [Membership: SourceSpan] = [:]
  var grants: [Holder: [GivenGrant]] = [:]
  /// The users, services and groups of unknown members who hold any of it.
  var subjects: Set<PrincipalID> = []
  /// Permissions to own, which no grant gives.
  var owning: [SourceSpan] = []
  /// Groups of unknown members, of which only some are meant.
  var leftOut: [(group: PrincipalID, of: PrincipalID, span: SourceSpan)] = []
  /// The next moment at which something starts or ends.
  var notAfter: Instant?
}

extension PostgresPlan.Grant {
  /// Whether everything that will ever match has it as soon as it is made.
  func isExact(hasOwners: Bool) -> Bool {
    switch kind {
    case .database: true
    case .schema:
      resources.allSatisfy {
        !$0.contains("*") || ($0 == "*" && hasOwners && excepted.isEmpty && within?.contains("*") != false)
      }
    case .object: hasOwners && resources.allSatisfy(isWhole)
    }
  }

  /// Whether a pattern is a schema with all that will be in it, or every schema.
  private func isWhole(_ pattern: String) -> Bool {
    guard pattern.hasSuffix("/*") else { return false }
    let schema = pattern.dropLast(2)
    if let within, !within.contains(pattern), !within.contains("*/*") { return false }
    if schema == "*" { return excepted.isEmpty }
    return !schema.contains("*")
      && excepted.allSatisfy { except in
        let other = except.prefix { $0 != "/" }
        return !other.contains("*") && !other.utf8.elementsEqual(schema.utf8)
      }
  }
}

extension ResourcePattern {
  /// The paths of one depth that it matches, each segment a text with `*`: `**/x` is `*/x` where two are wanted.
  func globs(depth: Int) -> [String] {
    var found: [String] = []
    // The next segment of the pattern, and what has been taken so far.
    var open: [(next: Int, path: [String])] = [(0, [])]
    while let (next, path) = open.popLast() {
      guard next < segments.count else {
        if path.count == depth, !found.contains(path.joined(separator: "/")) { found.append(path.joined(separator: "/")) }
        continue
      }
      switch segments[next] {
      case .literal(let text): if path.count < depth { open.append((next + 1, path + [text])) }
      case .wildcard(let parts): if path.count < depth { open.append((next + 1, path + [parts.joined(separator: "*")])) }
      case .any:
        if path.count < depth { open.append((next, path + ["*"])) }
        open.append((next + 1, path))
      }
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}

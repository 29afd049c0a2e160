/// Permifrost's `roles.yml`: databases, warehouses, roles and users of a Snowflake account.
///
/// | Permifrost | SQL that it grants | Writ |
/// |---|---|---|
/// | `tables: read` | SELECT | `read` |
/// | `tables: write` | SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES | `read` and `write` |
/// | `schemas: read`, `databases: read` | USAGE | nothing where something below may be acted on, else reported |
/// | `schemas: write`, `databases: write` | USAGE, MONITOR, CREATE … | `create` |
/// | `databases: read` of a shared database | IMPORTED PRIVILEGES | `read` of all that is in it |
/// | `owns`, a database's `owner` | OWNERSHIP | `own` |
/// | `warehouses` | USAGE, OPERATE, MONITOR | `use` |
/// | `member_of` | GRANT ROLE | `inherits` of a role, a binding of a user |
/// | `member_of: { include: ["*"] }` | all roles of the file | `inherits: { all_except: [..] }` |
/// | `can_login: no` | DISABLED = TRUE | a user without bindings, reported |
///
/// Source of the format: https://gitlab.com/gitlab-data/permifrost
package enum PermifrostImporter: Importer {
  package static func policy(from sources: SourceMap, options: ImportOptions) -> ImportedPolicy {
    var reader = ImportReader(format: "Permifrost")
    var spec: PermifrostSpec?
    for (index, file) in sources.files.enumerated() {
      guard let root = reader.root(file, file: Int32(index)) else { continue }
      if spec == nil {
        spec = PermifrostSpec(root, &reader)
      } else {
        reader.report(.importShape("Permifrost reads one file, and this is another", at: root.span.part(0..<root.firstLineLength)))
      }
    }
    let possible = PolicyPages.possiblePaths(options.system)
    guard let spec, !spec.roles.isEmpty || !spec.users.isEmpty else {
      if !reader.all.hasErrors {
        reader.report(
          .nothingToImport("there are no roles and no users of Permifrost", help: "name Permifrost's specification, often `roles.yml`"))
      }
      return ImportedPolicy(files: [], possiblePaths: possible, diagnostics: reader.all.inOrder())
    }
    var draft = PermifrostDraft(spec, options, reader)
    let pages = draft.pages(source: sources.files.first?.path ?? "")
    let diagnostics = draft.reader.all.inOrder()
    let files = diagnostics.hasErrors ? [] : pages.files(options.system, isOneFile: options.isOneFile)
    return ImportedPolicy(files: files, possiblePaths: possible, diagnostics: diagnostics)
  }
}

/// The specification on its way to a policy.
private struct PermifrostDraft {
  let spec: PermifrostSpec
  let options: ImportOptions
  var reader: ImportReader
  /// Of each role and user, by its name in lower case, what it is called here.
  private var roleNames: [String: String] = [:]
  private var userNames: [String: String] = [:]
  private var usedDatabases: Set<String> = []
  private var usedWarehouses: Set<String> = []
  /// How many patterns may still be compared with one another: a hostile file could hold millions of both.
  private var comparisons = 1_000_000

  init(_ spec: PermifrostSpec, _ options: ImportOptions, _ reader: ImportReader) {
    self.spec = spec
    self.options = options
    self.reader = reader
    roleNames = names(spec.roles.map(\.name), "role")
    userNames = names(spec.users.map(\.name), "user")
  }

  private mutating func names(_ nodes: [SyntaxNode], _ kind: String) -> [String: String] {
    var names = ImportNames()
    var found: [String: String] = [:]
    // Names that can stay have the first choice.
    let sorted = nodes.sorted { comesFirst($0.text, $1.text) }
    for node in sorted where names.canKeep(node.text) { found[node.text.lowercased()] = names.take(node.text, kind: kind) }
    for node in sorted where found[node.text.lowercased()] == nil {
      let name = names.take(node.text, kind: kind)
      found[node.text.lowercased()] = name
      reader.report(
        .renamed(
          kind, node.text, to: name, because: "names are letters, digits, `_`, `.` and `-`, and no words of the language", at: node.span))
    }
    return found
  }

  mutating func pages(source: String) -> PolicyPages {
    let file = source.split(separator: "/").last.map(String.init) ?? source
    var pages = PolicyPages(heading: ["Imported from \(commentable(file)) (Permifrost) by `writ import permifrost`."])
    let roles = self.roles()
    let bindings = self.bindings()
    pages.add(
      .users, users(), comments: ["Permifrost does not tell people from workloads: move what is no person to `services`, with an owner."])
    if !options.isEnvironmentDeclared {
      pages.add(.environments, .mapping([.init(options.environment, .fields(["protected": .boolean(true)]))]))
    }
    pages.add(.systems, system(), comments: ["Sessions start in `database`, where a connection does not say otherwise."])
    pages.add(.roles, roles)
    pages.add(.bindings, bindings)
    unused()
    return pages
  }

  // MARK: System and users

  private mutating func system() -> YAML {
    if options.account == nil {
      reader.report(
        .assumed(
          "the file does not say which account of Snowflake it is for: `account` is `to-be-named`", at: spec.start,
          help: "name it with --account, or in the policy"))
    }
    let databases = spec.databases.filter { ImportOptions.isText($0.text) }
    let database = databases.first { !spec.shared.contains($0.text.lowercased()) } ?? databases.first
    let endpoint: YAML = .fields([
      "account": .string(options.account ?? "to-be-named"), "database": .string(database?.text ?? "to-be-named"),
    ])
    return .mapping([
      .init(options.system, .fields(["type": .string("snowflake"), "environments": .mapping([.init(options.environment, endpoint)])]))
    ])
  }

  private mutating func users() -> YAML {
    var entries: [YAML.Entry] = []
    for user in spec.users {
      guard let name = userNames[user.name.text.lowercased()] else { continue }
      var account: YAML?
      if name != user.name.text { account = reader.account(user.name).map { .mapping([.init(options.system, $0)]) } }
      var email: YAML?
      if let node = user.email {
        if ScalarCheck.isEmail(node.text) {
          email = .string(node.text)
        } else {
          reader.report(.withoutCounterpart("`\(node.text)` is not an address, and is left out", at: node.span))
        }
      }
      entries.append(.init(name, .fields(["email": email, "accounts": account])))
    }
    return .mapping(entries.sorted { comesFirst($0.key, $1.key) })
  }

  // MARK: Roles

  private mutating func roles() -> YAML {
    var drafts = spec.roles.compactMap { role in roleNames[role.name.text.lowercased()].map { Draft(role: role, name: $0) } }
    drafts.sort { comesFirst($0.name, $1.name) }
    inheritance(&drafts)
    var owned: [String: [SyntaxNode]] = [:]
    for (role, database) in spec.owners {
      if roleNames[role.text.lowercased()] == nil {
        reader.report(.unknownImport("role", role, "it is not made the owner of `\(database.text)`"))
      } else {
        owned[role.text.lowercased(), default: []].append(database)
      }
    }
    var entries: [YAML.Entry] = []
    for draft in drafts {
      let can = permissions(draft.role, owns: owned[draft.role.name.text.lowercased()] ?? [])
      var inherits = YAML.texts(draft.inherits.inNameOrder())
      if draft.role.all != nil { inherits = .fields(["all_except": .texts(draft.excluded.inNameOrder())]) }
      var nameOn: YAML?
      if draft.name != draft.role.name.text { nameOn = reader.account(draft.role.name).map { .mapping([.init(options.system, $0)]) } }
      entries.append(.init(draft.name, .fields(["name_on": nameOn, "inherits": inherits, "can": can])))
    }
    return .mapping(entries)
  }

  private struct Draft {
    let role: PermifrostSpec.Role
    let name: String
    var inherits: Set<String> = []
    /// Where each inherited role is named.
    var places: [String: SourceSpan] = [:]
    var excluded: Set<String> = []
  }

  /// All roles of the file together may inherit so many by `*`.
  private static let maximumInheritance = 1_000_000

  private mutating func inheritance(_ drafts: inout [Draft]) {
    let numbers = Dictionary(drafts.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    if drafts.count * drafts.count(where: { $0.role.all != nil }) > Self.maximumInheritance,
      let all = drafts.first(where: { $0.role.all != nil })
    {
      reader.report(
        .importShape("the roles of this file include one another too often to be followed", at: all.role.all?.span ?? all.role.name.span))
      return
    }
    for index in drafts.indices {
      let role = drafts[index].role
      for node in role.memberOf {
        guard let name = roleNames[node.text.lowercased()] else {
          reader.report(.unknownImport("role", node, "`\(role.name.text)` does not inherit it"))
          continue
        }
        drafts[index].inherits.insert(name)
        drafts[index].places[name] = node.span
      }
      guard let all = role.all else { continue }
      for node in role.excluded {
        if let name = roleNames[node.text.lowercased()] {
          drafts[index].excluded.insert(name)
        } else {
          reader.report(.unknownImport("role", node, "there is nothing to leave out"))
        }
      }
      reader.report(
        .assumed(
          "`*` is every role of this policy here: `\(drafts[index].name)` inherits roles of other files as well", at: all.span,
          help: "list the roles where the policy has others, or add those to `all_except`"))
      drafts[index].inherits = Set(drafts.lazy.map(\.name)).subtracting(drafts[index].excluded).subtracting([drafts[index].name])
    }
    let edges = drafts.map { draft in draft.inherits.inNameOrder() }
    let graph = DirectedGraph(count: drafts.count) { number in edges[number].compactMap { numbers[$0] } }
    for circle in graph.circles {
      let inner = edges[circle.from][circle.edge]
      drafts[circle.from].inherits.remove(inner)
      drafts[circle.from].excluded.insert(inner)
      let names = (circle.path + circle.path.prefix(1)).map { "`\(drafts[$0].name)`" }
      reader.report(
        .importCycle(
          drafts[circle.from].name, inner, Diagnostic.way(names),
          at: drafts[circle.from].places[inner] ?? drafts[circle.from].role.all?.span))
    }
    // Nothing but what is left out may be listed there.
    for index in drafts.indices where drafts[index].role.all == nil { drafts[index].excluded = [] }
    // `all_except` takes one name at least: the role itself is left out in any case.
    for index in drafts.indices where drafts[index].role.all != nil && drafts[index].excluded.isEmpty {
      drafts[index].excluded = [drafts[index].name]
    }
  }

  // MARK: Permissions

  private mutating func permissions(_ role: PermifrostSpec.Role, owns databases: [SyntaxNode]) -> YAML {
    var can = PermifrostPermissions(system: options.system)
    for node in role.warehouses {
      usedWarehouses.insert(node.text.lowercased())
      if !can.use(warehouse: node.text) { reader.report(.impossibleName(node)) }
    }
    var usages: [PermifrostSpec.Grant] = []
    for grant in role.grants + databases.map({ .init(verb: .own, level: .databases, object: $0) }) {
      let parts = grant.object.text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == grant.level.depth, !parts.contains("") else {
        reader.report(.wrongDepth(grant))
        continue
      }
      usedDatabases.insert(parts[0].lowercased())
      let isShared = spec.shared.contains(parts[0].lowercased())
      switch can.add(grant.verb, grant.level, parts, isShared: isShared) {
      case .done: break
      case .usage: usages.append(grant)
      case .impossible: reader.report(.impossibleName(grant.object))
      case .onShared: reader.report(.ofShared(grant, parts[0]))
      }
    }
    can.index()
    for usage in usages {
      let parts = usage.object.text.split(separator: ".").map(String.init)
      if can.reaches(into: parts, &comparisons) { continue }
      reader.report(usage.level == .tables ? .ofShared(usage, parts[0]) : .usageAlone(usage))
    }
    return can.yaml
  }

  /// What no role mentions is in no policy.
  private mutating func unused() {
    for node in spec.databases where !usedDatabases.contains(node.text.lowercased()) {
      reader.report(.leftOut("database `\(node.text)` is in no role's reach, and a policy names only what is", at: node.span))
    }
    for node in spec.warehouses where !usedWarehouses.contains(node.text.lowercased()) {
      reader.report(.leftOut("warehouse `\(node.text)` is used by no role, and a policy names only what is", at: node.span))
    }
  }

  // MARK: Bindings

  /// Roles that the same users hold are given together.
  private mutating func bindings() -> YAML {
    var holders: [String: Set<String>] = [:]
    for user in spec.users {
      guard let name = userNames[user.name.text.lowercased()] else { continue }
      let held = user.memberOf.compactMap { node -> String? in
        if let role = roleNames[node.text.lowercased()] { return role }
        reader.report(.unknownImport("role", node, "`\(user.name.text)` is not given it"))
        return nil
      }
      if let node = user.cannotLogin {
        reader.report(.cannotLogin(user.name.text, held.inNameOrder(), at: node.span))
        continue
      }
      for role in held { holders[role, default: []].insert(name) }
    }
    var groups: [[String]: [String]] = [:]
    for role in holders.keys.inNameOrder() { groups[(holders[role] ?? []).inNameOrder(), default: []].append(role) }
    return .list(
      groups.sorted { comesFirst($0.value[0], $1.value[0]) }.map { users, roles in
        .fields([
          "role": roles.count == 1 ? .string(roles[0]) : .texts(roles), "to": .texts(users),
          "in": .texts([options.environment]),
        ])
      })
  }
}

extension Diagnostic {
  /// A name that nothing in the imported files declares.
  static func unknownImport(_ what: String, _ node: SyntaxNode, _ consequence: String) -> Self {
    Self(.unknownImport, "\(what) `\(node.text)` is not declared, so \(consequence)", at: node.span)
  }

  fileprivate static func importCycle(_ role: String, _ inner: String, _ way: String, at span: SourceSpan?) -> Self {
    Self(
      .importCycle, "role `\(role)` would inherit itself through `\(inner)`, which is left out", at: span,
      notes: way.isEmpty ? [] : [.init(way)], help: "Snowflake refuses such a grant, too: see which of them is meant")
  }

  fileprivate static func impossibleName(_ node: SyntaxNode) -> Self {
    .withoutCounterpart("`\(node.text)` cannot be said as a pattern of resources, and is left out", at: node.span)
  }

  fileprivate static func wrongDepth(_ grant: PermifrostSpec.Grant) -> Self {
    let form = ["`database`", "`database.schema`", "`database.schema.table`"][grant.level.depth - 1]
    return .importShape("`\(grant.level.rawValue)` takes \(form), not `\(grant.object.text)`", at: grant.object.span)
  }

  fileprivate static func ofShared(_ grant: PermifrostSpec.Grant, _ database: String) -> Self {
    .withoutCounterpart(
      "`\(database)` is shared by another account, which grants it whole and for reading: this is left out", at: grant.object.span)
  }

  fileprivate static func usageAlone(_ grant: PermifrostSpec.Grant) -> Self {
    .withoutCounterpart(
      "usage of `\(grant.object.text)` goes no further than what this role may act on in it", at: grant.object.span,
      notes: [.init("Writ gives usage with what needs it, never alone")])
  }

  fileprivate static func cannotLogin(_ user: String, _ roles: [String], at span: SourceSpan) -> Self {
    .withoutCounterpart(
      roles.isEmpty ? "`\(user)` cannot log in, which Writ has no field for" : "`\(user)` cannot log in, so it is given none of its roles",
      at: span,
      help: roles.isEmpty ? "leave the user out" : "roles to give once it may log in: \(listed(roles))")
  }
}

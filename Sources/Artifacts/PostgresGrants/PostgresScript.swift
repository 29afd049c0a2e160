import PolicyCompiler

/// The file: tables that say what is wanted, block by block as the policy does, and the procedure that makes it so.
struct PostgresScript {
  let plan: PostgresPlan
  let options: PostgresGrantsOptions
  let request: ArtifactRequest
  let database: String

  private var model: AccessModel { _read { yield request.model } }

  var text: String {
    let body = ([PostgresProcedure.tables, settings] + blocks + PostgresProcedure.steps).joined(separator: "\n")
    let revision = SHA256.hexadecimal(Array(body.utf8))
    let (system, environment) = (model[plan.system].name, model[plan.environment].name)
    var head = request.header
    head.append("What the policy gives on `\(system)` in `\(environment)`, for the database `\(database)`.")
    head.append("Apply it as a superuser: psql -X -v ON_ERROR_STOP=1 -d DATABASE -f FILE")
    head.append("not_after: \(plan.notAfter?.text ?? "never")")
    head.append("revision: sha256:\(revision)")
    let begin = """
      BEGIN;
      SET LOCAL client_encoding = 'UTF8';
      SET LOCAL search_path = pg_catalog, pg_temp;

      """
    return head.map { "-- \(SQLText.comment($0))\n" }.joined() + "\n" + begin + "\n" + body + "\nCOMMIT;\n"
  }

  // MARK: Settings

  private var settings: String {
    let (system, environment) = (model[plan.system].name, model[plan.environment].name)
    let end = plan.notAfter.map { SQLText.literal($0.isMidnight ? "\($0.text)T00:00:00Z" : $0.text) } ?? "'infinity'"
    let values = [
      SQLText.literal("writ: role of \(system) in \(environment)"), SQLText.literal(database), end, String(options.adopts),
      String(options.keepsPublic),
    ]
    var text = "INSERT INTO pg_temp.writ_settings VALUES (\(values.joined(separator: ", ")));\n"
    text += rows("writ_owners", options.owners.map { [SQLText.literal($0.text)] })
    text += rows("writ_leaves", model.leaves(of: plan.system).map { [SQLText.literal($0.text)] })
    text += rows(
      "writ_names",
      model.schemaNames(of: plan.system, in: plan.environment).map { [SQLText.literal($0.policy.text), SQLText.literal($0.here.text)] })
    return text
  }

  private func rows(_ table: String, _ rows: [[String]]) -> String {
    rows.isEmpty
      ? "" : "INSERT INTO pg_temp.\(table) VALUES\n" + rows.map { "  (\($0.joined(separator: ", ")))" }.joined(separator: ",\n") + ";\n"
  }

  // MARK: Blocks

  /// Roles, then groups, then accounts, each in the order of the policy's names.
  private var blocks: [String] {
    let names = Dictionary(plan.roles.map { ($0.holder, $0.name) }, uniquingKeysWith: { first, _ in first })
    var memberships: [PostgresPlan.Holder: [(role: String, span: SourceSpan)]] = [:]
    for (membership, span) in plan.members {
      if let role = names[membership.role] { memberships[membership.member, default: []].append((role, span)) }
    }
    let order: [PostgresPlan.Role.Kind] = [.role, .group, .openGroup, .account]
    return order.flatMap { kind in plan.roles.filter { $0.kind == kind } }.map { role in
      block(role, memberships[role.holder] ?? [])
    }
  }

  private func block(_ role: PostgresPlan.Role, _ memberships: [(role: String, span: SourceSpan)]) -> String {
    let name = SQLText.literal(role.name)
    var text = "-- \(role.kind.title) `\(role.policyName)`\(place(role.span))\n"
    text = SQLText.comment(String(text.dropLast())) + "\n"
    let canLogIn = options.canLogIn && role.kind == .account
    text += "INSERT INTO pg_temp.writ_roles VALUES (\(name), \(SQLText.literal(role.kind.rawValue)), \(canLogIn));\n"
    for membership in memberships.sorted(by: { $0.role.utf8.lexicographicallyPrecedes($1.role.utf8) }) {
      text += "INSERT INTO pg_temp.writ_members VALUES (\(SQLText.literal(membership.role)), \(name));"
      text += place(membership.span).isEmpty ? "\n" : "  --\(SQLText.comment(place(membership.span).dropFirst().description))\n"
    }
    for given in plan.grants[role.holder] ?? [] {
      let grant = given.grant
      let lowering = grant.isExact(hasOwners: !options.owners.isEmpty) ? "exactly" : "narrower: what exists when this is applied"
      let by = given.binding.map { ", by\(place($0).dropFirst())" } ?? ""
      text += SQLText.comment("-- \(grant.action), \(lowering)\(place(given.permission))\(by)") + "\n"
      let patterns =
        grant.kind == .database
        ? ["'{}'", "'{}'", "NULL"]
        : [SQLText.array(grant.resources), SQLText.array(grant.excepted), grant.within.map(SQLText.array) ?? "NULL"]
      let values = [name, "'{\(grant.privileges.joined(separator: ", "))}'", SQLText.literal(grant.kind.rawValue)] + patterns
      text += "INSERT INTO pg_temp.writ_grants VALUES (\(values.joined(separator: ", ")));\n"
    }
    return text
  }

  /// `: policies/roles.yaml:12`; nothing where the place is not known.
  private func place(_ span: SourceSpan) -> String {
    guard let start = request.policy.sources?.start(of: span) else { return "" }
    return ": \(start.path):\(start.line)"
  }
}

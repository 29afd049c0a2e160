/// Codes W03: what the policy gives, and to whom.
extension Explanation {
  static let notAllowedToAssume = Explanation(
    .notAllowedToAssume, "an audience that may not assume a connection in its file",
    """
    Whoever holds a generated file can use every connection in it. So the audience of an artifact must be allowed to assume each of them, in that environment \
    and at this moment: as the connection's own principal, by a permission to `assume` it, or, for `principal: self`, by holding its role. A route that acts \
    through a connection does not hand out its credential, and does not count.
    """,
    mending: "give the audience the permission that the help shows, or take the connection out of the file.",
    rejected: dbt(audience: "ana", path: "dbt/profiles.yml"),
    accepted: dbt(audience: "loader", path: "dbt/profiles.yml"))

  static let emptySession = Explanation(
    .emptySession, "a session that can do nothing",
    """
    A connection with a `role` opens a session that holds this role only, as far as its principal has it there. Here the principal does not have it: login \
    would succeed, and every statement after it would fail.
    """,
    mending: "bind the role to the principal in that environment, or name another role.",
    rejected: warehouse
      + """
      roles:
        analyst: { can: { read: [db/marts/**] } }
      connections:
        reports:
          system: db
          principal: loader
          role: analyst
          environments: { prod: { password: "ref+vault://kv/reports#/password" } }

      """,
    accepted: warehouse
      + """
      roles:
        analyst: { can: { read: [db/marts/**] } }
      bindings:
        - { role: analyst, to: [loader], in: [prod] }
      connections:
        reports:
          system: db
          principal: loader
          role: analyst
          environments: { prod: { password: "ref+vault://kv/reports#/password" } }

      """)

  static let notYetJudged = Explanation(
    .notYetJudged, "a rule that this version does not judge yet",
    """
    Guardrails, approvals and tests are read, and every name in them is resolved. Whether they hold is judged by a later version. Until then nobody should \
    rely on them.
    """,
    mending: "nothing needs to be mended.",
    rejected: warehouse
      + """
      guardrails:
        people_never_write: { never: { who: users, can: [write], resources: [db/**], in: [prod] } }

      """,
    accepted: warehouse)

  static let uselessPermission = Explanation(
    .uselessPermission, "a permission to assume a connection that is each person's own",
    """
    A connection with `principal: self` is for whoever holds its role, and each uses it as themselves. Nobody can assume it as somebody else, so a permission to \
    assume it adds nothing: readers would think that it did.
    """,
    mending: "leave the permission out, and bind the connection's role to whom it is meant for.",
    rejected: personal("ref+env://PGPASSWORD", permission: ", assume: [connections/mine]"),
    accepted: personal("ref+env://PGPASSWORD"))

  /// A connection for each person as themselves.
  static func personal(_ password: String, permission: String = "") -> String {
    warehouse
      + """
      roles:
        developer: { can: { read: [db/dev/**]\(permission) } }
      bindings:
        - { role: developer, to: [ana], in: [dev] }
      connections:
        mine:
          system: db
          principal: self
          role: developer
          environments: { dev: { password: "\(password)" } }

      """
  }
}

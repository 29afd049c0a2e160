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

  static let guardrailBroken = Explanation(
    .guardrailBroken, "access or a declaration that a guardrail forbids",
    """
    A guardrail says what must never become possible: access that nobody of `who` may have (`never`), or nobody else (`only`), roles that nobody may hold together \
    (`separate`), fields that must be there (`require`). It is judged now and at every later moment when something starts or ends, over groups, inherited roles and \
    sessions. The message names somebody, something and the moment; the places are the rule's and the grant's.
    """,
    mending: "take the access away, or agree on a waiver, which names a principal, a reason and an end.",
    rejected: guarded(to: "ana"),
    accepted: guarded(to: "loader"))

  static let testFailed = Explanation(
    .testFailed, "a test of the policy that fails",
    """
    A test says what the policy must answer: sentences (`ana can read db/marts/orders`), and exact sets of whoever can (`who_can`). Of a pattern, `can` means all of \
    it and `cannot` none of it. Groups whose members only a provider knows never satisfy an exact set.
    """,
    mending: "mend the policy, or the test where it asks for something else than was meant.",
    rejected: tested("ana can write db/marts/orders"),
    accepted: tested("ana can read db/marts/orders"))

  static let idleRule = Explanation(
    .idleRule, "a rule about resources that nobody has access to",
    """
    Nobody has access of any kind to what the pattern of this guardrail, approval or `cannot` sentence matches. Then it holds for ever, whatever the policy says \
    elsewhere: most often the pattern is misspelt.
    """,
    mending: "mend the pattern, or delete the rule.",
    rejected: guarded(to: "loader", resources: "db/martz/**"),
    accepted: guarded(to: "loader"))

  static let tooComplex = Explanation(
    .tooComplex, "patterns with more wildcards than can be followed",
    """
    Answers about access are exact, over every resource that there could be. With very many wildcards in one segment, or exceptions that interact, the number of \
    cases grows without bound; a question that would take more than a fixed number of steps is refused, and never answered by guessing.
    """,
    mending: "write the patterns with fewer `*` and `**`: name what is meant more plainly.",
    rejected: warehouse
      + """
      roles:
        writer:
          can:
            write:
              of: [db/**]
              except:
                - db/*a*b*c*d*e*f*g*h*/*
                - db/*b*a*d*c*f*e*h*g*/*
                - db/*h*g*f*e*d*c*b*a*/*
                - db/*c*d*a*b*g*h*e*f*/*
                - db/*e*f*g*h*a*b*c*d*/*
                - db/*g*f*h*e*b*a*d*c*/*
                - db/*a*c*e*g*b*d*f*h*/*
                - db/*b*d*f*h*a*c*e*g*/*
                - db/*f*b*g*c*h*d*e*a*/*
      bindings:
        - { role: writer, to: [loader], in: [prod] }
      guardrails:
        loaders_stay_out: { never: { who: [loader], can: [write], resources: [db/*/*], in: [prod] } }

      """,
    accepted: guarded(to: "loader"))

  /// A guardrail against people who write, beside a role that writes.
  static func guarded(to principal: String, resources: String = "db/**", permission: String = "db/marts/**") -> String {
    warehouse
      + """
      roles:
        writer: { can: { write: ["\(permission.split(separator: ", ").joined(separator: "\", \""))"] } }
      bindings:
        - { role: writer, to: [\(principal)], in: [prod] }
      guardrails:
        people_never_write: { never: { who: users, can: [write], resources: ["\(resources.split(separator: ", ").joined(separator: "\", \""))"], in: [prod] } }

      """
  }

  /// A test beside a role that lets `ana` read `db/marts/**` and, in `dev`, what is hers.
  static func tested(_ sentence: String, in environment: String = "prod") -> String {
    warehouse
      + """
      roles:
        analyst: { can: { read: [db/marts/**] } }
        developer: { can: { read: ["db/dbt_${principal}/**"] } }
      bindings:
        - { role: analyst, to: [ana], in: [prod] }
        - { role: developer, to: [ana], in: [dev] }
      tests:
        reading: { in: \(environment), expect: ["\(sentence)"] }

      """
  }

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

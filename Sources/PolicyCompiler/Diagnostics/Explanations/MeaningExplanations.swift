/// Codes W02, second part: what is named and yet means nothing, or not what it seems to.
extension Explanation {
  static let excludedRoleInherited = Explanation(
    .excludedRoleInherited, "a role that was left out comes in through another",
    """
    `all_except` leaves out direct inheritance only. Where another role inherits the one that was left out, its permissions come in all the same. That is \
    allowed, since nothing in the language takes access away; but it is seldom what `all_except` was written for.
    """,
    mending: "leave out the role in between as well, or list what is to be inherited.",
    rejected: warehouse
      + """
      roles:
        reader: { can: { read: [db/marts/**] } }
        writer: { inherits: [reader], can: { write: [db/marts/**] } }
        everything: { inherits: { all_except: [reader] } }

      """,
    accepted: warehouse
      + """
      roles:
        reader: { can: { read: [db/marts/**] } }
        writer: { inherits: [reader], can: { write: [db/marts/**] } }
        everything: { inherits: [writer] }

      """)

  static let sameRoute = Explanation(
    .sameRoute, "two routes that answer one request",
    """
    A route is a resource, and whoever may call it is decided by its name; a request knows nothing of names. Where two routes have a method and a path in \
    common, nobody can say which of the two is called, and a permission on one would be a permission on the other.
    """,
    mending: "make them one route, or change the method or the path of one.",
    rejected: """
      environments: { prod: {} }
      systems:
        api:
          type: http
          environments: { prod: { url: https://api.acme.example } }
          routes:
            start_run: { method: POST, path: "/runs/{model}" }
            start: { method: POST, path: "/runs/{name}" }

      """,
    accepted: """
      environments: { prod: {} }
      systems:
        api:
          type: http
          environments: { prod: { url: https://api.acme.example } }
          routes:
            start_run: { method: POST, path: "/runs/{model}" }
            list_runs: { method: GET, path: "/runs/{model}" }

      """)

  static let sharedAccount = Explanation(
    .sharedAccount, "two principals that are one account",
    """
    `accounts` says what a principal is called on a system. Two principals of one account are one user there: each has what the other is given, and nobody \
    can tell from the system's logs which of them acted. Whoever has no account of their own is called by their name in the policy.
    """,
    mending: "give each principal an account of its own, or declare one principal instead of two.",
    rejected: """
      environments: { prod: {} }
      systems:
        db: { type: postgres, environments: { prod: { host: db.acme.example, database: d } } }
      users:
        ana: { accounts: { db: analytics } }
        raj: { accounts: { db: analytics } }

      """,
    accepted: """
      environments: { prod: {} }
      systems:
        db: { type: postgres, environments: { prod: { host: db.acme.example, database: d } } }
      users:
        ana: { accounts: { db: alopez } }
        raj: { accounts: { db: rpatel } }

      """)

  static let wrongPrincipal = Explanation(
    .wrongPrincipal, "a principal of the wrong kind",
    """
    Not everybody can be everything. Owners and approvers are people or groups, because a service cannot answer for anything; a connection logs in as one \
    user or service, never as a group; `self` is only possible as the principal of a connection. A qualifier such as `group:` must be true.
    """,
    mending: "name a principal of the kind that the message asks for.",
    rejected: """
      users: { lee: {} }
      services:
        loader: { owner: lee }
        reporter: { owner: loader }

      """,
    accepted: """
      users: { lee: {} }
      services:
        loader: { owner: lee }
        reporter: { owner: lee }

      """)

  static let missingEnvironment = Explanation(
    .missingEnvironment, "an environment where the system does not exist",
    """
    A system exists in the environments that it declares, and access to it exists only there. A binding that holds in none of them gives nothing, and a \
    connection has nowhere to lead. Where a binding gives something in other environments, this is only a note.
    """,
    mending: "add the environment to the system, or leave it out here.",
    rejected: """
      environments: { dev: {}, prod: {} }
      users: { ana: {} }
      systems:
        lake: { type: duckdb, environments: { dev: {} } }
      bindings:
        - { to: [ana], can: { read: [lake/marts/**] }, in: [prod] }

      """,
    accepted: """
      environments: { dev: {}, prod: {} }
      users: { ana: {} }
      systems:
        lake: { type: duckdb, environments: { dev: {} } }
      bindings:
        - { to: [ana], can: { read: [lake/marts/**] }, in: [dev] }

      """)

  static let impossiblePattern = Explanation(
    .impossiblePattern, "a pattern that can match nothing",
    """
    The type of a system says how deep its resources go. A pattern that is deeper matches nothing and never will, so it is an error: somebody believes that \
    it gives or guards something. Columns are no resources; grant a view instead.
    """,
    mending: "bring the pattern into the form that the note shows.",
    rejected: warehouse
      + """
      roles:
        analyst: { can: { read: [db/marts/orders/amount] } }

      """,
    accepted: warehouse
      + """
      roles:
        analyst: { can: { read: [db/marts/orders] } }

      """)

  static let nothingToActOn = Explanation(
    .nothingToActOn, "an action on something that it does not act on",
    """
    The pattern names something that exists, but not the kind of thing that the action acts on: one reads tables, not schemas. A pattern stands for exactly \
    what it matches, so a schema alone holds nothing to read.
    """,
    mending: "add `/**` for everything below, or name what the note shows.",
    rejected: warehouse
      + """
      roles:
        analyst: { can: { read: [db/marts] } }

      """,
    accepted: warehouse
      + """
      roles:
        analyst: { can: { read: [db/marts/**] } }

      """)

  static let emptyInterval = Explanation(
    .emptyInterval, "an end that is not after its beginning",
    """
    Something holds from `from` until just before `until`; a date as an end includes that day. Where the end is not after the beginning it never holds, and \
    whoever wrote it probably swapped the two.
    """,
    mending: "correct one of the two times.",
    rejected: """
      users: { ana: {}, lee: {} }
      groups:
        analysts: { owners: [lee], members: [{ name: ana, from: 2027-06-01, until: 2027-01-31 }] }

      """,
    accepted: """
      users: { ana: {}, lee: {} }
      groups:
        analysts: { owners: [lee], members: [{ name: ana, from: 2027-01-31, until: 2027-06-01 }] }

      """)

  static let ended = Explanation(
    .ended, "something that has ended",
    """
    A binding, a membership or a waiver whose end has passed gives nothing any more. It is harmless, but whoever reads the file may take it for access that \
    somebody has.
    """,
    mending: "delete the line; git remembers it. If the access is still needed, give it a new end.",
    rejected: """
      users: { ana: {}, lee: {} }
      groups:
        analysts: { owners: [lee], members: [lee, { name: ana, until: 2020-12-31 }] }

      """,
    accepted: """
      users: { ana: {}, lee: {} }
      groups:
        analysts: { owners: [lee], members: [lee] }

      """)

  static let endsSoon = Explanation(
    .endsSoon, "something that ends within fourteen days",
    """
    A binding, a membership or a waiver is about to end, and whatever runs with it will stop. The warning comes while there is still time to renew it, or to \
    let it go knowingly. It is judged at the moment of the check, or at the one that `--at` names.
    """,
    mending: "give it a new end if it is still needed; otherwise leave it, or delete it.",
    rejected: """
      users: { ana: {}, lee: {} }
      groups:
        analysts: { owners: [lee], members: [lee, { name: ana, until: 2026-11-30 }] }

      """,
    accepted: """
      users: { ana: {}, lee: {} }
      groups:
        analysts: { owners: [lee], members: [lee, { name: ana, until: 2027-11-30 }] }

      """)

  static let misplacedPlaceholder = Explanation(
    .misplacedPlaceholder, "a placeholder where nothing fills it",
    """
    `${principal}` stands for whoever holds a permission or uses a connection, `${environment}` for the environment at hand. Where there is no such \
    principal, as in a test's sentence or an approval, or where a text is handed on exactly as it stands, nothing would fill them in.
    """,
    mending: "write the name itself, or `*` in a pattern.",
    rejected: tested("ana can read db/dbt_${principal}/orders", in: "dev"), accepted: tested("ana can read db/dbt_ana/orders", in: "dev"))

  static let collidingPlaceholder = Explanation(
    .collidingPlaceholder, "a placeholder that reaches what is somebody else's",
    """
    With a `*` beside `${principal}`, the pattern of one person may match what is meant for another whose name begins or ends alike: with \
    `dbt_${principal}*`, `ana` also reaches what is `anabel`'s.
    """,
    mending: "leave out the `*`, or put a `/` between the two.",
    rejected: warehouse
      + """
      ---
      users: { ana_maria: {} }
      roles:
        developer: { can: { read: ["db/dbt_${principal}*/**"] } }

      """,
    accepted: warehouse
      + """
      ---
      users: { ana_maria: {} }
      roles:
        developer: { can: { read: ["db/dbt_${principal}/**"] } }

      """)

  static let inapplicableField = Explanation(
    .inapplicableField, "a setting that has no meaning here",
    """
    The fields of an endpoint and of a connection depend on the system's type and on the way of authenticating. A setting of another type or method would \
    be dropped silently, and whoever wrote it would believe that it holds.
    """,
    mending: "delete it, or change `type` or `auth` to the one that it belongs to.",
    rejected: """
      environments: { dev: {} }
      systems:
        lake: { type: duckdb, environments: { dev: { host: localhost } } }

      """,
    accepted: """
      environments: { dev: {} }
      systems:
        lake: { type: duckdb, environments: { dev: { path: lake.duckdb } } }

      """)

  static let missingSetting = Explanation(
    .missingSetting, "a setting that the system's type needs",
    """
    Without it no tool could connect: an endpoint needs its host, a password connection its password. It is missing now rather than when a job runs at \
    night. Settings of a connection may stand in `defaults` for all environments.
    """,
    mending: "write the setting in the environment that the message names, or in `defaults`.",
    rejected: """
      environments: { dev: {} }
      systems:
        db: { type: postgres, environments: { dev: { host: localhost } } }

      """,
    accepted: """
      environments: { dev: {} }
      systems:
        db: { type: postgres, environments: { dev: { host: localhost, database: dev } } }

      """)

  static let inapplicableMethod = Explanation(
    .inapplicableMethod, "a way of authenticating that the system does not have",
    "`auth` names a method of some other type of system. Each type has its own ones, and a default among them.",
    mending: "choose one of the methods that the note lists, or leave `auth` out.",
    rejected: warehouse
      + """
      connections:
        reports: { system: db, principal: loader, environments: { prod: { auth: key_pair } } }

      """,
    accepted: warehouse
      + """
      connections:
        reports: { system: db, principal: loader, environments: { prod: { auth: password, password: "ref+vault://kv/reports#/password" } } }

      """)

  static let emptyBinding = Explanation(
    .emptyBinding, "a binding that gives nothing",
    """
    The role that is bound has no permissions, neither of its own nor inherited: perhaps they were never written, or have been taken out since. Or the binding \
    narrows what it gives to `resources` of which its role covers none.
    """,
    mending: "give the role permissions, name `resources` that it covers, or delete the binding.",
    rejected: warehouse
      + """
      roles:
        analyst: { description: reads marts }
      bindings:
        - { role: analyst, to: [ana], in: [prod] }

      """,
    accepted: warehouse
      + """
      roles:
        analyst: { description: reads marts, can: { read: [db/marts/**] } }
      bindings:
        - { role: analyst, to: [ana], in: [prod] }

      """)

  static let tooMany = Explanation(
    .tooMany, "more than a policy may have",
    "A policy may have 128 environments: stages of a platform, not customers or branches. The bound keeps every question about access fast.",
    mending: "use systems, or segments of resources, for what comes in great numbers.",
    rejected: [File(path, .text("environments:\n" + (0...128).map { "  stage\($0): {}\n" }.joined()))],
    accepted: [File(path, .text("environments:\n" + (0...2).map { "  stage\($0): {}\n" }.joined()))])

  static let emptyPolicy = Explanation(
    .emptyPolicy, "a policy without anything in it",
    "No file below the policy folder holds a section. Nothing is wrong with that, but nothing is checked either: perhaps the folder is the wrong one.",
    mending: "see `policies` in `writ.yaml`; `writ init` writes a small policy to start from.",
    rejected: "# nothing yet\n",
    accepted: "users: { ana: {} }\n")

  static let providerMembers = Explanation(
    .providerMembers, "members that only the provider knows",
    """
    The members of a group with `source: provider` are unknown to the policy. So it cannot list any, and nothing can be made for each of them: neither \
    `${principal}` nor a file for each person has a meaning there.
    """,
    mending: "import the members with `source: snapshot`, or do without what needs their names.",
    rejected: """
      users: { ana: {}, lee: {} }
      identity_providers:
        okta: { type: oidc, issuer: https://acme.okta.example, audience: api://data }
      groups:
        analysts: { owners: [lee], source: provider, identity: { provider: okta, group: analysts }, members: [ana] }

      """,
    accepted: """
      users: { ana: {}, lee: {} }
      identity_providers:
        okta: { type: oidc, issuer: https://acme.okta.example, audience: api://data }
      groups:
        analysts: { owners: [lee], source: snapshot, identity: { provider: okta, group: analysts }, members: [ana] }

      """)

  static let incompleteIdentity = Explanation(
    .incompleteIdentity, "an identity that more than one could show",
    """
    An identity must say what only its owner can show: the subject of a token, or the repository of a job. Without it, whoever holds any token of the \
    provider would be this principal. A provider in turn needs what its tokens are verified by.
    """,
    mending: "write the field that the message names.",
    rejected: """
      users: { lee: {} }
      identity_providers:
        github: { type: github_actions, organization: acme }
      services:
        tests: { owner: lee, identity: { provider: github, ref: refs/heads/main } }

      """,
    accepted: """
      users: { lee: {} }
      identity_providers:
        github: { type: github_actions, organization: acme }
      services:
        tests: { owner: lee, identity: { provider: github, repository: acme/contracts, ref: refs/heads/main } }

      """)

  static let guardrailKind = Explanation(
    .guardrailKind, "a guardrail that does not say one thing",
    """
    A guardrail says exactly one thing: `never`, `only`, `separate` or `require`. With none it guards nothing; with several, a waiver for one of them would \
    waive the others too. `separate` needs two roles at least. What is required of systems is required of nobody, so no waiver can be for it.
    """,
    mending: "write one guardrail for each rule.",
    rejected: warehouse
      + """
      guardrails:
        people_never_write: { reason: they use services }

      """,
    accepted: guarded(to: "loader"))
}

/// Codes W02, first part: names that lead nowhere, or to two places.
extension Explanation {
  static let declaredTwice = Explanation(
    .declaredTwice, "a name that is declared twice",
    """
    A name means one thing in a policy, whichever file it stands in. Names are unique regardless of case, because many systems fold it; users, services and \
    groups share one space of names, because all of them can be given roles.
    """,
    mending: "rename one of the two, or delete it. Both places are shown.",
    rejected: """
      users: { ana: {} }
      groups:
        Ana: { owners: [ana] }

      """,
    accepted: """
      users: { ana: {} }
      groups:
        analysts: { owners: [ana] }

      """)

  static let reservedName = Explanation(
    .reservedName, "a name that is a word of the language",
    "`users`, `services`, `groups`, `agents`, `self`, `connections` and `secrets` mean something where names are expected, so nothing can be called so.",
    mending: "choose another name.",
    rejected: """
      users: { lee: {} }
      groups:
        users: { owners: [lee] }

      """,
    accepted: """
      users: { lee: {} }
      groups:
        all_users: { owners: [lee] }

      """)

  static let unknownRole = Explanation(
    .unknownRole, "a role that is not declared",
    """
    Something names a role that no file declares. Nothing is given by such a line: it is an error rather than nothing, because whoever wrote it believes \
    that it gives something. Names differ by case.
    """,
    mending: "correct the name, or declare the role under `roles`.",
    rejected: warehouse
      + """
      roles:
        analyst: { can: { read: [db/marts/**] } }
      bindings:
        - { role: analist, to: [ana], in: [prod] }

      """,
    accepted: warehouse
      + """
      roles:
        analyst: { can: { read: [db/marts/**] } }
      bindings:
        - { role: analyst, to: [ana], in: [prod] }

      """)

  static let unknownPrincipal = Explanation(
    .unknownPrincipal, "a user, service or group that is not declared",
    """
    Somebody is named whom no file declares: a slip of the pen, or a person who has left and whose declaration is gone. A name that is declared later would \
    get the access by accident, so it cannot stay.
    """,
    mending: "correct the name, declare it under `users`, `services` or `groups`, or delete the mention.",
    rejected: """
      users: { ana: {}, lee: {} }
      groups:
        analysts: { owners: [lee], members: [anna] }

      """,
    accepted: """
      users: { ana: {}, lee: {} }
      groups:
        analysts: { owners: [lee], members: [ana] }

      """)

  static let unknownEnvironment = Explanation(
    .unknownEnvironment, "an environment that is not declared",
    """
    Environments are declared once, and only those can be named. Otherwise a binding for `production` would give nothing where everybody says `prod`, or a \
    guardrail would watch over a place that does not exist.
    """,
    mending: "correct the name, or declare the environment under `environments`.",
    rejected: warehouse
      + """
      bindings:
        - { to: [ana], can: { read: [db/marts/**] }, in: [production] }

      """,
    accepted: warehouse
      + """
      bindings:
        - { to: [ana], can: { read: [db/marts/**] }, in: [prod] }

      """)

  static let unknownSystem = Explanation(
    .unknownSystem, "a system that is not declared",
    """
    The first segment of a resource is a system's name. A system has a type, which says which actions there are and how deep its resources go; without a \
    declaration nothing about the pattern can be judged.
    """,
    mending: "correct the name, or declare the system under `systems`. Segments are divided by `/`, not by dots.",
    rejected: warehouse
      + """
      roles:
        analyst: { can: { read: [dbb/marts/**] } }

      """,
    accepted: warehouse
      + """
      roles:
        analyst: { can: { read: [db/marts/**] } }

      """)

  static let unknownConnection = Explanation(
    .unknownConnection, "a connection that is not declared",
    "A permission, a route, a test or an artifact names a connection that no file declares.",
    mending: "correct the name, or declare the connection under `connections`.",
    rejected: warehouse
      + """
      connections:
        reports: { system: db, principal: loader, environments: { prod: { password: "ref+vault://kv/reports#/password" } } }
      bindings:
        - { to: [ana], can: { assume: [connections/report] }, in: [prod] }

      """,
    accepted: warehouse
      + """
      connections:
        reports: { system: db, principal: loader, environments: { prod: { password: "ref+vault://kv/reports#/password" } } }
      bindings:
        - { to: [ana], can: { assume: [connections/reports] }, in: [prod] }

      """)

  static let unknownAction = Explanation(
    .unknownAction, "an action that the system does not have",
    """
    Actions come from the type of the system: warehouses have `read` and `write`, APIs have `call`, schedulers `trigger`. Connections are assumed, secrets \
    are read. No action implies another, so a word of another system would give nothing at all.
    """,
    mending: "write one of the actions that the message lists. What a tool calls `select` or `insert` is `read` and `write` here.",
    rejected: warehouse
      + """
      roles:
        analyst: { can: { select: [db/marts/**] } }

      """,
    accepted: warehouse
      + """
      roles:
        analyst: { can: { read: [db/marts/**] } }

      """)

  static let unknownProvider = Explanation(
    .unknownProvider, "an identity provider that is not declared",
    "An identity says who vouches for it. A provider that is not declared has no issuer, so no token of it could ever be verified.",
    mending: "correct the name, or declare the provider under `identity_providers`.",
    rejected: """
      users: { lee: {} }
      identity_providers:
        okta: { type: oidc, issuer: https://acme.okta.example, audience: api://data }
      services:
        loader: { owner: lee, identity: { provider: octa, subject: 0oa1 } }

      """,
    accepted: """
      users: { lee: {} }
      identity_providers:
        okta: { type: oidc, issuer: https://acme.okta.example, audience: api://data }
      services:
        loader: { owner: lee, identity: { provider: okta, subject: 0oa1 } }

      """)

  static let unknownRoute = Explanation(
    .unknownRoute, "a route that the API does not declare",
    """
    The routes of an API are its resources, and they are declared with it. A permission on a route that does not exist would come to life when somebody \
    declares one of that name.
    """,
    mending: "correct the name, or declare the route under the system's `routes`.",
    rejected: """
      environments: { prod: {} }
      systems:
        api:
          type: http
          environments: { prod: { url: https://api.acme.example } }
          routes: { start_run: { method: POST, path: /runs } }
      roles:
        runner: { can: { call: [api/start_runs] } }

      """,
    accepted: """
      environments: { prod: {} }
      systems:
        api:
          type: http
          environments: { prod: { url: https://api.acme.example } }
          routes: { start_run: { method: POST, path: /runs } }
      roles:
        runner: { can: { call: [api/start_run] } }

      """)

  static let roleCycle = Explanation(
    .roleCycle, "roles that inherit each other in a circle",
    """
    A role has its own permissions and those of the roles that it inherits. In a circle, each would be all of the others: they would be one role under \
    several names, which is never what was meant. The message shows the way round.
    """,
    mending: "take one of the inheritances out. What several roles share goes into one that all of them inherit.",
    rejected: warehouse
      + """
      roles:
        analyst: { inherits: [developer], can: { read: [db/marts/**] } }
        developer: { inherits: [analyst] }

      """,
    accepted: warehouse
      + """
      roles:
        analyst: { can: { read: [db/marts/**] } }
        developer: { inherits: [analyst] }

      """)

  static let groupCycle = Explanation(
    .groupCycle, "groups that depend on each other in a circle",
    """
    A group's members are those that it names, without those that it excepts. Where it comes back to itself, through members or through exceptions, the \
    question who is in it has no answer, or several.
    """,
    mending: "take one of the members or exceptions out. The message shows the way round.",
    rejected: """
      users: { ana: {}, lee: {} }
      groups:
        analysts: { owners: [lee], members: [ana], except: [auditors] }
        auditors: { owners: [lee], members: [lee, analysts] }

      """,
    accepted: """
      users: { ana: {}, lee: {} }
      groups:
        analysts: { owners: [lee], members: [ana] }
        auditors: { owners: [lee], members: [lee, analysts] }

      """)
}

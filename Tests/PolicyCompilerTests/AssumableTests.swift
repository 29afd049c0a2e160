import Testing

@testable import PolicyCompiler

/// Who may assume what: groups in groups, exceptions, ends, sessions and routes.
@Suite struct AssumableTests {
  private static let base = """
    environments: { dev: {}, prod: { protected: true } }
    users: { ana: {}, raj: {}, lee: {} }
    services: { runner: { owner: lee }, worker: { owner: lee }, tester: { owner: lee } }
    systems:
      db: { type: postgres, environments: { dev: { host: localhost, database: d }, prod: { host: db.acme.example, database: d } } }
      api:
        type: http
        environments: { prod: { url: https://api.acme.example } }
        routes: { run: { method: POST, path: /run, acts_as: connections/run } }
    roles:
      writer: { can: { write: [db/marts/**] } }
      chained: { can: { write: [db/marts/**], assume: [connections/other] } }
      personal: { can: { read: [db/**] } }
      caller: { can: { call: [api/run] } }
    connections:
      run: { system: db, principal: runner, role: chained, defaults: { password: "ref+vault://kv/${environment}/run" }, environments: { dev: {}, prod: {} } }
      other: { system: db, principal: worker, defaults: { password: "ref+vault://kv/${environment}/other" }, environments: { prod: {} } }
      mine: { system: db, principal: self, role: personal, environments: { dev: { password: "ref+env://PW" } } }
    bindings:
      - { role: chained, to: [runner], in: [prod] }
      - { role: writer, to: [worker], in: [prod] }

    """

  /// A connection in `dev` whose session has all that `runner` has.
  private static let bridge =
    "connections: { bridge: { system: db, principal: runner, environments: { dev: { password: ref+vault://kv/bridge } } } }"

  private static func assumable(_ more: String, _ principal: String, _ environment: String, at instant: Instant = Compiling.instant) throws
    -> [String: Bool]
  {
    let policy = try Compiling.policy(base + "---\n" + more)
    let model = policy.model
    let who = try #require(model.principalNames[principal])
    let place = try #require(model.environmentNames[environment])
    let found = policy.grants.assumable(by: who, in: place, at: instant)
    return Dictionary(uniqueKeysWithValues: found.map { (model[$0].name, $1) })
  }

  @Test(
    arguments: [
      ("nothing is given to whoever is not named", "", "ana", "prod", [:]),
      ("a connection's own principal may assume it, and what its role lets it", "", "runner", "prod", ["run": true, "other": true]),
      ("in dev it does not hold the role, so its session gives nothing more", "", "runner", "dev", ["run": true]),
      (
        "a permission gives a connection and what its session may assume",
        "bindings: [{ to: [ana], can: { assume: [connections/run] }, in: [prod] }]", "ana", "prod", ["run": true, "other": true]
      ),
      (
        "only in the environments of the binding", "bindings: [{ to: [ana], can: { assume: [connections/run] }, in: [prod] }]", "ana",
        "dev", [:]
      ),
      (
        "a wildcard gives all that exist there", "bindings: [{ to: [ana], can: { assume: ['connections/*'] }, in: [dev] }]", "ana", "dev",
        ["run": true]
      ),
      (
        "an exception leaves one out",
        "bindings: [{ to: [ana], can: { assume: { of: ['connections/*'], except: [connections/run] } }, in: [dev] }]", "ana", "dev", [:]
      ),
      (
        "a narrowed binding gives what it is narrowed to",
        "bindings: [{ to: [ana], can: { assume: ['connections/*'] }, in: [dev], resources: [connections/run] }]", "ana", "dev",
        ["run": true]
      ),
      (
        "what is narrowed to a system gives no connection",
        "bindings: [{ to: [ana], can: { assume: ['connections/*'] }, in: [dev], resources: [db/**] }]", "ana", "dev", [:]
      ),
      (
        "a route acts, but does not hand out the credential", "bindings: [{ role: caller, to: [tester], in: [prod] }]", "tester", "prod",
        ["run": false, "other": false]
      ),
      (
        "who has both the route and a permission holds the credential",
        "bindings: [{ role: caller, to: [tester], in: [prod] }, { to: [tester], can: { assume: [connections/run] }, in: [prod] }]",
        "tester", "prod", ["run": true, "other": true]
      ),
      ("self is for whoever holds its role", "bindings: [{ role: personal, to: [ana], in: [dev] }]", "ana", "dev", ["mine": true]),
      ("and for nobody else", "bindings: [{ role: personal, to: [ana], in: [dev] }]", "raj", "dev", [:]),
      ("no permission gives it", "bindings: [{ to: [ana], can: { assume: [connections/mine] }, in: [dev] }]", "ana", "dev", [:]),
      (
        "nor a session that may assume it",
        "bindings: [{ to: [ana], can: { assume: [connections/bridge] }, in: [dev] }, { to: [runner], can: { assume: [connections/mine] }, in: [dev] }]\n"
          + bridge, "ana", "dev", ["bridge": true]
      ),
      (
        "nor a session whose principal holds its role",
        "bindings: [{ to: [ana], can: { assume: [connections/bridge] }, in: [dev] }, { role: personal, to: [runner], in: [dev] }]\n"
          + bridge, "ana", "dev", ["bridge": true]
      ),
      (
        "its session assumes as whoever holds the role",
        "bindings: [{ role: passing, to: [ana], in: [dev] }]\nroles: { passing: { inherits: [personal], can: { assume: [connections/run] } } }\nconnections: { own: { system: db, principal: self, role: passing, environments: { dev: { password: ref+env://PW } } } }",
        "ana", "dev", ["mine": true, "own": true, "run": true]
      ),
      ("nor where its connection does not exist", "bindings: [{ role: personal, to: [ana], in: [dev, prod] }]", "ana", "prod", [:]),
      (
        "groups in groups",
        "groups: { a: { owners: [lee], members: [b] }, b: { owners: [lee], members: [ana] } }\nbindings: [{ to: [a], can: { assume: [connections/other] }, in: [prod] }]",
        "ana", "prod", ["other": true]
      ),
      (
        "an exception of the outer group",
        "groups: { a: { owners: [lee], members: [b], except: [ana] }, b: { owners: [lee], members: [ana] } }\nbindings: [{ to: [a], can: { assume: [connections/other] }, in: [prod] }]",
        "ana", "prod", [:]
      ),
      (
        "an exception by another group",
        "groups: { a: { owners: [lee], members: [b], except: [c] }, b: { owners: [lee], members: [ana] }, c: { owners: [lee], members: [ana] } }\nbindings: [{ to: [a], can: { assume: [connections/other] }, in: [prod] }]",
        "ana", "prod", [:]
      ),
      (
        "an exception by a membership that has ended still leaves out",
        "groups: { a: { owners: [lee], members: [ana], except: [c] }, c: { owners: [lee], members: [{ name: ana, until: 2020-01-01 }] } }\nbindings: [{ to: [a], can: { assume: [connections/other] }, in: [prod] }]",
        "ana", "prod", [:]
      ),
      (
        "an exception of the inner group does not close the other way in",
        "groups: { a: { owners: [lee], members: [b, ana] }, b: { owners: [lee], members: [ana], except: [ana] } }\nbindings: [{ to: [a], can: { assume: [connections/other] }, in: [prod] }]",
        "ana", "prod", ["other": true]
      ),
      (
        "a membership that has ended",
        "groups: { a: { owners: [lee], members: [{ name: ana, until: 2026-10-31 }] } }\nbindings: [{ to: [a], can: { assume: [connections/other] }, in: [prod] }]",
        "ana", "prod", [:]
      ),
      (
        "a membership that has not begun",
        "groups: { a: { owners: [lee], members: [{ name: ana, from: 2027-01-01 }] } }\nbindings: [{ to: [a], can: { assume: [connections/other] }, in: [prod] }]",
        "ana", "prod", [:]
      ),
      (
        "a binding that has ended", "bindings: [{ to: [ana], can: { assume: [connections/other] }, in: [prod], until: 2026-10-31 }]", "ana",
        "prod", [:]
      ),
      (
        "a binding that has not begun", "bindings: [{ to: [ana], can: { assume: [connections/other] }, in: [prod], from: 2026-11-21 }]",
        "ana", "prod", [:]
      ),
    ] as [(String, String, String, String, [String: Bool])])
  func connectionsAreAssumedAsThePolicySays(
    _ case: String, _ more: String, _ principal: String, _ environment: String, _ expected: [String: Bool]
  ) throws {
    #expect(try Self.assumable(more, principal, environment) == expected, "\(`case`)")
  }

  @Test func startsAreIncludedAndEndsAreNot() throws {
    let more = "bindings: [{ to: [ana], can: { assume: [connections/other] }, in: [prod], from: 2027-01-10, until: 2027-01-31 }]"
    for (time, expected) in [("2027-01-09T23:59:59Z", false), ("2027-01-10", true), ("2027-01-31T23:59:59Z", true), ("2027-02-01", false)] {
      #expect(try Self.assumable(more, "ana", "prod", at: #require(Instant(time))).isEmpty != expected, "\(time)")
    }
  }

  // MARK: Members

  private static func members(_ groups: String, of group: String, at instant: Instant? = Compiling.instant) throws -> [String] {
    let policy = try Compiling.policy(
      "users: { ana: {}, raj: {}, lee: {} }\nidentity_providers: { okta: { type: oidc, issuer: https://id.acme.example, audience: a } }\ngroups:\n"
        + groups)
    let id = try #require(policy.model.principalNames[group])
    return policy.grants.membership.members(of: id).filter { instant.map($0.times.contains) ?? true }.map {
      policy.model[$0.principal].name
    }
    .sorted()
  }

  @Test(arguments: [
    (
      "groups are resolved", "  a: { owners: [lee], members: [b, lee] }\n  b: { owners: [lee], members: [ana, raj] }\n",
      ["ana", "lee", "raj"]
    ),
    (
      "exceptions are left out", "  a: { owners: [lee], members: [b, lee], except: [ana] }\n  b: { owners: [lee], members: [ana, raj] }\n",
      ["lee", "raj"]
    ),
    (
      "an inner exception bears on what comes in through it",
      "  a: { owners: [lee], members: [b, ana] }\n  b: { owners: [lee], members: [ana, raj], except: [ana, raj] }\n", ["ana"]
    ),
    (
      "exceptions of exceptions come back",
      "  a: { owners: [lee], members: [ana, raj], except: [b] }\n  b: { owners: [lee], members: [ana, raj], except: [raj] }\n", ["raj"]
    ),
    ("ended memberships are none", "  a: { owners: [lee], members: [{ name: ana, until: 2020-01-01 }, raj] }\n", ["raj"]),
    (
      "a provider's group stands for itself",
      "  a: { owners: [lee], members: [b, raj] }\n  b: { owners: [lee], source: provider, identity: { provider: okta, group: b } }\n",
      ["b", "raj"]
    ),
    (
      "two ways in are one",
      "  a: { owners: [lee], members: [b, c] }\n  b: { owners: [lee], members: [ana] }\n  c: { owners: [lee], members: [ana] }\n", ["ana"]
    ),
    ("no members", "  a: { owners: [lee] }\n", []),
  ]) func membersAreWhoGetsIn(_ case: String, _ groups: String, _ expected: [String]) throws {
    #expect(try Self.members(groups, of: "a") == expected, "\(`case`)")
  }

  @Test func withoutAMomentEverybodyCountsWhoEverIs() throws {
    #expect(
      try Self.members(
        "  a: { owners: [lee], members: [{ name: ana, until: 2020-01-01 }, { name: raj, from: 2030-01-01 }] }\n", of: "a", at: nil) == [
          "ana", "raj",
        ])
  }

  @Test func aWayLeadsFromTheInnermostGroup() throws {
    let depth = 5000
    // `g1` holds `ana`, each group the one before it.
    let groups = (1...depth).map { "  g\($0): { owners: [lee], members: [\($0 == 1 ? "ana" : "g\($0 - 1)")] }\n" }.joined()
    let policy = try Compiling.policy("users: { ana: {}, lee: {} }\ngroups:\n" + groups)
    let names = policy.model.principalNames
    let ana = try #require(names["ana"])
    #expect(policy.grants.membership.groups(of: ana).count == depth)
    let last = try #require(names["g\(depth)"])
    let ways = policy.grants.membership.ways(of: ana, into: last, limit: 10)
    #expect(ways.map { $0.steps.map { policy.model[$0.group].name } } == [(1...depth).map { "g\($0)" }])
  }

  @Test func aWayIsOpenWhileEachOfItsStepsIs() throws {
    let policy = try Compiling.policy(
      """
      users: { ana: {}, lee: {} }
      groups:
        a: { owners: [lee], members: [{ name: ana, from: 2026-01-01, until: 2090-01-31 }] }
        b: { owners: [lee], members: [{ name: a, from: 2026-02-01, until: 2095-01-31 }] }

      """)
    let names = policy.model.principalNames
    let ana = try #require(names["ana"])
    let outer = try #require(names["b"])
    let group = try #require(policy.grants.membership.groups(of: ana).first { $0.group == outer })
    let expected = IntervalSet(Interval(from: try #require(Instant("2026-02-01")), until: try #require(Instant("2090-02-01"))))
    #expect(group.times == expected)
    #expect(policy.grants.membership.members(of: outer).map(\.times) == [expected])
  }
}

import Testing

@testable import PolicyCompiler

/// What guardrails forbid, now and later. Each case is a small addition to one organisation.
@Suite struct GuardrailTests {
  static let base = """
    environments: { dev: {}, prod: { protected: true } }
    identity_providers: { okta: { type: oidc, issuer: https://id.acme.example, audience: a } }
    users: { ana: {}, raj: {}, lee: {} }
    services: { runner: { owner: lee }, worker: { owner: lee }, bot: { owner: lee, agent: true } }
    groups:
      inner: { owners: [lee], members: [raj] }
      outer: { owners: [lee], members: [inner] }
      cloud: { owners: [lee], source: provider, identity: { provider: okta, group: all } }
    systems:
      db: { type: postgres, environments: { dev: { host: localhost, database: d }, prod: { host: db.acme.example, database: d } } }
      wh: { type: snowflake, environments: { prod: { account: acme-main, database: d } } }
      api:
        type: http
        environments: { prod: { url: https://api.acme.example } }
        routes: { run: { method: POST, path: /run, acts_as: connections/load } }
    roles:
      reader: { can: { read: [db/marts/**] } }
      writer: { can: { write: [db/marts/**] } }
      chief: { inherits: [writer], can: { read: [db/**] } }
      caller: { can: { call: [api/run] } }
    connections:
      load: { system: db, principal: runner, role: writer, defaults: { password: "ref+vault://kv/${environment}/load" }, environments: { dev: {}, prod: {} } }
    bindings:
      - { role: writer, to: [runner], in: [dev, prod] }
      - { role: reader, to: [runner], in: [dev] }

    """

  /// What rules say of the base and an addition; the messages, and of others than rules nothing.
  static func messages(_ addition: String) throws -> [String] {
    let found = Compiling.diagnostics(base + "---\n" + addition)
    if let other = found.first(where: { $0.severity == .error && $0.code != .guardrailBroken && $0.code != .testFailed }) {
      throw Compiling.Unexpected(text: "\(other.code): \(other.message)\n\(addition)")
    }
    return found.filter { $0.code == .guardrailBroken || $0.code == .testFailed }.map(\.message)
  }

  private static func guardrail(_ rule: String) -> String { "guardrails: { rule: { \(rule) } }\n" }

  private static let neverWrite = guardrail("never: { who: users, can: [write], resources: [db/**], in: [prod] }")
  private static let anaWrites = "`ana` may write `db/marts/x` in `prod`"

  @Test(
    arguments: [
      ("nobody breaks it", "", neverWrite, []),
      ("a binding breaks it", "{ role: writer, to: [ana], in: [prod] }", neverWrite, [anaWrites]),
      ("elsewhere it does not", "{ role: writer, to: [ana], in: [dev] }", neverWrite, []),
      (
        "without `in` it is about every environment", "{ role: writer, to: [ana], in: [dev] }",
        guardrail("never: { who: users, can: [write], resources: [db/**] }"), ["`ana` may write `db/marts/x` in `dev`"]
      ),
      ("an inherited role breaks it", "{ role: chief, to: [ana], in: [prod] }", neverWrite, [anaWrites]),
      ("another action does not", "{ role: reader, to: [ana], in: [prod] }", neverWrite, []),
      ("groups in groups", "{ role: writer, to: [outer], in: [prod] }", neverWrite, ["`raj` may write `db/marts/x` in `prod`"]),
      ("a session", "{ to: [ana], can: { assume: [connections/load] }, in: [prod] }", neverWrite, [anaWrites]),
      ("a route that acts", "{ role: caller, to: [ana], in: [prod] }", neverWrite, [anaWrites]),
      (
        "a group of unknown members may be users", "{ role: writer, to: [cloud], in: [prod] }", neverWrite,
        ["whoever is in `cloud` may write"]
      ),
      ("a service is no user", "{ role: writer, to: [worker], in: [prod] }", neverWrite, []),
      ("what ended does not", "{ role: writer, to: [ana], in: [prod], until: 2026-10-31 }", neverWrite, []),
      (
        "what starts next year does", "{ role: writer, to: [ana], in: [prod], from: 2027-03-01 }", neverWrite,
        [anaWrites + " from 2027-03-01: `rule` says never"]
      ),
      (
        "for a while", "{ role: writer, to: [ana], in: [prod], from: 2027-03-01, until: 2027-03-31 }", neverWrite,
        [anaWrites + " from 2027-03-01 until 2027-03-31: "]
      ),
      (
        "a membership that starts later", "{ role: writer, to: [later], in: [prod] }",
        neverWrite + "groups: { later: { owners: [lee], members: [{ name: ana, from: 2027-02-01 }] } }\n",
        [anaWrites + " from 2027-02-01: "]
      ),
      (
        "a waiver holds", "{ role: writer, to: [ana], in: [prod], until: 2027-01-31 }",
        guardrail(
          "never: { who: users, can: [write], resources: [db/**], in: [prod] }, waivers: [{ principal: ana, until: 2027-01-31, reason: x }]"
        ),
        []
      ),
      (
        "until it ends", "{ role: writer, to: [ana], in: [prod], until: 2027-01-31 }",
        guardrail(
          "never: { who: users, can: [write], resources: [db/**], in: [prod] }, waivers: [{ principal: ana, until: 2027-01-15, reason: x }]"
        ),
        [anaWrites + " from 2027-01-16 until 2027-01-31: "]
      ),
      (
        "and only for whom it names", "{ role: writer, to: [ana, raj], in: [prod], until: 2027-01-31 }",
        guardrail(
          "never: { who: users, can: [write], resources: [db/**], in: [prod] }, waivers: [{ principal: ana, until: 2027-01-31, reason: x }]"
        ),
        ["`raj` may write"]
      ),
      (
        "several actions and resources, one mistake each", "{ role: chief, to: [ana], in: [prod] }",
        guardrail("never: { who: users, can: [read, write], resources: [db/marts/*, db/raw/*], in: [prod] }"),
        ["`ana` may read", "`ana` may write"]
      ),
      (
        "exceptions are honoured", "{ to: [ana], can: { read: { of: [db/**], except: [db/pay/**] } }, in: [prod] }",
        guardrail("never: { who: users, can: [read], resources: [db/pay/**], in: [prod] }"), []
      ),
      (
        "exactly", "{ to: [ana], can: { read: { of: [db/**], except: [db/pay/a*] } }, in: [prod] }",
        guardrail("never: { who: users, can: [read], resources: [db/pay/*], in: [prod] }"), ["`ana` may read `db/pay/"]
      ),
      (
        "narrowed bindings", "{ to: [ana], can: { read: [db/**] }, in: [prod], resources: [db/marts/**] }",
        guardrail("never: { who: users, can: [read], resources: [db/pay/*], in: [prod] }"), []
      ),
      (
        "case is folded where the system folds it", "{ to: [ana], can: { read: ['wh/d/PAY/*'] }, in: [prod] }",
        guardrail("never: { who: users, can: [read], resources: ['wh/d/pay/*'], in: [prod] }"), ["`ana` may read `wh/d/PAY/"]
      ),
      (
        "and not elsewhere", "{ to: [ana], can: { read: ['db/PAY/*'] }, in: [prod] }",
        guardrail("never: { who: users, can: [read], resources: ['db/pay/*'], in: [prod] }"), []
      ),
      (
        "${environment} in its resources", "{ to: [ana], can: { read: ['db/prod_x/*'] }, in: [dev, prod] }",
        guardrail("never: { who: users, can: [read], resources: ['db/${environment}_x/*'] }"), ["`ana` may read `db/prod_x/y` in `prod`"]
      ),
      (
        "everybody", "{ role: reader, to: [worker], in: [prod] }",
        guardrail("never: { who: '*', can: [read], resources: [db/marts/*], in: [prod] }"), ["`worker` may read"]
      ),
      (
        "services", "{ role: reader, to: [worker, ana, bot], in: [prod] }",
        guardrail("never: { who: services, can: [read], resources: [db/marts/*], in: [prod] }"), ["`bot` may read"]
      ),
      (
        "agents", "{ role: reader, to: [worker, ana, bot], in: [prod] }",
        guardrail("never: { who: agents, can: [read], resources: [db/marts/*], in: [prod] }"), ["`bot` may read"]
      ),
      (
        "a group", "{ role: reader, to: [ana, raj], in: [prod] }",
        guardrail("never: { who: [outer], can: [read], resources: [db/marts/*], in: [prod] }"), ["`raj` may read"]
      ),
      (
        "a name", "{ role: reader, to: [ana, raj], in: [prod] }",
        guardrail("never: { who: ana, can: [read], resources: [db/marts/*], in: [prod] }"), ["`ana` may read"]
      ),
      (
        "a connection", "{ to: [ana], can: { assume: ['connections/*'] }, in: [prod] }",
        guardrail("never: { who: users, can: [assume], resources: [connections/load], in: [prod] }"),
        ["`ana` may assume `connections/load`"]
      ),
      (
        "a secret, which whoever assumes its connection reads", "{ to: [ana], can: { assume: [connections/load] }, in: [prod] }",
        guardrail("never: { who: users, can: [read], resources: ['secrets/vault/**'], in: [prod] }"),
        ["`ana` may read `secrets/vault/kv/prod/load`"]
      ),
      (
        "but not who calls the route", "{ role: caller, to: [ana], in: [prod] }",
        guardrail("never: { who: users, can: [read], resources: ['secrets/vault/**'], in: [prod] }"), []
      ),
    ] as [(String, String, String, [String])])
  func neverIsJudgedOverEverythingThatGivesAccess(_ case: String, _ binding: String, _ more: String, _ expected: [String]) throws {
    try Self.expect(binding, more, expected, `case`)
  }

  static func expect(_ binding: String, _ more: String, _ expected: [String], _ name: String) throws {
    let found = try messages(more + (binding.isEmpty ? "" : "bindings: [\(binding)]\n"))
    #expect(found.count == expected.count && zip(found, expected).allSatisfy { $0.contains($1) }, "\(name): \(found)")
  }

  private static func only(_ who: String, _ more: String = "") -> String {
    guardrail("only: { who: \(who), can: [write], resources: [db/marts/**], in: [prod] }\(more)")
  }

  @Test(
    arguments: [
      ("whoever is named may", "", only("[runner]"), []),
      (
        "nobody else", "{ role: writer, to: [ana], in: [prod] }", only("[runner]"),
        ["`ana` may write `db/marts/x` in `prod`: only `runner` may, says `rule`"]
      ),
      ("nobody else through a session", "{ role: caller, to: [worker], in: [prod] }", only("[runner]"), ["`worker` may write"]),
      ("elsewhere everybody may", "{ role: writer, to: [ana], in: [dev] }", only("[runner]"), []),
      ("services", "{ role: writer, to: [worker, ana], in: [prod] }", only("services"), ["`ana` may write"]),
      ("groups are their members", "{ role: writer, to: [raj, ana], in: [prod] }", only("[runner, outer]"), ["`ana` may write"]),
      (
        "as long as they are members", "{ role: writer, to: [ana], in: [prod] }",
        only("[runner, team]") + "groups: { team: { owners: [lee], members: [{ name: ana, until: 2027-01-31 }] } }\n",
        ["`ana` may write `db/marts/x` in `prod` from 2027-02-01: only"]
      ),
      ("a group of unknown members that is named", "{ role: writer, to: [cloud], in: [prod] }", only("[runner, cloud]"), []),
      ("one that is not", "{ role: writer, to: [cloud], in: [prod] }", only("[runner, ana]"), ["whoever is in `cloud` may write"]),
      (
        "one of whom some are left out", "{ role: writer, to: [cloud], in: [prod] }",
        only("[runner, most]") + "groups: { most: { owners: [lee], members: [cloud], except: [ana] } }\n",
        ["whoever is in `cloud` may write"]
      ),
      ("users", "{ role: writer, to: [cloud, worker], in: [prod] }", only("[users, runner]"), ["`worker` may write"]),
      (
        "a waiver", "{ role: writer, to: [ana], in: [prod], until: 2027-01-31 }",
        only("[runner]", ", waivers: [{ principal: ana, until: 2027-01-31, reason: x }]"), []
      ),
    ] as [(String, String, String, [String])])
  func onlyMeansNobodyElse(_ case: String, _ binding: String, _ more: String, _ expected: [String]) throws {
    try Self.expect(binding, more, expected, `case`)
  }

  private static let apart = guardrail("separate: [writer, reader]")

  @Test(
    arguments: [
      ("a service with both, in different environments", "", apart, ["`runner` holds both `writer` and `reader`: `rule` keeps them apart"]),
      (
        "one of them later", "{ role: caller, to: [ana], in: [prod], from: 2027-02-01 }, { role: reader, to: [ana], in: [dev] }",
        guardrail("separate: [caller, reader]"), ["`ana` holds both `caller` and `reader` from 2027-02-01"]
      ),
      (
        "one after the other",
        "{ role: caller, to: [ana], in: [prod], from: 2027-02-01 }, { role: reader, to: [ana], in: [dev], until: 2027-01-31 }",
        guardrail("separate: [caller, reader]"), []
      ),
      (
        "inherited", "{ role: chief, to: [ana], in: [dev] }, { role: caller, to: [ana], in: [prod] }",
        guardrail("separate: [writer, caller]"),
        [
          "`ana` holds both `writer` and `caller`"
        ]
      ),
      (
        "through a session", "{ to: [ana], can: { assume: [connections/load] }, in: [prod] }, { role: caller, to: [ana], in: [prod] }",
        guardrail("separate: [writer, caller]"), ["`ana` holds both `writer` and `caller`"]
      ),
      (
        "a session is no more than its role", "{ to: [ana], can: { assume: [connections/load] }, in: [dev] }",
        guardrail("separate: [reader, caller]"), []
      ),
      (
        "groups in groups", "{ role: reader, to: [outer], in: [prod] }, { role: caller, to: [raj], in: [prod] }",
        guardrail("separate: [reader, caller]"), ["`raj` holds both"]
      ),
      (
        "a group of unknown members", "{ role: [reader, caller], to: [cloud], in: [prod] }", guardrail("separate: [reader, caller]"),
        ["whoever is in `cloud` holds both"]
      ),
      (
        "a waiver for as long as it lasts",
        "{ role: caller, to: [ana], in: [prod] }, { role: reader, to: [ana], in: [dev], until: 2027-05-31 }",
        guardrail("separate: [caller, reader], waivers: [{ principal: ana, until: 2027-04-30, reason: x }]"),
        ["`ana` holds both `caller` and `reader` from 2027-05-01 until 2027-05-31"]
      ),
      (
        "three roles in pairs", "{ role: [reader, caller, chief], to: [ana], in: [prod] }", guardrail("separate: [reader, caller, chief]"),
        ["`caller` and `chief`", "`reader` and `caller`", "`reader` and `chief`"]
      ),
    ] as [(String, String, String, [String])])
  func separatedRolesAreNeverHeldTogether(_ case: String, _ binding: String, _ more: String, _ expected: [String]) throws {
    try Self.expect(binding, more, expected, `case`)
  }

  private static func connection(_ settings: String) -> String {
    "connections: { other: { system: db, principal: runner, role: writer, environments: { prod: { \(settings) } } } }\n"
  }

  @Test(
    arguments: [
      (
        "a field that is missing", "", guardrail("require: { of: connections, in: [prod], field: rotate_every }"),
        [
          "connection `load` has no `rotate_every` in `prod`, which `rule` requires"
        ]
      ),
      (
        "in every environment without `in`", "", guardrail("require: { of: connections, field: rotate_every }"),
        ["connection `load` has no `rotate_every` in `dev`", "connection `load` has no `rotate_every` in `prod`"]
      ),
      (
        "one that is too long", "",
        connection("password: ref+vault://kv/prod/other, rotate_every: 91d")
          + guardrail("require: { of: connections, in: [prod], field: rotate_every, at_most: 90d }"),
        ["has no `rotate_every`", "`rotate_every` of connection `other` in `prod` is 91d: `rule` allows 90d at most"]
      ),
      (
        "one that is just right", "",
        connection("password: ref+vault://kv/prod/other, rotate_every: 90d")
          + guardrail("require: { of: connections, in: [prod], field: rotate_every, at_most: 90d }"), ["connection `load` has no"]
      ),
      (
        "one that is too short", "",
        connection("password: ref+vault://kv/prod/other, rotate_every: 1h")
          + guardrail("require: { of: connections, in: [prod], field: rotate_every, at_least: 1d }"),
        ["connection `load` has no", "is 1h: `rule` demands 1d at least"]
      ),
      (
        "a waiver for whoever logs in", "",
        guardrail(
          "require: { of: connections, field: rotate_every }, waivers: [{ principal: runner, until: 2027-01-31, reason: x }]"), []
      ),
      (
        "a waiver for somebody else", "",
        guardrail(
          "require: { of: connections, in: [prod], field: rotate_every }, waivers: [{ principal: worker, until: 2027-01-31, reason: x }]"),
        ["connection `load` has no `rotate_every` in `prod`, which `rule` requires"]
      ),
      (
        "nothing to replace, nothing to rotate", "",
        "connections: { other: { system: wh, principal: ana, environments: { prod: { auth: sso } } } }\n"
          + guardrail("require: { of: connections, in: [prod], field: rotate_every }"), ["connection `load` has no"]
      ),
      (
        "a field of users", "", guardrail("require: { of: users, field: email }"),
        ["user `ana` has no", "user `raj` has no", "user `lee` has no"]
      ),
      (
        "a waiver", "",
        guardrail(
          "require: { of: users, field: email }, waivers: [{ principal: ana, until: 2030-01-01, reason: x }, { principal: raj, until: 2030-01-01, reason: x }]"
        ), ["user `lee` has no"]
      ),
      ("a field of groups", "", guardrail("require: { of: groups, field: identity }"), ["group `inner` has no", "group `outer` has no"]),
      ("owners of systems", "", guardrail("require: { of: systems, in: [dev], field: owners }"), ["system `db` has no `owners` in `dev`"]),
      (
        "ends of bindings", "{ role: reader, to: [ana], in: [prod], until: 2027-01-31 }",
        guardrail("require: { of: bindings, in: [prod], field: until, at_most: 90d }"), ["this binding has no `until`"]
      ),
      (
        "ends that are too far", "{ role: reader, to: [ana], in: [prod], until: 2027-06-30 }",
        guardrail("require: { of: bindings, in: [prod], field: until, at_most: 90d }"),
        ["this binding has no `until`", "`until` of this binding is 2027-06-30, which is 222d away: `rule` allows 90d at most"]
      ),
    ] as [(String, String, String, [String])])
  func requiredFieldsAreThereAndWithinBounds(_ case: String, _ binding: String, _ more: String, _ expected: [String]) throws {
    try Self.expect(binding, more, expected, `case`)
  }

  /// The first line of a membership that is told is one by which the rule is broken.
  @Test func theProofIsOfTheTimeThatBreaksTheRule() throws {
    let policy =
      Self.base + """
        ---
        groups:
          old: { owners: [lee], members: [{ name: ana, until: 2026-01-31 }] }
          new: { owners: [lee], members: [{ name: ana, from: 2027-01-01 }] }
          both: { owners: [lee], members: [old, new] }
        bindings: [{ role: writer, to: [both], in: [prod] }]
        guardrails: { rule: { never: { who: users, can: [write], resources: [db/**], in: [prod] } } }
        """
    let found = try #require(Compiling.diagnostics(policy).first { $0.code == .guardrailBroken })
    #expect(found.message.contains("from 2027-01-01"))
    #expect(found.notes.contains { $0.message == "`ana` is in `new`" } && !found.notes.contains { $0.message == "`ana` is in `old`" })
  }
}

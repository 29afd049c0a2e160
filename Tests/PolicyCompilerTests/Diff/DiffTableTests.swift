import Testing

@testable import PolicyCompiler

/// What single changes are seen as: access, trust, violations, approvals.
@Suite struct DiffTableTests {
  static let base = """
    environments: { dev: {}, prod: { protected: true } }
    identity_providers:
      okta: { type: oidc, issuer: "https://id.acme.example", audience: a }
      github: { type: github_actions, organization: acme }
      gh: { type: github_actions, organization: acme2 }
    users:
      ana: { accounts: { github: analopez, wh: Admin } }
      raj: {}
      lee: {}
      zoe: {}
    services:
      job: { owner: team, identity: { provider: okta, subject: s1 } }
      bot: { owner: team, agent: true }
    groups:
      team: { owners: [lee], members: [raj, lee] }
      leads: { owners: [lee], members: [ana, lee] }
      outside: { owners: [lee], source: provider, identity: { provider: okta, group: out } }
    systems:
      db: { type: postgres, environments: { dev: { host: dev.acme.example, database: d }, prod: { host: db.acme.example, database: d } } }
      wh: { type: snowflake, environments: { prod: { account: acme-one, database: w } } }
      api: { type: fastapi, environments: { prod: { url: "https://api.acme.example" } }, routes: { run: { method: POST, path: /run }, look: { method: GET, path: /look } } }
    roles:
      reader: { can: { read: [db/marts/**] } }
      writer: { can: { write: [db/marts/**] } }
      caller: { can: { call: [api/run] } }
      user: { can: { assume: [connections/*] } }
    bindings:
      - { role: reader, to: [team], in: [dev, prod] }
      - { role: writer, to: [job], in: [prod] }
      - { role: caller, to: [bot], in: [prod] }
    connections:
      run: { system: db, principal: job, role: writer, environments: { prod: { password: "ref+vault://kv/run#/p" } } }

    """

  /// What is added to the policy on both sides, then what one side has in another's stead.
  static func diff(
    _ more: String = "", _ edits: [(String, String)] = [], new: String = "", options: AccessDiff.Options = .init(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> AccessDiff {
    let old = base + more
    var text = old
    for (from, to) in edits {
      #expect(text.contains(from), "nothing to replace: \(from)", sourceLocation: sourceLocation)
      text = text.replacing(from, with: to, maxReplacements: 1)
    }
    return try Comparing.diff(old, text + new, options: options)
  }

  /// `+ raj read db/marts/** dev from … until … via …`
  private static func access(_ diff: AccessDiff) -> [String] {
    diff.changes.map { it in
      "\(it.direction == .gained ? "+" : "-") \(it.principal) \(it.action) \(it.resources) \(it.environment)\(it.times.phrase(from: Compiling.instant))\(it.via.map { " via \($0)" } ?? "")\(it.isWithItsConnection ? " (all)" : "")"
    }
  }

  private static func trust(_ diff: AccessDiff) -> [String] {
    diff.trust.map {
      "\($0.impact.rawValue) \($0.section) \($0.name) \($0.path): \($0.before ?? "-") → \($0.after ?? "-")\($0.isProtected ? " !" : "")"
    }
  }

  private static let temporary = "  - { to: [zoe], can: { read: [db/raw/x] }, in: [prod], from: 2027-01-10, until: 2027-01-31 }\n"

  private static func bindings(_ text: String) -> String { "---\nbindings:\n" + text }

  // MARK: Times

  @Test(
    arguments: [
      ("longer", ["until: 2027-01-31": "until: 2027-02-28"], ["+ zoe read db/raw/x prod from 2027-02-01 until 2027-02-28"]),
      ("shorter", ["until: 2027-01-31": "until: 2027-01-20"], ["- zoe read db/raw/x prod from 2027-01-21 until 2027-01-31"]),
      ("removed", [", until: 2027-01-31": ""], ["+ zoe read db/raw/x prod from 2027-02-01"]),
      ("begins earlier", ["from: 2027-01-10": "from: 2027-01-05"], ["+ zoe read db/raw/x prod from 2027-01-05 until 2027-01-09"]),
      ("begins at once", ["from: 2027-01-10, ": ""], ["+ zoe read db/raw/x prod until 2027-01-09"]),
      (
        "both", ["from: 2027-01-10, until: 2027-01-31": "from: 2027-01-20, until: 2027-02-10"],
        ["+ zoe read db/raw/x prod from 2027-02-01 until 2027-02-10", "- zoe read db/raw/x prod from 2027-01-10 until 2027-01-19"]
      ),
      (
        "past", ["until: 2027-01-31": "until: 2026-11-01", "from: 2027-01-10, ": ""],
        ["- zoe read db/raw/x prod from 2027-01-10 until 2027-01-31"]
      ),
    ] as [(String, [String: String], [String])])
  func endsAreTimeGainedOrLost(_ what: String, _ edits: [String: String], _ expected: [String]) throws {
    let diff = try Self.diff(Self.bindings(Self.temporary), edits.sorted { $0.key > $1.key }.map { ($0.key, $0.value) })
    #expect(Self.access(diff) == expected, "\(what)")
    #expect(Self.trust(diff).isEmpty, "\(what)")
  }

  @Test func membershipsEndLikewise() throws {
    let diff = try Self.diff("", [("members: [raj, lee]", "members: [{ name: raj, until: 2027-06-30 }, lee]")])
    #expect(Self.access(diff) == ["- raj read db/marts/** prod from 2027-07-01", "- raj read db/marts/** dev from 2027-07-01"])
    #expect(Self.trust(diff).isEmpty)
  }

  @Test func anEndThatMovesNoAccessIsControl() throws {
    let twice = Self.bindings("  - { role: reader, to: [raj], in: [dev], until: 2027-01-31 }\n")
    let covered = try Self.diff(twice, [("until: 2027-01-31", "until: 2028-01-31")])
    #expect(Self.access(covered).isEmpty)
    #expect(Self.trust(covered) == ["control bindings reader to raj until: 2027-01-31 → 2028-01-31"])
    let ended = try Self.diff(
      Self.bindings("  - { role: writer, to: [zoe], in: [dev], until: 2026-01-31 }\n"), [("until: 2026-01-31", "until: 2026-02-28")])
    #expect(Self.trust(ended) == ["control bindings writer to zoe until: 2026-01-31 → 2026-02-28"])
    // Other access of the same person explains nothing.
    let both = try Self.diff(
      twice, [("until: 2027-01-31", "until: 2028-01-31")], new: Self.bindings("  - { role: writer, to: [raj], in: [dev] }\n"))
    #expect(Self.access(both) == ["+ raj write db/marts/** dev"])
    #expect(Self.trust(both) == ["control bindings reader to raj until: 2027-01-31 → 2028-01-31"])
  }

  @Test func ofTwoAlikeOnlyTheOneWithAnotherEndIsTold() throws {
    let two = Self.bindings(
      "  - { role: reader, to: [raj], in: [dev], until: 2027-01-31 }\n  - { role: reader, to: [raj], in: [dev], until: 2027-03-31 }\n")
    let diff = try Self.diff(two, [("until: 2027-01-31", "until: 2027-05-31")])
    #expect(Self.trust(diff) == ["control bindings reader to raj until: 2027-01-31 → 2027-05-31"])
  }

  // MARK: Rules

  private static let never = """
    ---
    guardrails:
      calm: { never: { who: [team], can: [write], resources: [db/**], in: [prod] } }

    """
  private static let breach = "---\nbindings:\n  - { role: writer, to: [raj], in: [prod] }\n"

  private static func violations(_ diff: AccessDiff) -> [String] {
    diff.violations.map { violation, isOfOld in
      "\(isOfOld ? "base" : "head") \(violation.rule) \(violation.principal.map { diff.new.policy.model[$0].name } ?? "")\(isOfOld && diff.isGone(violation.rule) ? " deleted" : "")"
    }
  }

  @Test(
    arguments: [
      (
        "deleted",
        [
          (
            "  calm: { never: { who: [team], can: [write], resources: [db/**], in: [prod] } }\n",
            "  other: { never: { who: [team], can: [own], resources: [db/**] } }\n"
          )
        ], ["base calm raj deleted"]
      ),
      ("renamed", [("calm:", "quiet:")], ["base calm raj deleted", "head quiet raj"]),
      ("fewer people", [("who: [team]", "who: [lee]")], ["base calm raj"]),
      ("elsewhere", [("in: [prod]", "in: [dev]")].map { ("[db/**], \($0.0)", "[db/**], \($0.1)") }, ["base calm raj"]),
      ("fewer resources", [("resources: [db/**]", "resources: [db/raw/**]")], ["base calm raj"]),
      (
        "a waiver",
        [("in: [prod] } }\n", "in: [prod] }, waivers: [{ principal: raj, until: 2030-01-01, reason: x }] }\n")].map {
          ("[db/**], \($0.0)", "[db/**], \($0.1)")
        }, ["base calm raj"]
      ),
      ("the group emptied", [("members: [raj, lee]", "members: [lee]")], ["base calm raj"]),
      ("kept", [], ["base calm raj"]),
    ] as [(String, [(String, String)], [String])])
  func whatBaseForbidsStaysForbidden(_ what: String, _ edits: [(String, String)], _ expected: [String]) throws {
    let diff = try Self.diff(Self.never, edits, new: Self.breach)
    #expect(Self.violations(diff) == expected, "\(what)")
    #expect(diff.isBlocked)
    // Without the breach, to weaken the rule is control.
    let alone = try Self.diff(Self.never, edits)
    #expect(alone.violations.isEmpty, "\(what)")
    #expect(edits.isEmpty || alone.trust.contains { $0.impact == .control }, "\(what): \(Self.trust(alone))")
  }

  @Test func aGroupThatIsGoneStillBinds() throws {
    let diff = try Self.diff(
      Self.never,
      [
        ("  team: { owners: [lee], members: [raj, lee] }\n", "  crew: { owners: [lee], members: [raj, lee] }\n"),
        ("owner: team", "owner: crew"),
        ("owner: team", "owner: crew"), ("to: [team]", "to: [crew]"), ("who: [team]", "who: [crew]"),
      ], new: Self.breach)
    #expect(Self.violations(diff).contains("base calm raj"))
  }

  @Test func toBeCalledAServiceGetsNobodyOut() throws {
    let rule = "---\nguardrails:\n  calm: { never: { who: users, can: [write], resources: [db/**], in: [prod] } }\n"
    let diff = try Self.diff(
      rule, [("  zoe: {}\n", ""), ("  bot:", "  zoe: { owner: team }\n  bot:")],
      new: "---\nbindings:\n  - { role: writer, to: [zoe], in: [prod] }\n")
    #expect(Self.violations(diff) == ["base calm zoe"])
    let agents = try Self.diff(
      "---\nguardrails:\n  calm: { never: { who: agents, can: [write], resources: [db/**], in: [prod] } }\n", [(", agent: true", "")],
      new: "---\nbindings:\n  - { role: writer, to: [bot], in: [prod] }\n")
    #expect(Self.violations(agents) == ["base calm bot"])
  }

  @Test func aWaiverIsControl() throws {
    let waived = Self.never.replacing("in: [prod] } }", with: "in: [prod] }, waivers: [{ principal: raj, until: 2030-01-01, reason: x }] }")
    #expect(
      Self.trust(try Self.diff(waived, [("until: 2030-01-01", "until: 2031-01-01")])).map {
        $0.hasPrefix("control guardrails calm waivers: ")
      } == [true])
    #expect(try Self.diff(waived, [("reason: x", "reason: y")]).isEmpty)
    #expect(try Self.diff(waived, [("2030-01-01", "2030-01-02T00:00Z")]).isEmpty)
  }

  @Test func whatFailedBeforeIsNoNews() throws {
    // `calm` is broken on both sides: neither would compile by itself.
    let broken = Self.never + Self.breach
    #expect(try Self.diff(broken, [], new: "---\nusers: { tom: {} }\n").violations.isEmpty)
    let wider = try Self.diff(broken, [("write: [db/marts/**]", "write: [db/marts/**, db/raw/**]")])
    #expect(Self.violations(wider) == ["base calm raj"])
  }

  @Test func testsOfBothSidesAreRun() throws {
    let test = "---\ntests:\n  t: { in: prod, expect: [zoe cannot read db/marts/x] }\n"
    let gain = "---\nbindings:\n  - { role: reader, to: [zoe], in: [prod] }\n"
    let deleted = try Self.diff(
      test, [("  t: { in: prod, expect: [zoe cannot read db/marts/x] }\n", "  u: { in: prod, expect: [raj can read db/marts/x] }\n")],
      new: gain)
    #expect(deleted.failedTests.map(\.isOfOld) == [true])
    let new = try Self.diff("", new: "---\ntests:\n  t: { in: prod, expect: [zoe can read db/marts/x] }\n")
    #expect(new.failedTests.map(\.isOfOld) == [false])
    #expect(try Self.diff(test, [], new: "---\nusers: { tom: {} }\n").failedTests.isEmpty)
    let rule = try Self.diff(Self.breach, new: Self.never)
    #expect(Self.violations(rule) == ["head calm raj"])
  }

  // MARK: Sessions, systems, principals

  @Test(
    arguments: [
      (
        "a session gained", "---\nbindings:\n  - { to: [zoe], can: { assume: [connections/run] }, in: [prod] }\n", [],
        ["+ zoe assume connections/run prod", "+ zoe read secrets/vault/kv/run prod (all)", "+ zoe write db/marts/** prod via run (all)"],
        []
      ),
      (
        "a new connection under a pattern",
        "---\nconnections:\n  two: { system: db, principal: job, role: writer, environments: { prod: { password: ref+vault://kv/two#/p } } }\n",
        [("to: [bot], in: [prod] }", "to: [bot], in: [prod] }\n  - { to: [zoe], can: { assume: [connections/tw*] }, in: [prod] }")],
        [
          "+ job assume connections/two prod", "+ job read secrets/vault/kv/two prod (all)",
          "+ zoe assume connections/two prod", "+ zoe read secrets/vault/kv/two prod (all)", "+ zoe write db/marts/** prod via two (all)",
        ], ["secret"]
      ),
      (
        "another secret", "", [("kv/run#", "kv/other#")],
        ["+ job read secrets/vault/kv/other prod", "- job read secrets/vault/kv/run prod"],
        ["secret connections run environments.prod.password: ref+vault://kv/run#/p → ref+vault://kv/other#/p !"]
      ),
      (
        "another host", "", [("db.acme.example", "db.acrne.example")], [],
        ["destination systems db environments.prod.host: db.acme.example → db.acrne.example !"]
      ),
      (
        "protection removed", "", [("prod: { protected: true }", "prod: {}")], [],
        ["environment environments prod protected: true → false (default) !"]
      ),
      (
        "dev points at prod", "", [("host: dev.acme.example", "host: db.acme.example")], [],
        [
          "destination systems db environments.dev.host: dev.acme.example → db.acme.example",
          "environment systems db environments.dev: database: d, host: dev.acme.example → database: d, host: db.acme.example !",
        ]
      ),
      (
        "a route acts as a session", "", [("path: /run }", "path: /run, acts_as: connections/run }")],
        ["+ bot write db/marts/** prod via run (all)"], ["meaning systems api routes.run.acts_as: - → connections/run !"]
      ),
      (
        "a provider's group", "---\nbindings:\n  - { role: reader, to: [outside], in: [prod] }\n", [], ["+ outside read db/marts/** prod"],
        []
      ),
      (
        "a principal becomes another kind", "", [("  raj: {}\n", ""), ("  bot:", "  raj: { owner: team }\n  bot:")], [],
        ["identity"]
      ),
    ] as [(String, String, [(String, String)], [String], [String])])
  func whatIsSeen(_ what: String, _ new: String, _ edits: [(String, String)], _ access: [String], _ trust: [String]) throws {
    let diff = try Self.diff("", edits, new: new)
    #expect(Self.access(diff) == access, "\(what)")
    if trust.allSatisfy({ $0.contains(":") }) {
      #expect(Self.trust(diff).sorted() == trust.sorted(), "\(what)")
    } else {
      for impact in trust { #expect(Self.trust(diff).contains { $0.hasPrefix(impact) }, "\(what): \(Self.trust(diff))") }
    }
  }

  /// A role's name is a word of the policy, but where sessions take it on by that name.
  @Test(
    arguments: [
      ("of no session", [("  reader: { can", "  looker: { can"), ("role: reader", "role: looker")], []),
      (
        "of a session",
        [("  writer: { can", "  author: { can"), ("role: writer, to", "role: author, to"), ("role: writer, env", "role: author, env")],
        ["meaning roles author name_on.db: writer → author !"]
      ),
      (
        "of a session, its name kept",
        [
          ("  writer: { can", "  author: { name_on: { db: writer }, can"), ("role: writer, to", "role: author, to"),
          ("role: writer, env", "role: author, env"),
        ], []
      ),
      (
        "of a session, with another name there",
        [
          ("  writer: { can", "  author: { name_on: { db: rw }, can"), ("role: writer, to", "role: author, to"),
          ("role: writer, env", "role: author, env"),
        ], ["meaning roles author name_on.db: writer → rw !"]
      ),
      ("its own name written out", [("  writer: { can", "  writer: { name_on: { db: writer }, can")], []),
      (
        "another name there", [("  writer: { can", "  writer: { name_on: { db: rw }, can")],
        ["meaning roles writer name_on.db: writer → rw !"]
      ),
      (
        "where nobody logs in", [("  writer: { can", "  writer: { name_on: { wh: rw }, can")],
        ["meaning roles writer name_on.wh: writer → rw"]
      ),
    ] as [(String, [(String, String)], [String])])
  func aRoleIsCalledOtherwise(_ what: String, _ edits: [(String, String)], _ expected: [String]) throws {
    let diff = try Self.diff("", edits)
    #expect(Self.access(diff).isEmpty, "\(what)")
    #expect(Self.trust(diff) == expected, "\(what)")
    #expect(diff.trust.allSatisfy { ($0.note == nil) == !what.hasSuffix("of a session") }, "\(what)")
    #expect(diff.isEmpty == expected.isEmpty, "\(what)")
  }

  @Test func anotherFoldingOfCaseIsAnotherSet() throws {
    let policy = { (type: String) in
      """
      environments: { prod: {} }
      users: { ana: {} }
      systems: { s: { type: \(type), environments: { prod: { host: h.example, database: d } } } }
      bindings: [{ to: [ana], can: { read: [s/Marts/x] }, in: [prod] }]

      """
    }
    let diff = try Comparing.diff(policy("postgres"), policy("redshift"))
    #expect(Self.trust(diff).contains { $0.hasPrefix("meaning systems s type") })
    #expect(diff.changes.map(\.direction) == [.gained, .lost], "names are read otherwise: all goes, all comes")
    #expect(diff.changes.map { $0.resources.contains(["s", "marts", "X"]) } == [true, false])
    let back = try Comparing.diff(policy("redshift"), policy("postgres"))
    #expect(back.changes.contains { $0.direction == .lost && $0.resources.contains(["s", "marts", "X"]) })
  }

  @Test func anEnvironmentComesAndGoes() throws {
    let diff = try Self.diff(
      "---\nbindings:\n  - { to: [zoe], can: { read: [db/x/**] }, in: \"*\" }\n",
      [
        ("{ dev: {},", "{ dev: {}, qa: {},"),
        (
          "environments: { dev: { host: dev.acme.example, database: d },",
          "environments: { dev: { host: dev.acme.example, database: d }, qa: { host: qa.acme.example, database: d },"
        ),
      ])
    #expect(Self.access(diff) == ["+ zoe read db/x/** qa"])
    #expect(Self.trust(diff).contains { $0.hasPrefix("environment environments qa") })
  }

  // MARK: Groups move as one

  @Test func groupsAndWhatIsPersonalMoveAsOne() throws {
    let new = "---\nbindings:\n  - { to: [team], can: { read: [\"db/${principal}_raj/**\"] }, in: [dev] }\n"
    let files = { (text: String) in [SourceFile(path: "policies/policy.yaml", text: text)] }
    let text = try Comparing.text(files(Self.base), files(Self.base + new))
    #expect(text.contains("  dev: team (2)\n    read  db/${principal}_raj/**\n"), "\(text)")
    #expect(text.components(separatedBy: "team").count == 2, "\(text)")
  }
}

extension String {
  fileprivate func components(separatedBy text: String) -> [Substring] { split(separator: text, omittingEmptySubsequences: false) }
}

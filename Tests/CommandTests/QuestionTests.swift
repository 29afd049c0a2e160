import Foundation
import TestSupport
import Testing

/// `can`, `who-can`, `what-can` and `why`: what they print, and how they end.
@Suite struct QuestionTests {
  private static let policy = """
    environments: { dev: {}, prod: { protected: true } }
    identity_providers: { okta: { type: oidc, issuer: https://id.acme.example, audience: a } }
    users: { ana: {}, raj: {}, lee: {} }
    services: { runner: { owner: lee }, worker: { owner: lee } }
    groups:
      analysts: { owners: [lee], members: [ana, { name: raj, until: 2030-04-30 }] }
      empty: { owners: [lee] }
      cloud: { owners: [lee], source: provider, identity: { provider: okta, group: data } }
    systems:
      db: { type: postgres, environments: { dev: { host: localhost, database: d }, prod: { host: db.acme.example, database: d } } }
    roles:
      analyst: { can: { read: { of: ["db/marts/**"], except: ["db/marts/*_pii"] } } }
      loader: { can: { write: ["db/marts/**"] } }
    bindings:
      - { role: analyst, to: [analysts], in: [dev, prod] }
      - { role: analyst, to: [cloud], in: [dev] }
      - { role: loader, to: [runner], in: [prod] }
      - { to: [worker], can: { assume: [connections/load] }, in: [prod] }
      - { to: [lee], can: { read: [db/raw/orders] }, in: [prod], from: 2030-01-10, until: 2030-01-31 }
    connections:
      load: { system: db, principal: runner, role: loader, environments: { prod: { password: "ref+vault://kv/load" } } }

    """

  private static func scratch() throws -> Scratch { try Scratch.withPolicy(policy) }

  /// Everything that is asked here is asked at a moment.
  private static func ask(_ arguments: [String], in scratch: Scratch, at moment: String = "2029-11-20") throws -> Run {
    try Program.run(Program.writ, arguments + ["--at", moment], in: scratch.path)
  }

  // MARK: Exit codes

  @Test(
    arguments: [
      (["can", "ana", "read", "db/marts/orders", "--in", "prod"], 0), (["can", "ana", "write", "db/marts/orders", "--in", "prod"], 77),
      (["can", "user:ana", "read", "db/marts/orders", "--in", "dev", "--in", "prod"], 0),
      (["can", "ana", "read", "db/marts/orders"], 0), (["can", "lee", "read", "db/marts/orders"], 77),
      (["can", "runner", "write", "db/marts/orders", "--in", "dev", "--in", "prod"], 77),
      (["can", "worker", "write", "db/marts/orders", "--in", "prod"], 0), (["can", "analysts", "read", "db/marts/orders"], 0),
      (["can", "cloud", "read", "db/marts/orders", "--in", "dev"], 0), (["can", "cloud", "read", "db/marts/orders", "--in", "prod"], 77),
      (["can", "ana", "read", "db/marts/**", "--in", "prod"], 77), (["why", "ana", "read", "db/marts/orders", "--in", "prod"], 0),
      (["why", "ana", "read", "db/raw/orders", "--in", "prod"], 77), (["who-can", "read", "db/raw/orders"], 0),
      (["who-can", "own", "db/raw/orders", "--in", "prod"], 0), (["what-can", "ana"], 0), (["what-can", "empty"], 0),
    ] as [([String], Int32)]) func yesIsZeroAndNoIsSeventySeven(_ arguments: [String], _ status: Int32) throws
  {
    let run = try Self.ask(arguments, in: Self.scratch())
    #expect(run.status == status && run.errors.isEmpty, "\(arguments): \(run.status) \(run.everything)")
    #expect(!run.output.isEmpty)
  }

  @Test(
    arguments: [
      (["can", "anna", "read", "db/marts/orders"], "did you mean `ana`?"),
      (["can", "ana", "reed", "db/marts/orders"], "did you mean `read`?"),
      (["can", "ana", "read", "dbb/marts/orders"], "did you mean `db`?"),
      (["can", "ana", "read", "db/marts/orders", "--in", "prd"], "did you mean `prod`?"),
      (["can", "ana", "assume", "connections/lod"], "did you mean `load`?"), (["can", "ana", "read", "db//x"], "empty segment"),
      (["can", "service:ana", "read", "db/marts/orders"], "`ana` is a user"), (["can", "ana", "read"], "writ can ana read"),
      (["can", "empty", "read", "db/marts/orders"], "nobody is in `empty`"),
      (["can", "ana", "read", "db/x_${principal}/y"], "no meaning in a question"),
      (["can", "ana", "--batch", "-"], "leave the arguments out"),
      (["can", "--batch", "-", "--in", "dev", "--in", "prod"], "give it once"),
      (["who-can", "read", "dbb/x"], "did you mean `db`?"), (["who-can", "reed", "db/x/y"], "did you mean `read`?"),
      (["what-can", "rajj"], "did you mean `raj`?"), (["why", "ana", "read", "db/x/y", "--in", "pro"], "did you mean `prod`?"),
      (["can", "ana", "read", "db/x/y", "--rev", "nowhere"], "nowhere"),
    ] as [([String], String)]) func whatIsNotKnownIsBadUsage(_ arguments: [String], _ words: String) throws
  {
    let scratch = try Self.scratch()
    try scratch.commit()
    let run = try Self.ask(arguments, in: scratch)
    #expect(run.status == 64 && run.output.isEmpty, "\(arguments): \(run.status) \(run.everything)")
    #expect(run.errors.contains(words), "\(run.errors)")
  }

  @Test(arguments: [
    ["can", "ana", "read", "db/x/y"], ["who-can", "read", "db/x/y"], ["what-can", "ana"], ["why", "ana", "read", "db/x/y"],
  ])
  func aPolicyWithErrorsIsNotAsked(_ arguments: [String]) throws {
    let scratch = try Self.scratch()
    try scratch.write("policies/broken.yaml", "bindings:\n  - { role: analist, to: [ana], in: [dev] }\n")
    let run = try Self.ask(arguments, in: scratch)
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(run.errors.contains("role `analist` is not declared") && run.errors.contains("nothing can be said about access"))
  }

  @Test func aBrokenGuardrailDoesNotKeepAnybodyFromAsking() throws {
    let scratch = try Self.scratch()
    try scratch.write(
      "policies/rules.yaml", "guardrails: { closed: { never: { who: users, can: [read], resources: [\"db/**\"] } } }\n")
    #expect(try scratch.writ("check").status == 1)
    #expect(try Self.ask(["can", "ana", "read", "db/marts/orders"], in: scratch).status == 0)
  }

  // MARK: Moments and revisions

  @Test(arguments: [("2030-01-09", 77 as Int32), ("2030-01-10", 0), ("2030-01-31T23:59:59Z", 0), ("2030-02-01", 77)])
  func aMomentDecides(_ moment: String, _ status: Int32) throws {
    #expect(try Self.ask(["can", "lee", "read", "db/raw/orders", "--in", "prod"], in: Self.scratch(), at: moment).status == status)
  }

  @Test func aRevisionAnswersWithoutACheckout() throws {
    let scratch = try Self.scratch()
    try scratch.commit()
    try scratch.write("policies/policy.yaml", Self.policy.replacing("to: [analysts]", with: "to: [lee]"))
    #expect(try Self.ask(["can", "ana", "read", "db/marts/orders", "--in", "prod"], in: scratch).status == 77)
    #expect(try Self.ask(["can", "ana", "read", "db/marts/orders", "--in", "prod", "--rev", "HEAD"], in: scratch).status == 0)
  }

  // MARK: What is printed

  @Test(
    arguments: [
      (
        ["can", "ana", "read", "db/marts/**", "--in", "prod"],
        ["no: `ana` cannot read `db/marts/**` in `prod`", "  some of it: `db/marts/x`, but not `db/marts/_pii`"]
      ),
      (
        ["can", "lee", "read", "db/raw/orders", "--in", "prod"],
        ["no: `lee` cannot read `db/raw/orders` in `prod`", "  policies/policy.yaml:19: this gives it only from 2030-01-10"]
      ),
      (
        ["can", "raj", "read", "db/marts/orders", "--in", "prod"],
        ["yes: `raj` can read `db/marts/orders` in `prod`", "  by `analyst` to `analysts` (policies/policy.yaml:15) until 2030-04-30"]
      ),
      (
        ["can", "lee", "read", "db/marts/orders", "--in", "dev"],
        [
          "no: `lee` cannot read `db/marts/orders` in `dev`",
          "  policies/policy.yaml:15: this gives it to `analysts`, in which `lee` is not",
          "  policies/policy.yaml:16: this gives it to whoever is in `cloud`",
          "  but whoever is in `cloud` can, and only its provider knows who that is",
        ]
      ),
      (
        ["who-can", "read", "db/marts/orders"],
        [
          "dev", "  ana                                                   policies/policy.yaml:15",
          "  raj                                 until 2030-04-30  policies/policy.yaml:15",
          "  + whoever is in cloud (okta: data)                    policies/policy.yaml:16",
        ]
      ),
      (["who-can", "own", "db/raw/orders", "--in", "dev"], ["dev", "  nobody"]),
      (["what-can", "empty"], ["nobody is in it at this moment"]),
      (["what-can", "lee", "--in", "dev"], ["dev", "  nothing"]),
      (
        ["why", "worker", "write", "db/marts/orders", "--in", "prod"],
        [
          "yes: `worker` can write `db/marts/orders` in `prod`", "", "1. through `load`", "binding of permissions to `worker`",
          "permission: assume connections/load", "`load` logs in as `runner`", "binding of `loader` to `runner`",
          "permission of `loader`: write db/marts/**",
        ]
      ),
    ] as [([String], [String])]) func answersAreForPeople(_ arguments: [String], _ expected: [String]) throws
  {
    let run = try Self.ask(arguments, in: Self.scratch())
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for (line, words) in zip(lines, expected) {
      #expect(words == line || (words != "" && line.contains(words) && words.first != " "), "\(run.output)")
    }
    #expect(lines.count > expected.count && lines.allSatisfy { $0.count <= 80 }, "\(run.output)")
  }

  /// A secret and other things to read are given by different lines, and one without a secret gives nothing to read.
  @Test func everyLineOfWhatCanNamesWhatGivesIt() throws {
    let scratch = try Self.scratch()
    try scratch.write(
      "policies/more.yaml",
      """
      systems: { wh: { type: snowflake, environments: { prod: { account: acme-main, database: d } } } }
      bindings:
        - { to: [ana], can: { assume: [connections/load] }, in: [prod] }
      connections: { ask: { system: wh, principal: ana, environments: { prod: { auth: sso } } } }

      """)
    let run = try Self.ask(["what-can", "ana", "--in", "prod"], in: scratch)
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.contains("db/marts/**") && $0.hasSuffix("policies/policy.yaml:15") }, "\(run.output)")
    #expect(lines.contains { $0.contains("secrets/vault/kv/load") && $0.hasSuffix("policies/policy.yaml:21") }, "\(run.output)")
  }

  // MARK: For machines

  private static func json(_ arguments: [String]) throws -> [String: Any] {
    let run = try ask(arguments + ["--format", "json"], in: scratch())
    let value = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any], "\(run.everything)")
    #expect(value["version"] as? Int == 1 && value["at"] as? String == "2029-11-20T00:00:00Z")
    return value
  }

  private static func first(_ document: [String: Any]) throws -> [String: Any] {
    try #require((document["answers"] as? [[String: Any]])?.first)
  }

  @Test func answersAreForMachines() throws {
    let yes = try Self.first(Self.json(["can", "raj", "read", "db/marts/orders", "--in", "prod"]))
    #expect(yes["allowed"] as? Bool == true && yes["environment"] as? String == "prod")
    let grant = try #require((yes["grants"] as? [[String: Any]])?.first)
    #expect((grant["location"] as? [String: Any])?["line"] as? Int == 15)
    #expect((grant["times"] as? [[String: String]])?.first?["until"] == "2030-05-01T00:00:00Z")
    let no = try Self.first(Self.json(["can", "lee", "read", "db/raw/orders", "--in", "prod"]))
    #expect(no["allowed"] as? Bool == false && (no["nearest"] as? [Any])?.count == 1)
    #expect((try Self.json(["can", "ana", "read", "db/marts/orders"])["answers"] as? [Any])?.count == 2)
    let why = try Self.first(Self.json(["why", "worker", "write", "db/marts/orders", "--in", "prod"]))
    let derivation = try #require((why["derivations"] as? [[String: Any]])?.first)
    #expect(why["complete"] as? Bool == true && derivation["via"] as? [String] == ["connections/load"])
    #expect(
      (derivation["steps"] as? [[String: Any]])?.compactMap { $0["kind"] as? String } == [
        "binding", "permission", "connection", "binding", "permission",
      ])
    let who = try Self.first(Self.json(["who-can", "read", "db/marts/orders", "--in", "dev"]))
    let holders = try #require(who["holders"] as? [[String: Any]])
    #expect(holders.compactMap { $0["principal"] as? String } == ["ana", "cloud", "raj"])
    #expect(holders[1]["unknown_members"] as? Bool == true && holders[1]["kind"] as? String == "group")
    let what = try Self.json(["what-can", "worker", "--in", "prod"])
    #expect(!what.isEmpty)
  }

  // MARK: Many at once

  private static let questions = """
    {"principal":"ana","action":"read","resource":"db/marts/orders","environment":"prod"}

    {"principal":"ana","action":"write","resource":"db/marts/orders","environment":"prod"}
      \t
    {"principal":"ana","action":"read","resource":"db/marts/orders"}
    {"principal":"ana","action":"read"}
    not json
    [1]
    {"principal":"anna","action":"read","resource":"db/x/y","environment":"prod"}
    {"principal":"analysts","action":"read","resource":"db/x/y","environment":"prod"}
    {"principal":"ana","action":"read","resource":"db/x/y","environment":"prd"}
    {"principal":"worker","action":"write","resource":"db/marts/*","environment":"prod"}
    {"principal":"lee","principal":"ana","action":"read","resource":"db/marts/orders","environment":"prod"}
    {"principal":"ana","action":"read","resource":"db/marts/orders","environment":"prod","id":1,"id":2}
    {"principal":"ana","action":"read","resource":"db/marts/orders","environment":"prod","id":1,"more":{"id":2}}
    """

  private static let answers: [(Bool?, String)] = [
    (true, ""), (false, ""), (nil, "needs `environment`"), (nil, "line 6 needs"), (nil, "line 7 is not a JSON object"),
    (nil, "line 8 is not a JSON object"), (nil, "did you mean `ana`?"), (nil, "group whose members are known"),
    (nil, "did you mean `prod`?"),
    (true, ""), (nil, "line 13 has `principal` twice"), (nil, "line 14 has `id` twice"), (true, ""),
  ]

  @Test(arguments: [false, true]) func aBatchIsAnsweredLineByLine(_ isPiped: Bool) throws {
    let scratch = try Self.scratch()
    try scratch.write("questions.jsonl", Self.questions)
    let run =
      isPiped
      ? try Program.run("/bin/sh", ["-c", "writ can --batch - --at 2029-11-20 < questions.jsonl"], in: scratch.path)
      : try Self.ask(["can", "--batch", "questions.jsonl"], in: scratch)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.everything)")
    let lines = try run.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any], "\($0)")
    }
    #expect(lines.count == Self.answers.count, "\(run.output)")
    for (line, expected) in zip(lines, Self.answers) {
      #expect(line["allowed"] as? Bool == expected.0, "\(line)")
      #expect(expected.1.isEmpty ? line["error"] == nil : (line["error"] as? String)?.contains(expected.1) == true, "\(line)")
    }
  }

  @Test func aBatchMayLeaveItsEnvironmentToTheCommand() throws {
    let scratch = try Self.scratch()
    try scratch.write("q", "{\"principal\":\"ana\",\"action\":\"read\",\"resource\":\"db/marts/orders\"}\r\n")
    let run = try Self.ask(["can", "--batch", "q", "--in", "dev"], in: scratch)
    #expect(run.output.contains("\"allowed\":true"), "\(run.output)")
  }

  @Test func aFileThatCannotBeReadIsSeventyFour() throws {
    let run = try Self.ask(["can", "--batch", "nowhere"], in: Self.scratch())
    #expect(run.status == 74 && run.errors.contains("`nowhere` cannot be read"), "\(run.everything)")
  }
}

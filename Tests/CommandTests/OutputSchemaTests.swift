import Foundation
import TestSupport
import Testing

/// What is printed for machines is what its schema says, and the schema says no more than what is printed.
@Suite struct OutputSchemaTests {
  private static let policy = """
    environments: { dev: {}, prod: { protected: true } }
    identity_providers: { okta: { type: oidc, issuer: https://id.acme.example, audience: a } }
    users: { ana: {}, raj: {}, lee: {} }
    services: { runner: { owner: lee }, worker: { owner: lee } }
    groups:
      analysts: { owners: [lee], members: [ana, { name: raj, until: 2030-04-30 }] }
      cloud: { owners: [lee], source: provider, identity: { provider: okta, group: data } }
      most: { owners: [lee], members: [cloud], except: [ana] }
    systems:
      db: { type: postgres, environments: { dev: { host: localhost, database: d }, prod: { host: db.acme.example, database: d } } }
    roles:
      analyst: { can: { read: { of: ["db/marts/**"], except: ["db/marts/*_pii"] } } }
      senior: { inherits: [analyst] }
      loader: { can: { write: ["db/marts/**"] } }
    bindings:
      - { role: senior, to: [analysts], in: [dev, prod] }
      - { role: analyst, to: [cloud], in: [dev] }
      - { to: [most], can: { read: [db/raw/orders] }, in: [dev] }
      - { role: loader, to: [runner], in: [prod] }
      - { to: [worker, cloud, most], can: { assume: [connections/load] }, in: [prod] }
      - { to: [lee], can: { read: [db/raw/orders] }, in: [prod], from: 2030-01-10, until: 2030-01-31 }
    connections:
      load: { system: db, principal: runner, role: loader, environments: { prod: { password: "ref+vault://kv/load" } } }
    tests:
      reading: { in: prod, expect: [ana can read db/marts/orders, ana can write db/marts/orders] }

    """
  private static let questions = """
    {"principal":"ana","action":"read","resource":"db/marts/orders","environment":"prod"}
    {"principal":"ana"}
    [1]
    """

  /// A schema's name, and what prints such documents.
  private static let commands: [(schema: String, arguments: [[String]])] = [
    (
      "can",
      [
        ["can", "ana", "read", "db/marts/**"], ["can", "worker", "write", "db/marts/orders"], ["can", "lee", "read", "db/raw/orders"],
        ["can", "lee", "read", "db/marts/orders", "--in", "dev"], ["can", "raj", "read", "db/marts/orders"],
      ]
    ),
    ("can-batch", [["can", "--batch", "questions"]]),
    (
      "why",
      [
        ["why", "worker", "write", "db/marts/x"], ["why", "raj", "read", "db/marts/x"], ["why", "ana", "read", "db/marts/**"],
        ["why", "lee", "read", "db/marts/x", "--in", "dev"],
      ]
    ),
    (
      "who-can",
      [
        ["who-can", "read", "db/**"], ["who-can", "read", "db/raw/orders", "--in", "dev"], ["who-can", "write", "db/marts/x"],
        ["who-can", "own", "db/x/y"],
      ]
    ),
    ("what-can", [["what-can", "worker"], ["what-can", "analysts"], ["what-can", "cloud"], ["what-can", "most"]]),
    ("log", [["log"], ["log", "lee", "db/none/none"]]), ("test", [["test"]]), ("diff", [["diff", "HEAD~2"]]),
  ]

  private static func scratch() throws -> Scratch {
    let scratch = try Scratch.withPolicy(policy)
    try scratch.write("questions", questions)
    try scratch.commit("all of it")
    try scratch.write("policies/broken.yaml", SmallPolicy.broken)
    try scratch.commit("broken")
    try scratch.remove("policies/broken.yaml")
    try scratch.write(
      "policies/more.yaml", "bindings:\n  - { to: [worker, cloud], can: { read: [db/raw/**] }, in: [prod], until: 2030-01-31 }\n")
    try scratch.commit("more")
    return scratch
  }

  private static func documents(_ arguments: [String], _ scratch: Scratch) throws -> [MiniSchema.Value] {
    var arguments = arguments
    let isBatch = arguments.contains("--batch")
    if !isBatch { arguments += ["--format", "json"] }
    if arguments[0] != "log" { arguments += ["--at", "2029-11-20"] }
    let run = try Program.run(Program.writ, arguments, in: scratch.path)
    #expect(run.errors.isEmpty && !run.output.isEmpty, "\(arguments): \(run.everything)")
    let parts = isBatch ? run.output.split(separator: "\n").map(String.init) : [run.output]
    return try parts.map { try MiniSchema.Value(json: $0) }
  }

  @Test(arguments: commands.map(\.schema)) func whatIsPrintedIsWhatItsSchemaSays(_ name: String) throws {
    let scratch = try Self.scratch()
    let text = try scratch.writ("schema", name).output
    let schema = try MiniSchema(json: text)
    var seen: Set<String> = []
    for arguments in try #require(Self.commands.first { $0.schema == name }).arguments {
      for document in try Self.documents(arguments, scratch) {
        #expect(try schema.problem(document) == nil, "\(arguments)")
        Self.names(document, "", &seen)
        // A schema that takes anything proves nothing.
        for wrong in Self.spoilt(document) { #expect(try schema.problem(wrong) != nil, "\(arguments): \(wrong)") }
      }
    }
    // One comparison cannot hold all that one may: the goldens of `Diffs` do.
    if name == "diff" { return }
    var known: Set<String> = []
    Self.properties(try MiniSchema.Value(json: text), "", &known)
    #expect(known.subtracting(seen).sorted() == [], "in the schema, and never printed here")
  }

  @Test func everyKindOfAnswerHasASchema() throws {
    let kinds = try Golden.files(below: Golden.root.appending(path: "schemas")).keys.map { String($0.prefix { $0 != "." }) }
    let others = ["policy", "writ", "manifest", "fastapi-guard", "diagnostics", "baseline", "drift"]
    #expect(Set(kinds) == Set(Self.commands.map(\.schema)).union(others))
  }

  /// The same document with a member too many in one of its objects, or with one that is of another kind.
  private static func spoilt(_ value: MiniSchema.Value) -> [MiniSchema.Value] {
    switch value {
    case .object(let members):
      var all = [MiniSchema.Value.object(members.merging(["unheard_of": .null]) { $1 })]
      for (name, inner) in members {
        for wrong in [.null] + spoilt(inner) { all.append(.object(members.merging([name: wrong]) { $1 })) }
      }
      return all
    case .array(let items):
      guard let first = items.first else { return [] }
      return ([.null] + spoilt(first)).map { .array([$0] + items.dropFirst()) }
    default: return []
    }
  }

  private static func names(_ value: MiniSchema.Value, _ place: String, _ found: inout Set<String>) {
    switch value {
    case .object(let members):
      for (name, inner) in members {
        found.insert("\(place)/\(name)")
        names(inner, "\(place)/\(name)", &found)
      }
    case .array(let items): for item in items { names(item, place, &found) }
    default: break
    }
  }

  private static func properties(_ schema: MiniSchema.Value, _ place: String, _ found: inout Set<String>) {
    guard case .object(let members) = schema else { return }
    if let items = members["items"] { properties(items, place, &found) }
    guard case .object(let all)? = members["properties"] else { return }
    for (name, inner) in all {
      found.insert("\(place)/\(name)")
      properties(inner, "\(place)/\(name)", &found)
    }
  }
}

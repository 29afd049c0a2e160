import Foundation
import TestSupport
import Testing

@testable import PolicyCompiler

/// Edits that change how a policy is written and nothing of what it says: nothing is reported.
@Suite struct CosmeticTests {
  private static func check(_ old: [SourceFile], _ new: [SourceFile], _ what: String) throws {
    do {
      let diff = try Comparing.diff(old, new, isStrict: true).diff
      let trust = diff.trust.map { "\($0.section).\($0.name).\($0.path): \($0.before ?? "-") → \($0.after ?? "-")" }
      let access = diff.changes.map { "\($0.direction) \($0.principal) \($0.action) \($0.resources) \($0.environment) \($0.times)" }
      #expect(
        trust.isEmpty && access.isEmpty && diff.isEmpty,
        "\(what)\n\(trust.prefix(5).joined(separator: "\n"))\n\(access.prefix(5).joined(separator: "\n"))")
    } catch let error as Compiling.Unexpected {
      Issue.record("\(what): \(error.description.prefix(1500))")
    }
  }

  @Test(arguments: Array(UInt64(1)...120)) func aRandomPolicyWrittenOtherwise(_ seed: UInt64) throws {
    let files = [SourceFile(path: "policies/policy.yaml", text: RandomPolicy(seed: seed).text)]
    guard (try? Comparing.diff(files, files)) != nil else { return }
    try Self.check(files, try Restyled.files(files, seed: seed), "seed \(seed)")
  }

  private static func policy(_ folder: String) throws -> [SourceFile] {
    try Golden.files(below: Golden.root.appending(path: "\(folder)policies")).map { SourceFile(path: "policies/\($0)", bytes: $1) }
  }

  @Test(arguments: ["", "examples/analytics-team/", "examples/one-identity-per-job/"], Array(UInt64(1)...12))
  func anExampleWrittenOtherwise(_ folder: String, _ seed: UInt64) throws {
    let files = try Self.policy(folder)
    #expect(!files.isEmpty)
    // Roles that targets put into files by their names keep them here: those artifacts would change.
    try Self.check(files, try Restyled.files(files, seed: seed), "\(folder) seed \(seed)")
  }

  @Test func theTablesPolicyWrittenOtherwise() throws {
    let text =
      DiffTableTests.base + """
        ---
        roles:
          most: { inherits: { all_except: [user, caller] } }
        guardrails:
          two: { separate: [reader, user] }
          calm: { never: { who: [leads], can: [own], resources: [db/**] }, waivers: [{ principal: ana, until: 2030-01-01, reason: x }] }
          rotation: { require: { of: connections, field: rotate_every, at_most: 90d } }
        connections:
          slow: { system: db, principal: job, role: writer, defaults: { max_ttl: 1h, rotate_every: 2w }, environments: { prod: { password: "ref+vault://kv/slow#/p", rotate_every: 30d } } }
          self: { system: db, principal: self, role: reader, environments: { dev: { password: ref+env://P } } }

        """
    let files = [
      SourceFile(
        path: "policies/policy.yaml",
        text: text.replacing("  self: {", with: "  mine: {").replacing(
          "password: \"ref+vault://kv/run#/p\"", with: "password: \"ref+vault://kv/run#/p\", rotate_every: 1d"
        ).replacing("P } }", with: "P, rotate_every: 1d } }"))
    ]
    for seed in UInt64(1)...40 { try Self.check(files, try Restyled.files(files, seed: seed), "seed \(seed)") }
  }

  @Test(arguments: [
    ("ref+vault://kv/data/x#/p", "ref+vault://kv/x#/p", true), ("port: 5432", "", true), ("port: 443", "", false),
    ("tls: require", "", false),
    ("auth: password", "", true),
  ]) func whatSaysTheSameIsTheSame(_ one: String, _ other: String, _ isSame: Bool) throws {
    func policy(_ text: String) -> String {
      let isEndpoint = text.hasPrefix("port") || text.hasPrefix("tls")
      let isSetting = text.hasPrefix("auth")
      let secret = text.hasPrefix("ref+") ? text : "ref+vault://kv/y#/p"
      return """
        environments: { prod: {} }
        users: { ana: {} }
        services: { job: { owner: ana } }
        systems: { db: { type: postgres, environments: { prod: { host: h.example, database: d\(isEndpoint ? ", \(text)" : "") } } } }
        connections: { c: { system: db, principal: job, environments: { prod: { password: "\(secret)"\(isSetting ? ", \(text)" : "") } } } }

        """
    }
    let first = policy(one), second = policy(other.isEmpty && one.hasPrefix("ref+") ? "ref+" : other)
    #expect(try Comparing.diff(first, second).trust.isEmpty == isSame)
    #expect(try Comparing.diff(second, first).trust.isEmpty == isSame)
  }

  /// A setting of one environment that says the default still says something where the connection says otherwise for all.
  @Test func aDefaultThatOverridesIsNoDefault() throws {
    func policy(_ own: String) -> String {
      """
      environments: { prod: {} }
      users: { ana: {} }
      services: { job: { owner: ana } }
      systems: { db: { type: postgres, environments: { prod: { host: h.example, database: d } } } }
      connections:
        c:
          system: db
          principal: job
          defaults: { auth: iam, password: "ref+vault://kv/y#/p" }
          environments: { prod: { \(own) } }

      """
    }
    #expect(try Comparing.diff(policy("auth: password"), policy(""), isStrict: false).trust.map(\.path) == ["environments.prod.auth"])
  }
}

import Artifacts
import Foundation
import PolicyCompiler
import Testing

/// What an author writes stays what it is in the file that a tool reads: nothing ends a quotation early.
@Suite struct QuotingTests {
  private static func rendered(_ name: String) throws -> [String: String] {
    let policy = """
      environments: { dev: {} }
      users: { ana: {} }
      services: { job: { owner: ana } }
      systems:
        pg: { type: postgres, owners: [ana], environments: { dev: { host: db.example.org, port: 5432, database: shop } } }
      roles: { writer: { name_on: { pg: "\(name)" }, can: { write: [pg/marts/**] } } }
      bindings: [{ role: writer, to: [job], in: [dev] }]
      connections:
        build: { system: pg, principal: job, role: writer, environments: { dev: { password: "ref+vault://kv/x#/y" } } }
      artifacts:
        dbt: { target: dbt_profiles, path: p.yml, audience: job, profile: p, outputs: { dev: { connection: build, environment: dev, schema: m } } }
        air: { target: airflow_connections, path: c.json, audience: job, environment: dev, connections: [build] }

      """
    let compiled = Compiler(grammar: .complete, at: try #require(Instant("2026-11-20"))).compile([
      SourceFile(path: "policies/policy.yaml", text: policy)
    ])
    let rendered = ArtifactCompiler.render(try #require(compiled.policy))
    #expect(compiled.diagnostics + rendered.diagnostics == [], "\((compiled.diagnostics + rendered.diagnostics).map(\.message))")
    return Dictionary(uniqueKeysWithValues: rendered.value.map { ($0.path, $0.text) })
  }

  /// In the policy; as an identifier of SQL. An accent makes the sign before it another character, but no other byte.
  @Test(arguments: [("a\\\"b", "\"a\"\"b\""), ("a\\\"\u{301}; drop role x --", "\"a\"\"\u{301}; drop role x --\"")])
  func aRoleStaysOneIdentifier(_ written: String, _ identifier: String) throws {
    let profile = try #require(try Self.rendered(written)["p.yml"])
    let line = try #require(profile.split(separator: "\n").first { $0.contains("role:") })
    let value = line.drop { $0 != ":" }.dropFirst(2)
    // YAML's quotes around it, whichever they are.
    let plain = value.hasPrefix("'") ? String(value.dropFirst().dropLast()) : String(value).replacing(bytes: "\\\"", with: "\"")
    #expect(plain.utf8.elementsEqual(identifier.utf8) || plain.utf8.dropFirst().dropLast().elementsEqual(identifier.utf8), "\(line)")
  }

  @Test func anOptionOfLibpqStaysOne() throws {
    let file = try #require(try Self.rendered("a \u{301}-c x=y")["c.json.manifest.json"])
    #expect(file.containsBytes(of: "role=a\\\\ \u{301}-c\\\\ x=y"), "\(file)")
  }
}

import Foundation
import TestSupport
import Testing

/// The same connection says the same to every tool: host, port, database, user or account, and reference, as the files say
/// that were rendered.
@Suite struct AgreementTests {
  private static func connections(_ example: Example) throws -> RenderedConnections {
    RenderedConnections(policies: try example.files(below: "policies"), generated: try example.files(below: "generated"))
  }

  @Test(arguments: Example.all) func toolsAgreeAboutEveryConnection(_ example: Example) throws {
    let connections = try Self.connections(example)
    #expect(connections.problems.isEmpty)
    #expect(!connections.views.isEmpty)
    for difference in connections.differences { Issue.record("\(difference)") }
  }

  @Test func someConnectionIsRenderedByThreeTools() throws {
    let all = try Example.all.flatMap { try Self.connections($0).tools }.filter { $0.value == ["dbt", "airflow", "postman"] }
    #expect(!all.isEmpty)
    // One with a host and a port, and one by account.
    let names = Set(all.map(\.key.connection))
    #expect(names.isSuperset(of: ["load_from", "load_into"]))
  }

  @Test func everyFactIsReadSomewhere() throws {
    let views = try Example.all.flatMap { try Self.connections($0).views }
    for tool in ["dbt", "airflow", "postman"] {
      let own = views.filter { $0.tool == tool }
      for fact in ["host", "port", "database", "user", "account"] {
        #expect(own.contains { $0.facts[fact]?.isEmpty == false }, "\(tool) has no \(fact)")
      }
      #expect(own.contains { !$0.references.isEmpty }, "\(tool) has no reference")
    }
  }

  /// A test that cannot fail is a defect: each of these changes one file, and must be named.
  @Test(arguments: [
    (
      "loader/profiles.yml", "host: events.bank.example", "host: other.bank.example",
      "`load_from` in `prod`: host is `other.bank.example` in loader/profiles.yml"
    ),
    ("loader/profiles.yml", "port: 5432", "port: 5433", "`load_from` in `prod`: port is `5433`"),
    ("loader/profiles.yml", "dbname: events", "dbname: event", "`load_from` in `prod`: database is `event`"),
    ("loader/profiles.yml", "account: bank-eu1", "account: bank-eu2", "`load_into` in `prod`: account is `bank-eu2`"),
    (
      "loader/airflow.backend.json", "svc_loader", "svc_other",
      "user is `svc_loader` in loader/profiles.yml, `svc_other` in loader/airflow.json"
    ),
    (
      "loader/airflow.backend.json", "kv/prod/loader/events#/password", "kv/dev/loader/events#/password",
      "`load_from` in `prod`: references are"
    ),
    (
      "loader/profiles.yml.manifest.json", "kv/prod/loader/snow#/passphrase", "kv/prod/loader/snow#/phrase",
      "`load_into` in `prod`: references are"
    ),
    (
      "loader/endpoints.postman_environment.json", "events.bank.example", "other.bank.example",
      "`other.bank.example` in loader/endpoints.postman_environment.json"
    ),
    ("loader/endpoints.postman_environment.json.manifest.json", "snow#/private_key", "snow#/key", "`load_into` in `prod`: references are"),
    ("loader/endpoints.postman_environment.json", "load_from_port", "load_from_prt", "port is `5432` in loader/profiles.yml, `nothing` in"),
  ]) func aTamperedFileIsNamed(_ file: String, _ old: String, _ new: String, _ words: String) throws {
    let example = try #require(Example.all.first { $0.path == "examples/analytics-team" })
    var generated = try example.files(below: "generated")
    let text = String(decoding: generated[file] ?? [], as: UTF8.self)
    try #require(text.contains(old))
    generated[file] = Array(text.replacing(old, with: new).utf8)
    let connections = RenderedConnections(policies: try example.files(below: "policies"), generated: generated)
    #expect(connections.differences.contains { $0.contains(words) }, "\(connections.differences)")
  }

  @Test func aMissingFileIsNamed() throws {
    let example = try #require(Example.all.first { $0.path == "examples/analytics-team" })
    var generated = try example.files(below: "generated")
    generated["loader/profiles.yml"] = nil
    let connections = RenderedConnections(policies: try example.files(below: "policies"), generated: generated)
    #expect(connections.problems.contains { $0.contains("loader/profiles.yml") })
  }
}

import Artifacts
import Testing

@testable import PolicyCompiler

/// Every field of every section, changed in turn: what the diff says of it is what the field says of its impact.
@Suite struct TrustTableTests {
  /// Fields of what grants are made of whose change is access, or control where no access moves: `DiffTableTests` has them.
  static let ends: Set<String> = ["from", "until"]

  private static func seen(_ it: FieldCase, _ section: String, _ preamble: String, grammar: Grammar = .complete) throws -> String? {
    func policy(_ body: String) -> String {
      preamble + (section == "bindings" ? "bindings:\n  - \(body)\n" : "\(section):\n  it: \(body)\n")
    }
    let diff = try Comparing.diff(policy(it.before), policy(it.after), grammar: grammar, isStrict: false)
    let found = diff.trust.map { "\($0.path) [\($0.impact)] \($0.before ?? "-") → \($0.after ?? "-")" }
    let isRight: Bool
    switch it.expected {
    case .change(let path, let impact): isRight = diff.trust.map(\.path) == [path] && diff.trust.map(\.impact) == [impact]
    case .some(let path): isRight = !diff.trust.isEmpty && diff.trust.allSatisfy { $0.path == path || $0.path.hasPrefix(path + ".") }
    case .nothing: isRight = diff.trust.isEmpty
    }
    return isRight ? nil : "\(section) \(it)\n  expected \(it.expected), found \(found)"
  }

  private static let environments = "environments: { dev: {}, prod: { protected: true } }\n"

  private static func report(_ cases: [FieldCase], _ section: String, _ preamble: String = environments, grammar: Grammar = .complete)
    throws
  {
    #expect(!cases.isEmpty)
    let wrong = try cases.compactMap { try seen($0, section, preamble, grammar: grammar) }
    #expect(wrong.isEmpty, "\(wrong.count) of \(cases.count):\n\(wrong.prefix(12).joined(separator: "\n"))")
  }

  @Test(arguments: Section.allCases.filter { ![.systems, .connections, .artifacts].contains($0) })
  func everyFieldOfASection(_ section: Section) throws {
    let shape = try #require(section.declaration)
    let cases = FieldCases(excepted: section == .bindings ? Self.ends : [])
    try Self.report(cases.cases(shape), section.name, section == .environments ? "users: { ana: {} }\n" : Self.environments)
  }

  @Test(arguments: SystemType.all.map(\.name)) func everyFieldOfASystem(_ name: String) throws {
    let type = try #require(SystemType.named(name))
    let shape = RecordShape(
      "system", "",
      RecordShape.system.fields.map { field in
        guard field.name == "environments" else { return field }
        let values = Shape.record(RecordShape("endpoint", "", type.endpoint))
        return Field(field.name, .map(keys: .name, values: values), required: true, impact: field.impact, "")
      })
    var cases = FieldCases(given: ["type": name]).cases(shape)
    cases.removeAll { $0.what == "type changes" }
    let other = name == "http" ? "airflow" : "http"
    cases.append(
      FieldCase(
        what: "type changes", before: "{ type: \(name), environments: { prod: {} } }",
        after: "{ type: \(other), environments: { prod: {} } }",
        expected: .change(at: "type", .meaning)))
    try Self.report(cases, "systems")
  }

  @Test(arguments: SystemType.all.flatMap { type in type.methods.map { (type.name, $0.name) } })
  func everyFieldOfAConnection(_ name: String, _ method: String) throws {
    let type = try #require(SystemType.named(name))
    let way = try #require(type.method(method))
    var seen: Set<String> = ["auth"]
    let common = RecordShape.connectionSettings.fields.filter { ["max_ttl", "rotate_every"].contains($0.name) }
    let settings = RecordShape("settings", "", (common + type.session + way.fields).filter { seen.insert($0.name).inserted })
    // Settings other than the tested one need not be there: nothing is read of them here.
    let open = RecordShape(
      "settings", "",
      settings.fields.map { Field($0.name, $0.shape, impact: $0.impact, default: $0.hasWritableDefault ? $0.defaultValue : nil, "") })
    let values = FieldCases()
    let cases =
      values.cases(open, ["environments", "prod"]) {
        "{ system: sys, principal: job, environments: { prod: \(Self.adding($0, "auth: \(method)")) } }"
      }
      + values.cases(open, ["defaults"]) {
        "{ system: sys, principal: job, defaults: \(Self.adding($0, "auth: \(method)")), environments: { prod: {} } }"
      }
    try Self.report(cases, "connections", Self.environments + "systems:\n  sys: { type: \(name), environments: { prod: {} } }\n")
  }

  private static func adding(_ record: String, _ field: String) -> String { "{ \(field), \(record.dropFirst(2))" }

  @Test func everyOtherFieldOfAConnection() throws {
    let preamble = Self.environments + "systems:\n  a0: { type: postgres, environments: { prod: { host: h.example } } }\n"
    var cases = FieldCases().cases(.connection)
    // The settings have a test for each type of system.
    cases.removeAll { $0.what.hasPrefix("defaults.") || $0.what.hasPrefix("environments.prod.") }
    cases.append(
      FieldCase(
        what: "auth", before: "{ system: a0, principal: job, environments: { prod: { auth: client_certificate } } }",
        after: "{ system: a0, principal: job, environments: { prod: { auth: iam } } }",
        expected: .change(at: "environments.prod.auth", .meaning)))
    try Self.report(cases, "connections", preamble)
  }

  @Test(arguments: Grammar.complete.targets.keys.sorted()) func everyOptionOfATarget(_ target: String) throws {
    let shape = try #require(Grammar.complete.artifacts[target])
    var cases = FieldCases(given: ["target": target]).cases(shape)
    cases.removeAll { $0.what.hasPrefix("target ") }
    let other = try #require(Grammar.complete.targets.keys.sorted().first { $0 != target })
    cases.append(
      FieldCase(
        what: "target", before: "{ target: \(target), path: a.yml, audience: ana }",
        after: "{ target: \(other), path: a.yml, audience: ana }",
        expected: .change(at: "target", .delivery)))
    try Self.report(cases, "artifacts")
  }

  @Test func everySetting() {
    // There is one version only.
    let cases = FieldCases(given: ["version": "1"], excepted: ["version"]).cases(RootSettings.shape)
    #expect(!cases.isEmpty)
    for it in cases {
      let found = RootSettings.changes(
        from: SourceFile(path: "writ.yaml", text: it.before), to: SourceFile(path: "writ.yaml", text: it.after))
      guard case .change(let path, let impact) = it.expected else { Issue.record("\(it)"); continue }
      #expect(found.map(\.path) == [path] && found.map(\.impact) == [impact], "\(it): \(found)")
    }
  }

  // MARK: Fields nobody thought of

  /// A record with an unreviewed field in every place that a shape has.
  private static let novelty: RecordShape = {
    let inner = RecordShape("inner", "", [Field("deep", .scalar(.text), "")])
    return RecordShape(
      "target", "",
      [
        Field("flat", .scalar(.text), ""), Field("record", .record(inner), impact: .delivery, ""),
        Field("map", .map(keys: .name, values: .record(inner)), impact: .delivery, ""),
        Field("names", .map(keys: .name, values: .scalar(.text)), ""), Field("list", .list(.record(inner)), ""),
        Field("either", .either(.name, .record(inner)), ""), Field("free", .free, ""),
        Field("later", .later { .record(inner) }, impact: .delivery, ""),
      ])
  }()

  @Test func aNewFieldIsReportedAsUnreviewed() throws {
    let grammar = Grammar(targets: ["novel": Self.novelty])
    let shape = try #require(grammar.artifacts["novel"])
    var cases = FieldCases(given: ["target": "novel"]).cases(shape)
    cases.removeAll { $0.what.hasPrefix("target ") }
    #expect(cases.filter { if case .change(_, .unreviewed) = $0.expected { true } else { false } }.count >= 12)
    try Self.report(cases, "artifacts", grammar: grammar)
  }

  @Test func aNewFieldInsideOfGrantsIsReportedToo() throws {
    let item = RecordShape(
      "item", "",
      [
        Field("name", .scalar(.name), impact: .access, ""), Field("novel", .scalar(.text), ""),
        Field("reason", .scalar(.text), impact: .none, ""),
        Field("until", .scalar(.instant), impact: .control, ""),
      ])
    let shape = RecordShape(
      "binding", "",
      [
        Field("to", .list(.either(.name, .record(item))), impact: .access, ""),
        Field("can", .map(keys: .name, values: .list(.either(.pattern, .record(item)))), impact: .access, ""),
        Field("novel", .scalar(.text), ""),
      ])
    func found(_ before: String, _ after: String) throws -> [String] {
      let one = try #require(SyntaxNode.json(Array(before.utf8))), other = try #require(SyntaxNode.json(Array(after.utf8)))
      let place = FieldDiff.Place(section: "bindings", name: "")
      return FieldDiff(environments: [:]).besideGrants(.record(shape), [one], [other], place).map {
        "\($0.path) \($0.impact) \($0.before ?? "-") \($0.after ?? "-")"
      }
    }
    #expect(try found("{to: [{name: a, novel: x}]}", "{to: [{name: a, novel: y}]}") == ["to.novel unreviewed x y"])
    #expect(try found("{to: [{name: a, novel: x}]}", "{to: [{name: b}, a]}") == ["to.novel unreviewed x -"])
    #expect(try found("{can: {read: [{name: a}]}}", "{can: {read: [{name: a, novel: x}]}}") == ["can.read.novel unreviewed - x"])
    #expect(try found("{to: [a]}", "{to: [a], novel: x}") == ["novel unreviewed - x"])
    #expect(try found("{to: [a, b], novel: x}", "{to: [b, a], novel: x}").isEmpty)
    #expect(try found("{to: [{name: a, reason: x, until: 2027-01-01}]}", "{to: [{name: a, until: 2028-01-01}]}").isEmpty)
  }
}

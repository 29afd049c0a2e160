import Foundation
import TestSupport
import Testing

@testable import PolicyCompiler

/// The schema that editors use and the decoder, asked about the same values: what the decoder takes, the schema takes; what
/// the schema takes beyond that is listed here, since no expression could tell.
@Suite struct SchemaAgreementTests {
  /// Every kind of scalar. A new one does not compile until it is here.
  private static let kinds: [ScalarKind] = {
    func isListed(_ kind: ScalarKind) -> Bool {
      switch kind {
      case .text, .plain, .template, .name, .principal, .selector, .environment, .choice, .boolean, .integer, .instant, .duration, .url,
        .host,
        .header,
        .email, .pattern, .reference, .sentence, .question, .path, .folder:
        true
      }
    }
    return [
      .text, .plain, .template, .name, .principal, .selector, .environment, .choice(["1", "GET", "verify_full"]), .boolean,
      .integer(1...65535),
      .integer(0...2_147_483_647), .instant, .duration, .url, .host, .header, .email, .pattern, .reference, .sentence, .question, .path,
      .folder,
    ].filter(isListed)
  }()

  /// Values as they stand in YAML.
  private static let values: [String] =
    [
      "5432", "'5432'", "\"5432\"", "05432", "0", "-0", "-1", "+5", "65535", "65536", "'65536'", "1.5", "1.0", ".5", "1e3", "0x10", "0o17",
      "99999999999999999999", "1_000", "true", "True", "'true'", "false", "yes", "no", "on", "~x", "null", "'null'", "''", "' '", "'  a'",
      "a ",
      "a b", "'a b'", "\"a\\nb\"", "\"a\\tb\"", "\"\\x7F\"", "\"a\\u0085b\"", "é", "日本", "\"caf\\u0301\"", "'*'", "'-'", "a-b_c.d", "-a",
      ".a", "a.",
      "_a", "user:ana", "service:x", "group:", "role:x", "user:user:x", "GET", "get", "verify_full", "verify-full", "1", "'1'",
      "2027-01-31", "2027-02-30", "2027-13-01", "2027-1-1", "0000-01-01", "2027-01-31T18:00Z", "2027-01-31t18:00:30+02:00",
      "2027-01-31 18:00z", "2027-01-31T18:00", "2027-01-31T24:00Z", "2027-01-31T18:00+0200", "2027-01-31T18:00:60Z", "20270131",
      "1h", "0h", "00h", "007d", "1000000s", "1000001s", "99999999s", "1.5h", "h", "1H", "1 h", "-1h", "+1h", "'30d'", "30D", "2w", "15m",
      "1y",
      "https://acme.example", "HTTPS://acme.example", "http://acme.example", "http://localhost:8080", "Http://127.0.0.1", "https://",
      "https:///x",
      "https://h:+443", "https://h:443/x?y=1#z", "https://h:0", "https://[::1]:443", "\"https://[::1\"", "https://user@h",
      "https://u:p@h/x",
      "https://h/a@b", "https://h?a@b", "https://${environment}.acme.example", "'https://{{ x }}'", "ftp://h", "acme.example",
      "'https://a b'", "https://é",
      "db.acme.example", "db.acme.example.", "db:5432", "10.0.0.1", "'::1'", "'[::1]'", "db/x", "user@db", "db-${environment}.acme",
      "${HOME}",
      "${principal}", "'${principal}}'", "'${principal}}}'", "$HOME", "$(x)", "a$", "$5", "a$b", "'{{ x }}'", "'{% x %}'", "'{# x #}'",
      "'{ x }'", "'}}'", "'<% x'",
      "<x>", "'{'", "'}'", "'${'", "'{${principal}'",
      "X-Tenant", "X Tenant", "'X:Y'", "'!#$%&''*+.^_`|~'", "X/Y",
      "ana@acme.example", "ana@", "@acme", "ana@b@c", "\"ana@acme\\u00A0.example\"", "ana,b@c", "<ana@acme>", "'${principal}@acme'",
      "db", "db/marts/orders", "db/**", "db/*/raw_*", "/db", "db/", "db//x", "db/../x", "db/a**", "'*/x'", "'db/{a,b}'", "'db/[a]'",
      "db/a?", "db/${principal}",
      "db/${x}", "\"db\\\\x\"", "'db/dbt_${principal}/**'",
      "ref+vault://kv/app#/password", "secretref+vault://kv/app", "ref+vault://", "ref+vault:///", "ref+vault://#/x", "ref+valut://kv",
      "ref+exec://ls",
      "ref+file:///run/x", "'ref+env://A B'", "'ref+vault://kv/${environment}/x'", "ref+vault:kv", "vault://kv", "REF+vault://kv",
      "ref+op://a/../b",
      "ana can read db/marts/orders", "'ana  cannot write db/**'", "ana can not read db", "user:ana can read db", "ana may read db",
      "read db/x", "read",
      "' read  db/x '", "read db x",
      "dbt/profiles.yml", "/x", "~/x", "../x", "a/../b", "a//b", "./a", "a/.git/b", "'a:b'", "'a\\b'", "a/${principal}.yml", "a/$x",
      "'a/ b'", "a./b", "generated/",
      "nul.yml", "'a*'", "'a?b'", "'a|b'",
    ]
    + [1, 64, 65, 127, 128, 129, 300].flatMap { count in
      [String(repeating: "a", count: count), "user:" + String(repeating: "a", count: count)]
    }

  private static let sources =
    values + ["[]", "{}", "[a]", "{ a: b }", "[a, b]", "[[a]]", "[{ a: b }]", "[~]", "[a, ]", "{ a: ~ }", "{ a: }", "~", ""]
    + [
      "{ '': b }", "{ a: [b] }", "{ a b: c }", "{ 5: c }", "{ true: c }", "{ name: a }", "[{ name: a }]", "[{}]", "{ a: {} }", "{ a: [] }",
    ]

  /// Shapes that hold scalars, with a kind that can tell names from other texts.
  private static let shapes: [(String, Shape)] =
    kinds.map { ("\($0)", .scalar($0)) }
    + [
      ("names", .list(.scalar(.name))), ("patterns or records", .list(.either(.pattern, .record(named)))),
      ("choices", .list(.scalar(.choice(["GET", "a"])))), ("records", .list(.record(named))), ("record", .record(named)), ("free", .free),
      ("table", .map(keys: .name, values: .scalar(.plain))), ("headers", .map(keys: .header, values: .scalar(.template))),
      ("names of records", .map(keys: .name, values: .record(optional))), ("lists", .map(keys: .plain, values: .list(.scalar(.name)))),
      ("accounts", .map(keys: .name, values: .either(.plain, .map(keys: .name, values: .scalar(.plain))))),
      ("later", .later { .list(.scalar(.name)) }),
    ]

  private static let named = RecordShape("named", "", [Field("name", .scalar(.name), required: true, impact: .none, "")])
  private static let optional = RecordShape("optional", "", [Field("name", .scalar(.name), impact: .none, "")])

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let field: Field
    var testDescription: String { name }
  }

  static let cases: [Case] = shapes.flatMap { name, shape in
    [
      Case(name: "\(name), required", field: Field("v", shape, required: true, impact: .access, "")),
      Case(name: "\(name), optional", field: Field("v", shape, impact: .access, "")),
      Case(name: "\(name), for people", field: Field("v", shape, impact: .none, "")),
    ]
  }

  @Test(arguments: cases) func theSchemaTakesWhatTheDecoderTakes(_ it: Case) throws {
    let record = RecordShape("probe", "", [it.field])
    var schema = JSONSchema()
    let root = schema.record(record)
    let validator = MiniSchema(try .init(json: root.text), definitions: try schema.definitions.mapValues { try .init(json: $0.text) })
    var wider: [String] = []
    for source in Self.sources {
      guard let tree = YAMLReader.read(Array("v: \(source)\n".utf8), file: 0).value, let node = tree.roots.first else { continue }
      var matcher = ShapeMatcher(tree)
      _ = matcher.record(node, record, place: "probe")
      let decoder = !matcher.problems.all.hasErrors
      let accepted = try validator.accepts(MiniSchema.value(SyntaxNode(tree: tree, id: node)))
      #expect(accepted || !decoder, "the decoder takes `\(source)`, the schema does not")
      if accepted, !decoder { wider.append(source) }
    }
    // What only the compiler can tell.
    let known = Self.wider(it.field.shape)
    let unknown = wider.filter { !known.contains($0) && !Self.readers.contains($0) }
    #expect(unknown.isEmpty, "the schema takes these, the decoder does not: \(unknown)")
  }

  /// What a YAML reader takes for a number, a truth or nothing before any schema sees it.
  private static let readers: Set<String> = [
    "-0", "-1", "+5", "1.5", "1.0", ".5", "1e3", "0x10", "0o17", "05432", "99999999999999999999", "True", "true", "false", "~", "null", "",
    "{ a: ~ }", "{ a: }",
    "'65536'", "0", "65536", "1_000",
  ]

  private static func wider(_ shape: Shape) -> Set<String> {
    let long = String(repeating: "a", count: 300)
    guard case .scalar(let kind) = shape else { return ["{}", "[{}]", "[]"] }
    switch kind {
    case .instant: return ["2027-02-30"]
    case .url: return ["http://acme.example", "https://h:0", "'https://{{ x }}'"]
    case .host: return [long]
    case .header: return ["$HOME", "a$b"]
    case .email: return []
    case .reference: return ["'ref+env://A B'", "ref+op://a/../b"]
    case .path, .folder:
      return ["'{{ x }}'", "'{% x %}'", "'{# x #}'", "'}}'", "'${principal}}}'", "nul.yml", long]
    default: return []
    }
  }
}

extension MiniSchema {
  /// A node as YAML 1.2's core schema reads it: https://yaml.org/spec/1.2.2/#103-core-schema
  fileprivate static func value(_ node: SyntaxNode) -> Value {
    if node.isSequence { return .array(node.items.map(value)) }
    if node.isMapping { return .object(Dictionary(node.pairs.map { ($0.key.text, value($0.value)) }) { $1 }) }
    let text = node.text
    guard node.isPlain else { return .string(text) }
    func matches(_ pattern: String) -> Bool { text.range(of: pattern, options: .regularExpression) != nil }
    if matches("^(?:null|Null|NULL|~|)$") { return .null }
    if matches("^(?:true|True|TRUE)$") { return .boolean(true) }
    if matches("^(?:false|False|FALSE)$") { return .boolean(false) }
    if matches("^0x[0-9a-fA-F]+$") { return .number(Double(Int(text.dropFirst(2), radix: 16) ?? 0)) }
    if matches("^0o[0-7]+$") { return .number(Double(Int(text.dropFirst(2), radix: 8) ?? 0)) }
    if matches("^[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$") { return .number(Double(text) ?? 0) }
    return .string(text)
  }
}

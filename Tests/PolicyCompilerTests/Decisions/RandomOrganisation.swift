import PolicyCompiler
import TestSupport

/// A small organisation in which everything that gives access occurs, and random questions about it.
struct RandomOrganisation {
  private var generator: SeededGenerator
  private static let users = ["ana", "anabel", "raj", "lee", "mo"]
  private static let services = ["dbt", "airflow", "loader"]
  private static let groups = ["staff", "analysts", "leads", "everybody"]
  private static let directories = ["contractors", "visitors"]
  private static let connections = ["transform", "copy", "serve", "mine"]
  private static let environments = ["dev", "prod"]
  private static let names = ["marts", "raw", "orders", "Orders", "x_pii", "dbt_ana", "DBT_RAJ", "prod", "été", "ÉTÉ", "a.b"]

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  private mutating func pick(_ texts: [String]) -> String { texts[Int.random(in: texts.indices, using: &generator)] }

  private mutating func some(_ texts: [String], _ count: ClosedRange<Int>) -> [String] {
    Array(texts.shuffled(using: &generator).prefix(Int.random(in: count, using: &generator)))
  }

  private mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &generator) == 0 }

  // MARK: The policy

  mutating func policy() -> String {
    var text = """
      environments: { dev: {}, prod: { protected: true } }
      users:
      \(Self.users.map { "  \($0): { email: \($0)@acme.example }" }.joined(separator: "\n"))
      services:
      \(Self.services.map { "  \($0): { owner: staff }" }.joined(separator: "\n"))
      systems:
        db: { type: postgres, environments: { dev: { host: db.dev, database: d }, prod: { host: db.prod, database: d } } }
        lake: { type: duckdb, environments: { dev: { path: dev.db }, prod: { path: prod.db } } }
        lonely: { type: postgres, environments: { dev: { host: lonely.dev, database: d } } }
        api:
          type: fastapi
          environments: { dev: { url: "https://api.dev" }, prod: { url: "https://api.prod" } }
          routes:
            run: { method: POST, path: /runs, acts_as: connections/transform }
            copy: { method: POST, path: /copies, acts_as: connections/copy }
            status: { method: GET, path: /status }
      groups:

      """
    for (index, group) in Self.groups.enumerated() {
      let inner = Self.users + Self.services + Self.directories + Self.groups.prefix(index)
      var members: [String] = []
      for name in some(inner, 1...4) { members.append(entry(name)) }
      let except = oneIn(3) ? ", except: [\(pick(Self.users + Self.directories))]" : ""
      text += "  \(group): { owners: [lee], members: [\(members.joined(separator: ", "))]\(except) }\n"
    }
    for group in Self.directories {
      text += "  \(group): { owners: [lee], source: provider }\n"
    }
    text += "roles:\n"
    let roles = (0..<8).map { "role\($0)" }
    for (index, role) in roles.enumerated() {
      let inherits = index > 0 && oneIn(2) ? "inherits: [\(some(Array(roles.prefix(index)), 1...2).joined(separator: ", "))], " : ""
      text += "  \(role): { \(inherits)can: { \(can()) } }\n"
    }
    text += "bindings:\n"
    for _ in 0..<14 {
      let gift = oneIn(4) ? "can: { \(can()) }" : "role: \(pick(roles))"
      let to = some(Self.users + Self.services + Self.groups + Self.directories, 1...3)
      var line = "  - { \(gift), to: [\(to.joined(separator: ", "))], in: [\(some(Self.environments, 1...2).joined(separator: ", "))]"
      if oneIn(4) { line += ", resources: [\(quoted(some(patterns, 1...3)))]" }
      text += line + times() + " }\n"
    }
    text += "connections:\n"
    for name in Self.connections {
      let isMine = name == "mine"
      let role = isMine || oneIn(2) ? "role: \(pick(roles)), " : ""
      let secret = "password: \"ref+vault://kv/${environment}/\(name)\(isMine ? "/${principal}" : "")#/password\""
      let settings = some(Self.environments, 1...2).map { "\($0): { auth: password, \(secret) }" }
      text +=
        "  \(name): { system: db, principal: \(isMine ? "self" : pick(Self.services)), \(role)environments: { \(settings.joined(separator: ", ")) } }\n"
    }
    return text
  }

  private mutating func entry(_ name: String) -> String { oneIn(4) ? "{ name: \(name)\(times()) }" : name }

  private mutating func times() -> String {
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: ", until: 2027-04-30"
    case 1: ", until: 2026-10-01"
    case 2: ", from: 2027-01-01"
    case 3: ", from: 2026-01-01, until: 2026-12-24"
    default: ""
    }
  }

  private let patterns = [
    "db/**", "db/marts/**", "db/marts/*", "db/raw/orders", "db/*/x_*", "db/dbt_${principal}/**", "db/${environment}/*", "db/**/orders",
    "lake/**", "lake/Marts/*", "lake/marts/ORDERS", "lake/*/x_*", "lake/DBT_${principal}/**", "lake/été/*", "lonely/**",
    "secrets/vault/**", "connections/*",
  ]

  private mutating func can() -> String {
    var lines: [String: String] = [:]
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let (action, all): (String, [String]) =
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: ("assume", ["connections/transform", "connections/copy", "connections/serve", "connections/*", "connections/**"])
        case 1: ("call", ["api/*", "api/run", "api/copy", "api/status"])
        case 2: ("write", patterns.filter { $0.hasPrefix("db") || $0.hasPrefix("lake") })
        default: ("read", patterns.filter { !$0.hasPrefix("conn") })
        }
      let of = quoted(some(all, 1...2))
      let except = oneIn(3) ? ", except: [\"\(pick(all))\"]" : ""
      lines[action] = "\(action): { of: [\(of)]\(except) }"
    }
    return lines.sorted { $0.key < $1.key }.map(\.value).joined(separator: ", ")
  }

  private func quoted(_ patterns: [String]) -> String { patterns.map { "\"\($0)\"" }.joined(separator: ", ") }

  // MARK: Questions

  /// Who, what, on what, where: most of them plain, some about what there is not.
  mutating func question() -> (principal: String, action: String, resource: String, environment: String) {
    let principal = oneIn(60) ? "nobody" : oneIn(40) ? "user:ana" : pick(Self.users + Self.services + Self.directories)
    let environment = oneIn(60) ? "qa" : pick(Self.environments)
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: return (principal, "assume", "connections/\(pick(Self.connections + ["none"]))\(oneIn(9) ? "/more" : "")", environment)
    case 1: return (principal, "call", "api/\(pick(["run", "copy", "status", "none", "*"]))", environment)
    case 2:
      let secret = "\(pick(Self.environments))/\(pick(Self.connections))\(oneIn(2) ? "/\(pick(Self.users))" : "")"
      return (principal, "read", "secrets/vault/kv/\(secret)\(oneIn(2) ? "/password" : "")", environment)
    default:
      var path = [oneIn(40) ? "nowhere" : pick(["db", "db", "lake", "lake", "lonely"])]
      for _ in 0..<Int.random(in: 0...3, using: &generator) { path.append(pick(Self.names)) }
      if oneIn(30) { path.append(pick(["**", "*", "..", "", "a b", "${environment}", "e\u{301}te\u{301}"])) }
      return (principal, pick(["read", "read", "write", "dance"]), path.joined(separator: "/"), environment)
    }
  }
}

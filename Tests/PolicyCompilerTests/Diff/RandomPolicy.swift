import TestSupport

/// A small policy in which every declaration is drawn by itself, so that two of them differ in as many as is wanted.
struct RandomPolicy {
  let seed: UInt64
  /// Declarations that are drawn otherwise.
  private var changed: [String: UInt64] = [:]

  init(seed: UInt64) { self.seed = seed }

  static let users = ["u1", "u2", "u3", "a"]
  static let services = ["s1", "s2"]
  static let groups = ["g1", "g2", "g3"]
  static let roles = ["r1", "r2", "r3", "r4"]
  static let connections = ["c1", "c2", "c3"]
  static let environments = ["dev", "prod", "qa"]

  /// The same with some declarations drawn anew.
  ///
  /// - Parameter onlyBindings: whether no others than bindings are.
  func mutated(_ generator: inout SeededGenerator, onlyBindings: Bool = false) -> RandomPolicy {
    var other = self
    let bindings = (1...8).map { "b\($0)" }
    let names = onlyBindings ? bindings : Self.groups + Self.roles + Self.connections + bindings + ["u3", "outside", "route", "qa", "wh"]
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      other.changed[names[Int.random(in: 0..<names.count, using: &generator)]] = generator.next()
    }
    return other
  }

  var text: String {
    let hasQA = draw("qa").flag(), isUser = draw("u3").flag()
    let qa = hasQA ? ", qa: { host: q.example, database: d }" : ""
    var text = """
      environments: { dev: {}, prod: { protected: true }\(hasQA ? ", qa: {}" : "") }
      identity_providers: { okta: { type: oidc, issuer: "https://id.example", audience: a } }
      users: { u1: {}, u2: {}, a: {}\(isUser ? ", u3: {}" : "") }
      services: { s1: { owner: u1 }, s2: { owner: u1 }\(isUser ? "" : ", u3: { owner: u1 }") }
      systems:
        db: { type: postgres, environments: { dev: { host: d.example, database: d }, prod: { host: p.example, database: d }\(qa) } }
        wh: { type: \(draw("wh").flag() ? "redshift" : "postgres"), environments: { prod: { host: w.example, database: d } } }
        api:
          type: fastapi
          environments: { prod: { url: "https://api.example" } }
          routes: { run: { method: POST, path: /run\(draw("route").flag() ? ", acts_as: connections/c1" : "") } }
      groups:
        outside: { owners: [u1], source: \(draw("outside").flag() ? "provider, identity: { provider: okta, group: o }" : "policy, members: [u2]") }

      """
    for (index, name) in Self.groups.enumerated() { text += "  \(name): \(draw(name).group(index))\n" }
    text += "roles:\n"
    for (index, name) in Self.roles.enumerated() { text += "  \(name): \(draw(name).role(index, qa: hasQA))\n" }
    text += "bindings:\n"
    for index in 1...8 { text += draw("b\(index)").binding(qa: hasQA).map { "  - \($0)\n" } ?? "" }
    text += "connections:\n"
    for name in Self.connections { text += "  \(name): \(draw(name).connection(name))\n" }
    return text
  }

  private func draw(_ name: String) -> Draw {
    var hash = changed[name] ?? seed
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Draw(generator: SeededGenerator(seed: hash))
  }
}

/// One declaration's dice.
private final class Draw {
  private var generator: SeededGenerator

  init(generator: SeededGenerator) { self.generator = generator }

  func flag(_ chance: Double = 0.5) -> Bool { Double.random(in: 0..<1, using: &generator) < chance }

  private func one(_ items: [String]) -> String { items[Int.random(in: 0..<items.count, using: &generator)] }

  private func some(_ items: [String], _ count: ClosedRange<Int>) -> String {
    let wanted = min(items.count, Int.random(in: count, using: &generator))
    return "[\(items.shuffled(using: &generator).prefix(wanted).map { "\"\($0)\"" }.joined(separator: ", "))]"
  }

  private func times(_ chance: Double) -> String {
    var text = ""
    if flag(chance) { text += ", from: \(one(["2026-01-01", "2026-12-01", "2027-03-01"]))" }
    if flag(chance) { text += ", until: \(one(["2026-10-31", "2027-01-31", "2027-06-30", "2028-01-31"]))" }
    // What ends before it begins is an error.
    return text.contains("from: 2026-12") || text.contains("from: 2027")
      ? text.replacing("until: 2026-10-31", with: "until: 2028-06-30").replacing("until: 2027-01-31", with: "until: 2028-06-30") : text
  }

  func group(_ index: Int) -> String {
    let inner = RandomPolicy.users + RandomPolicy.services + RandomPolicy.groups.prefix(index) + (index > 0 ? ["outside"] : [])
    var members: [String] = []
    for name in inner.shuffled(using: &generator).prefix(Int.random(in: 1...3, using: &generator)) {
      members.append(flag(0.3) ? "{ name: \(name)\(times(0.7)) }" : name)
    }
    let except =
      flag(0.3) && !members.contains { $0.contains("outside") }
      ? ", except: \(some(RandomPolicy.users + RandomPolicy.groups.prefix(index), 1...1))" : ""
    return "{ owners: [u1], members: [\(members.joined(separator: ", "))]\(except) }"
  }

  private static let patterns = [
    "db/**", "db/a/**", "db/a/x", "db/b/*", "db/*/x", "db/a/x*", "db/u_${principal}/**", "db/${environment}/x", "wh/a/**", "wh/A/x",
    "wh/*/y",
  ]

  private func permissions() -> String {
    var parts: [String] = []
    for action in ["read", "write"].shuffled(using: &generator).prefix(Int.random(in: 1...2, using: &generator)) {
      let patterns = some(Self.patterns, 1...2)
      parts.append("\(action): \(flag(0.3) ? "{ of: \(patterns), except: \(some(Self.patterns, 1...2)) }" : patterns)")
    }
    if flag(0.25) { parts.append("assume: [\(one(["connections/c1", "connections/*", "connections/c2"]))]") }
    if flag(0.2) { parts.append("call: [api/run]") }
    return "{ \(parts.joined(separator: ", ")) }"
  }

  func role(_ index: Int, qa: Bool) -> String {
    let inner = Array(RandomPolicy.roles.prefix(index))
    let inherits = index > 0 && flag(0.4) ? ", inherits: \(some(inner, 1...2))" : ""
    return "{ can: \(permissions())\(inherits) }"
  }

  func binding(qa: Bool) -> String? {
    guard flag(0.85) else { return nil }
    let given = flag(0.3) ? "can: \(permissions())" : "role: \(some(RandomPolicy.roles, 1...2))"
    let narrowed = flag(0.2) ? ", resources: \(some(["db/a/**", "db/**", "wh/**", "connections/*", "db/*/x"], 1...2))" : ""
    let places = flag(0.2) ? "\"*\"" : some(["dev", "prod"], 1...2)
    return
      "{ \(given), to: \(some(RandomPolicy.users + RandomPolicy.services + RandomPolicy.groups + ["outside"], 1...2)), in: \(places)\(narrowed)\(times(0.3)) }"
  }

  func connection(_ name: String) -> String {
    let principal = one(["s1", "s2", "u1", "self"])
    let role = principal == "self" || flag() ? ", role: \(one(RandomPolicy.roles))" : ""
    let places = flag() ? ["dev", "prod"] : ["prod"]
    let settings = places.map { "\($0): { password: \"ref+vault://kv/\(name)/\($0)\(one(["1", "2"]))#/p\" }" }.joined(separator: ", ")
    return "{ system: db, principal: \(principal)\(role), environments: { \(settings) } }"
  }
}

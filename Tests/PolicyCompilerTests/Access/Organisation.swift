import TestSupport

/// A small organisation as plain values, from which a policy is printed: what tests compare the engine with.
///
/// Every fact that a proof may rest on has a line of its own.
struct Organisation {
  struct Span: Hashable {
    /// Days of November 2026; nil where it has no start or no end.
    var from: Int?
    var until: Int?

    func contains(_ moment: Moment) -> Bool {
      (from.map { $0 * 86_400 <= moment.seconds } ?? true) && (until.map { moment.seconds < $0 * 86_400 } ?? true)
    }
  }

  /// Seconds since the midnight before the first of November 2026.
  struct Moment: Hashable {
    let seconds: Int
  }

  struct Member {
    var name: String
    var span: Span
  }

  struct Group {
    var name: String
    var isProvider = false
    var members: [Member] = []
    var except: [String] = []
  }

  struct Permission {
    var action: String
    var of: [String]
    var except: [String] = []
  }

  struct Role {
    var name: String
    var inherits: [String] = []
    /// In place of `inherits`.
    var allExcept: [String]?
    var can: [Permission] = []
  }

  struct Binding {
    var roles: [String] = []
    var to: [String]
    var environments: [String]
    var resources: [String]?
    var can: [Permission] = []
    var span: Span
  }

  struct Connection {
    var name: String
    /// Nil for `principal: self`.
    var principal: String?
    var role: String?
    var environments: [String]
  }

  static let users = ["ana", "raj", "lee"]
  static let services = ["svc_a", "svc_b", "svc_c"]
  static let environments = ["dev", "prod"]

  var groups: [Group] = []
  var roles: [Role] = []
  var bindings: [Binding] = []
  var connections: [Connection] = []
  /// Routes of `api`, each with the connection that it acts as.
  var routes: [(name: String, actsAs: String?)] = []

  /// The systems, with whether names fold and where they exist.
  static let systems: [String: (folds: Bool, environments: [String])] = [
    "db": (false, ["dev", "prod"]), "wh": (true, ["prod"]), "api": (false, ["prod", "dev"]),
  ]

  /// The secret of a connection, as somebody uses it.
  static func secret(_ connection: Connection, _ environment: String, _ caller: String) -> String {
    connection.principal == nil ? "secrets/vault/kv/\(caller)/\(connection.name)" : "secrets/vault/kv/\(environment)/\(connection.name)"
  }

  /// Everything that questions are asked about: names that patterns name, others, and both cases of one.
  var universe: [(action: String, resource: String)] {
    let objects = ["db/marts/orders", "db/marts/pay", "db/raw/orders", "db/p_ana/x", "db/p_svc_a/x", "db/dev_x/y", "db/prod_x/y"]
    var found = objects.flatMap { [("read", $0), ("write", $0)] }
    found += ["wh/analytics/marts/orders", "wh/ANALYTICS/Marts/orders", "wh/analytics/raw/pay"].map { ("read", $0) }
    found += routes.map { ("call", "api/\($0.name)") }
    found += connections.map { ("assume", "connections/\($0.name)") }
    for connection in connections {
      for environment in connection.environments { found.append(("read", Self.secret(connection, environment, "ana"))) }
    }
    return found
  }

  // MARK: At random

  /// - Parameter isPlain: whether nothing stands in it that can take access away when it is deleted, or that has no line.
  static func random(_ generator: inout SeededGenerator, isPlain: Bool = false) -> Organisation {
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
    func some(_ all: [String], _ range: ClosedRange<Int>) -> [String] {
      Array(all.shuffled(using: &generator).prefix(Int.random(in: range, using: &generator)))
    }
    func span(_ percent: Int) -> Span {
      guard chance(percent) else { return Span() }
      let from = Int.random(in: 2...5, using: &generator)
      let until = from + Int.random(in: 1...4, using: &generator)
      return Span(from: chance(60) ? from : nil, until: chance(60) ? until : nil)
    }
    var it = Organisation()
    // Groups name groups behind them only.
    let groupNames = ["g0", "g1", "g2", "g3"]
    for (index, name) in groupNames.enumerated() {
      let inner = Array(groupNames.dropFirst(index + 1)) + ["pg"]
      let all = users + services + inner
      var members = some(all, 1...3).map { Member(name: $0, span: span(35)) }
      if chance(15), let first = members.first { members.append(Member(name: first.name, span: span(100))) }
      it.groups.append(Group(name: name, members: members, except: chance(25) ? some(isPlain ? users : all, 1...1) : []))
    }
    it.groups.append(Group(name: "pg", isProvider: true))
    let connectionNames = ["c0", "c1", "c2", "own"]
    let roleNames = ["r0", "r1", "r2", "r3", "r4"]
    for (index, name) in connectionNames.enumerated() {
      let isOwn = name == "own"
      it.connections.append(
        Connection(
          name: name, principal: isOwn ? nil : (chance(85) ? services[index % 3] : users[0]),
          role: isOwn || chance(50) ? some(roleNames, 1...1)[0] : nil, environments: some(environments, 1...2).sorted()))
    }
    it.routes = [("run", connectionNames[Int.random(in: 0..<3, using: &generator)]), ("look", nil)]
    let hasPersonal = chance(40)
    let patterns: [String: [String]] = [
      "read": [
        "db/marts/**", "db/marts/orders", "db/*/orders", "db/**", "db/${environment}_x/*", "wh/ANALYTICS/marts/*", "wh/analytics/**",
      ]
        + ["secrets/vault/kv/prod/*", "secrets/vault/kv/*/c0"] + (hasPersonal ? ["db/p_${principal}/**"] : []),
      "write": ["db/marts/*", "db/raw/**", "db/${environment}_x/**"] + (hasPersonal ? ["db/p_${principal}/*"] : []),
      "call": ["api/run", "api/*", "api/look"],
      "assume": ["connections/c0", "connections/c1", "connections/c*", "connections/*"],
    ]
    let exceptions = [
      "read": ["db/marts/pay", "db/marts/*", "db/*/orders", "wh/analytics/RAW/**", "secrets/vault/**"],
      "write": ["db/marts/pay", "db/raw/*"],
      "call": ["api/look"], "assume": ["connections/c1", "connections/c2"],
    ]
    func permissions(_ range: ClosedRange<Int>) -> [Permission] {
      some(["read", "write", "call", "assume", "read", "assume"], range).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        .map { action in
          Permission(
            action: action, of: some(patterns[action]!, 1...2), except: chance(25) ? some(exceptions[action]!, 1...1) : [])
        }
    }
    for (index, name) in roleNames.enumerated() {
      let inner = Array(roleNames.dropFirst(index + 1))
      var role = Role(name: name, can: permissions(1...2))
      if index == 0, !isPlain, chance(20) {
        role.allExcept = some(inner, 1...3)
      } else {
        role.inherits = some(inner, 0...2)
      }
      it.roles.append(role)
    }
    let everybody = users + services + groupNames
    let narrowings = ["db/marts/**", "db/*/orders", "wh/**", "api/**", "connections/c0", "db/p_*/**", "secrets/**"]
    for _ in 0..<Int.random(in: 5...8, using: &generator) {
      let isRole = chance(75)
      it.bindings.append(
        Binding(
          roles: isRole ? some(roleNames, 1...2) : [], to: some(everybody + (hasPersonal ? [] : ["pg"]), 1...2),
          environments: some(environments, 1...2).sorted(), resources: chance(20) ? some(narrowings, 1...3) : nil,
          can: isRole ? [] : permissions(1...1), span: span(35)))
    }
    // A person has no name for what only a provider knows.
    if hasPersonal { for index in it.groups.indices { it.groups[index].members.removeAll { $0.name == "pg" } } }
    it.keepExceptionsKnown()
    return it
  }

  /// Takes out exceptions by groups of unknown members, which are errors.
  mutating func keepExceptionsKnown() {
    func isKnown(_ name: String) -> Bool {
      guard let group = groups.first(where: { $0.name == name }) else { return true }
      return !group.isProvider && group.members.allSatisfy { isKnown($0.name) }
    }
    for index in groups.indices { groups[index].except = groups[index].except.filter(isKnown) }
  }
}

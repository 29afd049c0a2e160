/// An organisation as a policy.
extension Organisation {
  /// A fact that can be left out, by its place in the organisation.
  enum Fact: Hashable {
    case member(group: String, Int)
    case binding(Int)
    case target(binding: Int, String)
    case permission(role: String, Int)
    case bindingPermission(binding: Int, Int)
    case inheritance(role: String, of: String)
    case connection(String)
  }

  struct Page {
    var text = ""
    /// The facts that a line stands for, by its number from 1.
    var facts: [Int: Fact] = [:]
    fileprivate var line = 1

    mutating func add(_ text: String, _ fact: Fact? = nil) {
      self.text += text + "\n"
      facts[line] = fact
      line += 1
    }
  }

  /// Every fact that there is.
  var facts: [Fact] {
    var found: [Fact] = []
    for group in groups { for index in group.members.indices { found.append(.member(group: group.name, index)) } }
    for role in roles {
      found += role.inherits.map { .inheritance(role: role.name, of: $0) }
      found += role.can.indices.map { .permission(role: role.name, $0) }
    }
    for (index, binding) in bindings.enumerated() {
      found += [.binding(index)] + binding.to.map { .target(binding: index, $0) }
      found += binding.can.indices.map { .bindingPermission(binding: index, $0) }
    }
    return found + connections.map { .connection($0.name) }
  }

  func page(without gone: Set<Fact> = []) -> Page {
    var page = Page()
    page.add("environments: { dev: {}, prod: {} }")
    page.add("identity_providers: { okta: { type: oidc, issuer: https://id.acme.example, audience: a } }")
    page.add("users: { \(Self.users.map { "\($0): {}" }.joined(separator: ", ")) }")
    page.add("services: { \(Self.services.map { "\($0): { owner: lee }" }.joined(separator: ", ")) }")
    page.add("systems:")
    page.add(
      "  db: { type: postgres, environments: { dev: { host: localhost, database: d }, prod: { host: db.acme.example, database: d } } }")
    page.add("  wh: { type: snowflake, environments: { prod: { account: acme-main, database: analytics } } }")
    page.add("  api:")
    page.add("    type: http")
    page.add("    environments: { dev: { url: 'https://dev.acme.example' }, prod: { url: 'https://api.acme.example' } }")
    page.add("    routes:")
    for route in routes {
      let acts = route.actsAs.map { gone.contains(.connection($0)) ? "" : ", acts_as: connections/\($0)" } ?? ""
      page.add("      \(route.name): { method: POST, path: /\(route.name)\(acts) }")
    }
    page.add("groups:")
    for group in groups { print(group, gone, &page) }
    page.add("roles:")
    for role in roles { print(role, gone, &page) }
    page.add("bindings:")
    for (index, binding) in bindings.enumerated() where !gone.contains(.binding(index)) { print(binding, index, gone, &page) }
    page.add("connections:")
    for connection in connections where !gone.contains(.connection(connection.name)) {
      page.add("  \(connection.name):", .connection(connection.name))
      page.add("    system: db")
      page.add("    principal: \(connection.principal ?? "self")")
      if let role = connection.role { page.add("    role: \(role)") }
      let place = connection.principal == nil ? "${principal}" : "${environment}"
      page.add("    defaults: { password: 'ref+vault://kv/\(place)/\(connection.name)#/password' }")
      page.add("    environments: { \(connection.environments.map { "\($0): {}" }.joined(separator: ", ")) }")
    }
    return page
  }

  private func print(_ group: Group, _ gone: Set<Fact>, _ page: inout Page) {
    page.add("  \(group.name):")
    page.add("    owners: [lee]")
    if group.isProvider {
      page.add("    source: provider")
      page.add("    identity: { provider: okta, group: \(group.name) }")
    }
    let members = group.members.indices.filter { !gone.contains(.member(group: group.name, $0)) }
    if !members.isEmpty { page.add("    members:") }
    for index in members {
      let member = group.members[index]
      page.add("      - { name: \(member.name)\(fields(member.span)) }", .member(group: group.name, index))
    }
    if !group.except.isEmpty { page.add("    except: [\(group.except.joined(separator: ", "))]") }
  }

  private func print(_ role: Role, _ gone: Set<Fact>, _ page: inout Page) {
    page.add("  \(role.name):")
    page.add("    description: a role")
    if let out = role.allExcept { page.add("    inherits: { all_except: [\(out.joined(separator: ", "))] }") }
    let inherits = role.inherits.filter { !gone.contains(.inheritance(role: role.name, of: $0)) }
    if !inherits.isEmpty { page.add("    inherits:") }
    for other in inherits { page.add("      - \(other)", .inheritance(role: role.name, of: other)) }
    let can = role.can.indices.filter { !gone.contains(.permission(role: role.name, $0)) }
    if !can.isEmpty { page.add("    can:") }
    for index in can { page.add("      \(text(role.can[index]))", .permission(role: role.name, index)) }
  }

  private func print(_ binding: Binding, _ index: Int, _ gone: Set<Fact>, _ page: inout Page) {
    let targets = binding.to.filter { !gone.contains(.target(binding: index, $0)) }
    let can = binding.can.indices.filter { !gone.contains(.bindingPermission(binding: index, $0)) }
    if targets.isEmpty || (binding.roles.isEmpty && can.isEmpty) { return }
    page.add("  - in: [\(binding.environments.joined(separator: ", "))]\(fields(binding.span, separator: "\n    "))", .binding(index))
    // The fields of its times are lines of the same text.
    for _ in 0..<[binding.span.from, binding.span.until].count(where: { $0 != nil }) { page.skip() }
    if !binding.roles.isEmpty { page.add("    role: [\(binding.roles.joined(separator: ", "))]") }
    if let narrowed = binding.resources { page.add("    resources: [\(quoted(narrowed))]") }
    page.add("    to:")
    for target in targets { page.add("      - \(target)", .target(binding: index, target)) }
    if !can.isEmpty { page.add("    can:") }
    for item in can { page.add("      \(text(binding.can[item]))", .bindingPermission(binding: index, item)) }
  }

  private func text(_ permission: Permission) -> String {
    let except = permission.except.isEmpty ? "" : ", except: [\(quoted(permission.except))]"
    return "\(permission.action): { of: [\(quoted(permission.of))]\(except) }"
  }

  private func quoted(_ all: [String]) -> String { all.map { "'\($0)'" }.joined(separator: ", ") }

  private func fields(_ span: Span, separator: String = ", ") -> String {
    (span.from.map { "\(separator)from: \(Self.day($0))" } ?? "") + (span.until.map { "\(separator)until: \(Self.end($0))" } ?? "")
  }

  /// The midnight that a day of the month begins with.
  static func day(_ number: Int) -> String { "2026-11-\(number < 10 ? "0" : "")\(number)" }

  /// The same as an end: of even days as a moment, of odd ones as the date before, whose end it is.
  private static func end(_ number: Int) -> String { number.isMultiple(of: 2) ? "\(day(number))T00:00Z" : day(number - 1) }
}

extension Organisation.Page {
  fileprivate mutating func skip() { line += 1 }
}

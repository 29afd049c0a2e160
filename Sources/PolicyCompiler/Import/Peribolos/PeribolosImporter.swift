/// Peribolos' organisations and teams of GitHub: `org.yaml` in a folder for each organisation, `teams.yaml` in folders below
/// it, or one file with `orgs`.
///
/// | Peribolos | Writ |
/// |---|---|
/// | organisation | a system of type `github` |
/// | `admins` | a group, which may do everything there, and owns whatever has no maintainers |
/// | `members` | a group, with the organisation's `default_repository_permission` |
/// | team | a group; `maintainers` own it and are in it |
/// | team in a team | a member of the outer group: GitHub counts its people there, and gives it the outer team's access |
/// | `repos` of a team | a binding of the level's role, narrowed to the repositories |
/// | `collaborators` of a repository | the same for single people |
/// | login | a user; GitHub's logins ignore case |
///
/// Source of the format: https://docs.prow.k8s.io/docs/components/cli-tools/peribolos/
package enum PeribolosImporter: Importer {
  package static func policy(from sources: SourceMap, options: ImportOptions) -> ImportedPolicy {
    var reader = ImportReader(format: "Peribolos")
    let tree = PeribolosTree(sources, folder: options.folder, &reader)
    let possible = PolicyPages.possiblePaths(options.system)
    guard !tree.organizations.isEmpty else {
      if !reader.all.hasErrors {
        reader.report(
          .nothingToImport(
            "there is no organisation of Peribolos",
            help: "name a folder with an `org.yaml` in a folder for each organisation, or a file with `orgs`"))
      }
      return ImportedPolicy(files: [], possiblePaths: possible, diagnostics: reader.all.inOrder())
    }
    var draft = PeribolosDraft(tree.organizations.sorted { comesFirst($0.name, $1.name) }, options, reader)
    let pages = draft.pages()
    let diagnostics = draft.reader.all.inOrder()
    let files = diagnostics.hasErrors ? [] : pages.files(options.system, isOneFile: options.isOneFile)
    return ImportedPolicy(files: files, possiblePaths: possible, diagnostics: diagnostics)
  }
}

/// The organisations on their way to a policy.
private struct PeribolosDraft {
  typealias Organization = PeribolosTree.Organization
  typealias Level = PeribolosTree.Level

  let organizations: [Organization]
  let options: ImportOptions
  var reader: ImportReader
  private var names = ImportNames()
  /// Of each login in lower case, the user's name here, and the login where that differs.
  private var users: [String: (name: String, account: YAML?)] = [:]
  private var admins: [String] = []
  private var members: [String] = []
  /// Of each organisation, its teams' names in their order.
  private var teams: [[String]] = []
  private var systems: [String] = []
  private var usedLevels: [Set<Level>] = []

  init(_ organizations: [Organization], _ options: ImportOptions, _ reader: ImportReader) {
    self.organizations = organizations
    self.options = options
    self.reader = reader
    nameUsers()
    nameGroups()
    var systemNames = ImportNames()
    systems = organizations.map {
      systemNames.take(organizations.count == 1 ? options.system : "\(options.system)_\($0.name)", kind: "system")
    }
    usedLevels = organizations.map { _ in [] }
  }

  mutating func pages() -> PolicyPages {
    let plural = organizations.count == 1 ? organizations[0].name : "\(organizations.count) organisations"
    var pages = PolicyPages(heading: ["\(plural) at GitHub, imported from Peribolos by `writ import peribolos`."])
    let bindings = self.bindings()
    pages.add(
      .users, userSection(),
      comments: ["Each under their login at GitHub. Peribolos does not tell people from bots: move those to `services`."])
    if !options.isEnvironmentDeclared {
      pages.add(.environments, .mapping([.init(options.environment, .fields(["protected": .boolean(true)]))]))
    }
    pages.add(
      .groups, groups(), comments: ["A team in a team is a member of the outer one. The administrators own what has no maintainers."])
    pages.add(.systems, systemSection())
    pages.add(.roles, roles(), comments: ["GitHub's roles; bindings narrow those of repositories to what a team has."])
    pages.add(.bindings, bindings)
    return pages
  }

  // MARK: Names

  /// Every login once, in the spelling that comes first in byte order.
  private mutating func nameUsers() {
    var spellings: [String: (text: String, nodes: [SyntaxNode])] = [:]
    for organization in organizations {
      let nodes =
        organization.admins + organization.members + organization.teams.flatMap { $0.maintainers + $0.members }
        + organization.collaborators.compactMap(\.login)
      for node in nodes {
        var entry = spellings[node.text.lowercased()] ?? (node.text, [])
        if node.text.utf8.lexicographicallyPrecedes(entry.text.utf8) { entry.text = node.text }
        entry.nodes.append(node)
        spellings[node.text.lowercased()] = entry
      }
    }
    let sorted = spellings.values.sorted { comesFirst($0.text, $1.text) }
    for (text, nodes) in sorted where names.canKeep(text) {
      users[text.lowercased()] = (names.take(text, filler: "-", kind: "user"), nil)
      for node in nodes where node.text != text {
        reader.report(.renamed("login", node.text, to: text, because: "it is written so elsewhere, and GitHub ignores case", at: node.span))
      }
    }
    for (text, nodes) in sorted where users[text.lowercased()] == nil {
      let name = names.take(text, filler: "-", kind: "user")
      let node = nodes.first { $0.text == text }
      users[text.lowercased()] = (name, node.flatMap { reader.account($0) })
      if let node {
        reader.report(
          .renamed(
            "login", text, to: name, because: "names are letters, digits, `_`, `.` and `-`, and no words of the language", at: node.span))
      }
    }
  }

  /// Users, groups and services share their names: a team that is not alone with its name has the organisation's before it.
  private mutating func nameGroups() {
    for organization in organizations {
      admins.append(names.take("\(organization.name)-admins", filler: "-", kind: "group"))
      members.append(names.take("\(organization.name)-members", filler: "-", kind: "group"))
    }
    var count: [String: Int] = [:]
    for organization in organizations {
      var seen: [String: SourceSpan] = [:]
      for team in organization.teams {
        count[team.name.text.lowercased(), default: 0] += 1
        if let first = seen.updateValue(team.name.span, forKey: team.name.text.lowercased()) {
          reader.report(.importedTwice("team `\(team.name.text)`", in: "`\(organization.name)`", at: team.name.span, first: first))
        }
      }
    }
    teams = organizations.map { organization in organization.teams.map { _ in "" } }
    for (number, organization) in organizations.enumerated() {
      for (index, team) in organization.teams.enumerated()
      where count[team.name.text.lowercased()] == 1 && names.canKeep(team.name.text) {
        teams[number][index] = names.take(team.name.text, filler: "-", kind: "team")
      }
    }
    for (number, organization) in organizations.enumerated() {
      let order = organization.teams.indices.sorted { comesFirst(organization.teams[$0].name.text, organization.teams[$1].name.text) }
      for index in order where teams[number][index].isEmpty {
        let team = organization.teams[index].name
        let isLegal = ScalarCheck.isName(team.text.utf8)
        let wanted = isLegal ? "\(organization.name)-\(team.text)" : team.text
        let name = names.take(wanted, filler: "-", kind: "team")
        teams[number][index] = name
        reader.report(
          .renamed(
            "team", team.text, to: name,
            because: isLegal
              ? "users, services and groups share their names, and this one is taken"
              : "names are letters, digits, `_`, `.` and `-`", at: team.span))
      }
    }
  }

  private func name(_ login: SyntaxNode) -> String? { users[login.text.lowercased()]?.name }

  // MARK: Sections

  private mutating func userSection() -> YAML {
    var entries: [YAML.Entry] = []
    for (name, account) in users.values.sorted(by: { comesFirst($0.name, $1.name) }) {
      let accounts = account.map { account in YAML.mapping(systems.map { .init($0, account) }) }
      entries.append(.init(name, .fields(["accounts": accounts])))
    }
    return .mapping(entries)
  }

  private mutating func groups() -> YAML {
    var entries: [YAML.Entry] = []
    for (number, organization) in organizations.enumerated() {
      let leaders = organization.admins.compactMap(name)
      guard !leaders.isEmpty else {
        reader.report(
          .importShape("organisation `\(organization.name)` has no `admins`: nobody would own its groups", at: organization.span))
        continue
      }
      entries.append(
        .init(
          admins[number],
          .fields([
            "description": .string("Administrators of \(organization.name)."), "owners": .texts([admins[number]]),
            "members": .texts(leaders.inNameOrder()),
          ])))
      entries.append(
        .init(
          members[number],
          .fields([
            "description": .string("Everybody in \(organization.name)."), "owners": .texts([admins[number]]),
            "members": .texts([admins[number]] + Set(organization.members.compactMap(name)).subtracting(leaders).inNameOrder()),
          ])))
      entries += teamEntries(number, organization)
    }
    return .mapping(entries)
  }

  private func teamEntries(_ number: Int, _ organization: Organization) -> [YAML.Entry] {
    var inner: [Int: [String]] = [:]
    for (index, team) in organization.teams.enumerated() {
      if let parent = team.parent { inner[parent, default: []].append(teams[number][index]) }
    }
    let entries = organization.teams.enumerated().map { index, team -> YAML.Entry in
      let maintainers = team.maintainers.compactMap(name).inNameOrder()
      let name = teams[number][index]
      var description = team.description
      if name != team.name.text {
        description = "Team `\(team.name.text)` of \(organization.name)" + (description.isEmpty ? "." : ": \(description)")
      }
      return .init(
        name,
        .fields([
          "description": description.isEmpty ? nil : .string(description),
          "owners": .texts(maintainers.isEmpty ? [admins[number]] : maintainers),
          "members": .texts((inner[index] ?? []).inNameOrder() + (maintainers + team.members.compactMap(self.name)).inNameOrder()),
        ]))
    }
    return entries.sorted { comesFirst($0.key, $1.key) }
  }

  private func systemSection() -> YAML {
    .mapping(
      organizations.enumerated().map { number, organization in
        .init(
          systems[number],
          .fields([
            "type": .string("github"), "description": organization.description.isEmpty ? nil : .string(organization.description),
            "owners": organization.admins.isEmpty ? nil : .texts([admins[number]]),
            "environments": .mapping([.init(options.environment, .fields(["organization": .string(organization.name)]))]),
          ]))
      })
  }

  /// What a role of GitHub's gives on repositories: each level has what the ones below it have.
  private static func permissions(_ level: Level, _ system: String) -> [YAML.Entry] {
    Level.allCases.prefix { $0 != level }.appending(level).map { action in
      let reachesInto = action == .read || action == .write
      return .init(action.rawValue, .texts(["\(system)/*" + (reachesInto ? "/**" : "")]))
    }
  }

  private func roles() -> YAML {
    var entries: [YAML.Entry] = []
    for (number, system) in systems.enumerated() {
      let owner = Self.permissions(.admin, system).map { entry in
        entry.key == "admin" ? YAML.Entry("admin", .texts([system, "\(system)/*"])) : entry
      }
      entries.append(
        .init("\(system)_owner", .fields(["can": .mapping(owner + [.init("create", .texts([system]))])])))
      for level in Level.allCases where usedLevels[number].contains(level) {
        entries.append(.init("\(system)_\(level.rawValue)", .fields(["can": .mapping(Self.permissions(level, system))])))
      }
    }
    return .mapping(entries)
  }

  // MARK: Bindings

  private mutating func bindings() -> YAML {
    var items: [YAML] = []
    func binding(_ role: String, _ to: [String], _ resources: [String] = [], _ reason: String? = nil) -> YAML {
      .fields([
        "role": .string(role), "to": .texts(to), "in": .texts([options.environment]), "resources": .texts(resources),
        "reason": reason.map { .string($0) },
      ])
    }
    for (number, organization) in organizations.enumerated() {
      let system = systems[number]
      items.append(binding("\(system)_owner", [admins[number]]))
      if let level = organization.memberLevel {
        usedLevels[number].insert(level)
        items.append(binding("\(system)_\(level.rawValue)", [members[number]], [], "default_repository_permission"))
      }
      if organization.membersCreateRepositories {
        items.append(
          .fields([
            "to": .texts([members[number]]), "can": .fields(["create": .texts([system])]), "in": .texts([options.environment]),
            "reason": .string("members_can_create_repositories"),
          ]))
      }
      // Who has the same level on the same repositories stands in one binding.
      var held: [Level: [String: Set<String>]] = [:]
      if !organization.teams.isEmpty, organization.teams.allSatisfy(\.repositories.isEmpty) {
        reader.report(.withoutRepositories(organization.name, at: organization.span))
      }
      let own = organization.teams.enumerated().flatMap { index, team in team.repositories.map { ($0, teams[number][index]) } }
      let single = organization.collaborators.compactMap { it in it.login.flatMap(name).map { (it, $0) } }
      for (permission, holder) in own + single {
        let text = "\(system)/\(permission.repository.text)/**"
        guard Self.isRepository(permission.repository.text) else {
          reader.report(
            .withoutCounterpart(
              "`\(permission.repository.text)` cannot be said as a resource, and is left out", at: permission.repository.span))
          continue
        }
        held[permission.level, default: [:]][holder, default: []].insert(text)
      }
      for level in Level.allCases {
        guard let holders = held[level] else { continue }
        usedLevels[number].insert(level)
        var together: [[String]: [String]] = [:]
        for (holder, resources) in holders { together[resources.inNameOrder(), default: []].append(holder) }
        for (resources, holders) in together.map({ ($0.key, $0.value.inNameOrder()) }).sorted(by: { comesFirst($0.1[0], $1.1[0]) }) {
          items.append(binding("\(system)_\(level.rawValue)", holders, resources))
        }
      }
    }
    return .list(items)
  }

  /// https://docs.github.com/repositories/creating-and-managing-repositories/about-repositories
  private static func isRepository(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 100 && name != "." && name != ".."
      && name.utf8.allSatisfy { ScalarCheck.isName([$0]) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") }
  }
}

extension Diagnostic {
  fileprivate static func withoutRepositories(_ organization: String, at span: SourceSpan) -> Self {
    .assumed(
      "no team of `\(organization)` has `repos`, so none has access to a repository here: what GitHub gives them is not in these files",
      at: span, help: "`peribolos --dump` writes out what GitHub has")
  }
}

extension Sequence {
  fileprivate func appending(_ last: Element) -> [Element] { Array(self) + [last] }
}

/// What a tree of Peribolos' files says: organisations, each with the teams of its own file and of the fragments below it.
struct PeribolosTree {
  struct Team {
    let name: SyntaxNode
    /// The index of the team that it is nested in.
    let parent: Int?
    var description = ""
    var maintainers: [SyntaxNode] = []
    var members: [SyntaxNode] = []
    var repositories: [Permission] = []
  }

  struct Permission {
    let repository: SyntaxNode
    let level: Level
    /// Of a collaborator: the login.
    var login: SyntaxNode?
  }

  /// GitHub's roles on a repository, each with the actions that it gives:
  /// https://docs.github.com/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization
  enum Level: String, CaseIterable {
    case read, triage, write, maintain, admin

    static func named(_ text: String) -> Level? {
      switch text.lowercased() {
      case "pull": .read
      case "push": .write
      case let name: Level(rawValue: name)
      }
    }
  }

  struct Organization {
    let name: String
    let span: SourceSpan
    var description = ""
    var admins: [SyntaxNode] = []
    var members: [SyntaxNode] = []
    /// Outer teams before those that are nested in them.
    var teams: [Team] = []
    var collaborators: [Permission] = []
    /// What every member may do with every repository.
    var memberLevel: Level?
    var membersCreateRepositories = false
  }

  private(set) var organizations: [Organization] = []
  /// Of each organisation, its index by its name in lower case.
  private var numbers: [String: Int] = [:]

  init(_ sources: SourceMap, folder: String, _ reader: inout ImportReader) {
    var fragments: [(folder: String, root: SyntaxNode)] = []
    var folders: [String: Int] = [:]
    for (index, file) in sources.files.enumerated() {
      let parts = file.path.split(separator: "/").map(String.init)
      let parent = parts.dropLast().joined(separator: "/")
      guard let root = reader.root(file, file: Int32(index)) else { continue }
      if let all = root.key(of: "orgs") {
        for (name, value) in reader.pairs(root.value(of: "orgs") ?? all, of: "orgs") {
          organization(name.text, at: name.span, reader.pairs(value, of: name.text), &reader)
        }
        for (key, _) in root.pairs where key.text != "orgs" {
          reader.report(.leftOut("`\(key.text)` is no organisation of Peribolos", at: key.span))
        }
        continue
      }
      switch parts.last ?? "" {
      case "org.yaml", "org.yml":
        if let number = organization(parts.dropLast().last ?? folder, at: root.span.part(0..<root.firstLineLength), root.pairs, &reader) {
          folders[parent] = number
        }
      case "teams.yaml", "teams.yml": fragments.append((parent, root))
      default:
        reader.report(
          .leftOut(
            "this is neither `org.yaml` nor `teams.yaml` and has no `orgs`: it is not read", at: root.span.part(0..<root.firstLineLength)))
      }
    }
    for (parent, root) in fragments { fragment(root, below: parent, folders, &reader) }
  }

  /// The teams of a file belong to the organisation of the nearest folder around it that has one.
  private mutating func fragment(_ root: SyntaxNode, below parent: String, _ folders: [String: Int], _ reader: inout ImportReader) {
    var parts = parent.split(separator: "/").map(String.init)
    while folders[parts.joined(separator: "/")] == nil, !parts.isEmpty { parts.removeLast() }
    guard let number = folders[parts.joined(separator: "/")] else {
      reader.report(
        .importShape(
          "these teams belong to no organisation: there is no `org.yaml` in this folder or around it",
          at: root.span.part(0..<root.firstLineLength)))
      return
    }
    for (key, value) in root.pairs {
      if key.text == "teams" {
        teams(value, of: number, &reader)
      } else {
        reader.report(.unknownImportField(key, of: "a file of teams", among: ["teams"]))
      }
    }
  }

  // MARK: Organisations

  @discardableResult
  private mutating func organization(
    _ name: String, at span: SourceSpan, _ fields: [(key: SyntaxNode, value: SyntaxNode)], _ reader: inout ImportReader
  ) -> Int? {
    guard !name.isEmpty, name.utf8.allSatisfy(Self.isLogin), name.utf8.count <= 100 else {
      reader.report(
        .importShape(
          "`\(name)` is not the name of an organisation", at: span, help: "an `org.yaml` stands in a folder of its organisation's name"))
      return nil
    }
    if let first = numbers[name.lowercased()] {
      reader.report(.importedTwice("organisation `\(name)`", in: "these files", at: span, first: organizations[first].span))
      return nil
    }
    let number = organizations.count
    numbers[name.lowercased()] = number
    organizations.append(Organization(name: name, span: span))
    var title = ""
    for (key, value) in fields {
      switch key.text {
      case "admins": organizations[number].admins = reader.texts(value, of: key.text)
      case "members": organizations[number].members = reader.texts(value, of: key.text)
      case "teams": teams(value, of: number, &reader)
      case "repos": repositories(value, of: number, &reader)
      case "description": organizations[number].description = reader.prose(value, of: key.text)
      case "name": title = reader.prose(value, of: key.text)
      case "default_repository_permission":
        guard let text = reader.text(value, of: key.text), text != "none" else { break }
        if let level = Level.named(text), level == .read || level == .write || level == .admin {
          organizations[number].memberLevel = level
        } else {
          reader.report(.importShape("`\(text)` is no default permission: there are `read`, `write`, `admin` and `none`", at: value.span))
        }
      case "members_can_create_repositories": organizations[number].membersCreateRepositories = reader.flag(value, of: key.text) ?? false
      case "billing_email", "company", "email", "location", "has_organization_projects", "has_repository_projects":
        reader.report(.leftOut("`\(key.text)` of an organisation says nothing of access to repositories", at: key.span))
      default:
        reader.report(
          .unknownImportField(
            key, of: "an organisation",
            among: ["admins", "members", "teams", "repos", "default_repository_permission", "members_can_create_repositories"]))
      }
    }
    if organizations[number].description.isEmpty {
      organizations[number].description = title
    } else if let key = fields.first(where: { $0.key.text == "name" })?.key, !title.isEmpty {
      reader.report(.leftOut("`name` of an organisation is only what is shown", at: key.span))
    }
    return number
  }

  /// Settings of repositories are nobody's access, but collaborators are.
  private mutating func repositories(_ node: SyntaxNode, of number: Int, _ reader: inout ImportReader) {
    for (name, value) in reader.pairs(node, of: "repos") {
      let fields = reader.pairs(value, of: name.text)
      for (key, value) in fields where key.text == "collaborators" {
        for (login, level) in reader.pairs(value, of: key.text) {
          if let level = self.level(level, &reader) {
            organizations[number].collaborators.append(.init(repository: name, level: level, login: login))
          }
        }
      }
      if fields.contains(where: { $0.key.text != "collaborators" }) {
        reader.report(.leftOut("the settings of repository `\(name.text)` are nobody's access", at: name.span))
      }
    }
  }

  private func level(_ node: SyntaxNode, _ reader: inout ImportReader) -> Level? {
    guard let text = reader.text(node, of: "repos"), text != "none" else { return nil }
    if let level = Level.named(text) { return level }
    reader.report(
      .importShape("`\(text)` is no permission: there are \(Diagnostic.listed(Level.allCases.map(\.rawValue)))", at: node.span))
    return nil
  }

  // MARK: Teams

  private mutating func teams(_ node: SyntaxNode, of number: Int, _ reader: inout ImportReader) {
    var queue: [(node: SyntaxNode, parent: Int?)] = [(node, nil)]
    var next = 0
    while next < queue.count {
      let (node, parent) = queue[next]
      next += 1
      for (name, value) in reader.pairs(node, of: "teams") {
        guard !name.text.isEmpty else {
          reader.report(.importShape("a team has no name", at: name.span))
          continue
        }
        var team = Team(name: name, parent: parent)
        for (key, value) in reader.pairs(value, of: name.text) {
          switch key.text {
          case "description": team.description = reader.prose(value, of: key.text)
          case "maintainers": team.maintainers = reader.texts(value, of: key.text)
          case "members": team.members = reader.texts(value, of: key.text)
          case "teams": queue.append((value, organizations[number].teams.count))
          case "repos":
            for (repository, level) in reader.pairs(value, of: key.text) {
              if let level = self.level(level, &reader) { team.repositories.append(.init(repository: repository, level: level)) }
            }
          case "privacy": reader.report(.leftOut("who may see team `\(name.text)` has no counterpart", at: key.span))
          case "previously": reader.report(.leftOut("what team `\(name.text)` was called before is history", at: key.span))
          default:
            reader.report(
              .unknownImportField(key, of: "a team", among: ["description", "maintainers", "members", "teams", "repos", "privacy"]))
          }
        }
        organizations[number].teams.append(team)
      }
    }
  }

  /// Letters, digits and hyphens; `_` in names that an enterprise manages.
  private static func isLogin(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "_")
  }
}

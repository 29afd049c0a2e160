/// What a file of Permifrost says, every name with its place.
struct PermifrostSpec {
  enum Level: String, CaseIterable {
    case databases, schemas, tables

    /// How many segments the name of such an object has.
    var depth: Int {
      switch self {
      case .databases: 1
      case .schemas: 2
      case .tables: 3
      }
    }
  }

  enum Verb: String { case read, write, own }

  struct Grant {
    let verb: Verb
    let level: Level
    let object: SyntaxNode
  }

  struct Role {
    let name: SyntaxNode
    var warehouses: [SyntaxNode] = []
    var memberOf: [SyntaxNode] = []
    /// The `*` of `member_of: { include: ['*'] }`: all roles but `excluded`.
    var all: SyntaxNode?
    var excluded: [SyntaxNode] = []
    var grants: [Grant] = []
  }

  struct User {
    let name: SyntaxNode
    var memberOf: [SyntaxNode] = []
    var email: SyntaxNode?
    /// The `false` of `can_login`.
    var cannotLogin: SyntaxNode?
  }

  var databases: [SyntaxNode] = []
  /// Names of databases that another account shares with this one, in lower case.
  var shared: Set<String> = []
  var warehouses: [SyntaxNode] = []
  var roles: [Role] = []
  var users: [User] = []
  /// Who owns a database, where it is said with the database.
  var owners: [(role: SyntaxNode, database: SyntaxNode)] = []
  /// Where the first section stands.
  var start: SourceSpan?

  init(_ root: SyntaxNode, _ reader: inout ImportReader) {
    for (key, value) in root.pairs {
      switch key.text {
      case "version": break
      case "databases": for (name, fields) in entities(key, value, &reader) { database(name, fields, &reader) }
      case "warehouses": for (name, fields) in entities(key, value, &reader) { warehouse(name, fields, &reader) }
      case "roles": for (name, fields) in entities(key, value, &reader) { role(name, fields, &reader) }
      case "users": for (name, fields) in entities(key, value, &reader) { user(name, fields, &reader) }
      case "require-owner": reader.report(.leftOut("`require-owner` is a setting of Permifrost's own checks", at: key.span))
      default:
        reader.report(.unknownImportField(key, of: "the file", among: ["databases", "warehouses", "roles", "users", "require-owner"]))
      }
      if start == nil, key.text != "version" { start = key.span }
    }
  }

  /// Lists of mappings from a name to its fields, names once each: Snowflake's ignore case.
  private func entities(_ section: SyntaxNode, _ list: SyntaxNode, _ reader: inout ImportReader) -> [(
    name: SyntaxNode, fields: [(key: SyntaxNode, value: SyntaxNode)]
  )] {
    var found: [(SyntaxNode, [(key: SyntaxNode, value: SyntaxNode)])] = []
    var seen: [String: SourceSpan] = [:]
    for item in reader.items(list, of: section.text) {
      for (name, value) in reader.pairs(item, of: section.text) {
        guard !name.isNull, !name.text.isEmpty else {
          reader.report(.importShape("an entry of `\(section.text)` has no name", at: name.span))
          continue
        }
        if let first = seen.updateValue(name.span, forKey: name.text.lowercased()) {
          reader.report(.importedTwice("`\(name.text)`", in: "`\(section.text)`", at: name.span, first: first))
          continue
        }
        found.append((name, reader.pairs(value, of: name.text)))
      }
    }
    return found
  }

  // MARK: Sections

  private mutating func database(_ name: SyntaxNode, _ fields: [(key: SyntaxNode, value: SyntaxNode)], _ reader: inout ImportReader) {
    databases.append(name)
    for (key, value) in fields {
      switch key.text {
      case "shared": if reader.flag(value, of: key.text) == true { shared.insert(name.text.lowercased()) }
      case "owner": if reader.text(value, of: key.text) != nil { owners.append((value, name)) }
      case "meta": reader.report(.leftOut("`meta` of a database says nothing of access", at: key.span))
      default: reader.report(.unknownImportField(key, of: "a database", among: ["shared", "owner"]))
      }
    }
  }

  private mutating func warehouse(_ name: SyntaxNode, _ fields: [(key: SyntaxNode, value: SyntaxNode)], _ reader: inout ImportReader) {
    warehouses.append(name)
    for (key, _) in fields {
      switch key.text {
      case "size": reader.report(.leftOut("the size of warehouse `\(name.text)` says nothing of access", at: key.span))
      case "meta": reader.report(.leftOut("`meta` of a warehouse says nothing of access", at: key.span))
      case "owner":
        reader.report(.withoutCounterpart("who owns warehouse `\(name.text)` has no counterpart: Writ knows the use of one", at: key.span))
      default: reader.report(.unknownImportField(key, of: "a warehouse", among: ["size", "owner"]))
      }
    }
  }

  private mutating func role(_ name: SyntaxNode, _ fields: [(key: SyntaxNode, value: SyntaxNode)], _ reader: inout ImportReader) {
    var role = Role(name: name)
    for (key, value) in fields {
      switch key.text {
      case "warehouses": role.warehouses = reader.texts(value, of: key.text)
      case "member_of": memberOf(value, of: &role, &reader)
      case "privileges":
        for (level, verbs) in levels(value, of: key.text, &reader) {
          for (verb, objects) in reader.pairs(verbs, of: level.rawValue) {
            guard let known = Verb(rawValue: verb.text), known != .own else {
              reader.report(.unknownImportField(verb, of: "`\(level.rawValue)`", among: ["read", "write"]))
              continue
            }
            for object in reader.texts(objects, of: verb.text) { role.grants.append(Grant(verb: known, level: level, object: object)) }
          }
        }
      case "owns":
        for (level, objects) in levels(value, of: key.text, &reader) {
          for object in reader.texts(objects, of: level.rawValue) { role.grants.append(Grant(verb: .own, level: level, object: object)) }
        }
      case "owner":
        reader.report(
          .withoutCounterpart("who owns role `\(name.text)` has no counterpart: whoever reviews the policy decides on roles", at: key.span))
      case "meta": reader.report(.leftOut("`meta` of a role says nothing of access", at: key.span))
      default:
        reader.report(.unknownImportField(key, of: "a role", among: ["warehouses", "member_of", "privileges", "owns", "owner"]))
      }
    }
    roles.append(role)
  }

  private func levels(_ node: SyntaxNode, of place: String, _ reader: inout ImportReader) -> [(Level, SyntaxNode)] {
    var found: [(Level, SyntaxNode)] = []
    for (key, value) in reader.pairs(node, of: place) {
      if let level = Level(rawValue: key.text) {
        found.append((level, value))
      } else {
        reader.report(.unknownImportField(key, of: "`\(place)`", among: Level.allCases.map(\.rawValue)))
      }
    }
    return found
  }

  /// A list of roles, or `{ include: [..], exclude: [..] }`, where `*` stands for all roles of the file.
  private func memberOf(_ node: SyntaxNode, of role: inout Role, _ reader: inout ImportReader) {
    var included: [SyntaxNode] = []
    if node.isMapping {
      for (key, value) in node.pairs {
        switch key.text {
        case "include": included = reader.texts(value, of: key.text)
        case "exclude": role.excluded = reader.texts(value, of: key.text)
        default: reader.report(.unknownImportField(key, of: "`member_of`", among: ["include", "exclude"]))
        }
      }
    } else {
      included = reader.texts(node, of: "member_of")
    }
    role.all = included.first { $0.text == "*" }
    let excluded = Set(role.excluded.map { $0.text.lowercased() })
    role.memberOf = included.filter { $0.text != "*" && !excluded.contains($0.text.lowercased()) }
  }

  private mutating func user(_ name: SyntaxNode, _ fields: [(key: SyntaxNode, value: SyntaxNode)], _ reader: inout ImportReader) {
    var user = User(name: name)
    for (key, value) in fields {
      switch key.text {
      case "can_login": if reader.flag(value, of: key.text) == false { user.cannotLogin = value }
      case "member_of": user.memberOf = reader.texts(value, of: key.text)
      case "email": if reader.text(value, of: key.text) != nil { user.email = value }
      case "has_password", "meta": reader.report(.leftOut("`\(key.text)` of a user says nothing of access", at: key.span))
      case "owner":
        reader.report(
          .withoutCounterpart("who owns user `\(name.text)` has no counterpart: whoever reviews the policy decides on users", at: key.span))
      default: reader.report(.unknownImportField(key, of: "a user", among: ["can_login", "member_of", "email", "owner"]))
      }
    }
    users.append(user)
  }
}

extension Diagnostic {
  static func importedTwice(_ what: String, in place: String, at span: SourceSpan, first: SourceSpan) -> Self {
    .importShape("\(what) stands twice in \(place)", at: span, help: "merge the two", notes: [.init("the first one is here", at: first)])
  }
}

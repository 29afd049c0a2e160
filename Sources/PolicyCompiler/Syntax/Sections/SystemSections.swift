/// `systems` and `connections`: what there is, and how it is reached.
package enum SystemField: Int, FieldKey {
  case type, owners, environments, names, routes, manages, description

  package var field: Field {
    switch self {
    case .type:
      Field(
        "type", .scalar(.choice(SystemType.all.map(\.name))), required: true, impact: .meaning,
        "What kind of system it is; decides its actions, the shape of its resources and the fields of its connections.")
    case .owners: Field("owners", .list(.scalar(.principal)), impact: .control, "Who answers for the system.")
    case .environments:
      Field(
        "environments", .map(keys: .name, values: .record(.endpoint)), required: true, impact: .destination,
        "Where it is, in each environment that has it.")
    case .names:
      Field(
        "names", .map(keys: .name, values: .either(.plain, .map(keys: .name, values: .scalar(.plain)))), impact: .meaning,
        "What the first segment of a resource is called there: `{ marts: marts_all }`, or per environment `{ marts: { dev: marts_dev } }`.")
    case .routes:
      Field(
        "routes", .map(keys: .name, values: .record(.route)), impact: .meaning, "Of an API: its routes; each is a resource `system/<name>`."
      )
    case .manages:
      Field("manages", .record(.manages), impact: .control, "What Writ may manage there, and what it leaves alone.")
    case .description: .description
    }
  }
}

package enum RouteField: Int, FieldKey {
  case method, path, isPublic, actsAs, description

  package var field: Field {
    switch self {
    case .method:
      Field(
        "method", .list(.scalar(.choice(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]))), required: true,
        impact: .meaning, "The HTTP method.")
    case .path: Field("path", .scalar(.plain), required: true, impact: .meaning, "The path's template, such as `/models/{model}`.")
    case .isPublic: Field("public", .scalar(.boolean), impact: .meaning, default: "false", "Whether anybody may call it.")
    case .actsAs:
      Field(
        "acts_as", .scalar(.text), impact: .meaning, "`connections/<name>`: whoever may call the route acts through that session.")
    case .description: .description
    }
  }
}

package enum ManagesField: Int, FieldKey {
  case leaves

  package var field: Field {
    Field("leaves", .list(.scalar(.text)), impact: .control, "Patterns of roles and users that exist there and are never touched.")
  }
}

package enum ConnectionField: Int, FieldKey {
  case system, principal, role, defaults, environments, description

  package var field: Field {
    switch self {
    case .system: Field("system", .scalar(.name), required: true, impact: .meaning, "The system that it leads to.")
    case .principal:
      Field(
        "principal", .scalar(.principal), required: true, impact: .meaning,
        "The identity that is used there; `self` means each person as themselves.")
    case .role:
      Field(
        "role", .scalar(.name), impact: .meaning,
        "The session holds only this role, which the principal must have there; left out, all that its bindings give.")
    case .defaults:
      Field("defaults", .record(.connectionSettings), impact: .meaning, "Settings that every environment starts from.")
    case .environments:
      Field(
        "environments", .map(keys: .name, values: .record(.connectionSettings)), required: true, impact: .meaning,
        "The environments where the connection exists, each with what is special there.")
    case .description: .description
    }
  }
}

extension RecordShape {
  static let system = RecordShape("system", "Something that holds resources.", keys: SystemField.self)
  static let route = RecordShape("route", "A route of an API.", keys: RouteField.self)
  static let manages = RecordShape("managed part", "The border of what Writ manages.", keys: ManagesField.self)
  static let connection = RecordShape(
    "connection", "Endpoint, identity, session role and credential reference, written once for all tools.",
    keys: ConnectionField.self)

  /// Every endpoint field of every type: which of them a system may use is checked once its type is known.
  static let endpoint = RecordShape(
    "endpoint", "Where a system is. Which fields there are depends on its type.", SystemType.union(of: \.endpoint))

  /// Every setting of every type and authentication method.
  static let connectionSettings = RecordShape(
    "connection settings", "Credential references and session settings. Which there are depends on the system's type and on `auth`.",
    [
      Field(
        "auth", .scalar(.choice(SystemType.authenticationNames)), impact: .meaning,
        "The way of authenticating; the system's type says which there are."),
      Field("max_ttl", .scalar(.duration), impact: .secret, "The longest life of a credential that is made for a session."),
      Field("rotate_every", .scalar(.duration), impact: .secret, "How often the secret is to be replaced."),
    ] + SystemType.union(of: \.connectionFields))
}

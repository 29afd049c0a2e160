package import PolicyCompiler

/// What an artifact with `target: postman_environment` may say, beside what all artifacts say.
package enum PostmanEnvironmentField: Int, FieldKey {
  case environment, connections, name, scope, secrets, variables

  package var field: Field {
    switch self {
    case .environment:
      Field(
        "environment", .list(.scalar(.name)), required: true, impact: .delivery,
        "The environment, or several: each gets a file of its own, so the path then holds `${environment}`.")
    case .connections:
      Field(
        "connections", .list(.either(.name, .record(.postmanConnection))), impact: .delivery,
        "The connections whose settings become variables: names, or mappings that say more.")
    case .name:
      Field(
        "name", .scalar(.template), impact: .delivery, otherwise: "the artifact's name and the environment",
        "The name that Postman shows.")
    case .scope:
      Field(
        "scope", .scalar(.choice(["environment", "globals"])), impact: .delivery, default: "environment",
        "Whether the file is an environment, or a workspace's globals.")
    case .secrets: .postmanSecrets(default: "vault")
    case .variables:
      Field(
        "variables", .map(keys: .name, values: .scalar(.template)), impact: .destination,
        "Further variables with their values; none of them a secret.")
    }
  }
}

/// One connection in a Postman environment.
package enum PostmanConnectionField: Int, FieldKey {
  case name, prefix, secrets, variables, vault

  package var field: Field {
    switch self {
    case .name: Field("name", .scalar(.name), required: true, impact: .delivery, "The connection.")
    case .prefix:
      Field(
        "prefix", .scalar(.text), impact: .delivery, otherwise: "nothing for an only connection, else its name and `_`",
        "What stands before the names of its variables.")
    case .secrets: .postmanSecrets(default: "what the artifact says")
    case .variables:
      Field(
        "variables", .map(keys: .text, values: .scalar(.name)), impact: .delivery,
        "Names of variables, where they are not prefix and field: `{ client_secret: orders_secret }`.")
    case .vault:
      Field(
        "vault", .map(keys: .text, values: .scalar(.name)), impact: .secret,
        "Keys in Postman's vault, where they are not `<connection>-<environment>-<field>`: `{ client_secret: orders-secret }`.")
    }
  }
}

extension RecordShape {
  static let postmanConnection = RecordShape(
    "connection in Postman", "A connection, and what its variables are called.", keys: PostmanConnectionField.self)
}

extension Field {
  fileprivate static func postmanSecrets(default value: String) -> Field {
    Field(
      "secrets", .scalar(.choice(["vault", "empty"])), impact: .delivery, default: value,
      "What a secret variable holds: `{{vault:key}}`, which the app fills from Postman's vault, or nothing, for newman and the Postman CLI."
    )
  }
}

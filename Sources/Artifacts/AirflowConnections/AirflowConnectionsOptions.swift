import PolicyCompiler

enum AirflowConnectionsField: Int, FieldKey {
  case environment, connections, secrets

  var field: Field {
    switch self {
    case .environment:
      Field(
        "environment", .list(.scalar(.name)), required: true, impact: .delivery,
        "The environments to render, each into a file of its own: the path then holds `${environment}`.")
    case .connections:
      Field(
        "connections",
        .list(
          .either(
            .name, .record(RecordShape("connection of Airflow", "A connection, as Airflow is to have it.", keys: AirflowItemField.self)))),
        required: true, impact: .delivery, "The connections that Airflow gets, by name.")
    case .secrets:
      Field(
        "secrets",
        .either(
          .choice(["environment"]),
          .record(RecordShape("secrets backend", "Where Airflow looks connections up.", keys: AirflowBackendField.self))),
        impact: .secret, default: "environment",
        "Where Airflow finds connections with secrets: `environment` for `AIRFLOW_CONN_…` variables, or a secrets backend.")
    }
  }
}

enum AirflowItemField: Int, FieldKey {
  case name, id, description, extra

  var field: Field {
    switch self {
    case .name: Field("name", .scalar(.name), required: true, impact: .delivery, "The connection's name in the policy.")
    case .id:
      Field(
        "id", .scalar(.plain), impact: .delivery, otherwise: "the connection's name",
        "The connection's id in Airflow: letters, digits, `_`, `.`, `-`.")
    case .description: Field("description", .scalar(.plain), impact: .none, "What Airflow shows beside it.")
    case .extra:
      Field(
        "extra", .map(keys: .plain, values: .scalar(.template)), impact: .destination,
        "Further entries of Airflow's `extra`, as texts; none of them a secret.")
    }
  }
}

enum AirflowBackendField: Int, FieldKey {
  case backend, url, mount, connectionsPath, kvVersion, authType, authMountPoint, roleID, kubernetesRole, kubernetesJWTPath, jwtRole,
    jwtTokenPath, tokenPath, region,
    connectionsPrefix

  /// The ways in which Airflow may log in to Vault without a secret in its configuration.
  static let authTypes = ["approle", "aws_iam", "jwt", "kubernetes", "token"]

  var field: Field {
    switch self {
    case .backend:
      Field("backend", .scalar(.choice(["vault", "aws_secrets_manager"])), required: true, impact: .secret, "What kind of backend it is.")
    case .url: Field("url", .scalar(.url), impact: .secret, "Vault's address.")
    case .mount: Field("mount", .scalar(.template), impact: .secret, default: "airflow", "The mount of Vault's KV engine.")
    case .connectionsPath:
      Field("connections_path", .scalar(.template), impact: .secret, default: "connections", "The path of connections below the mount.")
    case .kvVersion: Field("kv_version", .scalar(.integer(1...2)), impact: .secret, default: "2", "The version of the KV engine.")
    case .authType: Field("auth_type", .scalar(.choice(Self.authTypes)), impact: .identity, "How Airflow logs in to Vault.")
    case .authMountPoint:
      Field(
        "auth_mount_point", .scalar(.template), impact: .identity, "The mount of Vault's auth method, where it is not the method's name.")
    case .roleID: Field("role_id", .scalar(.template), impact: .identity, "Of `approle` and `aws_iam`: the role's id.")
    case .kubernetesRole: Field("kubernetes_role", .scalar(.template), impact: .identity, "Of `kubernetes`: the role at Vault.")
    case .kubernetesJWTPath:
      Field("kubernetes_jwt_path", .scalar(.template), impact: .identity, "Of `kubernetes`: the file of the service account's token.")
    case .jwtRole: Field("jwt_role", .scalar(.template), impact: .identity, "Of `jwt`: the role at Vault.")
    case .jwtTokenPath: Field("jwt_token_path", .scalar(.template), impact: .identity, "Of `jwt`: the file of the JSON web token.")
    case .tokenPath:
      Field("token_path", .scalar(.template), impact: .secret, "Of `token`: the file of Vault's token, where it is not in `VAULT_TOKEN`.")
    case .region: Field("region", .scalar(.template), impact: .secret, "The AWS region.")
    case .connectionsPrefix:
      Field(
        "connections_prefix", .scalar(.template), impact: .secret, default: "airflow/connections",
        "What the names of secrets begin with in AWS Secrets Manager.")
    }
  }
}

/// What an artifact asks for.
struct AirflowConnectionsOptions {
  let environments: [SyntaxNode]
  let items: [Item]
  /// Nil for `environment`.
  let backend: RecordView<AirflowBackendField>?

  /// One connection that Airflow gets.
  struct Item {
    /// The connection's name in the policy.
    let name: SyntaxNode
    /// The node of its id in Airflow.
    let id: SyntaxNode
    let description: SyntaxNode?
    let extra: [(key: SyntaxNode, value: SyntaxNode)]

    init(_ node: SyntaxNode) {
      let view = node.record(AirflowItemField.self)
      name = view[.name] ?? node
      id = view[.id] ?? name
      description = view[.description]
      extra = view[.extra]?.pairs ?? []
    }
  }

  init(_ node: SyntaxNode) {
    environments = EachEnvironment(node).nodes
    items = (node.value(of: "connections")?.items ?? []).map(Item.init)
    backend = node.value(of: "secrets").flatMap { $0.isMapping ? $0.record(AirflowBackendField.self) : nil }
  }

  func problems(in request: ArtifactRequest) -> [Diagnostic] {
    let path = request.declaration.path
    var found = EachEnvironment(request.options).problems(in: request, example: "airflow/connections.${environment}.json")
    // `airflow connections import` reads a file by its suffix.
    if !path.text.hasSuffix(".json") { found.append(.notJSON(path)) }
    for item in items where !AirflowID.isValid(item.id.text) { found.append(.notAnID(item.id)) }
    return found
  }
}

/// Ids of connections: https://airflow.apache.org/docs/apache-airflow/stable/howto/connection.html
enum AirflowID {
  static let longest = 200

  static func isValid(_ id: String) -> Bool {
    !id.isEmpty && id.utf8.count <= longest && id.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
  }

  /// The variable that Airflow looks an id up in; nil where a shell could not name it.
  static func variable(_ id: String) -> String? { id.utf8.allSatisfy(isWord) ? "AIRFLOW_CONN_" + id.uppercased() : nil }

  private static func isWord(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
  }
}

extension Diagnostic {
  fileprivate static func notJSON(_ path: SyntaxNode) -> Self {
    Self(
      .invalidOption, "`\(path.text)` does not end in `.json`", at: path.span,
      notes: [.init("`airflow connections import` knows what is in a file by its name's end")],
      help: "write for instance `airflow/connections.json`")
  }

  fileprivate static func notAnID(_ id: SyntaxNode) -> Self {
    Self(
      .invalidOption, "`\(id.text)` is no id of a connection in Airflow", at: id.span,
      notes: [
        .init(
          "ids are letters, digits, `_`, `.` and `-`, \(AirflowID.longest) at most; `airflow connections import` skips any other without failing"
        )
      ])
  }
}

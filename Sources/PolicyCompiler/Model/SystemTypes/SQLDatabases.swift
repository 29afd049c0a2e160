extension SystemType {
  /// What SQL systems have in common; `depth` is that of tables and views.
  static func sqlActions(depth: Int, compute: Set<String> = []) -> [Action] {
    var actions = [
      Action("connect", [0], "Open a session."),
      Action("read", [depth], "Read rows of tables and views."),
      Action("write", [depth], "Insert, update, delete and truncate rows."),
      Action("create", 0..<depth, "Create objects in a container."),
      Action("own", 0...depth, "Own an object: alter and drop it, and grant on it."),
    ]
    if !compute.isEmpty { actions.append(Action("use", [], kinds: compute, "Use compute.")) }
    return actions
  }

  static let passwordMethod = Method("password", [.passwordSecret], "A user and a password.")

  /// Systems with `system/schema/object`, or `system/database/schema/object` below a server.
  static let sqlDatabases: [SystemType] = [
    SystemType(
      "postgres", "PostgreSQL", levels: ["schema", "object"], actions: sqlActions(depth: 2),
      endpoint: [.host(), .port(5432), .text("database", required: true, "The database."), .tls, .tlsRoot],
      session: [.schema],
      methods: [
        Method(
          "password",
          [
            .passwordSecret,
            .text("client_certificate", impact: .secret, "The path of a client certificate, shown beside the password."),
            .text("client_key", impact: .secret, "The path of the certificate's key."),
          ], "A user and a password."),
        Method(
          "certificate",
          [
            .text("client_certificate", required: true, impact: .secret, "The path of the client certificate."),
            .text("client_key", required: true, impact: .secret, "The path of its key."),
          ], "A client certificate alone."),
      ], defaultMethod: "password"),
    SystemType(
      "duckdb", "DuckDB", levels: ["schema", "object"], foldsCase: true, actions: sqlActions(depth: 2),
      endpoint: [
        .text("path", default: ":memory:", "The database file, `:memory:`, or `md:<database>` for MotherDuck.")
      ],
      session: [
        .schema,
        .texts("extensions", impact: .meaning, "Extensions to load."),
        .table("settings", impact: .meaning, "DuckDB settings."),
        Field("attach", .list(.record(.duckdbAttachment)), impact: .destination, "Further databases to attach."),
        Field(
          "secrets", .list(.record(.duckdbSecret)), impact: .secret, "Secrets of DuckDB's secrets manager, such as those of an S3 bucket."),
      ],
      methods: [
        Method("none", account: false, "The file's permissions decide."),
        Method(
          "motherduck", [.secret("motherduck_token", required: true, "MotherDuck's access token.")], account: false, "A MotherDuck token."),
      ], defaultMethod: "none"),
    SystemType(
      "sqlserver", "SQL Server", levels: ["schema", "object"], foldsCase: true, actions: sqlActions(depth: 2),
      endpoint: [
        .host(), .port(1433), .text("database", required: true, "The database."),
        .text("driver", default: "ODBC Driver 18 for SQL Server", "The ODBC driver's name."),
        .flag("encrypt", default: "true", "Whether the connection is encrypted."),
        .flag("trust_server_certificate", default: "false", "Whether the server's certificate is taken without verifying it."),
      ],
      session: [.schema], methods: microsoftMethods, defaultMethod: "password"),
    SystemType(
      "fabric", "Microsoft Fabric warehouse", levels: ["schema", "object"], foldsCase: true, actions: sqlActions(depth: 2),
      endpoint: [
        .host("The warehouse's SQL endpoint."), .text("database", required: true, "The warehouse."),
      ],
      session: [.schema], methods: microsoftMethods, defaultMethod: "service_principal"),
  ]

  private static let microsoftMethods = [
    passwordMethod,
    Method("windows", account: false, "The Windows identity of the process."),
    Method("azure_cli", account: false, "Who is logged in to the Azure CLI."),
    Method(
      "service_principal",
      [
        .text("tenant_id", required: true, impact: .identity, "Entra ID's tenant."),
        .text("client_id", required: true, impact: .identity, "The application's id."),
        .secret("client_secret", required: true, "The application's secret."),
      ], account: false, "An Entra ID application."),
  ]
}

extension RecordShape {
  static let duckdbAttachment = RecordShape(
    "attachment", "A database to attach.",
    [
      .text("path", required: true, "The file or URL."),
      .text("alias", "The name under which it is attached."),
      .text("type", "Its type, where it is no DuckDB file."),
      .flag("read_only", default: "false", "Whether writing to it is refused."),
    ])
  static let duckdbSecret = RecordShape(
    "DuckDB secret", "A secret of DuckDB's secrets manager.",
    [
      Field("type", .scalar(.choice(["s3", "gcs", "r2", "azure", "http", "huggingface"])), required: true, impact: .secret, "Its type."),
      .text("name", impact: .none, "Its name in DuckDB."),
      .text("scope", impact: .secret, "The prefix of URLs that it is for."),
      .text("region", "The region."),
      .text("endpoint", "The endpoint, where it is not the type's own."),
      .choice("url_style", ["vhost", "path"], "How buckets are addressed."),
      .flag("use_ssl", "Whether TLS is used."),
      .secret("key_id", "The access key's id."),
      .secret("secret", "The secret access key."),
      .secret("session_token", "The session's token."),
      .secret("connection_string", "The connection string."),
      .secret("bearer_token", "The bearer token."),
      .secret("token", "The token."),
    ])
}

import PolicyCompiler

extension DbtAdapter {
  /// https://docs.getdbt.com/docs/core/connect-data-platform/databricks-setup
  static let databricks = DbtAdapter(
    "databricks",
    keys: [.setting("host"), .setting("http_path"), .setting("catalog"), .schema("schema"), .threads, .credentials],
    methods: [
      "token": .keys([.setting("token")]),
      "oauth": .keys([.constant("auth_type", .string("oauth"))]),
      "client_credentials": .keys([.constant("auth_type", .string("oauth")), .setting("client_id"), .setting("client_secret")]),
      "azure_client_credentials": .keys([
        .constant("auth_type", .string("oauth")), .setting("azure_client_id"), .setting("azure_client_secret"),
      ]),
      "oidc_env": .keys([.constant("auth_type", .string("env-oidc")), .setting("client_id")]),
      "oidc_file": .keys([
        .constant("auth_type", .string("file-oidc")), .setting("client_id"), .setting("oidc_token_filepath", from: "oidc_token_file"),
      ]),
    ],
    options: [
      .connectRetries, .connectTimeout, .integer("connect_max_idle", "Seconds after which an idle connection is closed."), .retryAll,
      .entries("session_properties", "Session properties."), .string("query_tags", "Tags of every query, as JSON."),
    ],
    check: { output in
      if let variable = output.text("oidc_token_env"), variable != "DATABRICKS_OIDC_TOKEN" {
        output.refuse("it reads the token from `DATABRICKS_OIDC_TOKEN`, and from no other variable", setting: "oidc_token_env")
      }
      output.refuseDots(in: "schema")
    })

  /// https://docs.getdbt.com/docs/core/connect-data-platform/trino-setup
  static let trino = DbtAdapter(
    "trino",
    keys: [
      .setting("host"), .setting("port"), .credentials, .setting("database", from: "catalog"), .schema("schema"), .threads,
      .role("roles", trinoRoles),
      .setting("session_properties"), .setting("cert", from: "tls_root_certificate"),
    ],
    methods: [
      "none": .keys([.constant("method", .string("none")), .account("user"), .setting("http_scheme")]),
      "ldap": .keys([.constant("method", .string("ldap")), .account("user"), .setting("password")]),
      "jwt": .keys([.constant("method", .string("jwt")), .setting("jwt_token", from: "token")]),
      "certificate": .keys([
        .constant("method", .string("certificate")), .setting("client_certificate"), .setting("client_private_key", from: "client_key"),
      ]),
      "kerberos": .keys([
        .constant("method", .string("kerberos")), .account("user"), .setting("keytab"), .setting("krb5_config"),
        .setting("principal", from: "kerberos_principal"),
      ]),
      "oauth": .keys([.constant("method", .string("oauth"))]),
    ],
    options: [
      .retries, .boolean("prepared_statements_enabled", "Whether seeds use prepared statements."),
      .string("timezone", "The session's time zone."),
      .strings("client_tags", "Tags of every query."),
      .boolean("suppress_cert_warning", "Whether warnings about certificates are left out."),
      .entries("session_properties", "Session properties, where the connection has none."),
    ],
    check: { output in
      // With every other method the adapter's scheme is https, whatever a profile says.
      guard output.connection.method.name != "none", let scheme = output.text("http_scheme"), scheme == "http" else { return }
      output.refuse("it speaks plain HTTP only with `auth: none`", setting: "http_scheme")
    })

  /// https://docs.getdbt.com/docs/core/connect-data-platform/athena-setup
  static let athena = DbtAdapter(
    "athena",
    keys: [
      .setting("region_name", from: "region"), .setting("database", from: "catalog"), .schema("schema"), .threads,
      .setting("s3_staging_dir"),
      .setting("s3_data_dir"), .setting("work_group"), .credentials,
    ],
    methods: [
      "ambient": .keys([]),
      "profile": .keys([.setting("aws_profile_name")]),
      "access_key": .keys([
        .setting("aws_access_key_id", from: "access_key_id"), .setting("aws_secret_access_key", from: "secret_access_key"),
        .setting("aws_session_token", from: "session_token"),
      ]),
      "assume_role": .keys([.setting("assume_role_arn", from: "role_arn"), .setting("assume_role_external_id", from: "external_id")]),
    ],
    options: [
      .oneOf(
        "s3_data_naming", ["unique", "table", "table_unique", "schema_table", "schema_table_unique"], "How tables' folders are named."),
      .integer("num_retries", in: 0...1000, "How often a query is tried again."),
      .integer("num_boto3_retries", in: 0...1000, "How often a call of AWS is tried again."),
      .integer("num_iceberg_retries", in: 0...1000, "How often an Iceberg commit is tried again."),
      .integer("poll_interval", in: 1...3600, "Seconds between looks at a query."),
      .boolean("debug_query_state", "Whether the state of queries is logged."),
      .boolean("skip_workgroup_check", "Whether the work group's settings are not read."),
      .string("spark_work_group", "The work group of Python models."),
      .string("assume_role_session_name", "What the session of the assumed role is called."),
      .integer("assume_role_duration_seconds", in: 900...43200, "How long the session of the assumed role lasts."),
    ],
    check: { output in
      let it = output.connection
      if it["s3_staging_dir"] == nil, it["work_group"] == nil {
        output.need("s3_staging_dir` or `work_group", of: "system `\(it.system)`", because: "Athena must know where results go")
      }
    })

  /// The roles of a session, catalog → role: those that are given, else the connection's role in the catalog.
  private static let trinoRoles: @Sendable (inout DbtOutputBuilder) -> YAML? = { output in
    let given = output.take("trino_roles")
    guard let role = output.connection.role else { return given }
    // The client sends these as they are, and every other name as `ROLE{name}`: trino/client.py, `_format_roles`.
    if role == "ALL" || role == "NONE" || role.hasPrefix("ROLE{") { output.refuse("`\(role)` as a role means something else to Trino") }
    guard case .table(let entries)? = output.connection["trino_roles"] else {
      return output.text("catalog").map { .mapping([.init($0, output.literal(role, "role"))]) }
    }
    if let other = entries.first(where: { $0.value != .text(role) && $0.value != .text("NONE") }), case .text(let name) = other.value {
      output.refuse("the session is held to `\(role)`, so it cannot have `\(name)` in `\(other.name)`", setting: "trino_roles")
    }
    return given
  }
}

extension DbtOutputBuilder {
  /// dbt-databricks takes a dot in a schema for a mistaken catalog.
  fileprivate mutating func refuseDots(in field: String) {
    let name = options[.schema]?.text ?? connection.text(field)
    if let name, name.contains(".") {
      refuse("a schema's name has no dot in it; the catalog is the system's or the connection's `catalog`")
    }
  }
}

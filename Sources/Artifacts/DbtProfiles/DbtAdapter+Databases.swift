import PolicyCompiler

extension DbtAdapter {
  /// https://docs.getdbt.com/docs/core/connect-data-platform/postgres-setup
  static let postgres = DbtAdapter(
    "postgres",
    keys: [
      .setting("host"), .setting("port"), .credentials, .setting("dbname", from: "database"), .schema("schema"), .threads,
      .role("role", setRole),
      .made("sslmode", sslMode), .setting("sslrootcert", from: "tls_root_certificate"), .setting("sslcert", from: "client_certificate"),
      .setting("sslkey", from: "client_key"),
    ],
    methods: [
      "password": .keys([.account("user"), .setting("password")]),
      "certificate": .refused(
        "it wants a password even where a certificate would do; with `auth: password` a certificate may stand beside it"),
    ],
    options: [
      .connectTimeout, .retries, .integer("keepalives_idle", "Seconds of silence before a keepalive; 0 for the system's own."),
      .string("search_path", "The search path of the session."), .string("application_name", "What the session calls itself."), .autocommit,
    ])

  /// https://docs.getdbt.com/docs/core/connect-data-platform/duckdb-setup
  static let duckdb = DbtAdapter(
    "duckdb",
    keys: [
      .setting("path"), .schema("schema", required: false), .threads, .credentials, .setting("extensions"),
      .made("settings", duckdbSettings),
      .made("secrets", duckdbSecrets), .made("attach", duckdbAttachments),
    ],
    methods: ["none": .keys([]), "motherduck": .keys([.setting("motherduck_token")])],
    options: [
      .string("external_root", "Where external models go."), .boolean("keep_open", "Whether the database stays open between commands."),
      .boolean("disable_transactions", "Whether dbt works without transactions."),
      .strings("module_paths", "Paths of Python modules for plugins."),
      .boolean("is_ducklake", "Whether the database is a DuckLake."),
    ])

  /// https://docs.getdbt.com/docs/core/connect-data-platform/mssql-setup
  static let sqlServer = DbtAdapter(
    "sqlserver",
    keys: [
      .setting("driver"), .setting("server", from: "host"), .setting("port"), .setting("database"), .schema("schema"), .threads,
      .credentials,
      .setting("encrypt"), .setting("trust_cert", from: "trust_server_certificate"),
    ],
    methods: [
      "password": .keys([.account("user"), .setting("password")]),
      "windows": .keys([.constant("windows_login", .boolean(true))]),
      "azure_cli": .keys([.constant("authentication", .string("CLI"))]),
      "service_principal": .keys([
        .constant("authentication", .string("ServicePrincipal")), .setting("tenant_id"), .setting("client_id"), .setting("client_secret"),
      ]),
    ],
    options: microsoftOptions + [.boolean("xact_abort", "Whether an error rolls the whole transaction back.")])

  /// https://docs.getdbt.com/docs/core/connect-data-platform/fabric-setup
  static let fabric = DbtAdapter(
    "fabric",
    keys: [.setting("server", from: "host"), .setting("database"), .schema("schema"), .threads, .credentials],
    methods: [
      // Without `authentication` it leaves user and password aside: fabric_connection_manager.py, `open`.
      "password": .keys([.constant("authentication", .string("ActiveDirectoryPassword")), .account("user"), .setting("password")]),
      "windows": .refused(
        "it reads `windows_login`, and then logs in with whatever Azure credential it finds; use `azure_cli` or `service_principal`"),
      "azure_cli": .keys([.constant("authentication", .string("CLI"))]),
      "service_principal": .keys([
        .constant("authentication", .string("ServicePrincipal")), .setting("tenant_id"), .setting("client_id"), .setting("client_secret"),
      ]),
    ],
    options: microsoftOptions + [.integer("lock_timeout", "Milliseconds to wait for a lock.")])

  private static let microsoftOptions: [Field] = [
    .retries, .integer("login_timeout", "Seconds to wait for a login; 0 for the driver's own."),
    .integer("query_timeout", "Seconds to wait for a query; 0 for ever."),
    .string("schema_authorization", "Who owns the schemas that dbt makes."),
    .boolean("trace_flag", "Whether the driver writes a trace."),
  ]
}

extension Field {
  static let connectTimeout = integer("connect_timeout", "Seconds to wait for a connection.")
  static let retries = integer("retries", in: 0...1000, "How often dbt tries again.")
  static let retryAll = boolean("retry_all", "Whether dbt tries again after every kind of error.")
  static let connectRetries = integer("connect_retries", in: 0...1000, "How often dbt tries again to connect.")
  static let autocommit = boolean("autocommit", "Whether each statement commits by itself.")
}

extension DbtAdapter {
  /// Writ's names for libpq's modes; https://www.postgresql.org/docs/current/libpq-ssl.html
  static let sslMode: @Sendable (inout DbtOutputBuilder) -> YAML? = { output in
    output.text("tls").map { .string($0 == "verify_ca" ? "verify-ca" : $0 == "verify_full" ? "verify-full" : $0) }
  }

  /// dbt writes the role as it stands into `set role …`, so a name that SQL would read otherwise comes with its quotes.
  static let setRole: @Sendable (inout DbtOutputBuilder) -> YAML? = { output in
    guard let role = output.connection.role else { return nil }
    if role == "none" {
      output.refuse("`set role none` would leave the session all that its account has")
      return nil
    }
    let text = SQLName.isPlain(role) ? role : "\"" + role.replacing(bytes: "\"", with: "\"\"") + "\""
    return output.literal(text, "role")
  }

  // MARK: DuckDB

  private static let duckdbSettings: @Sendable (inout DbtOutputBuilder) -> YAML? = { output in
    for secret in ["motherduck_token", "s3_access_key_id", "s3_secret_access_key", "s3_session_token"] {
      guard case .table(let entries)? = output.connection["settings"], entries.contains(where: { $0.name.lowercased() == secret }) else {
        continue
      }
      output.report(.secretSetting(secret, at: output.connection.span(of: "settings")))
    }
    return output.take("settings")
  }

  /// Each secret's fields are named after its own name where it has one, else after its place in the list.
  private static let duckdbSecrets: @Sendable (inout DbtOutputBuilder) -> YAML? = { output in
    guard case .list(let items)? = output.connection["secrets"] else { return nil }
    output.markUsed("secrets")
    var all: [YAML] = []
    for (index, item) in items.enumerated() {
      guard case .table(let entries) = item else { continue }
      let name = entries.name("name")
      if let name { output.checkName(name, "secrets") }
      all.append(output.yaml(item, field: "secrets.\(name ?? String(index + 1))"))
    }
    return .list(all)
  }

  private static let duckdbAttachments: @Sendable (inout DbtOutputBuilder) -> YAML? = { output in
    guard case .list(let items)? = output.connection["attach"] else { return nil }
    for case .table(let entries) in items {
      for field in ["alias", "type"] { if let name = entries.name(field) { output.checkName(name, "attach") } }
    }
    return output.take("attach")
  }
}

extension [ResolvedConnection.Value.Entry] {
  fileprivate func name(_ field: String) -> String? {
    if case .text(let text)? = first(where: { $0.name == field })?.value { text } else { nil }
  }
}

extension DbtOutputBuilder {
  /// dbt-duckdb writes these names into SQL without quotes.
  fileprivate mutating func checkName(_ name: String, _ setting: String) {
    if !SQLName.isIdentifier(name) {
      refuse("it writes `\(name)` into SQL as it stands, where only letters, digits and `_` can stand", setting: setting)
    }
  }
}

extension Diagnostic {
  fileprivate static func secretSetting(_ name: String, at span: SourceSpan) -> Self {
    Self(
      .literalSecret, "`\(name)` is a secret, and `settings` holds no references", at: span,
      notes: [.init("its value is not repeated here; if it was a real one and has been pushed, replace it")],
      help: name == "motherduck_token"
        ? "write `auth: motherduck` and `motherduck_token: ref+vault://mount/path#/token`" : "write it under `secrets`, as a reference")
  }
}

import PolicyCompiler

extension AirflowMapping {
  /// `PostgresHook`: whatever is in `extra` goes to libpq, but its SQLAlchemy engine takes only `sqlalchemy_query`.
  /// https://airflow.apache.org/docs/apache-airflow-providers-postgres/stable/connections/postgres.html
  static func postgres(_ draft: inout AirflowDraft) {
    draft.row = AirflowConnection("postgres")
    draft.row.host = draft.text("host")
    draft.row.port = draft.integer("port")
    draft.row.schema = draft.text("database")
    draft.row.login = .text(draft.source.account)
    draft.row.password = draft.value("password")
    if let mode = draft.text("tls") { draft.row["sslmode"] = .text(mode.replacing("_", with: "-")) }
    draft.extra("sslrootcert", from: "tls_root_certificate")
    draft.extra("sslcert", from: "client_certificate")
    draft.extra("sslkey", from: "client_key")

    var options: [String] = []
    if let role = draft.source.role {
      if role == "none" { draft.refuseRole("to PostgreSQL it is no role at all, and leaves the session all that its account has") }
      options.append("-c role=" + escaped(role))
      draft.setsRole = true
    }
    if let schema = draft.text("schema") { options.append("-c search_path=" + escaped(SQLName.isPlain(schema) ? schema : quoted(schema))) }
    if !options.isEmpty { draft.row["options"] = .text(options.joined(separator: " ")) }

    let query = draft.row.extra.sorted { $0.key < $1.key }.map { ResolvedConnection.Value.Entry($0.key, $0.value) }
    if !query.isEmpty { draft.row["sqlalchemy_query"] = .table(query) }
  }

  /// Libpq's `options` are split at white space, and `\` quotes: https://www.postgresql.org/docs/current/libpq-connect.html
  private static func escaped(_ text: String) -> String {
    text.replacing(bytes: "\\", with: "\\\\").replacing(bytes: " ", with: "\\ ")
  }

  /// `search_path` is a list of identifiers: unquoted ones are folded.
  private static func quoted(_ name: String) -> String { "\"" + name.replacing(bytes: "\"", with: "\"\"") + "\"" }

  /// `RedshiftSQLHook`: `extra` goes to redshift_connector, which encrypts always and verifies the authority at least.
  /// https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/connections/redshift.html
  static func redshift(_ draft: inout AirflowDraft) {
    draft.row = AirflowConnection("redshift")
    draft.row.host = draft.text("host")
    draft.row.port = draft.integer("port")
    draft.row.schema = draft.text("database")
    switch draft.text("tls") {
    case nil: break
    case "disable": draft.row["ssl"] = false
    case "verify_full": draft.row["sslmode"] = "verify-full"
    case "verify_ca": draft.row["sslmode"] = "verify-ca"
    case let mode?:
      draft.row["sslmode"] = "verify-ca"
      draft.warnOfStricter("tls", "Redshift's driver knows no `\(mode)`: it encrypts and verifies the authority (`verify_ca`)")
    }
    switch draft.method {
    case "password":
      draft.row.login = .text(draft.source.account)
      draft.row.password = draft.value("password")
      draft.leave("region", "cluster_id", "is_serverless", "serverless_workgroup", "serverless_account_id")
    case "iam":
      draft.row["iam"] = true
      draft.extra("region", from: "region")
      if draft.flag("is_serverless") {
        draft.row["is_serverless"] = true
        draft.extra("serverless_work_group", from: "serverless_workgroup")
        draft.extra("serverless_acct_id", from: "serverless_account_id")
        draft.leave("cluster_id")
        if draft.row["serverless_work_group"] == nil {
          draft.refuse("is_serverless", "its hook asks for the workgroup", help: "set `serverless_workgroup` for `\(draft.source.system)`")
        }
      } else {
        draft.row.login = .text(draft.source.account)
        draft.row["db_user"] = .text(draft.source.account)
        draft.extra("cluster_identifier", from: "cluster_id")
        if draft.row["cluster_identifier"] == nil {
          draft.refuseMethod("its driver asks for the cluster", help: "set `cluster_id` for `\(draft.source.system)`")
        }
        draft.leave("serverless_workgroup", "serverless_account_id")
      }
    default: draft.refuseMethod("its hook takes a password, or IAM for a database user")
    }
  }

  /// `TrinoHook`. https://airflow.apache.org/docs/apache-airflow-providers-trino/stable/connections.html
  static func trino(_ draft: inout AirflowDraft) {
    draft.row = AirflowConnection("trino")
    draft.row.host = draft.text("host")
    draft.row.port = draft.integer("port")
    draft.row.schema = draft.text("schema")
    draft.extra("catalog", from: "catalog")
    draft.extra("protocol", from: "http_scheme")
    draft.extra("verify", from: "tls_root_certificate")
    draft.extra("session_properties", from: "session_properties")
    trinoRoles(&draft)
    if draft.source.method.hasAccount { draft.row.login = .text(draft.source.account) }
    switch draft.method {
    case "none": break
    case "ldap": draft.row.password = draft.value("password")
    case "jwt":
      draft.row["auth"] = "jwt"
      draft.extra("jwt__token", from: "token")
    case "certificate":
      draft.row["auth"] = "certs"
      draft.extra("certs__client_cert_path", from: "client_certificate")
      draft.extra("certs__client_key_path", from: "client_key")
    case "kerberos": draft.refuseMethod("its hook takes the worker's ticket, and no `keytab`")
    default: draft.refuseMethod("its hook does not sign in through a browser")
    }
  }
}

extension AirflowMapping {
  /// The roles of a session, catalog → role: those that are given, else the connection's role in the catalog.
  private static func trinoRoles(_ draft: inout AirflowDraft) {
    let given = draft.entries("trino_roles")
    if !given.isEmpty { draft.row["roles"] = .table(given) }
    guard let role = draft.source.role else { return }
    draft.setsRole = true
    // The client sends these as they are, and every other name as `ROLE{name}`: trino/client.py, `_format_roles`.
    if role == "ALL" || role == "NONE" || role.hasPrefix("ROLE{") {
      draft.refuseRole("to Trino it means something else than a role's name")
    }
    if let other = given.first(where: { $0.value != .text(role) && $0.value != "NONE" }), case .text(let name) = other.value {
      draft.refuse("trino_roles", "the session is held to `\(role)`, so it cannot have `\(name)` in `\(other.name)`")
    }
    if given.isEmpty, let catalog = draft.text("catalog") { draft.row["roles"] = .table([.init(catalog, .text(role))]) }
  }
}

extension ResolvedConnection.Value: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral {
  package init(stringLiteral value: String) { self = .text(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
}

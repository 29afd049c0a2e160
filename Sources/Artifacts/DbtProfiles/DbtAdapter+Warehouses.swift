import PolicyCompiler

extension DbtAdapter {
  /// https://docs.getdbt.com/docs/core/connect-data-platform/snowflake-setup
  static let snowflake = DbtAdapter(
    "snowflake",
    keys: [
      .made("account", snowflakeAccount), .credentials,
      .role("role") { output in output.connection.role.map { output.literal($0, "role") } },
      .setting("database"), .setting("warehouse"), .schema("schema"), .threads, .setting("host"),
    ],
    methods: [
      "password": .keys([.account("user"), .setting("password")]),
      "password_mfa": .keys([.account("user"), .setting("password"), .constant("authenticator", .string("username_password_mfa"))]),
      "key_pair": .keys([.account("user"), .setting("private_key"), .setting("private_key_path"), .setting("private_key_passphrase")]),
      "sso": .keys([.account("user"), .constant("authenticator", .string("externalbrowser"))]),
      "oauth": .keys([
        .account("user"), .constant("authenticator", .string("oauth")), .setting("token"), .setting("oauth_client_id"),
        .setting("oauth_client_secret"),
      ]),
      "jwt": .keys([.constant("authenticator", .string("jwt")), .setting("token")]),
      "access_token": .keys([.account("user"), .constant("authenticator", .string("programmatic_access_token")), .setting("token")]),
      "workload_identity": .keys([
        .constant("authenticator", .string("workload_identity")), .setting("workload_identity_provider"), .setting("token"),
      ]),
    ],
    options: [
      .string("query_tag", "The tag of every query."),
      .boolean("client_session_keep_alive", "Whether sessions live on after four idle hours."), .connectRetries,
      .connectTimeout, .boolean("retry_on_database_errors", "Whether dbt tries again after a database error."), .retryAll,
      .boolean("reuse_connections", "Whether dbt keeps connections between models."),
    ],
    check: { output in
      let it = output.connection
      switch it.method.name {
      case "key_pair" where it["private_key"] != nil && it["private_key_path"] != nil:
        output.refuse("it takes the key or its path, not both", setting: "private_key_path")
      case "oauth" where (it["oauth_client_id"] == nil) != (it["oauth_client_secret"] == nil):
        output.need(
          it["oauth_client_id"] == nil ? "oauth_client_id" : "oauth_client_secret", of: "connection `\(it.name)`",
          because: "with both of them `token` is a refresh token, without either an access token")
      case "workload_identity" where it.text("workload_identity_provider") == "OIDC" && it["token"] == nil:
        output.need("token", of: "connection `\(it.name)`", because: "with OIDC, dbt does not fetch the token itself")
      default: break
      }
    })

  /// https://docs.getdbt.com/docs/core/connect-data-platform/redshift-setup
  static let redshift = DbtAdapter(
    "redshift",
    keys: [
      .setting("host"), .setting("port"), .credentials, .setting("dbname", from: "database"), .schema("schema"), .threads,
      .role("role", setRole),
      .made("sslmode", sslMode), .setting("region"), .setting("cluster_id"), .setting("is_serverless"),
      .setting("serverless_work_group", from: "serverless_workgroup"), .setting("serverless_acct_id", from: "serverless_account_id"),
    ],
    methods: [
      "password": .keys([.account("user"), .setting("password")]),
      "iam": .keys([
        .constant("method", .string("iam")), .account("user"), .setting("iam_profile"), .setting("db_groups"), .setting("autocreate"),
      ]),
      "iam_role": .keys([.constant("method", .string("iam_role")), .setting("iam_profile")]),
      "identity_center_browser": .keys([
        .constant("method", .string("browser_identity_center")), .setting("idc_region"), .setting("issuer_url"),
      ]),
      "identity_center_token": .keys([
        .constant("method", .string("oauth_token_identity_center")),
        .mapping("token_endpoint", tokenEndpoint + [.setting("idp_auth_credentials")]),
      ]),
    ],
    options: [
      .connectTimeout, .retries, .retryAll, .autocommit, .boolean("ra3_node", "Whether sources may lie in other databases."),
      .boolean("datasharing", "Whether data shares are used."), .string("query_group", "The query group for workload management."),
      .boolean("tcp_keepalive", "Whether the connection is kept alive."),
      .integer("tcp_keepalive_idle", "Seconds of silence before a keepalive."),
      .integer("tcp_keepalive_interval", "Seconds between keepalives."),
      .integer("tcp_keepalive_count", "Keepalives without an answer before giving up."),
      .integer("idp_listen_port", in: 1...65535, "The local port that the browser comes back to."),
      .integer("idp_response_timeout", "Seconds to wait for the browser."),
      .string("idc_client_display_name", "What the browser shows as the client."),
      .boolean("allow_concurrent_drops", "Whether relations are dropped side by side."),
      .boolean("drop_without_cascade", "Whether dropping leaves out `cascade`."),
    ],
    check: { output in
      let it = output.connection
      let isServerless = it.boolean("is_serverless") == true || it.text("host")?.contains("serverless") == true
      switch it.method.name {
      case "iam" where !isServerless && it["cluster_id"] == nil, "iam_role" where !isServerless && it["cluster_id"] == nil:
        output.need(
          "cluster_id", of: "system `\(it.system)`",
          because: "temporary credentials are asked for by the cluster's identifier, where it is not serverless")
      case "identity_center_browser":
        for field in ["idc_region", "issuer_url"] where it[field] == nil {
          output.need(field, of: "connection `\(it.name)`", because: "`auth: identity_center_browser` does not work without it")
        }
      case "identity_center_token" where it.text("token_type") == "okta" && it["idp_auth_credentials"] == nil:
        output.need(
          "idp_auth_credentials", of: "connection `\(it.name)`", because: "Okta's token endpoint asks for the client's credentials")
      case "identity_center_token" where it.text("token_type") == "entra" && it["idp_auth_credentials"] != nil:
        output.refuse("with Entra ID it leaves `idp_auth_credentials` aside", setting: "idp_auth_credentials")
      default: break
      }
    })

  /// https://docs.getdbt.com/docs/core/connect-data-platform/bigquery-setup
  static let bigQuery = DbtAdapter(
    "bigquery",
    keys: [.setting("project"), .schema("dataset"), .threads, .setting("execution_project"), .setting("location"), .credentials],
    methods: [
      "service_account_file": .keys([.constant("method", .string("service-account")), .setting("keyfile")]),
      "service_account": .keys([.constant("method", .string("service-account-json")), .mapping("keyfile_json", keyFile)]),
      "oauth": .keys([.constant("method", .string("oauth")), .setting("impersonate_service_account")]),
      "oauth_secrets": .keys([
        .constant("method", .string("oauth-secrets")), .setting("token"), .setting("refresh_token"), .setting("client_id"),
        .setting("client_secret"),
        .setting("token_uri"),
      ]),
      "workload_identity": .keys([
        .constant("method", .string("external-oauth-wif")), .setting("workload_pool_provider_path"),
        .setting("service_account_impersonation_url"),
        .mapping("token_endpoint", tokenEndpoint),
      ]),
    ],
    options: [
      .string("location", "Where jobs run and data sets are made, where the system does not say."),
      .oneOf("priority", ["interactive", "batch"], "How jobs are queued."),
      .integer("maximum_bytes_billed", in: 0...Int.max, "Queries that would bill more fail."),
      .integer("job_execution_timeout_seconds", "Seconds to wait for a job."),
      .integer("job_creation_timeout_seconds", "Seconds to wait for a job to begin."),
      .integer("job_retries", in: 0...1000, "How often a job is tried again."),
      .integer("job_retry_deadline_seconds", "Seconds after which a job is not tried again."),
      .boolean("job_link_info_level_log", "Whether the log shows a link to each job."),
      .string("quota_project", "The project whose quota is used."),
      .string("reservation", "The reservation that jobs run in."), .strings("scopes", "The scopes of access tokens."),
      .string("compute_region", "The region of Python models."), .string("dataproc_cluster_name", "The cluster of Python models."),
      .string("gcs_bucket", "The bucket of Python models."),
      .oneOf("submission_method", ["cluster", "serverless", "bigframes"], "How Python models run."),
    ],
    check: { output in
      let it = output.connection
      guard it.method.name == "workload_identity" else { return }
      if it.text("token_type") != "entra" { output.refuse("it fetches tokens from Entra ID only", setting: "token_type") }
      if it["idp_auth_credentials"] != nil { output.refuse("it has no place for `idp_auth_credentials`", setting: "idp_auth_credentials") }
    })

  private static let tokenEndpoint: [DbtKey] = [.setting("type", from: "token_type"), .setting("request_url"), .setting("request_data")]

  /// A key file as Google hands it out, its constants included; https://developers.google.com/workspace/guides/create-credentials
  private static let keyFile: [DbtKey] = [
    .constant("type", .string("service_account")), .setting("project_id", from: "project"), .setting("private_key_id"),
    .setting("private_key"),
    .setting("client_email"), .setting("client_id"), .constant("auth_uri", .string("https://accounts.google.com/o/oauth2/auth")),
    .constant("token_uri", .string("https://oauth2.googleapis.com/token")),
    .constant("auth_provider_x509_cert_url", .string("https://www.googleapis.com/oauth2/v1/certs")),
  ]

  /// An account's locator carries its region behind a dot.
  private static let snowflakeAccount: @Sendable (inout DbtOutputBuilder) -> YAML? = { output in
    guard let account = output.text("account") else { return nil }
    return output.literal(output.text("region").map { "\(account).\($0)" } ?? account, "account")
  }
}

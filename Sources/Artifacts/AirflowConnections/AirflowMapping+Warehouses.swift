import PolicyCompiler

extension AirflowMapping {
  /// `SnowflakeHook`. https://airflow.apache.org/docs/apache-airflow-providers-snowflake/stable/connections/snowflake.html
  static func snowflake(_ draft: inout AirflowDraft) {
    draft.row = AirflowConnection("snowflake")
    draft.row.schema = draft.text("schema")
    for name in ["account", "database", "host", "region", "warehouse"] { draft.extra(name, from: name) }
    if let role = draft.source.role {
      draft.row["role"] = .text(role)
      draft.setsRole = true
    }
    if draft.source.method.hasAccount { draft.row.login = .text(draft.source.account) }
    switch draft.method {
    case "password": draft.row.password = draft.value("password")
    case "password_mfa":
      draft.row.password = draft.value("password")
      draft.row["authenticator"] = "username_password_mfa"
      draft.row["client_request_mfa_token"] = true
    case "key_pair":
      draft.extra("private_key_content", from: "private_key")
      if draft.row["private_key_content"] == nil {
        draft.extra("private_key_file", from: "private_key_path")
      } else if draft.value("private_key_path") != nil {
        draft.refuse(
          "private_key_path", "its hook takes the key or its path, not both", help: "leave out `private_key_path` or `private_key`")
      }
      draft.row.password = draft.value("private_key_passphrase")
    case "sso": draft.row["authenticator"] = "externalbrowser"
    case "oauth":
      guard let client = draft.text("oauth_client_id"), let secret = draft.value("oauth_client_secret") else {
        return draft.refuseMethod(
          "its hook takes a refresh token of a client, and no access token",
          help: "set `oauth_client_id` and `oauth_client_secret`, and a refresh token as `token`")
      }
      draft.row.login = .text(client)
      draft.row.password = secret
      draft.row["authenticator"] = "oauth"
      draft.row["grant_type"] = "refresh_token"
      draft.extra("refresh_token", from: "token")
    case "access_token":
      draft.row.password = draft.value("token")
      draft.row["authenticator"] = "programmatic_access_token"
    case "workload_identity":
      draft.row["authenticator"] = "WORKLOAD_IDENTITY"
      draft.extra("workload_identity_provider", from: "workload_identity_provider")
      draft.extra("token", from: "token")
    default: draft.refuseMethod("its hook does not pass an external provider's token on")
    }
  }

  /// `BigQueryHook`. https://airflow.apache.org/docs/apache-airflow-providers-google/stable/connections/gcp.html
  static func bigquery(_ draft: inout AirflowDraft) {
    draft.row = AirflowConnection("gcpbigquery")
    draft.extra("project", from: "project")
    draft.extra("location", from: "location")
    // The hook's default is BigQuery's legacy dialect.
    draft.row["use_legacy_sql"] = false
    if let project = draft.text("execution_project"), project != draft.source.text("project") {
      draft.refuse("execution_project", "its hook has one project, which data is looked for and jobs are billed in")
    }
    switch draft.method {
    case "service_account_file": draft.extra("key_path", from: "keyfile")
    case "service_account":
      // The content of a key file: https://google.aip.dev/auth/4112
      let fields = ["client_email", "client_id", "private_key", "private_key_id"].compactMap { name in
        draft.value(name).map { ResolvedConnection.Value.Entry(name, $0) }
      }
      draft.row["keyfile_dict"] = .table(
        [.init("type", "service_account"), .init("token_uri", "https://oauth2.googleapis.com/token")] + fields)
    case "oauth": draft.extra("impersonation_chain", from: "impersonate_service_account")
    case "oauth_secrets": draft.refuseMethod("its hook takes keys of service accounts, not tokens")
    default: draft.refuseMethod("its hook takes the federation's configuration as a file, not from a connection")
    }
  }

  /// `DatabricksSqlHook`, and the other hooks of its provider.
  /// https://airflow.apache.org/docs/apache-airflow-providers-databricks/stable/connections/databricks.html
  static func databricks(_ draft: inout AirflowDraft) {
    draft.row = AirflowConnection("databricks")
    draft.row.host = draft.text("host")
    for name in ["catalog", "http_path", "schema"] { draft.extra(name, from: name) }
    switch draft.method {
    case "token": draft.row.password = draft.value("token")
    case "client_credentials":
      draft.row.login = draft.value("client_id")
      draft.row.password = draft.value("client_secret")
      draft.row["service_principal_oauth"] = true
    case "oidc_file":
      // What the hook calls Kubernetes' is the exchange of whichever OIDC token is in the file.
      draft.row["federated_k8s"] = true
      draft.extra("client_id", from: "client_id")
      draft.extra("k8s_projected_volume_token_path", from: "oidc_token_file")
    case "oidc_env": draft.refuseMethod("its hook takes an OIDC token from a file, and from no variable", help: "use `auth: oidc_file`")
    case "azure_client_credentials": draft.refuseMethod("its hook needs the tenant, which this way of authenticating does not say")
    default: draft.refuseMethod("its hook does not sign in through a browser")
    }
  }

  /// `AthenaSQLHook`, which takes its AWS credentials from its own connection.
  /// https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/connections/athena.html
  static func athena(_ draft: inout AirflowDraft) {
    draft.row = AirflowConnection("athena")
    draft.row.schema = draft.text("schema")
    draft.extra("region_name", from: "region")
    draft.extra("catalog_name", from: "catalog")
    draft.extra("work_group", from: "work_group")
    draft.extra("s3_staging_dir", from: "s3_staging_dir")
    // Where tables go is said by whoever creates them.
    draft.leave("s3_data_dir")
    awsCredentials(&draft)
  }
}

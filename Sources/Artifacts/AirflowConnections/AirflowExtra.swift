import PolicyCompiler

/// What an artifact adds to a connection's `extra` by hand: settings of a hook that say neither where it leads, nor as whom.
enum AirflowExtra {
  static func add(_ item: AirflowConnectionsOptions.Item, to draft: inout AirflowDraft, in request: ArtifactRequest) -> [Diagnostic] {
    var problems: [Diagnostic] = []
    for (key, node) in item.extra {
      let text = Placeholder.fill(node.text, principal: request.holderName, environment: draft.source.environment)
      if draft.row[key.text] != nil || isWrit(key.text, of: draft.row.type) {
        problems.append(.taken(key, draft.source))
      } else if text.hasPrefix("ref+") || text.hasPrefix("secretref+") {
        problems.append(.reference(at: node.span))
      } else if SecretLook.isSecret(name: key.text) || SecretLook.isSecret(value: text) {
        problems.append(.secretInVariable(key.text, at: node.span))
      } else if text.isEmpty {
        problems.append(.empty(key))
      } else if draft.row.type == "http", !HeaderName.isValid(key.text) {
        problems.append(.noHeader(key))
      } else {
        draft.row[key.text] = .text(text)
      }
    }
    return problems
  }

  /// Whether the hook takes from this entry what the connection in the policy decides: address, identity, role, encryption.
  private static func isWrit(_ key: String, of type: String) -> Bool {
    let key = key.lowercased()
    return (entries[type] ?? []).contains(key) || beginnings.contains { key.hasPrefix($0) }
  }

  /// Older names of a hook's own entries, and families of them.
  private static let beginnings = [
    "extra__", "assume_role", "aws_", "azure_", "certs__", "federated_", "jwt_", "k8s_", "kerberos_", "oauth_", "serverless_", "ssl",
  ]

  /// By connection type; each provider's hook and its driver say which there are.
  private static let entries: [String: Set<String>] = [
    "athena": [
      "catalog_name", "endpoint_url", "profile_name", "region_name", "role_arn", "s3_config_file", "s3_staging_dir", "schema_name",
      "service_config", "session", "session_kwargs", "verify", "work_group",
    ],
    "aws": [
      "endpoint_url", "profile", "profile_name", "region_name", "role_arn", "s3_config_file", "service_config", "session_kwargs", "verify",
    ],
    "databricks": [
      "access_token", "auth_type", "catalog", "client_id", "credentials_provider", "host", "http_path", "proxies", "schema",
      "server_hostname", "service_principal_oauth", "token", "use_azure_managed_identity", "use_default_azure_credential",
    ],
    "dbt_cloud": ["proxies"],
    "gcpbigquery": googleEntries, "google_cloud_platform": googleEntries,
    "http": [
      "authorization", "cert", "cookie", "host", "proxies", "proxy", "proxy-authorization", "srv_lookup", "trust_env", "verify",
      "verify_ssl",
    ],
    "postgres": [
      "channel_binding", "cluster-identifier", "dbname", "gssencmode", "host", "hostaddr", "iam", "options", "passfile", "password", "port",
      "redshift", "redshift-serverless", "requirepeer", "service", "servicefile", "sqlalchemy_query", "user", "workgroup-name",
    ],
    "redshift": [
      "access_key_id", "allow_db_user_override", "auto_create", "cluster_identifier", "credentials_provider", "database", "db_groups",
      "db_user", "endpoint_url", "force_lowercase", "group_federation", "host", "iam", "is_serverless", "password", "port", "profile",
      "region", "secret_access_key", "session_token", "user",
    ],
    "snowflake": [
      "account", "authenticator", "client_request_mfa_token", "database", "grant_type", "host", "insecure_mode", "ocsp_fail_open", "port",
      "private_key_content", "private_key_file", "proxy_host", "proxy_password", "proxy_port", "proxy_user", "refresh_token", "region",
      "role", "scope", "token", "token_endpoint", "token_file_path", "warehouse", "workload_identity_provider",
    ],
    "trino": ["auth", "catalog", "extra_credential", "impersonate_as_owner", "protocol", "roles", "session_properties", "verify"],
    "vault": [
      "auth_mount_point", "auth_type", "client_kwargs", "gcp_key_path", "gcp_keyfile_dict", "kubernetes_jwt_path", "kubernetes_role",
      "kv_engine_version", "radius_host", "radius_port", "region", "role_id", "use_tls",
    ],
  ]

  private static let googleEntries: Set<String> = [
    "client_id", "client_secret", "credential_config_file", "idp_extra_parameters", "idp_extra_params", "idp_issuer_url",
    "impersonation_chain", "is_anonymous", "key_path",
    "key_secret_name", "key_secret_project_id", "keyfile_dict", "location", "project", "quota_project_id", "scope", "use_legacy_sql",
  ]
}

extension Diagnostic {
  fileprivate static func taken(_ key: SyntaxNode, _ connection: ResolvedConnection) -> Self {
    Self(
      .invalidOption, "`\(key.text)` is for the connection `\(connection.name)` to decide", at: key.span,
      notes: [.init("it says where the connection leads, or as whom; every tool gets that from here", at: connection.span)],
      help: "change the connection, or its system")
  }

  fileprivate static func reference(at span: SourceSpan) -> Self {
    Self(
      .invalidOption, "`extra` takes texts, no references to secrets", at: span,
      help: "put the reference into a secret field of the connection")
  }

  fileprivate static func noHeader(_ key: SyntaxNode) -> Self {
    Self(
      .invalidOption, "`\(key.text)` cannot be a header", at: key.span,
      notes: [.init("the hook sends every entry of an HTTP connection's `extra` as a header; names have no white space and no `:`")],
      help: "write for instance `X-Tenant`")
  }

  fileprivate static func empty(_ key: SyntaxNode) -> Self {
    Self(.invalidOption, "`\(key.text)` is empty", at: key.span, help: "give it a value, or take it out")
  }
}

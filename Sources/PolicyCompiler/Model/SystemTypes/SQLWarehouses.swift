extension SystemType {
  /// Warehouses with `system/database/schema/object`, and Redshift.
  static let sqlWarehouses: [SystemType] = [
    SystemType(
      "snowflake", "Snowflake", levels: ["database", "schema", "object"], kinds: ["warehouses": ["warehouse"]], foldsCase: true,
      actions: sqlActions(depth: 3, compute: ["warehouses"]),
      endpoint: [
        .text("account", required: true, "The account's identifier: `organisation-account`."),
        .text("database", required: true, "The database that sessions start in."),
        .text("warehouse", impact: .meaning, "The warehouse that sessions use."),
        .text("region", "The region, where the account's identifier is a locator."),
        .host(required: false, "The host, where it is not the account's own."),
      ],
      session: [
        .schema, .text("database", "The database that sessions start in, where it is not the system's."),
        .text("warehouse", impact: .meaning, "The warehouse that sessions use, where it is not the system's."),
      ],
      methods: [
        passwordMethod,
        Method("password_mfa", [.passwordSecret], "A password and a second factor, whose token is cached."),
        Method(
          "key_pair",
          [
            .secret("private_key", "The private key."),
            .text("private_key_path", impact: .secret, "The path of the private key where the tool runs."),
            .secret("private_key_passphrase", "The passphrase of the key."),
          ], alternatives: [["private_key"], ["private_key_path"]], "A key pair."),
        Method("sso", [], "Single sign-on in a browser."),
        Method(
          "oauth",
          [
            .secret("token", required: true, "The refresh token, or an access token where no client is named."),
            .text("oauth_client_id", impact: .identity, "The client's id."),
            .secret("oauth_client_secret", "The client's secret."),
          ], "OAuth."),
        Method(
          "jwt", [.secret("token", required: true, "The JSON web token.")], account: false, "A JSON web token of an external provider."),
        Method("access_token", [.secret("token", required: true, "The programmatic access token.")], "A programmatic access token."),
        Method(
          "workload_identity",
          [
            .choice("workload_identity_provider", ["AWS", "AZURE", "GCP", "OIDC"], required: true, "Who vouches for the workload."),
            .secret("token", "The OIDC token, where the provider is OIDC."),
          ], account: false, "The identity of the workload; no secret at all."),
      ], defaultMethod: "password"),
    SystemType(
      "redshift", "Amazon Redshift", levels: ["schema", "object"], foldsCase: true, actions: sqlActions(depth: 2),
      endpoint: [
        .host(), .port(5439), .text("database", required: true, "The database."), .tls,
        .text("region", "The AWS region."), .text("cluster_id", "The cluster's identifier, for temporary credentials."),
        .flag("is_serverless", "Whether it is a serverless workgroup."),
        .text("serverless_workgroup", "The workgroup."), .text("serverless_account_id", "The workgroup's AWS account."),
      ],
      session: [.schema],
      methods: [
        passwordMethod,
        Method(
          "iam",
          [
            .text("iam_profile", impact: .identity, "The AWS profile."),
            .texts("db_groups", impact: .meaning, "Database groups that the session joins."),
            .flag("autocreate", impact: .meaning, "Whether the user is created when it is missing."),
          ], "Temporary credentials for a database user through IAM."),
        Method(
          "iam_role", [.text("iam_profile", impact: .identity, "The AWS profile.")], account: false,
          "Temporary credentials for the IAM role itself."),
        Method(
          "identity_center_browser",
          [
            .text("idc_region", impact: .identity, "IAM Identity Center's region."),
            Field("issuer_url", .scalar(.url), impact: .identity, "IAM Identity Center's issuer."),
          ], account: false, "IAM Identity Center in a browser."),
        Method(
          "identity_center_token", tokenEndpoint, account: false, "A token of an external provider, exchanged by IAM Identity Center."),
      ], defaultMethod: "password"),
    SystemType(
      "bigquery", "BigQuery", levels: ["project", "dataset", "object"],
      actions: sqlActions(depth: 3) + [Action("run", [1], "Run jobs in a project.")],
      endpoint: [
        .text("project", required: true, "The project of the data."),
        .text("execution_project", "The project that jobs run in and are billed to."),
        .text("location", "The location of jobs and data sets."),
      ],
      session: [.schema],
      methods: [
        Method(
          "service_account_file", [.text("keyfile", required: true, impact: .secret, "The path of the key file where the tool runs.")],
          account: false,
          "A service account's key, in a file."),
        Method(
          "service_account",
          [
            .text("client_email", required: true, impact: .identity, "The service account's address."),
            .text("client_id", impact: .identity, "The service account's number."),
            .secret("private_key_id", "The key's id."),
            .secret("private_key", required: true, "The private key."),
          ], account: false, "A service account's key, by reference."),
        Method(
          "oauth", [.text("impersonate_service_account", impact: .identity, "The service account to act as.")], account: false,
          "Application default credentials, perhaps acting as a service account."),
        Method(
          "oauth_secrets",
          [
            .secret("token", "An access token."), .secret("refresh_token", "A refresh token."),
            .text("client_id", impact: .identity, "The client's id."), .secret("client_secret", "The client's secret."),
            Field("token_uri", .scalar(.url), impact: .destination, "Where tokens are refreshed."),
          ], alternatives: [["token"], ["refresh_token", "client_id", "client_secret", "token_uri"]], account: false, "OAuth tokens."),
        Method(
          "workload_identity",
          [
            .text("workload_pool_provider_path", required: true, impact: .identity, "The provider in the workload identity pool."),
            Field(
              "service_account_impersonation_url", .scalar(.url), impact: .identity, "The URL that yields the service account's token."),
          ] + tokenEndpoint, account: false, "Workload identity federation."),
      ], defaultMethod: "oauth"),
  ]

  /// Where a token for an exchange comes from.
  private static let tokenEndpoint: [Field] = [
    .choice("token_type", ["okta", "entra"], required: true, "Whose token it is."),
    Field("request_url", .scalar(.url), required: true, impact: .destination, "The provider's token endpoint."),
    .secret("request_data", required: true, "The request's body, which holds the client's secret."),
    .secret("idp_auth_credentials", "The client's credentials for Okta's basic authentication."),
  ]
}

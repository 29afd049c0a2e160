extension SystemType {
  /// Query engines over storage.
  static let lakehouses: [SystemType] = [
    SystemType(
      "databricks", "Databricks", levels: ["catalog", "schema", "object"], kinds: ["warehouses": ["warehouse"]], foldsCase: true,
      actions: sqlActions(depth: 3, compute: ["warehouses"]),
      endpoint: [
        .host("The workspace's host, without `https://`."),
        .text("http_path", required: true, "The HTTP path of the SQL warehouse or cluster."),
        .text("catalog", impact: .destination, "The catalog that sessions start in."),
      ],
      session: [
        .schema, .text("catalog", "The catalog that sessions start in, where it is not the system's."),
        .text("http_path", "The HTTP path, where it is not the system's."),
      ],
      methods: [
        Method(
          "token", [.secret("token", required: true, "The access token.")], account: false,
          "A personal or service principal's access token."),
        Method("oauth", account: false, "Single sign-on in a browser."),
        Method(
          "client_credentials",
          [
            .text("client_id", required: true, impact: .identity, "The service principal's application id."),
            .secret("client_secret", required: true, "Its OAuth secret."),
          ], account: false, "A service principal's OAuth secret."),
        Method(
          "azure_client_credentials",
          [
            .text("azure_client_id", required: true, impact: .identity, "The Entra ID application."),
            .secret("azure_client_secret", required: true, "Its secret."),
          ], account: false, "An Entra ID application."),
        Method(
          "oidc_env",
          [
            .text("client_id", required: true, impact: .identity, "The service principal's application id."),
            .text(
              "oidc_token_env", impact: .identity, default: "DATABRICKS_OIDC_TOKEN", "The environment variable that holds the OIDC token."),
          ], account: false, "An OIDC token in the environment."),
        Method(
          "oidc_file",
          [
            .text("client_id", required: true, impact: .identity, "The service principal's application id."),
            .text("oidc_token_file", required: true, impact: .identity, "The file that holds the OIDC token."),
          ], account: false, "An OIDC token in a file."),
      ], defaultMethod: "token"),
    SystemType(
      "trino", "Trino", levels: ["catalog", "schema", "object"], foldsCase: true, actions: sqlActions(depth: 3),
      endpoint: [
        .host(), .port(443), .text("catalog", required: true, "The catalog that sessions start in."),
        .choice("http_scheme", ["http", "https"], default: "https", "Plain HTTP goes only without authentication."),
        .text("tls_root_certificate", "The path of the certificates that the server is verified with."),
      ],
      session: [
        .schema, .table("trino_roles", impact: .meaning, "Catalog → role of the session."),
        .table("session_properties", impact: .meaning, "Session properties."),
      ],
      methods: [
        Method("none", [], "A user's name alone."),
        Method("ldap", [.passwordSecret], "A user and a password."),
        Method("jwt", [.secret("token", required: true, "The JSON web token.")], account: false, "A JSON web token."),
        Method(
          "certificate",
          [
            .text("client_certificate", required: true, impact: .secret, "The path of the client certificate."),
            .text("client_key", required: true, impact: .secret, "The path of its key."),
          ], account: false, "A client certificate."),
        Method(
          "kerberos",
          [
            .text("keytab", required: true, impact: .secret, "The path of the keytab."),
            .text("krb5_config", impact: .destination, "The path of krb5.conf."),
            .text("kerberos_principal", required: true, impact: .identity, "The Kerberos principal."),
          ], "Kerberos."),
        Method("oauth", account: false, "OAuth in a browser."),
      ], defaultMethod: "ldap"),
    SystemType(
      "athena", "Amazon Athena", levels: ["catalog", "database", "object"], foldsCase: true, actions: sqlActions(depth: 3),
      endpoint: [
        .text("region", required: true, "The AWS region."), .text("catalog", default: "awsdatacatalog", "The data catalog."),
        .text("work_group", impact: .meaning, "The work group."), .text("s3_staging_dir", "Where results go: an S3 URL."),
        .text("s3_data_dir", "Where tables go: an S3 URL."),
      ],
      session: [.schema],
      methods: [
        Method("ambient", account: false, "The AWS credentials of the process."),
        Method(
          "profile", [.text("aws_profile_name", required: true, impact: .identity, "The AWS profile.")], account: false,
          "A named AWS profile."),
        Method("access_key", accessKey, account: false, "An access key."),
        Method("assume_role", assumeRole, account: false, "An IAM role, from the credentials of the process."),
      ], defaultMethod: "ambient"),
  ]

  static let accessKey: [Field] = [
    .secret("access_key_id", required: true, "The access key's id."),
    .secret("secret_access_key", required: true, "The secret access key."),
    .secret("session_token", "The session's token."),
  ]

  static let assumeRole: [Field] = [
    .text("role_arn", required: true, impact: .identity, "The role's ARN."),
    .text("external_id", impact: .identity, "The external id that the role's trust policy asks for."),
  ]
}

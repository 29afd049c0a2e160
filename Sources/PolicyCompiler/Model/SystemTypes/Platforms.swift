extension SystemType {
  /// Schedulers and platforms with an API of their own.
  static let platforms: [SystemType] = [
    SystemType(
      "airflow", "Apache Airflow", levels: [],
      kinds: ["dags": ["dag"], "pools": ["pool"], "connections": ["connection"], "variables": ["variable"]],
      actions: [
        Action("view", [0], kinds: ["dags", "pools", "connections", "variables"], "See it."),
        Action("trigger", [], kinds: ["dags"], "Start runs."),
        Action("edit", [0], kinds: ["dags", "pools", "connections", "variables"], "Change it."),
        Action("use", [], kinds: ["pools", "connections", "variables"], "Use it from a task."),
      ],
      endpoint: [.url, .tokenEndpoint],
      methods: [
        Method("basic", [.passwordSecret], "A user and a password."),
        Method("token", [.secret("token", required: true, "The API's token.")], account: false, "A token of the API."),
        clientCredentials,
      ], defaultMethod: "token"),
    SystemType(
      "dbt_platform", "the dbt platform", levels: ["project", "object"], kinds: ["jobs": ["job"]],
      actions: [
        Action("view", 0...2, kinds: ["jobs"], "See it."), Action("trigger", [], kinds: ["jobs"], "Start a job."),
        Action("edit", 0...2, kinds: ["jobs"], "Change it."),
      ],
      endpoint: [
        .host("The access URL's host, such as `ab123.us1.dbt.com`."), .text("account_id", required: true, "The account's number."),
      ],
      methods: [Method("token", [.secret("token", required: true, "The service token.")], account: false, "A service token.")],
      defaultMethod: "token"),
    SystemType(
      "vault", "HashiCorp Vault", levels: ["mount", "path"],
      actions: [Action("read", 1...2, "Read secrets."), Action("write", 1...2, "Write secrets."), Action("list", 1...2, "List secrets.")],
      endpoint: [
        .url, .text("mount", impact: .secret, default: "secret", "The mount of the KV engine."),
        .number("kv_version", 1...2, default: "2", "The version of the KV engine."),
        .text("namespace", impact: .secret, "Vault Enterprise's namespace."),
      ],
      methods: [
        Method("token", [.secret("token", required: true, "The token.")], account: false, "A token."),
        Method(
          "approle",
          [.text("role_id", required: true, impact: .identity, "The role's id."), .secret("secret_id", required: true, "The secret id.")],
          account: false,
          "An AppRole."),
        Method(
          "kubernetes",
          [
            .text("auth_role", required: true, impact: .identity, "The role at Vault."),
            .text("auth_mount", impact: .identity, default: "kubernetes", "The auth method's mount."),
            .text(
              "token_path", impact: .identity, default: "/var/run/secrets/kubernetes.io/serviceaccount/token",
              "The service account's token."),
          ], account: false, "A Kubernetes service account."),
        Method(
          "jwt",
          [
            .text("auth_role", required: true, impact: .identity, "The role at Vault."),
            .text("auth_mount", impact: .identity, default: "jwt", "The auth method's mount."),
            .text("token_path", required: true, impact: .identity, "The file that holds the JSON web token."),
          ], account: false, "A JSON web token."),
      ], defaultMethod: "kubernetes"),
    SystemType(
      "github", "GitHub", levels: ["repository", "object"],
      actions: [
        Action("read", 0...2, "Read."), Action("write", 0...2, "Push."), Action("admin", 0...1, "Administer."),
        Action("maintain", 1...1, "Manage without the destructive actions."), Action("triage", 1...1, "Manage issues and pull requests."),
        Action("create", 0...0, "Create repositories."),
      ],
      endpoint: [
        Field("url", .scalar(.url), impact: .destination, default: "https://api.github.com", "The API's base URL."),
        .text("organization", required: true, "The organisation."),
      ],
      methods: [
        Method("token", [.secret("token", required: true, "The access token.")], account: false, "An access token."),
        Method(
          "app",
          [
            .text("app_id", required: true, impact: .identity, "The app's id."),
            .secret("private_key", required: true, "The app's private key."),
          ], account: false,
          "A GitHub App."),
      ], defaultMethod: "token"),
  ]

  /// Clouds, as far as tools need a connection to them.
  static let clouds: [SystemType] = [
    SystemType(
      "aws", "AWS", levels: ["service", "resource", "object"],
      actions: [Action("read", 1...3, "Read."), Action("write", 1...3, "Write."), Action("use", 1...3, "Use.")],
      endpoint: [
        .text("region", required: true, "The region."), .text("account_id", impact: .identity, "The account's number."),
        Field("endpoint_url", .scalar(.url), impact: .destination, "The endpoint, where it is not AWS's own."),
      ],
      methods: [
        Method("ambient", account: false, "The AWS credentials of the process."),
        Method(
          "profile", [.text("aws_profile_name", required: true, impact: .identity, "The AWS profile.")], account: false,
          "A named AWS profile."),
        Method("access_key", accessKey, account: false, "An access key."),
        Method("assume_role", assumeRole, account: false, "An IAM role, from the credentials of the process."),
        Method(
          "web_identity",
          [
            .text("role_arn", required: true, impact: .identity, "The role's ARN."),
            .text("token_path", required: true, impact: .identity, "The file that holds the web identity's token."),
          ], account: false, "An IAM role, from a web identity."),
      ], defaultMethod: "ambient"),
    SystemType(
      "gcp", "Google Cloud", levels: ["service", "resource", "object"],
      actions: [Action("read", 1...3, "Read."), Action("write", 1...3, "Write."), Action("use", 1...3, "Use.")],
      endpoint: [.text("project", required: true, "The project.")],
      methods: [
        Method("ambient", account: false, "Application default credentials."),
        Method(
          "impersonation", [.texts("impersonation_chain", impact: .identity, "The service accounts, the last of which is acted as.")],
          account: false, "Acting as a service account."),
        Method(
          "service_account_file", [.text("keyfile", required: true, impact: .secret, "The path of the key file where the tool runs.")],
          account: false, "A service account's key, in a file."),
        Method(
          "service_account_json", [.secret("keyfile_json", required: true, "The key file's whole content.")], account: false,
          "A service account's key, by reference."),
      ], defaultMethod: "ambient"),
  ]
}

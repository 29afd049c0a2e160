extension SystemType {
  private static let apiEndpoint: [Field] = [
    .url,
    .tokenEndpoint,
    .text("audience", impact: .identity, "The audience that its tokens must carry."),
    Field(
      "headers", .map(keys: .header, values: .scalar(.template)), impact: .destination, "Headers of every request; none of them a secret."),
  ]

  static let clientCredentials = Method(
    "client_credentials",
    [
      .text("client_id", required: true, impact: .identity, "The OAuth client's id."),
      .secret("client_secret", required: true, "The client's secret."),
      .texts("scopes", impact: .meaning, "The scopes that are asked for."),
    ], account: false, "OAuth client credentials, at the system's `token_endpoint`.")

  private static let apiMethods: [Method] = [
    Method("none", account: false, "No credential."),
    Method("bearer", [.secret("token", required: true, "The bearer token.")], account: false, "A bearer token."),
    Method("basic", [.passwordSecret], "A user and a password."),
    Method(
      "api_key",
      [
        .secret("api_key", required: true, "The key."),
        Field("api_key_header", .scalar(.header), impact: .meaning, default: "X-Api-Key", "The header that carries it."),
      ],
      account: false, "A key in a header."),
    clientCredentials,
  ]

  private static let call = Action("call", [1], "Call a route.")

  /// What is called over HTTP.
  static let apis: [SystemType] = [
    SystemType(
      "http", "an HTTP API", levels: ["route"], actions: [call], endpoint: apiEndpoint, methods: apiMethods, defaultMethod: "bearer"),
    SystemType(
      "fastapi", "a FastAPI service", levels: ["route"], actions: [call], endpoint: apiEndpoint, methods: apiMethods,
      defaultMethod: "client_credentials"),
    SystemType(
      "postman", "Postman", levels: ["workspace", "object"],
      actions: [
        Action("view", 0...2, "See collections and environments."), Action("edit", 0...2, "Change them."),
        Action("own", 0...1, "Administer a workspace."),
      ],
      endpoint: [Field("url", .scalar(.url), impact: .destination, default: "https://api.getpostman.com", "The API's base URL.")],
      methods: [Method("api_key", [.secret("api_key", required: true, "The Postman API key.")], account: false, "A Postman API key.")],
      defaultMethod: "api_key"),
  ]
}

import PolicyCompiler

extension AirflowMapping {
  /// `HttpHook`: a login goes into basic authentication, and every entry of `extra` but its own options becomes a header.
  /// https://airflow.apache.org/docs/apache-airflow-providers-http/stable/connections/http.html
  static func http(_ draft: inout AirflowDraft) {
    draft.row = AirflowConnection("http")
    address(&draft)
    for header in draft.entries("headers") { self.header(header.name, header.value, from: "headers", &draft) }
    draft.leave("token_endpoint", "audience")
    switch draft.method {
    case "none": break
    case "basic":
      draft.row.login = .text(draft.source.account)
      draft.row.password = draft.value("password")
    case "bearer", "token":
      // Without a login the hook sends no password: tasks put it into the header, see README.md.
      draft.row.password = draft.value("token")
    case "api_key":
      if let name = draft.text("api_key_header"), let key = draft.value("api_key") { header(name, key, from: "api_key_header", &draft) }
    case "client_credentials": clientCredentials(&draft)
    default: draft.refuseMethod("its hook has no such way")
    }
  }

  /// Host with its scheme, and the port. The hook puts the port behind the host as it stands, so one with a path holds it.
  private static func address(_ draft: inout AirflowDraft) {
    guard let text = draft.text("url"), let url = WebAddress(text) else { return }
    guard !url.path.contains("?"), !url.path.contains("#") else {
      return draft.refuse("url", "its hook appends paths to the address, which a query or fragment does not let it")
    }
    var path = url.path[...]
    while path.hasSuffix("/") { path = path.dropLast() }
    draft.row.schema = url.scheme
    if path.isEmpty {
      draft.row.host = "\(url.scheme)://\(url.host)"
      draft.row.port = url.port
    } else {
      draft.row.host = "\(url.scheme)://\(url.host)\(url.port.map { ":\($0)" } ?? "")\(path)"
    }
  }

  private static func header(_ name: String, _ value: ResolvedConnection.Value, from setting: String, _ draft: inout AirflowDraft) {
    if hookOptions.contains(name) {
      draft.refuse(setting, "its hook takes `\(name)` for an option of its own, not for a header")
    } else if draft.row.extra.keys.contains(where: { $0.lowercased() == name.lowercased() }) {
      draft.refuse(setting, "the header `\(name)` is there already")
    } else {
      draft.row[name] = value
    }
  }

  /// What `HttpHook` takes out of `extra` before the rest becomes headers.
  private static let hookOptions: Set<String> = [
    "stream", "cert", "proxies", "proxy", "timeout", "verify", "verify_ssl", "allow_redirects", "max_redirects", "trust_env",
    "check_response", "srv_lookup",
  ]

  /// The hook would send a login to the API itself, so the client's secret stands in a connection of its own that leads
  /// to the token endpoint: there basic authentication is the standard's, https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
  private static func clientCredentials(_ draft: inout AirflowDraft) {
    guard let text = draft.tokens.endpoint, let url = WebAddress(text) else {
      return draft.refuseMethod(
        "nothing says where its tokens come from",
        help:
          "set `token_endpoint` for `\(draft.source.system)` in `\(draft.source.environment)`, or for the identity provider of `\(draft.source.principal)`"
      )
    }
    var row = AirflowConnection("http")
    row.host = text
    row.schema = url.scheme
    row.login = draft.value("client_id")
    row.password = draft.value("client_secret")
    // The request's form: `HttpHook(http_conn_id=…).run(data=connection.extra_dejson)`.
    row["grant_type"] = "client_credentials"
    row["audience"] = draft.tokens.audience.map { .text($0) }
    let scopes = draft.texts("scopes")
    if !scopes.isEmpty { row["scope"] = .text(scopes.joined(separator: " ")) }
    draft.tokenRow = row
  }

  /// Postman's API through `HttpHook`: the key is a header.
  static func postman(_ draft: inout AirflowDraft) {
    draft.row = AirflowConnection("http")
    address(&draft)
    draft.row["X-Api-Key"] = draft.value("api_key")
  }

  /// `DbtCloudHook`. https://airflow.apache.org/docs/apache-airflow-providers-dbt-cloud/stable/connections.html
  static func dbtPlatform(_ draft: inout AirflowDraft) {
    draft.row = AirflowConnection("dbt_cloud")
    draft.row.host = draft.text("host")
    draft.row.login = draft.value("account_id")
    draft.row.password = draft.value("token")
  }

  /// `VaultHook`. https://airflow.apache.org/docs/apache-airflow-providers-hashicorp/stable/connections/vault.html
  static func vault(_ draft: inout AirflowDraft) {
    draft.row = AirflowConnection("vault")
    if let text = draft.text("url"), let url = WebAddress(text) {
      if url.path.isEmpty || url.path == "/" {
        draft.row.host = url.host
        draft.row.port = url.port
        draft.row["use_tls"] = .boolean(url.scheme == "https")
      } else {
        draft.refuse("url", "its hook takes a host and a port, and no path behind them")
      }
    }
    draft.row.schema = draft.text("mount")
    draft.extra("kv_engine_version", from: "kv_version")
    if let namespace = draft.value("namespace") { draft.row["client_kwargs"] = .table([.init("namespace", namespace)]) }
    draft.row["auth_type"] = .text(draft.method)
    switch draft.method {
    case "token": draft.row.password = draft.value("token")
    case "approle":
      draft.row.login = draft.value("role_id")
      draft.row.password = draft.value("secret_id")
    case "kubernetes":
      draft.extra("kubernetes_role", from: "auth_role")
      draft.extra("kubernetes_jwt_path", from: "token_path")
      draft.extra("auth_mount_point", from: "auth_mount")
    case "jwt":
      draft.extra("jwt_role", from: "auth_role")
      draft.extra("jwt_token_path", from: "token_path")
      draft.extra("auth_mount_point", from: "auth_mount")
    default: draft.refuseMethod("its hook has no such way")
    }
  }
}

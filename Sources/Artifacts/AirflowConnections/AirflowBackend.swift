import PolicyCompiler

/// A secrets backend that Airflow looks connections up in, before its own database.
enum AirflowBackend {
  /// https://airflow.apache.org/docs/apache-airflow-providers-hashicorp/stable/secrets-backends/hashicorp-vault.html
  case vault(url: String, mount: String, path: String, version: Int, login: [(String, JSON)])
  /// https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/secrets-backends/aws-secrets-manager.html
  case secretsManager(region: String, prefix: String)

  /// Where a connection belongs.
  func path(of id: String) -> String {
    switch self {
    case .vault(_, let mount, let path, _, _): "\(mount)/\(path)/\(id)"
    case .secretsManager(_, let prefix): "\(prefix)/\(id)"
    }
  }

  /// Which backend it is: equal texts are one.
  var home: String {
    switch self {
    case .vault(let url, _, _, _, _):
      guard let address = WebAddress(url) else { return url }
      var path = address.path[...]
      while path.hasSuffix("/") { path = path.dropLast() }
      return "\(address.scheme)://\(address.host):\(address.port ?? (address.scheme == "https" ? 443 : 80))\(path)"
    case .secretsManager(let region, _): return region
    }
  }

  /// What a person calls it.
  var title: String {
    switch self {
    case .vault(let url, _, _, _, _): "Vault at `\(url)`"
    case .secretsManager(let region, _): "AWS Secrets Manager in `\(region)`"
    }
  }

  /// The options that lead to a place within it.
  var folders: String {
    switch self {
    case .vault: "`mount` or `connections_path`"
    case .secretsManager: "`connections_prefix`"
    }
  }

  /// The connection as the backend must hold it, with references where secrets go.
  func shape(of connection: AirflowConnection) -> JSON {
    var connection = connection
    // Airflow's Secrets Manager backend reads no description.
    if case .secretsManager = self { connection.description = nil }
    return connection.json
  }

  /// The `[secrets]` section of airflow.cfg.
  ///
  /// - Parameter ids: the connections that the backend holds.
  func configuration(_ ids: [String], comments: [String]) -> String {
    let name: String
    let arguments: JSON
    switch self {
    case .vault(let url, let mount, let path, let version, let login):
      name = "airflow.providers.hashicorp.secrets.vault.VaultBackend"
      arguments = .sorted(
        [
          ("url", .string(url)), ("mount_point", .string(mount)), ("connections_path", .string(path)),
          ("kv_engine_version", .integer(version)),
          ("variables_path", .null), ("config_path", .null),
        ] + login)
    case .secretsManager(let region, let prefix):
      name = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
      let pattern = "^(\(ids.map { $0.replacing(".", with: "\\.") }.joined(separator: "|")))$"
      arguments = .sorted([
        ("region_name", .string(region)), ("connections_prefix", .string(prefix)), ("connections_lookup_pattern", .string(pattern)),
        ("variables_prefix", .null),
        ("config_prefix", .null),
      ])
    }
    let lines =
      comments.map { "# " + $0 } + [
        "[secrets]", "backend = " + name, "backend_kwargs = " + arguments.line.replacing(bytes: "%", with: "%%"),
      ]
    // Airflow reads its configuration with Python's interpolation, hence the doubled `%`.
    return lines.joined(separator: "\n") + "\n"
  }

  /// How the list of what it must hold describes it.
  var description: JSON {
    switch self {
    case .vault(let url, let mount, _, let version, _):
      .members(["type": "vault", "url": .string(url), "mount": .string(mount), "kv_version": .integer(version)])
    case .secretsManager(let region, _): .members(["type": "aws_secrets_manager", "region": .string(region)])
    }
  }

  /// The path of Vault's HTTP API, which for the second version of the engine is not the logical one.
  func apiPath(of id: String) -> String? {
    guard case .vault(_, let mount, let path, let version, _) = self else { return nil }
    return version == 2 ? "\(mount)/data/\(path)/\(id)" : "\(mount)/\(path)/\(id)"
  }
}

extension AirflowBackend {
  /// Reads the options with their placeholders filled, for one environment and one holder.
  static func read(_ view: RecordView<AirflowBackendField>, in request: ArtifactRequest, environment: String) -> Checked<AirflowBackend?> {
    var reader = AirflowBackendReader(view, principal: request.holderName, environment: environment)
    let backend = reader.text(.backend) == "vault" ? reader.vault() : reader.secretsManager()
    reader.finish()
    return Checked(value: backend, diagnostics: reader.problems)
  }
}

/// Reads the options of a backend: those that belong together, and no others.
private struct AirflowBackendReader {
  let view: RecordView<AirflowBackendField>
  let principal: String
  let environment: String
  private(set) var problems: [Diagnostic] = []
  private var read: Set<Int> = []
  private var what = ""

  init(_ view: RecordView<AirflowBackendField>, principal: String, environment: String) {
    self.view = view
    self.principal = principal
    self.environment = environment
  }

  mutating func text(_ key: AirflowBackendField) -> String? {
    if read.insert(key.rawValue).inserted, let node = view[key], SecretLook.isSecret(value: node.text) {
      problems.append(.secretInVariable(key.field.name, at: node.span))
    }
    return view[key].map { Placeholder.fill($0.text, principal: principal, environment: environment) }
  }

  mutating func vault() -> AirflowBackend? {
    what = "backend: vault"
    let url = required(.url)
    let mount = path(.mount, default: "airflow")
    let folder = path(.connectionsPath, default: "connections")
    let version = text(.kvVersion).flatMap { Int($0) } ?? 2
    let type = required(.authType)
    let login = type.map { self.login($0) } ?? []
    guard let url, let type, problems.isEmpty else { return nil }
    return .vault(url: url, mount: mount, path: folder, version: version, login: [("auth_type", .string(type))] + login)
  }

  /// What each way of logging in needs; https://airflow.apache.org/docs/apache-airflow-providers-hashicorp/stable/secrets-backends/hashicorp-vault.html
  private mutating func login(_ type: String) -> [(String, JSON)] {
    what = "auth_type: \(type)"
    var given: [(String, String?)] = [("auth_mount_point", text(.authMountPoint))]
    switch type {
    case "approle": given.append(("role_id", required(.roleID)))
    case "aws_iam": given += [("role_id", required(.roleID)), ("region", text(.region))]
    case "jwt": given += [("jwt_role", required(.jwtRole)), ("jwt_token_path", required(.jwtTokenPath))]
    case "kubernetes": given += [("kubernetes_role", required(.kubernetesRole)), ("kubernetes_jwt_path", text(.kubernetesJWTPath))]
    default: given.append(("token_path", text(.tokenPath)))
    }
    return given.compactMap { name, value in value.map { (name, .string($0)) } }
  }

  mutating func secretsManager() -> AirflowBackend? {
    what = "backend: aws_secrets_manager"
    let region = required(.region)
    let prefix = path(.connectionsPrefix, default: "airflow/connections")
    guard let region, problems.isEmpty else { return nil }
    return .secretsManager(region: region, prefix: prefix)
  }

  mutating func finish() {
    for (key, _) in view.node.pairs {
      guard let field = AirflowBackendField.allCases.first(where: { $0.field.name == key.text }), !read.contains(field.rawValue),
        view[field] != nil
      else { continue }
      problems.append(.idle(key, with: what))
    }
  }

  private mutating func required(_ key: AirflowBackendField) -> String? {
    if let text = text(key) { return text }
    problems.append(.needed(key.field, by: what, at: view.span))
    return nil
  }

  /// Segments of letters, digits and a few signs, none of which means anything in a URL.
  private mutating func path(_ key: AirflowBackendField, default value: String) -> String {
    guard var text = text(key) else { return value }
    while text.hasSuffix("/") { text.removeLast() }
    let isFine = text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { segment in
      !segment.isEmpty && segment != "." && segment != ".." && AirflowID.isValid(String(segment))
    }
    if !isFine, let node = view[key] { problems.append(.notAPath(key.field, node)) }
    return text
  }
}

extension Diagnostic {
  fileprivate static func needed(_ field: Field, by what: String, at span: SourceSpan) -> Self {
    Self(.invalidOption, "`\(what)` needs `\(field.name)`", at: span, notes: [.init("`\(field.name)`: \(field.documentation.dropLast())")])
  }

  fileprivate static func idle(_ key: SyntaxNode, with what: String) -> Self {
    Self(.invalidOption, "`\(key.text)` has no meaning with `\(what)`", at: key.span, help: "take it out")
  }

  fileprivate static func notAPath(_ field: Field, _ node: SyntaxNode) -> Self {
    Self(
      .invalidOption, "`\(field.name)` is no path in a secrets backend", at: node.span,
      notes: [.init("its segments are letters, digits, `_`, `.` and `-`, with one `/` between them")])
  }
}

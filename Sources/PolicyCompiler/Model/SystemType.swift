/// What Writ knows of a kind of system, as data: its resources, actions, endpoint and ways of authenticating.
package struct SystemType: Sendable {
  package struct Action: Sendable {
    package let name: String
    package let documentation: String
    /// The depths below the system (0: the system itself) of the resources that it acts on.
    let depths: Set<Int>
    /// The kinds of `@kind` resource that it acts on.
    let kinds: Set<String>

    init(_ name: String, _ depths: some Sequence<Int>, kinds: Set<String> = [], _ documentation: String) {
      self.name = name
      self.depths = Set(depths)
      self.kinds = kinds
      self.documentation = documentation
    }
  }

  /// One way of authenticating.
  package struct Method: Sendable {
    package let name: String
    package let documentation: String
    package let fields: [Field]
    /// Of each group, at least one alternative must be there whole.
    let alternatives: [[String]]
    /// Whether it logs in as an account: its principal's name there.
    package let hasAccount: Bool

    init(_ name: String, _ fields: [Field] = [], alternatives: [[String]] = [], account: Bool = true, _ documentation: String) {
      self.name = name
      self.fields = fields
      self.alternatives = alternatives
      hasAccount = account
      self.documentation = documentation
    }
  }

  package let name: String
  package let title: String
  /// What the segments below the system are called, outermost first.
  package let levels: [String]
  /// Resources under `system/@kind/…`, each with what its segments are called.
  package let kinds: [String: [String]]
  /// Whether names differ only in case are one: patterns then match so.
  package let foldsCase: Bool
  package let actions: [Action]
  package let endpoint: [Field]
  /// What a session may set, beside its credential.
  package let session: [Field]
  package let methods: [Method]
  /// The method that holds where a connection names none.
  package let defaultMethod: String?

  init(
    _ name: String, _ title: String, levels: [String], kinds: [String: [String]] = [:], foldsCase: Bool = false, actions: [Action],
    endpoint: [Field], session: [Field] = [], methods: [Method], defaultMethod: String? = nil
  ) {
    self.name = name
    self.title = title
    self.levels = levels
    self.kinds = kinds
    self.foldsCase = foldsCase
    self.actions = actions
    self.endpoint = endpoint
    self.session = session
    self.methods = methods
    self.defaultMethod = defaultMethod
  }

  package func action(_ name: String) -> Action? { actions.first { $0.name == name } }

  package func method(_ name: String) -> Method? { methods.first { $0.name == name } }

  /// Everything that a connection to such a system may set.
  var connectionFields: [Field] { session + methods.flatMap(\.fields) }

  package static let all: [SystemType] =
    sqlWarehouses + sqlDatabases + lakehouses + apis + platforms + clouds

  package static func named(_ name: String) -> SystemType? { byName[name] }

  private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  static let authenticationNames: [String] = unique(all.flatMap(\.methods).map(\.name))

  /// The fields of all types under one roof: of fields with one name the first, unless their shapes must differ.
  static func union(of path: KeyPath<SystemType, [Field]>) -> [Field] {
    var seen: Set<String> = []
    return all.flatMap { $0[keyPath: path] }.filter { seen.insert($0.name).inserted }.map { field in
      Field(field.name, field.shape, impact: field.impact, default: field.defaultValue, field.documentation)
    }
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}

// The vocabulary of the descriptions below, so that each says a field in one line.
extension Field {
  static func text(_ name: String, required: Bool = false, impact: Impact = .destination, default value: String? = nil, _ doc: String)
    -> Field
  {
    Field(name, .scalar(.template), required: required, impact: impact, default: value, doc)
  }
  static func secret(_ name: String, required: Bool = false, _ doc: String) -> Field {
    Field(name, .scalar(.reference), required: required, impact: .secret, doc)
  }
  static func number(_ name: String, _ range: ClosedRange<Int>, default value: String? = nil, _ doc: String) -> Field {
    Field(name, .scalar(.integer(range)), impact: .destination, default: value, doc)
  }
  static func flag(_ name: String, impact: Impact = .destination, default value: String? = nil, _ doc: String) -> Field {
    Field(name, .scalar(.boolean), impact: impact, default: value, doc)
  }
  static func choice(_ name: String, _ values: [String], required: Bool = false, default value: String? = nil, _ doc: String) -> Field {
    Field(name, .scalar(.choice(values)), required: required, impact: .destination, default: value, doc)
  }
  static func table(_ name: String, impact: Impact = .destination, _ doc: String) -> Field {
    Field(name, .map(keys: .plain, values: .scalar(.template)), impact: impact, doc)
  }
  static func texts(_ name: String, impact: Impact = .destination, _ doc: String) -> Field {
    Field(name, .list(.scalar(.template)), impact: impact, doc)
  }

  static func host(required: Bool = true, _ doc: String = "The server's name or address, without scheme and port.") -> Field {
    Field("host", .scalar(.host), required: required, impact: .destination, doc)
  }
  static func port(_ value: Int) -> Field { number("port", 1...65535, default: String(value), "The server's port.") }
  static let tls = choice(
    "tls", ["disable", "allow", "prefer", "require", "verify_ca", "verify_full"],
    "How far the connection is encrypted and the server verified.")
  static let tlsRoot = text("tls_root_certificate", impact: .destination, "The path of the certificates that the server is verified with.")
  static let schema = text("schema", impact: .meaning, "The schema that a session starts in.")
  static let url = Field("url", .scalar(.url), required: true, impact: .destination, "The base URL.")
  static let tokenEndpoint = Field("token_endpoint", .scalar(.url), impact: .destination, "Where access tokens for this API come from.")
  static let passwordSecret = secret("password", required: true, "The password.")
}

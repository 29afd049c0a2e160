import PolicyCompiler

/// One of dbt's adapters: where each part of a connection goes, as data.
struct DbtAdapter: Sendable {
  /// dbt's `type`, which is also the name of Writ's system type.
  let name: String
  /// The keys of an output, in the order in which they are printed.
  let keys: [DbtKey]
  /// Of each of the system type's authentication methods, what stands in the place of `.credentials`.
  let methods: [String: DbtMethod]
  /// What dbt alone wants to know, in the order in which it is printed behind everything else.
  let options: [Field]
  /// What must hold between settings, beyond what the system's type asks for.
  let check: @Sendable (inout DbtOutputBuilder) -> Void

  init(
    _ name: String, keys: [DbtKey], methods: [String: DbtMethod], options: [Field],
    check: @escaping @Sendable (inout DbtOutputBuilder) -> Void = { _ in }
  ) {
    self.name = name
    self.keys = keys
    self.methods = methods
    self.options = options
    self.check = check
  }

  /// Whether a session can be held to one role of its account.
  var holdsRole: Bool {
    keys.contains { if case .role = $0 { true } else { false } }
  }

  func option(_ name: String) -> Field? { options.first { $0.name == name } }

  static let all: [DbtAdapter] = [postgres, duckdb, sqlServer, fabric, snowflake, redshift, bigQuery, databricks, trino, athena]

  static func named(_ name: String) -> DbtAdapter? { all.first { $0.name == name } }

  /// The options of all adapters under one roof: of those with one name the first.
  static let allOptions: [Field] = {
    var seen: Set<String> = []
    return all.flatMap(\.options).filter { seen.insert($0.name).inserted }
  }()
}

/// How an adapter authenticates by one of the system type's methods.
enum DbtMethod: Sendable {
  case keys([DbtKey])
  /// dbt cannot, for the reason that is given.
  case refused(String)
}

/// One key of an output and what fills it.
enum DbtKey: Sendable {
  case constant(String, YAML)
  /// A setting of the connection, where it has it; under dbt's own name where the two differ.
  case setting(String, from: String? = nil)
  /// What the connection's principal is called on the system.
  case account(String)
  /// The role that the session is held to, where the connection has one.
  case role(String, @Sendable (inout DbtOutputBuilder) -> YAML?)
  /// The output's schema, or the connection's.
  case schema(String, required: Bool = true)
  case threads
  /// What the authentication method asks for.
  case credentials
  case mapping(String, [DbtKey])
  /// What takes more than a line.
  case made(String, @Sendable (inout DbtOutputBuilder) -> YAML?)
}

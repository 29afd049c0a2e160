import PolicyCompiler

/// One connection as Airflow stores it, and its one printer.
///
/// Source of the keys: https://airflow.apache.org/docs/apache-airflow/stable/howto/connection.html
struct AirflowConnection: Sendable {
  typealias Value = ResolvedConnection.Value

  /// Decides which hook opens it.
  let type: String
  var description: String?
  var host: String?
  var port: Int?
  var login: Value?
  var password: Value?
  var schema: String?
  private(set) var extra: [String: Value] = [:]

  init(_ type: String) { self.type = type }

  /// An entry of `extra`; nil leaves it out.
  subscript(key: String) -> Value? {
    get { extra[key] }
    set { extra[key] = newValue }
  }

  /// With references where secrets go. `extra` is left out where it is empty: an empty one crashes `airflow connections import`.
  var json: JSON {
    .members([
      "conn_type": .string(type), "description": description.map { .string($0) }, "host": host.map { .string($0) },
      "port": port.map { .integer($0) },
      "login": login.map(Self.json), "password": password.map(Self.json), "schema": schema.map { .string($0) },
      "extra": extra.isEmpty ? nil : .sorted(extra.map { ($0.key, Self.json($0.value)) }),
    ])
  }

  /// Whether any part of it is a secret, so that it can be no row of a file.
  var holdsSecret: Bool { values.contains { $0.value.holdsSecret } }

  /// Every part that is more than a number, with what a person calls it.
  var values: [(name: String, value: Value)] {
    let texts = [("description", description), ("host", host), ("schema", schema)].compactMap { name, text in
      text.map { (name, Value.text($0)) }
    }
    let parts = [("login", login), ("password", password)].compactMap { name, value in value.map { (name, $0) } }
    return texts + parts + extra.sorted { $0.key < $1.key }.map { ("extra.\($0.key)", $0.value) }
  }

  private static func json(_ value: Value) -> JSON {
    switch value {
    case .text(let text): .string(text)
    case .integer(let number): .integer(number)
    case .boolean(let flag): .boolean(flag)
    case .secret(let reference): .string(reference.text)
    case .list(let values): .array(values.map(json))
    case .table(let entries): .sorted(entries.map { ($0.name, json($0.value)) })
    }
  }
}

extension ResolvedConnection.Value {
  /// Itself, and whatever is in it.
  var leaves: [Self] {
    switch self {
    case .list(let values): values.flatMap(\.leaves)
    case .table(let entries): entries.flatMap(\.value.leaves)
    default: [self]
    }
  }

  var holdsSecret: Bool { leaves.contains { if case .secret = $0 { true } else { false } } }
}

import PolicyCompiler

/// The files of one environment: the rows that `airflow connections import` reads, and where all others are found.
///
/// A connection from a backend or a variable replaces the row of its id as a whole, so each connection is in one place.
struct AirflowFile {
  static let version = 1

  let environment: String
  /// Nil where secrets come from the process's environment.
  let backend: AirflowBackend?
  private var rows: [Row] = []
  private(set) var problems: [Diagnostic] = []

  private struct Row {
    let id: String
    /// The node that gave the id.
    let span: SourceSpan
    let source: ResolvedConnection
    let connection: AirflowConnection
  }

  init(_ environment: String, _ backend: AirflowBackend?) {
    self.environment = environment
    self.backend = backend
  }

  mutating func add(_ connection: AirflowConnection, as id: String, of source: ResolvedConnection, at span: SourceSpan) {
    let row = Row(id: id, span: span, source: source, connection: connection)
    if let other = rows.first(where: { $0.id == id }) {
      problems.append(.idTwice(id, at: span, first: other.span))
      return
    }
    if backend == nil { variableProblems(row) }
    rows.append(row)
  }

  /// Airflow looks every id up in its variable first, whichever way the id is written.
  private mutating func variableProblems(_ row: Row) {
    if row.connection.holdsSecret, AirflowID.isValid(row.id), AirflowID.variable(row.id) == nil {
      problems.append(.noVariable(row.id, at: row.span))
    }
    guard let other = rows.first(where: { $0.id.uppercased() == row.id.uppercased() }) else { return }
    if row.connection.holdsSecret || other.connection.holdsSecret {
      problems.append(.variableTwice("AIRFLOW_CONN_" + row.id.uppercased(), row.id, other.id, at: row.span, first: other.span))
    }
  }

  /// The places in the backend that its connections go to.
  var claims: [Claim] {
    guard let backend else { return [] }
    return rows.filter(\.connection.holdsSecret).map { row in
      let place = backend.path(of: row.id)
      return Claim(
        place: "\(TargetKind.airflowConnections.rawValue) \(backend.home) \(place)",
        message: "\(backend.title) would have to hold two connections at `\(place)`",
        what: "`\(row.source.name)` in `\(row.source.environment)`", content: backend.shape(of: row.connection).parts, span: row.span,
        help: "give each a place of its own: another `id`, or another \(backend.folders)", isPersonal: false)
    }
  }

  func write(into request: inout ArtifactRequest) {
    let path = request.path(environment: environment)
    let sorted = rows.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    let open = sorted.filter { !$0.connection.holdsSecret }
    let closed = sorted.filter(\.connection.holdsSecret)
    request.write(JSON.sorted(open.map { ($0.id, $0.connection.json) }).text, to: path)
    if closed.isEmpty { return }
    guard let backend else {
      let entries = closed.compactMap { row in
        AirflowID.variable(row.id).map {
          ManifestEntry(variable: $0, value: .json(row.connection.json), connection: row.source.name, environment: environment)
        }
      }
      request.write(entries, for: path)
      return
    }
    let stem = path.hasSuffix(".json") ? String(path.dropLast(".json".count)) : path
    let (header, contents) = (request.header, contents(of: backend, closed, beside: path, request))
    request.write(backend.configuration(closed.map(\.id), comments: header), to: stem + ".secrets.cfg")
    request.write(contents.text, to: stem + ".backend.json")
  }

  /// What the backend must hold: README.md describes the format.
  private func contents(of backend: AirflowBackend, _ rows: [Row], beside path: String, _ request: ArtifactRequest) -> JSON {
    .members([
      "version": .integer(Self.version), "artifact": .string(request.declaration.name), "target": .string(request.kind.rawValue),
      "path": .string(path),
      "audience": .string(request.holderName), "environment": .string(environment), "backend": backend.description,
      "connections": .array(
        rows.map { row in
          .members([
            "id": .string(row.id), "connection": .string(row.source.name), "path": .string(backend.path(of: row.id)),
            "api_path": backend.apiPath(of: row.id).map { .string($0) }, "shape": backend.shape(of: row.connection),
          ])
        }),
    ])
  }
}

extension JSON {
  /// The members of an object, each as a text.
  fileprivate var parts: [Claim.Part] {
    guard case .object(let members) = self else { return [Claim.Part("", line)] }
    return members.map { Claim.Part($0.name, $0.value.line) }
  }
}

extension Diagnostic {
  fileprivate static func idTwice(_ id: String, at span: SourceSpan, first: SourceSpan) -> Self {
    Self(
      .invalidOption, "two connections of this artifact would be `\(id)` in Airflow", at: span,
      notes: [.init("this is the other one; where a connection has `client_credentials`, `<id>_token` is taken as well", at: first)],
      help: "give one of them an `id` of its own")
  }

  fileprivate static func noVariable(_ id: String, at span: SourceSpan) -> Self {
    Self(
      .inexpressible, "`\(id)` cannot be found in the environment: no variable can be called `AIRFLOW_CONN_\(id.uppercased())`", at: span,
      notes: [.init("shells and many launchers drop variables with `.` or `-` in their names")],
      help: "give it an id of letters, digits and `_`: `id: \(id.replacing(".", with: "_").replacing("-", with: "_"))`")
  }

  fileprivate static func variableTwice(_ variable: String, _ id: String, _ other: String, at span: SourceSpan, first: SourceSpan) -> Self {
    Self(
      .variableTakenTwice, "Airflow would look both `\(other)` and `\(id)` up in `\(variable)`", at: span,
      notes: [.init("this is the other one", at: first)],
      help: "give one of them an `id` that differs in more than case")
  }
}

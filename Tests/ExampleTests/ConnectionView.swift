import Foundation
import PolicyCompiler

/// How one tool sees one connection in one environment, as its rendered file says.
struct ConnectionView {
  /// Connection, environment and, where each person connects as themselves, who.
  struct Key: Hashable, Comparable, CustomStringConvertible {
    let connection: String
    let environment: String
    let holder: String

    var description: String { "`\(connection)` in `\(environment)`" + (holder.isEmpty ? "" : " for `\(holder)`") }

    static func < (left: Self, right: Self) -> Bool {
      (left.connection, left.environment, left.holder) < (right.connection, right.environment, right.holder)
    }
  }

  let key: Key
  let tool: String
  let file: String
  /// `host`, `port`, `database`, `user`, `account`, `role`, `token endpoint`: what the file says of them.
  var facts: [String: String] = [:]
  var references: Set<String> = []
}

/// All views of the connections of one policy, read back from its rendered files.
struct RenderedConnections {
  private(set) var views: [ConnectionView] = []
  /// What is declared to be rendered and was not found.
  private(set) var problems: [String] = []

  private let generated: [String: [UInt8]]
  /// Connections by which each person connects as themselves.
  private var personal: Set<String> = []

  init(policies: [String: [UInt8]], generated: [String: [UInt8]]) {
    self.generated = generated
    let documents = policies.sorted { $0.key < $1.key }.compactMap { SyntaxNode.json($0.value) }
    for document in documents {
      for (name, body) in document.value(of: "connections")?.pairs ?? [] where body.value(of: "principal")?.text == "self" {
        personal.insert(name.text)
      }
    }
    for document in documents {
      for (name, artifact) in document.value(of: "artifacts")?.pairs ?? [] { read(name.text, artifact) }
    }
  }

  /// Every file of an artifact: one for each holder and environment that its path has been filled with.
  private mutating func read(_ name: String, _ artifact: SyntaxNode) {
    guard let pattern = artifact.value(of: "path")?.text, let target = artifact.value(of: "target")?.text else { return }
    let environments = artifact.value(of: "environment").map { $0.isScalar ? [$0.text] : $0.items.map(\.text) } ?? [""]
    for environment in environments {
      let path = pattern.replacing("${environment}", with: environment)
      let parts = path.components(separatedBy: "${principal}")
      let files = generated.keys.filter { file in
        parts.count == 1 ? file == path : file.hasPrefix(parts[0]) && file.hasSuffix(parts[1]) && isOf(name, file)
      }
      if files.isEmpty { problems.append("`\(name)` is not rendered to `\(path)`") }
      for file in files.sorted() {
        let holder = parts.count == 1 ? "" : String(file.dropFirst(parts[0].count).dropLast(parts[1].count))
        switch target {
        case "dbt_profiles": readProfiles(artifact, file, holder)
        case "airflow_connections": readAirflow(artifact, file, environment, holder)
        case "postman_environment": readPostman(artifact, file, environment, holder)
        default: problems.append("no reader for `\(target)`")
        }
      }
    }
  }

  /// Whether the list of generated files says that the file comes from the artifact.
  private func isOf(_ artifact: String, _ file: String) -> Bool {
    json(".writ.json")?.value(of: "files")?.items.contains {
      $0.value(of: "path")?.text == file && $0.value(of: "artifact")?.text == artifact
    } ?? false
  }

  private func json(_ path: String) -> SyntaxNode? { generated[path].flatMap { SyntaxNode.json($0) } }

  private func key(_ connection: String, _ environment: String, _ holder: String) -> ConnectionView.Key {
    ConnectionView.Key(connection: connection, environment: environment, holder: personal.contains(connection) ? holder : "")
  }

  /// The variables of the manifest beside a file that belong to one connection.
  private func variables(_ file: String, _ connection: String, _ environment: String) -> [SyntaxNode] {
    json(file + ".manifest.json")?.value(of: "variables")?.items.filter {
      $0.value(of: "connection")?.text == connection && $0.value(of: "environment")?.text == environment
    } ?? []
  }

  // MARK: dbt

  private mutating func readProfiles(_ artifact: SyntaxNode, _ file: String, _ holder: String) {
    let document = json(file)
    var declared: [(profile: String, outputs: SyntaxNode)] = []
    if let profile = artifact.value(of: "profile"), let outputs = artifact.value(of: "outputs") { declared.append((profile.text, outputs)) }
    for (name, body) in artifact.value(of: "profiles")?.pairs ?? [] {
      if let outputs = body.value(of: "outputs") { declared.append((name.text, outputs)) }
    }
    for (profile, outputs) in declared {
      for (name, output) in outputs.pairs {
        let connection = output.value(of: "connection")?.text ?? ""
        let environment = output.value(of: "environment")?.text ?? ""
        guard let rendered = document?.value(of: profile)?.value(of: "outputs")?.value(of: name.text) else {
          problems.append("\(file) has no output `\(name.text)` of `\(profile)`")
          continue
        }
        var view = ConnectionView(key: key(connection, environment, holder), tool: "dbt", file: file)
        view.facts = facts(
          rendered,
          [
            "host": "host", "server": "host", "port": "port", "dbname": "database", "database": "database", "path": "database",
            "user": "user", "account": "account",
          ])
        for variable in variables(file, connection, environment) {
          guard let name = variable.value(of: "name")?.text,
            rendered.pairs.contains(where: { $0.value.text.contains("env_var('\(name)')") })
          else { continue }
          view.references.insert(variable.value(of: "reference")?.text ?? "")
        }
        views.append(view)
      }
    }
  }

  private func facts(_ node: SyntaxNode, _ names: [String: String]) -> [String: String] {
    var found: [String: String] = [:]
    for (field, fact) in names { if let value = node.value(of: field), value.isScalar { found[fact] = value.text } }
    return found
  }

  // MARK: Airflow

  private mutating func readAirflow(_ artifact: SyntaxNode, _ file: String, _ environment: String, _ holder: String) {
    let rows = json(file)
    let backend = json(String(file.dropLast(".json".count)) + ".backend.json")?.value(of: "connections")?.items ?? []
    for item in artifact.value(of: "connections")?.items ?? [] {
      let connection = item.isScalar ? item.text : item.value(of: "name")?.text ?? ""
      let id = item.isScalar ? item.text : item.value(of: "id")?.text ?? connection
      var found: [(id: String, value: SyntaxNode)] = []
      for (name, value) in rows?.pairs ?? [] where [id, id + "_token"].contains(name.text) { found.append((name.text, value)) }
      for entry in backend where entry.value(of: "connection")?.text == connection {
        if let value = entry.value(of: "shape") { found.append((entry.value(of: "id")?.text ?? "", value)) }
      }
      for variable in variables(file, connection, environment) {
        let name = (variable.value(of: "name")?.text ?? "").dropFirst("AIRFLOW_CONN_".count).lowercased()
        if let value = variable.value(of: "json") { found.append((name == id.lowercased() ? id : name, value)) }
      }
      if found.isEmpty { problems.append("\(file) has no connection `\(id)`") }
      var view = ConnectionView(key: key(connection, environment, holder), tool: "airflow", file: file)
      for (name, value) in found {
        let isToken = name != id
        view.references.formUnion(Self.references(value))
        for (field, text) in facts(value, ["host": isToken ? "token endpoint" : "host", "port": "port", "login": "user"]) {
          view.facts[field] = text
        }
        if value.value(of: "conn_type")?.text != "http" {
          view.facts["database"] = value.value(of: "extra")?.value(of: "database")?.text ?? value.value(of: "schema")?.text
        }
        if let account = value.value(of: "extra")?.value(of: "account") { view.facts["account"] = account.text }
      }
      views.append(view)
    }
  }

  private static func references(_ node: SyntaxNode) -> Set<String> {
    var found: Set<String> = []
    var open = [node]
    while let next = open.popLast() {
      if next.isScalar, next.text.hasPrefix("ref+") { found.insert(next.text) }
      if next.isMapping { open += next.pairs.map(\.value) }
      if next.isSequence { open += next.items }
    }
    return found
  }

  // MARK: Postman

  private mutating func readPostman(_ artifact: SyntaxNode, _ file: String, _ environment: String, _ holder: String) {
    let values = json(file)?.value(of: "values")?.items ?? []
    let items = artifact.value(of: "connections")?.items ?? []
    for item in items {
      let connection = item.isScalar ? item.text : item.value(of: "name")?.text ?? ""
      let prefix = (item.isMapping ? item.value(of: "prefix")?.text : nil) ?? (items.count == 1 ? "" : connection + "_")
      var view = ConnectionView(key: key(connection, environment, holder), tool: "postman", file: file)
      let names = [
        "host": "host", "base_url": "host", "port": "port", "database": "database", "user": "user", "client_id": "user",
        "account": "account", "token_endpoint": "token endpoint",
      ]
      for value in values {
        guard let name = value.value(of: "key")?.text, name.hasPrefix(prefix), let fact = names[String(name.dropFirst(prefix.count))] else {
          continue
        }
        view.facts[fact] = value.value(of: "value")?.text ?? ""
      }
      if view.facts.isEmpty { problems.append("\(file) has nothing of `\(connection)`") }
      for variable in variables(file, connection, environment) { view.references.insert(variable.value(of: "reference")?.text ?? "") }
      views.append(view)
    }
  }

  // MARK: Agreement

  /// Which tools each connection is rendered for.
  var tools: [ConnectionView.Key: Set<String>] { Dictionary(grouping: views, by: \.key).mapValues { Set($0.map(\.tool)) } }

  /// Where two files of one connection do not say the same, a line each.
  var differences: [String] {
    Dictionary(grouping: views, by: \.key).sorted { $0.key < $1.key }.flatMap { key, views -> [String] in
      var lines: [String] = []
      for (index, one) in views.enumerated() {
        for other in views[(index + 1)...] {
          for fact in Set(one.facts.keys).union(other.facts.keys).sorted() where one.facts[fact] != other.facts[fact] {
            lines.append(
              "\(key): \(fact) is `\(one.facts[fact] ?? "nothing")` in \(one.file), `\(other.facts[fact] ?? "nothing")` in \(other.file)")
          }
          if one.references != other.references {
            lines.append("\(key): references are \(one.references.sorted()) in \(one.file), \(other.references.sorted()) in \(other.file)")
          }
        }
      }
      return lines
    }
  }
}

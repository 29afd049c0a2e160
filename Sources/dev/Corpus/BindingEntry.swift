/// One binding, before it is written as YAML.
struct BindingEntry {
  /// What it gives: a role, or one action on one resource.
  enum Gift {
    case role(String)
    case inline(action: String, pattern: String)
  }

  var gift: Gift
  var to: [String]
  var environments: [String]
  var resources: [String] = []
  var from: String?
  var until: String?
  var reason: String?
  var comment: String?
}

extension BindingEntry {
  /// What makes two bindings of a file the same.
  var identity: String {
    let given =
      switch gift {
      case .role(let name): name
      case .inline(let action, let pattern): "\(action) \(pattern)"
      }
    return [given, to.joined(separator: ","), environments.joined(separator: ",")]
      .joined(separator: "|") + resources.joined(separator: ",")
  }

  /// In the style of whoever writes a short list: one field a line.
  var block: String {
    var lines: [String] = []
    switch gift {
    case .role(let name):
      lines.append("role: \(name)")
      lines.append(contentsOf: list("to", to))
    case .inline(let action, let pattern):
      lines.append(contentsOf: list("to", to))
      lines.append("can: { \(action): [\(pattern)] }")
    }
    lines.append("in: \(environmentList)")
    if !resources.isEmpty { lines.append(contentsOf: list("resources", resources)) }
    if let from { lines.append("from: \(from)") }
    if let until { lines.append("until: \(until)") }
    if let reason { lines.append("reason: \(reason)") }
    let remark = comment.map { "  # \($0)\n" } ?? ""
    return remark + "  - " + lines.joined(separator: "\n    ") + "\n"
  }

  /// The same on one line.
  var flow: String {
    var fields: [String] = []
    if case .role(let name) = gift { fields.append("role: \(name)") }
    fields.append("to: [\(to.joined(separator: ", "))]")
    if case .inline(let action, let pattern) = gift {
      fields.append("can: { \(action): [\(pattern)] }")
    }
    fields.append("in: \(environmentList)")
    if !resources.isEmpty { fields.append("resources: [\(resources.joined(separator: ", "))]") }
    if let from { fields.append("from: \(from)") }
    if let until { fields.append("until: \(until)") }
    if let reason { fields.append("reason: \"\(reason)\"") }
    return "  - { \(fields.joined(separator: ", ")) }\n"
  }

  private var environmentList: String {
    environments == ["*"] ? "\"*\"" : "[\(environments.joined(separator: ", "))]"
  }

  private func list(_ key: String, _ items: [String]) -> [String] {
    items.count < 3
      ? ["\(key): [\(items.joined(separator: ", "))]"] : ["\(key):"] + items.map { "  - \($0)" }
  }
}

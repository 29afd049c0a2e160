/// What a field holds, whatever the way in which it is written: order of keys, quotes, single items, forms of times.
indirect enum CanonicalValue: Hashable {
  case text(String)
  /// In order; each once.
  case list([CanonicalValue])
  case table([String: CanonicalValue])

  init?(_ node: SyntaxNode?, _ shape: Shape, roles: [String: String] = [:]) {
    guard let node, !node.isNull else { return nil }
    switch shape {
    case .scalar(let kind):
      guard node.isScalar else { return nil }
      self = .text(Self.text(node.text, kind))
    case .list(let item):
      let items = node.items.compactMap { CanonicalValue($0, item, roles: roles) }
      self = .list(Set(items).sorted { $0.description < $1.description })
    case .map(_, let values):
      guard node.isMapping else { return nil }
      self = .table(
        Dictionary(
          node.pairs.compactMap { key, value in CanonicalValue(value, values, roles: roles).map { (key.text, $0) } },
          uniquingKeysWith: { first, _ in first }))
    case .record(let record):
      guard node.isMapping else { return nil }
      var table: [String: CanonicalValue] = [:]
      for field in record.fields where field.impact != .none {
        if let value = CanonicalValue(node.value(of: field.name), field.shape, roles: roles), !value.isDefault(of: field) {
          table[field.name] = value
        }
      }
      self = .table(table)
    case .either(let kind, let other):
      if node.isScalar {
        self = .text(Self.text(node.text, kind))
      } else if let value = CanonicalValue(node, other, roles: roles) {
        // `{ name: raj }` is `raj`.
        if case .table(let table) = value, table.count == 1, let name = table["name"] ?? table["of"], case .record = other.resolved {
          self = name
        } else {
          self = value
        }
      } else {
        return nil
      }
    case .free:
      if node.isScalar {
        self = .text(node.text)
      } else if node.isMapping {
        self = .table(
          Dictionary(
            node.pairs.compactMap { key, value in CanonicalValue(value, .free).map { (key.text, $0) } },
            uniquingKeysWith: { first, _ in first }))
      } else {
        self = .list(node.items.compactMap { CanonicalValue($0, .free) })
      }
    case .later:
      guard let value = CanonicalValue(node, shape.resolved, roles: roles) else { return nil }
      self = value
    }
  }

  func isDefault(of field: Field) -> Bool { field.defaultValue.map { self == .text($0) } ?? false }

  private static func text(_ text: String, _ kind: ScalarKind) -> String {
    switch kind {
    case .integer: Int(text).map(String.init) ?? text
    case .duration: PolicyDuration(text)?.text ?? text
    case .principal: String(decoding: Array(text.utf8)[ScalarCheck.unqualified(text)], as: UTF8.self)
    case .reference: (try? SecretReference.parse(text).get())?.text ?? text
    case .folder: text.hasSuffix("/") ? String(text.dropLast()) : text
    default: text
    }
  }
}

extension CanonicalValue: CustomStringConvertible {
  /// In one line, for people.
  var description: String {
    switch self {
    case .text(let text): text
    case .list(let items): items.map(\.description).joined(separator: ", ")
    case .table(let table):
      table.sorted { $0.key < $1.key }.map { key, value in
        if case .text(let text) = value { "\(key): \(text)" } else { "\(key): {\(value.description)}" }
      }.joined(separator: ", ")
    }
  }
}

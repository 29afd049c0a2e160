/// What a field holds, whatever the way in which it is written: order of keys, quotes, single items, forms of times.
indirect enum CanonicalValue: Hashable {
  case text(String)
  /// In order; each once.
  case list([CanonicalValue])
  case table([String: CanonicalValue])

  /// - Parameter isEnd: whether a date alone means the following midnight.
  init?(_ node: SyntaxNode?, _ shape: Shape, isEnd: Bool = false) {
    guard let node, !node.isNull else { return nil }
    switch shape {
    case .scalar(let kind):
      guard node.isScalar else { return nil }
      self = .text(Self.text(node.text, kind, isEnd))
    case .list(let item):
      let items = node.items.compactMap { CanonicalValue($0, item) }.flatMap { item in
        // `{ of: [a, b] }` is `a, b`.
        if case .list(let inner) = item { inner } else { [item] }
      }
      if case .scalar(.environment) = item, items.contains(.text("*")) {
        self = .list([.text("*")])
      } else {
        self = .list(Set(items).sorted { $0.description < $1.description })
      }
    case .map(_, let values):
      guard node.isMapping else { return nil }
      self = .table(Self.table(node, values))
    case .record(let record):
      guard node.isMapping else { return nil }
      self = .table(Self.table(node, record) { $0 != .none })
    case .either(let kind, let other):
      if node.isScalar {
        self = .text(Self.text(node.text, kind, isEnd))
      } else if let value = CanonicalValue(node, other) {
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
        self = .table(Self.table(node, .free))
      } else {
        self = .list(node.items.compactMap { CanonicalValue($0, .free) })
      }
    case .later:
      guard let value = CanonicalValue(node, shape.resolved, isEnd: isEnd) else { return nil }
      self = value
    }
  }

  /// Of a record, only the fields with some impacts.
  init?(_ node: SyntaxNode?, _ record: RecordShape, where isWanted: (Impact) -> Bool) {
    guard let node, node.isMapping else { return nil }
    self = .table(Self.table(node, record, where: isWanted))
  }

  private static func table(_ node: SyntaxNode, _ record: RecordShape, where isWanted: (Impact) -> Bool) -> [String: CanonicalValue] {
    var table: [String: CanonicalValue] = [:]
    for field in record.fields where isWanted(field.impact) {
      if let value = CanonicalValue(node.value(of: field.name), field), !value.isDefault(of: field) { table[field.name] = value }
    }
    return table
  }

  private static func table(_ node: SyntaxNode, _ values: Shape) -> [String: CanonicalValue] {
    var isRecord = false
    if case .record = values.resolved { isRecord = true }
    return Dictionary(
      node.pairs.compactMap { key, value in
        // A name with nothing behind it is declared all the same.
        (CanonicalValue(value, values) ?? (isRecord ? .table([:]) : nil)).map { (key.text, $0) }
      }, uniquingKeysWith: { first, _ in first })
  }

  init?(_ node: SyntaxNode?, _ field: Field) { self.init(node, field.shape, isEnd: field.name == Field.until.name) }

  /// Whether leaving the field out says the same.
  func isDefault(of field: Field) -> Bool {
    switch (self, field.shape.resolved) {
    case (.list(let items), .list(.scalar(.environment))): return !field.isRequired && items == [.text("*")]
    case (.list(let items), .list(.scalar(let kind))):
      return field.hasWritableDefault && field.defaultValue.map { items == [.text(Self.text($0, kind, false))] } ?? false
    case (.text(let text), .scalar(let kind)):
      return field.hasWritableDefault && field.defaultValue.map { text == Self.text($0, kind, false) } ?? false
    default: return false
    }
  }

  private static func text(_ text: String, _ kind: ScalarKind, _ isEnd: Bool) -> String {
    switch kind {
    case .integer: Int(text).map(String.init) ?? text
    case .instant: Instant(text, isEnd: isEnd).map { isEnd ? $0.endText : $0.text } ?? text
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
    case .list(let items): items.map { if case .table = $0 { "{\($0.description)}" } else { $0.description } }.joined(separator: ", ")
    case .table(let table):
      table.sorted { $0.key < $1.key }.map { key, value in
        switch value {
        case .text(let text): "\(key): \(text)"
        case .list: "\(key): [\(value.description)]"
        case .table: "\(key): {\(value.description)}"
        }
      }.joined(separator: ", ")
    }
  }
}

/// Compares a file's tree with the shapes of the sections: unknown and missing fields, wrong kinds, values that cannot be.
///
/// What it lets through, later stages may read without looking again.
struct ShapeMatcher {
  let tree: SyntaxTree
  private var fields: [UInt8]
  private(set) var problems = ProblemList()
  /// The field whose value is being matched.
  private var field: Field?

  init(_ tree: SyntaxTree) {
    self.tree = tree
    fields = [UInt8](repeating: 0, count: tree.nodes.count)
  }

  /// The tree with every key of a record bound to its field.
  func annotated() -> SyntaxTree {
    SyntaxTree(file: tree.file, bytes: tree.bytes, nodes: tree.nodes, texts: tree.texts, roots: tree.roots, fields: fields)
  }

  /// - Parameter place: what the value belongs to, in words: `role` of a binding.
  /// - Returns: whether the value can be used.
  @discardableResult
  mutating func match(_ node: Int, _ shape: Shape, place: String) -> Bool {
    switch shape {
    case .scalar(let kind):
      guard tree.kind(node) == .scalar else {
        guard kind != .reference else {
          problems.append(.collectionForSecret(place, at: tree.span(node)))
          return false
        }
        return wrong(node, expected: kind.words, place)
      }
      return scalar(node, kind, place)
    case .list(let item):
      if tree.isNull(node) { return true }
      var isFine = true
      for element in tree.items(node) {
        if case .scalar(let kind) = item, ScalarCheck.isPlainlyFine(kind, tree, element), !tree.isNull(element) { continue }
        if tree.kind(element) == .sequence {
          isFine = wrong(element, expected: "single items", place)
        } else if tree.isNull(element), tree.kind(node) == .sequence {
          problems.append(.emptyItem(place, at: tree.span(element)))
          isFine = false
        } else if !match(element, item, place: place) {
          isFine = false
        }
      }
      return isFine
    case .map(let keys, let values):
      if tree.isNull(node) { return true }
      guard tree.kind(node) == .mapping else { return wrong(node, expected: "a mapping from names to values", place) }
      var isFine = true
      for (key, value) in tree.pairs(node) {
        if !ScalarCheck.isPlainlyFine(keys, tree, key), !scalar(key, keys, "a key of `\(place)`") { isFine = false }
        if case .scalar(let kind) = values, tree.kind(value) == .scalar, ScalarCheck.isPlainlyFine(kind, tree, value) { continue }
        if !match(value, values, place: "\(place).\(tree.text(key))") { isFine = false }
      }
      return isFine
    case .record(let record):
      return self.record(node, record, place: place)
    case .either(let kind, let other):
      return tree.kind(node) == .scalar ? scalar(node, kind, place) : match(node, other, place: place)
    case .free:
      return true
    case .later:
      return match(node, shape.resolved, place: place)
    }
  }

  mutating func record(_ node: Int, _ record: RecordShape, place: String) -> Bool {
    if tree.isNull(node) { return missing(record, found: FieldSet(), node, place) }
    guard tree.kind(node) == .mapping else {
      let names = record.fields.prefix(4).map { "`\($0.name)`" }.joined(separator: ", ")
      return wrong(node, expected: "a mapping" + (names.isEmpty ? "" : " with fields such as \(names)"), place)
    }
    var isFine = true
    var found = FieldSet()
    let outer = field
    defer { field = outer }
    var next = node + 1
    let end = tree.next(node)
    while next < end {
      let key = next
      let value = tree.next(key)
      next = tree.next(value)
      let ordinal: Int? =
        if let range = tree.rawRange(key) { record.ordinal(of: tree.bytes[range]) } else { record.ordinal(of: tree.text(key)) }
      guard let ordinal else {
        isFine = false
        // Merge keys are refused where the YAML is read.
        if tree.text(key, is: "<<") { continue }
        guard !problems.isFull else {
          problems.skip()
          continue
        }
        let problem = Diagnostic.unknownField(
          tree.text(key), of: record, at: tree.span(key), taken: Set(tree.pairs(node).map { tree.text($0.key) }))
        problems.append(problem)
        // What was meant is not missing as well.
        if let meant = problem.fix.flatMap({ record.ordinal(of: String($0.replacement.prefix { $0 != ":" })) }) { found.insert(meant) }
        continue
      }
      // INVARIANT: no record has 255 fields.
      fields[key] = UInt8(truncatingIfNeeded: ordinal + 1)
      let field = record.fields[ordinal]
      if tree.isNull(value) {
        // A list whose items are commented out must not turn into "no limit".
        guard field.isRequired || field.impact != .none else { continue }
        problems.append(.emptyField(field, at: tree.span(key)))
        isFine = false
        found.insert(ordinal)
        continue
      }
      found.insert(ordinal)
      if field.isRequired, tree.kind(value) != .scalar, tree.next(value) == value + 1 {
        problems.append(.emptyField(field, at: tree.span(key)))
        isFine = false
        continue
      }
      if case .scalar(let kind) = field.shape, ScalarCheck.isPlainlyFine(kind, tree, value) { continue }
      self.field = field
      if !match(value, field.shape, place: field.name) { isFine = false }
    }
    return missing(record, found: found, node, place) && isFine
  }

  /// Which fields of a record were there.
  private struct FieldSet {
    // INVARIANT: no record has 128 fields; beyond that a required field would be reported as missing.
    private var bits: UInt128 = 0
    mutating func insert(_ ordinal: Int) { bits |= 1 << UInt128(ordinal) }
    func contains(_ ordinal: Int) -> Bool { bits >> UInt128(ordinal) & 1 == 1 }
  }

  private mutating func missing(_ record: RecordShape, found: FieldSet, _ node: Int, _ place: String) -> Bool {
    var isFine = true
    for ordinal in record.required where !found.contains(ordinal) {
      isFine = false
      if problems.isFull {
        problems.skip()
      } else {
        problems.append(.missingField(record.fields[ordinal], of: record, at: opening(node)))
      }
    }
    return isFine
  }

  /// The first line of a node is enough to point at it as a whole.
  private func opening(_ node: Int) -> SourceSpan {
    let it = tree.nodes[node]
    var end = Int(it.start)
    while end < Int(it.end), tree.bytes[end] != 0x0A, tree.bytes[end] != 0x0D { end += 1 }
    return SourceSpan(file: tree.file, start: it.start, end: UInt32(end))
  }

  private mutating func scalar(_ node: Int, _ kind: ScalarKind, _ place: String) -> Bool {
    if ScalarCheck.isPlainlyFine(kind, tree, node) { return true }
    guard var problem = ScalarCheck(node: SyntaxNode(tree: tree, id: node), place: place).problem(kind) else { return true }
    if problem.code == .invalidValue, problem.help == nil, let field, field.name == place { problem.notes.append(.about(field)) }
    // Of a boolean only its spelling was in doubt.
    if kind == .boolean, let field, field.name == place, !field.isRequired { problem.fix?.isSafe = field.isRestriction }
    problems.append(problem)
    return problem.severity != .error
  }

  private mutating func wrong(_ node: Int, expected: String, _ place: String) -> Bool {
    let found =
      switch tree.kind(node) {
      case .scalar: tree.isNull(node) ? "nothing" : "a single value"
      case .mapping: "a mapping"
      case .sequence: "a list"
      }
    var problem = Diagnostic.wrongKind(place, expected: expected, found: found, at: opening(node))
    if let field, field.name == place { problem.notes.append(.about(field)) }
    problems.append(problem)
    return false
  }
}

extension Diagnostic.Note {
  /// What a field is for.
  static func about(_ field: Field) -> Self {
    .init("`\(field.name)`: \(field.documentation.hasSuffix(".") ? String(field.documentation.dropLast()) : field.documentation)")
  }
}

extension Diagnostic {
  fileprivate static func unknownField(_ name: String, of record: RecordShape, at span: SourceSpan, taken: Set<String>) -> Self {
    let free = record.fields.map(\.name).filter { !taken.contains($0) }
    if let colon = name.firstIndex(of: ":"), case let key = String(name[..<colon]),
      SecretWords.endings.contains(where: key.lowercased().hasSuffix)
    {
      // What stands behind the colon may be a secret.
      return Self(
        .unknownField, "there is no space after the colon of `\(key):`", at: span.part(0..<key.utf8.count + 1),
        help: "write a space after the colon, and a reference behind it: `\(key): ref+vault://mount/path#/\(key)`")
    }
    var nearest = NearestName.nearest(name, among: free)
    var help = nearest.map { "did you mean `\($0)`?" }
    if let colon = name.firstIndex(of: ":"), free.contains(String(name[..<colon])) {
      nearest = "\(name[..<colon]): \(name[name.index(after: colon)...])"
      help = "write a space after the colon: `\(nearest ?? name)`"
    } else if nearest == nil, record === RecordShape.endpoint, RecordShape.connectionSettings.ordinal(of: name) != nil {
      help = "that belongs to a connection: write it under `connections`"
    } else if nearest == nil, record === RecordShape.connectionSettings, RecordShape.endpoint.ordinal(of: name) != nil {
      help = "that belongs to the system: write it under `systems`"
    }
    let all = record.fields.map { "`\($0.name)`" }
    let list = all.count > 14 ? all.prefix(14).joined(separator: ", ") + ", …" : all.joined(separator: ", ")
    return Self(
      .unknownField, "\(article(record.title)) \(record.title.hasSuffix("settings") ? "have" : "has") no field `\(name)`", at: span,
      notes: help == nil && !all.isEmpty ? [.init("its fields are \(list)")] : [], help: help,
      fix: nearest.map { meant in
        let field = record.ordinal(of: String(meant.prefix { $0 != ":" })).map { record.fields[$0] }
        return Fix(span: span, replacement: meant, isSafe: field?.isSafeToSpellOut ?? false)
      })
  }

  fileprivate static func missingField(_ field: Field, of record: RecordShape, at span: SourceSpan) -> Self {
    Self(
      .missingField, "\(article(record.title)) \(record.title.hasSuffix("settings") ? "need" : "needs") `\(field.name)`", at: span,
      notes: [.about(field)])
  }

  fileprivate static func emptyField(_ field: Field, at span: SourceSpan) -> Self {
    Self(.missingField, "`\(field.name)` is empty", at: span, notes: [.about(field)])
  }

  fileprivate static func emptyItem(_ place: String, at span: SourceSpan) -> Self {
    Self(.missingField, "an item of `\(place)` is empty", at: span, help: "write a value after the `-`, or delete it")
  }

  fileprivate static func wrongKind(_ place: String, expected: String, found: String, at span: SourceSpan) -> Self {
    Self(.wrongKind, "`\(place)` takes \(expected); this is \(found)", at: span)
  }

  /// Whatever stands in it may be a secret.
  fileprivate static func collectionForSecret(_ place: String, at span: SourceSpan) -> Self {
    Self(
      .literalSecret, "`\(place)` takes a single reference to a secret", at: span,
      notes: [.init("what stands here is not repeated; if it was a real secret and has been pushed, replace it")],
      help: "store it in a vault and write `ref+vault://mount/path#/\(place)`")
  }

  package static func article(_ title: String) -> String {
    guard let first = title.first, !title.hasSuffix("settings") else { return title }
    return ("aeiouAEIOU".contains(first) && !title.hasPrefix("user") ? "an " : "a ") + title
  }
}

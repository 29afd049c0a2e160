/// What differs between two records, field by field, as each field's impact says: those of none are passed over, and what
/// grants are made of is shown as access.
struct FieldDiff {
  /// The environments of both sides, and whether they are protected on either.
  let environments: [String: Bool]
  /// Roles that are only called otherwise now.
  var renames: [String: String] = [:]

  /// Where a value stands, on both sides.
  struct Place {
    let section: String
    let name: String
    var path: [String] = []
    var environment: String?
    /// Whether what stands there bears on a protected environment, although it names none.
    var isProtected = false
    var oldSpan: SourceSpan?
    var newSpan: SourceSpan?
  }

  func changes(_ mine: RecordShape, _ theirs: RecordShape, _ one: SyntaxNode?, _ other: SyntaxNode?, _ place: Place) -> [TrustChange] {
    var found: [TrustChange] = []
    for field in mine.fields + theirs.fields.filter({ mine.ordinal(of: $0.name) == nil }) {
      let left = one.flatMap { $0.isMapping ? $0.value(of: field.name) : nil }
      let right = other.flatMap { $0.isMapping ? $0.value(of: field.name) : nil }
      if left == nil, right == nil { continue }
      var inner = place
      inner.path.append(field.name)
      if let left { inner.oldSpan = left.span }
      if let right { inner.newSpan = right.span }
      // What is left out means two things where the sides have two defaults.
      let known = mine.ordinal(of: field.name).map { mine.fields[$0] }, there = theirs.ordinal(of: field.name).map { theirs.fields[$0] }
      found += changes(field.shape, field, left, right, inner, hasDefault: known?.defaultValue == there?.defaultValue)
    }
    return found
  }

  private func changes(
    _ shape: Shape, _ field: Field, _ left: SyntaxNode?, _ right: SyntaxNode?, _ place: Place, hasDefault: Bool = true
  ) -> [TrustChange] {
    if field.impact == .none { return [] }
    if field.impact == .access { return besideGrants(shape, left, right, place) }
    let isEnd = field.name == Field.until.name
    var one = CanonicalValue(left, shape, isEnd: isEnd)
    var other = CanonicalValue(right, shape, isEnd: isEnd)
    if hasDefault, let value = one, value.isDefault(of: field) { one = nil }
    if hasDefault, let value = other, value.isDefault(of: field) { other = nil }
    if namesRoles(place) { one = one.map(renamed) }
    if one == other { return [] }
    switch shape.resolved {
    case .record(let record) where left?.isMapping != false && right?.isMapping != false:
      let inner = changes(record, record, left, right, place)
      // Empty, it came or went all the same; and whoever looks at the whole may see what no field says.
      return inner.isEmpty ? [change(field, one?.description, other?.description, place)] : inner
    case .map(_, let values): return keys(left, right).flatMap { entry($0, values, field, left, right, place) }
    case .either(_, let inner) where left?.isScalar != true && right?.isScalar != true:
      return changes(inner, field, left, right, place, hasDefault: false)
    case .list: return list(field, one?.items ?? [], other?.items ?? [], place)
    default: return [change(field, one?.description, other?.description, place)]
    }
  }

  /// What stands under one name of a map.
  private func entry(
    _ key: String, _ values: Shape, _ field: Field, _ left: SyntaxNode?, _ right: SyntaxNode?, _ place: Place
  ) -> [TrustChange] {
    var inner = place
    inner.path.append(key)
    if environments[key] != nil { inner.environment = key }
    let (oldKey, newKey) = (left?.key(of: key), right?.key(of: key))
    let (one, other) = (left?.value(of: key), right?.value(of: key))
    if let span = (one ?? oldKey)?.span { inner.oldSpan = span }
    if let span = (other ?? newKey)?.span { inner.newSpan = span }
    guard case .record(let record) = values.resolved else { return changes(values, field, one, other, inner, hasDefault: false) }
    let all = changes(record, record, one, other, inner)
    // One with nothing in it came or went all the same.
    guard all.isEmpty, (oldKey == nil) != (newKey == nil) else { return all }
    return [change(field, oldKey == nil ? nil : "{}", newKey == nil ? nil : "{}", inner)]
  }

  /// Of lists, what came and what went; short ones whole.
  private func list(_ field: Field, _ one: [CanonicalValue], _ other: [CanonicalValue], _ place: Place) -> [TrustChange] {
    let (before, after) = (CanonicalValue.list(one).description, CanonicalValue.list(other).description)
    if one.isEmpty || other.isEmpty || (before.count <= 60 && after.count <= 60) {
      return [change(field, one.isEmpty ? nil : before, other.isEmpty ? nil : after, place)]
    }
    let same = one.filter(other.contains).count
    func text(_ part: [CanonicalValue]) -> String {
      let rest = same == 0 ? "" : "\(same) \(part.isEmpty ? "" : "more ")\(same == 1 ? "item" : "items") as before"
      return [CanonicalValue.list(part).description, rest].filter { !$0.isEmpty }.joined(separator: ", and ")
    }
    return [change(field, text(one.filter { !other.contains($0) }), text(other.filter { !one.contains($0) }), place)]
  }

  private func change(_ field: Field, _ before: String?, _ after: String?, _ place: Place) -> TrustChange {
    let rest = field.defaultValue.map { "\($0) (default)" }
    return TrustChange(
      section: place.section, name: place.name, path: place.path.joined(separator: "."), impact: field.impact, before: before ?? rest,
      after: after ?? rest, environment: place.environment,
      isProtected: place.environment.map { environments[$0] ?? false } ?? place.isProtected, oldSpan: place.oldSpan, newSpan: place.newSpan)
  }

  private func keys(_ left: SyntaxNode?, _ right: SyntaxNode?) -> [String] {
    let all = (left?.isMapping == true ? left?.pairs ?? [] : []) + (right?.isMapping == true ? right?.pairs ?? [] : [])
    return Set(all.map(\.key.text)).sorted()
  }

  private func namesRoles(_ place: Place) -> Bool {
    (place.section == Section.connections.name && place.path == [ConnectionField.role.field.name])
      || (place.section == Section.guardrails.name && place.path == [GuardrailField.separate.field.name])
  }

  private func renamed(_ value: CanonicalValue) -> CanonicalValue {
    switch value {
    case .text(let name): .text(renames[name] ?? name)
    case .list(let items): .list(items.map(renamed).sorted { $0.description < $1.description })
    case .table: value
    }
  }

  // MARK: Inside grants

  /// A field that is more than access, in a record of what grants are made of.
  private struct Extra {
    let path: [String]
    /// The grant's part of the record that it stands in: such records have no names.
    let owner: CanonicalValue
    let field: Field
    let value: CanonicalValue
    let span: SourceSpan
  }

  /// Fields that are more than access, inside of one that is: starts and ends apart, which `EndChanges` compares.
  func besideGrants(_ shape: Shape, _ left: SyntaxNode?, _ right: SyntaxNode?, _ place: Place) -> [TrustChange] {
    besideGrants(shape, [left].compactMap { $0 }, [right].compactMap { $0 }, place)
  }

  func besideGrants(_ shape: Shape, _ left: [SyntaxNode], _ right: [SyntaxNode], _ place: Place) -> [TrustChange] {
    var before = left.flatMap { extras(shape, $0, place.path) }
    var after = right.flatMap { extras(shape, $0, place.path) }
    func pair(_ isPair: (Extra, Extra) -> Bool) -> [(Extra, Extra)] {
      var pairs: [(Extra, Extra)] = []
      for one in before {
        guard let index = after.firstIndex(where: { isPair(one, $0) }) else { continue }
        pairs.append((one, after.remove(at: index)))
      }
      return pairs
    }
    func isOneField(_ one: Extra, _ other: Extra) -> Bool {
      one.path == other.path && one.owner == other.owner && one.field.name == other.field.name
    }
    let same = pair { isOneField($0, $1) && $0.value == $1.value }
    before.removeAll { it in same.contains { $0.0.span == it.span } }
    let changed = pair(isOneField)
    before.removeAll { it in changed.contains { $0.0.span == it.span } }
    func change(_ one: Extra?, _ other: Extra?) -> TrustChange? {
      guard let it = other ?? one else { return nil }
      var inner = place
      inner.path = it.path
      if let one { inner.oldSpan = one.span }
      if let other { inner.newSpan = other.span }
      return self.change(it.field, one?.value.description, other?.value.description, inner)
    }
    return changed.compactMap(change) + before.compactMap { change($0, nil) } + after.compactMap { change(nil, $0) }
  }

  private func extras(_ shape: Shape, _ node: SyntaxNode, _ path: [String]) -> [Extra] {
    switch shape.resolved {
    case .list(let item): return node.items.flatMap { extras(item, $0, path) }
    case .map(_, let values): return node.isMapping ? node.pairs.flatMap { extras(values, $1, path + [$0.text]) } : []
    case .either(_, let other): return node.isScalar ? [] : extras(other, node, path)
    case .record(let record):
      guard node.isMapping, let owner = CanonicalValue(node, record, where: { $0 == .access }) else { return [] }
      return record.fields.flatMap { field -> [Extra] in
        guard field.impact != .none, field.name != Field.from.name, field.name != Field.until.name, let value = node.value(of: field.name)
        else { return [] }
        let inner = path + [field.name]
        if field.impact == .access { return extras(field.shape, value, inner) }
        guard let canonical = CanonicalValue(value, field), !canonical.isDefault(of: field) else { return [] }
        return [Extra(path: inner, owner: owner, field: field, value: canonical, span: value.span)]
      }
    default: return []
    }
  }
}

extension CanonicalValue {
  fileprivate var items: [CanonicalValue] { if case .list(let items) = self { items } else { [self] } }
}

/// Every change of a field that decides about trust, beside grants: from what each field says of its impact.
struct TrustDiff {
  let grammar: Grammar
  let old: GrantSet
  let new: GrantSet
  private let before: [Section: [String: Declared]]
  private let after: [Section: [String: Declared]]
  /// Roles that are only called otherwise now.
  let renames: [String: String]

  private struct Declared {
    let name: SyntaxNode
    let value: SyntaxNode
  }

  init(_ grammar: Grammar, _ old: (documents: [PolicyDocument], grants: GrantSet), _ new: (documents: [PolicyDocument], grants: GrantSet)) {
    self.grammar = grammar
    self.old = old.grants
    self.new = new.grants
    let shared = Set(old.documents.map(ObjectIdentifier.init)).intersection(new.documents.map(ObjectIdentifier.init))
    // What stands in files that both sides share has not changed, unless it moved between them.
    before = Self.declared(old.documents.filter { !shared.contains(ObjectIdentifier($0)) })
    after = Self.declared(new.documents.filter { !shared.contains(ObjectIdentifier($0)) })
    renames = RoleRenames.find(
      old: (before[.roles] ?? [:]).mapValues(\.value), new: (after[.roles] ?? [:]).mapValues(\.value))
  }

  private static func declared(_ documents: [PolicyDocument]) -> [Section: [String: Declared]] {
    var found: [Section: [String: Declared]] = [:]
    for document in documents {
      for declaration in document.declarations {
        guard let name = declaration.name else { continue }
        found[declaration.section, default: [:]][name.text] = Declared(name: name, value: declaration.value)
      }
    }
    return found
  }

  func changes() -> [TrustChange] {
    var found: [TrustChange] = []
    for section in Section.allCases where section != .bindings {
      let (left, right) = (before[section] ?? [:], after[section] ?? [:])
      let renamed = section == .roles ? renames : [:]
      for name in left.keys.sorted() {
        guard let one = left[name] else { continue }
        let newName = renamed[name] ?? name
        if let other = right[newName] {
          found += compare(section, newName, one, other)
        } else if let change = single(section, name, one, isNew: false) {
          found.append(change)
        }
      }
      let arrived = Set(renamed.values)
      for name in right.keys.sorted() where left[name] == nil && !arrived.contains(name) {
        if let other = right[name], let change = single(section, name, other, isNew: true) { found.append(change) }
      }
    }
    return found + pointingAtProtected()
  }

  // MARK: One declaration

  private func shape(_ section: Section, _ node: SyntaxNode) -> RecordShape {
    if let shape = section.declaration { return shape }
    guard node.isMapping, let target = node.value(of: ArtifactField.target.field.name)?.text else { return grammar.anyArtifact }
    return grammar.artifacts[target] ?? grammar.anyArtifact
  }

  private func compare(_ section: Section, _ name: String, _ one: Declared, _ other: Declared) -> [TrustChange] {
    if one.value.tree === other.value.tree, one.value.id == other.value.id { return [] }
    let mine = shape(section, one.value)
    let theirs = shape(section, other.value)
    // Another target has other options: what both have is compared, the rest came or went.
    let place = Place(section: section, name: name, path: [], environment: nil, oldSpan: one.name.span, newSpan: other.name.span)
    return fields(mine, theirs, one.value, other.value, place)
  }

  /// A declaration that stands on one side only.
  private func single(_ section: Section, _ name: String, _ it: Declared, isNew: Bool) -> TrustChange? {
    let shape = shape(section, it.value)
    var impacts: Set<Impact> = []
    Self.impacts(shape, it.value, into: &impacts)
    impacts.subtract([.none, .access])
    switch section {
    case .environments: impacts.insert(.environment)
    case .guardrails, .approvals, .tests: impacts.insert(.control)
    case .users, .services, .groups, .identityProviders: if !impacts.isEmpty { impacts.insert(.identity) }
    default: break
    }
    guard let impact = impacts.min(by: { $0.rank < $1.rank }) else { return nil }
    let text = CanonicalValue(it.value, .record(shape)).map(\.description) ?? ""
    let isProtected =
      section == .environments && it.value.isMapping && it.value.value(of: EnvironmentField.protected.field.name)?.text == "true"
    return TrustChange(
      section: section.name, name: name, path: "", impact: section == .environments ? .environment : section.isOfRules ? .control : impact,
      before: isNew ? nil : text, after: isNew ? text : nil, environment: section == .environments ? name : nil, isProtected: isProtected,
      oldSpan: isNew ? nil : it.name.span, newSpan: isNew ? it.name.span : nil)
  }

  private static func impacts(_ shape: RecordShape, _ node: SyntaxNode, into found: inout Set<Impact>) {
    guard node.isMapping else { return }
    for field in shape.fields {
      guard let value = node.value(of: field.name), let canonical = CanonicalValue(value, field.shape), !canonical.isDefault(of: field)
      else { continue }
      found.insert(field.impact)
    }
  }

  // MARK: Fields

  private struct Place {
    let section: Section
    let name: String
    var path: [String]
    var environment: String?
    var oldSpan: SourceSpan?
    var newSpan: SourceSpan?
  }

  private func fields(_ mine: RecordShape, _ theirs: RecordShape, _ one: SyntaxNode?, _ other: SyntaxNode?, _ place: Place) -> [TrustChange]
  {
    let known = Set(mine.fields.map(\.name))
    var found: [TrustChange] = []
    for field in mine.fields + theirs.fields.filter({ !known.contains($0.name) }) {
      let left = one.flatMap { $0.isMapping ? $0.value(of: field.name) : nil }
      let right = other.flatMap { $0.isMapping ? $0.value(of: field.name) : nil }
      if left == nil, right == nil { continue }
      var inner = place
      inner.path.append(field.name)
      if let left { inner.oldSpan = left.span }
      if let right { inner.newSpan = right.span }
      found += compare(field.shape, field, left, right, inner)
    }
    return found
  }

  private func compare(_ shape: Shape, _ field: Field, _ left: SyntaxNode?, _ right: SyntaxNode?, _ place: Place) -> [TrustChange] {
    guard field.impact != .none, field.impact != .access else { return [] }
    var one = CanonicalValue(left, shape)
    var other = CanonicalValue(right, shape)
    if let value = one, value.isDefault(of: field) { one = nil }
    if let value = other, value.isDefault(of: field) { other = nil }
    if namesRoles(place) { one = one.map(renamed) }
    if one == other { return [] }
    switch shape.resolved {
    case .record(let record) where (left ?? right)?.isMapping == true && left?.isMapping != false && right?.isMapping != false:
      return fields(record, record, left, right, place)
    case .map(_, let values):
      return keys(left, right).flatMap { key -> [TrustChange] in
        var inner = place
        inner.path.append(key)
        if isEnvironment(key) { inner.environment = key }
        let (a, b) = (left?.value(of: key), right?.value(of: key))
        if let a { inner.oldSpan = a.span }
        if let b { inner.newSpan = b.span }
        if case .record(let record) = values.resolved {
          let all = fields(record, record, a, b, inner)
          // An environment with nothing in it came or went all the same.
          guard all.isEmpty, (a == nil) != (b == nil) || (left?.key(of: key) == nil) != (right?.key(of: key) == nil) else { return all }
          return [change(field, left?.key(of: key) == nil ? nil : "{}", right?.key(of: key) == nil ? nil : "{}", inner)]
        }
        return compare(values, field, a, b, inner)
      }
    case .either(_, let inner) where (left ?? right)?.isMapping == true && left?.isScalar != true && right?.isScalar != true:
      return compare(inner, field, left, right, place)
    case .list:
      // Of lists, what came and what went.
      let (a, b) = (one?.items ?? [], other?.items ?? [])
      let gone = a.filter { !b.contains($0) }
      let come = b.filter { !a.contains($0) }
      if gone.isEmpty, come.isEmpty { return [] }
      let isWhole = a.isEmpty || b.isEmpty
      return [
        change(
          field, a.isEmpty ? nil : isWhole || !gone.isEmpty ? CanonicalValue.list(gone.isEmpty ? a : gone).description : nil,
          b.isEmpty ? nil : isWhole || !come.isEmpty ? CanonicalValue.list(come.isEmpty ? b : come).description : nil, place)
      ]
    default: return [change(field, one?.description, other?.description, place)]
    }
  }

  private func change(_ field: Field, _ before: String?, _ after: String?, _ place: Place) -> TrustChange {
    let rest = field.defaultValue.map { "\($0) (default)" }
    return TrustChange(
      section: place.section.name, name: place.name, path: place.path.joined(separator: "."), impact: field.impact, before: before ?? rest,
      after: after ?? rest, environment: place.environment,
      isProtected: place.environment.map(isProtected) ?? (place.section == .environments && isProtected(place.name)),
      oldSpan: place.oldSpan, newSpan: place.newSpan)
  }

  private func keys(_ left: SyntaxNode?, _ right: SyntaxNode?) -> [String] {
    let all = (left?.pairs ?? []).map(\.key.text) + (right?.pairs ?? []).map(\.key.text)
    return Set(all).sorted()
  }

  private func isEnvironment(_ name: String) -> Bool {
    old.model.environmentNames[name] != nil || new.model.environmentNames[name] != nil
  }

  private func isProtected(_ name: String) -> Bool {
    [old.model, new.model].contains { model in model.environmentNames[name].map { model[$0].isProtected } ?? false }
  }

  private func namesRoles(_ place: Place) -> Bool {
    (place.section == .connections && place.path == [ConnectionField.role.field.name])
      || (place.section == .guardrails && place.path == [GuardrailField.separate.field.name])
  }

  private func renamed(_ value: CanonicalValue) -> CanonicalValue {
    switch value {
    case .text(let name): .text(renames[name] ?? name)
    case .list(let items): .list(items.map(renamed).sorted { $0.description < $1.description })
    case .table: value
    }
  }

  // MARK: Places that become one

  /// An environment without protection that now leads where a protected one does.
  private func pointingAtProtected() -> [TrustChange] {
    var found: [TrustChange] = []
    for system in new.model.systems {
      func endpoint(_ name: String, _ model: AccessModel) -> CanonicalValue? {
        guard let id = model.systemNames[system.name], let environment = model.environmentNames[name] else { return nil }
        return CanonicalValue(model[id].endpoints[environment], .record(.endpoint))
      }
      for open in system.environments.members where open.offset < new.model.environments.count && !new.model[open].isProtected {
        let name = new.model[open].name
        guard let here = endpoint(name, new.model), here != .table([:]) else { continue }
        for closed in system.environments.members where closed.offset < new.model.environments.count && new.model[closed].isProtected {
          let other = new.model[closed].name
          guard endpoint(other, new.model) == here else { continue }
          let (oldOpen, oldClosed) = (endpoint(name, old.model), endpoint(other, old.model))
          if oldOpen != nil, oldOpen == oldClosed { continue }
          found.append(
            TrustChange(
              section: Section.systems.name, name: system.name, path: "environments.\(name)", impact: .environment,
              before: oldOpen?.description, after: here.description, environment: other, isProtected: true, oldSpan: nil,
              newSpan: system.endpoints[open]?.span, note: "`\(name)` now leads where `\(other)` does"))
        }
      }
    }
    return found
  }
}

extension CanonicalValue {
  fileprivate var items: [CanonicalValue] { if case .list(let items) = self { items } else { [self] } }
}

extension Section {
  fileprivate var isOfRules: Bool { self == .guardrails || self == .approvals || self == .tests }
}

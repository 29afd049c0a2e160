/// Every change of a field that decides about trust, beside grants: from what each field says of its impact.
struct TrustDiff {
  let grammar: Grammar
  let old: GrantSet
  let new: GrantSet
  private let before: [Section: [String: Declared]]
  private let after: [Section: [String: Declared]]
  /// Roles that are only called otherwise now.
  let renames: [String: String]
  private let fields: FieldDiff
  private let oldBindings: [SyntaxNode]
  private let newBindings: [SyntaxNode]

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
    let (oldDocuments, newDocuments) = (
      old.documents.filter { !shared.contains(ObjectIdentifier($0)) }, new.documents.filter { !shared.contains(ObjectIdentifier($0)) }
    )
    before = Self.declared(oldDocuments)
    after = Self.declared(newDocuments)
    oldBindings = oldDocuments.flatMap(\.declarations).filter { $0.section == .bindings }.map(\.value)
    newBindings = newDocuments.flatMap(\.declarations).filter { $0.section == .bindings }.map(\.value)
    renames = RoleRenames.find(
      old: (before[.roles] ?? [:]).mapValues(\.value), new: (after[.roles] ?? [:]).mapValues(\.value))
    fields = FieldDiff(environments: Self.environments([old.grants.model, new.grants.model]), renames: renames)
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

  /// The environments there are, and whether any side protects them.
  static func environments(_ models: [AccessModel]) -> [String: Bool] {
    var found: [String: Bool] = [:]
    for model in models { for it in model.environments { found[it.name] = it.isProtected || found[it.name] ?? false } }
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
    return found + bindings() + SamePlaces(old: old.model, new: new.model).changes()
  }

  // MARK: One declaration

  private func compare(_ section: Section, _ name: String, _ one: Declared, _ other: Declared) -> [TrustChange] {
    if one.value.tree === other.value.tree, one.value.id == other.value.id { return [] }
    let overriding = section == .connections ? Self.defaults(one.value).union(Self.defaults(other.value)) : []
    let mine = shape(section, one.value, old.model, overriding)
    let theirs = shape(section, other.value, new.model, overriding)
    // Another target or type has other fields: what both have is compared, the rest came or went.
    let place = FieldDiff.Place(
      section: section.name, name: name, environment: section == .environments ? name : nil,
      isProtected: isInProtected(section, one.value) || isInProtected(section, other.value), oldSpan: one.name.span,
      newSpan: other.name.span)
    let found = fields.changes(mine, theirs, one.value, other.value, place)
    guard section == .roles else { return found }
    // A name on a system is compared with the role's own, which it is where none is said.
    return found.filter { !$0.path.hasPrefix(RoleField.nameOn.field.name) }
      + RoleNameChanges(old: old.model, new: new.model).changes((one.name.text, one.value), (name, other.value), place)
  }

  private func shape(_ section: Section, _ node: SyntaxNode, _ model: AccessModel, _ overriding: Set<String> = []) -> RecordShape {
    var type: SystemType?
    if section == .connections, node.isMapping, let system = node.value(of: ConnectionField.system.field.name)?.text {
      type = model.systemNames[system].map { model[$0].type }
    }
    return TrustShapes(grammar: grammar).shape(section, node, type: type, overriding: overriding)
  }

  /// The settings that all environments of a connection start from.
  private static func defaults(_ node: SyntaxNode) -> Set<String> {
    guard node.isMapping, let defaults = node.value(of: ConnectionField.defaults.field.name), defaults.isMapping else { return [] }
    return Set(defaults.pairs.map(\.key.text))
  }

  /// Whether a system or a connection is in a protected environment.
  private func isInProtected(_ section: Section, _ node: SyntaxNode) -> Bool {
    guard section == .systems || section == .connections, node.isMapping,
      let environments = node.value(of: ConnectionField.environments.field.name), environments.isMapping
    else { return false }
    return environments.pairs.contains { fields.environments[$0.key.text] ?? false }
  }

  /// A declaration that stands on one side only.
  private func single(_ section: Section, _ name: String, _ it: Declared, isNew: Bool) -> TrustChange? {
    let shape = shape(section, it.value, isNew ? new.model : old.model)
    var impacts: Set<Impact> = []
    Self.impacts(shape, it.value, into: &impacts)
    impacts.subtract([.none, .access])
    switch section {
    case .environments: impacts = [.environment]
    case .guardrails, .approvals, .tests: impacts = [.control]
    case .users, .services, .groups, .identityProviders: if !impacts.isEmpty { impacts.insert(.identity) }
    default: break
    }
    guard let impact = impacts.min(by: { $0.rank < $1.rank }) else { return nil }
    let text = CanonicalValue(it.value, .record(shape))?.description ?? ""
    return TrustChange(
      section: section.name, name: name, path: "", impact: impact, before: isNew ? nil : text, after: isNew ? text : nil,
      environment: section == .environments ? name : nil,
      isProtected: section == .environments ? fields.environments[name] ?? false : isInProtected(section, it.value),
      oldSpan: isNew ? nil : it.name.span, newSpan: isNew ? it.name.span : nil)
  }

  /// Of all fields that are there, inner ones included.
  private static func impacts(_ shape: RecordShape, _ node: SyntaxNode, into found: inout Set<Impact>) {
    guard node.isMapping else { return }
    for field in shape.fields {
      guard let value = node.value(of: field.name), let canonical = CanonicalValue(value, field), !canonical.isDefault(of: field) else {
        continue
      }
      found.insert(field.impact)
      switch field.shape.resolved {
      case .record(let record): impacts(record, value, into: &found)
      case .map(_, let values):
        guard case .record(let record) = values.resolved, value.isMapping else { continue }
        for (_, inner) in value.pairs { impacts(record, inner, into: &found) }
      default: continue
      }
    }
  }

  // MARK: Bindings

  /// Fields of bindings that are more than access.
  private func bindings() -> [TrustChange] {
    guard let shape = Section.bindings.declaration else { return [] }
    let place = FieldDiff.Place(section: Section.bindings.name, name: "")
    return fields.besideGrants(.record(shape), oldBindings, newBindings, place)
  }
}

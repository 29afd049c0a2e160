/// Many bindings, resolved in parts side by side: none depends on another.
///
/// How many parts there are follows from the bindings alone, so that what is reported is the same on every machine.
struct BindingParts {
  /// From how many on it is worth it.
  static let many = 2_000

  let count: Int
  private let size: Int

  init(count bindings: Int, many: Int) {
    count = bindings < many ? 1 : 8
    size = bindings
  }

  /// The resolver of each part, once it has resolved its bindings; before them those that have judged other sections, since
  /// nothing waits for what they report.
  func resolved(_ nodes: [SyntaxNode], by resolver: Resolver) -> [Resolver] {
    SideBySide.map(count + 2) { number in
      var resolver = resolver
      switch number {
      case 0: resolver.sharedAccounts()
      case 1: resolver.sharedSecrets()
      default:
        let part = number - 2
        for node in nodes[size * part / count..<size * (part + 1) / count] { resolver.binding(node) }
      }
      return resolver
    }
  }
}

extension Resolver {
  /// What one of some parts begins with: all that is known, no bindings, and its share of the work that names may cost.
  func partly(_ count: Int) -> Resolver {
    var part = self
    part.problems = ProblemList()
    part.shareComparisons(among: count)
    return part
  }

  /// Takes what the parts resolved, in their order: patterns are numbered as if one had followed the other.
  mutating func take(_ parts: [Resolver]) {
    let firstPattern = model.patterns.count
    let firstPermission = model.permissions.count
    model.bindings.reserveCapacity(parts.reduce(0) { $0 + $1.model.bindings.count })
    model.bindingRoles.reserveCapacity(parts.reduce(0) { $0 + $1.model.bindingRoles.count })
    model.bindingTargets.reserveCapacity(parts.reduce(0) { $0 + $1.model.bindingTargets.count })
    model.bindingResources.reserveCapacity(parts.reduce(0) { $0 + $1.model.bindingResources.count })
    for part in parts {
      let theirs = part.model.patterns[firstPattern...].map { number(of: $0) }
      func here(_ id: PatternID) -> PatternID { id.offset < firstPattern ? id : theirs[id.offset - firstPattern] }
      let (roles, targets) = (model.bindingRoles.count, model.bindingTargets.count)
      let (permissions, resources) = (model.permissions.count - firstPermission, model.bindingResources.count)
      model.bindingRoles += part.model.bindingRoles
      model.bindingTargets += part.model.bindingTargets
      for id in part.model.bindingResources { model.bindingResources.append(here(id)) }
      for it in part.model.permissions[firstPermission...] {
        model.permissions.append(.init(action: it.action, of: it.of.map(here), except: it.except.map(here), span: it.span))
      }
      for it in part.model.bindings {
        model.bindings.append(.init(it, roles: roles, targets: targets, permissions: permissions, resources: resources))
      }
    }
    // Of one pattern and action it is said once that there is nothing to act on, and the parts did not know of each other.
    var said: Set<String> = []
    problems = ProblemList.joined(
      ([problems] + parts.map(\.problems)).map { list in
        list.filter { $0.code != .nothingToActOn || said.insert($0.message).inserted }
      })
  }

  private mutating func number(of pattern: AccessModel.ResolvedPattern) -> PatternID {
    let key = UTF8Key(pattern.pattern.text)
    if let known = patternIDs[key], let known { return known }
    let id = PatternID(model.patterns.count)
    model.patterns.append(pattern)
    patternIDs[key] = id
    return id
  }
}

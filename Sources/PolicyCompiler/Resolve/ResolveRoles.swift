extension Resolver {
  mutating func roles() {
    for (name, value, text) in declarations.all(.roles) {
      model.roleNames[text] = RoleID(model.roles.count)
      model.roles.append(.init(name: text, span: name.span, declaration: value))
    }
    var excluded: [RoleID: [SyntaxNode]] = [:]
    var inheritNodes: [RoleID: [SourceSpan]] = [:]
    var inherited = 0
    for index in model.roles.indices {
      let declaration = model.roles[index].declaration
      guard declaration.isMapping else { continue }
      let id = RoleID(index)
      let view = declaration.record(RoleField.self)
      model.roles[index].permissions = permissions(view[.can])
      for (key, _) in view[.nameOn]?.pairs ?? [] { _ = system(key) }
      for item in view.items(.inherits) {
        if item.isMapping {
          let left = item.record(InheritsField.self).items(.allExcept)
          let out = Set(left.compactMap { role($0) } + [id])
          excluded[id] = left
          inherited += model.roles.count
          guard inherited <= Self.maximumInheritance else {
            report(.tooMuchInheritance(at: item.span))
            continue
          }
          for other in model.roles.indices where !out.contains(RoleID(other)) {
            model.roles[index].inherits.append(RoleID(other))
            inheritNodes[id, default: []].append(item.span)
          }
        } else if let other = role(item) {
          guard !model.roles[index].inherits.contains(other) else { continue }
          model.roles[index].inherits.append(other)
          inheritNodes[id, default: []].append(item.span)
        }
      }
    }
    closures(inheritNodes)
    for (id, nodes) in excluded.sorted(by: { $0.key < $1.key }) {
      for node in nodes {
        guard let out = model.roleNames[node.text], out != id, model[id].closure.contains(out) else { continue }
        let through = model[id].inherits.first { model[$0].closure.contains(out) }
        report(
          Diagnostic(
            .excludedRoleInherited, "`\(model[out].name)` comes in all the same, through `\(through.map { model[$0].name } ?? "")`",
            at: node.span,
            notes: through.map { [.init("`\(model[$0].name)` inherits it", at: model[$0].span)] } ?? [],
            help: "`all_except` leaves out direct inheritance only: leave that role out too"))
      }
    }
  }

  private mutating func closures(_ spans: [RoleID: [SourceSpan]]) {
    let graph = DirectedGraph(count: model.roles.count) { model.roles[$0].inherits.map(\.offset) }
    var cut: [Int: Set<Int>] = [:]
    for circle in graph.circles {
      cut[circle.from, default: []].insert(circle.edge)
      if circle.path.isEmpty { continue }
      let names = (circle.path + [circle.path[0]]).map { "`\(model.roles[$0].name)`" }
      report(
        Diagnostic(
          .roleCycle, "role `\(model.roles[circle.path[0]].name)` inherits itself: \(Diagnostic.way(names))",
          at: spans[RoleID(circle.from)]?[circle.edge], help: "take one of these inheritances out"))
    }
    for (role, edges) in cut {
      model.roles[role].inherits = model.roles[role].inherits.enumerated().filter { !edges.contains($0.offset) }.map(\.element)
    }
    // Each after all that it inherits, so that every closure is a union of finished ones.
    var total = 0
    for role in graph.order {
      var members: Set<RoleID> = [RoleID(role)]
      total += model.roles[role].inherits.reduce(1) { $0 + model[$1].closure.count }
      guard total <= Self.maximumInheritance else {
        report(.tooMuchInheritance(at: model.roles[role].span))
        model.roles[role].closure = [RoleID(role)]
        continue
      }
      for other in model.roles[role].inherits { members.formUnion(model[other].closure) }
      model.roles[role].closure = members.sorted()
    }
  }

  /// What all roles together may inherit, counted role by role: a policy of a thousand roles stays far below.
  private static let maximumInheritance = 5_000_000

  /// The permissions of a `can`, appended to the model's.
  mutating func permissions(_ can: SyntaxNode?) -> Range<Int> {
    let start = model.permissions.count
    for (action, value) in can?.pairs ?? [] {
      var of: [PatternID] = []
      for item in value.items {
        guard item.isMapping else {
          if let id = pattern(item, action: action) { of.append(id) }
          continue
        }
        let view = item.record(PermissionField.self)
        let inner = view.items(.of).compactMap { pattern($0, action: action) }
        let except = view.items(.except).compactMap { pattern($0, action: nil) }
        if !inner.isEmpty { model.permissions.append(.init(action: action.text, of: inner, except: except, span: action.span)) }
      }
      if !of.isEmpty { model.permissions.append(.init(action: action.text, of: of, except: [], span: action.span)) }
    }
    return start..<model.permissions.count
  }

  // MARK: Patterns

  /// The pattern's number, once it is known to make sense; otherwise it is reported here.
  mutating func pattern(_ node: SyntaxNode, action: SyntaxNode?) -> PatternID? {
    guard node.isScalar else { return nil }
    let text = node.text
    let id: PatternID
    if let known = patternIDs[text], let known {
      id = known
    } else {
      guard case .success(let pattern) = ResourcePattern.parse(text), let root = root(of: pattern, node) else { return nil }
      if let problem = depthProblem(pattern, root, node) {
        report(problem)
        return nil
      }
      id = PatternID(model.patterns.count)
      model.patterns.append(resolved(pattern, root))
      patternIDs[text] = id
    }
    if let action, !judge(action, id, node) { return nil }
    return id
  }

  private func resolved(_ pattern: ResourcePattern, _ root: AccessModel.ResolvedPattern.Root) -> AccessModel.ResolvedPattern {
    switch root {
    case .system(let system): return .init(pattern: pattern, root: root, environments: model[system].environments, connections: nil)
    case .secrets: return .init(pattern: pattern, root: root, environments: .all(model.environments.count), connections: nil)
    case .connections:
      let isOpen = pattern.hasPlaceholder
      var matched: [ConnectionID] = []
      if !isOpen, pattern.segments.count == 1, case .literal(let name) = pattern.segments[0] {
        matched = model.connectionNames[name].map { [$0] } ?? []
      } else {
        matched = model.connections.indices.filter { isOpen || pattern.matches([model.connections[$0].name]) }.map(ConnectionID.init)
      }
      let environments = matched.reduce(EnvironmentSet()) { $0.union(model[$1].environments) }
      return .init(pattern: pattern, root: root, environments: environments, connections: isOpen ? nil : matched)
    }
  }

  private mutating func root(of pattern: ResourcePattern, _ node: SyntaxNode) -> AccessModel.ResolvedPattern.Root? {
    switch pattern.root {
    case "connections":
      if case .literal(let name)? = pattern.segments.first, pattern.segments.count == 1, model.connectionNames[name] == nil,
        !pattern.mentionsPrincipal
      {
        if isBroken(name, .connections) { return nil }
        report(
          .unknown(
            .unknownConnection, "connection", name, among: candidates(model.connectionNames.keys),
            at: node.span(ofPart: "connections/".utf8.count..<node.text.utf8.count)))
        return nil
      }
      return .connections
    case "secrets": return .secrets
    default:
      if let id = model.systemNames[pattern.root] { return .system(id) }
      if isBroken(pattern.root, .systems) { return nil }
      if let dot = pattern.root.firstIndex(of: "."), model.systemNames[String(pattern.root[..<dot])] != nil, pattern.segments.isEmpty {
        report(.dotsForSlashes(pattern.root, at: node.span))
        return nil
      }
      report(
        .unknown(
          .unknownSystem, "system", pattern.root, among: candidates(model.systemNames.keys),
          at: node.span(ofPart: 0..<pattern.root.utf8.count)))
      return nil
    }
  }

  /// A pattern that nothing can ever match is a mistake.
  ///
  /// - Parameter part: where it stands in the node's text; nil where it is all of it.
  func depthProblem(_ pattern: ResourcePattern, _ root: AccessModel.ResolvedPattern.Root, _ node: SyntaxNode, at part: Range<Int>? = nil)
    -> Diagnostic?
  {
    let span = part.map(node.span(ofPart:)) ?? node.span
    let start = part?.lowerBound ?? 0
    let end = part?.upperBound ?? node.text.utf8.count
    switch root {
    case .connections:
      return pattern.canMatch(depth: 1) ? nil : .impossible("connections are `connections/<name>`", pattern, span)
    case .secrets:
      if case .literal(let backend)? = pattern.segments.first, SecretReference.Backend(rawValue: backend) == nil {
        return .impossible("secrets are `secrets/<backend>/<path>`", pattern, span)
      }
      return nil
    case .system(let id):
      let type = model[id].type
      if let kind = pattern.kind {
        guard let levels = type.kinds[kind] else {
          let kinds = type.kinds.keys.sorted().map { "@\($0)" }
          return .impossible(
            kinds.isEmpty ? "\(type.title) has no `@` resources" : "\(type.title) has \(Diagnostic.listed(kinds))", pattern, span)
        }
        return (0...levels.count + 1).contains { pattern.canMatch(depth: $0) }
          ? nil
          : .impossible("its resources are `\(model[id].name)/@\(kind)/\(levels.map { "<\($0)>" }.joined(separator: "/"))`", pattern, span)
      }
      let deepest = max(
        type.levels.count, type.kinds.isEmpty || pattern.segments.first != .any ? 0 : (type.kinds.values.map(\.count).max() ?? 0) + 1)
      if pattern.depths.least <= deepest {
        if type.name == "http" || type.name == "fastapi", case .literal(let name)? = pattern.segments.first, !model[id].routes.isEmpty,
          model[id].routes[name] == nil
        {
          return .unknown(
            .unknownRoute, "route", name, among: model[id].routes.keys, at: node.span(ofPart: start + pattern.root.utf8.count + 1..<end),
            declareIn: "`routes` of `\(model[id].name)`")
        }
        return nil
      }
      let shapes =
        [([model[id].name] + type.levels.map { "<\($0)>" }).joined(separator: "/")]
        + type.kinds.sorted { $0.key < $1.key }.map { kind, levels in
          "\(model[id].name)/@\(kind)/" + levels.map { "<\($0)>" }.joined(separator: "/")
        }
      return .impossible("resources of \(type.title) are \(Diagnostic.listed(shapes)) at the deepest", pattern, span)
    }
  }

  /// Whether the action exists where the pattern leads, and whether anything there can be acted on.
  private mutating func judge(_ action: SyntaxNode, _ id: PatternID, _ node: SyntaxNode) -> Bool {
    let name = action.text
    let key = JudgedAction(action: name, pattern: id)
    if judgedActions[key] == true { return true }
    let resolved = model[id]
    switch resolved.root {
    case .connections, .secrets:
      let allowed = resolved.root == .connections ? "assume" : "read"
      guard name == allowed else {
        report(
          .unknownAction(
            name, on: resolved.root == .connections ? "connections" : "secrets", among: [allowed], at: action.span, pattern: node.span))
        return false
      }
    case .system(let system):
      let type = model[system].type
      guard let known = type.action(name) else {
        report(.unknownAction(name, on: type.title, among: type.actions.map(\.name), at: action.span, pattern: node.span))
        return false
      }
      if !acts(known, on: resolved.pattern, type) {
        report(.nothingToActOn(known, resolved.pattern, model[system], at: node.span))
      }
    }
    judgedActions[key] = true
    return true
  }

  private func acts(_ action: SystemType.Action, on pattern: ResourcePattern, _ type: SystemType) -> Bool {
    if let kind = pattern.kind { return action.kinds.contains(kind) }
    if action.depths.contains(where: { pattern.canMatch(depth: $0) }) { return true }
    return pattern.segments.first == .any && !action.kinds.isEmpty
  }
}

extension Diagnostic {
  fileprivate static func tooMuchInheritance(at span: SourceSpan) -> Self {
    Self(
      .tooMany, "the roles of this policy inherit one another too often to be followed", at: span,
      help: "inherit from fewer roles, or in fewer steps")
  }

  fileprivate static func dotsForSlashes(_ text: String, at span: SourceSpan) -> Self {
    let path = text.split(separator: ".").joined(separator: "/")
    return Self(
      .unknownSystem, "system `\(text)` is not declared", at: span, help: "segments are divided by `/`: did you mean `\(path)`?",
      fix: Fix(span: span, replacement: path))
  }

  fileprivate static func impossible(_ reason: String, _ pattern: ResourcePattern, _ span: SourceSpan) -> Self {
    Self(.impossiblePattern, "`\(pattern.text)` can match nothing", at: span, notes: [.init(reason)])
  }

  fileprivate static func unknownAction(_ name: String, on what: String, among names: [String], at span: SourceSpan, pattern: SourceSpan)
    -> Self
  {
    let nearest = NearestName.nearest(name, among: names)
    return Self(
      .unknownAction, "\(what) \(what == "connections" || what == "secrets" ? "have" : "has") no action `\(name)`", at: span,
      notes: [
        .init("the pattern leads there", at: pattern),
        .init(names.count == 1 ? "the only one is `\(names[0])`" : "there are \(listed(names))"),
      ],
      help: nearest.map { "did you mean `\($0)`?" }, fix: nearest.map { Fix(span: span, replacement: $0) })
  }

  fileprivate static func nothingToActOn(
    _ action: SystemType.Action, _ pattern: ResourcePattern, _ system: AccessModel.System, at span: SourceSpan
  ) -> Self {
    let depths = action.depths.sorted()
    let shapes =
      depths.map { depth in
        "`" + ([system.name] + system.type.levels.prefix(depth).map { "<\($0)>" }).joined(separator: "/") + "`"
      } + action.kinds.sorted().map { "`\(system.name)/@\($0)/…`" }
    let isShallow = pattern.depths.greatest.map { $0 < (depths.first ?? 0) } ?? false
    return Self(
      .nothingToActOn, "`\(pattern.text)` holds nothing that one can \(action.name)", at: span,
      notes: [.init("\(system.type.title): `\(action.name)` acts on \(shapes.joined(separator: ", "))")],
      help: isShallow ? "did you mean `\(pattern.text)/**`?" : nil)
  }
}

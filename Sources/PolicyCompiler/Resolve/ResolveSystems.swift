extension Resolver {
  mutating func systems() {
    for (name, value, text) in declarations.all(.systems) {
      let view = value.record(SystemField.self)
      guard value.isMapping, let type = view[.type].flatMap({ SystemType.named($0.text) }) else { continue }
      if let owners = view[.owners] { self.owners(owners.items) }
      var endpoints: [EnvironmentID: SyntaxNode] = [:]
      for (key, endpoint) in view[.environments]?.pairs ?? [] {
        guard let id = environment(key) else { continue }
        endpoints[id] = endpoint
        settings(endpoint, key: key, allowed: type.endpoint, of: "`\(text)`", type)
      }
      byEnvironment(view[.names], "names", system: text)
      if let manages = view[.manages], manages.isMapping {
        for pattern in manages.record(ManagesField.self).items(.leaves)
        where pattern.text.utf8.contains(where: { [0x3F, 0x5B, 0x7B, 0x5C].contains($0) }) {
          report(Diagnostic(.invalidPattern, "only `*` has a meaning in `leaves`", at: pattern.span))
        }
      }
      var routes: [String: AccessModel.Route] = [:]
      for (key, route) in view[.routes]?.pairs ?? [] {
        routes[key.text] = .init(name: key.text, span: key.span, declaration: route)
      }
      if let node = view[.routes], type.levels != ["route"] {
        report(Diagnostic(.inapplicableField, "\(type.title) has no `routes`", at: value.key(of: "routes")?.span ?? node.span))
      }
      model.systemNames[text] = SystemID(model.systems.count)
      model.systems.append(
        .init(
          name: text, type: type, span: name.span, declaration: value, environments: EnvironmentSet(endpoints.keys), endpoints: endpoints,
          routes: routes))
    }
    accounts()
  }

  /// `acts_as` of routes, once the connections are known.
  mutating func routes() {
    for index in model.systems.indices {
      sameRoutes(model.systems[index])
      for (name, route) in model.systems[index].routes.sorted(by: { $0.key < $1.key }) where route.declaration.isMapping {
        let view = route.declaration.record(RouteField.self)
        if let path = view[.path], !path.text.hasPrefix("/") {
          report(Diagnostic(.invalidValue, "a route's path begins with `/`", at: path.span))
        }
        guard let actsAs = view[.actsAs] else { continue }
        if view[.isPublic]?.text == "true" {
          report(
            Diagnostic(
              .inapplicableField, "a public route cannot act as `\(actsAs.text)`: anybody at all would act through that session",
              at: actsAs.span,
              help: "take `public: true` or `acts_as` out"))
        }
        let prefix = "connections/"
        guard actsAs.text.hasPrefix(prefix) else {
          report(Diagnostic(.invalidValue, "`acts_as` takes `connections/<name>`, not `\(actsAs.text)`", at: actsAs.span))
          continue
        }
        let target = String(actsAs.text.dropFirst(prefix.count))
        guard let id = model.connectionNames[target] else {
          if isBroken(target, .connections) { continue }
          report(
            .unknown(
              .unknownConnection, "connection", target, among: candidates(model.connectionNames.keys),
              at: actsAs.span(ofPart: prefix.utf8.count..<actsAs.text.utf8.count)))
          continue
        }
        if model[id].identity == .caller {
          report(
            Diagnostic(
              .wrongPrincipal, "a route cannot act as `\(target)`: it has no identity of its own (`principal: self`)", at: actsAs.span,
              notes: [.init("the connection is declared here", at: model[id].span)]))
          continue
        }
        // The callers' access does not depend on a copy: routes live in the system.
        replaceRoute(index, name, actsAs: id)
      }
    }
  }

  /// Two routes that answer one request are told apart by nobody: a permission on the one would be one on the other.
  private mutating func sameRoutes(_ system: AccessModel.System) {
    var taken: [String: AccessModel.Route] = [:]
    for route in system.routes.values.sorted(by: { ($0.span.file, $0.span.start) < ($1.span.file, $1.span.start) })
    where route.declaration.isMapping {
      let view = route.declaration.record(RouteField.self)
      guard let path = view[.path] else { continue }
      // What a parameter is called decides nothing, and neither does a slash at the end.
      let shape = path.text.split(separator: "/").map { $0.hasPrefix("{") && $0.hasSuffix("}") ? "{}" : String($0) }.joined(separator: "/")
      for method in view.items(.method) where method.isScalar {
        let key = "\(method.text) /\(shape)"
        if let first = taken[key], first.name != route.name {
          report(.sameRoute(route.name, "\(method.text) \(path.text)", at: path.span, first: first))
          break
        }
        taken[key] = route
      }
    }
  }

  private mutating func replaceRoute(_ index: Int, _ name: String, actsAs: ConnectionID) {
    let system = model.systems[index]
    var routes = system.routes
    routes[name]?.actsAs = actsAs
    model.systems[index] = .init(
      name: system.name, type: system.type, span: system.span, declaration: system.declaration, environments: system.environments,
      endpoints: system.endpoints, routes: routes)
  }

  private mutating func byEnvironment(_ node: SyntaxNode?, _ field: String, system: String) {
    for (_, value) in node?.pairs ?? [] {
      for (environment, _) in value.pairs { _ = self.environment(environment) }
    }
  }

  /// Settings of an endpoint or a connection: those that the type knows, and none of the others.
  mutating func settings(_ node: SyntaxNode, key: SyntaxNode, allowed: [Field], of what: String, _ type: SystemType) {
    for (name, _) in node.pairs where SystemType.knows(name.text) {
      guard !allowed.contains(where: { $0.name == name.text }) else { continue }
      let nearest = NearestName.nearest(name.text, among: allowed.map(\.name))
      report(
        Diagnostic(
          .inapplicableField, "\(type.title) has no `\(name.text)`", at: name.span,
          notes: allowed.isEmpty ? [] : [.init("it has \(Diagnostic.listed(allowed.map(\.name)))")],
          help: nearest.map { "did you mean `\($0)`?" },
          fix: nearest.map { .init(span: name.span, replacement: $0) }))
    }
    for field in allowed where field.isRequired && node.value(of: field.name) == nil && !node.misspells(field.name) {
      report(
        Diagnostic(
          .missingSetting, "\(what) needs `\(field.name)` in `\(key.text)`", at: key.span, notes: [.about(field)]))
    }
  }
}

extension SystemType {
  /// Whether some type has an endpoint field of this name; others were reported as unknown already.
  static func knows(_ name: String) -> Bool { endpointNames.contains(name) }

  private static let endpointNames = Set(all.flatMap(\.endpoint).map(\.name))
}

extension Diagnostic {
  fileprivate static func sameRoute(_ name: String, _ request: String, at span: SourceSpan, first: AccessModel.Route) -> Self {
    Self(
      .sameRoute, "route `\(name)` answers `\(request)`, which route `\(first.name)` answers already", at: span,
      notes: [.init("the other one is declared here", at: first.span)],
      help: "make them one route, or give each a request of its own")
  }

  static func environmentMissing(_ environment: String, system: AccessModel.System, at span: SourceSpan) -> Self {
    Self(
      .missingEnvironment, "`\(system.name)` has no environment `\(environment)`", at: span,
      notes: [.init("the system is declared here", at: system.span)],
      help: "add `\(environment)` to the environments of `\(system.name)`, or leave it out here")
  }
}

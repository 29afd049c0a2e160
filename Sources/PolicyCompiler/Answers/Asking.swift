/// Why a question cannot be asked: a name in it is not known.
package struct AskingProblem: Error, Hashable, Sendable {
  package let message: String
  package let help: String?

  package init(message: String, help: String?) {
    self.message = message
    self.help = help
  }
}

/// Reads questions that a person types, with near misses for whatever is not known.
package struct Asking: Sendable {
  package let policy: CompiledPolicy

  package init(_ policy: CompiledPolicy) { self.policy = policy }

  private var model: AccessModel { _read { yield policy.model } }

  /// A user, a service or a group.
  package func principal(_ text: String) throws(AskingProblem) -> PrincipalID {
    let name = String(decoding: Array(text.utf8)[ScalarCheck.unqualified(text)], as: UTF8.self)
    if let id = model.principalNames[name] {
      guard name.utf8.count == text.utf8.count || text.hasPrefix(model[id].kind.rawValue + ":") else {
        throw AskingProblem(message: "`\(name)` is a \(model[id].kind.rawValue)", help: "write `\(name)`")
      }
      return id
    }
    throw unknown("principal", name, among: model.principalNames.keys)
  }

  package func environment(_ name: String) throws(AskingProblem) -> EnvironmentID {
    if let id = model.environmentNames[name] { return id }
    throw unknown("environment", name, among: model.environmentNames.keys)
  }

  /// The environments that are meant; all of them where none is named.
  package func environments(_ names: [String]) throws(AskingProblem) -> [EnvironmentID] {
    if names.isEmpty || names.contains("*") { return model.environments.indices.map(EnvironmentID.init) }
    var found: [EnvironmentID] = []
    for name in names {
      let id = try environment(name)
      if !found.contains(id) { found.append(id) }
    }
    return found
  }

  /// A resource or a pattern of them, and what its root means.
  package func resource(_ text: String) throws(AskingProblem) -> (pattern: ResourcePattern, root: AccessModel.ResolvedPattern.Root) {
    let pattern: ResourcePattern
    switch ResourcePattern.parse(text) {
    case .failure(let problem): throw AskingProblem(message: problem.message, help: problem.help)
    case .success(let parsed): pattern = parsed
    }
    if pattern.mentionsPrincipal {
      throw AskingProblem(message: "`${principal}` has no meaning in a question", help: "write a name, or `*` for any")
    }
    guard let root = model.root(of: pattern) else { throw unknown("system", pattern.root, among: model.systemNames.keys) }
    if root == .connections, let name = pattern.concretePath?.first, model.connectionNames[name] == nil {
      throw unknown("connection", name, among: model.connectionNames.keys)
    }
    if case .system(let id) = root, let route = pattern.concretePath?.first, !model[id].routes.isEmpty, model[id].routes[route] == nil {
      throw unknown("route", route, among: model[id].routes.keys)
    }
    return (pattern, root)
  }

  /// An action, which the root must have.
  package func action(_ name: String, on root: AccessModel.ResolvedPattern.Root) throws(AskingProblem) {
    let (names, title) = actions(of: root)
    guard !names.contains(name) else { return }
    let nearest = NearestName.nearest(name, among: names)
    throw AskingProblem(
      message: "\(title) no action `\(name)`",
      help: nearest.map { "did you mean `\($0)`?" }
        ?? (names.count == 1 ? "the only one is `\(names[0])`" : "there are \(Diagnostic.listed(names))"))
  }

  private func actions(of root: AccessModel.ResolvedPattern.Root) -> ([String], String) {
    switch root {
    case .connections: (["assume"], "connections have")
    case .secrets: (["read"], "secrets have")
    case .system(let id): (model[id].type.actions.map(\.name), "\(model[id].type.title) has")
    }
  }

  /// A whole question.
  package func question(
    _ principal: PrincipalID, _ action: String, _ resource: String, in environment: EnvironmentID, at instant: Instant
  ) throws(AskingProblem) -> AccessQuestion {
    let (pattern, root) = try self.resource(resource)
    try self.action(action, on: root)
    guard let filled = pattern.filled(principal: "", environment: model[environment].name) else {
      throw AskingProblem(message: "`\(resource)` is no resource in `\(model[environment].name)`", help: nil)
    }
    return AccessQuestion(
      principal: principal, action: action, resource: filled, root: root, environment: environment, instant: instant)
  }

  private func unknown(_ what: String, _ name: String, among names: some Collection<String>) -> AskingProblem {
    let nearest = NearestName.nearest(name, among: names)
    let all = names.sorted()
    return AskingProblem(
      message: "\(what) `\(name)` is not declared",
      help: nearest.map { "did you mean `\($0)`?" }
        ?? (all.isEmpty ? nil : all.count <= 12 ? "there are \(Diagnostic.listed(all))" : nil))
  }
}

package import PolicyCompiler

/// Guards of FastAPI applications: a document of who may call which route, and the Python module that enforces it.
package enum FastapiGuardTarget: ArtifactTarget {
  package static let options = RecordShape(
    "artifact", "A guard for the routes of a FastAPI application.", keys: FastapiGuardField.self)

  package static let holdsAccess = true

  package static func render(_ request: inout ArtifactRequest) {
    let options = FastapiGuardOptions(request.options)
    var problems = options.problems(in: request)
    guard let system = system(options, request, &problems) else {
      problems.forEach { request.report($0) }
      return
    }
    let trusted = trusted(options, request, &problems)
    var files: [(path: String, document: GuardDocument)] = []
    var narrower = GuardNarrowings()
    for environment in options.environments {
      guard let place = request.model.environmentNames[environment.text] else {
        problems.append(
          .unknown(.unknownEnvironment, "environment", environment.text, among: request.model.environmentNames.keys, at: environment.span))
        continue
      }
      guard request.model[system].environments.contains(place) else {
        problems.append(.systemMissing(request.model[system], environment.text, at: environment.span))
        continue
      }
      var draft = GuardDraft(request, system, place, emailsFrom: trusted)
      let document = draft.document(options)
      problems += draft.problems
      narrower.formUnion(draft.narrower)
      files.append((request.path(environment: environment.text), document))
    }
    var said: Set<GuardProblemKey> = []
    for problem in problems where said.insert(GuardProblemKey(problem)).inserted { request.report(problem) }
    narrower.warnings(request, at: options.system?.span ?? request.declaration.span).forEach { request.report($0) }
    if problems.hasErrors { return }
    for (path, document) in files { request.write(document.text, to: path) }
    if let module = options.module {
      let header = request.header
      request.write(GuardModule.text(header: header), to: module.text)
    }
  }

  private static func system(_ options: FastapiGuardOptions, _ request: ArtifactRequest, _ problems: inout [Diagnostic]) -> SystemID? {
    guard let name = options.system else { return nil }
    let model = request.model
    guard let id = model.systemNames[name.text] else {
      problems.append(.unknown(.unknownSystem, "system", name.text, among: model.systemNames.keys, at: name.span))
      return nil
    }
    guard model[id].type.levels == ["route"] else {
      problems.append(.noRoutesThere(model[id], at: name.span))
      return nil
    }
    if model[id].routes.isEmpty {
      problems.append(.noRoutes(model[id], at: name.span))
      return nil
    }
    return id
  }

  /// The providers whose verified emails count.
  private static func trusted(_ options: FastapiGuardOptions, _ request: ArtifactRequest, _ problems: inout [Diagnostic]) -> [String] {
    options.emailsFrom.compactMap { node in
      guard let declared = request.model.providers[node.text] else {
        problems.append(.unknown(.unknownProvider, "identity provider", node.text, among: request.model.providers.keys, at: node.span))
        return nil
      }
      let type = declared.isMapping ? declared.value(of: "type")?.text : nil
      guard type == "oidc" else {
        problems.append(.noEmails(node, type: type ?? "", at: declared.span))
        return nil
      }
      return node.text
    }
  }
}

/// What is wrong with one thing is so in every environment, and said once.
private struct GuardProblemKey: Hashable {
  let message: String
  let span: SourceSpan?

  init(_ problem: Diagnostic) {
    message = problem.message
    span = problem.span
  }
}

extension Diagnostic {
  fileprivate static func noRoutesThere(_ system: AccessModel.System, at span: SourceSpan) -> Self {
    Self(
      .invalidOption, "`\(system.name)` is \(system.type.title), which has no routes to guard", at: span,
      notes: [.init("it is declared here", at: system.span)], help: "name a system of type `fastapi` or `http`")
  }

  fileprivate static func noRoutes(_ system: AccessModel.System, at span: SourceSpan) -> Self {
    Self(
      .invalidOption, "`\(system.name)` declares no `routes`, so its guard would refuse everything", at: span,
      notes: [.init("it is declared here", at: system.span)],
      help: "declare each route: `routes: { list_orders: { method: GET, path: /orders } }`")
  }

  fileprivate static func systemMissing(_ system: AccessModel.System, _ environment: String, at span: SourceSpan) -> Self {
    Self(
      .missingEnvironment, "`\(system.name)` has no environment `\(environment)`", at: span,
      notes: [.init("the system is declared here", at: system.span)],
      help: "add `\(environment)` to the environments of `\(system.name)`, or leave it out here")
  }

  fileprivate static func noEmails(_ node: SyntaxNode, type: String, at span: SourceSpan) -> Self {
    Self(
      .invalidOption, "`\(node.text)` vouches for no emails", at: node.span, notes: [.init("it is of type `\(type)`", at: span)],
      help: "name a provider of type `oidc`, or give users an `identity`")
  }
}

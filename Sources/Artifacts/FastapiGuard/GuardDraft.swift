import PolicyCompiler

/// One environment's document, being made: routes with their callers, and what tells these from tokens.
struct GuardDraft {
  private(set) var problems: [Diagnostic] = []
  private(set) var narrower = GuardNarrowings()
  private let request: ArtifactRequest
  private let system: SystemID
  private let environment: EnvironmentID
  private let proofs: GuardProofs
  private var known: [PrincipalID: [GuardDocument.Proof]] = [:]

  /// The last moment that every reader of ISO 8601 can read; what lasts longer ends there.
  private static let lastMoment = Instant(seconds: 253_402_300_799)

  init(_ request: ArtifactRequest, _ system: SystemID, _ environment: EnvironmentID, emailsFrom: [String]) {
    self.request = request
    self.system = system
    self.environment = environment
    let model = request.model
    let endpoint = model[system].endpoints[environment]
    let audience = endpoint.flatMap { $0.isMapping ? $0.value(of: "audience") : nil }.map {
      Placeholder.fill($0.text, principal: nil, environment: model[environment].name)
    }
    proofs = GuardProofs(
      model: model, audience: audience, emailsFrom: emailsFrom, system: model[system],
      systemSpan: request.options.value(of: "system")?.span ?? request.declaration.span)
  }

  mutating func document(_ options: FastapiGuardOptions) -> GuardDocument {
    let model = request.model
    let routes = model[system].routes.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }.compactMap { route($0) }
    let principals = known.filter { !$0.value.isEmpty }.keys.sorted().map { id in
      GuardDocument.Principal(
        name: model[id].name, kind: model[id].kind.rawValue, proofs: known[id] ?? [], declared: request.policy.line(of: model[id].span))
    }
    return GuardDocument(
      note: request.header.joined(separator: " "), artifact: request.declaration.name, system: model[system].name,
      environment: model[environment].name, leeway: options.leewaySeconds, notAfter: options.end.map { min($0, Self.lastMoment) },
      providers: providers(principals), principals: principals, routes: routes)
  }

  // MARK: Routes

  private mutating func route(_ route: AccessModel.Route) -> GuardDocument.Route? {
    guard route.declaration.isMapping else { return nil }
    let view = route.declaration.record(RouteField.self)
    guard let path = view[.path] else { return nil }
    let isPublic = view[.isPublic]?.text == "true"
    var rules: Set<GuardDocument.Rule> = []
    for caller in isPublic ? [] : request.policy.grants.callers(of: route.name, on: system, in: environment) {
      if caller.isPartial {
        narrower.add(.partial, caller.principal)
        continue
      }
      guard isKnown(caller.principal) else { continue }
      for interval in caller.times.intervals where interval.from < Self.lastMoment {
        rules.insert(rule(caller, interval))
      }
    }
    return GuardDocument.Route(
      name: route.name, methods: view.items(.method).filter(\.isScalar).map(\.text), path: path.text, isPublic: isPublic,
      actsAs: route.actsAs.map { request.model[$0].name },
      rules: rules.sorted {
        ($0.principal, $0.interval.from, $0.interval.until, $0.roles.joined(separator: " "), $0.because.joined(separator: " "))
          < ($1.principal, $1.interval.from, $1.interval.until, $1.roles.joined(separator: " "), $1.because.joined(separator: " "))
      }, declared: request.policy.line(of: route.span))
  }

  private func rule(_ caller: RouteCaller, _ interval: Interval) -> GuardDocument.Rule {
    var because: [String] = []
    for line in caller.because.compactMap({ request.policy.line(of: $0) }) where !because.contains(line) { because.append(line) }
    let until = interval.until == .distantFuture ? interval.until : min(interval.until, Self.lastMoment)
    return GuardDocument.Rule(
      principal: request.model[caller.principal].name, roles: caller.roles.map { request.model[$0].name },
      interval: Interval(from: interval.from, until: until), because: because)
  }

  // MARK: Principals

  /// Whether a token can tell the principal; what is wrong with it is kept.
  private mutating func isKnown(_ id: PrincipalID) -> Bool {
    if let all = known[id] { return !all.isEmpty }
    known[id] = []
    switch proofs.outcome(id) {
    case .proofs(let all):
      if let problem = collision(all, of: id) { problems.append(problem) }
      known[id] = all
      return true
    case .none(let reason):
      narrower.add(reason, id)
      // Every grant of it is left out, and said once.
      return false
    case .problem(let problem):
      problems.append(problem)
      return false
    }
  }

  /// Facts by which a user or a service is told; groups are told beside them.
  private struct Facts: Hashable {
    let provider: String
    let audience: String
    let claims: Set<GuardDocument.Claim>
  }

  private var taken: [Facts: PrincipalID] = [:]
  private var larger: [Facts: PrincipalID] = [:]

  /// Whether another one's tokens are this one's as well, or the other way round: then neither could be told.
  private mutating func collision(_ all: [GuardDocument.Proof], of id: PrincipalID) -> Diagnostic? {
    guard request.model[id].kind != .group else { return nil }
    for proof in all {
      let facts = Facts(provider: proof.provider, audience: proof.audience, claims: Set(proof.claims))
      let parts = Self.parts(proof.claims).map { Facts(provider: proof.provider, audience: proof.audience, claims: $0) }
      let other = parts.first { taken[$0] != nil }.flatMap { taken[$0] } ?? larger[facts]
      if let other, other != id {
        return .notTold(request.model[id], request.model[other])
      }
      taken[facts] = id
      for part in parts where larger[part] == nil { larger[part] = id }
    }
    return nil
  }

  /// Every set of claims that are all among these, but none at all.
  private static func parts(_ claims: [GuardDocument.Claim]) -> [Set<GuardDocument.Claim>] {
    // More than that would be slow to compare: these are compared as a whole.
    guard claims.count <= 8 else { return [Set(claims)] }
    return (1..<(1 << claims.count)).map { bits in Set(claims.indices.filter { bits >> $0 & 1 == 1 }.map { claims[$0] }) }
  }

  // MARK: Providers

  private mutating func providers(_ principals: [GuardDocument.Principal]) -> [GuardDocument.Provider] {
    let names = Set(principals.flatMap { $0.proofs.map(\.provider) }).sorted()
    var issuers: [String: String] = [:]
    return names.compactMap { name in
      guard let declared = request.model.providers[name], let provider = GuardProofs.provider(name, declared) else { return nil }
      if let other = issuers[provider.issuer] { problems.append(.oneIssuer(name, other, provider.issuer, at: declared.span)) }
      issuers[provider.issuer] = name
      return provider
    }
  }
}

extension Diagnostic {
  fileprivate static func notTold(_ one: AccessModel.Principal, _ other: AccessModel.Principal) -> Self {
    Self(
      .inexpressible, "a guard cannot tell `\(one.name)` from `\(other.name)`: a token of one is a token of the other", at: one.span,
      notes: [.init("`\(other.name)` is known by the same claims, or by some of them", at: other.span)],
      help: "give each a `subject` of its own, or a claim whose values differ")
  }

  fileprivate static func oneIssuer(_ name: String, _ other: String, _ issuer: String, at span: SourceSpan) -> Self {
    Self(
      .inexpressible, "a guard cannot tell tokens of `\(name)` from those of `\(other)`: both have the issuer `\(issuer)`", at: span,
      help: "declare the provider once; identities may have an `audience` of their own")
  }
}

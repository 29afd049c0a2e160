import PolicyCompiler

/// What tells principals from tokens: identities at providers, groups' claims, and emails where they are trusted.
///
/// Only what the policy says of a principal counts, and all of it: a token must carry every claim.
struct GuardProofs {
  enum Outcome {
    case proofs([GuardDocument.Proof])
    /// No token could show it.
    case none(GuardNarrowings.Reason)
    case problem(Diagnostic)
  }

  let model: AccessModel
  /// The audience that the system's endpoint demands; nil where tokens carry that of their provider.
  let audience: String?
  let emailsFrom: [String]
  let system: AccessModel.System
  let systemSpan: SourceSpan

  func outcome(_ id: PrincipalID) -> Outcome {
    let principal = model[id]
    let identity = principal.declaration.isMapping ? principal.declaration.value(of: "identity") : nil
    if let identity, identity.isMapping {
      return principal.kind == .group ? group(identity) : named(identity)
    }
    guard principal.kind == .user else { return .none(.noIdentity) }
    guard let email = principal.declaration.isMapping ? principal.declaration.value(of: "email")?.text : nil, !emailsFrom.isEmpty else {
      return .none(.noIdentity)
    }
    var found: [GuardDocument.Proof] = []
    for name in emailsFrom {
      guard let provider = model.providers[name] else { continue }
      guard let audience = accepted(nil, provider) else { return .problem(.noAudience(name, system, at: systemSpan)) }
      // Never an email that nobody has verified: whoever may write it into a profile would be that person.
      let claims = [GuardDocument.Claim(name: "email", value: .text(email)), .init(name: "email_verified", value: .yes)]
      found.append(.init(provider: name, audience: audience, claims: claims))
    }
    return found.isEmpty ? .none(.noIdentity) : .proofs(found)
  }

  /// The provider as a guard verifies its tokens; nil where it issues none that a guard could.
  static func provider(_ name: String, _ declared: SyntaxNode) -> GuardDocument.Provider? {
    guard declared.isMapping else { return nil }
    func text(_ field: String) -> String? { declared.value(of: field).flatMap { $0.isScalar ? $0.text : nil } }
    let issuer: String
    var jwks = text("jwks")
    switch text("type") {
    case "oidc", "kubernetes":
      guard let given = text("issuer") else { return nil }
      issuer = given
    // https://docs.github.com/en/actions/reference/security/oidc
    case "github_actions":
      issuer = text("issuer") ?? "https://token.actions.githubusercontent.com"
      jwks = jwks ?? issuer + "/.well-known/jwks"
    // https://docs.gitlab.com/ci/secrets/id_token_authentication/
    case "gitlab":
      issuer = text("issuer") ?? "https://gitlab.com"
      jwks = jwks ?? issuer + "/oauth/discovery/keys"
    default: return nil
    }
    let algorithms = declared.value(of: "algorithms")?.items.filter(\.isScalar).map(\.text) ?? []
    let tenant = text("tenant").map { [GuardDocument.Claim(name: "tid", value: .text($0))] }
    return .init(
      name: name, issuer: issuer, jwks: jwks, algorithms: algorithms.isEmpty ? ["RS256"] : algorithms, claims: tenant ?? [])
  }

  // MARK: Identities

  private func named(_ identity: SyntaxNode) -> Outcome {
    let view = identity.record(IdentityField.self)
    guard let name = view[.provider]?.text, let provider = model.providers[name] else { return .none(.noIdentity) }
    guard Self.provider(name, provider) != nil else { return .none(.noToken(name)) }
    guard let audience = accepted(view[.audience]?.text, provider) else { return .problem(.noAudience(name, system, at: systemSpan)) }
    var claims: [GuardDocument.Claim] = []
    func add(_ claim: String, _ value: SyntaxNode?) {
      if let value { claims.append(.init(name: claim, value: .text(value.text))) }
    }
    add("sub", view[.subject])
    let isGitLab = provider.value(of: "type")?.text == "gitlab"
    add(isGitLab ? "project_path" : "repository", view[.repository])
    add(isGitLab ? "ref_path" : "ref", view[.ref])
    add("environment", view[.environment])
    for (claim, value) in view[.claims]?.pairs ?? [] where value.isScalar && !claims.contains(where: { $0.name == claim.text }) {
      add(claim.text, value)
    }
    // INVARIANT: without a claim of its own, whoever holds a token of the provider would be this principal.
    guard !claims.isEmpty else { return .none(.noIdentity) }
    return .proofs([.init(provider: name, audience: audience, claims: claims)])
  }

  private func group(_ identity: SyntaxNode) -> Outcome {
    let view = identity.record(GroupIdentityField.self)
    guard let name = view[.provider]?.text, let value = view[.group]?.text, let provider = model.providers[name] else {
      return .none(.noIdentity)
    }
    guard Self.provider(name, provider) != nil else { return .none(.noToken(name)) }
    guard let audience = accepted(nil, provider) else { return .problem(.noAudience(name, system, at: systemSpan)) }
    let claim = provider.value(of: "groups_claim")?.text ?? "groups"
    return .proofs([.init(provider: name, audience: audience, claims: [.init(name: claim, value: .contains(value))])])
  }

  private func accepted(_ own: String?, _ provider: SyntaxNode) -> String? {
    audience ?? own ?? (provider.isMapping ? provider.value(of: "audience")?.text : nil)
  }
}

/// Principals whose grants the guard leaves out, since no token tells them: narrower than the policy, never wider.
struct GuardNarrowings {
  enum Reason: Hashable {
    case noIdentity
    case noToken(String)
    /// Of a group of unknown members, some are left out.
    case partial
  }

  private var all: [Reason: Set<PrincipalID>] = [:]

  mutating func add(_ reason: Reason, _ principal: PrincipalID) { all[reason, default: []].insert(principal) }

  mutating func formUnion(_ other: Self) { all.merge(other.all) { $0.union($1) } }

  func warnings(_ request: ArtifactRequest, at span: SourceSpan) -> [Diagnostic] {
    all.map { reason, principals in
      let ids = principals.sorted()
      let model = request.model
      let shown = ids.prefix(5).map { "`\(model[$0].name)`" }.joined(separator: ", ")
      let names = ids.count > 5 ? "\(shown) and \(ids.count - 5) more" : shown
      let (message, note, help) = Self.words(reason, names, isOne: ids.count == 1)
      return Diagnostic(
        .inexpressible, message, at: span, severity: .warning,
        notes: [.init("narrower than the policy: \(note)")]
          + ids.prefix(5).map { .init("`\(model[$0].name)` is declared here", at: model[$0].span) },
        help: help)
    }.sorted { $0.message.utf8.lexicographicallyPrecedes($1.message.utf8) }
  }

  private static func words(_ reason: Reason, _ names: String, isOne: Bool) -> (String, String, String) {
    switch reason {
    case .noIdentity:
      (
        "the guard refuses \(names), whom no token tells", "what the policy lets \(isOne ? "it" : "them") call here is refused",
        "write `identity: { provider: …, subject: … }`, or for users `emails_from` with a provider that verifies emails"
      )
    case .noToken(let provider):
      (
        "the guard refuses \(names): `\(provider)` issues no token that it could verify",
        "what the policy lets \(isOne ? "it" : "them") call here is refused",
        "give \(isOne ? "it" : "them") an identity at a provider of type `oidc`"
      )
    case .partial:
      (
        "the guard refuses some of what \(names) may call", "a token does not tell who of a provider's group is left out by `except`",
        "bind the group itself, or import its members (`source: snapshot`)"
      )
    }
  }
}

extension Diagnostic {
  fileprivate static func noAudience(_ provider: String, _ system: AccessModel.System, at span: SourceSpan) -> Self {
    Self(
      .inexpressible, "nothing says which audience tokens of `\(provider)` for `\(system.name)` carry", at: span,
      notes: [
        .init("without one, the guard would take tokens that were issued for anything else"),
        .init("the system is declared here", at: system.span),
      ], help: "set `audience` in the system's environment, or for the identity provider")
  }
}

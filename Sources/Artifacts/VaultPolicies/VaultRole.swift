import PolicyCompiler

/// The role by which a holder logs in with a token of its identity provider: the body of `POST auth/<mount>/role/<name>`.
struct VaultRole {
  /// Nil where the holder logs in with no token of its own, or something is wrong.
  private(set) var json: JSON?
  private(set) var problems: [Diagnostic] = []

  typealias Budget = (life: PolicyDuration, connection: String, span: SourceSpan)

  static func path(for policy: String) -> String {
    (policy.hasSuffix(".hcl") ? String(policy.dropLast(4)) : policy) + ".role.json"
  }

  init(_ request: ArtifactRequest, policy: String, in environment: SyntaxNode, budget: Budget?) {
    let model = request.model
    let holder = model[request.holder]
    let lives = Self.lives(request.options, budget: budget, holder.name, in: environment.text)
    problems += lives.diagnostics
    guard holder.kind != .group, holder.declaration.isMapping, let identity = holder.declaration.value(of: "identity"),
      let name = identity.value(of: "provider"), let provider = model.providers[name.text], provider.isMapping
    else {
      problems.append(.noLogin(holder, at: request.declaration.audienceSpan))
      return
    }
    let type = provider.value(of: "type")?.text ?? ""
    var claims = Dictionary((identity.value(of: "claims")?.pairs ?? []).map { ($0.key.text, $0.value.text) }) { $1 }
    func bind(_ claim: String, _ field: String) {
      guard let value = identity.value(of: field) else { return }
      if let other = claims[claim], other != value.text { problems.append(.contradiction(claim, field, at: value.span)) }
      claims[claim] = value.text
    }
    switch type {
    case "oidc", "kubernetes": break
    case "github_actions":
      bind("repository", "repository")
      bind("ref", "ref")
      bind("environment", "environment")
    case "gitlab":
      bind("project_path", "repository")
      bind("ref_path", "ref")
      bind("environment", "environment")
    default:
      problems.append(.otherLogin(holder, type, at: name.span))
      return
    }
    guard let audience = identity.value(of: "audience") ?? provider.value(of: "audience") else {
      if !["oidc", "kubernetes"].contains(type) { problems.append(.noAudience(holder, name, at: provider.span)) }
      return
    }
    let subject = identity.value(of: "subject")
    // A role that nothing binds would let in everybody whom the provider knows; such an identity has been reported.
    guard subject != nil || !claims.isEmpty else { return }
    guard !problems.hasErrors else { return }
    let bound = claims.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    json = .members([
      "bound_audiences": .array([.string(audience.text)]),
      "bound_claims": bound.isEmpty ? nil : .object(bound.map { .init(name: $0.key, value: .string($0.value)) }),
      "bound_claims_type": claims.isEmpty ? nil : .string("string"),
      "bound_subject": subject.map { .string($0.text) }, "role_type": .string("jwt"),
      "token_max_ttl": .integer(lives.value.most), "token_no_default_policy": .boolean(true),
      "token_policies": .array([.string(policy)]), "token_ttl": .integer(lives.value.usual), "token_type": .string("service"),
      "user_claim": .string("sub"),
    ])
  }

  /// How long a token lives, in seconds.
  private static func lives(_ options: SyntaxNode, budget: Budget?, _ holder: String, in environment: String)
    -> Checked<(usual: Int, most: Int)>
  {
    var problems: [Diagnostic] = []
    func duration(_ field: VaultPoliciesField) -> (seconds: Int, span: SourceSpan)? {
      options.value(of: field.field.name).flatMap { node in PolicyDuration(node.text).map { ($0.seconds, node.span) } }
    }
    let most = duration(.maxTTL)
    if let most, let budget, most.seconds > budget.life.seconds {
      problems.append(
        .longer(than: budget.life, holder, environment, at: most.span, because: "`\(budget.connection)` allows no more", budget.span))
    }
    let limit = most?.seconds ?? min(3600, budget?.life.seconds ?? 3600)
    let usual = duration(.ttl)
    if let usual, usual.seconds > limit {
      var (reason, place) = ("without `max_ttl` it is an hour", SourceSpan?.none)
      if let most {
        (reason, place) = ("that is its `max_ttl`", most.span)
      } else if let budget, budget.life.seconds == limit {
        (reason, place) = ("`\(budget.connection)` allows no more", budget.span)
      }
      problems.append(.longer(than: PolicyDuration(seconds: limit), holder, environment, at: usual.span, because: reason, place))
    }
    return Checked(value: (usual?.seconds ?? min(900, limit), limit), diagnostics: problems)
  }
}

extension Diagnostic {
  fileprivate static func noLogin(_ holder: AccessModel.Principal, at span: SourceSpan) -> Self {
    Self(
      .inexpressible, "`\(holder.name)` has no identity, so there is a policy but no role to log in by", at: span, severity: .warning,
      notes: [.init("it is declared here", at: holder.span)],
      help: holder.kind == .group ? "`per: principal` makes files for each member" : "give it an `identity`")
  }

  fileprivate static func noAudience(_ holder: AccessModel.Principal, _ provider: SyntaxNode, at span: SourceSpan) -> Self {
    Self(
      .incompleteIdentity, "tokens of `\(provider.text)` must be for an audience, or Vault would take those that are for others",
      at: provider.span, notes: [.init("the provider has no `audience`", at: span)],
      help: "set `audience` for the provider, or for the identity of `\(holder.name)`")
  }

  fileprivate static func contradiction(_ claim: String, _ field: String, at span: SourceSpan) -> Self {
    Self(
      .inexpressible, "the claim `\(claim)` cannot be both what `\(field)` and what `claims` say", at: span,
      help: "leave out one of them")
  }

  fileprivate static func otherLogin(_ holder: AccessModel.Principal, _ type: String, at span: SourceSpan) -> Self {
    Self(
      .inexpressible, "`\(holder.name)` logs in by `\(type)`, which is no login by tokens: there is a policy but no role", at: span,
      severity: .warning, help: "give the policy to a role of that login by hand")
  }

  fileprivate static func longer(
    than limit: PolicyDuration, _ holder: String, _ environment: String, at span: SourceSpan, because reason: String, _ place: SourceSpan?
  ) -> Self {
    Self(
      .inexpressible, "a token of `\(holder)` may live \(limit.text) at most in `\(environment)`", at: span,
      notes: [.init(reason, at: place)], help: "write `\(limit.text)` or less")
  }
}

extension VaultProblem {
  func diagnostic(_ span: SourceSpan, givenAt place: SourceSpan?) -> Diagnostic {
    func problem(_ message: String, _ help: String) -> Diagnostic {
      Diagnostic(
        .inexpressible, message, at: span,
        notes: [.init("what comes nearest would give more")] + (place.map { [.init("it is given here", at: $0)] } ?? []), help: help)
    }
    return switch self {
    case .backend(let text): problem("`\(text)` names no backend, and Vault is one", "write `secrets/vault/<mount>/…`")
    case .mount(let text): problem("`\(text)` names no mount, and its paths depend on it", "write the mount")
    case .partial(let text):
      problem("`\(text)` has a `*` within a name, which Vault does not know", "name the secrets, or put them below a folder")
    case .middle(let text): problem("`\(text)` has a `**` before its end, which Vault does not know", "write `*` for each folder")
    case .plus(let text): problem("`\(text)` has a part called `+`, which is a wildcard in Vault", "call it something else")
    case .glob(let text): problem("`\(text)` has a `*`, which is a wildcard in Vault", "call the secret something else")
    case .intersection(let text):
      problem("`\(text)` is what two patterns have in common, which Vault does not know", "write one pattern for it")
    case .overlap(let text):
      problem("`\(text)` is left out here and given in part elsewhere, which Vault cannot tell apart", "leave out what is not given at all")
    case .priority(let text):
      problem(
        "Vault would read another rule before the one that leaves out `\(text)`", "write the patterns without `*` before what is left out")
    case .tooComplex: problem("what is given is too complex to be worked out", "write fewer patterns")
    }
  }
}

import PolicyCompiler

/// Who may call which route of an application, as its guard reads it. Format: schemas/fastapi-guard.schema.json.
struct GuardDocument: Sendable, Equatable {
  static let version = 1

  /// Whoever issues tokens, and how they are verified.
  struct Provider: Sendable, Equatable {
    let name: String
    let issuer: String
    /// Where its keys are; nil where discovery tells: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
    let jwks: String?
    let algorithms: [String]
    /// Claims that every token of it must carry.
    let claims: [Claim]
  }

  struct Claim: Sendable, Hashable {
    enum Value: Sendable, Hashable {
      case text(String)
      case yes
      /// The claim is a list with this in it.
      case contains(String)
    }
    let name: String
    let value: Value
  }

  /// What a token must show to be somebody's.
  struct Proof: Sendable, Equatable {
    let provider: String
    let audience: String
    let claims: [Claim]
  }

  struct Principal: Sendable, Equatable {
    let name: String
    let kind: String
    let proofs: [Proof]
    let declared: String?
  }

  /// One way in which somebody may call a route.
  struct Rule: Sendable, Hashable {
    let principal: String
    let roles: [String]
    let interval: Interval
    let because: [String]
  }

  struct Route: Sendable, Equatable {
    let name: String
    let methods: [String]
    let path: String
    let isPublic: Bool
    let actsAs: String?
    let rules: [Rule]
    let declared: String?
  }

  let note: String
  let artifact: String
  let system: String
  let environment: String
  let leeway: Int
  let notAfter: Instant?
  let providers: [Provider]
  let principals: [Principal]
  let routes: [Route]

  /// The document's bytes. Its revision is the digest of the same text with zeros in the revision's place, so that
  /// whoever reads the file can tell that it is as it was rendered.
  var text: String {
    let open = json(revision: String(repeating: "0", count: 64)).text
    return json(revision: SHA256.hexadecimal(Array(open.utf8))).text
  }

  private func json(revision: String) -> JSON {
    .members([
      "version": .integer(Self.version), "revision": .string(revision), "note": .string(note), "artifact": .string(artifact),
      "system": .string(system), "environment": .string(environment), "default": "deny",
      "not_after": notAfter.map { .string($0.timestamp) } ?? .null, "leeway": .integer(leeway),
      "providers": .array(providers.map(\.json)), "principals": .array(principals.map(\.json)), "routes": .array(routes.map(\.json)),
    ])
  }
}

extension GuardDocument.Provider {
  fileprivate var json: JSON {
    .members([
      "name": .string(name), "issuer": .string(issuer), "jwks": jwks.map { .string($0) } ?? .null,
      "algorithms": .array(algorithms.map { .string($0) }), "claims": claims.exact,
    ])
  }
}

extension GuardDocument.Principal {
  fileprivate var json: JSON {
    .members([
      "name": .string(name), "kind": .string(kind),
      "proofs": .array(
        proofs.map { proof in
          .members([
            "provider": .string(proof.provider), "audience": .string(proof.audience), "claims": proof.claims.exact,
            "contains": proof.claims.contained,
          ])
        }), "declared": declared.map { .string($0) },
    ])
  }
}

extension GuardDocument.Route {
  fileprivate var json: JSON {
    .members([
      "name": .string(name), "methods": .array(methods.map { .string($0) }), "path": .string(path), "public": .boolean(isPublic),
      "acts_as": actsAs.map { .string($0) },
      "allow": .array(
        rules.map { rule in
          .members([
            "principal": .string(rule.principal), "roles": .array(rule.roles.map { .string($0) }),
            "from": rule.interval.from == .distantPast ? nil : .string(rule.interval.from.timestamp),
            "until": rule.interval.until == .distantFuture ? nil : .string(rule.interval.until.timestamp),
            "because": .array(rule.because.map { .string($0) }),
          ])
        }), "declared": declared.map { .string($0) },
    ])
  }
}

extension [GuardDocument.Claim] {
  fileprivate var exact: JSON {
    .sorted(
      compactMap { claim in
        switch claim.value {
        case .text(let text): (claim.name, .string(text))
        case .yes: (claim.name, true)
        case .contains: nil
        }
      })
  }

  fileprivate var contained: JSON? {
    let all: [(String, JSON)] = compactMap { if case .contains(let text) = $0.value { ($0.name, .string(text)) } else { nil } }
    return all.isEmpty ? nil : .sorted(all)
  }
}

/// The sections of a policy, in the order in which they are documented.
package enum Section: Int, CaseIterable, Sendable {
  case environments, identityProviders, users, services, groups, systems, roles, bindings, connections, guardrails, approvals, tests,
    artifacts

  package var name: String { Self.names[rawValue] }

  private static let names = allCases.map { $0 == .identityProviders ? "identity_providers" : "\($0)" }

  /// - Returns: nil where there is no section of that name.
  package init?(name: String) {
    guard let number = Self.names.firstIndex(of: name) else { return nil }
    self.init(rawValue: number)
  }

  package var documentation: String {
    switch self {
    case .environments: "The stages of the platform."
    case .identityProviders: "Who vouches for identities: OIDC issuers, GitHub Actions."
    case .users: "People."
    case .services: "Workload identities."
    case .groups: "Users, services and other groups that are granted things together."
    case .systems: "What holds resources: warehouses, APIs, schedulers."
    case .roles: "Permissions under a name."
    case .bindings: "Who has which role, where, until when."
    case .connections: "How a system is reached, as whom, with which reference."
    case .guardrails: "What must never become possible."
    case .approvals: "Who must agree before access widens."
    case .tests: "What the policy must answer."
    case .artifacts: "The files that are rendered."
    }
  }

  /// The shape of one declaration, where it does not depend on the targets that are compiled in.
  var declaration: RecordShape? {
    switch self {
    case .environments: .environment
    case .identityProviders: .identityProvider
    case .users: .user
    case .services: .service
    case .groups: .group
    case .systems: .system
    case .roles: .role
    case .bindings: .binding
    case .connections: .connection
    case .guardrails: .guardrail
    case .approvals: .approval
    case .tests: .policyTest
    case .artifacts: nil
    }
  }

  /// Bindings are a list; everything else has names.
  var isList: Bool { self == .bindings }
}

/// The shapes of the sections, with the options of the targets that are compiled in.
package struct Grammar: Sendable {
  /// Target's name → the fields of its artifacts, beside those that all artifacts have.
  package let targets: [String: RecordShape]
  /// The same with the common fields in front.
  let artifacts: [String: RecordShape]
  /// Only the common fields: for artifacts whose target is missing or unknown.
  let anyArtifact: RecordShape

  package init(targets: [String: RecordShape]) {
    self.targets = targets
    artifacts = targets.mapValues { RecordShape("artifact", $0.documentation, ArtifactField.common + $0.fields) }
    anyArtifact = RecordShape("artifact", "A file that is rendered.", ArtifactField.common)
  }
}

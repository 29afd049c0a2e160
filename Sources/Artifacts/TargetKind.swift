package import PolicyCompiler

/// Every target by its name in a policy. A new one is a case here and a folder beside this file.
package enum TargetKind: String, CaseIterable, Sendable {
  case airflowConnections = "airflow_connections"
  case dbtProfiles = "dbt_profiles"
  case fastapiGuard = "fastapi_guard"
  case postgresGrants = "postgres_grants"
  case postmanEnvironment = "postman_environment"
  case vaultPolicies = "vault_policies"

  package var target: any ArtifactTarget.Type {
    switch self {
    case .airflowConnections: AirflowConnectionsTarget.self
    case .dbtProfiles: DbtProfilesTarget.self
    case .fastapiGuard: FastapiGuardTarget.self
    case .postgresGrants: PostgresGrantsTarget.self
    case .postmanEnvironment: PostmanEnvironmentTarget.self
    case .vaultPolicies: VaultPoliciesTarget.self
    }
  }
}

extension Grammar {
  /// The language with every target that is compiled in.
  package static let complete = Grammar(
    targets: Dictionary(TargetKind.allCases.map { ($0.rawValue, $0.target.options) }, uniquingKeysWith: { first, _ in first }))
}

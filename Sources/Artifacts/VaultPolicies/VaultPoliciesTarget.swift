package import PolicyCompiler

/// Policies of Vault, and roles of its JWT login: who holds the file may read exactly the secrets that the policy gives it.
///
/// Sources: https://developer.hashicorp.com/vault/docs/concepts/policies, https://developer.hashicorp.com/vault/api-docs/auth/jwt
package enum VaultPoliciesTarget: ArtifactTarget {
  package static let options = RecordShape(
    "artifact", "A policy of Vault, and the role by which its holder logs in.", keys: VaultPoliciesField.self)

  package static let holdsAccess = true

  package static func render(_ request: inout ArtifactRequest) {
    let options = request.options
    let environments = EachEnvironment(options)
    let wrong = environments.problems(in: request, example: "vault/${environment}.hcl")
    wrong.forEach { request.report($0) }
    if wrong.hasErrors { return }
    let mounts = VaultMounts(options.value(of: "kv"))
    for environment in environments.nodes {
      guard let id = request.environment(environment) else { continue }
      let secrets = VaultSecrets(request.policy, holder: request.holder, in: id, mounts)
      let problems = secrets.problems.map { $0.diagnostic(request.declaration.path.span, givenAt: $0.text.flatMap { secrets.places[$0] }) }
      for problem in problems { request.report(problem) }
      if problems.hasErrors { continue }
      let name =
        options.value(of: "name").map { Placeholder.fill($0.text, principal: request.holderName, environment: environment.text) }
        ?? "\(request.holderName)-\(environment.text)"
      let path = request.path(environment: environment.text)
      request.claim(Self.claim(name, path, request))
      let policy = VaultPolicy(rules: secrets.rules, until: secrets.until)
      let (header, holder) = (request.header, request.holderName)
      request.write(policy.text(header: header, environment: environment.text, holder: holder), to: path)
      let role = VaultRole(request, policy: name, in: environment, budget: secrets.budget)
      role.problems.forEach { request.report($0) }
      if let json = role.json { request.write(json.text, to: VaultRole.path(for: path)) }
    }
  }

  /// A policy's name stands for one file.
  private static func claim(_ name: String, _ path: String, _ request: ArtifactRequest) -> Claim {
    Claim(
      place: "\(TargetKind.vaultPolicies.rawValue) \(name)", message: "the policy `\(name)` stands for two files", what: "`\(path)`",
      content: [Claim.Part("path", path)], span: request.options.value(of: "name")?.span ?? request.declaration.path.span,
      help: "choose another `name`, or put `${principal}` and `${environment}` into it", isPersonal: false)
  }
}

/// `users`, `services`, `groups` and `identity_providers`: who there is.
package enum UserField: Int, FieldKey {
  case email, accounts, identity, description

  package var field: Field {
    switch self {
    case .email:
      Field("email", .scalar(.email), impact: .identity, "The address by which providers and single sign-on know this person.")
    case .accounts: .accounts
    case .identity:
      Field(
        "identity", .record(.identity), impact: .identity,
        "The subject that the identity provider names this person by, where it is not the email.")
    case .description: .description
    }
  }
}

package enum ServiceField: Int, FieldKey {
  case owner, identity, accounts, agent, description

  package var field: Field {
    switch self {
    case .owner:
      Field(
        "owner", .scalar(.principal), required: true, impact: .control,
        "The group or user that answers for this service.")
    case .identity:
      Field(
        "identity", .record(.identity), impact: .identity,
        "How the service proves who it is: a provider, and the claims that only it can show.")
    case .accounts: .accounts
    case .agent:
      Field(
        "agent", .scalar(.boolean), impact: .control, default: "false",
        "Whether it decides by itself what to run, as assistants and agents do: guardrails select it as `agents`.")
    case .description: .description
    }
  }
}

package enum GroupField: Int, FieldKey {
  case owners, members, except, source, identity, description

  package var field: Field {
    switch self {
    case .owners:
      Field(
        "owners", .list(.scalar(.principal)), required: true, impact: .control, "Who answers for the membership of this group.")
    case .members:
      Field(
        "members", .list(.either(.principal, .record(.member))), impact: .access,
        "Users, services and other groups; `{ name: raj, until: 2027-04-30 }` ends a membership.")
    case .except:
      Field(
        "except", .list(.scalar(.principal)), impact: .access, isRestriction: true,
        "Principals that this group leaves out, however else they would come in.")
    case .source:
      Field(
        "source", .scalar(.choice(["policy", "snapshot", "provider"])), impact: .identity, default: "policy",
        "Where the truth about the members is: in this policy (`policy`), imported from the provider and committed (`snapshot`), or only with the provider (`provider`)."
      )
    case .identity:
      Field(
        "identity", .record(.groupIdentity), impact: .identity, "The group that the identity provider knows this one as.")
    case .description: .description
    }
  }
}

package enum MemberField: Int, FieldKey {
  case name, from, until, reason

  package var field: Field {
    switch self {
    case .name:
      Field("name", .scalar(.principal), required: true, impact: .access, "The user, service or group.")
    case .from: .from
    case .until: .until
    case .reason: .reason
    }
  }
}

package enum IdentityField: Int, FieldKey {
  case provider, subject, claims, repository, ref, environment, audience

  package var field: Field {
    switch self {
    case .provider:
      Field("provider", .scalar(.name), required: true, impact: .identity, "A name from `identity_providers`.")
    case .subject:
      Field("subject", .scalar(.plain), impact: .identity, "The `sub` claim, exactly.")
    case .claims:
      Field(
        "claims", .map(keys: .plain, values: .scalar(.plain)), impact: .identity,
        "Further claims that the token must carry, each with its exact value.")
    case .repository:
      Field("repository", .scalar(.plain), impact: .identity, "Of GitHub Actions: `organization/repository`.")
    case .ref:
      Field(
        "ref", .scalar(.plain), impact: .identity, otherwise: "any",
        "Of GitHub Actions: the git ref that a run must be on, such as `refs/heads/main`. Left out, any ref will do.")
    case .environment:
      Field(
        "environment", .scalar(.plain), impact: .identity, otherwise: "any", "Of GitHub Actions: the deployment environment of the job.")
    case .audience:
      Field("audience", .scalar(.plain), impact: .identity, "The `aud` claim, where it differs from the provider's.")
    }
  }
}

package enum GroupIdentityField: Int, FieldKey {
  case provider, group

  package var field: Field {
    switch self {
    case .provider:
      Field("provider", .scalar(.name), required: true, impact: .identity, "A name from `identity_providers`.")
    case .group:
      Field("group", .scalar(.plain), required: true, impact: .identity, "The group's name or id there.")
    }
  }
}

package enum IdentityProviderField: Int, FieldKey {
  case type, issuer, audience, groupsClaim, tokenEndpoint, jwks, algorithms, organization, tenant, accountID, subjectForm, description

  package var field: Field {
    switch self {
    case .type:
      Field(
        "type", .scalar(.choice(["oidc", "github_actions", "gitlab", "aws_iam", "kubernetes"])), required: true, impact: .identity,
        "What kind of provider it is. Okta, Entra ID, Keycloak and the like are `oidc`.")
    case .issuer: Field("issuer", .scalar(.url), impact: .identity, "The `iss` claim: the provider's URL, exactly.")
    case .audience: Field("audience", .scalar(.plain), impact: .identity, "The `aud` claim that tokens for this organisation carry.")
    case .groupsClaim:
      Field("groups_claim", .scalar(.plain), impact: .identity, default: "groups", "The claim that lists a person's groups.")
    case .tokenEndpoint:
      Field("token_endpoint", .scalar(.url), impact: .destination, "Where services get their tokens.")
    case .jwks: Field("jwks", .scalar(.url), impact: .identity, "Where the signing keys are published.")
    case .algorithms:
      Field(
        "algorithms", .list(.scalar(.choice(["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]))), impact: .identity,
        default: "RS256", "The signature algorithms that are accepted.")
    case .organization: Field("organization", .scalar(.plain), impact: .identity, "Of GitHub Actions and GitLab: the organisation.")
    case .tenant: Field("tenant", .scalar(.plain), impact: .identity, "Of Entra ID: the tenant's id.")
    case .accountID: Field("account_id", .scalar(.plain), impact: .identity, "Of AWS IAM: the account's number.")
    case .subjectForm:
      Field(
        "subject_form", .scalar(.choice(["names", "ids"])), impact: .identity, default: "names",
        "Of GitHub Actions: whether `sub` holds names or names with ids (`repo:org@1/repo@2:…`).")
    case .description: .description
    }
  }
}

extension Field {
  static let description = Field("description", .scalar(.text), impact: .none, "For the people who read this.")
  static let reason = Field("reason", .scalar(.text), impact: .none, "Why: a ticket, a sentence.")
  static let from = Field(
    "from", .scalar(.instant), impact: .control, isRestriction: true,
    "The instant (ISO 8601) from which it holds; a date means its midnight in UTC.")
  static let until = Field(
    "until", .scalar(.instant), impact: .control, isRestriction: true,
    "The instant (ISO 8601) at which it ends; a date includes that day, to the following midnight in UTC.")
  static let accounts = Field(
    "accounts", .map(keys: .name, values: .either(.plain, .map(keys: .name, values: .scalar(.plain)))), impact: .identity,
    "The principal's name on a system or provider, where it is not its own name; also per environment: `{ dev: dbt_dev, prod: dbt_prod }`.")
}

extension RecordShape {
  static let user = RecordShape("user", "A person.", keys: UserField.self)
  static let service = RecordShape("service", "A workload identity; each has an owner.", keys: ServiceField.self)
  static let group = RecordShape("group", "Principals that are granted things together.", keys: GroupField.self)
  static let member = RecordShape("member", "A membership with an end.", keys: MemberField.self)
  static let identity = RecordShape("identity", "How a principal proves who it is.", keys: IdentityField.self)
  static let groupIdentity = RecordShape("group identity", "A group at a provider.", keys: GroupIdentityField.self)
  static let identityProvider = RecordShape(
    "identity provider", "Somebody whose word about identities is taken.", keys: IdentityProviderField.self)
}

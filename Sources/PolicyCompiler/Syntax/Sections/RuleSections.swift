/// `guardrails`, `approvals`, `tests` and `artifacts`: what must hold, and what is rendered.
package enum GuardrailField: Int, FieldKey {
  case never, only, separate, require, waivers, reason, description

  package var field: Field {
    switch self {
    case .never: Field("never", .record(.guardedAccess), impact: .control, isRestriction: true, "Access that nobody of `who` may have.")
    case .only: Field("only", .record(.guardedAccess), impact: .control, isRestriction: true, "Access that nobody but `who` may have.")
    case .separate:
      Field("separate", .list(.scalar(.name)), impact: .control, isRestriction: true, "Roles of which no principal may hold two.")
    case .require:
      Field("require", .record(.requirement), impact: .control, isRestriction: true, "A field that must be there, and its bounds.")
    case .waivers: Field("waivers", .list(.record(.waiver)), impact: .control, "Exceptions for single principals; each ends.")
    case .reason: .reason
    case .description: .description
    }
  }
}

package enum GuardedAccessField: Int, FieldKey {
  case who, can, resources, environments

  package var field: Field {
    switch self {
    case .who:
      Field(
        "who", .list(.scalar(.selector)), required: true, impact: .control,
        "`users`, `services`, `agents` (services with `agent: true`), `\"*\"`, groups, or names.")
    case .can: Field("can", .list(.scalar(.name)), required: true, impact: .control, "Actions.")
    case .resources: Field("resources", .list(.scalar(.pattern)), required: true, impact: .control, "Patterns of resources.")
    case .environments:
      Field("in", .list(.scalar(.environment)), impact: .control, otherwise: "all environments", "Where it is judged.")
    }
  }
}

package enum RequirementField: Int, FieldKey {
  case of, environments, fieldName, atMost, atLeast

  package var field: Field {
    switch self {
    case .of:
      Field(
        "of", .scalar(.choice(["connections", "services", "users", "groups", "systems", "bindings"])), required: true, impact: .control,
        "The section whose declarations must have the field.")
    case .environments:
      Field("in", .list(.scalar(.environment)), impact: .control, otherwise: "all environments", "Where it is judged.")
    case .fieldName: Field("field", .scalar(.text), required: true, impact: .control, "The field's name.")
    case .atMost: Field("at_most", .scalar(.duration), impact: .control, "Its greatest value.")
    case .atLeast: Field("at_least", .scalar(.duration), impact: .control, "Its smallest value.")
    }
  }
}

package enum WaiverField: Int, FieldKey {
  case principal, until, reason

  package var field: Field {
    switch self {
    case .principal: Field("principal", .scalar(.principal), required: true, impact: .control, "Whom it excepts.")
    case .until:
      Field("until", .scalar(.instant), required: true, impact: .control, "When it stops excepting; a date includes that day.")
    case .reason: Field("reason", .scalar(.text), required: true, impact: .none, "Why.")
    }
  }
}

package enum ApprovalField: Int, FieldKey {
  case resources, environments, by, description

  package var field: Field {
    switch self {
    case .resources:
      Field("resources", .list(.scalar(.pattern)), required: true, impact: .control, "Widening access to these needs a review.")
    case .environments:
      Field("in", .list(.scalar(.environment)), impact: .control, otherwise: "all environments", "Where it needs one.")
    case .by: Field("by", .list(.scalar(.principal)), required: true, impact: .control, "Who may give it.")
    case .description: .description
    }
  }
}

package enum PolicyTestField: Int, FieldKey {
  case environments, expect, whoCan, at, description

  package var field: Field {
    switch self {
    case .environments:
      Field("in", .list(.scalar(.environment)), required: true, impact: .control, "The environments that are asked about.")
    case .expect:
      Field(
        "expect", .list(.scalar(.sentence)), impact: .control, isRestriction: true,
        "Sentences: `ana can read db/marts/orders`, `ana cannot write db/**`.")
    case .whoCan:
      Field(
        "who_can", .map(keys: .question, values: .list(.scalar(.text))), impact: .control, isRestriction: true,
        "Exact sets: `{ read db/payroll/salaries: [dbt_runner, airflow_worker via transform] }`.")
    case .at: Field("at", .scalar(.instant), impact: .control, "The instant that is asked about; left out, now.")
    case .description: .description
    }
  }
}

package enum ArtifactField: Int, FieldKey {
  case target, path, audience, per, description

  package static let common = ArtifactField.allCases.map(\.field)

  package var field: Field {
    switch self {
    case .target: Field("target", .scalar(.name), required: true, impact: .delivery, "The tool that the file is for.")
    case .path:
      Field("path", .scalar(.path), required: true, impact: .delivery, "Where the file goes, below the folder of generated files.")
    case .audience:
      Field(
        "audience", .scalar(.principal), required: true, impact: .delivery,
        "Who will hold this file: must be allowed to assume every connection in it.")
    case .per:
      Field(
        "per", .scalar(.choice(["principal"])), impact: .delivery,
        "`principal`: one file for each member of the audience; the path must hold `${principal}`.")
    case .description: .description
    }
  }
}

extension RecordShape {
  static let guardrail = RecordShape("guardrail", "What must never become possible.", keys: GuardrailField.self)
  static let guardedAccess = RecordShape("guarded access", "Who, what and where.", keys: GuardedAccessField.self)
  static let requirement = RecordShape("requirement", "A field and its bounds.", keys: RequirementField.self)
  static let waiver = RecordShape("waiver", "An exception that ends.", keys: WaiverField.self)
  static let approval = RecordShape("approval", "Who must agree to wider access.", keys: ApprovalField.self)
  static let policyTest = RecordShape("test", "What the policy must answer.", keys: PolicyTestField.self)
}

/// `environments`, `roles`, `bindings`: what may be done, and by whom.
package enum EnvironmentField: Int, FieldKey {
  case protected, description

  package var field: Field {
    switch self {
    case .protected:
      Field(
        "protected", .scalar(.boolean), impact: .environment, default: "false", isRestriction: true,
        "Whether mistakes here are costly: secrets are kept apart, and thresholds and guardrails look at it.")
    case .description: .description
    }
  }
}

package enum RoleField: Int, FieldKey {
  case can, inherits, nameOn, description

  package var field: Field {
    switch self {
    case .can: .can
    case .inherits:
      Field(
        "inherits", .list(.either(.name, .record(.inherits))), impact: .access,
        "Roles whose permissions this one has too: a list, or `{ all_except: [..] }`.")
    case .nameOn:
      Field(
        "name_on", .map(keys: .name, values: .scalar(.plain)), impact: .meaning,
        "What the role is called on a system, where that is not its own name.")
    case .description: .description
    }
  }
}

package enum InheritsField: Int, FieldKey {
  case allExcept

  package var field: Field {
    Field("all_except", .list(.scalar(.name)), required: true, impact: .access, "Every role but these (and this one itself).")
  }
}

package enum PermissionField: Int, FieldKey {
  case of, except

  package var field: Field {
    switch self {
    case .of: Field("of", .list(.scalar(.pattern)), required: true, impact: .access, "Patterns of resources.")
    case .except:
      Field(
        "except", .list(.scalar(.pattern)), impact: .access, isRestriction: true,
        "Patterns that this permission leaves out; it forbids nothing elsewhere.")
    }
  }
}

package enum BindingField: Int, FieldKey {
  case role, to, can, environments, resources, from, until, reason, description

  package var field: Field {
    switch self {
    case .role: Field("role", .list(.scalar(.name)), impact: .access, "The role that is given.")
    case .to:
      Field("to", .list(.scalar(.principal)), required: true, impact: .access, "Users, services and groups.")
    case .can: .can
    case .environments: .environments
    case .resources:
      Field(
        "resources", .list(.scalar(.pattern)), impact: .access, isRestriction: true,
        "Narrows everything that this binding gives to these resources.")
    case .from: .from
    case .until: .until
    case .reason: .reason
    case .description: .description
    }
  }
}

extension Field {
  static let can = Field(
    "can", .map(keys: .name, values: .list(.either(.pattern, .record(.permission)))), impact: .access,
    "Action by action: patterns of resources, or `{ of: [..], except: [..] }`.")
  static let environments = Field(
    "in", .list(.scalar(.environment)), required: true, impact: .access,
    "The environments where this holds; `\"*\"` says all. It is never implied.")
}

extension RecordShape {
  static let environment = RecordShape("environment", "A stage of the platform.", keys: EnvironmentField.self)
  static let role = RecordShape("role", "Permissions under a name.", keys: RoleField.self)
  static let inherits = RecordShape("inheritance", "Every role with exceptions.", keys: InheritsField.self)
  static let permission = RecordShape("permission", "Resources, with exceptions.", keys: PermissionField.self)
  static let binding = RecordShape("binding", "Gives a role, or single permissions, to principals.", keys: BindingField.self)
}

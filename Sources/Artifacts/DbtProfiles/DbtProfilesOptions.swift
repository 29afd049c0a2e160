import PolicyCompiler

/// What an artifact says beside the fields that all artifacts have: either one profile, or several by name.
enum DbtProfilesField: Int, FieldKey {
  case profile, outputs, defaultOutput, profiles

  var field: Field {
    switch self {
    case .profile: Field("profile", .scalar(.name), impact: .delivery, "The profile's name, as `profile:` of dbt_project.yml has it.")
    case .outputs: .dbtOutputs
    case .defaultOutput: .dbtDefaultOutput
    case .profiles:
      Field(
        "profiles", .map(keys: .name, values: .record(.dbtProfile)), impact: .delivery,
        "Several profiles in one file, in the place of `profile` and `outputs`.")
    }
  }
}

enum DbtProfileField: Int, FieldKey {
  case outputs, defaultOutput

  var field: Field { self == .outputs ? .dbtOutputs : .dbtDefaultOutput }
}

/// What every output may say; behind these come the adapters' own options.
enum DbtOutputField: Int, FieldKey {
  case connection, environment, schema, threads, variables

  var field: Field {
    switch self {
    case .connection: Field("connection", .scalar(.name), required: true, impact: .delivery, "The connection that it uses.")
    case .environment:
      Field("environment", .scalar(.name), required: true, impact: .delivery, "The environment that it uses the connection in.")
    case .schema:
      Field("schema", .scalar(.template), impact: .delivery, otherwise: "the connection's", "Where dbt builds; on BigQuery the dataset.")
    case .threads: .integer("threads", in: 1...1024, default: "1", "How many models dbt builds side by side.")
    case .variables:
      Field(
        "variables", .map(keys: .text, values: .scalar(.text)), impact: .delivery,
        otherwise: "`DBT_ENV_SECRET_<CONNECTION>_<ENVIRONMENT>_<FIELD>`",
        "Environment variables of this output's secrets, by field: `{ password: DBT_ENV_SECRET_PG_PASSWORD }`.")
    }
  }
}

extension RecordShape {
  static let dbtProfile = RecordShape("dbt profile", "A profile.", keys: DbtProfileField.self)

  static let dbtOutput = RecordShape(
    "dbt output", "A connection in an environment, with options of dbt's adapter.",
    DbtOutputField.allCases.map(\.field) + DbtAdapter.allOptions)
}

extension Field {
  fileprivate static let dbtOutputs = Field(
    "outputs", .map(keys: .name, values: .record(.dbtOutput)), impact: .delivery, "What `dbt --target` chooses from, by name.")

  fileprivate static let dbtDefaultOutput = Field(
    "default_output", .scalar(.name), impact: .delivery, otherwise: "`dev`, or the first by name", "The output that dbt takes by itself.")
}

// The vocabulary of the adapters' options, so that each says one in a line.
extension Field {
  static func integer(_ name: String, in range: ClosedRange<Int> = 0...Int(Int32.max), default value: String? = nil, _ doc: String) -> Field
  {
    Field(name, .scalar(.integer(range)), impact: .delivery, default: value, doc)
  }
  static func boolean(_ name: String, _ doc: String) -> Field { Field(name, .scalar(.boolean), impact: .delivery, doc) }
  static func string(_ name: String, _ doc: String) -> Field { Field(name, .scalar(.template), impact: .delivery, doc) }
  static func strings(_ name: String, _ doc: String) -> Field { Field(name, .list(.scalar(.template)), impact: .delivery, doc) }
  static func oneOf(_ name: String, _ values: [String], _ doc: String) -> Field {
    Field(name, .scalar(.choice(values)), impact: .delivery, doc)
  }
  static func entries(_ name: String, _ doc: String) -> Field {
    Field(name, .map(keys: .plain, values: .scalar(.template)), impact: .delivery, doc)
  }
}

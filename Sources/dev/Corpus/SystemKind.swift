/// The types of system in a corpus, and the roles that each system of a type comes with.
enum SystemKind: String {
  case postgres, snowflake, fastapi, http, airflow

  /// The end of a system's name.
  var suffix: String {
    switch self {
    case .postgres: "db"
    case .snowflake: "lake"
    case .fastapi: "api"
    case .http: "gateway"
    case .airflow: "airflow"
    }
  }

  /// Roles that a person may hold in any environment, since they only read, or look on.
  var lookingRoles: [String] {
    switch self {
    case .postgres: ["reader", "marts_reader", "pii_reader", "staging_reader"]
    case .snowflake: ["reader", "analyst"]
    case .fastapi: ["caller", "monitor"]
    case .http: ["caller"]
    case .airflow: ["viewer"]
    }
  }

  /// Roles that a person holds outside prod only.
  var workingRoles: [String] {
    switch self {
    case .postgres: ["engineer", "developer", "transformer"]
    case .snowflake: ["engineer"]
    case .fastapi: ["operator"]
    case .http: ["caller"]
    case .airflow: ["operator", "author"]
    }
  }

  /// Roles that a service holds wherever it runs.
  var serviceRoles: [String] {
    switch self {
    case .postgres: ["reader", "loader", "transformer", "marts_reader"]
    case .snowflake: ["reader", "loader"]
    case .fastapi: ["caller", "operator"]
    case .http: ["caller"]
    case .airflow: ["viewer", "operator"]
    }
  }
}

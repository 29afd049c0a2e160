import PolicyCompiler

/// Which connection type of Airflow a system is, and where its settings go: what each provider's hook reads.
///
/// Each mapping names the hook whose source it follows; README.md says with which versions they were tried.
enum AirflowMapping {
  static func fill(_ draft: inout AirflowDraft) {
    switch draft.source.type.name {
    case "postgres": postgres(&draft)
    case "redshift": redshift(&draft)
    case "trino": trino(&draft)
    case "snowflake": snowflake(&draft)
    case "bigquery": bigquery(&draft)
    case "databricks": databricks(&draft)
    case "athena": athena(&draft)
    case "http", "fastapi", "airflow": http(&draft)
    case "postman": postman(&draft)
    case "dbt_platform": dbtPlatform(&draft)
    case "vault": vault(&draft)
    case "aws": aws(&draft)
    case "gcp": googleCloud(&draft)
    case "sqlserver", "fabric": draft.refuseType("its hook (`mssql`, `odbc`) is in a provider that Writ does not prove against")
    case "github": draft.refuseType("its hook (`github`) is in a provider that Writ does not prove against")
    case "duckdb": draft.refuseType("no provider of Airflow's registers a hook for it")
    default: draft.refuseType("nobody has said yet which of Airflow's hooks it would be")
    }
    draft.finish()
  }
}

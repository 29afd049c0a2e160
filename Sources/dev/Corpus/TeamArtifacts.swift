/// The artifacts of one team: every option of a target that the corpus uses is written here.
struct TeamArtifacts {
  let team: Organisation.Team
  let connections: ConnectionNames
  /// The service that runs the team's jobs.
  let runner: String
  /// Whether each person of the team gets a dbt profile.
  let hasPersonal: Bool

  var count: Int { hasPersonal ? 4 : 3 }

  var text: String {
    "artifacts:\n" + dbtProfiles + airflowConnections + postmanEnvironment
      + (hasPersonal ? personalProfiles : "")
  }

  private var dbtProfiles: String {
    """
      \(team.name)_profiles:
        target: dbt_profiles
        path: dbt/\(team.name)/profiles.yml
        audience: \(team.dbt)
        profile: \(team.name)
        outputs:
          dev: { connection: \(connections.transform), environment: dev, schema: dbt_dev, threads: 4 }
          staging: { connection: \(connections.transform), environment: staging, schema: marts, threads: 4 }
          prod: { connection: \(connections.transform), environment: prod, schema: marts, threads: 8 }

    """
  }

  private var personalProfiles: String {
    """
      \(team.name)_people:
        description: each person as themselves, on their own schema
        target: dbt_profiles
        path: "dbt/\(team.name)/people/${principal}.yml"
        audience: \(team.name)
        per: principal
        profile: \(team.name)
        outputs: { dev: { connection: \(connections.personal), environment: dev } }

    """
  }

  private var airflowConnections: String {
    """
      \(team.name)_airflow_prod:
        target: airflow_connections
        path: airflow/\(team.name)/connections.json
        audience: \(runner)
        environment: prod
        secrets: environment
        connections: [\(connections.transform), \(connections.serviceAPI)]

    """
  }

  private var postmanEnvironment: String {
    """
      \(team.name)_postman_staging:
        target: postman_environment
        path: postman/\(team.name)/staging.json
        audience: \(team.name)
        environment: staging
        connections: [\(connections.serviceAPI)]

    """
  }
}

/// Codes W04: what is rendered.
extension Explanation {
  static let unsafePath = Explanation(
    .unsafePath, "a path that leads out of its folder",
    """
    Generated files stay below one folder. A path that is absolute, climbs up with `..`, goes through `.git` or means another file on another system would \
    let a change of the policy overwrite anything on the machine that renders it.
    """,
    mending: "write a path below the folder of generated files, with `/` between its segments.",
    rejected: dbt(audience: "loader", path: "../profiles.yml"),
    accepted: dbt(audience: "loader", path: "dbt/profiles.yml"))

  static let pathTakenTwice = Explanation(
    .pathTakenTwice, "two artifacts for one file",
    """
    Each file is made by one artifact; otherwise the one that is rendered last would win. Paths that differ only in case are one, as they are on many \
    machines, and a file cannot stand where another one needs a folder.
    """,
    mending: "give each artifact a path of its own.",
    rejected: dbt(audience: "loader", path: "dbt/profiles.yml") + dbtArtifact("again", audience: "loader", path: "DBT/profiles.yml"),
    accepted: dbt(audience: "loader", path: "dbt/profiles.yml") + dbtArtifact("again", audience: "loader", path: "again/profiles.yml"))

  static let unknownTarget = Explanation(
    .unknownTarget, "a target that does not exist",
    "`target` says which tool a file is for. Writ renders for the tools that it knows; for any other name nothing would be written.",
    mending: "correct the name. The targets are listed in the message, and described in the reference.",
    rejected: dbt(audience: "loader", path: "dbt/profiles.yml").replacing("dbt_profiles", with: "dbt_profile"),
    accepted: dbt(audience: "loader", path: "dbt/profiles.yml"))

  static let inexpressible = Explanation(
    .inexpressible, "something that the tool cannot express",
    """
    A file for a tool gives exactly what the policy says. Where the tool has no way of saying it (no adapter for the system, no setting for the role or the \
    certificate), leaving it out would change what the file gives, or break it. So it is an error at the connection's mention.
    """,
    mending: "choose another way of authenticating, leave out the setting, or render the connection for another tool.",
    rejected: dbt(audience: "loader", path: "dbt/profiles.yml")
      .replacing("type: postgres", with: "type: http").replacing("read: [db/marts/**]", with: "call: [db/marts]")
      .replacing("dev: { host: localhost, database: dev }", with: "dev: { url: http://localhost }")
      .replacing("prod: { host: db.acme.example, database: analytics }", with: "prod: { url: https://db.acme.example }")
      .replacing("password: ", with: "token: "),
    accepted: dbt(audience: "loader", path: "dbt/profiles.yml"))

  static let variableTakenTwice = Explanation(
    .variableTakenTwice, "one name for two secrets",
    """
    Secrets reach tools through variables of their process's environment, keys of Postman's vault or paths of a secrets backend, and each of these holds one \
    thing. Where two secrets of one file would need the same variable, or two artifacts the same key or path, one of the logins would be attempted with the \
    other's secret.
    """,
    mending:
      "give one of them another name under `variables` or `vault`, another `id` or another place in the backend, or rename a connection.",
    rejected: dbt(audience: "loader", path: "dbt/profiles.yml", variables: ("DBT_ENV_SECRET_DB", "DBT_ENV_SECRET_DB")),
    accepted: dbt(audience: "loader", path: "dbt/profiles.yml", variables: ("DBT_ENV_SECRET_DB_DEV", "DBT_ENV_SECRET_DB_PROD")))

  static let missingPlaceholder = Explanation(
    .missingPlaceholder, "one file for each person, all of the same name",
    """
    With `per: principal` each member of the audience gets a file, so the path must hold `${principal}`. The other way round, `${principal}` in the path of \
    a file for a whole group, or a connection with `principal: self` in it, has no one person to stand for.
    """,
    mending: "write both `per: principal` and `${principal}` in the path, or neither.",
    rejected: dbt(audience: "loader", path: "dbt/profiles.yml").replacing("audience: loader", with: "audience: loader\n    per: principal"),
    accepted: dbt(audience: "loader", path: "dbt/${principal}.yml").replacing(
      "audience: loader", with: "audience: loader\n    per: principal"))

  static let emptyAudience = Explanation(
    .emptyAudience, "a file for a group without members",
    "The audience is a group that has no members at this moment: nobody would hold the file, and nothing could be proven about who does. So no file is written.",
    mending: "add members, or leave the artifact out until there are some.",
    rejected: dbt(audience: "team", path: "dbt/${principal}.yml").replacing("audience: team", with: "audience: team\n    per: principal")
      + "---\ngroups: { team: { owners: [lee] } }\n",
    accepted: dbt(audience: "team", path: "dbt/${principal}.yml").replacing("audience: team", with: "audience: team\n    per: principal")
      + "---\ngroups: { team: { owners: [lee], members: [loader] } }\n")

  static let invalidOption = Explanation(
    .invalidOption, "an option that the target cannot use",
    """
    Each target has options of its own, and some of them depend on each other or on the system at hand. What does not fit would be ignored by the tool \
    without a word, so it is an error here.
    """,
    mending: "do what the message says; the options are in the reference of fields.",
    rejected: dbt(audience: "loader", path: "dbt/profiles.yml").replacing(
      "    profile: acme\n", with: "    profile: acme\n    default_output: staging\n"),
    accepted: dbt(audience: "loader", path: "dbt/profiles.yml").replacing(
      "    profile: acme\n", with: "    profile: acme\n    default_output: prod\n"))

  /// A policy that renders one file of dbt's.
  static func dbt(audience: String, path: String, variables: (dev: String, prod: String)? = nil) -> String {
    warehouse + """
      roles:
        analyst: { can: { read: [db/marts/**] } }
      bindings:
        - { role: analyst, to: [loader], in: [dev, prod] }
      connections:
        reports:
          system: db
          principal: loader
          role: analyst
          defaults: { password: "ref+vault://kv/${environment}/reports#/password" }
          environments: { dev: {}, prod: {} }
      artifacts:

      """ + dbtArtifact("profiles", audience: audience, path: path, variables: variables)
  }

  private static func dbtArtifact(_ name: String, audience: String, path: String, variables: (dev: String, prod: String)? = nil) -> String {
    func output(_ environment: String, _ variable: String?) -> String {
      "      \(environment): { connection: reports, environment: \(environment), schema: marts\(variable.map { ", variables: { password: \($0) }" } ?? "") }\n"
    }
    return "  \(name):\n    target: dbt_profiles\n    path: \(path)\n    audience: \(audience)\n    profile: acme\n    outputs:\n"
      + output("dev", variables?.dev) + output("prod", variables?.prod)
  }
}

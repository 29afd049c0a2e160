extension PolicyWriter {
  /// One system, with the roles that it comes with.
  func systemFile(_ index: Int) -> CorpusFile {
    let system = organisation.systems[index]
    let path = "policies/systems/\(system.name).yaml"
    var random = generator(for: path)
    let owner = organisation.teams[system.owner]
    let text = """
      # \(system.name), looked after by \(owner.name).
      # Ask in their channel before adding a role here: most needs are met by narrowing one.
      systems:
        \(system.name):
          type: \(system.kind)
          owners: [\(owner.name)]
      \(endpoints(of: system, &random))
      roles:
      \(roles(of: system))
      """
    return CorpusFile(path: path, text: text)
  }

  private func endpoints(of system: Organisation.System, _ random: inout SplitMix64) -> String {
    let host = system.name.replacing("_", with: "-")
    switch system.kind {
    case .postgres:
      let names = random.oneIn(5) ? "    names: { sandbox: { dev: sandbox_dev } }\n" : ""
      let name = system.databaseName
      return """
            environments:
              dev: { host: \(host).dev.acme.example, port: 5432, database: \(name), tls: require }
              staging: { host: \(host).staging.acme.example, port: 5432, database: \(name), tls: require }
              prod:
                host: \(host).acme.example
                port: 5432
                database: \(name)
                tls: verify_full
        \(names)    manages: { leaves: ["fivetran_*", "rds_*"] }

        """
    case .snowflake:
      return """
            environments:
              dev: { account: acme-dev, database: LAKE, warehouse: DEV_XS }
              staging: { account: acme-staging, database: LAKE, warehouse: DEV_XS }
              prod: { account: acme-prod, database: LAKE, warehouse: PROD_M }

        """
    case .airflow:
      return """
            environments:
              dev: { url: "https://\(host).dev.acme.example" }
              staging: { url: "https://\(host).staging.acme.example" }
              prod: { url: "https://\(host).acme.example" }

        """
    case .fastapi, .http:
      return apiEndpoints(host: host) + (system.kind == .fastapi ? routes(of: system, &random) : "")
    }
  }

  private func apiEndpoints(host: String) -> String {
    let lines = ["dev.", "staging.", ""].enumerated().map { index, infix in
      """
            \(Organisation.environments[index]):
              url: https://\(host).\(infix)acme.example
              token_endpoint: https://acme.okta.example/oauth2/default/v1/token
              audience: api://\(host)

      """
    }
    return "    environments:\n" + lines.joined()
  }

  private func routes(of system: Organisation.System, _ random: inout SplitMix64) -> String {
    let transform = ConnectionNames(team: organisation.teams[system.owner]).transform
    let others = random.sample(4 + random.below(4), of: Array(Vocabulary.routes.dropFirst(2)))
    let lines = others.filter { $0 != "freshness" && $0 != "get_status" }.map {
      "      \($0): { method: \($0.hasPrefix("submit") ? "POST" : "GET"), path: /\($0.replacing("_", with: "/")) }\n"
    }
    return """
          routes:
            freshness: { method: GET, path: "/models/{model}/freshness" }
            get_status: { method: GET, path: /status }
            run_models:
              method: POST
              path: /runs
              acts_as: connections/\(transform)   # calling it is acting as that session
      \(lines.joined())
      """
  }

  private func roles(of system: Organisation.System) -> String {
    let name = system.name
    switch system.kind {
    case .postgres: return databaseRoles(system)
    case .snowflake:
      return """
          \(name).reader:
            description: everything that is modelled
            can:
              read: [\(name)/lake/marts/**, \(name)/lake/shared/**]
              use: [\(name)/@warehouses/dev_xs]
          \(name).analyst:
            inherits: [\(name).reader]
            can: { use: [\(name)/@warehouses/prod_m] }
          \(name).loader:
            can: { write: [\(name)/lake/raw/**], create: [\(name)/lake/raw], use: [\(name)/@warehouses/load_*] }
          \(name).engineer:
            inherits: [\(name).analyst]
            can:
              read: { of: [\(name)/lake/**], except: ["\(name)/lake/*/*_pii"] }
              write: [\(name)/lake/scratch/**]

        """
    case .fastapi:
      return """
          \(name).caller:
            can:
              call: { of: [\(name)/*], except: [\(name)/run_models] }
          \(name).monitor: { can: { call: [\(name)/freshness, \(name)/get_status] } }
          \(name).operator:
            description: may start runs, and so acts as the session behind them
            inherits: [\(name).monitor]
            can: { call: [\(name)/run_models] }

        """
    case .http:
      return "  \(name).caller: { can: { call: [\(name)/**] } }\n"
    case .airflow:
      return """
          \(name).viewer: { can: { view: ["\(name)/@dags/*", "\(name)/@pools/*"] } }
          \(name).operator:
            inherits: [\(name).viewer]
            can:
              trigger:
        \(Vocabulary.dags.prefix(5).map { "        - \(name)/@dags/\($0)" }.joined(separator: "\n"))
          \(name).author:
            inherits: [\(name).operator]
            can: { edit: ["\(name)/@dags/*"] }

        """
    }
  }

  private func databaseRoles(_ system: Organisation.System) -> String {
    let name = system.name
    let closed = organisation.departments.contains { $0.books.name == name }
    let restricted = """

        # Who holds this reads the books. The guardrail of the department names them.
        \(name).restricted_reader:
          can: { read: [\(name)/restricted/**] }

      """
    return """
        \(name).marts_reader:
          can:
            read: { of: [\(name)/marts/**], except: ["\(name)/marts/*_pii"] }
        \(name).staging_reader: { can: { read: [\(name)/staging/**] } }
        \(name).reader:
          description: what is modelled, without what names people
          inherits: [\(name).marts_reader, \(name).staging_reader]
        \(name).pii_reader:
          inherits: [\(name).marts_reader]
          can: { read: ["\(name)/marts/*_pii"] }
        \(name).loader:
          can: { write: [\(name)/raw/**], create: [\(name)/raw] }
        \(name).transformer:
          can:
            read: { of: [\(name)/**], except: [\(name)/restricted/**] }
            write: [\(name)/marts/**, \(name)/staging/**]
            create: [\(name)/marts, \(name)/staging]
        \(name).developer:
          description: a schema for each person, beside what everybody reads
          inherits: [\(name).reader]
          can:
            read: ["\(name)/dbt_${principal}/**"]
            write: ["\(name)/dbt_${principal}/**"]
            create: ["\(name)/dbt_${principal}"]
        \(name).engineer:
          inherits: [\(name).developer, \(name).loader]
          can:
            read: [\(name)/raw/**, \(name)/sandbox/**]
            write: [\(name)/sandbox/**]
      \(closed ? restricted : "")
      """
  }
}

// Made by `swift run dev generate` from writ.yaml and policies/: edit those.

/// The policy that `writ init` starts from.
enum StarterPolicy {
  static let files: [(path: String, text: String)] = [
    (
      "writ.yaml",
      #"""
      # Marks the root of a Writ policy. These are the defaults, written out.
      version: 1
      policies: policies/
      generated: generated/

      """#
    ),
    (
      "policies/access.yaml",
      #"""
      # Who may do what, where, until when. Nothing is allowed that is not written here.

      roles:
        analyst:
          can:
            read: { of: [analytics_db/marts/**], except: ["analytics_db/marts/*_pii"] }

        developer:
          inherits: [analyst]
          can:
            # Everybody's own schema: `${principal}` is the name of whoever holds the role.
            read: ["analytics_db/dbt_${principal}/**"]
            write: ["analytics_db/dbt_${principal}/**"]
            create: ["analytics_db/dbt_${principal}"]

        transformer:
          can:
            read: [analytics_db/**]
            write: [analytics_db/marts/**]
            create: [analytics_db/marts]

        orders_reader:
          can:
            call: [orders_api/list_orders, orders_api/freshness]

        # To assume a connection is to use its identity and to read its credential.
        scheduler:
          can:
            assume: [connections/transform, connections/orders]

      bindings:
        - { role: analyst, to: [analysts], in: [dev, prod], reason: DATA-12 }
        - { role: developer, to: [data_platform], in: [dev] }
        - { role: transformer, to: [dbt_runner], in: [dev, prod] }
        - { role: orders_reader, to: [contract_tests], in: [dev, prod] }
        - { role: scheduler, to: [airflow_worker], in: [prod] }

      """#
    ),
    (
      "policies/artifacts.yaml",
      #"""
      # What is rendered. Whoever will hold a file must be allowed to assume every connection in it.

      artifacts:
        dbt_runner_profiles:
          target: dbt_profiles
          path: dbt/profiles.yml
          audience: dbt_runner
          profile: acme
          outputs:
            dev: { connection: transform, environment: dev, schema: marts, threads: 4 }
            prod: { connection: transform, environment: prod, schema: marts, threads: 8 }

        engineers_profiles:
          target: dbt_profiles
          path: "dbt/people/${principal}.yml"
          audience: data_platform
          per: principal # one file a person
          profile: acme
          outputs:
            dev: { connection: personal, environment: dev }

        airflow_prod:
          target: airflow_connections
          path: airflow/connections.json
          audience: airflow_worker
          environment: prod
          secrets: environment
          connections: [transform, { name: orders, id: orders_api }]

        orders_postman:
          target: postman_environment
          path: "postman/orders.${environment}.postman_environment.json"
          audience: contract_tests
          environment: [dev, prod]
          connections: [orders]

      """#
    ),
    (
      "policies/connections.yaml",
      #"""
      # How a system is reached: endpoint, identity and credential *reference*, written once and rendered for every tool.

      connections:
        transform:
          system: analytics_db
          principal: dbt_runner
          role: transformer # the session holds this role and no other
          defaults:
            auth: password
            password: "ref+vault://kv/${environment}/dbt#/password"
            max_ttl: 1h
          environments:
            dev: {}
            prod: { rotate_every: 30d }

        personal:
          system: analytics_db
          principal: self # each person as themselves
          role: developer
          environments:
            dev: { password: "ref+env://PGPASSWORD", schema: "dbt_${principal}" }

        orders:
          system: orders_api
          principal: contract_tests
          environments:
            dev: { auth: none }
            prod:
              auth: client_credentials
              client_id: contract-tests
              client_secret: "ref+vault://kv/${environment}/contract_tests#/client_secret"
              rotate_every: 30d

      """#
    ),
    (
      "policies/people.yaml",
      #"""
      # Who there is: people, the services that run jobs, and groups of both.

      users:
        # The login whose review counts: a name alone may be somebody else's on the code host.
        ana: { email: ana@acme.example, accounts: { github: ana-acme } }
        raj: { email: raj@acme.example, accounts: { github: raj-acme } }
        lee: { email: lee@acme.example, accounts: { github: lee-acme } }

      groups:
        data_platform:
          description: Builds and runs the platform.
          owners: [lee]
          members: [lee, raj]
        analysts:
          description: Asks the questions.
          owners: [lee]
          members:
            - ana
            - { name: raj, until: 2099-06-30, reason: helps out for a while }

      # One identity per job, each with an owner: no job runs as a person.
      identity_providers:
        okta:
          type: oidc
          issuer: https://acme.okta.example/oauth2/default
          audience: api://data
          token_endpoint: https://acme.okta.example/oauth2/default/v1/token
        github:
          type: github_actions
          organization: acme

      services:
        dbt_runner:
          owner: data_platform
          identity: { provider: okta, subject: 0oa1dbt }
          accounts: { analytics_db: { dev: dbt_dev, prod: dbt_prod } } # what it is called there
        airflow_worker:
          owner: data_platform
          identity: { provider: okta, subject: 0oa2air }
        contract_tests:
          owner: data_platform
          identity: { provider: github, repository: acme/contracts, ref: refs/heads/main }

      """#
    ),
    (
      "policies/platform.yaml",
      #"""
      # What there is: environments, systems and where they are.

      environments:
        dev: {}
        prod: { protected: true }

      systems:
        analytics_db:
          type: postgres
          owners: [data_platform]
          environments:
            dev: { host: localhost, port: 5432, database: dev }
            prod: { host: db.acme.example, port: 5432, database: analytics, tls: verify_full }

        orders_api:
          type: fastapi
          owners: [data_platform]
          environments:
            dev: { url: "http://localhost:8000" }
            prod:
              url: https://orders.acme.example
              token_endpoint: https://acme.okta.example/oauth2/default/v1/token
              audience: api://orders
          routes:
            list_orders: { method: GET, path: /orders }
            freshness: { method: GET, path: "/models/{model}/freshness" }

      """#
    ),
    (
      "policies/rules.yaml",
      #"""
      # What must never become possible, who must agree, and what the policy must answer.

      guardrails:
        people_never_write_prod:
          never: { who: users, can: [write, create], resources: [analytics_db/**], in: [prod] }
        rotation:
          require: { of: connections, in: [prod], field: rotate_every, at_most: 90d }

      approvals:
        warehouse:
          resources: [analytics_db/**]
          in: [prod]
          by: [data_platform]

      tests:
        analysts_read_marts:
          in: prod
          expect:
            - ana can read analytics_db/marts/orders
            - ana cannot read analytics_db/marts/customers_pii
            - ana cannot write analytics_db/**

      """#
    ),
  ]
}

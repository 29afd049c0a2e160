import TestSupport

/// A policy of one connection that renders files at chosen paths.
enum SmallPolicy {
  /// One dbt profile and its manifest for each path.
  static func text(paths: [String] = ["dbt/profiles.yml"], host: String = "db.example.org", password: String = "ref+vault://kv/dev/job#/password")
    -> String
  {
    let artifacts = paths.enumerated().map { index, path in
      "  a\(index): { target: dbt_profiles, path: \"\(path)\", audience: job, profile: shop, outputs: { dev: { connection: build, environment: dev, schema: marts } } }\n"
    }
    return """
      environments: { dev: {} }
      users: { ana: {} }
      groups: { team: { members: [ana], owners: [ana] } }
      services:
        job: { owner: team }
        worker: { owner: team }
      systems:
        db:
          type: postgres
          owners: [team]
          environments: { dev: { host: \(host), port: 5432, database: shop } }
      roles:
        writer: { can: { write: [db/marts/**] } }
        runner: { can: { assume: [connections/build] } }
      bindings:
        - { role: writer, to: [job], in: [dev] }
      connections:
        build:
          system: db
          principal: job
          role: writer
          environments: { dev: { password: "\(password)" } }

      """ + (artifacts.isEmpty ? "" : "artifacts:\n" + artifacts.joined())
  }

  /// A second file for it: what a worker gets through a binding that ends.
  static let ending = """
    bindings:
      - { role: runner, to: [worker], in: [dev], until: 2030-06-30 }
    artifacts:
      worker: { target: postman_environment, path: postman/worker.json, audience: worker, environment: dev, connections: [build] }

    """

  static let warning = """
    bindings:
      - { role: writer, to: [job], in: [dev], until: 2020-01-01 }

    """

  static let broken = "bindings:\n  - { role: writter, to: [job], in: [dev] }\n"
}

extension Scratch {
  /// A repository with the small policy, not yet committed.
  static func withPolicy(_ text: String = SmallPolicy.text(), below folder: String = "") throws -> Scratch {
    let scratch = try repository()
    let prefix = folder.isEmpty ? "" : folder + "/"
    try scratch.write("\(prefix)writ.yaml", "version: 1\n")
    try scratch.write("\(prefix)policies/policy.yaml", text)
    return scratch
  }
}

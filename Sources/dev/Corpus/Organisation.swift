/// A made-up organisation: who works where, and what they work on.
///
/// It knows nothing of YAML. The policy that `PolicyWriter` makes of it must hold: people never write
/// in prod, restricted schemas have few readers, and nobody holds both roles that are kept apart.
struct Organisation {
  struct User {
    let name: String
    let email: String
    let team: Int
  }

  struct Service {
    let name: String
    let team: Int
    let purpose: Purpose

    enum Purpose { case dbt, airflow }
  }

  struct Team {
    let name: String
    let department: Int
    let members: [String]
    let dbt: String
    /// The service that schedules the team's work; the smallest teams let dbt's do it.
    let airflow: String?
    /// What the team builds on.
    let database: System
    let api: System
    let scheduler: System
  }

  struct Department {
    let name: String
    let teams: [Int]
    /// The database whose `restricted` schema only the leads and one service read.
    let books: System
  }

  struct System {
    let name: String
    let kind: SystemKind
    let owner: Int
    let databaseName: String
  }

  let users: [User]
  let services: [Service]
  let teams: [Team]
  let departments: [Department]
  let systems: [System]

  static let environments = ["dev", "staging", "prod"]

  init(size: CorpusSize, seed: UInt64) {
    var random = SplitMix64(seed: seed, for: "organisation")
    systems = Self.systems(size)
    users = Self.users(size, &random)

    let teamNames = (0..<size.teams).map { team in
      let departments = Vocabulary.departments
      let mission = Vocabulary.missions[team / size.departments % Vocabulary.missions.count]
      return "\(departments[team % size.departments])_\(mission)"
    }
    services = Self.services(size, teamNames)
    let members = Dictionary(grouping: users, by: \.team).mapValues { $0.map(\.name) }
    let systems = systems
    func home(_ kind: SystemKind, _ team: Int) -> System {
      let choice = systems.filter { $0.kind == kind }
      return choice[team % choice.count]
    }
    teams = teamNames.enumerated().map { team, name in
      Team(
        name: name, department: team % size.departments, members: members[team] ?? [],
        dbt: "\(name)_dbt",
        airflow: team < size.services - size.teams ? "\(name)_airflow" : nil,
        database: home(.postgres, team), api: home(.fastapi, team),
        scheduler: home(.airflow, team))
    }
    departments = (0..<size.departments).map { department in
      Department(
        name: Vocabulary.departments[department],
        teams: (0..<size.teams).filter { $0 % size.departments == department },
        books: home(.postgres, department))
    }
  }

  private static func systems(_ size: CorpusSize) -> [System] {
    // Forty per cent databases, then services; the first seven have one of each kind.
    let pattern: [SystemKind] = [
      .postgres, .fastapi, .airflow, .snowflake, .http, .postgres, .postgres, .fastapi, .postgres,
      .fastapi, .postgres, .airflow, .snowflake, .postgres, .fastapi, .postgres, .http, .postgres,
      .fastapi, .airflow,
    ]
    var seen: [SystemKind: Int] = [:]
    return (0..<size.systems).map { index in
      let kind = pattern[index % pattern.count]
      let nth = seen[kind, default: 0]
      seen[kind] = nth + 1
      let subject = Vocabulary.departments[nth % Vocabulary.departments.count]
      let again = nth / Vocabulary.departments.count
      return System(
        name: "\(subject)_\(kind.suffix)\(again == 0 ? "" : String(again + 1))", kind: kind,
        owner: nth % size.teams, databaseName: subject)
    }
  }

  private static func users(_ size: CorpusSize, _ random: inout SplitMix64) -> [User] {
    var taken: [String: Int] = [:]
    return (0..<size.users).map { index in
      let first = random.pick(Vocabulary.firstNames)
      let last = random.pick(Vocabulary.lastNames)
      let nth = taken["\(first)_\(last)", default: 0] + 1
      taken["\(first)_\(last)"] = nth
      let number = nth == 1 ? "" : String(nth)
      return User(
        name: "\(first)_\(last)\(number)", email: "\(first).\(last)\(number)@acme.example",
        team: index % size.teams)
    }
  }

  private static func services(_ size: CorpusSize, _ teams: [String]) -> [Service] {
    (0..<size.services).map { index in
      let team = index % size.teams
      let purpose: Service.Purpose = index < size.teams ? .dbt : .airflow
      return Service(name: "\(teams[team])_\(purpose)", team: team, purpose: purpose)
    }
  }
}

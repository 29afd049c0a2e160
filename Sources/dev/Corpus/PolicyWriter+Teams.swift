extension PolicyWriter {
  /// A team: its groups, roles, connections and artifacts, and what its people were given.
  func teamFile(_ index: Int) -> CorpusFile {
    let team = organisation.teams[index]
    let path = "policies/teams/\(organisation.departments[team.department].name)/\(team.name).yaml"
    var random = generator(for: path)
    let artifacts = TeamArtifacts(
      team: team, connections: ConnectionNames(team: team), runner: runner(of: team),
      hasPersonal: index % 8 == 0)
    let entries = fill(teamBindings(team, &random), to: quota(ofTeam: index), &random) { random in
      let subjects = subjects(of: team, &random)
      return grant(to: subjects, near: team, &random)
    }
    let text =
      header(team, &random) + groups(of: team, index, &random) + roles(of: team)
      + connections(of: team, hasPersonal: artifacts.hasPersonal, &random) + artifacts.text + "\n"
      + section(entries, &random)
    return CorpusFile(path: path, text: text, bindings: entries.count, artifacts: artifacts.count)
  }

  /// The same file with one binding more at its end.
  func revised(_ file: CorpusFile, team index: Int) -> CorpusFile {
    let team = organisation.teams[index]
    let entry = BindingEntry(
      gift: .inline(action: "read", pattern: "\(team.database.name)/raw/incident_copies"),
      to: [team.members[1]], environments: ["prod"], until: "2099-06-30",
      reason: "INC-77 follows up on the incident of last week")
    var file = file
    file.text += entry.block
    file.bindings += 1
    return file
  }

  /// Who runs a team's jobs.
  func runner(of team: Organisation.Team) -> String {
    team.airflow ?? team.dbt
  }

  private func quota(ofTeam index: Int) -> Int {
    let others =
      Self.bindingsOfPlatform + size.departments * Self.bindingsOfDepartment
      + size.services * Self.bindingsOfService
    let rest = size.bindings - others
    return rest / size.teams + (index < rest % size.teams ? 1 : 0)
  }

  private func header(_ team: Organisation.Team, _ random: inout SplitMix64) -> String {
    """
    # \(team.name): builds on \(team.database.name), serves through \(team.api.name),
    # scheduled by \(team.scheduler.name). Questions to \(team.members[0]).

    """
  }

  private func groups(
    of team: Organisation.Team, _ index: Int, _ random: inout SplitMix64
  ) -> String {
    let directory =
      index % 6 == 5
      ? """
          source: snapshot   # the directory decides; this is what it said last
          identity: { provider: okta, group: \(team.name.replacing("_", with: "-")) }

      """ : ""
    let description =
      index % 10 == 3
      ? """
          description: >-
            Took over the models of two older teams; ask for the history before
            moving anything out of \(team.database.name).

      """ : ""
    let members = team.members.enumerated().map { nth, member in
      nth > 1 && random.oneIn(12)
        ? "      - { name: \(member), until: \(farDay(&random)) }" : "      - \(member)"
    }
    let oncall = random.sample(3, of: team.members).joined(separator: ", ")
    return """
      groups:
        \(team.name):
      \(description)    owners: [\(team.members[0])]
          members:
      \(members.joined(separator: "\n"))
      \(directory)  \(team.name)_oncall:
          owners: [\(team.name)]
          members: [\(oncall)]


      """
  }

  private func roles(of team: Organisation.Team) -> String {
    let connections = ConnectionNames(team: team)
    let dags = "\(team.scheduler.name)/@dags/\(team.name)_*"
    return """
      roles:
        \(team.name).runner:
          description: what the scheduled jobs of \(team.name) need
          can:
            assume: [connections/\(connections.transform), connections/\(connections.serviceAPI)]
            trigger: ["\(dags)"]
        \(team.name).tester:
          can: { assume: [connections/\(connections.serviceAPI)] }
        \(team.name).oncall:
          inherits: [\(team.database.name).reader, \(team.scheduler.name).viewer]
          can: { trigger: ["\(dags)"] }


      """
  }

  private func connections(
    of team: Organisation.Team, hasPersonal: Bool, _ random: inout SplitMix64
  ) -> String {
    let names = ConnectionNames(team: team)
    let personal = """
        \(names.personal):
          system: \(team.database.name)
          principal: self                      # each person as themselves
          role: \(team.database.name).developer
          environments:
            dev: { auth: password, password: "ref+env://PGPASSWORD", schema: "dbt_${principal}" }

      """
    return """
      connections:
        \(names.transform):
          system: \(team.database.name)
          principal: \(team.dbt)
          role: \(team.database.name).transformer
          defaults:
            auth: password
            password: "ref+vault://kv/${environment}/\(team.name)/warehouse#/password"
            max_ttl: 1h
          environments:
            dev: {}
            staging: {}
            prod: { rotate_every: \(random.pick(["30d", "60d", "90d"])) }
        \(names.serviceAPI):
          system: \(team.api.name)
          principal: \(team.dbt)
          defaults:
            auth: client_credentials
            client_id: \(team.name.replacing("_", with: "-"))
            client_secret: "ref+vault://kv/${environment}/\(team.name)/api#/client_secret"
          environments: { dev: {}, staging: {}, prod: { rotate_every: 30d } }
      \(hasPersonal ? personal : "")

      """
  }

  /// What every team has, before anybody asks for more.
  private func teamBindings(
    _ team: Organisation.Team, _ random: inout SplitMix64
  ) -> [BindingEntry] {
    [
      BindingEntry(
        gift: .role("\(team.database.name).reader"), to: [team.name],
        environments: Organisation.environments, reason: ticket(team.department, &random)),
      BindingEntry(
        gift: .role("\(team.database.name).developer"), to: [team.name], environments: ["dev"],
        reason: ticket(team.department, &random)),
      BindingEntry(
        gift: .role("\(team.scheduler.name).viewer"), to: [team.name], environments: ["*"]),
      BindingEntry(
        gift: .role("\(team.name).tester"), to: [team.name], environments: ["dev", "staging"],
        reason: reason(team.department, &random)),
      BindingEntry(
        gift: .role("\(team.name).oncall"), to: ["\(team.name)_oncall"], environments: ["*"],
        reason: reason(team.department, &random)),
    ]
  }

  private func subjects(of team: Organisation.Team, _ random: inout SplitMix64) -> [String] {
    switch random.below(20) {
    case 0: [team.name]
    case 1: ["\(team.name)_oncall"]
    case 2...4: random.sample(2, of: team.members)
    case 5: random.sample(4, of: team.members)
    default: [random.pick(team.members)]
    }
  }

  /// Something that people asked for. In prod they only ever read.
  private func grant(
    to subjects: [String], near team: Organisation.Team, _ random: inout SplitMix64
  ) -> BindingEntry {
    let system = random.oneIn(2) ? team.database : random.pick(organisation.systems)
    let anywhere = random.sample(1 + random.below(3), of: Organisation.environments)
    var entry = BindingEntry(
      gift: .role("\(system.name).\(random.pick(system.kind.lookingRoles))"), to: subjects,
      environments: anywhere, reason: reason(team.department, &random))
    let choice = random.below(100)
    if system.kind == .postgres && choice < 30 {
      let tables = random.sample(1 + random.below(5), of: Vocabulary.tables)
      if choice < 20 {
        entry.gift = .role("\(system.name).marts_reader")
        entry.resources = tables.map { "\(system.name)/marts/\($0)" }
      } else {
        entry.gift = .inline(action: "read", pattern: "\(system.name)/raw/\(tables[0])")
      }
    } else if choice < 55 {
      entry.gift = .role("\(system.name).\(random.pick(system.kind.workingRoles))")
      entry.environments = random.sample(1 + random.below(2), of: ["dev", "staging"])
    }
    if random.oneIn(9) {
      entry.until = farDay(&random)
      if random.oneIn(3) { entry.from = "2026-0\(1 + random.below(9))-\(10 + random.below(18))" }
    }
    if random.oneIn(7) { entry.comment = random.pick(Vocabulary.comments) }
    return entry
  }
}

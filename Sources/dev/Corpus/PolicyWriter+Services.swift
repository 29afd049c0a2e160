extension PolicyWriter {
  /// A service: who it is, and what it was given.
  func serviceFile(_ index: Int) -> CorpusFile {
    let service = organisation.services[index]
    let team = organisation.teams[service.team]
    let path =
      "policies/services/\(organisation.departments[team.department].name)/\(service.name).yaml"
    var random = generator(for: path)
    let entries = fill(
      serviceBindings(service, team, &random), to: Self.bindingsOfService, &random
    ) { random in
      grant(to: service, of: team, &random)
    }
    let text =
      "# What \(service.name) runs as, and what it may do.\n"
      + declaration(of: service, index, team, &random) + "\n" + section(entries, &random)
    return CorpusFile(path: path, text: text, bindings: entries.count)
  }

  private func declaration(
    of service: Organisation.Service, _ index: Int, _ team: Organisation.Team,
    _ random: inout SplitMix64
  ) -> String {
    let name = service.name
    let identity: String
    if random.oneIn(4) {
      let repository = name.replacing("_", with: "-")
      identity = """
            identity:
              provider: github
              repository: acme/\(repository)
              ref: refs/heads/main

        """
    } else {
      identity = "    identity: { provider: okta, subject: 0oa\(String(100_000 + index, radix: 36)) }\n"
    }
    let accounts = """
          accounts:
            \(team.database.name): { dev: \(name)_dev, staging: \(name)_stg, prod: \(name) }

      """
    return """
      services:
        \(name):
          owner: \(team.name)
      \(identity)\(service.purpose == .dbt ? accounts : "")
      """
  }

  /// What its team's connections and artifacts rest on.
  private func serviceBindings(
    _ service: Organisation.Service, _ team: Organisation.Team, _ random: inout SplitMix64
  ) -> [BindingEntry] {
    var entries: [BindingEntry] = []
    if service.purpose == .dbt {
      entries = [
        BindingEntry(
          gift: .role("\(team.database.name).transformer"), to: [service.name],
          environments: Organisation.environments, reason: ticket(team.department, &random),
          comment: "the session of the team's transform connection"),
        BindingEntry(
          gift: .role("\(team.api.name).caller"), to: [service.name],
          environments: Organisation.environments, reason: ticket(team.department, &random)),
      ]
    }
    if runner(of: team) == service.name {
      entries.append(
        BindingEntry(
          gift: .role("\(team.name).runner"), to: [service.name], environments: ["*"],
          reason: reason(team.department, &random)))
    }
    return entries
  }

  private func grant(
    to service: Organisation.Service, of team: Organisation.Team, _ random: inout SplitMix64
  ) -> BindingEntry {
    let system = random.oneIn(3) ? team.database : random.pick(organisation.systems)
    var entry = BindingEntry(
      gift: .role("\(system.name).\(random.pick(system.kind.serviceRoles))"), to: [service.name],
      environments: random.sample(1 + random.below(3), of: Organisation.environments),
      reason: reason(team.department, &random))
    if system.kind == .postgres && random.oneIn(4) {
      entry.gift = .role("\(system.name).marts_reader")
      entry.resources = random.sample(1 + random.below(6), of: Vocabulary.tables)
        .map { "\(system.name)/marts/\($0)" }
    }
    if random.oneIn(15) { entry.until = farDay(&random) }
    if random.oneIn(7) { entry.comment = random.pick(Vocabulary.comments) }
    return entry
  }
}

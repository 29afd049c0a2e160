extension PolicyWriter {
  /// Everybody of one department, in the order of their names.
  func peopleFile(department: Int) -> CorpusFile {
    let name = organisation.departments[department].name
    let path = "policies/people/\(name).yaml"
    var random = generator(for: path)
    let users = organisation.users
      .filter { organisation.teams[$0.team].department == department }
      .sorted { $0.name < $1.name }
    var text = "# Everybody in \(name). Imported from the directory once, kept by hand since.\nusers:\n"
    for user in users {
      let login = user.name.filter { $0 != "_" }
      switch random.below(10) {
      case 0..<5:
        text += "  \(user.name): { email: \(user.email) }\n"
      case 5..<8:
        text += "  \(user.name): { email: \(user.email), accounts: { github: \(login) } }\n"
      default:
        text += """
            \(user.name):
              email: \(user.email)
              accounts:
                github: \(login)
                entra: \(login)

          """
      }
    }
    return CorpusFile(path: path, text: text)
  }

  /// A department: who leads it, what must hold for its books, and what proves that it does.
  func departmentFile(_ index: Int) -> CorpusFile {
    let department = organisation.departments[index]
    let path = "policies/departments/\(department.name).yaml"
    var random = generator(for: path)
    let staff = department.teams.flatMap { organisation.teams[$0].members }
    let offices = Offices(
      leads: Array(staff[0..<3]), releasers: Array(staff[3..<5]), auditors: Array(staff[5..<7]))
    let entries = departmentBindings(index, offices, &random)
    let text =
      groups(of: department, offices) + rules(of: department)
      + tests(of: department, offices, staff) + section(entries, &random)
    return CorpusFile(path: path, text: text, bindings: entries.count)
  }

  private struct Offices {
    let leads: [String]
    let releasers: [String]
    let auditors: [String]
  }

  private func groups(of department: Organisation.Department, _ offices: Offices) -> String {
    let name = department.name
    let teams = department.teams.map { "      - \(organisation.teams[$0].name)" }
    return """
      # The department as a whole; its teams have files of their own.
      groups:
        \(name)_leads:
          description: who answers for \(name)
          owners: [\(offices.leads[0])]
          members: [\(offices.leads.joined(separator: ", "))]
        \(name)_all:
          owners: [\(name)_leads]
          members:
            - \(name)_leads
      \(teams.joined(separator: "\n"))
          except: [\(offices.auditors[1])]
        \(name)_contractors:
          description: only the directory knows who they are today
          owners: [\(name)_leads]
          source: provider
          identity: { provider: okta, group: \(name)-contractors }

      roles:
        \(name).release_manager:
          can:
            trigger: [\(organisation.teams[department.teams[0]].scheduler.name)/@dags/exports]
        \(name).auditor:
          description: looks at what was released, and releases nothing
          can:
            view: [\(organisation.teams[department.teams[0]].scheduler.name)/@dags/*]


      """
  }

  private func rules(of department: Organisation.Department) -> String {
    let name = department.name
    let books = department.books.name
    let keepers = organisation.teams[department.teams[0]]
    let readers = ["\(name)_leads", keepers.dbt] + (keepers.airflow.map { [$0] } ?? [])
    return """
      guardrails:
        \(name).people_never_write_prod:
          never:
            who: users
            can: [write, create]
            resources: [\(books)/marts/**, \(books)/staging/**, \(books)/raw/**]
            in: [prod]
          reason: what is in prod is what the pipelines made
        \(name).books_are_closed:
          only:
            who: [\(readers.joined(separator: ", "))]
            can: [read]
            resources: [\(books)/restricted/**]
            in: [prod]
        \(name).two_people: { separate: [\(name).release_manager, \(name).auditor] }

      approvals:
        \(name).books: { resources: [\(books)/restricted/**], in: [prod], by: [\(name)_leads] }


      """
  }

  private func tests(
    of department: Organisation.Department, _ offices: Offices, _ staff: [String]
  ) -> String {
    let books = department.books.name
    let outsider = staff[staff.count - 1]
    var text = "tests:\n  \(department.name).access:\n    in: prod\n    expect:\n"
    for team in department.teams.prefix(6).map({ organisation.teams[$0] }) {
      let table = "\(team.database.name)/marts/\(Vocabulary.tables[team.members.count])"
      text += "      - \(team.members[0]) can read \(table)\n"
    }
    text += "      - \(outsider) cannot read \(books)/restricted/ledger_entries\n"
    text += "      - \(outsider) cannot write \(books)/marts/**  # of the pattern: none of it\n"
    let keepers = organisation.teams[department.teams[0]]
    var readers = offices.leads + [keepers.dbt]
    // Its session of the service's own connection has all that the service has.
    if let airflow = keepers.airflow { readers.append("\(airflow) via \(ConnectionNames(team: keepers).serviceAPI)") }
    text += "    who_can:\n      read \(books)/restricted/ledger_entries:\n"
    text += readers.map { "        - \($0)\n" }.joined()
    return text + "\n"
  }

  private func departmentBindings(
    _ index: Int, _ offices: Offices, _ random: inout SplitMix64
  ) -> [BindingEntry] {
    let department = organisation.departments[index]
    let name = department.name
    let books = department.books.name
    let keeper = organisation.teams[department.teams[0]].dbt
    var fixed = [
      BindingEntry(
        gift: .role("\(books).restricted_reader"), to: ["\(name)_leads", keeper],
        environments: ["prod"], reason: ticket(index, &random),
        comment: "the books: whoever is added here shows up in the auditors' report"),
      BindingEntry(
        gift: .role("\(name).release_manager"), to: offices.releasers, environments: ["*"],
        reason: reason(index, &random)),
      BindingEntry(
        gift: .role("\(name).auditor"), to: offices.auditors, environments: ["*"],
        reason: reason(index, &random)),
    ]
    fixed.append(
      BindingEntry(
        gift: .role("\(books).marts_reader"), to: ["\(name)_contractors"], environments: ["dev"],
        reason: ticket(index, &random)))
    return fill(fixed, to: Self.bindingsOfDepartment, &random) { random in
      let system = random.pick(organisation.systems)
      return BindingEntry(
        gift: .role("\(system.name).\(random.pick(system.kind.lookingRoles))"),
        to: [random.oneIn(2) ? "\(name)_all" : "\(name)_leads"],
        environments: random.sample(1 + random.below(3), of: Organisation.environments),
        reason: reason(index, &random))
    }
  }
}

/// Writes an organisation as policy, file by file, the way people lay such files out.
///
/// The files of people and departments, of systems, of teams, and of services are in extensions.
struct PolicyWriter {
  let organisation: Organisation
  let size: CorpusSize
  let seed: UInt64

  /// How many bindings the files of each kind hold; teams share what the others leave.
  static let bindingsOfPlatform = 2
  static let bindingsOfDepartment = 25
  static let bindingsOfService = 26

  func generator(for path: String) -> SplitMix64 {
    SplitMix64(seed: seed, for: path)
  }

  /// The marker of the policy root.
  var root: CorpusFile {
    CorpusFile(
      path: "writ.yaml",
      text: """
        # A made-up organisation, for benchmarks. Size \(size), seed \(seed).
        version: 1
        policies: policies/
        generated: generated/

        """)
  }

  /// What everything else stands on.
  var foundation: CorpusFile {
    CorpusFile(
      path: "policies/foundation.yaml",
      text: """
        # What everything else stands on. Changes here need the platform team.
        environments:
          dev:
            description: where people try things, with made-up data
          staging:
            description: a copy of last night, without names
          prod:
            protected: true
            description: what customers and the board see

        identity_providers:
          okta:
            type: oidc
            issuer: https://acme.okta.example/oauth2/default
            audience: api://data
            groups_claim: groups
          entra:
            type: oidc
            issuer: https://login.entra.example/acme/v2.0
            audience: api://data
          github:
            type: github_actions
            organization: acme

        guardrails:
          rotation:
            require: { of: connections, in: [prod], field: rotate_every, at_most: 90d }
            reason: the auditors ask for ninety days

        """)
  }

  /// The role for emergencies, and who has it.
  var platform: CorpusFile {
    let kept = organisation.departments.flatMap {
      ["\($0.name).release_manager", "\($0.name).auditor"]
    }
    let leads = "\(organisation.departments[0].name)_leads"
    return CorpusFile(
      path: "policies/platform.yaml",
      text: """
        # For emergencies outside prod: everything but the roles that are kept apart.
        roles:
          platform.break_glass:
            description: everything at once, to find out what is broken
            inherits:
              all_except:
        \(kept.map { "        - \($0)" }.joined(separator: "\n"))

        bindings:
          - role: platform.break_glass
            to: [\(leads)]
            in: [dev]
            reason: OPS-1 the incident drill of every quarter
          - { role: platform.break_glass, to: [\(organisation.teams[0].dbt)], in: [dev], reason: OPS-2 }

        """, bindings: Self.bindingsOfPlatform)
  }
}

// What the files of all kinds are made with.
extension PolicyWriter {
  /// The text of a `bindings` section: most in block style, some on one line.
  func section(_ entries: [BindingEntry], _ random: inout SplitMix64) -> String {
    var text = "bindings:\n"
    for entry in entries {
      text += random.oneIn(6) ? entry.flow : entry.block
      if random.oneIn(12) { text += "\n" }
    }
    return text
  }

  /// Fills `entries` up to `count` with different bindings.
  func fill(
    _ entries: [BindingEntry], to count: Int, _ random: inout SplitMix64,
    with make: (inout SplitMix64) -> BindingEntry
  ) -> [BindingEntry] {
    var entries = entries
    var seen = Set(entries.map(\.identity))
    while entries.count < count {
      let entry = make(&random)
      if seen.insert(entry.identity).inserted { entries.append(entry) }
    }
    return entries
  }

  func ticket(_ department: Int, _ random: inout SplitMix64) -> String {
    let project = organisation.departments[department].name.prefix(3).uppercased()
    return "\(project)-\(1_000 + random.below(9_000))"
  }

  func reason(_ department: Int, _ random: inout SplitMix64) -> String {
    let parts = random.pick(Vocabulary.reasons).split(
      separator: "%", omittingEmptySubsequences: false)
    let table = random.pick(Vocabulary.tables)
    let what = "\(ticket(department, &random)) \(parts.joined(separator: table))"
    return random.oneIn(3) ? what : "\(what) (\(random.pick(Vocabulary.remarks)))"
  }

  /// A day in the years 2096 to 2099: far from any test's clock.
  func farDay(_ random: inout SplitMix64) -> String {
    let month = 1 + random.below(12)
    let day = 1 + random.below(28)
    return "\(2096 + random.below(4))-\(twoDigits(month))-\(twoDigits(day))"
  }

  func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : String(number)
  }
}

import Testing

@testable import PolicyCompiler

/// What is nearest to a no, and that mending it makes a yes.
@Suite struct NearestMissTests {
  private static func policy(_ rest: String) -> String {
    """
    environments: { dev: {}, prod: {} }
    users: { ana: {}, raj: {}, lee: {} }
    systems:
      db: { type: postgres, environments: { dev: { host: localhost, database: d }, prod: { host: db.acme.example, database: d } } }
    groups: { team: { owners: [lee], members: [raj] } }
    roles: { reader: { can: { read: { of: [db/marts/**], except: [db/marts/pay] } } } }

    """ + rest
  }

  @Test(arguments: [
    (
      "another environment", "bindings: [{ role: reader, to: [ana], in: [dev] }]", "db/marts/orders",
      "this gives it in `dev`, not in `prod`",
      "in: [dev]", "in: [dev, prod]"
    ),
    (
      "later", "bindings: [{ role: reader, to: [ana], in: [prod], from: 2027-01-10 }]", "db/marts/orders",
      "this gives it only from 2027-01-10", ", from: 2027-01-10", ""
    ),
    (
      "over", "bindings: [{ role: reader, to: [ana], in: [prod], until: 2026-01-31 }]", "db/marts/orders", "this gave it until 2026-01-31",
      "2026-01-31", "2027-01-31"
    ),
    (
      "a membership that is over",
      "---\ngroups: { old: { owners: [lee], members: [{ name: ana, until: 2026-01-31 }] } }\nbindings: [{ role: reader, to: [old], in: [prod] }]",
      "db/marts/orders", "this gave it until 2026-01-31", ", until: 2026-01-31", ""
    ),
    (
      "not a member", "bindings: [{ role: reader, to: [team], in: [prod] }]", "db/marts/orders",
      "this gives it to `team`, in which `ana` is not",
      "members: [raj]", "members: [raj, ana]"
    ),
    (
      "somebody else", "bindings: [{ role: reader, to: [raj], in: [prod] }]", "db/marts/orders", "this gives it to `raj`", "to: [raj]",
      "to: [raj, ana]"
    ),
    (
      "left out",
      "---\ngroups: { most: { owners: [lee], members: [raj, ana], except: [ana, lee] } }\nbindings: [{ role: reader, to: [most], in: [prod] }]",
      "db/marts/orders", "this gives it to `most`, which leaves `ana` out", "except: [ana, lee]", "except: [lee]"
    ),
    (
      "an exception", "bindings: [{ role: reader, to: [ana], in: [prod] }]", "db/marts/pay", "an `except` of this permission leaves it out",
      ", except: [db/marts/pay]", ""
    ),
    (
      "narrowed", "bindings: [{ role: reader, to: [ana], in: [prod], resources: [db/marts/pay*] }]", "db/marts/orders",
      "this binding is narrowed to other resources", ", resources: [db/marts/pay*]", ""
    ),
  ])
  func mendingWhatIsNearestMakesAYes(
    _ case: String, _ rest: String, _ resource: String, _ note: String, _ old: String, _ new: String
  ) throws {
    func ask(_ text: String) throws -> (AccessAnswer, [String]) {
      let policy = try Compiling.policy(text)
      let model = policy.model
      let question = try Asking(policy).question(
        #require(model.principalNames["ana"]), "read", resource, in: #require(model.environmentNames["prod"]), at: Compiling.instant)
      let answer = try policy.grants.answer(question)
      return (answer, policy.grants.nearestMisses(question, missing: answer.missing ?? []).map { policy.grants.note($0, question).message })
    }
    let text = Self.policy(rest)
    let (answer, notes) = try ask(text)
    #expect(!answer.isAllowed && notes == [note], "\(`case`): \(notes)")
    #expect(text.contains(old))
    #expect(try ask(text.replacing(old, with: new)).0.isAllowed, "\(`case`)")
  }

  @Test func theNearestStandsFirst() throws {
    let policy = try Compiling.policy(
      Self.policy(
        """
        bindings:
          - { role: reader, to: [raj], in: [prod] }
          - { role: reader, to: [ana], in: [dev] }
          - { role: reader, to: [ana], in: [prod], from: 2027-01-10 }
        """))
    let question = try Asking(policy).question(
      #require(policy.model.principalNames["ana"]), "read", "db/marts/x", in: #require(policy.model.environmentNames["prod"]),
      at: Compiling.instant)
    let misses = policy.grants.nearestMisses(question, missing: ["db", "marts", "x"])
    #expect(
      misses.map { policy.grants.note($0, question).message } == [
        "this gives it only from 2027-01-10", "this gives it in `dev`, not in `prod`", "this gives it to `raj`",
      ])
    #expect(policy.grants.nearestMisses(question, missing: ["db", "marts", "x"], limit: 1).count == 1)
  }
}

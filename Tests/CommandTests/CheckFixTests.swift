import Foundation
import TestSupport
import Testing

@Suite struct CheckFixTests {
  private static let misspelt = """
    bindings:
      - { role: writer, to: [job], in: [dev], untill: 2099-01-31 } # stays
      - { role: runer, to: [worker], in: [dev], reson: "x" }
    guardrials:
      g: { nevr: { who: users, can: [write], resources: [db/**] } }

    """

  @Test func whatIsSafeIsMadeAndTheRestIsReported() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/more.yaml", Self.misspelt)
    let run = try scratch.writ("check", "--fix")
    #expect(run.status == 1)
    #expect(
      try scratch.read("policies/more.yaml") == """
        bindings:
          - { role: writer, to: [job], in: [dev], until: 2099-01-31 } # stays
          - { role: runer, to: [worker], in: [dev], reason: "x" }
        guardrails:
          g: { never: { who: users, can: [write], resources: [db/**] } }

        """)
    #expect(
      run.errors == """
        fixed policies/more.yaml:2:43: W0111: `untill` is now `until`
        fixed policies/more.yaml:3:45: W0111: `reson` is now `reason`
        fixed policies/more.yaml:4:1: W0114: `guardrials` is now `guardrails`
        fixed policies/more.yaml:5:8: W0111: `nevr` is now `never`
        left policies/more.yaml:3:13: W0203, since a guess there might widen access

        """)
    #expect(run.output.contains("policies/more.yaml:3:13: error[W0203]") && run.output.contains("1 error"))
  }

  @Test func whatIsRightAfterwardsIsZero() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/more.yaml", "environments: { prod: { protected: yes } }\n")
    let run = try scratch.writ("check", "--fix", "--format", "json")
    #expect(run.status == 0 && run.output.hasPrefix("{") && run.errors.contains("`yes` is now `true`"))
    #expect(try scratch.read("policies/more.yaml") == "environments: { prod: { protected: true } }\n")
    let before = try scratch.state()
    let again = try scratch.writ("check", "--fix")
    #expect(again.status == 0 && again.errors == "there is nothing that --fix could change\n")
    #expect(try scratch.state() == before)
  }

  @Test func nothingIsChangedWhereWhoGainsWhatIsNotKnown() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/more.yaml", Self.misspelt)
    try scratch.write("policies/broken.yaml", "roles: [\n")
    let before = try scratch.state()
    let run = try scratch.writ("check", "--fix")
    #expect(run.status == 1 && run.errors.contains("left policies/more.yaml:2:43: W0111, since a file cannot be read"))
    #expect(try scratch.state() == before)
    try scratch.remove("policies/broken.yaml")
    try scratch.link("policies/broken.yaml", to: "more.yaml")
    let linked = try scratch.writ("check", "--fix")
    #expect(linked.status == 1 && !linked.errors.contains("fixed"))
    #expect(try scratch.read("policies/more.yaml") == Self.misspelt)
  }

  @Test func aRevisionIsNotChanged() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.commit()
    let run = try scratch.writ("check", "--fix", "--rev", "HEAD")
    #expect(run.status == 64 && run.errors.contains("--fix changes files of the work tree"))
  }

  /// `descripton:hunter2` may be a secret that was put into the wrong place.
  @Test func valuesAreNotRepeated() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/more.yaml", "roles: { r: { can: { read: [db/**] }, description:hunter2 } }\n")
    let run = try scratch.writ("check", "--fix")
    #expect(run.errors.contains("`description:…` is now `description: …`") && !run.everything.contains("hunter2"))
    #expect(try scratch.read("policies/more.yaml").contains("description: hunter2"))
  }
}

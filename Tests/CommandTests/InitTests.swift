import Foundation
import TestSupport
import Testing

@Suite struct InitTests {
  @Test(arguments: [true, false]) func whatInitWritesChecksAndRenders(_ isRepository: Bool) throws {
    let scratch = isRepository ? try Scratch.repository() : try Scratch()
    let start = try scratch.writ("init")
    #expect(start.status == 0, "\(start.errors)")
    #expect(start.errors.isEmpty)
    let made = try scratch.files()
    #expect(made.contains("writ.yaml"))
    #expect(made.contains("policies/access.yaml"))
    for path in made { #expect(start.output.contains("created \(path)\n")) }

    for arguments in [["check", "--strict"], ["render"], ["render", "--check"]] {
      let run = try Program.run(Program.writ, arguments, in: scratch.path)
      #expect(run.status == 0, "\(arguments): \(run.everything)")
    }
    #expect(try scratch.files(below: "generated").contains("dbt/profiles.yml"))
  }

  @Test func initInASubfolderStartsThere() throws {
    let scratch = try Scratch.repository()
    try scratch.makeFolder("access")
    #expect(try scratch.writ("init", in: "access").status == 0)
    #expect(try scratch.files(below: "access").contains("writ.yaml"))
    #expect(!scratch.has("writ.yaml"))
    #expect(try scratch.writ("check", "--repo", "access").status == 0)
  }

  /// As `git init NAME` and `ruff check .`.
  @Test func theFolderMayStandAlone() throws {
    let scratch = try Scratch.repository()
    let start = try scratch.writ("init", "./access/")
    #expect(start.status == 0 && start.output.contains("Next, in `access`:"), "\(start.everything)")
    for arguments in [["check", "access"], ["render", "access"], ["render", "access", "--check"], ["check", "access/policies"]] {
      let run = try Program.run(Program.writ, arguments, in: scratch.path)
      #expect(run.status == 0, "\(arguments): \(run.everything)")
    }
    #expect(try scratch.writ("init", "access").status == 3)
    let both = try scratch.writ("check", "access", "--repo", "access")
    #expect(both.status == 64 && both.errors.contains("`access` and --repo both say where"))
    let before = try scratch.state()
    #expect(try scratch.writ("init", "").status == 64)
    #expect(try scratch.writ("init", "none/access").status == 74)
    #expect(try scratch.writ("init", "access/writ.yaml").status != 0)
    #expect(try scratch.state() == before)
  }

  @Test(arguments: ["writ.yaml", "policies/people.yaml", "policies"]) func initRefusesWhereAFileExists(_ path: String) throws {
    let scratch = try Scratch.repository()
    try scratch.write(path, "mine\n")
    let before = try scratch.state()
    let run = try scratch.writ("init")
    #expect(run.status == 3)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("`\(path)` exists already"))
    #expect(try scratch.state() == before)
  }

  @Test func initWritesThroughNoLink() throws {
    let scratch = try Scratch.repository()
    try scratch.makeFolder("elsewhere")
    try scratch.link("policies", to: "elsewhere")
    let run = try scratch.writ("init")
    #expect(run.status == 3)
    #expect(try scratch.files(below: "elsewhere").isEmpty)
    #expect(!scratch.has("writ.yaml"))
  }

  @Test func aFolderThatDoesNotExistIsNamed() throws {
    let run = try Scratch().writ("init", "--repo", "nowhere")
    #expect(run.status == 74)
    #expect(run.errors.contains("`nowhere` does not exist"))
  }

  /// A name may be anybody's login on a code host.
  @Test func whoMayApproveIsKnownByAnAccount() throws {
    let scratch = try Scratch.repository()
    #expect(try scratch.writ("init").status == 0)
    try scratch.commit()
    try scratch.write("policies/gain.yaml", "bindings:\n  - { role: transformer, to: [contract_tests], in: [prod], reason: DATA-13 }\n")
    for (login, status) in [("lee", 1), ("raj", 1), ("lee-acme", 0)] as [(String, Int32)] {
      let run = try scratch.writ("diff", "--approved-by", login, "--approval-host", "github")
      #expect(run.status == status, "\(login): \(run.everything)")
      #expect(!run.output.contains("by name"))
    }
  }

  @Test func workflowsAreAddedWhenAskedFor() throws {
    let fresh = try Scratch.repository()
    let run = try fresh.writ("init", "--github")
    #expect(run.status == 0, "\(run.everything)")
    #expect(run.output.contains("WRIT_REVISION"))
    #expect(fresh.has("writ.yaml"))
    let started = try Scratch.repository()
    #expect(try started.writ("init").output.contains("WRIT_REVISION") == false)
    #expect(!started.has(".github"))
    #expect(try started.writ("init", "--github").status == 0)
    for scratch in [fresh, started] {
      for name in ["writ.yml", "writ-review.yml"] {
        let path = ".github/workflows/\(name)"
        #expect(
          try scratch.read(path) == String(contentsOf: Golden.root.appending(path: "examples/pull-requests/\(path)"), encoding: .utf8))
      }
    }
    // Several pull requests may offer one commit: none cancels another's run.
    let workflow = try fresh.read(".github/workflows/writ.yml")
    #expect(workflow.contains("group: writ-${{ github.event.pull_request.number ||"))
    #expect(!workflow.contains("github.event.pull_request.head.sha"))
    // Nor is anything replaced.
    try started.write(".github/workflows/writ.yml", "mine\n")
    let again = try started.writ("init", "--github")
    #expect(again.status == 3 && again.errors.contains("`.github/workflows/writ.yml` exists already"), "\(again.everything)")
    #expect(try started.read(".github/workflows/writ.yml") == "mine\n")
  }
}

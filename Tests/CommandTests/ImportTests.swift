import Foundation
import TestSupport
import Testing

@Suite struct ImportTests {
  static let roles = """
    databases: [{ raw: { shared: no } }]
    roles:
      - loader: { warehouses: [loading], privileges: { tables: { write: [raw.shop.*] } } }
    users:
      - ana: { can_login: yes, member_of: [loader] }
      - gone: { can_login: no }
    warehouses: [{ loading: { size: small } }]

    """

  private static func withRoles(_ text: String = roles) throws -> Scratch {
    let scratch = try Scratch.repository()
    try scratch.write("roles.yml", text)
    return scratch
  }

  @Test func anImportStartsARepositoryThatChecks() throws {
    let scratch = try Self.withRoles()
    let run = try scratch.writ("import", "permifrost", "roles.yml", "--account", "acme-data")
    #expect(run.status == 0, "\(run.everything)")
    #expect(
      run.output == "created writ.yaml\ncreated policies/snowflake.yaml\nimported with 1 warning, 1 note (notes with --notes)\n",
      "\(run.output)")
    #expect(run.errors.hasPrefix("roles.yml:6:24: warning[W0703]: `gone` cannot log in"), "\(run.errors)")
    #expect(try scratch.writ("check", "--strict").status == 0)
    #expect(try scratch.read("policies/snowflake.yaml").contains("account: acme-data"))
  }

  @Test func importingAgainChangesNothing() throws {
    let scratch = try Self.withRoles()
    #expect(try scratch.writ("import", "permifrost", "roles.yml").status == 0)
    let before = try scratch.state()
    let again = try scratch.writ("import", "permifrost", "roles.yml")
    #expect(again.status == 0)
    #expect(again.output.hasPrefix("policies holds this import already\n"))
    #expect(try scratch.state() == before)
  }

  @Test func whatDiffersIsReplacedWithForceOnly() throws {
    let scratch = try Self.withRoles()
    #expect(try scratch.writ("import", "permifrost", "roles.yml").status == 0)
    try scratch.write("policies/snowflake.yaml", "users: { raj: {} }\n")
    let before = try scratch.state()
    let run = try scratch.writ("import", "permifrost", "roles.yml")
    #expect(run.status == 3)
    #expect(run.errors.contains("`policies/snowflake.yaml` is there and differs: nothing was written"))
    #expect(try scratch.state() == before)
    let forced = try scratch.writ("import", "permifrost", "roles.yml", "--force")
    #expect(forced.status == 0)
    #expect(forced.output.hasPrefix("updated policies/snowflake.yaml\n"))
    #expect(try scratch.writ("check").status == 0)
  }

  /// An import that got longer goes into several files, and the one of before would declare everything twice.
  @Test func anotherLayoutTakesThePlaceOfTheFirst() throws {
    let scratch = try Self.withRoles()
    #expect(try scratch.writ("import", "permifrost", "roles.yml").status == 0)
    try scratch.write("roles.yml", Self.roles + "require-owner: no\n")
    let many = (0..<250).map { "  - u\($0): { can_login: yes, member_of: [loader] }\n" }.joined()
    try scratch.write("roles.yml", Self.roles.replacing("users:\n", with: "users:\n\(many)"))
    #expect(try scratch.writ("import", "permifrost", "roles.yml").status == 3)
    let forced = try scratch.writ("import", "permifrost", "roles.yml", "--force")
    #expect(forced.status == 0, "\(forced.everything)")
    #expect(
      forced.output.contains("deleted policies/snowflake.yaml\n") && forced.output.contains("created policies/snowflake/users.yaml\n"))
    #expect(try scratch.writ("check").status == 0)
  }

  /// The environment is the policy's own, and what is imported must compile with what is there.
  @Test func anImportFitsIntoThePolicyThatIsThere() throws {
    let scratch = try Scratch.withPolicy(SmallPolicy.text())
    try scratch.write("roles.yml", Self.roles.replacing("ana:", with: "eve:"))
    let run = try scratch.writ("import", "permifrost", "roles.yml", "--environment", "dev")
    #expect(run.status == 0, "\(run.everything)")
    #expect(!(try scratch.read("policies/snowflake.yaml").contains("environments:\n  dev")))
    #expect(try scratch.writ("check").status == 0)

    try scratch.write("roles.yml", Self.roles)
    let clash = try scratch.writ("import", "permifrost", "roles.yml", "--environment", "dev", "--system", "warehouse")
    #expect(clash.status == 1)
    #expect(clash.errors.contains("user `ana` is declared twice") && clash.errors.contains("nothing was written"))
    #expect(!scratch.has("policies/warehouse.yaml"))
  }

  @Test func stdoutPrintsOneFileAndWritesNothing() throws {
    let scratch = try Self.withRoles()
    let before = try scratch.state()
    let run = try scratch.writ("import", "permifrost", "roles.yml", "--stdout")
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("# Imported from roles.yml (Permifrost)") && run.output.contains("\nbindings:\n"))
    #expect(try scratch.state() == before)
    #expect(try scratch.writ("import", "permifrost", "roles.yml", "--stdout", "--format", "json").status == 64)
  }

  @Test func theReportIsThereForMachines() throws {
    let scratch = try Self.withRoles()
    let run = try scratch.writ("import", "permifrost", "roles.yml", "--format", "json")
    #expect(run.status == 0)
    let document = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let codes = (document["diagnostics"] as? [[String: Any]] ?? []).compactMap { $0["code"] as? String }
    #expect(codes == ["W0708", "W0703", "W0704"])
    #expect(scratch.has("policies/snowflake.yaml"))
  }

  @Test func strictnessWritesNothingWhereSomethingIsLost() throws {
    let scratch = try Self.withRoles()
    let before = try scratch.state()
    #expect(try scratch.writ("import", "permifrost", "roles.yml", "--strict").status == 1)
    #expect(try scratch.state() == before)
  }

  @Test func aFileThatIsNotOneIsAnErrorAndWritesNothing() throws {
    let scratch = try Self.withRoles("roles: loader\n")
    let before = try scratch.state()
    let run = try scratch.writ("import", "permifrost", "roles.yml")
    #expect(run.status == 1)
    #expect(run.errors.contains("roles.yml:1:8: error[W0701]: `roles` takes a list"))
    #expect(try scratch.state() == before)
  }

  @Test(arguments: [
    ["--environment", "a b"], ["--system", "secrets"], ["--system", "../x"], ["--format", "yaml"], ["--account", "{{ x }}"],
  ])
  func badUsageIsRefused(_ arguments: [String]) throws {
    let scratch = try Self.withRoles()
    let before = try scratch.state()
    #expect(try Program.run(Program.writ, ["import", "permifrost", "roles.yml"] + arguments, in: scratch.path).status == 64)
    #expect(try scratch.state() == before)
  }

  // MARK: Places

  private static func organisations() throws -> Scratch {
    let scratch = try Scratch.repository()
    try scratch.write("config/acme/org.yaml", "admins: [ana]\nmembers: [lee]\n")
    try scratch.write("config/acme/platform/teams.yaml", "teams: { platform: { members: [lee], repos: { api: write } } }\n")
    return scratch
  }

  @Test(arguments: ["config", "./config", "config/", "config/acme"]) func aFolderIsRead(_ path: String) throws {
    let scratch = try Self.organisations()
    let run = try scratch.writ("import", "peribolos", path)
    #expect(run.status == 0, "\(run.everything)")
    #expect(try scratch.read("policies/github.yaml").contains("{ organization: acme }"))
    #expect(try scratch.writ("check", "--strict").status == 0)
  }

  @Test func theFolderItselfIsRead() throws {
    let scratch = try Self.organisations()
    let run = try scratch.writ("import", "peribolos", ".", "--into", "../../policies", in: "config/acme")
    #expect(run.status == 0, "\(run.everything)")
    #expect(try scratch.read("policies/github.yaml").contains("{ organization: acme }"))
  }

  @Test func intoWritesThereAndNowhereElse() throws {
    let scratch = try Self.organisations()
    let run = try scratch.writ("import", "peribolos", "config", "--into", "out/policies/github")
    #expect(run.status == 0, "\(run.everything)")
    #expect(run.output.hasPrefix("created out/policies/github/github.yaml\n"))
    #expect(!scratch.has("writ.yaml"))
  }

  @Test func linksAreNotFollowed() throws {
    let scratch = try Self.organisations()
    try scratch.write("elsewhere/teams.yaml", "teams: { secret: {} }\n")
    try scratch.link("config/acme/linked", to: "../../elsewhere")
    let inside = try scratch.writ("import", "peribolos", "config")
    #expect(inside.status == 1)
    #expect(inside.errors.contains("`config/acme/linked` is a symbolic link") && !scratch.has("policies"))
    try scratch.remove("config/acme/linked")
    try scratch.link("roles.yml", to: "elsewhere/teams.yaml")
    #expect(try scratch.writ("import", "permifrost", "roles.yml").status == 74)
    try scratch.link("policies", to: "elsewhere")
    #expect(try scratch.writ("import", "peribolos", "config").status == 3)
    #expect(try scratch.files(below: "elsewhere") == ["teams.yaml"])
    #expect(!scratch.has("writ.yaml"))
  }

  @Test(arguments: [("nowhere", 74), ("nowhere/roles.yml", 74), ("", 64), (".", 64), ("/", 64)])
  func whatIsNotAFileIsNamed(_ path: String, _ status: Int32) throws {
    let scratch = try Scratch()
    let run = try scratch.writ("import", "permifrost", path)
    #expect(run.status == status, "\(run.everything)")
    #expect(!scratch.has("policies"))
  }

  @Test func namesGiveNoOrders() throws {
    let scratch = try Scratch.repository()
    try scratch.write("roles.yml", "roles:\n  - \"::error::x\": {}\n  - \"##[error]y\": { member_of: [\"::stop::\"] }\n")
    for arguments in [["--stdout", "--notes"], ["--format", "json"], ["--notes"]] {
      let run = try Program.run(Program.writ, ["import", "permifrost", "roles.yml"] + arguments, in: scratch.path)
      #expect(run.status == 0, "\(run.everything)")
      expectHarmless(run)
    }
  }
}

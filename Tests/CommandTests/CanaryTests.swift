import Foundation
import TestSupport
import Testing

/// Secrets are planted wherever one could be, and every command is run: none of them comes out anywhere.
///
/// | where | what |
/// |---|---|
/// | environment, home folder, `.netrc`, git's configuration, files beside the policy | random, and of every form |
/// | comments, values, keys, names, escapes and blocks of policy files; `writ.yaml` | of every form; random in values |
/// | generated files, Writ's own edited by hand and foreign ones | of every form, random |
/// | what is asked (`--batch`), what is imported | of every form |
/// | commit subjects and bodies, authors, branches, tags, file names | tokens |
///
/// Not planted: what a person types as an argument, and random texts as names or where an artifact holds them: those are what
/// the policy says.
@Suite struct CanaryTests {
  static let seed: UInt64 = 20_261_120

  private static let formats = ["human", "json", "sarif", "github", "markdown", "junit", "rdjson", "gitlab"]
  /// GitLab compares the reports of `check` itself.
  private static let diffFormats = formats.filter { $0 != "gitlab" }

  /// A world with canaries outside of the policy; what it holds is the same for all.
  private struct World {
    let scratch: Scratch
    var canaries: Canaries
    var environment: [String: String] = [:]

    init(seed: UInt64) throws {
      scratch = try Scratch.repository()
      canaries = Canaries(seed: seed)
    }

    mutating func plantOutside() throws {
      let home = scratch.url("home").path
      environment["HOME"] = home
      environment["GIT_CONFIG_GLOBAL"] = "\(home)/.gitconfig"
      environment["XDG_CONFIG_HOME"] = "\(home)/.config"
      for name in [
        "VAULT_TOKEN", "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "GITHUB_TOKEN", "GH_TOKEN", "CI_JOB_TOKEN",
        "GITLAB_TOKEN", "PGPASSWORD", "SNOWFLAKE_PASSWORD", "DBT_ENV_SECRET_PASSWORD", "AIRFLOW__CORE__FERNET_KEY", "AZURE_CLIENT_SECRET",
        "GOOGLE_APPLICATION_CREDENTIALS_JSON", "OP_SERVICE_ACCOUNT_TOKEN", "DATABASE_URL", "GIT_ASKPASS_TOKEN", "WRIT_TOKEN", "PASSWORD",
      ] { environment[name] = environment.count % 2 == 0 ? canaries.plain() : canaries.token() }
      for index in 0..<40 { environment["CANARY_\(index)"] = index % 2 == 0 ? canaries.plain() : canaries.phrase() }
      try scratch.write("home/.netrc", (0..<20).map { "machine h\($0) login u password \(canaries.plain())\n" }.joined())
      try scratch.write("home/.aws/credentials", (0..<10).map { "[p\($0)]\naws_secret_access_key = \(canaries.plain())\n" }.joined())
      try scratch.write("home/.vault-token", canaries.token())
      try scratch.write("home/.ssh/id_ed25519", canaries.privateKey(indent: ""))
      try scratch.write(
        "home/.gitconfig", "[http]\n" + (0..<10).map { _ in "\textraHeader = Authorization: Bearer \(canaries.plain())\n" }.joined())
      try scratch.git("config", "remote.origin.url", "https://u:\(canaries.plain())@git.acme.example/x.git")
      try scratch.git("config", "http.proxy", "http://u:\(canaries.plain())@proxy:8080")
      try scratch.git("config", "credential.helper", "!echo password=\(canaries.plain())")
      for index in 0..<20 { try scratch.write(".env.\(index)", "PASSWORD=\(canaries.plain())\nURL=\(canaries.phrase())\n") }
      try scratch.write(".github/workflows/ci.yml", (0..<10).map { _ in "# \(canaries.token())\n" }.joined())
      try scratch.write("README.md", (0..<10).map { _ in "\(canaries.phrase())\n" }.joined())
      // Names that history shows.
      environment["GIT_AUTHOR_NAME"] = canaries.token()
      environment["GIT_AUTHOR_EMAIL"] = "\(canaries.token())@acme.example"
    }

    func commit(_ message: String) throws {
      let run = try Program.run(
        "/usr/bin/env", ["sh", "-c", "git add --all && git commit --quiet --allow-empty --message \"$0\"", message], in: scratch.path,
        environment: environment)
      #expect(run.status == 0, "\(run.everything)")
    }

    /// `fmt -` of a file of the policy.
    func format(_ file: String, _ more: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
      let run = try Program.run(
        "/bin/sh", ["-c", "file=$1; shift; exec \"$0\" fmt - \"$@\" < \"$file\"", Program.writ, file] + more, in: scratch.path,
        environment: environment)
      #expect([0, 1, 2].contains(run.status), "\(file): \(run.everything.count)", sourceLocation: sourceLocation)
      // What was read is printed, as a formatter must; nothing else tells of it.
      #expect(canaries.watch.leaks(run.errors).isEmpty, "seed \(CanaryTests.seed): fmt - < \(file)", sourceLocation: sourceLocation)
    }

    /// Every command; the statuses of those that must have done their work.
    func runAll(_ commands: [[String]], expecting statuses: Set<Int32>, sourceLocation: SourceLocation = #_sourceLocation) throws {
      let watch = canaries.watch
      for arguments in commands {
        let run = try Program.run(Program.writ, arguments, in: scratch.path, environment: environment)
        #expect(statuses.contains(run.status), "\(arguments): \(run.status)", sourceLocation: sourceLocation)
        let leak = watch.leaks(run.everything).first
        #expect(leak == nil, "seed \(CanaryTests.seed): \(arguments)", sourceLocation: sourceLocation)
        if ProcessInfo.processInfo.environment["SHOW"] != nil { print("RUN", arguments, run.status, run.everything.suffix(300)) }
      }
    }
  }

  // MARK: What is searched for

  @Test func theWatchSeesWhatLeaks() {
    var canaries = Canaries(seed: Self.seed)
    let texts = (0..<60).map { _ in [canaries.token(), canaries.phrase(), canaries.plain(), canaries.privateKey(indent: "  ")].joined() }
    let watch = canaries.watch
    for text in texts {
      #expect(!watch.leaks(text).isEmpty)
      #expect(!watch.leaks(String(text.suffix(30).prefix(20))).isEmpty || text.hasSuffix("KEY-----\n"))
    }
    #expect(watch.leaks("a text of \(Self.seed) without any of them: 632b5a3572d5e6deda081bb3b165b1b8f12d7e31").isEmpty)
  }

  // MARK: A policy full of them

  /// Nothing compiles here, and whatever is wrong is said.
  @Test func aPolicyFullOfSecretsRepeatsNone() throws {
    var world = try World(seed: Self.seed)
    try world.plantOutside()
    let scratch = world.scratch
    try scratch.write("writ.yaml", "version: 1 # \(world.canaries.token())\n# \(world.canaries.phrase())\n")
    try scratch.write("policies/policy.yaml", SmallPolicy.text())
    var text = ""
    for _ in 0..<40 { text += "# \(world.canaries.token())\n# see \(world.canaries.phrase()), please\n" }
    text += "users:\n"
    for index in 0..<20 { text += "  u\(index): { description: \"\(world.canaries.phrase()) or \(world.canaries.token())\" }\n" }
    for _ in 0..<10 { text += "  \(world.canaries.token()): { email: \(world.canaries.plain()) }\n" }
    for index in 0..<10 {
      text += "  v\(index): { \(world.canaries.token()): 1, emial: \(world.canaries.plain()), email: [\(world.canaries.plain())] }\n"
    }
    text += "bindings:\n"
    for _ in 0..<20 {
      text +=
        "  - { role: \(world.canaries.token()), to: [\(world.canaries.plain()), \(world.canaries.token())], in: [\(world.canaries.plain())] }\n"
      text += "  - { role: writer, to: [job], in: [dev], until: \(world.canaries.plain()), reason: \"\(world.canaries.phrase())\" }\n"
    }
    text += "connections:\n"
    for index in 0..<10 {
      text += "  c\(index):\n    system: \(world.canaries.plain())\n    principal: \(world.canaries.token())\n    environments:\n"
      text += "      dev: { password: \(world.canaries.plain()), token: \(world.canaries.token()), pwd: \"\(world.canaries.plain())\" }\n"
      text +=
        "    description: |\n      \(world.canaries.privateKey(indent: "      "))    reason: >-\n      a \(world.canaries.token())\n      b\n"
    }
    text += "systems:\n"
    for index in 0..<10 {
      text +=
        "  s\(index): { type: \(world.canaries.token()), environments: { dev: { host: \"\(world.canaries.phrase())\", url: \"\(world.canaries.phrase())\", port: \(world.canaries.token()), database: \"{{ \(world.canaries.token()) }}\" } } }\n"
    }
    text += "tests:\n  t: [\"\(world.canaries.token()) can read db/\(world.canaries.token())\", \"\(world.canaries.token())\"]\n"
    text +=
      "guardrails:\n  g: { never: { who: [\(world.canaries.token())], can: [\(world.canaries.token())], resources: [\"\(world.canaries.token())/?\"] } }\n"
    try scratch.write("policies/full.yaml", text)
    // Escapes hide a token from whoever reads bytes only.
    var escaped = "users:\n"
    for index in 0..<20 {
      let (one, other) = (world.canaries.token(), world.canaries.token())
      escaped += "  w\(index):\n    \"\\x\(String(one.utf8.first ?? 0, radix: 16))\(one.dropFirst())\": 1\n"
      escaped += "    email: \"\(other.prefix(2))\\\n      \(other.dropFirst(2))\"\n"
    }
    try scratch.write("policies/escaped.yaml", escaped)
    // Files that cannot be read at all.
    for (index, broken) in ["a: [", "a: *", "a: !", "\t", "a: {b: ", "- \"", "? [", "a: &x *", "a\u{0}"].enumerated() {
      try scratch.write(
        "policies/broken\(index).yaml", "k: \(world.canaries.token())\n# \(world.canaries.phrase())\n\(broken)\(world.canaries.token())\n")
    }
    try scratch.write("policies/\(world.canaries.token()).yaml", "roles: { x: \(world.canaries.token()) }\n")
    try scratch.link("policies/\(world.canaries.token()).yml", to: world.canaries.token())
    try Self.plantGenerated(&world)
    try world.commit("\(world.canaries.token()) subject\n\n\(world.canaries.phrase())")
    try scratch.write(
      "batch.jsonl", "{\"principal\":\"\(world.canaries.token())\",\"action\":\"\(world.canaries.token())\",\"resource\":\"db/x\"}\n")
    var commands: [[String]] = []
    for format in Self.formats {
      commands += [
        ["check", "--format", format], ["check", "--format", format, "--rev", "HEAD", "--strict"],
      ]
    }
    commands += Self.diffFormats.map { ["diff", "--format", $0] }
    for format in ["human", "json"] {
      commands += [
        ["render", "--format", format], ["render", "--check", "--format", format], ["render", "--force", "--format", format],
        ["drift", "--format", format], ["what-can", "ana", "--format", format], ["who-can", "read", "db/**", "--format", format],
        ["why", "ana", "read", "db/x", "--format", format], ["can", "ana", "read", "db/x", "--format", format],
        ["log", "--format", format],
      ]
    }
    commands += [
      ["check", "--notes"], ["test"], ["test", "--format", "junit"], ["can", "--batch", "batch.jsonl"], ["render", "--commit"],
      ["check", "--write-baseline"], ["check", "--write-baseline", "known.json"], ["check", "--fix"], ["fmt", "--check"], ["fmt"],
    ]
    try world.runAll(commands, expecting: [0, 1])
    #expect(!scratch.has("generated/dbt"))
    #expect(!scratch.has(".writ-baseline.json") && !scratch.has("known.json"))
    for file in try scratch.files(below: "policies") where file.hasPrefix("broken") || file == "escaped.yaml" {
      try world.format("policies/\(file)")
      try world.format("policies/\(file)", "--check")
    }
    #expect(world.canaries.all.count >= 500, "\(world.canaries.all.count)")
    print("canaries: seed \(Self.seed), \(world.canaries.all.count) in a policy that does not compile")
  }

  private static func plantGenerated(_ world: inout World) throws {
    for index in 0..<15 {
      try world.scratch.write(
        "generated/foreign/f\(index).json",
        "{\"a\":\"\(world.canaries.token())\",\"token\":\"\(world.canaries.plain())\",\"b\":[\"x\\n\(world.canaries.token())\"],\"c\":\"\(world.canaries.phrase())\"}\n"
      )
    }
    try world.scratch.write("generated/foreign/\(world.canaries.token()).pem", world.canaries.privateKey(indent: ""))
  }

  // MARK: A policy that compiles

  /// Its secrets stand in comments, descriptions and names, in its past, in what it is asked and in what lies around it.
  @Test func aPolicyThatCompilesRepeatsNone() throws {
    var world = try World(seed: Self.seed + 1)
    try world.plantOutside()
    let scratch = world.scratch
    try scratch.write(".gitignore", "home/\n")
    try scratch.write("writ.yaml", "version: 1 # \(world.canaries.token())\n")
    func policy(_ more: String, _ world: inout World) -> String {
      var text = SmallPolicy.text() + more
      for _ in 0..<20 { text += "# \(world.canaries.token()) \(world.canaries.phrase())\n" }
      return text
    }
    let okta = "identity_providers: { okta: { type: oidc, issuer: https://acme.okta.example, audience: data } }\n"
    func services(_ world: inout World) -> String {
      var text = okta + "services:\n"
      for index in 0..<15 {
        text +=
          "  s\(index): { owner: team, description: \"\(world.canaries.phrase())\", identity: { provider: okta, subject: \(world.canaries.plain()) } }\n"
      }
      // Whom a name like this is, nobody needs to know.
      text += "  \(world.canaries.token()): { owner: team, identity: { provider: okta, subject: \"\(world.canaries.token())\" } }\n"
      return text
    }
    try scratch.write("policies/policy.yaml", policy("", &world))
    try scratch.write("policies/services.yaml", services(&world))
    try world.commit("\(world.canaries.token()) was here\n\n\(world.canaries.phrase())")
    try scratch.write("policies/services.yaml", services(&world))
    try scratch.write(
      "policies/grants.yaml", "bindings:\n  - { role: writer, to: [s0, worker], in: [dev], reason: \"\(world.canaries.phrase())\" }\n")
    let branch = world.canaries.token()
    try world.commit("use \(world.canaries.token())")
    try scratch.git("branch", branch)
    try scratch.git("tag", world.canaries.token())
    // The secrets go: such a change must be comparable.
    try scratch.write("policies/policy.yaml", SmallPolicy.text(host: "db2.example.org"))
    try scratch.write("policies/services.yaml", okta + "services: { s0: { owner: team } }\n")
    try scratch.write("policies/grants.yaml", "bindings:\n  - { role: writer, to: [s0, worker], in: [dev] }\n")
    try scratch.write("writ.yaml", "version: 1\n")
    try world.commit("rid of \(world.canaries.token())")
    var batch = ""
    for _ in 0..<40 {
      batch +=
        "{\"principal\":\"\(world.canaries.token())\",\"action\":\"read\",\"resource\":\"db/\(world.canaries.token())\",\"environment\":\"dev\"}\n"
      batch +=
        "{\"principal\":\"ana\",\"action\":\"\(world.canaries.token())\",\"resource\":\"\(world.canaries.phrase())\",\"environment\":\"\(world.canaries.token())\"}\n"
    }
    try scratch.write("batch.jsonl", batch)
    var commands: [[String]] = [
      ["render", "--commit"], ["can", "--batch", "batch.jsonl"], ["test"], ["explain", "W0508"], ["explain"], ["schema", "policy"],
    ]
    for format in Self.formats {
      commands += [
        ["check", "--format", format], ["check", "--format", format, "--rev", "HEAD~2"], ["check", "--format", format, "--rev", branch],
      ]
    }
    for format in Self.diffFormats {
      commands += [
        ["diff", "HEAD~2..HEAD", "--format", format], ["diff", "HEAD~1", "--format", format],
        ["diff", "HEAD..HEAD~2", "--format", format],
        ["diff", "\(branch)..HEAD", "--format", format],
      ]
    }
    for format in ["human", "json"] {
      commands += [
        ["log", "--format", format], ["log", "ana", "--format", format], ["drift", "--format", format],
        ["render", "--check", "--format", format],
        ["what-can", "s0", "--format", format], ["who-can", "write", "db/**", "--format", format],
        ["what-can", "s0", "--rev", branch, "--format", format],
        ["why", "s0", "write", "db/marts/x", "--format", format], ["can", "s0", "write", "db/marts/x", "--format", format],
        ["why", "s0", "write", "db/marts/x", "--rev", branch, "--format", format], ["drift", "--branch", branch, "--format", format],
      ]
    }
    let before = try Self.objects(scratch)
    try world.runAll(commands, expecting: [0, 1, 2, 74, 77])
    #expect(try scratch.writ("diff", "HEAD~2..HEAD").status == 0, "what takes secrets out can be compared")
    #expect(try scratch.writ("diff", "HEAD..HEAD~2").status == 1, "what brings secrets in cannot")
    #expect(try scratch.writ("log").output.contains("Masked"))
    // What a commit added, and what was written, holds none of it; the author is whom the caller named.
    let added = try Self.objects(scratch).subtracting(before)
    #expect(!added.isEmpty)
    let watch = world.canaries.watch
    for object in added {
      let shown = try scratch.git("cat-file", "-p", object).split(separator: "\n").filter { !$0.hasPrefix("author ") }
      // A tree holds the names that were there before.
      if shown.contains(where: { $0.contains(" tree ") || $0.contains(" blob ") }) { continue }
      #expect(watch.leaks(shown.joined(separator: "\n")).isEmpty)
    }
    try scratch.write(
      "generated/dbt/profiles.yml", "# \(world.canaries.token())\npassword: \(world.canaries.plain())\n\(world.canaries.phrase())\n")
    try Self.plantGenerated(&world)
    try world.commit("by hand: \(world.canaries.phrase()) \(world.canaries.token())")
    commands = Self.formats.map { ["check", "--format", $0] } + Self.diffFormats.map { ["diff", "HEAD~1", "--format", $0] }
    commands += [
      ["check", "--write-baseline"], ["fmt", "--check"], ["drift"], ["drift", "--format", "json"],
      ["render", "--check", "--format", "json"], ["log", "-n", "3"],
    ]
    try world.runAll(commands, expecting: [0, 1, 2])
    #expect(try scratch.writ("check").output.contains("W0508"))
    #expect(!scratch.has(".writ-baseline.json"), "no baseline holds a secret")
    try world.format("policies/services.yaml")
    // The edit is undone by force only, and named without what it and its author are called.
    try world.runAll([["render", "--commit"]], expecting: [3])
    #expect(try scratch.writ("render", "--commit").errors.contains("`generated/dbt/profiles.yml` was edited by hand in "))
    try world.runAll([["render", "--commit", "--force"], ["render", "--force"], ["fmt"]], expecting: [0])
    for (path, bytes) in try Golden.files(below: scratch.url("generated")) where !path.hasPrefix("foreign/") {
      #expect(watch.leaks(String(decoding: bytes, as: UTF8.self)).isEmpty, "\(path)")
    }
    #expect(!scratch.has(".git/writ"))
    #expect(world.canaries.all.count >= 350, "\(world.canaries.all.count)")
    print("canaries: seed \(Self.seed + 1), \(world.canaries.all.count) around a policy that compiles")
  }

  private static func objects(_ scratch: Scratch) throws -> Set<String> {
    Set(try scratch.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)").split(separator: "\n").map(String.init))
  }

  // MARK: What is imported

  @Test func anImportCopiesNone() throws {
    var world = try World(seed: Self.seed + 2)
    try world.plantOutside()
    let scratch = world.scratch
    var roles =
      "databases: [{ raw: { shared: no } }]\nroles:\n  - loader: { warehouses: [loading], privileges: { tables: { write: [raw.shop.*] } } }\n"
    for _ in 0..<15 {
      roles +=
        "  # \(world.canaries.phrase())\n  - \(world.canaries.token()): { owns: { databases: [raw, \(world.canaries.token())] }, member_of: [\(world.canaries.token())] }\n"
      roles +=
        "  - r\(world.canaries.all.count): { \(world.canaries.token()): 1, privileges: { tables: { read: [\(world.canaries.token()).shop.*] } } }\n"
    }
    roles +=
      "users:\n  - ana: { can_login: yes, member_of: [loader], password: \(world.canaries.plain()), comment: \"\(world.canaries.phrase())\" }\n"
    roles +=
      "  - raj: { can_login: yes, member_of: [loader, \(world.canaries.token())] }\nwarehouses: [{ loading: { size: \(world.canaries.token()) } }]\n"
    try scratch.write("roles.yml", roles)
    var org =
      "orgs:\n  acme:\n    description: \"\(world.canaries.phrase())\"\n    company: \(world.canaries.plain())\n    admins: [lee, \(world.canaries.token())]\n    members:\n      - ana\n"
    for _ in 0..<15 { org += "      - \(world.canaries.token()) # \(world.canaries.phrase())\n" }
    org +=
      "    teams:\n      data:\n        description: \"see \(world.canaries.phrase()) \(world.canaries.token())\"\n        members: [ana, \(world.canaries.token())]\n"
    org +=
      "        privacy: closed\n        repos: { orders: write, \(world.canaries.token()): read }\n      \(world.canaries.token()): { members: [ana] }\n"
    try scratch.write("org.yaml", org)
    var statuses: [Int32] = []
    let watch = world.canaries.watch
    for (format, file) in [("permifrost", "roles.yml"), ("peribolos", "org.yaml")] {
      for more in [
        ["--stdout", "--notes"], ["--format", "json", "--into", "\(format)-json"], ["--into", format, "--notes"],
        ["--into", format, "--force"],
      ] {
        let run = try Program.run(Program.writ, ["import", format, file] + more, in: scratch.path, environment: world.environment)
        statuses.append(run.status)
        #expect(watch.leaks(run.everything).first == nil, "seed \(Self.seed + 2): \(format) \(more)")
        #expect(run.everything.contains("W0709"), "\(run.everything.prefix(2000))")
      }
    }
    #expect(statuses.allSatisfy { $0 == 0 }, "\(statuses)")
    for (path, bytes) in try Golden.files(below: scratch.url("")) where path.hasPrefix("permifrost") || path.hasPrefix("peribolos") {
      #expect(watch.leaks(String(decoding: bytes, as: UTF8.self)).isEmpty, "\(path)")
    }
    #expect(try scratch.read("permifrost/snowflake.yaml").contains("ana:"))
    #expect(try scratch.read("peribolos/github.yaml").contains("ana"))
    #expect(world.canaries.all.count >= 200, "\(world.canaries.all.count)")
    print("canaries: seed \(Self.seed + 2), \(world.canaries.all.count) in what is imported")
  }
}

import TestSupport
import Testing

/// What `check`, `diff` and `render` do about texts that look like secrets. They are put together here, so that nobody takes
/// this file for a leak.
@Suite struct SecretTests {
  private static let rest = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
  private static let token = "gh" + "p_" + rest
  static let random = "Zk4" + "vQ9xLw2TbN7rJc5HfM8yPd3SgA6uE1iKo0Xq"

  private static func repository(_ more: [String: String]) throws -> Scratch {
    let scratch = try Scratch.withPolicy()
    for (path, text) in more { try scratch.write(path, text) }
    return scratch
  }

  @Test(arguments: [
    ("policies/a.yaml", "# \(token)\n", "policies/a.yaml:1:3: error[W0508]: this looks like a token of GitHub (40 characters)"),
    ("policies/a.yaml", "users: { \(token): {} }\n", "policies/a.yaml:1:10: error[W0508]"),
    ("policies/a.yaml", "users: { raj: { description: \"x \(token)\" } }\n", "policies/a.yaml:1:33: error[W0508]"),
    ("policies/a.yaml", "x: [\n# \(token)\n", "policies/a.yaml:2:3: error[W0508]"),
    ("writ.yaml", "version: 1 # \(token)\n", "writ.yaml:1:14: error[W0508]"),
    ("generated/other/x.json", "{\"a\":\"\(token)\"}\n", "generated/other/x.json:1:7: error[W0508]"),
    ("generated/x", "A=1;Pwd=\(random);\n", "generated/x:1:9: error[W0508]: this looks like a secret in a list of settings"),
  ]) func whatHasTheFormOfASecretIsAnError(_ path: String, _ text: String, _ words: String) throws {
    let scratch = try Self.repository([path: text])
    let run = try scratch.writ("check")
    #expect(run.status == 1)
    #expect(run.output.contains(words), "\(run.output)")
    #expect(!run.everything.contains(Self.rest.prefix(8)) && !run.everything.contains(Self.random.prefix(8)), "\(run.output)")
    try scratch.commit()
    #expect(try scratch.writ("check", "--rev", "HEAD").output.contains(words))
  }

  @Test func whatMerelyLooksLikeASecretIsAWarning() throws {
    let scratch = try Self.repository([
      "policies/a.yaml": "users: { raj: { description: \(Self.random) } }\n", "generated/x.txt": "session \(Self.random)\n",
    ])
    let run = try scratch.writ("check")
    #expect(run.status == 0 && run.output.contains("2 warnings"), "\(run.output)")
    #expect(run.output.contains("policies/a.yaml:1:30: warning[W0509]: this may be a secret (39 random characters)"), "\(run.output)")
    #expect(!run.everything.contains(Self.random.prefix(8)))
    #expect(try scratch.writ("check", "--strict").status == 1)
  }

  /// A field for secrets says it in its own words.
  @Test func nothingIsSaidTwice() throws {
    let scratch = try Scratch.withPolicy(SmallPolicy.text(password: Self.token))
    let run = try scratch.writ("check")
    #expect(run.status == 1 && run.output.contains("W0502") && !run.output.contains("W0508"), "\(run.output)")
  }

  // MARK: The mark

  @Test func aLineThatSaysSoHoldsNone() throws {
    let marked = "users:\n  raj: { description: \(Self.token) } # writ: not a secret\n  \(Self.token): {} # writ: not a secret\n"
    let scratch = try Self.repository([
      "policies/a.yaml": marked, "generated/x.json": "{\"a\":\"\(Self.token)\"}\n",
      "generated/y.txt": "\(Self.random) # writ: not a secret\n",
    ])
    let run = try scratch.writ("check")
    #expect(run.status == 0 && !run.output.contains("W05"), "what the policy says to be none is none where it is rendered: \(run.output)")
    try scratch.write("generated/z.txt", Self.token.replacing("a1", with: "a2") + "\n")
    #expect(try scratch.writ("check").status == 1)
  }

  @Test func aMarkThatIsNewIsAChangeOfTrust() throws {
    let scratch = try Self.repository([:])
    try scratch.commit("base")
    try scratch.write("policies/a.yaml", "# \(Self.token) writ: not a secret\n")
    for format in ["human", "json", "markdown"] {
      let run = try scratch.writ("diff", "--format", format)
      #expect(run.status == 0)
      #expect(run.output.contains("a token of GitHub (40 characters)") && run.output.contains("not a secret"), "\(run.output)")
      #expect(!run.output.contains("No access changes") && !run.everything.contains(Self.rest.prefix(8)))
    }
    try scratch.commit("marked")
    try scratch.write("policies/b.yaml", "# again \(Self.token) writ: not a secret\n")
    #expect(try scratch.writ("diff").output.contains("No access changes"), "what was said to be none before is no news")
  }

  // MARK: What YAML makes of it

  private static let escaped = rest.utf8.map { "\\x" + String($0, radix: 16) }.joined()

  /// As the account that a service has on a system, which is rendered, and as a name.
  @Test(arguments: [
    "gh\\x70_\(rest)", "gh\\x70_\(escaped)", "\\x67\\x68\\x70\\x5f\(rest)", "gh" + "p_\(rest.prefix(9))\\\n    \(rest.dropFirst(9))",
    "gh\\U00000070_\(rest) and \(random)", "x, gh\\x70\\x5F\(rest)",
  ]) func whatIsReadFromEscapesIsAnError(_ text: String) throws {
    let scratch = try Self.repository([:])
    #expect(try scratch.writ("render").status == 0)
    let rendered = try scratch.state(below: "generated")
    for policy in [
      SmallPolicy.text().replacing("job: { owner: team }", with: "job: { owner: team, accounts: { db: \"\(text)\" } }"),
      SmallPolicy.text() + "users: { \"\(text)\": {} }\n".replacing("users", with: "groups"),
    ] {
      try scratch.write("policies/policy.yaml", policy)
      for arguments in [["check"], ["render"], ["render", "--check"]] {
        let run = try Program.run(Program.writ, arguments, in: scratch.path)
        #expect(run.status == 1 && run.everything.contains("error[W0508]"), "\(run.everything)")
        #expect(!run.everything.contains(Self.rest.prefix(8)) && !run.everything.contains(Self.escaped.prefix(16)), "\(run.everything)")
        #expect(!run.everything.contains("W0509") || text.contains(Self.random), "it is said once: \(run.everything)")
      }
      #expect(try scratch.state(below: "generated") == rendered)
      // A key has no lines.
      if text.contains("\n") { return }
    }
    try scratch.write("policies/policy.yaml", SmallPolicy.text())
    try scratch.write("writ.yaml", "version: 1\n\"\(text)\": 1\n")
    #expect(!(try scratch.writ("check").everything.contains(Self.rest.prefix(8))))
    try scratch.write("writ.yaml", "version: 1\npolicies: \"policies\"\ngenerated: \"\(text.replacing(" ", with: ""))\"\n")
    for command in ["check", "render"] {
      let run = try scratch.writ(command)
      #expect(run.status == 1 && run.everything.contains("writ.yaml:3:12: error[W0508]"), "\(run.everything)")
    }
    #expect(try !scratch.files().contains { $0.contains("Masked") })
  }

  // MARK: Comparing

  /// A change that takes a secret out can be compared; one that brings one in cannot.
  @Test func onlyTheNewSideMustBeFreeOfSecrets() throws {
    let scratch = try Self.repository(["policies/a.yaml": "# \(Self.token)\n"])
    try scratch.commit("with")
    try scratch.write("policies/a.yaml", "# nothing\n")
    #expect(try scratch.writ("diff").status == 0)
    try scratch.commit("without")
    let back = try scratch.writ("diff", "HEAD..HEAD~1")
    #expect(back.status == 1 && back.errors.contains("W0508"), "\(back.everything)")
    for arguments in [["log"], ["what-can", "job", "--rev", "HEAD~1"], ["test", "--rev", "HEAD~1"]] {
      #expect(try Program.run(Program.writ, arguments, in: scratch.path).status == 0, "a comment changes no answer: \(arguments)")
    }
  }

  @Test func aRandomValueIsNotShownWhereItChanges() throws {
    func text(_ subject: String) -> String {
      "identity_providers: { okta: { type: oidc, issuer: https://acme.okta.example, audience: data } }\n"
        + "services: { s: { owner: team, identity: { provider: okta, subject: \(subject) } } }\n"
    }
    let scratch = try Self.repository(["policies/a.yaml": text(Self.random)])
    try scratch.commit("base")
    try scratch.write("policies/a.yaml", text(String(Self.random.reversed())))
    for format in ["human", "json", "markdown"] {
      let run = try scratch.writ("diff", "--format", format)
      #expect(run.output.contains("subject") && run.output.contains("Masked"), "\(run.output)")
      #expect(!run.output.contains(Self.random.prefix(8)) && !run.output.contains(String(Self.random.reversed()).prefix(8)))
    }
    // Who says that it is none may see it.
    try scratch.write("policies/a.yaml", text(Self.random).replacing("} }\n", with: "} } # writ: not a secret\n"))
    try scratch.commit("marked")
    try scratch.write("policies/a.yaml", text("0oa1dbt").replacing("} }\n", with: "} } # writ: not a secret\n"))
    #expect(try scratch.writ("diff").output.contains(Self.random))
  }

  // MARK: Rendering

  @Test func nothingIsRenderedFromAPolicyWithASecret() throws {
    let scratch = try Self.repository(["policies/a.yaml": "# \(Self.token)\n"])
    let run = try scratch.writ("render")
    #expect(run.status == 1 && run.errors.contains("W0508"))
    #expect(!scratch.has("generated"))
  }

  @Test func whatWasPutInByHandIsNotShown() throws {
    let scratch = try Self.repository([:])
    #expect(try scratch.writ("render").status == 0)
    try scratch.write("generated/dbt/profiles.yml", "\(Self.random)\nx: \(Self.token)\n")
    let run = try scratch.writ("render", "--check")
    #expect(run.status == 2)
    #expect(!run.everything.contains(Self.random.prefix(8)) && !run.everything.contains(Self.rest.prefix(8)), "\(run.everything)")
    let check = try scratch.writ("check")
    #expect(check.output.contains("it is rendered from the policy"), "\(check.output)")
  }

  /// Where it stands below its key, the marks of a diff stand between them.
  @Test(arguments: [
    "      password: \"{{ env_var('DBT_ENV_SECRET_BUILD_DEV_PASSWORD') }}\"\n",
    "      password:\n          \"S3cretHunter2\"\n", "      password:\n          S3cretHunter2\n",
    "      password:   \r\n\t'S3cretHunter2'\r\n", "{\"password\":\n\"S3cretHunter2\"}\n",
    "{\n  \"db_password\" :\n   \"S3cretHunter2\"\n}\n",
  ]) func whatStandsBelowItsKeyIsNotShown(_ text: String) throws {
    let scratch = try Self.repository([:])
    #expect(try scratch.writ("render").status == 0)
    let isRendered = text.contains("env_var")
    try scratch.write("generated/dbt/profiles.yml", text)
    let run = try scratch.writ("render", "--check")
    #expect(run.status == 2 && run.output.contains(isRendered ? "env_var" : "Masked"), "\(run.everything)")
    let check = try scratch.writ("check")
    #expect(check.output.contains("warning[W0509]: this may be a password (13 characters") != isRendered, "\(check.output)")
    #expect(!(run.everything + check.everything).contains("S3c"), "\(run.everything)\(check.everything)")
    guard !isRendered else { return }
    // What is pointed at is the line to mark.
    try scratch.write(
      "generated/dbt/profiles.yml",
      text.replacing("2\r\n", with: "2 # writ: not a secret\r\n").replacing("2\n", with: "2 # writ: not a secret\n").replacing(
        "2\"", with: "2\" # writ: not a secret"
      ).replacing("2'", with: "2' # writ: not a secret"))
    #expect(!(try scratch.writ("check").output.contains("W0509")))
  }

  @Test func aFileThatIsTooLargeIsNamed() throws {
    let scratch = try Self.repository(["generated/large.bin": String(repeating: "0", count: (16 << 20) + 1)])
    let run = try scratch.writ("check")
    #expect(run.status == 0)
    #expect(run.output.contains("warning[W0510]: `generated/large.bin` has 16777217 bytes"), "\(run.output)")
  }
}

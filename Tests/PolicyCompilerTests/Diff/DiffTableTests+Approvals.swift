import Artifacts
import Testing

@testable import PolicyCompiler

/// Which changes owe an approval, and who may give it.
extension DiffTableTests {
  @Test func whoJoinsAGroupThatOwnsIsControl() throws {
    let diff = try Self.diff(
      "---\ngroups: { keepers: { owners: [lee], members: [lee] } }\nservices: { kept: { owner: keepers } }\n",
      [("members: [lee] }", "members: [lee, zoe] }")])
    #expect(diff.trust.map(\.path) == ["members"])
    #expect(diff.trust.first?.impact == .control)
  }

  @Test func aRuleWhoseEnvironmentIsRenamedAwayCannotBeEvaded() throws {
    let rule =
      "---\nenvironments: { far: {} }\nguardrails:\n  closed: { never: { who: users, can: [write], resources: [db/**], in: [far] } }\n"
    let edits = [("environments: { far: {} }", "environments: { away: {} }"), ("in: [far] }", "in: [away] }")]
    #expect(try Self.diff(rule, edits).violations.isEmpty, "nobody gains anything")
    let diff = try Self.diff(rule, edits, new: "---\nbindings: [{ role: writer, to: [zoe], in: [dev] }]\n")
    #expect(diff.violations.map(\.violation.rule) == ["closed"])
    #expect(diff.isBlocked)
  }

  @Test(arguments: [
    ("the login of an approver", "", [("accounts: { github: analopez", "accounts: { github: mallory")], true),
    ("the login of somebody else", "", [("zoe: {}", "zoe: { accounts: { github: zoe2 } }")], false),
    (
      "a guardrail over the same system", "---\nguardrails: { g: { only: { who: [team, job], can: [read], resources: [db/marts/**] } } }\n",
      [], true
    ),
  ]) func approvalIsOwedForWhatItRestsOn(_ what: String, _ new: String, _ edits: [(String, String)], _ expected: Bool) throws {
    let diff = try Self.diff(Self.approval, edits, new: new)
    #expect(diff.approvals.map(\.approval) == (expected ? ["care"] : []), "\(what)")
  }

  private static let approval = "---\napprovals:\n  care: { resources: [db/marts/pay/**], in: [prod], by: [leads] }\n"

  private static func options(_ approvedBy: Set<String>?, author: String? = nil) -> AccessDiff.Options {
    var options = AccessDiff.Options()
    options.approvedBy = approvedBy
    options.authors = Set((author ?? "").split(separator: ",").map(String.init))
    return options
  }

  @Test(
    arguments: [
      ("what overlaps", "---\nbindings:\n  - { role: reader, to: [zoe], in: [prod] }\n", [], true),
      ("what does not", "---\nbindings:\n  - { to: [zoe], can: { read: [db/raw/**] }, in: [prod] }\n", [], false),
      ("elsewhere", "---\nbindings:\n  - { role: reader, to: [zoe], in: [dev] }\n", [], false),
      ("losses", "", [("write: [db/marts/**]", "write: [db/marts/x]")], false),
      ("a session", "---\nbindings:\n  - { role: user, to: [zoe], in: [prod] }\n", [], true),
      ("the system", "", [("db.acme.example", "db.acrne.example")], true),
      ("a connection", "", [("kv/run#", "kv/other#")], true),
      ("another system", "", [("acme-one", "acme-two")], false),
      ("who a service is", "", [("subject: s1", "subject: s2")], true),
      ("who a user is", "", [("  raj: {}", "  raj: { accounts: { github: mallory } }")], true),
      ("who somebody without access is", "", [("  zoe: {}", "  zoe: { email: zoe@acme.example }")], false),
      ("who says so", "", [("https://id.acme.example", "https://id.evil.example")], true),
      ("protection", "", [(", prod: { protected: true }", ", prod: {}")], true),
      ("itself", "", [("db/marts/pay/**]", "db/marts/pay*/**]")], true),
      ("who may approve", "", [("members: [ana, lee]", "members: [ana, lee, zoe]")], true),
      ("what a role is called there", "", [("writer: { can", "writer: { name_on: { db: w }, can")], true),
      (
        "another environment that leads there", "",
        [
          ("prod: { protected: true } }", "prod: { protected: true }, prod2: { protected: true } }"),
          (
            "prod: { host: db.acme.example, database: d } } }",
            "prod: { host: db.acme.example, database: d }, prod2: { host: DB.acme.example., database: d } } }"
          ),
        ], true
      ),
      (
        "another system that leads there",
        "---\nsystems: { db2: { type: postgres, environments: { prod: { host: db.acme.example, database: d } } } }\n", [], true
      ),
      (
        "another system that leads elsewhere",
        "---\nsystems: { db2: { type: postgres, environments: { prod: { host: db2.acme.example, database: d } } } }\n", [], false
      ),
      ("to be called as somebody who has it", "", [("  zoe: {}", "  zoe: { accounts: { db: raj } }")], true),
      ("to be called as somebody who has it not", "", [("  zoe: {}", "  zoe: { accounts: { db: zora } }")], false),
      ("who vouches for somebody's account", "", [("organization: acme2", "organization: acme3")], false),
      ("reading a credential", "---\nbindings:\n  - { to: [zoe], can: { read: [secrets/vault/kv/run] }, in: [dev] }\n", [], true),
      ("reading many", "---\nbindings:\n  - { to: [zoe], can: { read: [secrets/vault/**] }, in: [prod] }\n", [], true),
      ("reading another", "---\nbindings:\n  - { to: [zoe], can: { read: [secrets/vault/kv/other] }, in: [prod] }\n", [], false),
      ("what a role is called elsewhere", "", [("writer: { can", "writer: { name_on: { wh: w }, can")], false),
    ] as [(String, String, [(String, String)], Bool)])
  func approvalIsOwedFor(_ what: String, _ new: String, _ edits: [(String, String)], _ expected: Bool) throws {
    let diff = try Self.diff(Self.approval, edits, new: new)
    #expect(diff.approvals.map(\.approval) == (expected ? ["care"] : []), "\(what)")
    // Unless it was asked about, it is only listed.
    #expect(!diff.isBlocked)
  }

  @Test func aBaselineMayHideAnything() throws {
    let same = try Self.diff(Self.approval)
    let files = ["baseline", "file"].map {
      TrustChange(section: $0, name: "x.json", path: "", impact: .control, before: nil, after: "2 problems", note: nil)
    }
    let needs = files.map { AccessDiff(.complete, from: same.old, to: same.new, at: same.instant, files: [$0]).approvals.map(\.approval) }
    #expect(needs == [["care"], []])
  }

  @Test(
    arguments: [
      (["lee"], nil, true), (["LEE"], nil, true), (["AnaLopez"], nil, true), (["analopez"], "someone", true),
      // Her name is somebody else's login, and so is her account in the warehouse.
      (["ana"], nil, false), (["admin"], nil, false), (["zoe"], nil, false), ([], nil, false), (["job"], nil, false),
      (["lee"], "lee", false), (["lee", "analopez"], "lee,ana", false), (["lee"], "raj,zoe", true), (["analopez"], "AnaLopez", false),
      (["analopez"], "ana", false), (["lee", "analopez"], "lee", true),
    ] as [(Set<String>, String?, Bool)])
  func approversAreWhoBaseSays(_ by: Set<String>, _ author: String?, _ expected: Bool) throws {
    // Head adds the author's friend, a service and a provider's group to those who may.
    let diff = try Self.diff(
      Self.approval, [("members: [ana, lee]", "members: [ana, lee, zoe, job]"), ("by: [leads]", "by: [leads, zoe]")],
      new: "---\nbindings:\n  - { role: reader, to: [zoe], in: [prod] }\n",
      options: Self.options(by, author: author))
    #expect(diff.approvals.map(\.isMet) == [expected], "\(by) \(author ?? "")")
    #expect(diff.isBlocked == !expected)
  }

  /// One user has an account on GitHub, one on GitLab, one on neither, one on a place that only its name tells of.
  @Test(
    arguments: [
      ("kim-hub", nil, true), ("kim-hub", .github, true), ("kim-hub", .gitlab, false), ("kim", .github, false), ("kim", nil, false),
      ("pat-lab", nil, true), ("pat-lab", .gitlab, true), ("pat-lab", .github, false), ("pat", .github, false), ("pat", .gitlab, false),
      ("sam", nil, true), ("sam", .github, true), ("sam", .gitlab, true), ("tom", nil, false), ("tom", .github, false),
      ("tom-hub", .github, true), ("tom-hub", .gitlab, false),
    ] as [(String, CodeHost?, Bool)])
  func aLoginIsThatOfItsHost(_ login: String, _ host: CodeHost?, _ expected: Bool) throws {
    var options = Self.options([login])
    options.approvalHost = host
    let users = """
      ---
      identity_providers: { hub: { type: github_actions, organization: acme }, lab: { type: gitlab, organization: acme } }
      users:
        kim: { accounts: { hub: kim-hub } }
        pat: { accounts: { lab: pat-lab } }
        sam: { accounts: { db: sam-db } }
        tom: { accounts: { github: tom-hub } }
      approvals:
        care: { resources: [db/marts/pay/**], in: [prod], by: [kim, pat, sam, tom] }

      """
    let diff = try Self.diff(users, new: "---\nbindings:\n  - { role: reader, to: [zoe], in: [prod] }\n", options: options)
    let need = try #require(diff.approvals.first)
    #expect(need.isMet == expected, "\(login)")
    #expect(need.givenByName == (login == "sam" ? ["sam"] : []))
    #expect(diff.unknownLogins.isEmpty == expected)
    if login == "pat-lab", host == .github {
      #expect(diff.unknownLogins.map(\.help) == ["on `lab` that is `pat`, but this was approved on github"])
    }
    if login == "pat", host == .github {
      #expect(diff.unknownLogins.map(\.help) == ["`pat` has accounts, but none on github, where this was approved"])
    }
  }

  @Test func whoIsNamedOtherwiseIsToldHow() throws {
    let diff = try Self.diff(Self.approval, options: Self.options(["ana", "analopes", "LEE", "zoe"]))
    #expect(diff.unknownLogins.map(\.help) == ["`ana` approves as `analopez`", "did you mean `analopez`?"])
  }

  @Test func groupsOfUnknownMembersAndServicesCannotApprove() throws {
    let diff = try Self.diff(
      "---\napprovals:\n  care: { resources: [db/**], by: [outside] }\n",
      new: "---\nbindings:\n  - { role: reader, to: [zoe], in: [prod] }\n",
      options: Self.options(["outside"]))
    #expect(diff.approvals.map(\.approvers) == [[]])
    #expect(diff.isBlocked)
  }

  @Test func everywhereIncludesEverywhere() throws {
    for environments in ["", ", in: \"*\"", ", in: [dev, prod]"] {
      let diff = try Self.diff(
        "---\napprovals:\n  care: { resources: [db/**], by: [leads]\(environments) }\n",
        new: "---\nbindings:\n  - { role: reader, to: [zoe], in: [prod] }\n")
      #expect(diff.approvals.count == 1, "\(environments)")
    }
  }
}

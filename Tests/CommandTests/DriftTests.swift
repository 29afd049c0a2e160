import Foundation
import TestSupport
import Testing

/// Which file is not what the policy says, at which line, and what moved.
@Suite struct DriftTests {
  private static let moment = "2026-11-20T22:00Z"

  /// A policy with its files, committed by Writ.
  private func rendered(_ text: String = SmallPolicy.text()) throws -> Scratch {
    let scratch = try Scratch.withPolicy(text)
    try scratch.commit()
    #expect(try scratch.writ("render", "--commit", "--at", Self.moment).status == 0)
    return scratch
  }

  private func id(_ scratch: Scratch, _ revision: String = "HEAD") throws -> String {
    try scratch.git("rev-parse", revision).trimmingCharacters(in: .newlines)
  }

  private struct Item: Decodable, Equatable {
    struct Rendering: Decodable, Equatable {
      var policy: String
      var commit: String?
      var writ: String?
    }
    struct Commit: Decodable, Equatable {
      var commit: String
      var author: String
      var day: String
      var subject: String
    }
    var path: String
    var difference: String
    var line: Int
    var reasons: [String]
    var renderedFrom: Rendering?
    var changedIn: Commit?
    var uncommitted: Bool?
    var note: String?
  }

  private struct Report: Decodable {
    var version: Int
    var drift: Bool
    var artifacts: [Item]
    var foreign: [String]
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }

  private func drift(
    _ scratch: Scratch, _ more: String..., at moment: String = moment, in folder: String = ""
  ) throws -> [String: Item] {
    let run = try Program.run(
      Program.writ, ["drift", "--format", "json", "--at", moment] + more, in: scratch.url(folder).path)
    let report = try Self.decoder.decode(Report.self, from: Data(run.output.utf8))
    #expect(report.version == 1)
    #expect(run.status == (report.drift ? 2 : 0), "\(run.everything)")
    #expect(report.drift == !report.artifacts.isEmpty)
    return Dictionary(uniqueKeysWithValues: report.artifacts.map { ($0.path, $0) })
  }

  private let profile = "generated/dbt/profiles.yml"
  private let manifest = "generated/dbt/profiles.yml.manifest.json"

  @Test func withoutDriftThereIsNothingToSay() throws {
    let scratch = try rendered()
    let before = try scratch.state()
    let run = try scratch.writ("drift", "--at", Self.moment)
    #expect(run.status == 0)
    #expect(run.everything == "generated is what the policy says\n")
    #expect(try drift(scratch).isEmpty)
    #expect(try drift(scratch, "--rev", "HEAD").isEmpty)
    #expect(try scratch.state() == before)
  }

  @Test(arguments: [true, false]) func aPolicyThatMovedOnIsToldFromItsTrailer(_ isCommitted: Bool) throws {
    let scratch = try rendered()
    let (policy, commit) = (try id(scratch, "HEAD~1"), try id(scratch))
    try scratch.write("policies/policy.yaml", SmallPolicy.text(host: "new.example.org"))
    if isCommitted { try scratch.commit("move") }
    let item = try #require(try drift(scratch)[profile])
    #expect(item.reasons == ["policy"])
    #expect(item.difference == "different")
    #expect(item.renderedFrom == .init(policy: policy, commit: commit, writ: "0.1.0"))
    let line = try scratch.read(profile).split(separator: "\n", omittingEmptySubsequences: false)[item.line - 1]
    #expect(line.contains("host: db.example.org"))
    let run = try scratch.writ("drift", "--at", Self.moment)
    #expect(
      run.output
        == "\(profile):\(item.line): differs: the policy moved on since \(policy.prefix(7)), which \(commit.prefix(7)) rendered\n")
    #expect(run.errors == "1 file differs from what the policy says; `writ render --check` shows how\n")
    // Told by `render --check` as well, without disturbing its diff.
    let check = try scratch.writ("render", "--check", "--at", Self.moment)
    #expect(check.status == 2)
    #expect(check.output.hasPrefix("--- \(profile)\n"))
    #expect(check.errors.hasPrefix("\(profile):\(item.line): differs: the policy moved on since"))
  }

  @Test func aFileEditedByHandNamesTheCommit() throws {
    let scratch = try rendered()
    let good = try scratch.read(profile)
    try scratch.write(profile, good + "# secret-looking-value\n")
    try scratch.commit("a quick fix")
    let commit = try id(scratch)
    try scratch.write("README.md", "later\n")
    try scratch.commit("later")
    for arguments in [[], ["--rev", "HEAD"]] {
      let item = try #require(try arguments.isEmpty ? drift(scratch)[profile] : drift(scratch, "--rev", "HEAD")[profile])
      #expect(item.reasons == ["file"])
      #expect(item.line == good.count { $0 == "\n" } + 1)
      #expect(item.changedIn == .init(commit: commit, author: "Ada", day: "2023-11-14", subject: "a quick fix"))
      #expect(item.uncommitted == nil)
    }
    let run = try scratch.writ("drift", "--at", Self.moment)
    #expect(run.output.contains("differs: edited by hand in \(commit.prefix(7)) 2023-11-14 Ada, \"a quick fix\"\n"))
    #expect(!run.everything.contains("secret-looking-value"))
    #expect(try drift(scratch, "--rev", "HEAD~2").isEmpty)
  }

  @Test func anEditThatIsNotCommittedSaysSo() throws {
    let scratch = try rendered()
    try scratch.write(profile, "mine\n")
    let item = try #require(try drift(scratch)[profile])
    #expect(item.reasons == ["file"])
    #expect(item.uncommitted == true)
    #expect(item.line == 1)
    #expect(try scratch.writ("drift", "--at", Self.moment).output.contains("edited by hand, not committed\n"))
    #expect(try drift(scratch, "--rev", "HEAD").isEmpty)
  }

  @Test func bothCanHaveMoved() throws {
    let scratch = try rendered()
    try scratch.write(profile, "mine\n")
    try scratch.write("policies/policy.yaml", SmallPolicy.text(host: "new.example.org"))
    #expect(try drift(scratch)[profile]?.reasons == ["policy", "file"])
    try scratch.commit("both at once")
    let item = try #require(try drift(scratch)[profile])
    #expect(item.reasons.contains("file"))
    #expect(item.changedIn?.subject == "both at once")
  }

  @Test func filesThatGoOrCome() throws {
    let scratch = try rendered(SmallPolicy.text(paths: ["a.yml", "b.yml"]))
    try scratch.remove("generated/a.yml")
    #expect(try drift(scratch)["generated/a.yml"]?.difference == "missing")
    #expect(try drift(scratch)["generated/a.yml"]?.uncommitted == true)
    try scratch.commit("away with it")
    let gone = try #require(try drift(scratch)["generated/a.yml"])
    #expect(gone.reasons == ["file"])
    #expect(gone.changedIn?.subject == "away with it")
    #expect(try scratch.writ("drift", "--at", Self.moment).output.contains("is missing: deleted by hand in"))
    try scratch.write("policies/policy.yaml", SmallPolicy.text(paths: ["a.yml", "c.yml"]))
    let now = try drift(scratch)
    #expect(now["generated/b.yml"]?.difference == "unwanted")
    #expect(now["generated/b.yml"]?.reasons == ["policy"])
    #expect(now["generated/c.yml"]?.difference == "missing")
    #expect(now["generated/c.yml"]?.reasons == ["policy"])
    #expect(now["generated/a.yml"]?.reasons == ["file"])
  }

  /// Most rendered files are committed together with their policy, by hand.
  @Test func withoutTrailersThePolicyOfTheSameCommitTells() throws {
    let scratch = try Scratch.withPolicy()
    _ = try scratch.writ("render", "--at", Self.moment)
    try scratch.commit("policy and files")
    let commit = try id(scratch)
    try scratch.write("policies/policy.yaml", SmallPolicy.text(host: "new.example.org"))
    try scratch.commit("forgotten")
    let item = try #require(try drift(scratch)[profile])
    #expect(item.reasons == ["policy"])
    #expect(item.renderedFrom == .init(policy: commit, commit: nil, writ: nil))
    try scratch.write(profile, "mine\n")
    try scratch.commit("by hand")
    #expect(try drift(scratch)[profile]?.reasons.contains("file") == true)
    #expect(try drift(scratch)[profile]?.changedIn?.subject == "by hand")
  }

  @Test func timeAloneCanMove() throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/more.yaml", SmallPolicy.ending)
    try scratch.commit()
    #expect(try scratch.writ("render", "--commit", "--at", Self.moment).status == 0)
    #expect(try drift(scratch).isEmpty)
    let later = try drift(scratch, at: "2027-11-20T22:00Z")
    #expect(later.values.allSatisfy { $0.reasons == ["time"] }, "\(later)")
  }

  @Test func anotherVersionOfWritRendersOtherwise() throws {
    let scratch = try rendered()
    let message = try scratch.git("log", "-1", "--format=%B").replacing("Writ-Version: 0.1.0", with: "Writ-Version: 0.0.9")
    try scratch.write(profile, "old\n" + (try scratch.read(profile)))
    try scratch.git("add", "--all")
    try scratch.git("commit", "--quiet", "--amend", "--message", message)
    #expect(try drift(scratch)[profile]?.reasons == ["writ"])
    #expect(
      try scratch.writ("drift", "--at", Self.moment).output
        .contains("writ 0.0.9 rendered it, and writ 0.1.0 renders it otherwise"))
    // With the same version, only a hand can have done it, whatever the trailer says.
    try scratch.git("commit", "--quiet", "--amend", "--message", message.replacing("0.0.9", with: "0.1.0"))
    #expect(try drift(scratch)[profile]?.reasons == ["file"])
  }

  @Test(arguments: ["Policy-Revision: HEAD", "Policy-Revision: ../../etc", "Policy-Revision: " + String(repeating: "0", count: 40)])
  func aForgedTrailerIsOnlyText(_ trailer: String) throws {
    let scratch = try rendered()
    try scratch.write(profile, "mine\n")
    try scratch.git("add", "--all")
    try scratch.git("commit", "--quiet", "--message", "fix\n\n\(trailer)\nPolicy-Moment: 2026-11-20T22:00:00Z\n")
    let item = try #require(try drift(scratch)[profile])
    #expect(item.reasons == ["file"] || (item.reasons.isEmpty && item.note != nil))
  }

  @Test func whereHistoryIsCutItSaysSo() throws {
    let scratch = try rendered()
    try scratch.write("policies/policy.yaml", SmallPolicy.text(host: "new.example.org"))
    try scratch.commit("move")
    try scratch.git("clone", "--quiet", "--depth", "1", "file://\(scratch.path)", "clone")
    let item = try #require(try drift(scratch, in: "clone")[profile])
    #expect(item.reasons.isEmpty)
    #expect(item.note?.contains("git fetch --unshallow") == true)
  }

  @Test func withoutARepositoryThereIsNoReason() throws {
    let scratch = try Scratch()
    try scratch.write("writ.yaml", "version: 1\n")
    try scratch.write("policies/policy.yaml", SmallPolicy.text())
    let item = try #require(try drift(scratch)[profile])
    #expect(item.reasons.isEmpty)
    #expect(item.note == "there is no history to tell why")
    let unborn = try Scratch.withPolicy()
    #expect(try drift(unborn)[profile]?.note == "there is no history to tell why")
  }

  @Test func aListThatIsLostIsDrift() throws {
    let scratch = try rendered()
    try scratch.remove("generated/.writ.json")
    let items = try drift(scratch)
    #expect(items.keys.sorted() == ["generated/.writ.json"])
    #expect(items["generated/.writ.json"]?.reasons == ["file"])
  }

  @Test func filesOfOthersAreNamed() throws {
    let scratch = try rendered()
    try scratch.write("generated/mine.txt", "mine\n")
    let run = try scratch.writ("drift", "--at", Self.moment)
    #expect(run.status == 0)
    #expect(run.errors == "note: Writ did not make `generated/mine.txt`\n")
  }

  @Test func aBrokenPolicyComparesWithNothing() throws {
    let scratch = try rendered()
    try scratch.write("policies/broken.yaml", SmallPolicy.broken)
    let run = try scratch.writ("drift")
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(try scratch.writ("drift", "--rev", "nowhere").status == 64)
    #expect(try scratch.writ("drift", "--branch", "nowhere", "--rev", "HEAD").status == 64)
  }

  @Test func aSubjectCannotGiveOrders() throws {
    let scratch = try rendered()
    try scratch.write(profile, "mine\n")
    try scratch.commit("::error::\u{1B}[31m##[group]")
    expectHarmless(try scratch.writ("drift", "--at", Self.moment))
    expectHarmless(try scratch.writ("drift", "--format", "json", "--at", Self.moment))
  }
}

import Foundation
import TestSupport
import Testing

/// What `writ log` tells of a history, and `writ test` of a policy's own tests.
@Suite struct LogTests {
  private static let gain = "bindings:\n  - { role: writer, to: [worker], in: [dev] }\n"

  private static func repository() throws -> Scratch {
    let scratch = try Scratch.withPolicy()
    try scratch.commit("base")
    return scratch
  }

  @Test func eachCommitTellsWhatItGaveAndTook() throws {
    let scratch = try Self.repository()
    try scratch.write("policies/gain.yaml", Self.gain)
    try scratch.commit("worker writes")
    try scratch.write("notes.txt", "nothing to do with the policy")
    try scratch.commit("notes")
    try scratch.write("policies/gain.yaml", "# cosmetic\n" + Self.gain)
    try scratch.commit("a comment")
    try scratch.remove("policies/gain.yaml")
    try scratch.commit("worker stops")
    let log = try scratch.writ("log", "worker", "db/**").output
    let gained = try #require(log.range(of: "worker writes\n  + dev: worker\n      write  db/marts/**\n        policies/gain.yaml:2"))
    let lost = try #require(log.range(of: "worker stops\n  - dev: worker\n      write  db/marts/**"))
    #expect(lost.lowerBound < gained.lowerBound, "the newest comes first")
    #expect(!log.contains("notes") && !log.contains("a comment"))
    #expect(try scratch.writ("log", "-n", "1").output.contains("worker stops"))
    #expect(try !scratch.writ("log", "-n", "1").output.contains("worker writes"))
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(scratch.writ("log", "worker", "--format", "json").output.utf8)) as? [String: Any])
    let commits = try #require(json["commits"] as? [[String: Any]])
    #expect(commits.compactMap { $0["subject"] as? String }.prefix(2) == ["worker stops", "worker writes"])
  }

  @Test func aBrokenRevisionHidesNothing() throws {
    let scratch = try Self.repository()
    try scratch.write("policies/gain.yaml", "bindings: [{ role: unknown, to: [worker], in: [dev] }]\n")
    try scratch.commit("broken")
    try scratch.write("policies/gain.yaml", Self.gain)
    try scratch.commit("mended, and more")
    let log = try scratch.writ("log").output
    #expect(log.contains("broken\n  (the policy does not compile at this commit)"), "\(log)")
    #expect(log.contains("mended, and more\n  + dev: worker\n"), "\(log)")
  }

  @Test(arguments: ["human", "json"]) func nothingIsToldAboutANameThatIsNone(_ format: String) throws {
    let scratch = try Self.repository()
    try scratch.write("policies/broken.yaml", SmallPolicy.broken)
    try scratch.commit("broken")
    let unknown = try scratch.writ("log", "nobody", "--format", format)
    #expect(unknown.status == 64)
    #expect(unknown.output.isEmpty, "\(unknown.output)")
    #expect(unknown.errors.hasPrefix("error: principal `nobody` is not declared"), "\(unknown.errors)")
    // Of one that is some, all is told, in its order.
    let known = try scratch.writ("log", "ana").output
    #expect(known.contains("broken\n  (the policy does not compile at this commit)\n"), "\(known)")
  }

  @Test func aMergeIsNoChangeOfItsOwn() throws {
    let scratch = try Self.repository()
    try scratch.git("checkout", "--quiet", "-b", "topic")
    try scratch.write("policies/gain.yaml", Self.gain)
    try scratch.commit("on topic")
    try scratch.git("checkout", "--quiet", "main")
    try scratch.write("policies/more.yaml", "bindings:\n  - { role: writer, to: [ana], in: [dev] }\n")
    try scratch.commit("on main")
    try scratch.git("merge", "--quiet", "--no-ff", "-m", "merged", "topic")
    let all = try scratch.writ("log").output
    #expect(all.contains("on topic") && all.contains("on main") && !all.contains("merged"), "\(all)")
    let first = try scratch.writ("log", "--first-parent").output
    #expect(first.contains("merged\n  + dev: worker") && !first.contains("on topic"), "\(first)")
  }

  @Test func aShallowCloneSaysWhereItEnds() throws {
    let scratch = try Self.repository()
    try scratch.write("policies/gain.yaml", Self.gain)
    try scratch.commit("worker writes")
    try scratch.git("clone", "--quiet", "--depth", "1", "file://\(scratch.path)", "shallow")
    let run = try scratch.writ("log", in: "shallow")
    #expect(run.status == 0)
    #expect(run.everything.contains("--unshallow"), "\(run.everything)")
  }

  @Test func whySaysWhichCommitBroughtALine() throws {
    let scratch = try Self.repository()
    try scratch.write("policies/gain.yaml", Self.gain)
    let open = try scratch.writ("why", "worker", "write", "db/marts/x", "--in", "dev")
    #expect(open.output.contains("not committed yet"), "\(open.everything)")
    try scratch.commit("worker writes")
    let short = try scratch.git("rev-parse", "--short=7", "HEAD").trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(try scratch.writ("why", "worker", "write", "db/marts/x", "--in", "dev").output.contains(short))
  }

  @Test(arguments: [["log", "--since", "yesterday"], ["log", "-n", "0"], ["log", "--rev", "nothing"], ["log", "x", "db//y"]])
  func whatCannotBeMeantIsBadUsage(_ arguments: [String]) throws {
    let scratch = try Self.repository()
    #expect(try Program.run(Program.writ, arguments, in: scratch.path).status == 64, "\(arguments)")
  }

  private static let two = """
    environments: { dev: {} }
    users: { ana: {}, raj: {} }
    groups: { team: { owners: [ana], members: [ana, raj] }, pair: { owners: [ana], members: [raj] } }
    systems: { db: { type: postgres, environments: { dev: { host: localhost, database: d } } } }
    bindings: [{ to: [raj], can: { read: [db/x/y] }, in: [dev] }]

    """

  @Test(
    arguments: [
      (["log", "anna"], "principal `anna` is not declared, nor was it before", "did you mean `ana`?"),
      (["log", "anna", "--format", "json"], "principal `anna` is not declared", "did you mean `ana`?"),
      (["log", "ana", "dbb/x/y"], "system `dbb` is not declared, nor was it before", "did you mean `db`?"),
      (["log", "dbb/x/y"], "system `dbb` is not declared", "did you mean `db`?"),
      (["log", "anna", "-n", "1", "--since", "2020-01-01"], "principal `anna` is not declared", "did you mean `ana`?"),
      (["log", "service:ana"], "`ana` is a user", "write `ana`"),
    ] as [([String], String, String)]) func aNameThatNoRevisionKnowsIsBadUsage(_ arguments: [String], _ message: String, _ help: String)
    throws
  {
    let scratch = try Scratch.withPolicy(Self.two)
    try scratch.commit("base")
    let run = try Program.run(Program.writ, arguments, in: scratch.path)
    #expect(run.status == 64 && run.output.isEmpty, "\(run.everything)")
    #expect(run.errors.contains(message) && run.errors.contains(help), "\(run.errors)")
  }

  @Test func aNameThatAnyRevisionKnewIsAskedAbout() throws {
    let scratch = try Scratch.withPolicy(Self.two)
    try scratch.commit("base")
    try scratch.write(
      "policies/policy.yaml",
      Self.two.replacing(", raj: {}", with: "").replacing(", raj]", with: "]").replacing("members: [raj]", with: "members: [ana]")
        .replacing("to: [raj]", with: "to: [ana]").replacing("db", with: "wh"))
    try scratch.commit("raj and db are gone")
    for arguments in [["raj"], ["user:raj"], ["raj", "db/**"], ["db/x/y"], ["pair"]] {
      let run = try Program.run(Program.writ, ["log"] + arguments, in: scratch.path)
      #expect(run.status == 0 && run.output.contains("- dev: raj") && run.output.contains("+ dev: raj"), "\(arguments): \(run.everything)")
    }
    // The window leaves out where it was declared, or the limit comes before.
    for arguments in [
      ["raj", "--rev", "HEAD~1..HEAD", "--since", "2030-01-01"], ["db/x/y", "-n", "1"], ["raj", "--since", "2030-01-01"],
    ] {
      let run = try Program.run(Program.writ, ["log"] + arguments, in: scratch.path)
      #expect(run.status == 0, "\(arguments): \(run.everything)")
    }
    let group = try scratch.writ("log", "team").output
    #expect(group.contains("+ dev: ana") && group.contains("- dev: raj"), "\(group)")
  }

  // MARK: writ test

  @Test func testsAreRunAloneAndWhatTheyDoNotTouchIsNamed() throws {
    let scratch = try Self.repository()
    try scratch.write("policies/gain.yaml", Self.gain)
    let none = try scratch.writ("test")
    #expect(none.status == 0 && none.output.contains("no tests"), "\(none.everything)")
    try scratch.write("policies/tests.yaml", "tests: { writing: { in: dev, expect: [worker can write db/marts/x] } }\n")
    let good = try scratch.writ("test")
    #expect(good.status == 0 && good.output.contains("1 test, 1 question: all hold"), "\(good.everything)")
    #expect(!good.output.contains("policies/gain.yaml:2"), "what a test touches is no gap")
    try scratch.write("policies/tests.yaml", "tests: { writing: { in: dev, expect: [worker cannot write db/marts/x] } }\n")
    let bad = try scratch.writ("test")
    #expect(bad.status == 1 && bad.output.contains("error[W0306]") && bad.output.contains("1 fails"), "\(bad.everything)")
    let junit = try scratch.writ("test", "--format", "junit")
    #expect(junit.status == 1)
    let document = try XMLCount(junit.output)
    #expect(document.counts["testcase"] == 1 && document.counts["failure"] == 1, "\(junit.output)")
  }
}

/// Counts a document's elements: it must be well-formed for that.
private struct XMLCount {
  var counts: [String: Int] = [:]

  init(_ text: String) throws {
    var depth: [Substring] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
      let tag = rest[rest.index(after: open)..<close]
      rest = rest[rest.index(after: close)...]
      if tag.hasPrefix("?") { continue }
      if tag.hasPrefix("/") {
        try #require(depth.popLast() == tag.dropFirst(), "unbalanced")
        continue
      }
      let name = tag.prefix { $0 != " " && $0 != "/" }
      counts[String(name), default: 0] += 1
      if !tag.hasSuffix("/") { depth.append(name) }
    }
    try #require(depth.isEmpty, "unbalanced")
  }
}

import Testing

@testable import PolicyCompiler

@Suite struct BaselineTests {
  private static let sources = SourceMap([SourceFile(path: "policies/a.yaml", text: "one: 1\ntwo: 2\none: 1\n")])
  private static func problem(_ message: String, _ start: UInt32, _ code: DiagnosticCode = .guardrailBroken) -> Diagnostic {
    Diagnostic(code, message, at: SourceSpan(file: 0, start: start, end: start + 3))
  }
  private static let twice = [problem("same", 0), problem("same", 14)]

  private static func judge(_ baseline: Baseline, _ problems: [Diagnostic], isComplete: Bool = true) -> Baseline.Verdict {
    baseline.judge(problems, sources, isComplete: isComplete) { _ in true }
  }

  @Test func whatIsWrittenIsRead() throws {
    let baseline = Baseline(Self.twice + [Self.problem("other \"quoted\" ü", 7), Self.problem("note", 7, .leftOut)], Self.sources)
    #expect(baseline.entries.map(\.count).sorted() == [1, 2])
    let text = baseline.json.text
    #expect(try Baseline.read(Array(text.utf8)) == baseline)
    #expect(Baseline(Self.twice.reversed() + [Self.problem("other \"quoted\" ü", 7)], Self.sources).json.text == text)
  }

  @Test func whatIsInItIsKnownAndNothingElse() {
    let baseline = Baseline(Self.twice, Self.sources)
    let new = Self.problem("new", 7)
    let verdict = Self.judge(baseline, [Self.twice[0], new, Self.twice[1]])
    #expect(verdict.known == 2)
    #expect(verdict.remaining == [new])
    #expect(verdict.stale == [])
  }

  @Test func oneMoreOfAKindIsNew() {
    let verdict = Self.judge(Baseline([Self.twice[0]], Self.sources), Self.twice)
    #expect(verdict.known == 1)
    #expect(verdict.remaining == [Self.twice[1]])
  }

  @Test func whatIsGoneIsSaidWhereAllWasJudged() {
    let baseline = Baseline(Self.twice + [Self.problem("gone", 7)], Self.sources)
    #expect(Set(Self.judge(baseline, [Self.twice[0]]).stale.map(\.message)) == ["gone", "same"])
    #expect(Self.judge(baseline, [Self.twice[0]], isComplete: false).stale == [])
  }

  @Test func anEntryThatSaysSomethingElseMatchesNothing() throws {
    let entry = Baseline([Self.twice[0]], Self.sources).entries[0]
    for lie in [
      Baseline.Entry(code: entry.code, path: entry.path, message: "harmless", fingerprint: entry.fingerprint, count: 1),
      Baseline.Entry(code: "W0218", path: entry.path, message: entry.message, fingerprint: entry.fingerprint, count: 1),
      Baseline.Entry(code: entry.code, path: "policies/b.yaml", message: entry.message, fingerprint: entry.fingerprint, count: 1),
      Baseline.Entry(code: entry.code, path: entry.path, message: entry.message, fingerprint: String(repeating: "0", count: 32), count: 1),
    ] {
      let verdict = Self.judge(Baseline(entries: [lie]), [Self.twice[0]])
      #expect(verdict.known == 0)
      #expect(verdict.stale == [lie])
    }
  }

  @Test func whatCannotBeHeldIsNotKnown() {
    let verdict = Baseline(Self.twice, Self.sources).judge(Self.twice, Self.sources, isComplete: true) { _ in false }
    #expect(verdict.remaining == Self.twice)
  }

  @Test(arguments: [
    ("", "not a JSON object"), ("[]", "not a JSON object"), ("{", "not a JSON object"), ("{}", "no `version`"),
    (#"{"version": 1}"#, "no list"), (#"{"version": 1, "problems": {}}"#, "no list"), (#"{"version": 1, "problems": [1]}"#, "entry 1"),
    (#"{"version": 1, "problems": [{"path": "a", "code": "W0305", "message": "m", "fingerprint": "f", "count": 0}]}"#, "entry 1"),
    (#"{"version": 1, "problems": [{"path": "a", "code": "W0305", "message": [], "fingerprint": "f", "count": 1}]}"#, "entry 1"),
    (#"{"version": 1, "problems": [{"path": "a", "code": "W0305", "message": "m", "count": 99999999999999999999}]}"#, "entry 1"),
  ]) func whatIsNoBaselineIsRefused(_ text: String, _ words: String) {
    do throws(Baseline.Unreadable) {
      _ = try Baseline.read(Array(text.utf8))
      Issue.record("accepted")
    } catch {
      guard case .malformed(let why) = error else { return #expect(Bool(false), "\(error)") }
      #expect(why.contains(words), "\(why)")
    }
  }

  @Test func aNewerVersionIsNamed() {
    #expect(throws: Baseline.Unreadable.version("2")) { try Baseline.read(Array(#"{"version": 2, "problems": []}"#.utf8)) }
  }

  @Test func aChangedBaselineIsAChangeOfControl() {
    let (one, two) = (Baseline([Self.twice[0]], Self.sources), Baseline(Self.twice, Self.sources))
    #expect(Baseline.changes(from: one, to: one, path: "b").isEmpty)
    let more = Baseline.changes(from: one, to: two, path: "b")
    #expect(more.map(\.impact) == [.control])
    #expect(more[0].before == "1 problem" && more[0].after == "2 problems")
    #expect(more[0].note?.hasPrefix("1 added") == true)
    #expect(Baseline.changes(from: two, to: nil, path: "b").first?.note?.hasPrefix("2 gone") == true)
  }
}

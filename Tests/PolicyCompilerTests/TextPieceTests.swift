import Testing

@testable import PolicyCompiler

/// Small pieces of text: names that were meant, placeholders, templates, sentences, what is safe to print, JSON.
@Suite struct TextPieceTests {
  @Test(
    arguments: [
      ("analist", ["analyst", "analytics"], "analyst"), ("Analyst", ["analyst"], "analyst"), ("prd", ["prod", "dev"], "prod"),
      ("pord", ["prod"], "prod"), ("rja", ["ana", "raj"], "raj"),
      ("users", ["groups"], nil), ("", ["a"], nil), ("x", [], nil), ("ab", ["ba", "aa"], "aa"), ("production", ["prod"], nil),
      ("a", ["b"], "b"),
    ] as [(String, [String], String?)]) func theNearestNameIsWhatWasLikelyMeant(_ name: String, _ all: [String], _ expected: String?)
  {
    #expect(NearestName.nearest(name, among: all) == expected)
    #expect(NearestName.nearest(name, among: all.reversed()) == expected)
  }

  @Test(.timeLimit(.minutes(30))) func longNamesAreComparedInTime() {
    let many = (0..<2000).map { String(repeating: "x", count: 500) + String($0) }
    #expect(NearestName.nearest(String(repeating: "y", count: 500), among: many) == nil)
  }

  @Test(arguments: [
    ("dbt_${principal}", "dbt_ana"), ("${principal}${principal}", "anaana"), ("${environment}/${principal}", "dev/ana"),
    ("$principal ${user} $", "$principal ${user} $"), ("", ""),
    ("${${principal}}", "${ana}"), ("é${principal}é", "éanaé"),
  ]) func placeholdersAreFilledOnce(_ text: String, _ expected: String) {
    #expect(Placeholder.fill(text, principal: "ana", environment: "dev") == expected)
  }

  @Test func whatIsFilledInIsNotFilledAgain() {
    #expect(Placeholder.fill("${principal}", principal: "${principal}", environment: nil) == "${principal}")
    #expect(Placeholder.fill("${environment}", principal: "x", environment: nil) == "${environment}")
  }

  @Test(arguments: [
    ("{{ x }}", "{{", 0), ("a{%b", "{%", 1), ("{# x", "{#", 0), ("$(x)", "$(", 0), ("a$HOME", "$H", 1), ("${x}", "${", 0), ("é<%", "<%", 2),
    ("x }}", "}}", 2), ("${principal}{{", "{{", 12), ("${environment", "${", 0),
  ]) func templateSyntaxIsFound(_ text: String, _ piece: String, _ start: Int) {
    #expect(TemplateSyntax.find(in: text)?.piece == piece)
    #expect(TemplateSyntax.find(in: text)?.range.lowerBound == start)
  }

  @Test(arguments: ["", "plain", "{", "a { b } c", "$", "$5", "${principal}", "${environment}/x", "{x}", "<x>", "50%", "/models/{model}"])
  func otherTextIsNoTemplate(_ text: String) { #expect(TemplateSyntax.find(in: text) == nil) }

  @Test(arguments: [
    ("ana can read db/marts/orders", "ana", true, "read", "db/marts/orders"),
    ("  ana   cannot  write db/** ", "ana", false, "write", "db/**"), ("user:ana can read db/x", "user:ana", true, "read", "db/x"),
  ]) func sentencesSayWhoMayWhat(_ text: String, _ who: String, _ isAllowed: Bool, _ action: String, _ resource: String) throws {
    let it = try #require(TestSentence(text))
    #expect(it.principal == who && it.isAllowed == isAllowed && it.action == action && it.resource.text == resource)
    let bytes = Array(text.utf8)
    #expect(String(decoding: bytes[it.principalRange], as: UTF8.self) == who)
    #expect(String(decoding: bytes[it.actionRange], as: UTF8.self) == action)
    #expect(String(decoding: bytes[it.resourceRange], as: UTF8.self) == resource)
  }

  @Test(arguments: [
    "", "ana", "ana can read", "ana may read db/x", "ana can not read db/x", "ana can read db/x now", "ana can read db/?",
    "é can read db/x", "ana can 'read' db/x",
  ])
  func otherSentencesAreRefused(_ text: String) { #expect(TestSentence(text) == nil) }

  @Test func holdersMayComeThroughAConnection() {
    #expect(TestSentence.holder("ana")?.via == nil)
    #expect(TestSentence.holder("worker via transform")?.via?.name == "transform")
    #expect(TestSentence.holder("worker via transform")?.via?.range == 11..<20)
    #expect(TestSentence.holder("worker through transform") == nil && TestSentence.holder("") == nil)
  }

  @Test(arguments: [
    ("plain é 日", "plain é 日"), ("a\u{1B}[31mb", "a\\u{1b}[31mb"), ("a\nb", "a\\u{a}b"), ("\u{202E}x", "\\u{202e}x"),
    ("a\u{200B}", "a\\u{200b}"), ("::error::x", "\\:\\:error::x"),
    ("  ::error::x", "  \\:\\:error::x"), ("a ::b", "a ::b"), ("x ##[error]", "x ##\\[error]"), ("##vso[task]", "##vso\\[task]"),
    ("##teamcity[x]", "##teamcity\\[x]"), ("###[a] ## [b] ##a b[c] ##", "###\\[a] ## [b] ##a b[c] ##"),
    // With an accent behind it, a sign is another character, but the same bytes.
    ("##[\u{301}error]", "##\\[\u{301}error]"), ("::\u{301}error::", "\\:\\:\u{301}error::"), ("##vso[\u{301}", "##vso\\[\u{301}"),
    ("\u{7F}", "\\u{7f}"), ("\u{9B}31m", "\\u{9b}31m"),
  ]) func nobodysTextGivesATerminalOrARunnerOrders(_ text: String, _ expected: String) { #expect(SafeText.escaped(text) == expected) }

  @Test(arguments: [
    ("a\"b", "a''b"), ("a\"\u{301}b\"", "a''\u{301}b''"), ("\"", "''"), ("", ""), ("é", "é"), ("\r\n\"\u{200D}", "\r\n''\u{200D}"),
  ]) func textIsReplacedByBytes(_ text: String, _ expected: String) {
    let found = text.replacing(bytes: "\"", with: "''")
    #expect(found.utf8.elementsEqual(expected.utf8), "\(found)")
  }

  @Test func textIsReplacedAsOftenAsItIsAskedForAndTakenApartByBytes() {
    #expect("::a::b::".replacing(bytes: "::", with: "-", limit: 2) == "-a-b::")
    #expect(":::".replacing(bytes: "::", with: "-") == "-:")
    #expect("a\r\nb\n\u{301}c".split(byte: "\n").map { Array($0.utf8) } == ["a\r", "b", "\u{301}c"].map { Array($0.utf8) })
    #expect(
      "&a=1&\u{301}b".split(byte: "&").count == 3 && "".split(byte: "&") == [""] && "a=b=c".split(byte: "=", maxSplits: 1) == ["a", "b=c"])
  }

  @Test(arguments: [
    ("a\"b\\c", #""a\"b\\c""#), ("\n\r\t", #""\n\r\t""#), ("\u{0}\u{1F}\u{7F}\u{9F}", #""\u0000\u001f\u007f\u009f""#),
    ("\u{2028}\u{2029}", #""\u2028\u2029""#), ("é日😀/", "\"é日😀/\""), ("", "\"\""),
  ]) func stringsAreQuotedAsJSON(_ text: String, _ expected: String) { #expect(JSON.quoted(text) == expected) }

  @Test func objectsKeepTheirOrderAndSortedOnesAreInByteOrder() {
    #expect(JSON.members(["b": 1, "a": nil, "c": true]).line == #"{"b":1,"c":true}"#)
    #expect(JSON.sorted([("b", 1), ("a", 2), ("B", 3)]).line == #"{"B":3,"a":2,"b":1}"#)
    #expect(
      JSON.members(["x": ["y", .null], "e": .array([]), "o": .object([])]).text
        == "{\n  \"x\": [\n    \"y\",\n    null\n  ],\n  \"e\": [],\n  \"o\": {}\n}\n")
  }
}

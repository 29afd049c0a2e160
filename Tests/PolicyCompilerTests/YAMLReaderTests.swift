import Testing

@testable import PolicyCompiler

@Suite struct YAMLReaderTests {
  /// Every scalar of a text: what it says, and what its span covers.
  private static func scalars(_ text: String) throws -> [(text: String, covered: String)] {
    let bytes = Array(text.utf8)
    let read = YAMLReader.read(bytes, file: 0)
    let tree = try #require(read.value, "\(read.diagnostics.map(\.message))")
    return tree.nodes.indices.filter { tree.kind($0) == .scalar }.map { node in
      let span = tree.span(node)
      return (tree.text(node), String(decoding: bytes[Int(span.start)..<Int(span.end)], as: UTF8.self))
    }
  }

  @Test(arguments: [
    ("a: b", ["a", "b"], ["a", "b"]), ("é: ü # ö\nx: 日本", ["é", "ü", "x", "日本"], ["é", "ü", "x", "日本"]),
    ("\u{FEFF}é: b", ["é", "b"], ["é", "b"]),
    ("a: b\r\nc: d\r\n", ["a", "b", "c", "d"], ["a", "b", "c", "d"]), ("a: b\rc: d", ["a", "b", "c", "d"], ["a", "b", "c", "d"]),
    ("a: \"b\"", ["a", "b"], ["a", "\"b\""]), ("a: 'it''s'", ["a", "it's"], ["a", "'it''s'"]),
    (#"a: "\u00e9\n""#, ["a", "é\n"], ["a", #""\u00e9\n""#]),
    ("a: one\n  two", ["a", "one two"], ["a", "one\n  two"]), ("a: \"one\n  two\"", ["a", "one two"], ["a", "\"one\n  two\""]),
    ("a: |\n  one\n  two\n\nb: c", ["a", "one\ntwo\n", "b", "c"], ["a", "|\n  one\n  two", "b", "c"]),
    ("a: >-\n  one\n  two\n", ["a", "one two"], ["a", ">-\n  one\n  two"]),
    ("a:\nb: ~", ["a", "", "b", "~"], ["a", "", "b", "~"]), ("{a: , b: }", ["a", "", "b", ""], ["a", "", "b", ""]),
    ("- a # c\n- b", ["a", "b"], ["a", "b"]),
    ("a: &x é\nb: *x", ["a", "é", "b", "é"], ["a", "é", "b", "é"]),
    ("a: &x 'é'\nb: [*x, *x]", ["a", "é", "b", "é", "é"], ["a", "'é'", "b", "'é'", "'é'"]),
    ("a: &x\n  b: c\nd: *x", ["a", "b", "c", "d", "b", "c"], ["a", "b", "c", "d", "b", "c"]),
    ("é: &anker # &nicht\n  |\n  x\n", ["é", "x\n"], ["é", "|\n  x"]),
    (
      "a: yes\nb: 0x10\nc: 1e3\nd: 2026-01-01", ["a", "yes", "b", "0x10", "c", "1e3", "d", "2026-01-01"],
      ["a", "yes", "b", "0x10", "c", "1e3", "d", "2026-01-01"]
    ),
    ("a: b\n---\nc: d\n...\n---\ne: f", ["a", "b", "c", "d", "e", "f"], ["a", "b", "c", "d", "e", "f"]), ("", [], []),
    ("# only a comment", [], []),
  ]) func everyScalarKnowsItsTextAndItsPlace(_ yaml: String, _ texts: [String], _ covered: [String]) throws {
    let found = try Self.scalars(yaml)
    #expect(found.map(\.text) == texts)
    #expect(found.map(\.covered) == covered)
  }

  @Test(arguments: [
    ("a:\n  b: c\n\n# a comment\nd: e", ["a:\n  b: c\n\n# a comment\nd: e", "b: c"]), ("a: { b: c } # x", ["a: { b: c }", "{ b: c }"]),
    ("a:\n- b\n- c\n\n", ["a:\n- b\n- c", "- b\n- c"]),
    ("a: &x { b: c }", ["a: &x { b: c }", "{ b: c }"]), ("a: &x\n  b: c\n", ["a: &x\n  b: c", "b: c"]),
  ]) func collectionsEndWhereTheirLastValueDoes(_ yaml: String, _ covered: [String]) throws {
    let bytes = Array(yaml.utf8)
    let tree = try #require(YAMLReader.read(bytes, file: 0).value)
    let found = tree.nodes.indices.filter { tree.kind($0) != .scalar }.map {
      String(decoding: bytes[Int(tree.span($0).start)..<Int(tree.span($0).end)], as: UTF8.self)
    }
    #expect(found == covered)
  }

  @Test func pairsAndItemsSkipWhatIsBelowThem() throws {
    let tree = try #require(YAMLReader.read(Array("a: { x: [1, { y: 2 }], z: 3 }\nb: [4]\nc: 5".utf8), file: 0).value)
    let root = SyntaxNode(tree: tree, id: tree.roots[0])
    #expect(root.pairs.map(\.key.text) == ["a", "b", "c"])
    #expect(root.pairs[0].value.pairs.map(\.key.text) == ["x", "z"])
    #expect(root.pairs[0].value.pairs[0].value.items.count == 2)
    #expect(root.value(of: "c")?.items.map(\.text) == ["5"], "one item may stand alone")
    #expect(root.value(of: "d") == nil)
  }

  @Test(arguments: [
    ("~", true), ("null", true), ("Null", true), ("NULL", true), ("''", false), ("\"null\"", false), ("nULL", false), ("none", false),
    ("", true),
  ])
  func onlyPlainNullsAreNothing(_ value: String, _ expected: Bool) throws {
    let tree = try #require(YAMLReader.read(Array("a: \(value)".utf8), file: 0).value)
    #expect(SyntaxNode(tree: tree, id: tree.roots[0]).pairs[0].value.isNull == expected)
  }

  @Test func partsOfATextAreFoundInItsQuotes() throws {
    let bytes = Array("é: \"abc\"".utf8)
    let tree = try #require(YAMLReader.read(bytes, file: 0).value)
    let node = SyntaxNode(tree: tree, id: tree.roots[0]).pairs[0].value
    #expect(node.span(ofPart: 1..<2).start == 6 && node.span(ofPart: 1..<99).end == 8)
  }

  @Test(
    arguments: [
      ("a: 1\na: 2", [DiagnosticCode.duplicateKey]), ("{a: 1, \"a\": 2}", [.duplicateKey]),
      ("{a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, a: 10}", [.duplicateKey]),
      ("a: 1\nA: 2", []), ("a: !x 1", [.unsupportedYAML]), ("<<: {}", [.unsupportedYAML]), ("[a]: 1", [.unsupportedYAML]),
      ("a: *b", [.unknownAlias]), ("a: &b [*b]", [.aliasBounds]),
      ("a: [", [.malformedYAML]), ("a:\n\tb: c", [.tabIndentation]), (String(repeating: "[", count: 65), [.tooDeep]),
      ("a\u{0}", [.hiddenCharacter]), ("a: b\u{200D}", [.hiddenCharacter]),
    ] as [(String, [DiagnosticCode])]) func whatPoliciesDoWithoutIsReported(_ yaml: String, _ codes: [DiagnosticCode])
  {
    #expect(YAMLReader.read(Array(yaml.utf8), file: 0).diagnostics.map(\.code) == codes)
  }

  // MARK: Bytes

  @Test(
    arguments: [
      ([0x7F], nil), ([0xC3, 0xA9], 0xE9), ([0xE2, 0x82, 0xAC], 0x20AC), ([0xF0, 0x9F, 0x98, 0x80], 0x1F600),
      ([0xF4, 0x8F, 0xBF, 0xBF], 0x10FFFF), ([0xEF, 0xBF, 0xBF], 0xFFFF),
      ([0x80], nil), ([0xC0, 0xAF], nil), ([0xC1, 0xBF], nil), ([0xC3], nil), ([0xC3, 0x28], nil), ([0xE0, 0x80, 0x80], nil),
      ([0xED, 0xA0, 0x80], nil), ([0xF0, 0x80, 0x80, 0x80], nil),
      ([0xF4, 0x90, 0x80, 0x80], nil), ([0xF5, 0x80, 0x80, 0x80], nil), ([0xFF], nil), ([0xE2, 0x82], nil),
    ] as [([UInt8], UInt32?)]) func charactersAreDecodedStrictly(_ bytes: [UInt8], _ expected: UInt32?)
  {
    guard bytes != [0x7F] else { return #expect(SourceText.scalar(bytes, at: 0)?.0 == 0x7F) }
    let found = SourceText.scalar(bytes, at: 0)
    #expect(found?.0 == expected && (expected == nil || found?.1 == bytes.count))
  }

  @Test func everyCharacterDecodesToItself() {
    for value in stride(from: UInt32(0), through: 0x10FFFF, by: 7) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let bytes = Array(String(Character(scalar)).utf8)
      let found = SourceText.scalar(bytes, at: 0)
      #expect(found?.0 == value && found?.1 == bytes.count)
    }
  }

  @Test func hiddenCharactersAreListedUpToAHundred() {
    let many = SourceText.check(Array(String(repeating: "\u{200B}", count: 500).utf8), file: 0)
    #expect(many.problems.count == 100 && !many.isReadable)
    let mark = SourceText.check(Array("\u{FEFF}a".utf8), file: 0)
    #expect(mark.problems.isEmpty && mark.isReadable && !mark.isASCII)
  }

  // MARK: Places

  @Test(arguments: [
    ("abc\ndef", 5, 2, 2, "def"), ("abc\r\ndef", 5, 2, 1, "def"), ("abc\rdef", 4, 2, 1, "def"), ("é日x", 5, 1, 3, "é日x"),
    ("\u{FEFF}abc", 3, 1, 1, "abc"), ("abc\n", 4, 2, 1, ""),
    ("abc", 99, 1, 4, "abc"), ("", 0, 1, 1, ""), ("\n\nx", 2, 3, 1, "x"), ("a\n\u{FEFF}b", 5, 2, 2, "\u{FEFF}b"),
  ]) func linesAndColumnsCountCharactersFromOne(_ text: String, _ offset: Int, _ line: Int, _ column: Int, _ shown: String) {
    let sources = SourceMap([SourceFile(path: "a.yaml", text: text)])
    let span = SourceSpan(file: 0, start: UInt32(offset), end: UInt32(offset))
    #expect(sources.start(of: span) == .init(path: "a.yaml", line: line, column: column))
    #expect(sources.line(of: span) == shown)
  }

  @Test func placesInLongFilesAreThoseThatCountingFinds() {
    let text = String(repeating: "é: \"日本 x\"\r\nabc\n\n", count: 300) + String(repeating: "é", count: 3000)
    let sources = SourceMap([SourceFile(path: "a.yaml", text: text)])
    let bytes = Array(text.utf8)
    var (line, column) = (1, 1)
    for index in bytes.indices {
      if bytes[index] & 0xC0 != 0x80 {
        let found = sources.start(of: SourceSpan(file: 0, start: UInt32(index), end: UInt32(index)))
        #expect(found.line == line && found.column == column)
        if bytes[index] == 0x0A { (line, column) = (line + 1, 1) } else { column += 1 }
      }
    }
  }
}

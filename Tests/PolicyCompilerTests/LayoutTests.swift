import Foundation
import TestSupport
import Testing

@testable import PolicyCompiler

/// `writ fmt`: what the canonical layout is, and what it never touches.
@Suite struct LayoutTests {
  static func formatted(_ text: String) -> String? {
    guard case .formatted(let bytes) = PolicyLayout.format(Array(text.utf8)) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A rule of the layout: what is written, and what becomes of it.
  struct Rule: Sendable, CustomTestStringConvertible {
    let name: String
    let written: String
    let expected: String
    var testDescription: String { name }

    init(_ name: String, _ written: String, _ expected: String) {
      self.name = name
      self.written = written
      self.expected = expected
    }
  }

  @Test(arguments: rules) func aRuleHoldsAndHoldsAgain(_ rule: Rule) {
    #expect(Self.formatted(rule.written) == rule.expected)
    #expect(Self.formatted(rule.expected) == rule.expected, "not idempotent")
  }

  static let rules: [Rule] = [
    // Indentation
    Rule("four spaces become two", "a:\n    b:\n        c: d\n    e: f\n", "a:\n  b:\n    c: d\n  e: f\n"),
    Rule("one space becomes two", "a:\n b:\n  c: d\n e: f\n", "a:\n  b:\n    c: d\n  e: f\n"),
    Rule("a list is indented below its key", "a:\n- b\n- c\nd: e\n", "a:\n  - b\n  - c\nd: e\n"),
    Rule("a list in a list", "- - a\n  -   b\n-\n  - c\n", "- - a\n  - b\n-\n  - c\n"),
    Rule("a mapping in a list", "a:\n-   b: c\n    d:\n    - e\n-   f: g\n", "a:\n  - b: c\n    d:\n      - e\n  - f: g\n"),
    Rule("a mapping on the line below its -", "-\n    b: c\n    d: e\n", "-\n  b: c\n  d: e\n"),
    Rule("a value on a line of its own", "a:\n      b\nc:\n      { d: e }\n", "a:\n  b\nc:\n  { d: e }\n"),
    Rule("the whole file is indented", "  a: b\n  c: d\n", "a: b\nc: d\n"),
    Rule("explicit keys", "?   a\n:   b\n? c\n:\n   - d\n", "? a\n: b\n? c\n:\n  - d\n"),
    Rule("anchors before keys and below them", "a: &x\n    b: c\n&y  d:   *x\ne: {*y :   f}\n", "a: &x\n  b: c\n&y d: *x\ne: { *y : f }\n"),
    // Spaces
    Rule("spaces around colons", "a:    b\nc :  d\n\"e\"   : f\n", "a: b\nc: d\n\"e\": f\n"),
    Rule("tabs between tokens", "a:\tb\t# c\n", "a: b # c\n"),
    Rule("spaces at the ends of lines", "a: b   \n# c  \t\nd: e\t\n", "a: b\n# c\nd: e\n"),
    Rule("brackets and braces", "a: [ b,c , d ]\ne: {f: g,h:   i}\nj: { }\nk: [ ]\n", "a: [b, c, d]\ne: { f: g, h: i }\nj: {}\nk: []\n"),
    Rule("values that are empty in braces", "a: {b: , c: }\nd: { e, f }\n", "a: { b: , c: }\nd: { e, f }\n"),
    Rule("one pair in brackets", "a: [b :  c, ? d : e]\n", "a: [b: c, ? d: e]\n"),
    Rule("keys in quotes right before a value", "{\"a\":b,\"c\":[\"d\"]}\n", "{ \"a\": b, \"c\": [\"d\"] }\n"),
    Rule("an idle comma", "a: [b, c, ]\nd: {e: f,}\n", "a: [b, c]\nd: { e: f }\n"),
    Rule("an idle comma at the end of a line stays", "a: [\n  b,\n  c,\n]\n", "a: [\n  b,\n  c,\n]\n"),
    Rule("anchors and aliases in brackets", "a: [&x  b,*x ,&y c]\n", "a: [&x b, *x, &y c]\n"),
    // Lines
    Rule("empty lines", "\n\n\na: b\n\n\n\nc: d\n\n\n", "a: b\n\nc: d\n"),
    Rule("no line break at the end", "a: b", "a: b\n"),
    Rule("carriage returns", "a: b\r\n# c\r\n\r\n\r\nd: |\r\n  e\r\n  f\r\n", "a: b\n# c\n\nd: |\n  e\n  f\n"),
    Rule("a byte order mark", "\u{FEFF}a: b\n", "a: b\n"),
    Rule("nothing", "", ""), Rule("nothing but space", "\n  \n\n", ""), Rule("nothing but a comment", "\n   # a\n\n\n# b", "# a\n\n# b\n"),
    Rule(
      "brackets over several lines", "a: [b,\n       c,\n  d\n    ]\ne:\n  - f: {\n   g: h,\n       i: [\n j\n]\n}\n",
      "a: [b,\n  c,\n  d\n]\ne:\n  - f: {\n      g: h,\n      i: [\n        j\n      ]\n    }\n"),
    Rule("brackets that open together", "a: [{\nb: c\n    },{\nd: e\n}]\n", "a: [{\n  b: c\n}, {\n  d: e\n}]\n"),
    Rule("long lines stay", "a: [\(String(repeating: "b, ", count: 80))c]\n", "a: [\(String(repeating: "b, ", count: 80))c]\n"),
    // Comments
    Rule("a comment behind a value", "a: b     # c\nd:   # e\n  - f   #g\n", "a: b # c\nd: # e\n  - f #g\n"),
    Rule("comments in one column", "a: b      # c\nlong: def # e\nf: g # h\n", "a: b      # c\nlong: def # e\nf: g # h\n"),
    Rule("comments in one column further right", "a: b          # c\nlong: d       # e\n", "a: b    # c\nlong: d # e\n"),
    Rule("a comment that goes on", "a: b      # c\n          # d\n\n# e\nf: g\n", "a: b # c\n     # d\n\n# e\nf: g\n"),
    Rule(
      "a comment belongs to what comes", "a:\n# b\n    c: d\n    # e\n    f: g\n# h\ni: j\n",
      "a:\n  # b\n  c: d\n  # e\n  f: g\n# h\ni: j\n"),
    Rule("a comment at the end of a mapping", "a:\n    b: c\n    # d\ne: f\n    # g\n", "a:\n  b: c\n  # d\ne: f\n# g\n"),
    Rule("a mapping of nothing but comments", "a:\n    # b: c\n    # d: e\nf: g\n", "a:\n  # b: c\n  # d: e\nf: g\n"),
    Rule("comments in a list", "a:\n# b\n- c\n# d\n- e\n  # f\ng: h\n", "a:\n  # b\n  - c\n  # d\n  - e\n  # f\ng: h\n"),
    Rule("comments in brackets", "a: [ # b\n# c\n  d,   # e\n       # f\n]\n", "a: [ # b\n  # c\n  d, # e\n     # f\n]\n"),
    Rule("comments at the end", "a:\n  b:\n    c: d\n    # e\n  # f\n# g", "a:\n  b:\n    c: d\n    # e\n  # f\n# g\n"),
    Rule("a comment in another script", "é: 日本     # ü\nab: cd     # x\n", "é: 日本 # ü\nab: cd # x\n"),
    // Texts
    Rule("single quotes", "a: 'b c'\nd: 'it''s'\ne: 'say \"f\"'\ng: '\\d'\n", "a: \"b c\"\nd: 'it''s'\ne: 'say \"f\"'\ng: '\\d'\n"),
    Rule("quotes stay", "a: \"yes\"\nb: yes\nc: \"1\"\n", "a: \"yes\"\nb: yes\nc: \"1\"\n"),
    Rule("a plain text over several lines", "a: b\n      c\n\n\n  d   \ne: f\n", "a: b\n  c\n\n\n  d\ne: f\n"),
    Rule("a text on lines of its own", "a:\n      b\n     c\n", "a:\n  b\n  c\n"),
    Rule("a quoted text over several lines", "a: \"b\n    c \\\n    d\\ \n  e\"   # f\n", "a: \"b\n  c \\\n  d\\ \n  e\" # f\n"),
    Rule(
      "a block text", "a:\n    b: |\n            c\n              d\n\n\n            e  \n    f: g\n",
      "a:\n  b: |\n    c\n      d\n\n\n    e  \n  f: g\n"),
    Rule("a block text that begins with a space", "a:\n    b: |4-   # x\n          c\n        d\n", "a:\n  b: |2- # x\n      c\n    d\n"),
    Rule("empty lines that are kept", "a: |+\n    b\n\n\n\nc: >+\n    d\n\n\n", "a: |+\n  b\n\n\n\nc: >+\n  d\n\n\n"),
    Rule("empty lines that are not", "a: |\n    b\n\n\n\nc: >-\n    d\n\n\n", "a: |\n  b\n\nc: >-\n  d\n"),
    Rule("spaces that are text", "a: |\n    b\n      \n    c\n      \nd: e\n", "a: |\n  b\n    \n  c\n    \nd: e\n"),
    Rule("a block text that the file's end cuts off", "a: |\n    b", "a: |-\n  b\n"),
    Rule("a block text of nothing", "a: |\n\n\nb: |+\n\n\nc: d\n", "a: |\n\nb: |+\n\n\nc: d\n"),
    Rule("a block text in a list", "a:\n- |\n  b\n-   >\n      c\n\n      d\n", "a:\n  - |\n    b\n  - >\n    c\n\n    d\n"),
    Rule(
      "a comment below a block text", "a:\n  b: |\n    c\n    # d\n  # e\n# f\ng: h\n", "a:\n  b: |\n    c\n    # d\n  # e\n# f\ng: h\n"),
    // Documents
    Rule("markers", "%YAML 1.2\n---   # a\nb:    c\n...\n# d\n---\n\n\ne: f\n", "%YAML 1.2\n--- # a\nb: c\n...\n# d\n---\n\ne: f\n"),
    Rule("a value behind a marker", "---   {a: b}\n---  |\n c\n--- d\n  e\n", "--- { a: b }\n--- |\n  c\n--- d\n  e\n"),
    Rule("an indented comment before a marker", "a:\n    b: c\n    # d\n---\ne: f\n", "a:\n  b: c\n  # d\n---\ne: f\n"),
  ]

  @Test(arguments: ["a: [", "a:\n\tb: c", "a: 1\na: 2", "a: !x b", "<<: {}", "a\u{0}", "a: *b", "\u{FF}: \u{200B}"])
  func whatCannotBeReadIsLeftToItsAuthor(_ text: String) {
    guard case .unreadable(let problems) = PolicyLayout.format(Array(text.utf8)) else { return #expect(Bool(false), "\(text)") }
    #expect(problems.hasErrors)
  }

  // MARK: All there is

  /// Every YAML file of the project that can be read.
  static let files: [String] = {
    let all = (try? Golden.files(below: Golden.root)) ?? [:]
    return all.keys.filter { path in
      (path.hasSuffix(".yaml") || path.hasSuffix(".yml")) && !path.split(separator: "/").contains { $0.hasPrefix(".") }
    }.sorted()
  }()

  private static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: Golden.root.appending(path: path))) }

  @Test func everyFileOfTheProjectIsTheSameAfterwards() throws {
    #expect(Self.files.count > 300)
    var unchanged = 0
    for path in Self.files {
      let bytes = try Self.bytes(path)
      switch PolicyLayout.format(bytes) {
      case .unreadable: continue
      case .unsure: Issue.record("\(path) cannot be formatted")
      case .formatted(let result):
        Self.expectSame(bytes, result, "\(path)")
        if bytes == result { unchanged += 1 }
      }
    }
    #expect(unchanged > 100)
  }

  /// Means the same, keeps its comments, and is formatted already.
  static func expectSame(
    _ old: [UInt8], _ new: [UInt8], _ name: @autoclosure () -> String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard let one = YAMLReader.read(old, file: 0).value, let other = YAMLReader.read(new, file: 0).value else {
      Issue.record("\(name()) cannot be read any more", sourceLocation: sourceLocation)
      return
    }
    #expect(PolicyLayout.isSame(one, other), "\(name()) means something else", sourceLocation: sourceLocation)
    #expect(comments(old) == comments(new), "\(name()) has other comments", sourceLocation: sourceLocation)
    guard case .formatted(let again) = PolicyLayout.format(new) else {
      Issue.record("\(name()) cannot be formatted again", sourceLocation: sourceLocation)
      return
    }
    #expect(
      again == new, "\(name()) is formatted otherwise the second time:\n\(String(decoding: old, as: UTF8.self))",
      sourceLocation: sourceLocation)
  }

  /// Found without the formatter's own eyes: whatever stands behind a `#` after white space, quotes and texts included.
  private static func comments(_ bytes: [UInt8]) -> [String] {
    bytes.split { $0 == 0x0A || $0 == 0x0D }.map { String(decoding: $0, as: UTF8.self) }.compactMap { line in
      guard let match = line.firstMatch(of: /(^|[ \t,\[\]{}])(#.*)$/) else { return nil }
      var text = String(match.2)
      while text.last?.isWhitespace ?? false { text.removeLast() }
      // Quotes and spaces before a second `#` are the formatter's.
      return String(text.filter { !" \t'\"".contains($0) })
    }
  }

  /// The same problems are found at the same things.
  @Test func formattedMistakesAreTheSameMistakes() throws {
    let base = SourceFile(path: "policies/base.yaml", bytes: try Self.bytes("Tests/PolicyCompilerTests/Mistakes/base.yaml"))
    var count = 0
    for mistake in MistakeTests.mistakes {
      let bytes = try Self.bytes("Tests/PolicyCompilerTests/Mistakes/\(mistake).yaml")
      guard case .formatted(let result) = PolicyLayout.format(bytes), result != bytes else { continue }
      func messages(_ bytes: [UInt8]) -> [String] {
        Compiling.diagnostics([base, SourceFile(path: "policies/mistake.yaml", bytes: bytes)]).diagnostics.map {
          "\($0.code) \($0.message)"
        }
        .sorted()
      }
      #expect(messages(bytes) == messages(result), "\(mistake)")
      count += 1
    }
    #expect(count > 3)
  }

  // MARK: Whatever layout

  /// Policies as people might have laid them out, and damaged: what can be read means the same afterwards.
  @Test(arguments: 0..<8) func anyLayoutMeansTheSameAfterwards(_ batch: Int) throws {
    let files = try Self.files.filter { $0.hasPrefix("policies/") || $0.hasPrefix("examples/") || $0.contains("/fine/") }.map(Self.bytes)
    var (formatted, changed) = (0, 0)
    for index in 0..<150 {
      let seed = UInt64(batch * 150 + index)
      var generator = SeededGenerator(seed: seed)
      var bytes = files[Int.random(in: 0..<files.count, using: &generator)]
      for _ in 0..<Int.random(in: 1...12, using: &generator) { LayoutMutation.mutate(&bytes, &generator) }
      if Int.random(in: 0..<4, using: &generator) == 0 { Mutilation.mutilate(&bytes, &generator) }
      switch PolicyLayout.format(bytes) {
      case .unreadable: continue
      case .unsure:
        // A text that would be a marker at the beginning of a line.
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains(/(?m)^ +(---|\.\.\.)/), "seed \(seed) cannot be formatted:\n\(text)")
      case .formatted(let result):
        formatted += 1
        if result != bytes { changed += 1 }
        Self.expectSame(bytes, result, "seed \(seed)")
      }
    }
    #expect(formatted > 40 && changed > 30, "\(formatted) formatted, \(changed) changed")
  }
}

import Testing

@testable import PolicyCompiler

/// What of a line may be shown: nothing that stands behind, or below, a key that speaks of a secret.
@Suite struct SecretMaskTests {
  /// A field that is new takes part in this by its name, or has to be named.
  @Test func everyFieldThatTakesAReferenceIsHidden() {
    var shapes: [Shape] = SystemType.union(of: \.connectionFields).map(\.shape)
    var names = SystemType.union(of: \.connectionFields).filter(Self.takesReference).map(\.name)
    while let shape = shapes.popLast() {
      switch shape {
      case .record(let record):
        names += record.fields.filter(Self.takesReference).map(\.name)
        shapes += record.fields.map(\.shape)
      case .list(let item): shapes.append(item)
      case .map(_, let item), .either(_, let item): shapes.append(item)
      default: continue
      }
    }
    #expect(names.count > 20)
    for name in names { #expect(SecretWords.mayHide(Array("\(name):".utf8), name.utf8.count), "\(name)") }
  }

  private static func takesReference(_ field: Field) -> Bool { if case .scalar(.reference) = field.shape { true } else { false } }

  /// A line or a file that begins the same thing again and again is read once, not once for each beginning.
  @Test(arguments: [
    "password:", "password: ", "password: a ", "password: {", "password: [{", "password: }, ", "password: A_", "password:\"",
    "password: 'a''",
    "password:&a:", "password: & ", "password: !x ", "password: \"a\\\"", "password: |", "password\n", "password:\n", "- password:\n  ",
    "password: \"\n", "? password\n: ", "password: a, b: ", "}", "{password: }", "a: b\n",
  ]) func repetitionIsNoTrouble(_ piece: String) {
    let bytes = Array(("x: { " + String(repeating: piece, count: (64 << 10) / piece.utf8.count)).utf8)
    let sources = SourceMap([SourceFile(path: "a.yaml", bytes: bytes)])
    let span = SourceSpan(file: 0, start: 0, end: 1)
    for code in [DiagnosticCode.malformedYAML, .unknownField] {
      let mask = SecretMask([Diagnostic(code, "x", at: span)], sources)
      _ = mask.text(0..<bytes.count, of: 0..<bytes.count, bytes, span: span, mayShow: false)
    }
  }

  /// Neither are many secrets in one text, nor one text in many places.
  @Test func manySecretsInATextAreNoTrouble() {
    var lines = ""
    for seed in 0..<4000 { lines += "  gh" + "p_\(SecretScanTests.random(36, seed: UInt64(seed)))\n" }
    let aliases = String(repeating: "- *a\n", count: 4000)
    let source = SearchedSource(Array("- &a |\n\(lines)\(aliases)".utf8), file: 0)
    #expect(source.findings.count == 4000)
    let escaped = SearchedSource(
      Array("- &a \"gh\\x70_\(SecretScanTests.random(36, seed: 1)) \(lines.replacing("\n", with: ""))\"\n\(aliases)".utf8), file: 0)
    // The escaped one looks random as it is written; the others are errors already.
    #expect(escaped.findings.count == 4001 && escaped.findings.count(where: \.isCertain) == 4000)
  }
}

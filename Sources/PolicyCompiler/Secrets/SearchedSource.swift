/// A file's YAML with its secrets found and written over before anything is made of it: no later stage can repeat what it
/// never held.
///
/// Only what its form tells is written over. What merely looks random, and what its line says to be none, may be meant.
struct SearchedSource {
  /// The bytes that people may see.
  private(set) var shown: [UInt8]
  private(set) var findings: [SecretFinding]
  var tree: SyntaxTree?
  let diagnostics: [Diagnostic]

  init(_ bytes: [UInt8], file: Int32) {
    // Larger files are not read as policy.
    findings = bytes.count <= SourceText.maximumBytes ? SecretScan.findings(bytes) : []
    shown = bytes
    if findings.contains(where: Self.isHidden) { MaskedText.hide(findings.filter(Self.isHidden), in: &shown) }
    let read = YAMLReader.read(shown, file: file)
    tree = read.value
    diagnostics = read.diagnostics
    if let read = read.value, !read.texts.isEmpty { decoded(read) }
  }

  /// Whether nobody needs it as it stands.
  static func isHidden(_ finding: SecretFinding) -> Bool { finding.isCertain && !finding.isMarked }

  /// What escapes and folded lines make of a text may be a secret, too.
  private mutating func decoded(_ tree: SyntaxTree) {
    var texts = tree.texts
    var hasSecret = false
    for node in tree.nodes where node.kind == .scalar && node.link > 0 {
      let text = Array(texts[Int(node.link) - 1].utf8)
      let inside = SecretScan.findings(text)
      guard !inside.isEmpty else { continue }
      let range = Int(node.start)..<max(Int(node.start), Int(node.end))
      let isKnown = findings.contains { $0.range.overlaps(range) }
      let kind = inside.first(where: \.isCertain) ?? inside[0]
      let finding = SecretScan.marked(SecretFinding(kind.kind, range), shown)
      if !isKnown { findings.append(finding) }
      guard !finding.isMarked, kind.isCertain else { continue }
      var hidden = text
      MaskedText.hide(inside.filter(\.isCertain), in: &hidden)
      texts[Int(node.link) - 1] = String(decoding: hidden, as: UTF8.self)
      hasSecret = true
      if !isKnown { MaskedText.hide(CollectionOfOne(SecretFinding(.random, range)), in: &shown) }
    }
    guard hasSecret else { return }
    self.tree = SyntaxTree(file: tree.file, bytes: tree.bytes, nodes: tree.nodes, texts: texts, roots: tree.roots)
  }
}

extension SourceMap {
  /// The same places in files whose secrets are written over.
  package func masked() -> SourceMap {
    SourceMap(
      ordered: files.map { file in
        let found = SecretScan.findings(file.bytes).filter(SearchedSource.isHidden)
        guard !found.isEmpty else { return file }
        var bytes = file.bytes
        MaskedText.hide(found, in: &bytes)
        return SourceFile(path: file.path, bytes: bytes)
      })
  }

  /// The same, of files that have been searched.
  func shown(_ documents: [PolicyDocument]) -> SourceMap {
    guard documents.contains(where: { $0.shown != nil }) else { return self }
    return SourceMap(
      ordered: zip(files, documents).map { file, document in document.shown.map { SourceFile(path: file.path, bytes: $0) } ?? file })
  }
}

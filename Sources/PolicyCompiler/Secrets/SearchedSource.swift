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
  ///
  // INVARIANT: where a text is written over, there is a certain finding about it: an error, so nothing is rendered from it.
  private mutating func decoded(_ tree: SyntaxTree) {
    var texts = tree.texts
    var (isChanged, more, better) = (false, [SecretFinding](), Set<Range<Int>>())
    // An alias is a node of its own with the same text.
    var isJudged = [Bool](repeating: false, count: texts.count)
    for node in tree.nodes where node.kind == .scalar && node.link > 0 && !isJudged[Int(node.link) - 1] {
      isJudged[Int(node.link) - 1] = true
      let text = Array(texts[Int(node.link) - 1].utf8)
      let inside = SecretScan.findings(text)
      guard !inside.isEmpty else { continue }
      let range = Int(node.start)..<max(Int(node.start), Int(node.end))
      let known = findings(in: range)
      // What stands in the file as well has been judged there.
      let judged = Set(known.map { Self.solid(shown[$0.hidden]) })
      let fresh = inside.filter { !judged.contains(Self.solid(text[$0.hidden])) }
      guard let kind = fresh.first(where: \.isCertain) ?? fresh.first else { continue }
      let finding = SecretScan.marked(SecretFinding(kind.kind, range), shown)
      guard kind.isCertain, !finding.isMarked else {
        if known.isEmpty { more.append(finding) }
        continue
      }
      // The form of what it is read as says more than the looks of what it is written as.
      if !known.contains(where: Self.isHidden) {
        more.append(finding)
        for it in known where !it.isCertain && !it.isMarked { better.insert(it.range) }
      }
      var hidden = text
      MaskedText.hide(fresh.filter(\.isCertain), in: &hidden)
      texts[Int(node.link) - 1] = String(decoding: hidden, as: UTF8.self)
      isChanged = true
      MaskedText.hide(CollectionOfOne(SecretFinding(.random, range)), in: &shown)
    }
    if !more.isEmpty {
      findings = (findings.filter { !better.contains($0.range) } + more).sorted { $0.range.lowerBound < $1.range.lowerBound }
    }
    if isChanged { self.tree = SyntaxTree(file: tree.file, bytes: tree.bytes, nodes: tree.nodes, texts: texts, roots: tree.roots) }
  }

  /// What was found in a range of the file.
  private func findings(in range: Range<Int>) -> ArraySlice<SecretFinding> {
    var (low, high) = (0, findings.count)
    while low < high {
      let middle = (low + high) / 2
      if findings[middle].range.upperBound <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    return findings[low...].prefix { $0.range.lowerBound < range.upperBound }
  }

  /// A text without white space, of which a file has more than what is read from it.
  private static func solid(_ bytes: ArraySlice<UInt8>) -> [UInt8] { bytes.filter { $0 > 0x20 } }
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

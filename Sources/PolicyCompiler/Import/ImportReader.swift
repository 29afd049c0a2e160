/// Reads another tool's YAML value by value: what is not of the shape that its format has is reported, and left out.
struct ImportReader {
  /// The format's name, for messages.
  let format: String
  /// An import is read once and worked through, so there may be more of them than of a policy's problems.
  private var problems = ProblemList(limit: 20_000)

  init(format: String) { self.format = format }

  var all: [Diagnostic] { problems.all }

  mutating func report(_ problem: Diagnostic) {
    // With an error that is not shown nothing can get worse.
    if problems.isFull { problems.skip() } else { problems.append(problem) }
  }

  /// The mapping that a file holds; nil where it is empty or none, which is reported.
  mutating func root(_ source: SourceFile, file: Int32) -> SyntaxNode? {
    let read = SearchedSource(source.bytes, file: file)
    for finding in read.findings where !finding.isMarked { report(.secretLeftOut(finding, file: file)) }
    for problem in read.diagnostics { report(problem) }
    guard let tree = read.withoutSecrets(), let root = tree.roots.first else { return nil }
    if tree.roots.count > 1 {
      report(.importShape("\(format) reads one document of a file, and this is another", at: tree.span(tree.roots[1]).part(0..<1)))
    }
    let node = SyntaxNode(tree: tree, id: root)
    if node.isNull { return nil }
    guard node.isMapping else {
      report(.importShape("a file of \(format) is a mapping", at: node.span.part(0..<1)))
      return nil
    }
    return node
  }

  /// The pairs of a mapping; none where nothing stands there.
  mutating func pairs(_ node: SyntaxNode, of place: String) -> [(key: SyntaxNode, value: SyntaxNode)] {
    if node.isNull { return [] }
    guard node.isMapping else {
      report(.importShape("`\(place)` takes a mapping", at: node.shortSpan))
      return []
    }
    return node.pairs
  }

  /// The items of a list; none where nothing stands there.
  mutating func items(_ node: SyntaxNode, of place: String) -> [SyntaxNode] {
    if node.isNull { return [] }
    guard node.isSequence else {
      report(.importShape("`\(place)` takes a list", at: node.shortSpan))
      return []
    }
    return node.items
  }

  /// The items of a list of texts.
  mutating func texts(_ node: SyntaxNode, of place: String) -> [SyntaxNode] {
    items(node, of: place).filter { isText($0, of: place) }
  }

  /// A text; nil where nothing stands there.
  mutating func text(_ node: SyntaxNode, of place: String) -> String? {
    node.isNull || !isText(node, of: place) ? nil : node.text
  }

  /// A boolean, as YAML 1.1 and 1.2 write it: https://yaml.org/type/bool.html
  mutating func flag(_ node: SyntaxNode, of place: String) -> Bool? {
    if node.isNull { return nil }
    if node.isPlain {
      switch node.text.lowercased() {
      case "true", "yes", "on", "y": return true
      case "false", "no", "off", "n": return false
      default: break
      }
    }
    report(.importShape("`\(place)` takes `true` or `false`", at: node.shortSpan))
    return nil
  }

  /// A text for people, on one line.
  mutating func prose(_ node: SyntaxNode, of place: String) -> String {
    if node.isNull || node.isScalar && node.text.isEmpty { return "" }
    let words = text(node, of: place)?.unicodeScalars.split { $0.properties.isWhitespace || $0.value < 0x20 || $0.value == 0x7F } ?? []
    return words.map { String($0) }.joined(separator: " ")
  }

  /// A foreign name, to stand beside the name that it has here; nil where the language does not take it, which is reported.
  mutating func account(_ name: SyntaxNode) -> YAML? {
    if ImportOptions.isText(name.text) { return .string(name.text) }
    report(.withoutCounterpart("`\(name.text)` cannot be said as the name at the system, and is left out", at: name.span))
    return nil
  }

  private mutating func isText(_ node: SyntaxNode, of place: String) -> Bool {
    if node.isScalar, !node.isNull, !node.text.isEmpty { return true }
    report(.importShape(node.isScalar ? "`\(place)` has an empty item" : "`\(place)` takes texts", at: node.shortSpan))
    return false
  }
}

extension SyntaxNode {
  /// Its first line.
  fileprivate var shortSpan: SourceSpan { isScalar ? span : span.part(0..<firstLineLength) }
}

extension Diagnostic {
  /// What is not as its format says, so that nobody can tell what is meant.
  static func importShape(_ message: String, at span: SourceSpan, help: String? = nil, notes: [Note] = []) -> Self {
    Self(.importShape, message, at: span, notes: notes, help: help)
  }

  /// Access that cannot be said in Writ.
  static func withoutCounterpart(_ message: String, at span: SourceSpan, help: String? = nil, notes: [Note] = []) -> Self {
    Self(.withoutCounterpart, message, at: span, notes: notes, help: help)
  }

  /// What bears on no access.
  static func leftOut(_ message: String, at span: SourceSpan) -> Self { Self(.leftOut, message, at: span) }

  /// A field that the format does not have, or has had added since.
  static func unknownImportField(_ key: SyntaxNode, of place: String, among names: [String]) -> Self {
    let nearest = NearestName.nearest(key.text, among: names)
    return .withoutCounterpart(
      "`\(key.text)` of \(place) has no counterpart, and is left out", at: key.span, help: nearest.map { "was `\($0)` meant?" })
  }

  static func renamed(_ what: String, _ name: String, to new: String, because reason: String, at span: SourceSpan) -> Self {
    Self(.renamed, "\(what) `\(name)` is called `\(new)` here: \(reason)", at: span)
  }

  static func assumed(_ message: String, at span: SourceSpan?, help: String) -> Self { Self(.assumed, message, at: span, help: help) }

  static func nothingToImport(_ message: String, help: String) -> Self { Self(.nothingToImport, message, at: nil, help: help) }
}

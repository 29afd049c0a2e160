/// One policy file, read and matched against the shapes of the language.
package final class PolicyDocument: Sendable {
  /// One entry of a section. Its shape holds, but for what has been reported.
  package struct Declaration: Sendable {
    package let section: Section
    /// Nil for bindings, which have no names.
    package let name: SyntaxNode?
    package let value: SyntaxNode
  }

  package let tree: SyntaxTree?
  package let declarations: [Declaration]
  package let diagnostics: [Diagnostic]
  /// The file's number.
  package let file: Int32
  let path: String
  /// What looks like a secret in it, comments included.
  package let secrets: [SecretFinding]
  /// The bytes that people may see; nil where they may see all of them.
  let shown: [UInt8]?

  private init(
    _ source: SearchedSource, _ path: String, file: Int32, tree: SyntaxTree?, declarations: [Declaration], diagnostics: [Diagnostic]
  ) {
    self.tree = tree
    self.declarations = declarations
    self.diagnostics = diagnostics
    self.file = file
    self.path = path
    secrets = source.findings
    shown = source.findings.contains(where: SearchedSource.isHidden) ? source.shown : nil
  }

  /// Whether the file could be read at all, so that its names are known.
  package var isReadable: Bool { tree != nil }

  package static func parse(_ source: SourceFile, file: Int32, grammar: Grammar) -> PolicyDocument {
    parse(SearchedSource(source.bytes, file: file), source.path, file: file, grammar: grammar)
  }

  /// The same for what was read of a file.
  static func parse(_ read: SearchedSource, _ path: String, file: Int32, grammar: Grammar) -> PolicyDocument {
    guard let tree = read.tree else {
      return PolicyDocument(read, path, file: file, tree: nil, declarations: [], diagnostics: read.diagnostics)
    }
    var builder = Builder(matcher: ShapeMatcher(tree), grammar: grammar)
    for root in tree.roots { builder.document(root) }
    let annotated = builder.matcher.annotated()
    let declarations = builder.found.map { section, name, value in
      Declaration(
        section: section, name: name.map { SyntaxNode(tree: annotated, id: $0) }, value: SyntaxNode(tree: annotated, id: value))
    }
    return PolicyDocument(
      read, path, file: file, tree: annotated, declarations: declarations,
      diagnostics: read.diagnostics + ProblemList.joined([builder.problems, builder.matcher.problems]).all)
  }

  private struct Builder {
    var matcher: ShapeMatcher
    let grammar: Grammar
    var found: [(Section, name: Int?, value: Int)] = []
    var problems = ProblemList()

    mutating func document(_ root: Int) {
      let tree = matcher.tree
      if tree.isNull(root) { return }
      guard tree.kind(root) == .mapping else {
        problems.append(.notSections(at: tree.span(root)))
        return
      }
      for (key, value) in tree.pairs(root) {
        let name = tree.text(key)
        guard let section = Section.allCases.first(where: { $0.name == name }) else {
          problems.append(.unknownSection(name, at: tree.span(key)))
          continue
        }
        if tree.isNull(value) { continue }
        if section.isList { list(section, value) } else { mapping(section, value) }
      }
    }

    private mutating func list(_ section: Section, _ value: Int) {
      let tree = matcher.tree
      guard tree.kind(value) == .sequence else {
        problems.append(
          .wrongSection(
            section, expected: "a list: each binding begins with `-`", help: "write `- { role: …, to: […], in: […] }` for each",
            at: tree.span(value)))
        return
      }
      for item in tree.items(value) {
        if let shape = section.declaration, matcher.record(item, shape, place: section.name) || tree.kind(item) == .mapping {
          found.append((section, nil, item))
        }
      }
    }

    private mutating func mapping(_ section: Section, _ value: Int) {
      let tree = matcher.tree
      guard tree.kind(value) == .mapping else {
        problems.append(
          .wrongSection(
            section, expected: "a mapping from names to declarations",
            help: "write `<name>: …` for each\(tree.kind(value) == .sequence ? ", without `-`" : "")", at: tree.span(value)))
        return
      }
      for (key, value) in tree.pairs(value) {
        // Merge keys are refused where the YAML is read.
        if tree.text(key, is: "<<") { continue }
        matcher.match(key, .scalar(.name), place: section.name)
        let shape = section.declaration ?? artifact(value)
        matcher.match(value, .record(shape), place: "\(section.name).\(tree.text(key))")
        found.append((section, key, value))
      }
    }

    private func artifact(_ value: Int) -> RecordShape {
      let node = SyntaxNode(tree: matcher.tree, id: value)
      guard node.isMapping, let target = node.value(of: "target"), target.isScalar else { return grammar.anyArtifact }
      // Of an unknown target nothing but its name is wrong: its options cannot be judged.
      return grammar.artifacts[target.text] ?? grammar.unknownTarget(fields: node.pairs.map(\.key.text))
    }
  }
}

extension Grammar {
  fileprivate func unknownTarget(fields: [String]) -> RecordShape {
    let known = Set(ArtifactField.common.map(\.name))
    return RecordShape("artifact", "", ArtifactField.common + fields.filter { !known.contains($0) }.map { Field($0, .free, "") })
  }
}

extension Diagnostic {
  fileprivate static func notSections(at span: SourceSpan) -> Self {
    Self(
      .wrongKind, "a policy file is a mapping from sections to declarations", at: span, help: "begin with a section: `roles:`, `bindings:`")
  }

  fileprivate static func unknownSection(_ name: String, at span: SourceSpan) -> Self {
    let names = Section.allCases.map(\.name)
    let nearest = NearestName.nearest(name, among: names)
    return Self(
      .unknownSection, "there is no section `\(name)`", at: span, notes: nearest == nil ? [.init("the sections are \(listed(names))")] : [],
      help: nearest.map { "did you mean `\($0)`?" },
      fix: nearest.map { meant in
        // These give nothing to anybody, whatever stands in them.
        let isSafe = [Section.guardrails, .approvals, .tests].contains { $0.name == meant }
        return Fix(span: span, replacement: meant, isSafe: isSafe)
      })
  }

  fileprivate static func wrongSection(_ section: Section, expected: String, help: String, at span: SourceSpan) -> Self {
    Self(.wrongKind, "`\(section.name)` is \(expected)", at: span.part(0..<1), help: help)
  }
}

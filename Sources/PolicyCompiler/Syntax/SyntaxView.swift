/// A node together with its tree.
package struct SyntaxNode: Sendable {
  package let tree: SyntaxTree
  package let id: SyntaxTree.NodeID

  package var span: SourceSpan { tree.span(id) }
  package var text: String { tree.text(id) }
  package var isNull: Bool { tree.isNull(id) }
  package var isScalar: Bool { tree.kind(id) == .scalar }
  package var isMapping: Bool { tree.kind(id) == .mapping }
  package var isSequence: Bool { tree.kind(id) == .sequence }
  /// Whether a plain scalar, in which `true` and `5` may be more than text.
  package var isPlain: Bool { isScalar && tree.nodes[id].style == .plain }
  package var isQuoted: Bool { isScalar && tree.nodes[id].style == .quoted }

  /// Of a key: which field of its record it names; nil where there is none of that name.
  var field: Int? { tree.field(id) }

  package var items: [SyntaxNode] { tree.items(id).map { SyntaxNode(tree: tree, id: $0) } }

  package var pairs: [(key: SyntaxNode, value: SyntaxNode)] {
    tree.pairs(id).map { (SyntaxNode(tree: tree, id: $0.key), SyntaxNode(tree: tree, id: $0.value)) }
  }

  /// The span of a part of the text, counted in bytes of the text; the whole node where the text is not verbatim.
  package func span(ofPart range: Range<Int>) -> SourceSpan {
    guard let raw = tree.rawRange(id) else { return span }
    return SourceSpan(
      file: tree.file, start: UInt32(min(raw.lowerBound + range.lowerBound, raw.upperBound)),
      end: UInt32(min(raw.lowerBound + range.upperBound, raw.upperBound)))
  }

  /// The value of the field, where it was written and holds something.
  package func value(of name: String) -> SyntaxNode? {
    for (key, value) in tree.pairs(id) where tree.text(key) == name {
      return tree.isNull(value) ? nil : SyntaxNode(tree: tree, id: value)
    }
    return nil
  }

  /// The value of a JSON text, which is YAML too; nil where it cannot be read.
  package static func json(_ bytes: [UInt8]) -> SyntaxNode? {
    guard let tree = YAMLReader.read(bytes, file: 0).value, let root = tree.roots.first else { return nil }
    return SyntaxNode(tree: tree, id: root)
  }

  /// The key under which the field stands.
  package func key(of name: String) -> SyntaxNode? {
    for (key, _) in tree.pairs(id) where tree.text(key) == name { return SyntaxNode(tree: tree, id: key) }
    return nil
  }

  /// Whether a key of this record names no field, but looks as if this one had been meant: it has been reported, so the
  /// field is not missing as well.
  package func misspells(_ field: String) -> Bool {
    pairs.contains { $0.key.field == nil && NearestName.nearest($0.key.text, among: [field]) != nil }
  }

  package func record<Key: FieldKey>(_: Key.Type) -> RecordView<Key> { RecordView(node: self) }
}

/// A mapping whose shape has been matched, read field by field.
package struct RecordView<Key: FieldKey>: Sendable {
  package let node: SyntaxNode

  package var span: SourceSpan { node.span }

  /// The field's value; nil where it was left out or empty.
  package subscript(key: Key) -> SyntaxNode? {
    let tree = node.tree
    for (name, value) in tree.pairs(node.id) where tree.field(name) == key.rawValue {
      return tree.isNull(value) ? nil : SyntaxNode(tree: tree, id: value)
    }
    return nil
  }

  /// The field's items: one standing alone counts as a list of one.
  package func items(_ key: Key) -> [SyntaxNode] { self[key]?.items ?? [] }
}

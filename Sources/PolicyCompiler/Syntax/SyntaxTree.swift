/// The YAML of one file as a flat arena: sixteen bytes a node, in the order of the text, every node with its place.
///
/// A mapping's children follow it as key, value, key, value; a node's `next` skips what is below it. Aliases are
/// expanded when the file is read (within bounds), so that no reader ever meets one.
package final class SyntaxTree: Sendable {
  package struct Node: Sendable {
    /// The bytes of the node in the file, quotes included.
    var start: UInt32
    var end: UInt32
    /// Of a collection: the index after its last descendant. Of a scalar: one more than its index in `texts`, or 0
    /// where the text is what stands in the file.
    var link: UInt32
    var bits: UInt32

    init(_ kind: Kind, style: Style, start: Int, end: Int, link: Int) {
      self.start = UInt32(start)
      self.end = UInt32(end)
      self.link = UInt32(link)
      bits = UInt32(kind.rawValue) | UInt32(style.rawValue) << 2
    }

    var kind: Kind { Kind(rawValue: UInt8(truncatingIfNeeded: bits & 0x3)) ?? .scalar }
    var style: Style { Style(rawValue: UInt8(truncatingIfNeeded: bits >> 2 & 0x3)) ?? .plain }
  }

  package enum Kind: UInt8, Sendable { case scalar, mapping, sequence }
  package enum Style: UInt8, Sendable { case plain, quoted, block, flow }

  package let file: Int32
  let bytes: [UInt8]
  let nodes: [Node]
  /// Texts of scalars that differ from what stands in the file: escapes, folded and block scalars.
  let texts: [String]
  /// The top node of each document.
  package let roots: [NodeID]
  /// Of each node, one more than the field that it names as a record's key, or 0; empty until shapes have been matched. Beside
  /// the nodes, which are sixteen times as large and stay where they are.
  let fields: [UInt8]

  init(file: Int32, bytes: [UInt8], nodes: [Node], texts: [String], roots: [NodeID], fields: [UInt8] = []) {
    self.file = file
    self.bytes = bytes
    self.nodes = nodes
    self.texts = texts
    self.roots = roots
    self.fields = fields
  }

  /// Of a key: which field of its record it names.
  func field(_ node: NodeID) -> Int? { fields.isEmpty || fields[node] == 0 ? nil : Int(fields[node]) - 1 }

  package typealias NodeID = Int

  func kind(_ node: NodeID) -> Kind { nodes[node].kind }

  /// The index of the node after this one and all that is below it.
  func next(_ node: NodeID) -> NodeID {
    nodes[node].kind == .scalar ? node + 1 : Int(nodes[node].link)
  }

  func span(_ node: NodeID) -> SourceSpan {
    SourceSpan(file: file, start: nodes[node].start, end: nodes[node].end)
  }

  /// The bytes of a scalar that stands in the file as it means; nil where its text differs.
  func rawRange(_ node: NodeID) -> Range<Int>? {
    let it = nodes[node]
    guard it.link == 0, it.kind == .scalar else { return nil }
    return it.style == .quoted ? Int(it.start) + 1..<Int(it.end) - 1 : Int(it.start)..<Int(it.end)
  }

  func text(_ node: NodeID) -> String {
    if let range = rawRange(node) { return String(decoding: bytes[range], as: UTF8.self) }
    let link = Int(nodes[node].link)
    return link > 0 && nodes[node].kind == .scalar ? texts[link - 1] : ""
  }

  /// Whether a scalar's text is this.
  func text(_ node: NodeID, is expected: String) -> Bool {
    if let range = rawRange(node) { return bytes[range].elementsEqual(expected.utf8) }
    return text(node) == expected
  }

  /// Nothing was written: `~`, `null`, or no value at all.
  func isNull(_ node: NodeID) -> Bool {
    let it = nodes[node]
    guard it.kind == .scalar, it.style == .plain else { return false }
    switch it.end - it.start {
    case 0: return true
    case 1: return text(node, is: "~")
    case 4: return text(node, is: "null") || text(node, is: "Null") || text(node, is: "NULL")
    default: return false
    }
  }

  /// The children of a sequence, or the node itself where one item stands alone.
  func items(_ node: NodeID) -> Items { Items(tree: self, node: node) }

  /// The pairs of a mapping.
  func pairs(_ node: NodeID) -> Pairs { Pairs(tree: self, node: node) }

  struct Items: Sequence, IteratorProtocol {
    let tree: SyntaxTree
    var index: NodeID
    let end: NodeID

    init(tree: SyntaxTree, node: NodeID) {
      self.tree = tree
      if tree.nodes[node].kind == .sequence {
        index = node + 1
        end = tree.next(node)
      } else {
        index = node
        end = tree.isNull(node) ? node : tree.next(node)
      }
    }

    private init(tree: SyntaxTree) {
      self.tree = tree
      index = 0
      end = 0
    }

    static func none(_ tree: SyntaxTree) -> Items { Items(tree: tree) }

    mutating func next() -> NodeID? {
      guard index < end else { return nil }
      defer { index = tree.next(index) }
      return index
    }
  }

  struct Pairs: Sequence, IteratorProtocol {
    let tree: SyntaxTree
    var index: NodeID
    let end: NodeID

    init(tree: SyntaxTree, node: NodeID) {
      self.tree = tree
      index = node + 1
      end = tree.nodes[node].kind == .mapping ? tree.next(node) : index
    }

    mutating func next() -> (key: NodeID, value: NodeID)? {
      guard index < end else { return nil }
      let key = index
      let value = tree.next(key)
      index = tree.next(value)
      return (key, value)
    }
  }
}

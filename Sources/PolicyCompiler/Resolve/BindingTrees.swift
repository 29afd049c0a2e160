import Synchronization

/// The files that bindings stand in, by their numbers: a binding says which node it is, and holds nothing.
///
/// Policies that are made from one another share one of these, since a number is one version of one file for all of them.
final class BindingTrees: Sendable {
  private let trees: Mutex<[Int32: SyntaxTree]>

  init() { trees = Mutex([:]) }

  func add(_ documents: [PolicyDocument]) {
    trees.withLock { trees in
      trees.reserveCapacity(trees.count + documents.count)
      for tree in documents.lazy.compactMap(\.tree) { trees[tree.file] = tree }
    }
  }

  /// A node of a file; nothing where the file was not added, as every file is before its bindings are resolved.
  func node(_ id: Int32, in file: Int32) -> SyntaxNode {
    guard let tree = trees.withLock({ $0[file] }) else { return SyntaxNode(tree: Self.nothing, id: 0) }
    return SyntaxNode(tree: tree, id: Int(id))
  }

  private static let nothing = SyntaxTree(
    file: 0, bytes: [], nodes: [.init(.scalar, style: .plain, start: 0, end: 0, link: 0)], texts: [], roots: [0])
}

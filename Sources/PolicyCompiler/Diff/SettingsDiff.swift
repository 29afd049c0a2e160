extension RootSettings {
  /// What differs between the settings of two revisions; both can be read.
  package static func changes(from old: SourceFile, to new: SourceFile) -> [TrustChange] {
    changes(shape, old, new)
  }

  static func changes(_ shape: RecordShape, _ old: SourceFile, _ new: SourceFile) -> [TrustChange] {
    func root(_ file: SourceFile) -> SyntaxNode? {
      guard let tree = SearchedSource(file.bytes, file: 0).tree, let root = tree.roots.first else { return nil }
      return SyntaxNode(tree: tree, id: root)
    }
    let place = FieldDiff.Place(section: "settings", name: new.path)
    return FieldDiff(environments: [:]).changes(shape, shape, root(old), root(new), place).map { change in
      // Their spans are in no file of the policy.
      TrustChange(
        section: change.section, name: change.name, path: change.path, impact: change.impact, before: change.before, after: change.after)
    }
  }
}

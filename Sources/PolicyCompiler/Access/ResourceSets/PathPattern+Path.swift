extension PathPattern {
  /// One path and nothing else.
  package init(root: String, path: [String]) {
    self.init(
      root: SegmentPattern(literal: root), segments: path.map(SegmentPattern.init(literal:)), loops: 0, foldsCase: false,
      text: ([root] + path).joined(separator: "/"))
  }
}

/// `writ.yaml`: marks a policy root, and says where policy and generated files are.
package struct RootSettings: Sendable, Equatable {
  package static let fileName = "writ.yaml"

  /// The folder of policy files, relative to the root, without a `/` at its end.
  package var policies = "policies"
  /// The folder of generated files, likewise.
  package var generated = "generated"

  package init() {}

  enum Key: Int, FieldKey {
    case version, policies, generated

    var field: Field {
      switch self {
      case .version:
        Field("version", .scalar(.choice(["1"])), required: true, impact: .delivery, "The version of the language: 1.")
      case .policies:
        Field(
          "policies", .scalar(.folder), impact: .delivery, default: "policies/",
          "The folder of policy files: every `*.yaml` and `*.yml` below it.")
      case .generated:
        Field("generated", .scalar(.folder), impact: .delivery, default: "generated/", "The folder that generated files are written to.")
      }
    }
  }

  package static let shape = RecordShape("root settings", "The settings of a policy root, in `writ.yaml`.", keys: Key.self)

  /// Reads the file's bytes; settings that cannot be used are reported and keep their defaults.
  package static func parse(_ source: SourceFile) -> (settings: RootSettings, sources: SourceMap, diagnostics: [Diagnostic]) {
    let read = SearchedSource(source.bytes, file: 0)
    let sources = SourceMap([SourceFile(path: source.path, bytes: read.shown)])
    var settings = RootSettings()
    guard let tree = read.tree else { return (settings, sources, read.diagnostics) }
    let start = SourceSpan(file: 0, start: 0, end: 0)
    guard let root = tree.roots.first, !tree.isNull(root) else {
      return (
        settings, sources, read.diagnostics + [Diagnostic(.missingField, "`writ.yaml` is empty", at: start, help: "write `version: 1`")]
      )
    }
    if tree.roots.count > 1 {
      return (
        settings, sources,
        read.diagnostics + [Diagnostic(.wrongKind, "`writ.yaml` holds one document", at: tree.span(tree.roots[1]).part(0..<1))]
      )
    }
    var matcher = ShapeMatcher(tree)
    // A wrong version explains itself better than as one value among others.
    let node = SyntaxNode(tree: tree, id: root)
    if let version = node.value(of: "version"), version.isScalar, version.text != "1" {
      return (settings, sources, read.diagnostics + [.unsupportedVersion(version)])
    }
    _ = matcher.record(root, shape, place: fileName)
    var diagnostics = read.diagnostics + matcher.problems.all
    if !diagnostics.hasErrors {
      let view = SyntaxNode(tree: matcher.annotated(), id: root).record(Key.self)
      // What was written over is no folder's name: nothing may be read from it, or written to it.
      for folder in [view[.policies], view[.generated]].compactMap(\.self) {
        let hidden = read.findings.first { SearchedSource.isHidden($0) && $0.range.overlaps(Int(folder.span.start)..<Int(folder.span.end)) }
        if let hidden { diagnostics.append(.secret(hidden, file: 0)) }
      }
      if let folder = view[.policies] { settings.policies = trimmed(folder.text) }
      if let folder = view[.generated] {
        settings.generated = trimmed(folder.text)
        if overlap(settings.generated, settings.policies) { diagnostics.append(.overlap(settings, at: folder.span)) }
      }
    }
    return (settings, sources, diagnostics)
  }

  private static func trimmed(_ path: String) -> String { path.hasSuffix("/") ? String(path.dropLast()) : path }

  private static func overlap(_ a: String, _ b: String) -> Bool {
    let (left, right) = (a.lowercased() + "/", b.lowercased() + "/")
    return left.hasPrefix(right) || right.hasPrefix(left)
  }
}

extension Diagnostic {
  fileprivate static func unsupportedVersion(_ node: SyntaxNode) -> Self {
    Self(
      .unsupportedVersion, "version `\(node.text)` of the policy language is not known to this Writ", at: node.span,
      notes: [.init("it knows version 1")],
      help: "update Writ, or write `version: 1`")
  }

  fileprivate static func overlap(_ settings: RootSettings, at span: SourceSpan) -> Self {
    Self(
      .unsafePath, "generated files cannot go to `\(settings.generated)`: it overlaps with the policies in `\(settings.policies)`",
      at: span,
      help: "use folders side by side, such as `policies/` and `generated/`")
  }
}

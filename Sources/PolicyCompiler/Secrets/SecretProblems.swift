extension PolicyDocument {
  /// What looks like a secret in the file and is not said to be none.
  package var secretProblems: [Diagnostic] {
    var list = ProblemList()
    for finding in secrets where !finding.isMarked { list.append(.secret(finding, file: file)) }
    return list.all
  }

  /// The texts that their lines say to be no secrets.
  package var textsMarkedAsNone: [[UInt8]] {
    guard let tree else { return [] }
    return secrets.filter(\.isMarked).map { Array(tree.bytes[$0.hidden.clamped(to: 0..<tree.bytes.count)]) }
  }
}

extension Compilation {
  /// What looks like a secret in the policy's files, but for what has been said already of a field for secrets.
  ///
  /// It is no part of `diagnostics`: a policy means the same with a secret in it, and may be asked and compared.
  package func secretProblems(beside said: [Diagnostic]) -> [Diagnostic] {
    let found = documents.filter { !$0.secrets.isEmpty }.flatMap(\.secretProblems)
    guard !found.isEmpty else { return [] }
    var known: [Int32: [SourceSpan]] = [:]
    // A warning may not stand for an error: what was written over must not be rendered.
    for it in said where it.code.isAboutSecret && it.severity == .error {
      if let span = it.span { known[span.file, default: []].append(span) }
    }
    return found.filter { problem in
      guard let span = problem.span else { return true }
      return !(known[span.file] ?? []).contains { $0.start < span.end && span.start < $0.end }
    }
  }
}

/// A file that is no policy, searched for secrets: what was generated, and what lies beside it.
package struct SearchedFile: Sendable {
  /// The file as people may see it.
  package let source: SourceFile
  private let findings: [SecretFinding]

  /// nil where nothing looks like a secret.
  ///
  /// - Parameters:
  ///   - none: texts that are said to be none elsewhere.
  ///   - isYAML: whether it is read as YAML, whose escapes may hide one.
  package init?(_ file: SourceFile, none: Set<[UInt8]>, isYAML: Bool = false) {
    var found = (isYAML ? SearchedSource(file.bytes, file: 0).findings : SecretScan.findings(file.bytes)).filter { !$0.isMarked }
    if !none.isEmpty { found = found.filter { !none.contains(Array(file.bytes[$0.hidden])) } }
    guard !found.isEmpty else { return nil }
    var bytes = file.bytes
    MaskedText.hide(found, in: &bytes)
    source = SourceFile(path: file.path, bytes: bytes)
    findings = found
  }

  /// - Parameter isRendered: whether Writ made the file.
  package func problems(file: Int32, isRendered: Bool) -> [Diagnostic] {
    var list = ProblemList()
    for finding in findings {
      var problem = Diagnostic.secret(finding, file: file)
      if isRendered { problem.help = "it is rendered from the policy: mend it there, and run `writ render`" }
      list.append(problem)
    }
    return list.all
  }
}

extension DiagnosticCode {
  /// Whether what it points at must not be shown.
  var isAboutSecret: Bool {
    switch self {
    case .literalSecret, .exposedSecret, .likelySecret, .secretLeftOut: true
    default: false
    }
  }
}

extension Diagnostic {
  static func secret(_ finding: SecretFinding, file: Int32) -> Self {
    let span = finding.span(in: file)
    if finding.isCertain {
      return Self(
        .exposedSecret, "this looks like \(finding.words), and everybody who may read the repository can read it", at: span,
        notes: [.init("it is not repeated here; if it was a real one and has been pushed, replace it: git never forgets")],
        help: "store it in a vault, and write a reference where it is needed")
    }
    return Self(
      .likelySecret, "this may be \(finding.words)", at: span,
      notes: [.init("it is not repeated here; if it is a real one and has been pushed, replace it: git never forgets")],
      help: "if it is none, say so on its line: `# \(SecretScan.mark)`")
  }

  /// A file that is too large, or the like.
  package static func unsearched(_ path: String, _ reason: String) -> Self {
    Self(.unsearchedFile, "`\(path)` \(reason), and was not searched for secrets", at: nil)
  }
}

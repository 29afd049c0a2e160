/// The whole pipeline: source text in; model, grants and diagnostics out.
///
///     files → documents → declarations → model → grants
///
/// Pure: knows no disk, clock, environment or network.
package struct Compiler: Sendable {
  package let grammar: Grammar
  /// The instant at which starts and ends are judged.
  package let instant: Instant

  package init(grammar: Grammar, at instant: Instant) {
    self.grammar = grammar
    self.instant = instant
  }

  /// - Parameter judgesRules: whether guardrails and tests are judged; who only asks about access need not wait for them.
  package func compile(_ files: [SourceFile], judgesRules: Bool = true) -> Compilation {
    let (documents, sources) = parse(SourceMap(files))
    return compile(documents, sources, judgesRules: judgesRules)
  }

  /// Compiles two revisions; a file that both have alike is read once, and where nothing but bindings differs, nothing else
  /// is resolved twice.
  ///
  /// - Parameter isSharing: whether the one may be made from the other, which nothing but the time that it takes can tell.
  package func compile(old: [SourceFile], new: [SourceFile], isSharing: Bool = true) -> CompiledPair {
    let (all, oldFiles, newFiles) = SourceMap.joined(old, new)
    let (documents, sources) = parse(all)
    let (before, after) = (oldFiles.map { documents[$0] }, newFiles.map { documents[$0] })
    let (new, resolver) = resolved(after, sources, judgesRules: false)
    if isSharing, let resolver, let policy = new.policy, !new.diagnostics.hasErrors,
      let side = side(before, near: PolicySide(documents: after, policy: policy), resolver)
    {
      let old = Compilation(
        sources: sources, documents: before, instant: instant, policy: side.policy, diagnostics: before.flatMap(\.diagnostics))
      return CompiledPair(old: old, new: new, onlyBindingsDiffer: true)
    }
    return CompiledPair(old: resolved(before, sources, judgesRules: false).compilation, new: new, onlyBindingsDiffer: false)
  }

  /// - Parameter documents: in the order of their files' paths.
  package func compile(_ documents: [PolicyDocument], _ sources: SourceMap, judgesRules: Bool) -> Compilation {
    resolved(documents, sources, judgesRules: judgesRules).compilation
  }

  private func resolved(_ documents: [PolicyDocument], _ sources: SourceMap, judgesRules: Bool) -> (
    compilation: Compilation, resolver: Resolver?
  ) {
    var diagnostics = documents.flatMap(\.diagnostics)
    guard documents.allSatisfy(\.isReadable) else {
      // The names of a file that cannot be read are unknown: whatever followed would blame the innocent.
      let compilation = Compilation(
        sources: sources, documents: documents, instant: instant, policy: nil, diagnostics: diagnostics, areRulesJudged: false)
      return (compilation, nil)
    }
    let declarations = Declarations(documents)
    if documents.allSatisfy(\.declarations.isEmpty), diagnostics.isEmpty { diagnostics.append(.emptyPolicy(files: documents.count)) }
    let resolved = Resolver.resolve(declarations, grammar: grammar, at: instant)
    diagnostics += resolved.diagnostics
    let grants = GrantSet(resolved.model)
    if grants.membership.isTooLarge { diagnostics.append(.tooManyMembers) }
    diagnostics += SessionCheck.check(grants, at: instant)
    diagnostics += PlaceholderCheck.check(grants)
    diagnostics += CallerConnectionCheck.check(grants)
    // A policy with errors lacks what they are about: rules would blame the innocent.
    let areRulesJudged = !diagnostics.hasErrors
    if areRulesJudged, judgesRules {
      diagnostics += NarrowingCheck.check(grants)
      diagnostics += RulesCheck.check(grants, at: instant)
    }
    let compilation = Compilation(
      sources: sources, documents: documents, instant: instant, policy: CompiledPolicy(grants: grants, instant: instant, sources: sources),
      diagnostics: diagnostics, areRulesJudged: areRulesJudged || resolved.model.rules.isEmpty)
    return (compilation, resolved)
  }

  /// One file, read and matched; the number is its place in whatever `SourceMap` it will be looked up in.
  package func parse(_ file: SourceFile, number: Int) -> PolicyDocument {
    PolicyDocument.parse(file, file: Int32(number), grammar: grammar)
  }

  /// Files are read side by side: each is a world of its own until names are resolved.
  private func parse(_ sources: SourceMap) -> (documents: [PolicyDocument], sources: SourceMap) {
    let documents = SideBySide.map(sources.files.count) { PolicyDocument.parse(sources.files[$0], file: Int32($0), grammar: grammar) }
    return (documents, sources.shown(documents))
  }
}

/// Two revisions, compiled together.
package struct CompiledPair: Sendable {
  package let old: Compilation
  package let new: Compilation
  package let onlyBindingsDiffer: Bool
}

/// What came of a compilation.
package struct Compilation: Sendable {
  package let sources: SourceMap
  package let documents: [PolicyDocument]
  package let instant: Instant
  /// Nil where a file could not be read.
  package let policy: CompiledPolicy?
  /// Not yet in order: see `inOrder()`.
  package var diagnostics: [Diagnostic]
  /// Whether guardrails and tests were judged: not where the policy has errors of other kinds.
  package var areRulesJudged = true
}

/// A policy that can be asked and rendered from. Where there were errors, what they concern is missing in it.
package struct CompiledPolicy: Sendable {
  package let grants: GrantSet
  package let instant: Instant
  /// What its spans are places in; nil where nobody renders from it.
  package var sources: SourceMap?
  // Lent, not copied: a copy of a model is thirty lists to hold and let go.
  package var model: AccessModel { _read { yield grants.model } }

  /// The line on which a span begins, for whoever has nothing but the file: `policies/access.yaml:36`.
  package func line(of span: SourceSpan) -> String? {
    sources.map { it in
      let start = it.start(of: span)
      return "\(start.path):\(start.line)"
    }
  }
}

extension Diagnostic {
  fileprivate static let tooManyMembers = Self(
    .tooMany, "the groups of this policy hold one another too often to be followed", at: nil,
    help: "put members into fewer groups, or nest groups in fewer steps")

  fileprivate static func emptyPolicy(files: Int) -> Self {
    Self(
      .emptyPolicy, files == 0 ? "there is no policy file" : "no policy file holds a section", at: nil,
      help: "`writ init` writes a small policy to start from")
  }
}

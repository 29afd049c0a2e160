/// What `writ check --fix` changes by itself: corrections that their diagnostics call safe, and of which it is shown on top
/// that nobody gains anything.
package struct SafeFixes: Sendable {
  /// A correction that was made.
  package struct Made: Sendable {
    package let code: DiagnosticCode
    /// Where it was, before this and what was made with it.
    package let place: SourceMap.Location
    package let before: String
    package let after: String
  }

  /// A file, before and after.
  package struct Change: Sendable {
    package let old: SourceFile
    package let new: SourceFile
  }

  /// In order of their places; corrections that others made possible come later.
  package private(set) var made: [Made] = []
  package private(set) var changes: [Change] = []
  /// Corrections that are safe by themselves, and that were not made: where, and why not.
  package private(set) var refused: [(code: DiagnosticCode, place: SourceMap.Location, reason: String)] = []

  /// Past these no single correction is looked at where all of them together gain something.
  private static let maximumTried = 64
  /// Below a misspelt section further mistakes may come to light.
  private static let maximumRounds = 4

  private struct Candidate {
    let file: Int
    let code: DiagnosticCode
    let fix: Diagnostic.Fix
  }

  package init(_ compiler: Compiler, _ files: [SourceFile]) {
    let original = SourceMap(files).files
    var current = original
    for _ in 0..<Self.maximumRounds {
      let compilation = compiler.compile(current, judgesRules: false)
      let found = Self.candidates(compilation.diagnostics)
      refused = []
      guard !found.isEmpty else { break }
      let chosen = choose(found, current, FixProof(compiler: compiler), compilation.sources)
      guard !chosen.isEmpty else { break }
      for it in chosen {
        made.append(
          Made(
            code: it.code, place: compilation.sources.start(of: it.fix.span), before: Self.shown(compilation.sources.text(of: it.fix.span)),
            after: Self.shown(it.fix.replacement)))
      }
      for (file, group) in Dictionary(grouping: chosen, by: \.file) {
        current[file] = SourceFile(path: current[file].path, bytes: group.map(\.fix).applied(to: current[file].bytes))
      }
    }
    changes = zip(original, current).filter { $0.bytes != $1.bytes }.map { Change(old: $0, new: $1) }
  }

  /// In order of their places, without those that overlap an earlier one.
  private static func candidates(_ diagnostics: [Diagnostic]) -> [Candidate] {
    var found: [Candidate] = []
    for diagnostic in diagnostics.inOrder() {
      guard let fix = diagnostic.fix, fix.isSafe else { continue }
      found.append(Candidate(file: Int(fix.span.file), code: diagnostic.code, fix: fix))
    }
    found.sort { ($0.file, $0.fix.span.start, $0.fix.span.end) < ($1.file, $1.fix.span.start, $1.fix.span.end) }
    var kept: [Candidate] = []
    for it in found {
      if let last = kept.last, last.file == it.file, it.fix.span.start < last.fix.span.end || it.fix.span.start == last.fix.span.start {
        continue
      }
      kept.append(it)
    }
    return kept
  }

  /// All of them where that gains nothing; else those that gain nothing by themselves.
  private mutating func choose(
    _ found: [Candidate], _ files: [SourceFile], _ proof: FixProof, _ sources: SourceMap
  ) -> [Candidate] {
    func objection(_ chosen: [Candidate]) -> String? {
      proof.objection(files, Dictionary(grouping: chosen, by: \.file).mapValues { $0.map(\.fix) })
    }
    guard let reason = objection(found) else { return found }
    var kept: [Candidate] = []
    for (index, it) in found.enumerated() {
      let own: String? = found.count == 1 ? reason : index < Self.maximumTried ? objection([it]) : "there are too many to look at each"
      if let own {
        refused.append((it.code, sources.start(of: it.fix.span), own))
      } else {
        kept.append(it)
      }
    }
    guard !kept.isEmpty, let together = objection(kept) else { return kept }
    for it in kept { refused.append((it.code, sources.start(of: it.fix.span), "together with others: \(together)")) }
    return []
  }

  /// What stands behind a colon may be anything, and is not repeated.
  private static func shown(_ text: String) -> String {
    guard let colon = text.firstIndex(of: ":") else { return text }
    return text[...colon] + (text[text.index(after: colon)...].hasPrefix(" ") ? " …" : "…")
  }
}

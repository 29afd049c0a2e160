/// One thing that a machine shows to a reviewer: a problem of `check`, or what `diff` has to say, in the form that the
/// formats of code hosts share.
package struct Finding: Sendable {
  package let rule: FindingRule
  package let severity: Diagnostic.Severity
  /// As a diagnostic's: lowercase, no full stop, input in backticks.
  package let message: String
  /// Where it is; nil when it is about a file or the policy as a whole.
  package let span: SourceSpan?
  /// The file that it is about, from the repository's root; nil when it is about the policy as a whole.
  package let path: String?
  package let notes: [Diagnostic.Note]
  package let help: String?
  package let fix: Diagnostic.Fix?
  package let fingerprint: Fingerprint

  init(
    _ rule: FindingRule, _ severity: Diagnostic.Severity, _ message: String, at span: SourceSpan?, path: String? = nil,
    notes: [Diagnostic.Note] = [], help: String? = nil, fix: Diagnostic.Fix? = nil, fingerprint: Fingerprint
  ) {
    self.rule = rule
    self.severity = severity
    self.message = message
    self.span = span
    self.path = path
    self.notes = notes
    self.help = help
    self.fix = fix
    self.fingerprint = fingerprint
  }

  /// The message, then what its notes say, then what to do: a line each.
  var lines: [String] { [message] + notes.map { "note: \($0.message)" } + (help.map { ["help: \($0)"] } ?? []) }
}

/// What kind of finding it is, explained.
package struct FindingRule: Sendable, Hashable {
  /// `W0203`, or a word of `diff`: `trust-identity`.
  package let id: String
  /// A few words.
  package let title: String
  package let meaning: String
  /// What to do about it.
  package let mending: String
  /// Whether it has a section in docs/diagnostics.md.
  let code: DiagnosticCode?

  init(_ code: DiagnosticCode) {
    let explanation = Explanation.of(code)
    id = code.rawValue
    title = explanation.title
    meaning = explanation.meaning
    mending = explanation.mending
    self.code = code
  }

  init(_ id: String, _ title: String, _ meaning: String, mending: String) {
    self.id = id
    self.title = title
    self.meaning = meaning
    self.mending = mending
    code = nil
  }

  /// Everything that `writ explain` says, too.
  var markdown: String { code.map { Explanation.of($0).markdown() } ?? "## \(title)\n\n\(meaning)\n\n**To mend it**: \(mending)\n" }

  package static func == (left: Self, right: Self) -> Bool { left.id == right.id }
  package func hash(into hasher: inout Hasher) { id.hash(into: &hasher) }
}

/// All findings of a run, with what their printers need.
package struct FindingReport: Sendable {
  /// In the order in which they are printed.
  package let findings: [Finding]
  package let sources: SourceMap
  package let instant: Instant
  /// `check` or `diff`.
  package let command: String
  /// Writ's own version.
  package let version: String
  /// The file that is blamed for what is about the policy as a whole: hosts show nothing without one.
  package let root: String
  /// What a person reads at the end: `2 errors, 1 warning`.
  package let summary: String

  package init(
    _ findings: [Finding], _ sources: SourceMap, at instant: Instant, command: String, version: String, root: String, summary: String
  ) {
    self.findings = findings
    self.sources = sources
    self.instant = instant
    self.command = command
    self.version = version
    self.root = root
    self.summary = summary
  }

  /// The problems of `check`.
  package init(
    _ diagnostics: [Diagnostic], _ sources: SourceMap, at instant: Instant, version: String, root: String, summary: String
  ) {
    var rules: [DiagnosticCode: FindingRule] = [:]
    let findings = zip(diagnostics, Fingerprint.all(diagnostics, sources)).map { it, fingerprint in
      let rule = rules[it.code] ?? FindingRule(it.code)
      rules[it.code] = rule
      return Finding(
        rule, it.severity, it.message, at: it.span, notes: it.notes, help: it.help, fix: it.fix, fingerprint: fingerprint)
    }
    self.init(findings, sources, at: instant, command: "check", version: version, root: root, summary: summary)
  }

  /// The rules of the findings, by their codes.
  var rules: [FindingRule] { Set(findings.map(\.rule)).sorted { $0.id < $1.id } }

  /// The file that a finding is shown at.
  func path(of it: Finding) -> String { it.span.map { sources.path(of: $0) } ?? it.path ?? root }

  /// The worst first, otherwise in their order.
  var worstFirst: [Finding] { Diagnostic.Severity.allCases.reversed().flatMap { severity in findings.filter { $0.severity == severity } } }
}

/// One thing that Writ has to say about a policy: what, where, why, and what to do about it.
public struct Diagnostic: Sendable, Hashable {
  public enum Severity: String, Sendable, Hashable, CaseIterable {
    /// Something to know; never changes an exit code.
    case note
    /// Something likely wrong; an error with `--strict`.
    case warning
    /// The policy does not compile.
    case error
  }

  /// Another place, or a reason, that helps to understand the problem.
  public struct Note: Sendable, Hashable {
    public let message: String
    public let span: SourceSpan?

    public init(_ message: String, at span: SourceSpan? = nil) {
      self.message = message
      self.span = span
    }
  }

  /// Text to put in the place of a span.
  public struct Fix: Sendable, Hashable {
    public let span: SourceSpan
    public let replacement: String
    /// Whether it can give nobody anything, so that `check --fix` may make the change: it spells out a restriction, a text
    /// for people, or a sentence that is only tested. Whoever makes a diagnostic has to say so; no guess at the name of
    /// what is granted is safe.
    public var isSafe: Bool

    public init(span: SourceSpan, replacement: String, isSafe: Bool = false) {
      self.span = span
      self.replacement = replacement
      self.isSafe = isSafe
    }
  }

  public let code: DiagnosticCode
  public let severity: Severity
  /// Lowercase, no full stop, input in backticks.
  public let message: String
  /// Where it is; nil when it is about the policy as a whole.
  public let span: SourceSpan?
  public var notes: [Note]
  /// What to do, in words.
  public var help: String?
  public var fix: Fix?
  /// What else makes it this problem and no other, where the message does not say all of it: whom it is about, besides.
  package var identity: String?

  public init(
    _ code: DiagnosticCode, _ message: String, at span: SourceSpan?, severity: Severity? = nil,
    notes: [Note] = [], help: String? = nil, fix: Fix? = nil
  ) {
    self.code = code
    self.severity = severity ?? code.severity
    self.message = message
    self.span = span
    self.notes = notes
    self.help = help
    self.fix = fix
  }
}

/// A value, with what its stage had to say about it.
public struct Checked<Value: Sendable>: Sendable {
  public var value: Value
  public var diagnostics: [Diagnostic]

  public init(value: Value, diagnostics: [Diagnostic] = []) {
    self.value = value
    self.diagnostics = diagnostics
  }
}

extension [Diagnostic] {
  /// The order in which problems are printed: by place, then by code, then by what they say; each once.
  public func inOrder() -> [Diagnostic] {
    var seen = Set<Diagnostic>()
    return filter { seen.insert($0).inserted }.sorted { left, right in
      let a = left.span, b = right.span
      if let a, let b {
        if a.file != b.file { return a.file < b.file }
        if a.start != b.start { return a.start < b.start }
        if a.end != b.end { return a.end < b.end }
      } else if (a == nil) != (b == nil) {
        return a == nil
      }
      if left.code != right.code { return left.code.rawValue < right.code.rawValue }
      return left.message.utf8.lexicographicallyPrecedes(right.message.utf8)
    }
  }

  public var hasErrors: Bool { contains { $0.severity == .error } }
}

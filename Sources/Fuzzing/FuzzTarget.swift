import PolicyCompiler

/// The parsers: everything of Writ that reads what somebody else wrote.
///
/// A run takes any bytes and must come back: with nothing, or with the property that does not hold. Traps, hangs and memory
/// without end are for whoever runs it to see.
package enum FuzzTarget: String, CaseIterable, Sendable {
  /// A policy file: reader, shapes, names, access, checks, artifacts, every printer.
  case policy
  /// Two policy files, compared: what stands before a line `=====`, and what behind it.
  case diff
  /// `writ.yaml`.
  case settings
  case reference
  case pattern
  /// Lines of `can --batch`.
  case batch
  case baseline
  /// `generated/.writ.json`.
  case index
  case permifrost
  case peribolos
  /// Moments, lengths of time, ranges of revisions, sentences of tests, hosts, URLs, identities: a line each.
  case words
  /// A git directory, as ``RepositoryBytes`` holds one.
  case repository

  /// Longer inputs are cut: what is slow in proportion to its length is no finding.
  package var maximumBytes: Int {
    switch self {
    case .reference, .pattern: 2048
    case .words, .batch, .settings: 8192
    case .repository: 64 << 10
    default: 32 << 10
    }
  }

  /// Runs one input.
  ///
  /// - Returns: what is wrong, in a sentence; nil where all is well.
  package func run(_ bytes: [UInt8]) -> String? {
    let bytes = Array(bytes.prefix(maximumBytes))
    return switch self {
    case .policy: PolicyFuzz.policy(bytes)
    case .diff: PolicyFuzz.diff(bytes)
    case .settings: PolicyFuzz.settings(bytes)
    case .reference: WordFuzz.reference(bytes)
    case .pattern: WordFuzz.pattern(bytes)
    case .batch: BatchFuzz.batch(bytes)
    case .baseline: DocumentFuzz.baseline(bytes)
    case .index: DocumentFuzz.index(bytes)
    case .permifrost: DocumentFuzz.imported(.permifrost, bytes)
    case .peribolos: DocumentFuzz.imported(.peribolos, bytes)
    case .words: WordFuzz.words(bytes)
    case .repository: RepositoryFuzz.repository(bytes)
    }
  }

  /// The moment at which everything is judged.
  static let instant = Instant(seconds: 1_795_212_000)
}

/// Properties that hold for whatever is printed.
enum FuzzCheck {
  /// No control character but the line break, and no line that is an order to a runner.
  static func harmless(_ text: String, _ what: String, isAnnotations: Bool = false) -> String? {
    for line in text.utf8.split(separator: 0x0A) {
      if line.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return "\(what) prints a control character" }
      let start = line.drop { $0 == 0x20 }
      if !isAnnotations, start.starts(with: "::".utf8) { return "\(what) prints an order" }
      if String(decoding: line, as: UTF8.self).containsBytes(of: "##[") { return "\(what) prints an order" }
    }
    return nil
  }

  /// Spans that lie in their files, and messages as they should be.
  static func diagnostics(_ found: [Diagnostic], _ sources: SourceMap) -> String? {
    for it in found {
      for span in [it.span, it.fix?.span].compactMap({ $0 }) + it.notes.compactMap(\.span) {
        let isFile = sources.files.indices.contains(Int(span.file))
        guard isFile, span.start <= span.end, Int(span.end) <= sources.files[Int(span.file)].bytes.count else {
          return "\(it.code.rawValue) has a span outside of its file: \(it.message)"
        }
      }
      if it.message.isEmpty || it.message.utf8.last == UInt8(ascii: ".") {
        return "\(it.code.rawValue) has a message that ends so: \(it.message)"
      }
    }
    return nil
  }

  /// The first of several checks that fails.
  static func first(_ checks: (() -> String?)...) -> String? {
    for check in checks {
      if let problem = check() { return problem }
    }
    return nil
  }
}

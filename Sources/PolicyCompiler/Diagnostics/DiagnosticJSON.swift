/// Diagnostics for machines: one document, versioned; its schema is schemas/diagnostics.schema.json.
package enum DiagnosticJSON {
  package static let version = 1

  /// - Parameter baselined: how many more there are in the baseline.
  package static func document(_ diagnostics: [Diagnostic], sources: SourceMap, instant: Instant, baselined: Int = 0) -> JSON {
    func count(_ severity: Diagnostic.Severity) -> JSON { .integer(diagnostics.count { $0.severity == severity }) }
    return .members([
      "version": .integer(version), "at": .string(instant.timestamp),
      "summary": .members(["errors": count(.error), "warnings": count(.warning), "notes": count(.note)]),
      "baselined": baselined == 0 ? nil : .integer(baselined),
      "diagnostics": .array(zip(diagnostics, Fingerprint.all(diagnostics, sources)).map { value($0, $1, sources) }),
    ])
  }

  private static func value(_ it: Diagnostic, _ fingerprint: Fingerprint, _ sources: SourceMap) -> JSON {
    .members([
      "code": .string(it.code.rawValue), "severity": .string(it.severity.rawValue), "message": .string(it.message),
      "location": it.span.map { location($0, sources) },
      "notes": .array(
        it.notes.map { note in .members(["message": .string(note.message), "location": note.span.map { location($0, sources) }]) }),
      "help": it.help.map { .string($0) },
      "fix": it.fix.map {
        .members(["location": location($0.span, sources), "replacement": .string($0.replacement), "isSafe": .boolean($0.isSafe)])
      },
      "fingerprint": .string(fingerprint.unique),
    ])
  }

  private static func location(_ span: SourceSpan, _ sources: SourceMap) -> JSON {
    let start = sources.start(of: span)
    let end = sources.end(of: span)
    func position(_ it: SourceMap.Location) -> JSON { .members(["line": .integer(it.line), "column": .integer(it.column)]) }
    return .members(["path": .string(start.path), "start": position(start), "end": position(end)])
  }
}

extension Instant {
  /// Always with its time: `2027-01-31T00:00:00Z`.
  package var timestamp: String { isMidnight ? text + "T00:00:00Z" : text }
}

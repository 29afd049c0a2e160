/// Findings in reviewdog's format, which it turns into comments on the lines of a change.
///
/// Source: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf. Columns count bytes, ends are exclusive.
package enum RDJSON {
  package static func document(_ report: FindingReport) -> JSON {
    .members([
      "source": .members(["name": "writ"]),
      "diagnostics": .array(report.findings.map { diagnostic($0, report) }),
    ])
  }

  private static func diagnostic(_ it: Finding, _ report: FindingReport) -> JSON {
    let related = it.notes.filter { $0.span != nil }
    let text =
      [markdown(it.message)] + it.notes.filter { $0.span == nil }.map { "note: \(markdown($0.message))" }
      + (it.help.map { ["help: \(markdown($0))"] } ?? [])
    return .members([
      "message": .string(text.joined(separator: "\n")),
      "location": location(it.span, report.path(of: it), report.sources),
      "severity": .string(severity(it.severity)), "code": .members(["value": .string(it.rule.id)]),
      "suggestions": it.fix.map { [.members(["range": range($0.span, report.sources), "text": .string($0.replacement)])] },
      "related_locations": related.isEmpty
        ? nil
        : .array(
          related.map { note in
            .members([
              "message": .string(markdown(note.message)),
              "location": location(note.span, report.root, report.sources),
            ])
          }),
    ])
  }

  private static func location(_ span: SourceSpan?, _ path: String, _ sources: SourceMap) -> JSON {
    .members(["path": .string(span.map { sources.path(of: $0) } ?? path), "range": span.map { range($0, sources) }])
  }

  private static func range(_ span: SourceSpan, _ sources: SourceMap) -> JSON {
    let columns = sources.byteColumns(of: span)
    func position(_ line: Int, _ column: Int) -> JSON { .members(["line": .integer(line), "column": .integer(column)]) }
    return .members([
      "start": position(sources.start(of: span).line, columns.start), "end": position(sources.end(of: span).line, columns.end),
    ])
  }

  /// What it says becomes a comment, in which no name can be markup.
  private static func markdown(_ text: String) -> String { MarkdownText().inline(text) }

  private static func severity(_ it: Diagnostic.Severity) -> String {
    switch it {
    case .error: "ERROR"
    case .warning: "WARNING"
    case .note: "INFO"
    }
  }
}

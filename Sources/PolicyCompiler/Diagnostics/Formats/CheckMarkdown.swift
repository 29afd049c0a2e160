/// The problems of `check` as a comment or a summary of a step: the worst first, the long rest folded.
package struct CheckMarkdown {
  private let report: FindingReport
  /// Problems of one kind that are shown before the rest is folded.
  private static let unfolded = 20

  package init(_ report: FindingReport) { self.report = report }

  package var text: String {
    page(MarkdownText()) { MarkdownPage.whole($0, $1, $2) }
      ?? page(MarkdownText(limit: 200)) { MarkdownPage.cut($0, $1, $2, elsewhere: "`writ check` shows all") } ?? ""
  }

  private func page(_ markdown: MarkdownText, _ print: (String, [MarkdownSection], String) -> String?) -> String? {
    let errors = report.findings.contains { $0.severity == .error }
    let top = "### Writ: \(errors ? "❌ " : report.findings.isEmpty ? "✅ " : "")\(report.summary)\n"
    let parts = Diagnostic.Severity.allCases.reversed().flatMap { sections($0, markdown) }
    return print(top, parts, "<sub>judged \(report.instant.timestamp)</sub>\n")
  }

  private func sections(_ severity: Diagnostic.Severity, _ markdown: MarkdownText) -> [MarkdownSection] {
    let found = report.findings.filter { $0.severity == severity }
    let name = severity == .error ? "Errors" : severity == .warning ? "Warnings" : "Notes"
    let noun = (severity.rawValue, severity.rawValue + "s")
    let table = "| where | what | |\n|---|---|---|\n"
    let shown = severity == .note ? 0 : Self.unfolded
    let rows = found.map { row($0, markdown) }
    let rest = Array(rows.dropFirst(shown))
    return [
      MarkdownSection(head: "**\(name)**\n\n\(table)", rows: Array(rows.prefix(shown)), noun: noun),
      MarkdownSection(
        head: "<details><summary>\(rest.count < rows.count ? "More \(name.lowercased())" : name) (\(rest.count))</summary>\n\n\(table)",
        rows: rest, foot: "\n</details>\n", noun: noun),
    ]
  }

  private func row(_ it: Finding, _ markdown: MarkdownText) -> String {
    let line = it.span.map { ":\(report.sources.start(of: $0).line)" } ?? ""
    let notes = it.notes.prefix(5).map { note in
      let place = note.span.map { span in
        let start = report.sources.start(of: span)
        return " (\(markdown.code("\(start.path):\(start.line)")))"
      }
      return "<br>note: \(markdown.inline(note.message))\(place ?? "")"
    }
    let rest = it.notes.count > 5 ? "<br>and \(it.notes.count - 5) more notes" : ""
    let help = it.help.map { "<br>help: \(markdown.inline($0))" } ?? ""
    return
      "| \(markdown.code(report.path(of: it) + line)) | \(markdown.inline(it.message))\(notes.joined())\(rest)\(help) | \(it.rule.id) |\n"
  }
}

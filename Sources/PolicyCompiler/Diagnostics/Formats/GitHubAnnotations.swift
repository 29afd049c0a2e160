/// Findings as orders to a GitHub runner, which shows them at their lines: `::error file=…,line=…::…`.
///
/// Source of the format and of its escapes: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
/// and https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
package enum GitHubAnnotations {
  /// What is shown of each kind in one step; the tenth says how many more there are, and these follow as plain lines.
  static let maximum = 10

  package static func text(_ report: FindingReport) -> String {
    var text = ""
    var rest: [Finding] = []
    for severity in Diagnostic.Severity.allCases.reversed() {
      let found = report.findings.filter { $0.severity == severity }
      let shown = found.count > maximum ? found.prefix(maximum - 1) : found[...]
      for it in shown { text += annotation(it, report) }
      if shown.count < found.count {
        let more = "\(found.count - shown.count) more are in the log of this step"
        text += "::\(command(severity)) title=\(property("Writ"))::\(data(more))\n"
        rest += found.dropFirst(shown.count)
      }
    }
    for it in rest { text += line(it, report) }
    return text + SafeText.escapedLines(report.summary) + "\n"
  }

  private static func annotation(_ it: Finding, _ report: FindingReport) -> String {
    var properties = [("file", report.path(of: it))]
    if let span = it.span {
      let (start, end) = (report.sources.start(of: span), report.sources.end(of: span))
      properties += [("line", String(start.line)), ("endLine", String(end.line))]
      // Columns on several lines are refused.
      if start.line == end.line { properties += [("col", String(start.column)), ("endColumn", String(max(end.column, start.column)))] }
    }
    properties.append(("title", "\(it.rule.id): \(it.rule.title)"))
    let list = properties.map { "\($0)=\(property($1))" }.joined(separator: ",")
    return "::\(command(it.severity)) \(list)::\(data(it.lines.map(SafeText.escaped).joined(separator: "\n")))\n"
  }

  /// What a runner takes for mere output.
  private static func line(_ it: Finding, _ report: FindingReport) -> String {
    let place = it.span.map { span in
      let start = report.sources.start(of: span)
      return "\(start.path):\(start.line):\(start.column)"
    }
    return SafeText.escaped("\(place ?? report.path(of: it)): \(it.severity.rawValue)[\(it.rule.id)]: \(it.message)") + "\n"
  }

  private static func command(_ severity: Diagnostic.Severity) -> String { severity == .note ? "notice" : severity.rawValue }

  /// - Parameter text: of which only line breaks are no plain characters.
  private static func data(_ text: String) -> String {
    text.replacing(bytes: "%", with: "%25").replacing(bytes: "\r", with: "%0D").replacing(bytes: "\n", with: "%0A")
  }

  /// A file's name may hold anything: its line breaks stay what they are, everything else that cannot be seen is escaped.
  private static func property(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": out += "%25"
      case "\r": out += "%0D"
      case "\n": out += "%0A"
      case ":": out += "%3A"
      case ",": out += "%2C"
      default:
        let isSeen = scalar.value >= 0x20 && scalar.value != 0x7F && !SourceText.isHidden(scalar.value)
        out += isSeen ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return SafeText.brokenUp(out) { "##\($0)\\[" }
  }
}

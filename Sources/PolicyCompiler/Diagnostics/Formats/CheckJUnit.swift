/// The problems of `check` as results of tests: a suite for each file, in which each error is a test that failed.
package struct CheckJUnit {
  private let report: FindingReport
  private let isStrict: Bool
  private let places: DiagnosticPrinter

  /// - Parameter strict: whether warnings fail, too.
  package init(_ report: FindingReport, strict: Bool) {
    self.report = report
    isStrict = strict
    places = DiagnosticPrinter(sources: report.sources)
  }

  package var junit: JUnit {
    var byFile: [UTF8Key: [Finding]] = [:]
    for it in report.findings { byFile[UTF8Key(report.path(of: it)), default: []].append(it) }
    // A file without problems is a test that passed: a report without tests is an error to many a reader.
    for file in report.sources.files where byFile[UTF8Key(file.path)] == nil { byFile[UTF8Key(file.path)] = [] }
    if byFile.isEmpty { byFile[UTF8Key(report.root)] = [] }
    return JUnit(byFile.sorted { $0.key < $1.key }.map { JUnit.Suite(name: $0.key.text, cases: cases($0.value)) })
  }

  private func cases(_ findings: [Finding]) -> [JUnit.Case] {
    if findings.isEmpty { return [JUnit.Case(name: "nothing wrong", failure: nil)] }
    return findings.map { it in
      let text = ([place(it) + it.message] + it.lines.dropFirst()).map(SafeText.escaped).joined(separator: "\n")
      let name = "\(it.rule.id): \(SafeText.escaped(it.message))"
      let fails = it.severity == .error || (isStrict && it.severity == .warning)
      return fails
        ? JUnit.Case(name: name, failure: (SafeText.escaped(it.message), text))
        : JUnit.Case(name: name, failure: nil, output: "\(it.severity.rawValue): \(text)")
    }
  }

  private func place(_ it: Finding) -> String { it.span.map { places.place($0) + ": " } ?? "" }
}

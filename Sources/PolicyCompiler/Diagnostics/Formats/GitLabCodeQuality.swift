/// Findings as GitLab's code quality report, which a merge request compares with its target's.
///
/// Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
package enum GitLabCodeQuality {
  package static func document(_ report: FindingReport) -> JSON {
    .array(
      report.findings.map { it in
        .members([
          "description": .string(SafeText.escapedLines(it.lines.joined(separator: "\n"))), "check_name": .string(it.rule.id),
          // Of equal ones only the first would be shown.
          "fingerprint": .string(SHA256.hexadecimal(Array(it.fingerprint.unique.utf8))), "severity": .string(severity(it.severity)),
          "location": .members([
            "path": .string(report.path(of: it)),
            "lines": .members(["begin": .integer(it.span.map { report.sources.start(of: $0).line } ?? 1)]),
          ]),
        ])
      })
  }

  private static func severity(_ it: Diagnostic.Severity) -> String {
    switch it {
    case .error: "major"
    case .warning: "minor"
    case .note: "info"
    }
  }
}

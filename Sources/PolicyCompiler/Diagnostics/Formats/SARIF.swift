/// Findings as SARIF 2.1.0: what code hosts show beside the lines of a change, and know again when lines move.
///
/// Specification: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html; what GitHub takes of it:
/// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
package enum SARIF {
  /// What GitHub shows of one run; the worst are kept.
  static let maximum = 5_000
  /// What GitHub takes of other places in one result.
  private static let maximumPlaces = 100
  private static let base = "%SRCROOT%"

  package static func document(_ report: FindingReport) -> JSON {
    let isCut = report.findings.count > maximum
    let findings = isCut ? Array(report.worstFirst.prefix(maximum)) : report.findings
    let rules = report.rules
    let indices = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($1.id, $0) })
    let severities = Dictionary(report.findings.map { ($0.rule.id, $0.severity) }) { max($0, $1) }
    return .members([
      "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json", "version": "2.1.0",
      "runs": [
        .members([
          "tool": .members([
            "driver": .members([
              "name": "Writ", "semanticVersion": .string(report.version),
              "rules": .array(rules.map { rule($0, severities[$0.id] ?? .warning) }),
            ])
          ]),
          // Two commands upload side by side, and neither replaces what the other found.
          "automationDetails": .members(["id": .string("writ/\(report.command)/")]),
          "invocations": [
            .members([
              "executionSuccessful": true,
              "toolExecutionNotifications": isCut
                ? [
                  .members([
                    "level": "warning",
                    "message": message("\(report.findings.count - maximum) more findings are left out: hosts show \(maximum)"),
                  ])
                ] : nil,
            ])
          ],
          "originalUriBaseIds": .members([base: .members(["description": message("the root of the repository")])]),
          "columnKind": "unicodeCodePoints",
          "results": .array(findings.map { result($0, indices[$0.rule.id] ?? 0, report) }),
          "properties": .members(["judgedAt": .string(report.instant.timestamp), "summary": .string(report.summary)]),
        ])
      ],
    ])
  }

  // MARK: Parts

  private static func rule(_ it: FindingRule, _ severity: Diagnostic.Severity) -> JSON {
    .members([
      "id": .string(it.id), "shortDescription": message(it.title), "fullDescription": message(it.meaning),
      "help": .members(["text": .string("\(it.meaning)\n\nTo mend it: \(it.mending)"), "markdown": .string(it.markdown)]),
      "defaultConfiguration": .members(["level": .string(severity.rawValue)]),
      "properties": .members([
        "precision": "very-high", "problem.severity": .string(severity == .note ? "recommendation" : severity.rawValue),
        "tags": ["access-policy"],
      ]),
    ])
  }

  private static func result(_ it: Finding, _ rule: Int, _ report: FindingReport) -> JSON {
    let elsewhere = it.notes.compactMap { note in note.span.map { (note.message, $0) } }.prefix(maximumPlaces)
    let text = ([it.message] + it.notes.filter { $0.span == nil }.map { "note: \($0.message)" } + (it.help.map { ["help: \($0)"] } ?? []))
      .joined(separator: "\n")
    let place: JSON = .members([
      "physicalLocation": it.span.map { physical($0, report.sources) } ?? .members(["artifactLocation": artifact(report.path(of: it))])
    ])
    return .members([
      "ruleId": .string(it.rule.id), "ruleIndex": .integer(rule), "level": .string(it.severity.rawValue), "message": message(text),
      "locations": [place],
      "relatedLocations": elsewhere.isEmpty
        ? nil
        : .array(
          elsewhere.enumerated().map { index, note in
            .members([
              "id": .integer(index + 1), "physicalLocation": physical(note.1, report.sources), "message": message(note.0),
            ])
          }),
      // GitHub knows a result by the first of them.
      "partialFingerprints": .members([
        "primaryLocationLineHash": .string(it.fingerprint.unique), "writFingerprint/v1": .string(it.fingerprint.unique),
      ]),
      "fixes": it.fix.map { [fix($0, report.sources)] },
    ])
  }

  private static func fix(_ it: Diagnostic.Fix, _ sources: SourceMap) -> JSON {
    .members([
      "description": message("write `\(it.replacement)` instead"),
      "artifactChanges": [
        .members([
          "artifactLocation": artifact(sources.path(of: it.span)),
          "replacements": [
            .members(["deletedRegion": region(it.span, sources), "insertedContent": .members(["text": .string(it.replacement)])])
          ],
        ])
      ],
    ])
  }

  private static func physical(_ span: SourceSpan, _ sources: SourceMap) -> JSON {
    .members(["artifactLocation": artifact(sources.path(of: span)), "region": region(span, sources)])
  }

  private static func artifact(_ path: String) -> JSON {
    .members(["uri": .string(percentEncoded(path)), "uriBaseId": .string(base)])
  }

  /// Lines and columns from 1; the end is the column behind the last character.
  private static func region(_ span: SourceSpan, _ sources: SourceMap) -> JSON {
    let (start, end) = (sources.start(of: span), sources.end(of: span))
    return .members([
      "startLine": .integer(start.line), "startColumn": .integer(start.column), "endLine": .integer(end.line),
      "endColumn": .integer(end.column),
    ])
  }

  /// Text in which nothing is a link: `[words](target)` would be one (section 3.11.6).
  private static func message(_ text: String) -> JSON {
    .members(["text": .string(SafeText.escapedLines(text).replacing(bytes: "](", with: "] ("))])
  }

  /// A path as a relative reference: everything but unreserved characters and `/` in percent-encoding.
  ///
  /// Source: https://www.rfc-editor.org/rfc/rfc3986#section-2.3
  static func percentEncoded(_ path: String) -> String {
    var out = ""
    for byte in path.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
        UInt8(ascii: "/"):
        out.unicodeScalars.append(Unicode.Scalar(byte))
      default: out += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return out
  }
}

extension Diagnostic.Severity: Comparable {
  public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .error: 2
    }
  }
}

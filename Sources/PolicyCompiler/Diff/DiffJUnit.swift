/// A comparison as results of tests: each guardrail of either side, each test that fails, each approval that is owed.
package struct DiffJUnit {
  private let report: DiffReport
  private var diff: AccessDiff { report.diff }

  package init(_ report: DiffReport) { self.report = report }

  package var junit: JUnit {
    JUnit(
      [
        JUnit.Suite(name: "guardrails of base", cases: guardrails(ofOld: true)),
        JUnit.Suite(name: "guardrails of head", cases: guardrails(ofOld: false)),
        JUnit.Suite(name: "tests", cases: tests),
        JUnit.Suite(name: "approvals", cases: approvals),
      ].filter { !$0.cases.isEmpty } + [JUnit.Suite(name: "judging", cases: judging)])
  }

  private func guardrails(ofOld: Bool) -> [JUnit.Case] {
    let rules = (ofOld ? diff.old : diff.new).policy.model.rules.guardrails
    var broken: [String: [RuleViolation]] = [:]
    for (violation, isOfOld) in diff.violations where isOfOld == ofOld { broken[violation.rule, default: []].append(violation) }
    return rules.map { rule in
      guard let found = broken[rule.name] else { return JUnit.Case(name: rule.name, failure: nil) }
      let gone = ofOld && diff.isGone(rule.name) ? "this change deletes or changes it\n" : ""
      let lines = found.prefix(20).map { "\(place($0.span)): \($0.message)\n" }.joined()
      let rest = found.count > 20 ? "and \(found.count - 20) more\n" : ""
      return JUnit.Case(name: rule.name, failure: (found[0].message, gone + lines + rest))
    }
  }

  private var tests: [JUnit.Case] {
    diff.failedTests.map { failure, isOfOld in
      JUnit.Case(
        name: failure.message,
        failure: (failure.message, "a test of \(isOfOld ? report.names.old : report.names.new): \(place(failure.span))"))
    }
  }

  /// One that was not asked about owes nothing yet.
  private var approvals: [JUnit.Case] {
    diff.approvals.map { need in
      let reasons = need.reasons.prefix(20).joined(separator: "\n")
      if need.isMet { return JUnit.Case(name: need.approval, failure: nil, output: "given by \(need.givers)") }
      let words = "needs one of \(need.people)"
      return diff.asksForApproval
        ? JUnit.Case(name: need.approval, failure: (words, reasons))
        : JUnit.Case(name: need.approval, failure: nil, output: "\(words)\n\(reasons)")
    }
  }

  private var judging: [JUnit.Case] {
    if diff.problems.isEmpty { return [JUnit.Case(name: "both revisions are compared", failure: nil, output: diff.headline)] }
    return diff.problems.map { JUnit.Case(name: $0.message, failure: ($0.message, $0.help ?? "")) }
  }

  private func place(_ span: SourceSpan?) -> String {
    guard let span else { return "" }
    let start = report.sources.start(of: span)
    return "\(start.path):\(start.line)"
  }
}

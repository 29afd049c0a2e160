import ArgumentParser
import PolicyCompiler

struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Runs the policy's tests alone, and says which grants no test touches.",
    usage: """
      writ test [--repo <path>] [--rev <revision>] [--at <instant>]
                [--format <format>] [--uncovered]
      """,
    discussion: "Exits 1 where a test fails. `writ check` runs them, too.")

  @OptionGroup var policy: PolicyOptions

  @Option(help: "How to print.")
  var format = Format.human

  @Flag(help: "List every binding that no test touches.")
  var uncovered = false

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case human, json, junit
  }

  func run() throws {
    try reporting {
      let asked = try AskedPolicy(policy)
      let rules = asked.policy.model.rules
      var alone = Rules()
      alone.tests = rules.tests
      let verdict = RulesCheck.judge(alone, RuleScope(asked.policy.grants, at: policy.moment))
      let coverage = TestCoverage(asked.policy.grants, verdict.outcomes, at: policy.moment)
      switch format {
      case .human: Terminal.write(human(asked, verdict, coverage))
      case .json: Terminal.write(TestJSON.document(verdict, coverage, asked.policy.model, asked.sources, at: policy.moment))
      case .junit: Terminal.write(SafeText.escapedLines(junit(asked, verdict).text))
      }
      Terminal.leave(verdict.diagnostics(asked.policy.model).isEmpty ? .success : .policyErrors)
    }
  }

  private func human(_ asked: AskedPolicy, _ verdict: RulesCheck.Verdict, _ coverage: TestCoverage) -> String {
    let failures = (verdict.outcomes.compactMap(\.failure) + verdict.problems).inOrder()
    let printer = DiagnosticPrinter(sources: asked.sources, useColor: Terminal.resultsUseColor, width: Terminal.width)
    var text = failures.isEmpty ? "" : printer.text(failures) + "\n"
    let count = verdict.outcomes.count
    let failed = verdict.outcomes.count { $0.failure != nil }
    let tests = asked.policy.model.rules.tests.count
    text += count == 0 ? "no tests: write some under `tests`\n" : ""
    if count > 0 {
      text += "\(tests) \(tests == 1 ? "test" : "tests"), \(count) \(count == 1 ? "question" : "questions"): "
      text += failed == 0 ? "all hold\n" : "\(failed) \(failed == 1 ? "fails" : "fail")\n"
    }
    text += "\(coverage.touched) of \(coverage.all) \(coverage.all == 1 ? "grant" : "grants") touched"
    let untouched = coverage.untouchedBindings
    if untouched.isEmpty { return text + "\n" }
    text += "; no test touches \(untouched.count == 1 ? "1 binding" : "\(untouched.count) bindings")"
    let shown = uncovered ? untouched[...] : untouched.prefix(5)
    text += ":\n"
    let words = AnswerText(asked.policy, asked.sources)
    for id in shown { text += "  \(words.line(of: id))\n" }
    if shown.count < untouched.count { text += "  and \(untouched.count - shown.count) more: --uncovered lists them\n" }
    return text
  }

  private func junit(_ asked: AskedPolicy, _ verdict: RulesCheck.Verdict) -> JUnit {
    let printer = DiagnosticPrinter(sources: asked.sources, useColor: false, width: 100)
    var suites = asked.policy.model.rules.tests.map { test in
      JUnit.Suite(
        name: test.name,
        cases: verdict.outcomes.filter { $0.test == test.name }.map { outcome in
          JUnit.Case(
            name: "\(outcome.text) in \(outcome.environment)", failure: outcome.failure.map { ($0.message, printer.text([$0])) })
        })
    }
    if !verdict.problems.isEmpty {
      suites.append(
        JUnit.Suite(
          name: "judging", cases: verdict.problems.map { JUnit.Case(name: $0.message, failure: ($0.message, printer.text([$0]))) }))
    }
    return JUnit(suites)
  }
}

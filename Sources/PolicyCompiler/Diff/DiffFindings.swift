/// A comparison as findings: what is violated, what is a change of trust, which reviews are missing, and what is gained in
/// protected environments, each at its line.
extension FindingReport {
  /// - Parameter root: the file that is blamed for what has no place on the new side.
  package init(_ report: DiffReport, version: String, root: String) {
    var maker = DiffFindings(report)
    self.init(
      maker.all(), report.sources, at: report.diff.instant, command: "diff", version: version, root: root, summary: report.diff.headline)
  }
}

private struct DiffFindings {
  let report: DiffReport
  private var diff: AccessDiff { report.diff }
  private var maker: FingerprintMaker
  /// The files of the new side: only their lines can be shown.
  private let files: Set<Int32>
  /// Their paths.
  private let paths: Set<UTF8Key>

  init(_ report: DiffReport) {
    self.report = report
    maker = FingerprintMaker(report.sources)
    files = Set(report.diff.new.documents.compactMap { $0.tree?.file })
    paths = Set(files.map { UTF8Key(report.sources.files[Int($0)].path) })
  }

  mutating func all() -> [Finding] { violations() + trust() + approvals() + gains() }

  // MARK: Rules

  private mutating func violations() -> [Finding] {
    var found: [Finding] = []
    let broken = FindingRule(.guardrailBroken)
    for (violation, isOfOld, others) in diff.violationGroups {
      let gone = isOfOld && diff.isGone(violation.rule) ? ", which this change deletes or changes" : ""
      var notes = [
        Diagnostic.Note(
          "a guardrail of \(isOfOld ? report.names.old : report.names.new)\(gone)\(place(violation.ruleSpan))",
          at: shown(violation.ruleSpan))
      ]
      if others > 0 { notes.append(.init("and \(others) more by the same line")) }
      found.append(
        finding(broken, .error, violation.message, at: violation.span, notes: notes, parts: [violation.rule, violation.message]))
    }
    let failed = FindingRule(.testFailed)
    for (failure, isOfOld) in diff.failedTests {
      found.append(
        finding(
          failed, .error, failure.message, at: failure.span, notes: [.init("a test of \(isOfOld ? report.names.old : report.names.new)")],
          parts: [failure.message]))
    }
    for problem in diff.problems {
      found.append(
        finding(FindingRule(problem.code), .error, problem.message, at: problem.span, help: problem.help, parts: [problem.message]))
    }
    return found
  }

  // MARK: Trust

  private mutating func trust() -> [Finding] {
    diff.trust.map { change in
      let environment = change.environment.map { " in `\($0)`\(change.isProtected ? ", which is protected" : "")" } ?? ""
      let message =
        "\(change.impact.rawValue): \(change.title)\(environment): \(quoted(change.shortBefore)) becomes \(quoted(change.shortAfter))"
      // A file beside the policy, or the settings: they have no place in it.
      let isFile = Section(name: change.section) == nil && change.after != nil
      return finding(
        .trust(change.impact), .warning, message, at: change.newSpan ?? change.oldSpan, path: isFile ? change.name : nil,
        notes: change.note.map { [.init($0)] } ?? [], parts: [change.section, change.name, change.path, change.environment ?? ""])
    }
  }

  private func quoted(_ text: String) -> String { text == "nothing" ? text : "`\(text.replacing("`", with: "'"))`" }

  // MARK: Approvals

  /// Where a review was asked about and is missing the change is stopped; else it is only said what will be owed.
  private mutating func approvals() -> [Finding] {
    diff.approvals.filter { !$0.isMet }.map { need in
      let reasons = need.reasons.prefix(5).map { Diagnostic.Note($0) }
      let rest = need.reasons.count > 5 ? [Diagnostic.Note("and \(need.reasons.count - 5) more")] : []
      return finding(
        .approval, diff.asksForApproval ? .error : .warning, "approval `\(need.approval)` needs one of \(need.people)", at: need.span,
        notes: reasons + rest, parts: [need.approval])
    }
  }

  // MARK: Gains

  /// Gains in protected environments, by the line that gives them.
  private mutating func gains() -> [Finding] {
    struct Cause: Hashable {
      let span: SourceSpan?
      let environment: String
    }
    var order: [Cause] = []
    var changes: [Cause: [AccessChange]] = [:]
    for change in diff.changes where change.direction == .gained && diff.isProtected(change.environment) {
      let cause = Cause(span: change.causes.first?.span, environment: change.environment)
      if changes[cause] == nil { order.append(cause) }
      changes[cause, default: []].append(change)
    }
    return order.map { cause in
      let all = changes[cause] ?? []
      let who = Set(all.map(\.principal)).sorted()
      let actions = Set(all.map(\.action)).sorted()
      let message =
        "\(listed(who)) \(who.count == 1 ? "gains" : "gain") \(listed(actions)) in `\(cause.environment)`, which is protected"
      let notes = all.prefix(5).map { change in
        Diagnostic.Note(
          "`\(change.principal)` \(change.action): \(change.resources.terms.prefix(5).map { "`\($0.description)`" }.joined(separator: ", "))\(change.resources.terms.count > 5 ? ", …" : "")\(change.via.map { ", through `\($0)`" } ?? "")"
        )
      }
      let rest = all.count > 5 ? [Diagnostic.Note("and \(all.count - 5) more")] : []
      return finding(.gain, .note, message, at: cause.span, notes: notes + rest, parts: [cause.environment, message])
    }
  }

  private func listed(_ names: [String]) -> String {
    let shown = names.prefix(5).map { "`\($0)`" }.joined(separator: ", ")
    return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
  }

  // MARK: Places

  private mutating func finding(
    _ rule: FindingRule, _ severity: Diagnostic.Severity, _ message: String, at span: SourceSpan?, path: String? = nil,
    notes: [Diagnostic.Note] = [], help: String? = nil, parts: [String]
  ) -> Finding {
    let here = shown(span)
    let file = span.map { report.sources.path(of: $0) }
    var notes = notes
    if here == nil, let span { notes.append(.init("it stood at \(place(span, isPlain: true)) in \(report.names.old)")) }
    let excerpt = span.map { maker.excerpt($0, mayShow: false) } ?? ""
    return Finding(
      rule, severity, message, at: here, path: path ?? file.flatMap { paths.contains(UTF8Key($0)) ? $0 : nil }, notes: notes, help: help,
      fingerprint: maker.make([rule.id, path ?? file ?? "", excerpt] + parts))
  }

  /// A place, where the new side has it.
  private func shown(_ span: SourceSpan?) -> SourceSpan? { span.flatMap { files.contains($0.file) ? $0 : nil } }

  /// Where the new side does not have it, in words.
  private func place(_ span: SourceSpan, isPlain: Bool = false) -> String {
    let start = report.sources.start(of: span)
    let text = "`\(start.path)` line \(start.line)"
    return isPlain ? text : shown(span) == nil ? ", \(text)" : ""
  }
}

extension FindingRule {
  fileprivate static func trust(_ impact: Impact) -> FindingRule {
    FindingRule(
      "trust-\(impact.rawValue)", "a change of trust: \(impact.rawValue)",
      """
      A field has changed that decides more than who may do what: who somebody is, where a connection leads, which secret it takes, which rules hold, or \
      what runs on a change. Such a change can move access without any binding saying so.
      """,
      mending: "read what it was before and what it becomes, and have it reviewed by whoever answers for it.")
  }

  fileprivate static var approval: FindingRule {
    FindingRule(
      "approval-missing", "a review that this change owes",
      "An approval of the policy names who must agree to gains of what it guards, and to changes of trust around it. Who may give it is as the base of the change says, and its author never counts.",
      mending: "ask one of those who are named for a review; `--approved-by` says who gave one.")
  }

  fileprivate static var gain: FindingRule {
    FindingRule(
      "gain-protected", "access gained in a protected environment",
      "Somebody may do something in a protected environment after this change that they may not do before it.",
      mending: "nothing, where it is meant; else take the line back.")
  }
}

/// A comparison of two revisions, for a person at a terminal: violations, trust, gains, losses, artifacts, approvals.
package struct DiffText {
  private let report: DiffReport

  package init(_ report: DiffReport) { self.report = report }

  private var diff: AccessDiff { report.diff }
  private var sources: SourceMap { report.sources }
  private var names: (old: String, new: String) { report.names }
  private var artifacts: [ArtifactChange] { report.artifacts }

  package var text: String {
    let note = report.note.map { "Note\n  \($0)\n" } ?? ""
    var parts = [note, violations, trust, access(.gained, "Gains"), access(.lost, "Losses"), changedArtifacts, approvals]
    parts.removeAll(where: \.isEmpty)
    if diff.isEmpty { return (["No access changes, no trust changes.\n"] + parts).joined(separator: "\n") }
    return parts.joined(separator: "\n") + "\n" + diff.headline + "\n"
  }

  private func place(_ span: SourceSpan?) -> String {
    guard let span else { return "" }
    let start = sources.start(of: span)
    return "\(SafeText.escaped(start.path)):\(start.line)"
  }

  // MARK: Rules

  private var violations: String {
    guard !diff.violations.isEmpty || !diff.failedTests.isEmpty || !diff.problems.isEmpty else { return "" }
    var text = "Violations\n"
    for (violation, isOfOld, others) in diff.violationGroups {
      let gone = isOfOld && diff.isGone(violation.rule) ? ", which this change deletes" : ""
      text += "  \(violation.message)\n"
      if others > 0 { text += "    and \(others) more by the same line\n" }
      text +=
        "    \(isOfOld ? "a rule of \(names.old)" : "a rule of \(names.new)")\(gone): \(place(violation.ruleSpan)); given at \(place(violation.span))\n"
    }
    for (failure, isOfOld) in diff.failedTests {
      text += "  \(failure.message)\n    a test of \(isOfOld ? names.old : names.new): \(place(failure.span))\n"
    }
    for problem in diff.problems { text += "  \(problem.message)\n" }
    return text
  }

  // MARK: Trust

  private var trust: String {
    guard !diff.trust.isEmpty else { return "" }
    var text = "Trust\n"
    for change in diff.trust {
      let protected = change.isProtected ? " (\(change.environment.map { "\($0), " } ?? "")protected)" : ""
      text += "  \(change.impact.rawValue): \(change.title)\(protected)\n"
      text += "    \(change.shortBefore) → \(change.shortAfter)"
      let places = [place(change.newSpan ?? change.oldSpan)].filter { !$0.isEmpty }
      if let place = places.first { text += "  \(place)" }
      text += "\n"
      if let note = change.note { text += "    \(note)\n" }
    }
    return text
  }

  // MARK: Access

  private func access(_ direction: AccessChange.Direction, _ title: String) -> String {
    let blocks = diff.blocks(sources).filter { $0.direction == direction }
    guard !blocks.isEmpty else { return "" }
    var text = "\(title)\n"
    for block in blocks {
      text += "  \(block.environment): \(block.who)\n"
      for row in block.rows {
        text += lines(row, mayFold: direction == .lost || !block.isProtected)
        if !row.places.isEmpty { text += "      \(row.shownPlaces(4).joined(separator: ", "))\n" }
      }
    }
    return text
  }

  /// One line, or where that is too long one for each resource; of what need not be shown whole, the first ten.
  private func lines(_ row: DiffBlock.Row, mayFold: Bool) -> String {
    let times = row.times.isEmpty ? "" : "  \(row.times)"
    let line = "    \(row.text)\(times)"
    if line.count <= 80 || row.resources.count < 2 { return line + "\n" }
    let shown = mayFold && row.resources.count > 12 ? Array(row.resources.prefix(10)) : row.resources
    var text = "    \(row.head)\(times)\n" + shown.map { "      \($0)\n" }.joined()
    if shown.count < row.resources.count { text += "      and \(row.resources.count - shown.count) more\n" }
    return text
  }

  // MARK: The rest

  private var changedArtifacts: String {
    guard !artifacts.isEmpty else { return "" }
    var text = "Artifacts\n"
    for artifact in artifacts where artifact.isExplained { text += "  \(artifact.kind.rawValue): \(artifact.path)\n" }
    let others = artifacts.filter { !$0.isExplained }
    if !others.isEmpty { text += "  for neither access nor trust:\n" }
    for artifact in others { text += "    \(artifact.kind.rawValue): \(artifact.path)\n" }
    return text
  }

  private var approvals: String {
    guard !diff.approvals.isEmpty else { return "" }
    var text = "Approvals\n"
    for need in diff.approvals {
      let state = need.isMet ? "given by \(need.givers)" : "needs one of \(need.people)"
      text += "  \(need.approval): \(state)  \(place(need.span))\n"
      for reason in need.reasons.prefix(5) { text += "    \(reason)\n" }
      if need.reasons.count > 5 { text += "    and \(need.reasons.count - 5) more\n" }
    }
    return text
  }

}

/// A generated file that differs between two revisions.
package struct ArtifactChange: Sendable {
  package enum Kind: String, Sendable { case new, changed, gone }
  package let path: String
  package let kind: Kind
  /// Whether a change of access or trust explains it.
  package let isExplained: Bool

  package init(path: String, kind: Kind, isExplained: Bool) {
    self.path = path
    self.kind = kind
    self.isExplained = isExplained
  }
}

extension AccessDiff {
  /// The violations, those by one line of one rule as one, with how many more there are.
  var violationGroups: [(RuleViolation, isOfOld: Bool, others: Int)] {
    struct Cause: Hashable {
      let rule: String
      let span: SourceSpan
      let isOfOld: Bool
    }
    var order: [Cause] = []
    var groups: [Cause: (RuleViolation, Int)] = [:]
    for (violation, isOfOld) in violations {
      let cause = Cause(rule: violation.rule, span: violation.span, isOfOld: isOfOld)
      if let known = groups[cause] {
        groups[cause] = (known.0, known.1 + 1)
      } else {
        order.append(cause)
        groups[cause] = (violation, 0)
      }
    }
    return order.compactMap { cause in groups[cause].map { ($0.0, cause.isOfOld, $0.1) } }
  }

  /// `2 violations · 1 trust change · 3 gains (2 in protected environments) · 1 loss · needs payroll_leads`.
  package var headline: String {
    func counted(_ count: Int, _ one: String, _ many: String) -> String? { count == 0 ? nil : "\(count) \(count == 1 ? one : many)" }
    var seen: [AccessChange.Direction: Set<String>] = [:]
    var protected: Set<String> = []
    for change in changes {
      seen[change.direction, default: []].insert(change.principal)
      if change.direction == .gained, isProtected(change.environment) { protected.insert(change.principal) }
    }
    let gains = seen[.gained]?.count ?? 0
    var parts = [
      counted(violations.count + failedTests.count, "violation", "violations"),
      counted(trust.count, "trust change", "trust changes"),
      counted(gains, "principal gains", "principals gain").map {
        protected.isEmpty ? $0 : "\($0) (\(protected.count) in protected environments)"
      },
      counted(seen[.lost]?.count ?? 0, "principal loses", "principals lose"),
    ].compactMap { $0 }
    let missing = approvals.filter { !$0.isMet }.flatMap(\.by)
    if !missing.isEmpty { parts.append("needs \(Array(Set(missing)).sorted().joined(separator: ", "))") }
    return parts.isEmpty ? "nothing changes" : parts.joined(separator: " · ")
  }
}

extension ApprovalNeed {
  /// Who gave it: `lee, ana (by name, since no account on a code host is declared)`.
  var givers: String {
    guard !givenByName.isEmpty else { return given.joined(separator: ", ") }
    let named = "\(givenByName.joined(separator: ", ")) (by name, since no account on a code host is declared)"
    return (given.filter { !givenByName.contains($0) } + [named]).joined(separator: ", ")
  }

  /// Whom it waits for: `payroll_leads (lee)`.
  var people: String {
    let names = by.joined(separator: ", ")
    let people = approvers.filter { !by.contains($0) }
    if approvers.isEmpty { return "\(names): nobody who may is known to the old side, or only the author" }
    return people.isEmpty ? names : "\(names) (\(people.prefix(5).joined(separator: ", "))\(people.count > 5 ? ", …" : ""))"
  }
}

extension DiffBlock {
  /// Who moves: a group, some names, whoever is in a group of unknown members.
  package var who: String {
    if isUnknown { return "whoever is in \(principals.joined(separator: ", "))" }
    if let group { return "\(group) (\(principals.count))" }
    return principals.count > 6
      ? "\(principals.prefix(5).joined(separator: ", ")) and \(principals.count - 5) more" : principals.joined(separator: ", ")
  }
}

extension DiffBlock.Row {
  /// The same with its times.
  package var line: String { times.isEmpty ? text : "\(text)  \(times)" }

  /// `read, write  marts/** except …`.
  var text: String { "\(head)\(isWholeSession ? " " : "  ")\(resources.joined(separator: "; "))" }

  /// What it is about, before the resources.
  var head: String {
    let some = isPartial ? "some of them: " : ""
    if isWholeSession { return "└ via \(via ?? ""):\(some.isEmpty ? "" : " some of them:")" }
    return "\(via.map { "via \($0): " } ?? "")\(some)\(actions.joined(separator: ", "))"
  }
}

extension TrustChange {
  /// `connection transform: environments.prod.host`.
  package var title: String {
    let what = Section(name: section)?.singularName ?? section
    return path.isEmpty ? "\(what) `\(name)`" : "\(what) `\(name)`: \(path)"
  }

  var shortBefore: String { Self.short(before) ?? "nothing" }
  var shortAfter: String { Self.short(after) ?? "nothing" }

  private static func short(_ text: String?) -> String? {
    text.map { $0.isEmpty ? "{}" : $0 }
  }
}

extension Section {
  package var singularName: String { singular }
}

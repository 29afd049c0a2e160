/// A comparison of two revisions as the comment of a pull request: what a reviewer needs first stands first, and trust
/// changes and gains in protected environments never fold.
package struct DiffMarkdown {
  private let report: DiffReport
  private let markdown: MarkdownText

  package init(_ report: DiffReport) { self.init(report, MarkdownText()) }

  private init(_ report: DiffReport, _ markdown: MarkdownText) {
    self.report = report
    self.markdown = markdown
  }

  private var diff: AccessDiff { report.diff }
  private var sources: SourceMap { report.sources }
  private var names: (old: String, new: String) { report.names }
  private var artifacts: [ArtifactChange] { report.artifacts }

  /// Within what the hosts take; where something is left out for that, it says so.
  package var text: String {
    if let whole = MarkdownPage.whole(top, sections, bottom) { return whole }
    let short = DiffMarkdown(report, MarkdownText(limit: 200))
    return MarkdownPage.cut(short.top, short.sections, short.bottom, elsewhere: "`writ diff` shows all")
  }

  private var top: String {
    let headline = diff.headline.utf8.count > 2_000 ? markdown.escaped(diff.headline) : diff.headline
    return "### Writ: \(diff.isBlocked ? "❌ blocked · " : diff.isEmpty ? "✅ " : "")\(headline)\n"
      + (report.note.map { "\n**Note**: \(inline($0))\n" } ?? "") + (diff.isEmpty ? "\nNo access changes, no trust changes.\n" : "")
  }

  private var bottom: String { "<sub>base \(code(names.old)) · head \(code(names.new)) · judged \(diff.instant.timestamp)</sub>\n" }

  private var sections: [MarkdownSection] { [violations, approvals, trust] + gains + [losses, changedArtifacts] }

  private func code(_ text: String) -> String { markdown.code(text) }
  private func cell(_ text: String) -> String { markdown.code(text) }
  private func inline(_ text: String) -> String { markdown.inline(text) }
  private func escaped(_ text: String) -> String { markdown.escaped(text) }

  // MARK: Sections

  private var violations: MarkdownSection {
    var rows: [String] = []
    for (violation, isOfOld, others) in diff.violationGroups {
      let gone = isOfOld && diff.isGone(violation.rule) ? ", *which this change deletes*" : ""
      rows.append(
        "**Violates \(isOfOld ? "the rules of \(code(names.old))" : "its own rules")**: \(code(violation.rule))\(gone) (\(place(violation.ruleSpan)))\n"
          + "> \(inline(violation.message)) · \(place(violation.span))\(others > 0 ? " · and \(others) more by the same line" : "")\n\n")
    }
    for (failure, isOfOld) in diff.failedTests {
      rows.append(
        "**Fails a test of \(isOfOld ? code(names.old) : "its own")** (\(place(failure.span)))\n> \(inline(failure.message))\n\n")
    }
    for problem in diff.problems { rows.append("**Not judged**: \(inline(problem.message))\n\n") }
    return MarkdownSection(rows: rows, noun: ("violation", "violations"))
  }

  private var approvals: MarkdownSection {
    MarkdownSection(
      rows: diff.approvals.map { need in
        let state = need.isMet ? "given by \(escaped(need.givers))" : "needs one of \(escaped(need.people))"
        return "**Approval** \(code(need.approval)): \(state) (\(place(need.span)))\n\n"
      }, noun: ("approval", "approvals"))
  }

  private var trust: MarkdownSection {
    MarkdownSection(
      head: "**Trust**\n\n| what | impact | before | after | |\n|---|---|---|---|---|\n",
      rows: diff.trust.map { change in
        let place = change.environment.map { change.isProtected ? ", **\(escaped($0))**" : ", \(escaped($0))" } ?? ""
        let title =
          "\(Section(name: change.section)?.singularName ?? change.section) \(code(change.name))\(change.path.isEmpty ? "" : " \(escaped(change.path))")"
        return row([
          title + place + (change.note.map { "<br>\(inline($0))" } ?? ""), change.impact.rawValue,
          change.before == nil ? "nothing" : cell(change.shortBefore),
          change.after == nil ? "**nothing**" : "**\(cell(change.shortAfter))**",
          self.place(change.newSpan ?? change.oldSpan),
        ])
      }, noun: ("change of trust", "changes of trust"))
  }

  private var gains: [MarkdownSection] {
    let blocks = diff.blocks(sources).filter { $0.direction == .gained }
    let others = blocks.filter { !$0.isProtected }
    return [
      table(blocks.filter(\.isProtected), "**Gains in protected environments**\n\n", ("gain", "gains")),
      others.count > 10
        ? folded(table(others, "", ("gain", "gains")), "Gains elsewhere (\(others.count))")
        : table(others, "**Gains**\n\n", ("gain", "gains")),
    ]
  }

  private var losses: MarkdownSection {
    let blocks = diff.blocks(sources).filter { $0.direction == .lost }
    return blocks.count > 10
      ? folded(table(blocks, "", ("loss", "losses")), "Losses (\(blocks.count))") : table(blocks, "**Losses**\n\n", ("loss", "losses"))
  }

  private var changedArtifacts: MarkdownSection {
    let rows = artifacts.map { "- \($0.kind.rawValue): \(code($0.path))\($0.isExplained ? "" : " (for neither access nor trust)")\n" }
    return folded(MarkdownSection(rows: rows, noun: ("artifact", "artifacts")), "Artifacts (\(artifacts.count))")
  }

  // MARK: Pieces

  private func table(_ blocks: [DiffBlock], _ head: String, _ noun: (String, String)) -> MarkdownSection {
    MarkdownSection(
      head: head + "| who | may | where | until | because |\n|---|---|---|---|---|\n", rows: blocks.map(rows), noun: noun)
  }

  /// Whoever moves alike, in one piece.
  private func rows(_ block: DiffBlock) -> String {
    var text = ""
    for (index, it) in block.rows.enumerated() {
      let who = index == 0 ? escaped(block.who) : ""
      let places = it.shownPlaces(4).map { code($0) }.joined(separator: "<br>")
      let isShort = it.resources.count <= 12 || (block.isProtected && block.direction == .gained && markdown.limit == nil)
      let shown = isShort ? it.resources : Array(it.resources.prefix(10))
      let rest = isShort ? "" : "<br>and \(it.resources.count - shown.count) more"
      let what = shown.map { cell($0) }.joined(separator: "<br>") + rest
      if it.isWholeSession {
        text += row([
          index == 0 ? "\(who) via \(code(it.via ?? ""))" : "└ via \(code(it.via ?? ""))", what, escaped(block.environment),
          cell(it.times), places,
        ])
      } else {
        let via = it.via.map { " via \(code($0))" } ?? ""
        text += row([
          who, escaped(it.actions.joined(separator: ", ")) + via, "\(what) · \(escaped(block.environment))", cell(it.times), places,
        ])
      }
    }
    return text
  }

  private func row(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }

  private func folded(_ section: MarkdownSection, _ title: String) -> MarkdownSection {
    MarkdownSection(
      head: "<details><summary>\(escaped(title))</summary>\n\n\(section.head)", rows: section.rows, foot: "\n</details>\n",
      noun: section.noun)
  }

  private func place(_ span: SourceSpan?) -> String {
    guard let span else { return "" }
    let start = sources.start(of: span)
    return code("\(start.path):\(start.line)")
  }
}

/// A comparison of two revisions as the comment of a pull request: what a reviewer needs first stands first, and trust
/// changes and gains in protected environments never fold.
package struct DiffMarkdown {
  private let report: DiffReport

  package init(_ report: DiffReport) { self.report = report }

  private var diff: AccessDiff { report.diff }
  private var sources: SourceMap { report.sources }
  private var names: (old: String, new: String) { report.names }
  private var artifacts: [ArtifactChange] { report.artifacts }

  package var text: String {
    var parts = ["### Writ: \(diff.isBlocked ? "❌ blocked · " : diff.isEmpty ? "✅ " : "")\(diff.headline)\n"]
    if diff.isEmpty { parts.append("No access changes, no trust changes.\n") }
    parts += [violations, trust, gains, losses, folded]
    parts.append("<sub>base \(code(names.old)) · head \(code(names.new)) · judged \(diff.instant.timestamp)</sub>\n")
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  // MARK: Sections

  private var violations: String {
    var text = ""
    for (violation, isOfOld, others) in diff.violationGroups {
      let gone = isOfOld && diff.isGone(violation.rule) ? ", *which this change deletes*" : ""
      text +=
        "**Violates \(isOfOld ? "the rules of \(code(names.old))" : "its own rules")**: \(code(violation.rule))\(gone) (\(place(violation.ruleSpan)))\n"
      text += "> \(inline(violation.message)) · \(place(violation.span))\(others > 0 ? " · and \(others) more by the same line" : "")\n\n"
    }
    for (failure, isOfOld) in diff.failedTests {
      text += "**Fails a test of \(isOfOld ? code(names.old) : "its own")** (\(place(failure.span)))\n> \(inline(failure.message))\n\n"
    }
    for problem in diff.problems { text += "**Not judged**: \(inline(problem.message))\n\n" }
    for need in diff.approvals {
      text +=
        "**Approval** \(code(need.approval)): \(need.isMet ? "given by \(escaped(need.given.joined(separator: ", ")))" : "needs one of \(escaped(need.people))")"
      text += " (\(place(need.span)))\n\n"
    }
    return text
  }

  private var trust: String {
    guard !diff.trust.isEmpty else { return "" }
    var text = "**Trust**\n\n| what | impact | before | after | |\n|---|---|---|---|---|\n"
    for change in diff.trust {
      let place = change.environment.map { change.isProtected ? ", **\(escaped($0))**" : ", \(escaped($0))" } ?? ""
      let title =
        "\(Section(rawValue: change.section)?.singularName ?? change.section) \(code(change.name))\(change.path.isEmpty ? "" : " \(escaped(change.path))")"
      text += row([
        title + place + (change.note.map { "<br>\(inline($0))" } ?? ""), change.impact.rawValue,
        change.before == nil ? "nothing" : cell(change.shortBefore),
        change.after == nil ? "**nothing**" : "**\(cell(change.shortAfter))**",
        self.place(change.newSpan ?? change.oldSpan),
      ])
    }
    return text
  }

  private var gains: String {
    let blocks = diff.blocks(sources).filter { $0.direction == .gained }
    let shown = blocks.filter(\.isProtected)
    let others = blocks.filter { !$0.isProtected }
    var text = ""
    if !shown.isEmpty { text += "**Gains in protected environments**\n\n\(table(shown))" }
    if !others.isEmpty {
      text += text.isEmpty ? "" : "\n"
      text += others.count > 10 ? fold("Gains elsewhere (\(others.count))", table(others)) : "**Gains**\n\n\(table(others))"
    }
    return text
  }

  private var losses: String {
    let blocks = diff.blocks(sources).filter { $0.direction == .lost }
    guard !blocks.isEmpty else { return "" }
    return blocks.count > 10 ? fold("Losses (\(blocks.count))", table(blocks)) : "**Losses**\n\n\(table(blocks))"
  }

  private var folded: String {
    guard !artifacts.isEmpty else { return "" }
    let rows = artifacts.map { "- \($0.kind.rawValue): \(code($0.path))\($0.isExplained ? "" : " (for neither access nor trust)")\n" }
      .joined()
    return fold("Artifacts (\(artifacts.count))", rows)
  }

  // MARK: Pieces

  private func table(_ blocks: [DiffBlock]) -> String {
    var text = "| who | may | where | until | because |\n|---|---|---|---|---|\n"
    for block in blocks {
      for (index, it) in block.rows.enumerated() {
        let who = index == 0 ? escaped(block.who) : ""
        let places = it.shownPlaces(4).map { code($0) }.joined(separator: "<br>")
        let isShort = it.resources.count <= 12 || (block.isProtected && block.direction == .gained)
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
    }
    return text
  }

  private func row(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }

  private func fold(_ title: String, _ body: String) -> String { "<details><summary>\(escaped(title))</summary>\n\n\(body)\n</details>\n" }

  private func place(_ span: SourceSpan?) -> String {
    guard let span else { return "" }
    let start = sources.start(of: span)
    return code("\(start.path):\(start.line)")
  }

  /// As code, whatever is in it: where backticks would not hold it, as HTML of which nothing is markup.
  private func code(_ text: String) -> String {
    let plain = SafeText.escaped(text)
    if plain.isEmpty { return "" }
    let isSafe = !plain.unicodeScalars.contains { "`|\\".unicodeScalars.contains($0) } && plain.first != " " && plain.last != " "
    if isSafe { return "`\(plain)`" }
    var result = ""
    for scalar in plain.unicodeScalars {
      let isPlain = scalar.value > 0x7F || scalar == " " || scalar == "/" || scalar == "." || scalar == "-" || Self.isWord(scalar)
      result += isPlain ? String(scalar) : "&#\(scalar.value);"
    }
    return "<code>\(result)</code>"
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    (0x30...0x39).contains(scalar.value) || (0x41...0x5A).contains(scalar.value) || (0x61...0x7A).contains(scalar.value)
  }

  private func cell(_ text: String) -> String { code(text) }

  /// A message with its own backticks: what stands between two of them is code. One too many and the rest is text, in which
  /// nothing is markup either.
  private func inline(_ text: String) -> String {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
    return parts.enumerated().map { index, part in
      if index % 2 == 1, index + 1 < parts.count { return code(part) }
      return index % 2 == 1 ? escaped("'" + part) : escaped(part)
    }.joined()
  }

  /// Text in which nothing is markup: no link, no mention, no HTML.
  private func escaped(_ text: String) -> String {
    var result = ""
    for scalar in SafeText.escaped(text).unicodeScalars {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "|": result += "&#124;"
      case "*", "_", "[", "]", "`", "#", "~", "\\", "!": result += "\\\(scalar)"
      // A mention, and a link that is none of ours.
      case "@", ":": result += "\(scalar)\u{200B}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

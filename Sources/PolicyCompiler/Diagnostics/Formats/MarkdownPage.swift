/// A part of a page of markdown that is made of rows: of a table, of a list, of paragraphs.
struct MarkdownSection {
  /// What stands before the rows.
  var head = ""
  /// Each with its line break.
  var rows: [String] = []
  /// What stands behind the rows: the end of a fold.
  var foot = ""
  /// What the rows are, one and many: `gain`, `gains`.
  var noun = ("line", "lines")

  fileprivate var size: Int { rows.isEmpty ? 0 : head.utf8.count + foot.utf8.count + rows.reduce(0) { $0 + $1.utf8.count } }

  fileprivate var text: String { rows.isEmpty ? "" : head + rows.joined() + foot }

  /// As many of the rows as fit, and how many do not.
  fileprivate func text(within limit: Int, _ elsewhere: String) -> String {
    let room = limit - head.utf8.count - foot.utf8.count - 160 - elsewhere.utf8.count
    var (shown, used) = (0, 0)
    while shown < rows.count, used + rows[shown].utf8.count <= room {
      used += rows[shown].utf8.count
      shown += 1
    }
    let left = rows.count - shown
    if left == 0 { return text }
    let statement = "\n*\(left) \(shown == 0 ? "" : "more ")\(left == 1 ? noun.0 : noun.1) left out for want of room: \(elsewhere)*\n"
    return (shown == 0 ? "" : head + rows.prefix(shown).joined()) + statement + (shown == 0 ? "" : foot)
  }
}

/// Sections one after the other, within what a host takes.
enum MarkdownPage {
  /// Bytes of a page. GitHub takes 65,536 characters as a comment and 1 MiB as a step summary, GitLab 1,000,000 characters as
  /// a note: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits.
  /// Some room is left for the marks by which a workflow finds its own comment.
  static let limit = 64_000

  /// - Parameters:
  ///   - elsewhere: where all of it is, for a page that leaves something out.
  ///   - sections: the most important first.
  /// - Returns: nil where it would be longer than the limit.
  static func whole(_ top: String, _ sections: [MarkdownSection], _ bottom: String) -> String? {
    guard sections.reduce(top.utf8.count + bottom.utf8.count, { $0 + $1.size + 1 }) <= limit else { return nil }
    return joined([top] + sections.map(\.text) + [bottom])
  }

  /// Cut to the limit: each section gets an equal part of it, and what one does not need goes to the first that does.
  static func cut(_ top: String, _ sections: [MarkdownSection], _ bottom: String, elsewhere: String) -> String {
    let wanted = sections.filter { !$0.rows.isEmpty }
    var room = limit - top.utf8.count - bottom.utf8.count - wanted.count - 2
    let share = room / max(1, wanted.count)
    var parts = wanted.map { min($0.size, share) }
    room -= parts.reduce(0, +)
    for index in parts.indices where parts[index] < wanted[index].size {
      let more = min(room, wanted[index].size - parts[index])
      parts[index] += more
      room -= more
    }
    return joined([top] + zip(wanted, parts).map { $0.text(within: $0.size <= $1 ? .max / 2 : $1, elsewhere) } + [bottom])
  }

  private static func joined(_ parts: [String]) -> String { parts.filter { !$0.isEmpty }.joined(separator: "\n") }
}

/// One revision or two, as typed: `A`, `A..B`, `A...B`, `A..`, `..B`.
package struct RevisionRange: Sendable, Hashable {
  package enum Form: String, Sendable, Hashable {
    case single = ""
    /// From the one to the other, directly.
    case twoDots = ".."
    /// From where the two parted to the second.
    case threeDots = "..."
  }

  package var form: Form
  /// The first end: `HEAD` where none was typed.
  package var first: String
  /// The second end: `HEAD` where none was typed; nil for a single revision.
  package var second: String?

  /// Reads one; which revisions there are is not looked at.
  package init(_ text: String) throws(GitError) {
    let runs = Self.dots(in: text)
    if text.utf8.isEmpty || text.utf8.contains(0) { throw .invalidRange(text, "is not a revision") }
    if text.hasPrefix("^") {
      throw .invalidRange(
        text, "leaves commits out, which only says something beside others", hint: "write `A..B` for what B has and A has not")
    }
    if text.contains(where: \.isWhitespace), !text.contains("{"), !text.hasPrefix(":/") {
      throw .invalidRange(text, "is more than one revision", hint: "write a single one, or a range such as `main..HEAD`")
    }
    guard let dots = runs.first else {
      (form, first, second) = (.single, text, nil)
      return
    }
    guard runs.count == 1 else {
      throw .invalidRange(text, "is more than one range", hint: "write two ends: `A..B`")
    }
    let count = text.utf8.distance(from: dots.lowerBound, to: dots.upperBound)
    guard count <= 3 else {
      throw .invalidRange(text, "has \(count) dots", hint: "two compare the ends directly, three from where they parted")
    }
    let (left, right) = (String(text[..<dots.lowerBound]), String(text[dots.upperBound...]))
    guard !left.isEmpty || !right.isEmpty else {
      throw .invalidRange(text, "is a range without an end", hint: "write at least one: `A..` is `A..HEAD`")
    }
    if right.hasPrefix("^") { throw .invalidRange(text, "has an end that leaves commits out", hint: "write two ends: `A..B`") }
    form = count == 2 ? .twoDots : .threeDots
    first = left.isEmpty ? "HEAD" : left
    second = right.isEmpty ? "HEAD" : right
  }

  /// Runs of two or more dots outside of braces: `HEAD^{/a..b}` names one commit.
  private static func dots(in text: String) -> [Range<String.Index>] {
    var (runs, depth): ([Range<String.Index>], Int) = ([], 0)
    var index = text.utf8.startIndex
    while index < text.utf8.endIndex {
      switch text.utf8[index] {
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: ".") where depth <= 0:
        let end = text.utf8[index...].firstIndex { $0 != UInt8(ascii: ".") } ?? text.utf8.endIndex
        if text.utf8.distance(from: index, to: end) > 1 { runs.append(index..<end) }
        index = end
        continue
      default: break
      }
      index = text.utf8.index(after: index)
    }
    return runs
  }
}

/// The commits that a range names.
package struct CommitRange: Sendable, Hashable {
  /// What is compared with; nil for a single revision.
  package var old: Commit?
  package var new: Commit
}

extension Repository {
  /// Finds a range's commits. With three dots, the old one is where the two histories parted: see ``mergeBase(_:_:)``.
  package func resolve(_ range: RevisionRange, dates: RevisionDates = .none) throws(GitError) -> CommitRange {
    let first = try resolve(range.first, dates: dates)
    guard let text = range.second else { return CommitRange(old: nil, new: first) }
    let second = try resolve(text, dates: dates)
    return CommitRange(old: range.form == .threeDots ? try mergeBase(first, second) : first, new: second)
  }
}

extension GitError {
  fileprivate static func invalidRange(_ text: String, _ what: String, hint: String? = nil) -> Self {
    Self(.unknownRevision, "`\(escaped(text))` \(what)", hint: hint)
  }
}

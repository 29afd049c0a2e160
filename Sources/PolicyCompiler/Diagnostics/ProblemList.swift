/// What a stage has to say, up to a bound: a hostile file could hold millions of mistakes, and nobody reads more than the
/// first of them.
struct ProblemList: Sendable {
  /// Problems of one file, or of one stage of a policy.
  static let maximum = 750

  private let limit: Int
  private(set) var kept: [Diagnostic] = []
  private var left = 0
  private var firstLeft: Diagnostic?

  init(limit: Int = Self.maximum) { self.limit = limit }

  mutating func append(_ problem: Diagnostic) {
    guard kept.count >= limit else { return kept.append(problem) }
    left += 1
    // Among what is not shown may be the only error.
    if firstLeft == nil || (firstLeft?.severity != .error && problem.severity == .error) { firstLeft = problem }
  }

  /// Several lists as one, with its bound.
  static func joined(_ lists: [ProblemList]) -> ProblemList {
    var all = ProblemList()
    for list in lists {
      for problem in list.kept { all.append(problem) }
      all.left += list.left
      if let first = list.firstLeft, all.firstLeft?.severity != .error { all.firstLeft = first }
    }
    return all
  }

  /// The same without some of those that are kept.
  func filter(_ isWanted: (Diagnostic) -> Bool) -> ProblemList {
    var list = self
    list.kept = kept.filter(isWanted)
    return list
  }

  /// Whether a further problem would only be counted: then `skip` saves making it.
  var isFull: Bool { firstLeft?.severity == .error }

  mutating func skip() { left += 1 }

  /// All of them; where some were left out, with one that says so.
  var all: [Diagnostic] {
    guard let firstLeft else { return kept }
    return kept + [.moreProblems(left, like: firstLeft)]
  }
}

extension Diagnostic {
  fileprivate static func moreProblems(_ count: Int, like first: Diagnostic) -> Self {
    Self(
      .tooMany, "there \(count == 1 ? "is 1 more problem" : "are \(count) more problems"), which \(count == 1 ? "is" : "are") not shown",
      at: first.span,
      severity: first.severity, help: "mend the first ones, and check again")
  }
}

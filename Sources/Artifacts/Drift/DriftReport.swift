package import PolicyCompiler

/// How the generated files differ from what the policy says, and what moved: the policy, the files, the time, or Writ.
package struct DriftReport: Sendable {
  package enum Reason: String, Sendable, CaseIterable {
    /// The policy says something else now.
    case policy
    /// The file is not what was rendered.
    case file
    /// The policy is the same, but some access began or ended since.
    case time
    /// An earlier version of Writ rendered it otherwise.
    case writ
  }

  package enum Difference: String, Sendable, CaseIterable {
    case missing, different, unwanted
  }

  /// A commit, as people and machines name it.
  package struct CommitName: Sendable, Equatable {
    package let id: String
    package let author: String
    package let day: String
    package let subject: String

    package init(id: String, author: String, day: String, subject: String) {
      (self.id, self.author, self.day, self.subject) = (id, author, day, subject)
    }

    package var text: String { "\(id.prefix(7)) \(day) \(author), \"\(subject)\"" }
  }

  /// What a file was rendered from.
  package struct Rendering: Sendable, Equatable {
    /// The revision of the policy.
    package let policy: String
    package let moment: Instant
    /// The commit that says so by its trailers; nil where policy and file were committed together.
    package let commit: String?
    /// The version of Writ, where a trailer names it.
    package let version: String?

    package init(policy: String, moment: Instant, commit: String?, version: String?) {
      (self.policy, self.moment, self.commit, self.version) = (policy, moment, commit, version)
    }
  }

  package struct Item: Sendable {
    /// From the root of the repository.
    package let path: String
    package let difference: Difference
    /// The first line that differs, from 1.
    package let line: Int
    /// Empty where it cannot be told; then `note` says why.
    package var reasons: Set<Reason> = []
    package var rendering: Rendering?
    /// The commit that the file's content came with.
    package var changed: CommitName?
    /// Whether the content is not committed.
    package var isUncommitted = false
    package var note: String?

    package init(path: String, difference: Difference, line: Int) {
      (self.path, self.difference, self.line) = (path, difference, line)
    }
  }

  /// The folder of generated files.
  package let folder: String
  /// What was compared, in words: `the work tree`, `main (1a2b3c4)`.
  package let policy: String
  package let files: String
  package let instant: Instant
  /// How many files the policy asks for.
  package let count: Int
  package let items: [Item]
  /// Files that Writ did not make, below the folder.
  package let foreign: [String]
  /// The version of Writ that compares.
  package let version: String

  package init(
    folder: String, policy: String, files: String, instant: Instant, count: Int, items: [Item], foreign: [String], version: String
  ) {
    (self.folder, self.policy, self.files, self.instant) = (folder, policy, files, instant)
    (self.count, self.items, self.foreign, self.version) = (count, items, foreign, version)
  }
}

extension DriftReport {
  /// One line for each file that differs; never any of its content.
  package var text: String {
    if items.isEmpty { return "\(folder) is what the policy says\n" }
    return items.map { line($0) + "\n" }.joined()
  }

  package func line(_ item: Item) -> String {
    let what =
      switch item.difference {
      case .missing: "is missing"
      case .different: "differs"
      case .unwanted: "is no longer wanted"
      }
    return "\(item.path):\(item.line): \(what): \(why(item))"
  }

  private func why(_ item: Item) -> String {
    var parts: [String] = []
    if item.reasons.contains(.file) {
      let done = item.difference == .missing ? "deleted" : "edited"
      let place = item.isUncommitted ? ", not committed" : item.changed.map { " in \($0.text)" } ?? ""
      parts.append("\(done) by hand\(place)")
    }
    if item.reasons.contains(.writ) {
      parts.append("writ \(item.rendering?.version ?? "?") rendered it, and writ \(version) renders it otherwise")
    }
    if item.reasons.contains(.policy) {
      let since = item.rendering.map { " since \($0.policy.prefix(7))" } ?? ""
      let by = (item.rendering?.commit).map { ", which \($0.prefix(7)) rendered" } ?? ""
      parts.append("the policy moved on\(since)\(by)")
    }
    if item.reasons.contains(.time) {
      parts.append("access began or ended" + (item.rendering.map { " since \($0.moment.timestamp)" } ?? ""))
    }
    if let note = item.note { parts.append(note) }
    return parts.joined(separator: "; ")
  }
}

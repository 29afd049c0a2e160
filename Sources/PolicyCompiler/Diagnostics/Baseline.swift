/// Problems that a repository knew of when it adopted Writ, and is not failed by: `writ check --write-baseline` records
/// them, `writ check` lets them pass as long as they stay what they are.
package struct Baseline: Sendable, Equatable {
  package static let fileName = ".writ-baseline.json"
  /// What it is called among changes of trust.
  static let section = "baseline"
  package static let version = 1

  /// One problem, or several that are equal.
  package struct Entry: Sendable, Hashable {
    package let code: String
    /// The file that it is in; empty where it is about the policy as a whole.
    package let path: String
    package let message: String
    /// See `Fingerprint`.
    package let fingerprint: String
    package let count: Int
  }

  /// By path, code and fingerprint, each once.
  package let entries: [Entry]

  /// - Parameter entries: in any order.
  init(entries: [Entry]) {
    self.entries = entries.sorted { left, right in
      for (a, b) in [(left.path, right.path), (left.code, right.code)] where a != b { return UTF8Key(a) < UTF8Key(b) }
      return left.fingerprint < right.fingerprint
    }
  }

  /// Whether a problem may be in a baseline: an error or a warning, but no secret. A fingerprint knows nothing of a secret's
  /// content, so that the next one in its place would be taken for it.
  package static func canHold(_ it: Diagnostic) -> Bool {
    it.severity != .note && it.code != .exposedSecret && it.code != .literalSecret
  }

  /// Of all problems that a baseline can hold.
  ///
  /// - Parameter problems: in the order in which they are printed.
  package init(_ problems: [Diagnostic], _ sources: SourceMap) {
    var counts: [Key: Int] = [:]
    for (it, fingerprint) in zip(problems, Fingerprint.all(problems, sources)) where Self.canHold(it) {
      counts[Key(it, fingerprint, sources), default: 0] += 1
    }
    self.init(
      entries: counts.map { key, count in
        Entry(code: key.code, path: key.path, message: key.message, fingerprint: key.fingerprint, count: count)
      })
  }

  /// What must be equal for a problem to be the one that was recorded. The message is part of the fingerprint as well: an
  /// entry whose words say something else than its fingerprint matches nothing.
  private struct Key: Hashable {
    let code: String
    let path: String
    let message: String
    let fingerprint: String

    init(_ it: Diagnostic, _ fingerprint: Fingerprint, _ sources: SourceMap) {
      code = it.code.rawValue
      path = it.span.map { sources.path(of: $0) } ?? ""
      // Of what changes every day the fingerprint knows what lasts.
      message = it.code == .endsSoon ? "" : it.message
      self.fingerprint = fingerprint.text
    }

    init(_ it: Entry) {
      code = it.code
      path = it.path
      message = it.code == DiagnosticCode.endsSoon.rawValue ? "" : it.message
      fingerprint = it.fingerprint
    }
  }

  // MARK: Judging

  /// What a baseline makes of a run's problems.
  package struct Verdict: Sendable {
    /// What is new, in its order.
    package var remaining: [Diagnostic]
    /// How many problems are in the baseline.
    package var known = 0
    /// How many problems the baseline holds that count for nothing, since the revision that it is held against had none of them.
    package var beyond = 0
    /// Entries that match less than they say.
    package var stale: [Entry] = []

    package init(remaining: [Diagnostic] = []) { self.remaining = remaining }
  }

  /// Of several equal problems, as many as were recorded are known: the first ones.
  ///
  /// - Parameters:
  ///   - canHold: whether a problem may be known at all.
  ///   - isComplete: whether everything was judged; else what is missing is not said to be gone.
  package func judge(
    _ problems: [Diagnostic], _ sources: SourceMap, isComplete: Bool, canHold: (Diagnostic) -> Bool
  ) -> Verdict {
    var left: [Key: Int] = [:]
    for entry in entries { left[Key(entry), default: 0] += max(0, entry.count) }
    var verdict = Verdict()
    for (it, fingerprint) in zip(problems, Fingerprint.all(problems, sources)) {
      let key = Key(it, fingerprint, sources)
      if Self.canHold(it), let count = left[key], count > 0, canHold(it) {
        left[key] = count - 1
        verdict.known += 1
      } else {
        verdict.remaining.append(it)
      }
    }
    if isComplete { verdict.stale = entries.filter { (left[Key($0)] ?? 0) > 0 } }
    return verdict
  }

  /// What of it another revision knew of or had, and how many problems it holds beyond that.
  ///
  /// Problems are the same where their code and words are: a file that moves takes its problems along.
  package func limited(to others: [Baseline]) -> (baseline: Baseline, beyond: Int) {
    struct Words: Hashable {
      let code: String
      let message: String
      init(_ it: Entry) { (code, message) = (it.code, Key(it).message) }
    }
    var left: [Words: Int] = [:]
    for other in others {
      let counts = other.entries.reduce(into: [Words: Int]()) { $0[Words($1), default: 0] += $1.count }
      left.merge(counts, uniquingKeysWith: max)
    }
    var beyond = 0
    let kept = entries.compactMap { entry -> Entry? in
      let count = min(entry.count, left[Words(entry)] ?? 0)
      left[Words(entry), default: 0] -= count
      beyond += entry.count - count
      guard count > 0 else { return nil }
      return Entry(code: entry.code, path: entry.path, message: entry.message, fingerprint: entry.fingerprint, count: count)
    }
    return (Baseline(entries: kept), beyond)
  }

  // MARK: The file

  package var json: JSON {
    .members([
      "version": .integer(Self.version),
      "note": "Problems that `writ check` lets pass. Written by `writ check --write-baseline`; delete entries, never add any by hand.",
      "problems": .array(
        entries.map {
          .members([
            "path": .string($0.path), "code": .string($0.code), "message": .string($0.message), "fingerprint": .string($0.fingerprint),
            "count": .integer($0.count),
          ])
        }),
    ])
  }

  package enum Unreadable: Error, Equatable {
    case malformed(String)
    /// A version that this Writ does not know.
    case version(String)
  }

  /// Reads a file's bytes.
  package static func read(_ bytes: [UInt8]) throws(Unreadable) -> Baseline {
    guard let document = SyntaxNode.json(bytes), document.isMapping else { throw .malformed("it is not a JSON object") }
    guard let version = document.value(of: "version"), version.isScalar else { throw .malformed("it has no `version`") }
    guard version.text == String(Self.version) else { throw .version(version.text) }
    guard let problems = document.value(of: "problems"), problems.isSequence else { throw .malformed("it has no list of `problems`") }
    var entries: [Entry] = []
    for (index, item) in problems.items.enumerated() {
      func text(_ name: String) -> String? {
        guard item.isMapping else { return nil }
        for (key, value) in item.pairs where key.isScalar && key.text == name { return value.isScalar ? value.text : nil }
        return nil
      }
      guard let path = text("path"), let code = text("code"), let message = text("message"), let fingerprint = text("fingerprint"),
        let count = text("count").flatMap(Int.init), (1...1_000_000).contains(count)
      else {
        throw .malformed("entry \(index + 1) lacks one of `path`, `code`, `message`, `fingerprint` and `count`, or has a wrong one")
      }
      entries.append(Entry(code: code, path: path, message: message, fingerprint: fingerprint, count: count))
    }
    return Baseline(entries: entries)
  }

  /// The JSON Schema of the file.
  package static var schema: JSON {
    func text(_ pattern: String? = nil) -> JSON { .members(["type": "string", "pattern": pattern.map { .string($0) }]) }
    let entry: JSON = .members([
      "type": "object", "additionalProperties": false, "required": ["path", "code", "message", "fingerprint", "count"],
      "properties": .members([
        "path": .members([
          "type": "string", "description": "The file, from the repository's root; empty where it is about the policy as a whole.",
        ]), "code": text("^W[0-9]{4}$"),
        "message": text(), "fingerprint": text("^[0-9a-f]{32}$"),
        "count": .members(["type": "integer", "minimum": 1, "description": "How many equal ones there are."]),
      ]),
    ])
    return .members([
      "$schema": "http://json-schema.org/draft-07/schema#", "title": "Writ baseline", "type": "object", "additionalProperties": false,
      "required": ["version", "problems"],
      "properties": .members([
        "version": .members(["const": .integer(version)]), "note": text(), "problems": .members(["type": "array", "items": entry]),
      ]),
    ])
  }

  // MARK: Changes

  /// The change of trust that another baseline is: what it holds fails nobody.
  package static func changes(from old: Baseline?, to new: Baseline?, path: String) -> [TrustChange] {
    let (before, after) = (counts(old), counts(new))
    guard before != after else { return [] }
    let added = after.reduce(0) { $0 + max(0, $1.value - (before[$1.key] ?? 0)) }
    let gone = before.reduce(0) { $0 + max(0, $1.value - (after[$1.key] ?? 0)) }
    func text(_ it: Baseline?) -> String? {
      it.map { $0.entries.isEmpty ? "no problems" : "\($0.total) \($0.total == 1 ? "problem" : "problems")" }
    }
    let moves = [added > 0 ? "\(added) added" : nil, gone > 0 ? "\(gone) gone" : nil].compactMap { $0 }.joined(separator: ", ")
    return [
      TrustChange(
        section: section, name: path, path: "", impact: .control, before: text(old), after: text(new),
        note: "\(moves.isEmpty ? "" : "\(moves): ")what is in it does not fail `writ check`")
    ]
  }

  private var total: Int { entries.reduce(0) { $0 + $1.count } }

  private static func counts(_ it: Baseline?) -> [Key: Int] {
    (it?.entries ?? []).reduce(into: [:]) { $0[Key($1), default: 0] += $1.count }
  }
}

extension Diagnostic {
  /// Says that a baseline holds more than there is.
  package static func staleBaseline(_ stale: [Baseline.Entry], path: String) -> Self {
    let count = stale.count
    return Self(
      .staleBaseline, "\(count == 1 ? "1 entry" : "\(count) entries") of `\(path)` \(count == 1 ? "matches" : "match") no problem any more",
      at: nil,
      notes: stale.prefix(5).map { Note("\($0.path.isEmpty ? "" : "\($0.path): ")\($0.code): \($0.message)") }
        + (count > 5 ? [Note("and \(count - 5) more")] : []),
      help: "`writ check --write-baseline` renews it, so that they stay mended")
  }
}

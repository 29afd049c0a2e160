import GitStore
import PolicyCompiler

/// Texts of one line with a grammar of their own.
enum WordFuzz {
  static func reference(_ bytes: [UInt8]) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    switch SecretReference.parse(text) {
    case .failure(let problem):
      return range(problem.range, in: text) ? nil : "the problem lies outside of the reference"
    case .success(let reference):
      let printed = reference.text
      guard case .success(let again) = SecretReference.parse(printed) else { return "`\(printed)` does not read back" }
      return again.text.utf8.elementsEqual(printed.utf8) ? nil : "`\(printed)` reads back as `\(again.text)`"
    }
  }

  static func pattern(_ bytes: [UInt8]) -> String? {
    let lines = String(decoding: bytes, as: UTF8.self).split(byte: "\n")
    var patterns: [PathPattern] = []
    for line in lines.prefix(6) {
      switch ResourcePattern.parse(line) {
      case .failure(let problem):
        if !range(problem.range, in: line) { return "the problem lies outside of the pattern" }
      case .success(let pattern):
        if pattern.text != line { return "`\(line)` is kept as `\(pattern.text)`" }
        if !pattern.hasPlaceholder { patterns.append(PathPattern(pattern, foldsCase: false)) }
      }
    }
    return algebra(patterns)
  }

  /// What is in the one set and not in the other is in their difference, and nothing else.
  private static func algebra(_ patterns: [PathPattern]) -> String? {
    guard let first = patterns.first else { return nil }
    do {
      let (one, other) = (ResourceSet(first), ResourceSet(Array(patterns.dropFirst())))
      let difference = try one.subtracting(other)
      if let path = try difference.witness(), !one.contains(path) || other.contains(path) {
        return "`\(path.joined(separator: "/"))` is in a difference wrongly"
      }
      if try !difference.union(try one.intersection(other)).equals(one) { return "a set is not its two parts" }
      return try one.simplified().equals(one) ? nil : "simplifying changes a set"
    } catch {
      return nil
    }
  }

  static func words(_ bytes: [UInt8]) -> String? {
    for line in String(decoding: bytes, as: UTF8.self).split(byte: "\n").prefix(64) {
      if let instant = Instant(line), Instant(instant.timestamp) != instant { return "`\(line)` reads back as `\(instant.timestamp)`" }
      _ = Instant(line, isEnd: true)
      if let length = PolicyDuration(line), length.seconds <= 0 { return "`\(line)` is no length of time" }
      if let sentence = TestSentence.holder(line), !range(sentence.range, in: line) { return "a holder lies outside of its sentence" }
      _ = TestSentence(line)
      _ = HostName.isValid(line)
      _ = WebAddress(line)
      _ = ImportOptions.isName(line)
      _ = ImportOptions.isText(line)
      if let found = TemplateSyntax.find(in: line), !range(found.range, in: line) { return "template syntax lies outside of its text" }
      _ = Placeholder.fill(line, principal: line, environment: "dev")
      _ = CommitIdentity(line)
      _ = try? FileSelection(folders: [line])
      if let found = try? RevisionRange(line), found.first.isEmpty { return "`\(line)` is a range without a beginning" }
      let safe = SafeText.escaped(line)
      if let problem = FuzzCheck.harmless(safe, "escaping") { return problem }
      if SafeText.escaped(safe) != safe, !safe.utf8.starts(with: "\\".utf8) { return "escaping twice is another thing than once" }
    }
    return nil
  }

  private static func range(_ range: Range<Int>, in text: String) -> Bool { range.lowerBound >= 0 && range.upperBound <= text.utf8.count }
}

/// Shows that corrections give nobody anything: the corrected policy is compared with the same policy without what was
/// misspelt, which is the most that it can have meant.
///
/// Without the `untill: 2027-01-31` that was mended, a binding would hold for ever: who gains nothing over that gains nothing
/// at all. Access is compared exactly, sessions included; beside it, no field may have changed that decides about
/// identities, destinations, secrets, meaning or delivery.
struct FixProof {
  let compiler: Compiler

  /// Why it cannot be shown, continuing "…, since"; nil where all is well.
  ///
  /// - Parameters:
  ///   - old: in the order of their paths.
  ///   - fixes: by the file's place in `old`; none overlaps another.
  func objection(_ old: [SourceFile], _ fixes: [Int: [Diagnostic.Fix]]) -> String? {
    var (ordered, before, after): ([SourceFile], [PolicyDocument], [PolicyDocument]) = ([], [], [])
    for (index, file) in old.enumerated() {
      let number = ordered.count
      ordered.append(file)
      guard let changes = fixes[index], !changes.isEmpty else {
        let document = compiler.parse(file, number: number)
        before.append(document)
        after.append(document)
        continue
      }
      var pruned = SearchedSource(file.bytes, file: Int32(number))
      pruned.tree = pruned.tree?.without(pairsAt: Set(changes.map(\.span.start)))
      before.append(PolicyDocument.parse(pruned, file.path, file: Int32(number), grammar: compiler.grammar))
      let mended = SourceFile(path: file.path, bytes: changes.applied(to: file.bytes))
      ordered.append(mended)
      after.append(compiler.parse(mended, number: number + 1))
    }
    let sources = SourceMap(ordered: ordered)
    guard let one = compiler.compile(before, sources, judgesRules: false).policy,
      let other = compiler.compile(after, sources, judgesRules: false).policy
    else { return "a file cannot be read, so who gains what is not known" }
    let diff = AccessDiff(
      accessFrom: PolicySide(documents: before, policy: one), to: PolicySide(documents: after, policy: other), at: compiler.instant)
    guard diff.problems.isEmpty else { return "the patterns are too complex to compare access" }
    if let gain = diff.changes.first(where: { $0.direction == .gained }) {
      return "`\(gain.principal)` would gain `\(gain.action)` in `\(gain.environment)`"
    }
    let trust = TrustDiff(compiler.grammar, (before, one.grants), (after, other.grants)).changes()
    let risky: Set<Impact> = [.identity, .destination, .secret, .meaning, .delivery]
    if let change = trust.first(where: { risky.contains($0.impact) }) {
      return "`\(change.section)` would change in more than a restriction"
    }
    return nil
  }
}

extension [Diagnostic.Fix] {
  /// The bytes with every fix made. None may overlap another.
  func applied(to bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var at = 0
    for fix in sorted(by: { $0.span.start < $1.span.start }) {
      guard Int(fix.span.start) >= at, Int(fix.span.end) <= bytes.count else { continue }
      result += bytes[at..<Int(fix.span.start)]
      result += fix.replacement.utf8
      at = Int(fix.span.end)
    }
    return result + bytes[at...]
  }
}

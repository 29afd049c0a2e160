/// One revision of a policy, compiled, as one side of a comparison.
package struct PolicySide: Sendable {
  package let documents: [PolicyDocument]
  package let policy: CompiledPolicy

  package init(documents: [PolicyDocument], policy: CompiledPolicy) {
    self.documents = documents
    self.policy = policy
  }
}

/// What a change of policy gives and takes, and what else it does to trust.
///
/// Both sides' spans are places in one `SourceMap`.
package struct AccessDiff: Sendable {
  package let old: PolicySide
  package let new: PolicySide
  package let instant: Instant
  package let asksForApproval: Bool
  /// Of either side.
  private let protectedEnvironments: Set<String>
  /// By direction, then protected environments first, then by name.
  package private(set) var changes: [AccessChange] = []
  /// The worst first.
  package private(set) var trust: [TrustChange] = []
  /// Of the old side's rules and of the new one's: those that did not fail before.
  package private(set) var violations: [(violation: RuleViolation, isOfOld: Bool)] = []
  package private(set) var failedTests: [(failure: Diagnostic, isOfOld: Bool)] = []
  package private(set) var approvals: [ApprovalNeed] = []
  /// Of those who approved: whom nobody knows.
  package private(set) var unknownLogins: [AskingProblem] = []
  /// What could not be compared.
  package private(set) var problems: [Diagnostic] = []

  package struct Options: Sendable {
    /// Who approved, by their logins; nil where nobody asked.
    package var approvedBy: Set<String>?
    /// Where they approved; nil where it may have been anywhere.
    package var approvalHost: CodeHost?
    /// Who wrote the change: one login, or several where several changes are judged as one.
    package var authors: Set<String> = []
    package init() {}
  }

  /// - Parameters:
  ///   - files: changes of trust that lie beside the policy's own files.
  ///   - onlyBindings: whether it is known that nothing but bindings differs.
  package init(
    _ grammar: Grammar, from old: PolicySide, to new: PolicySide, at instant: Instant, files: [TrustChange] = [],
    options: Options = Options(), onlyBindings: Bool = false
  ) {
    self.old = old
    self.new = new
    self.instant = instant
    protectedEnvironments = old.policy.model.protectedEnvironments.union(new.policy.model.protectedEnvironments)
    asksForApproval = options.approvedBy != nil
    let (one, other) = (old.policy.grants, new.policy.grants)
    let trust = TrustDiff(grammar, (old.documents, one), (new.documents, other))
    compareAccess(one, other, onlyBindings: onlyBindings)
    let ends = EndChanges(old: one, new: other, renames: trust.renames).changes(beside: changes)
    let marks = SecretMarkChanges(old: old.documents, new: new.documents).changes()
    let uncertain = UncertainTexts(old.documents + new.documents)
    self.trust = (trust.changes() + ends + RuleGroupChanges(old: one, new: other, instant: instant).changes() + marks + files).map(
      uncertain.masked
    ).sorted(by: Self.isWorse)
    judge(one, other, sameRules: onlyBindings)
    let check = ApprovalCheck(
      old: one, new: other, instant: instant, approvedBy: options.approvedBy ?? [], host: options.approvalHost, authors: options.authors)
    unknownLogins = check.unknownLogins()
    do throws(ResourceSetTooComplex) {
      approvals = try check.needs(changes, self.trust)
    } catch {
      problems.append(.tooComplex("which approvals this needs", error, at: nil))
    }
  }

  /// Only what is gained and lost, without trust and rules.
  ///
  /// - Parameter onlyBindings: whether it is known that nothing but bindings differs.
  package init(accessFrom old: PolicySide, to new: PolicySide, at instant: Instant, onlyBindings: Bool = false) {
    self.old = old
    self.new = new
    self.instant = instant
    protectedEnvironments = old.policy.model.protectedEnvironments.union(new.policy.model.protectedEnvironments)
    asksForApproval = false
    compareAccess(old.policy.grants, new.policy.grants, onlyBindings: onlyBindings)
  }

  /// The files that both sides have alike: what they hold is the same declaration on both.
  private var sharedFiles: Set<Int32> {
    Set(old.documents.compactMap(\.tree?.file)).intersection(new.documents.compactMap(\.tree?.file))
  }

  /// Keeps only some of the changes.
  package mutating func keep(_ isWanted: (AccessChange) -> Bool) { changes = changes.filter(isWanted) }

  /// Of a merge: keeps what is a change against the other parent, too.
  package mutating func keepWhatIsNew(in other: AccessDiff) {
    changes = changes.compactMap { change in
      for it in other.changes
      where it.direction == change.direction && it.principal == change.principal && it.action == change.action
        && it.environment == change.environment && it.via == change.via
      {
        guard let both = try? change.resources.intersection(it.resources), (try? both.isEmpty()) == false else { continue }
        let times = change.times.intersection(it.times)
        if !times.isEmpty { return change.with(both.simplified(), times) }
      }
      return nil
    }
  }

  package var isEmpty: Bool { changes.isEmpty && trust.isEmpty && violations.isEmpty && failedTests.isEmpty && problems.isEmpty }

  /// Whether something stands in its way: a rule of either side, what could not be judged, or a review that was asked about
  /// and is missing.
  package var isBlocked: Bool {
    !violations.isEmpty || !failedTests.isEmpty || !problems.isEmpty || (asksForApproval && approvals.contains { !$0.isMet })
  }

  // MARK: Access

  private mutating func compareAccess(_ one: GrantSet, _ other: GrantSet, onlyBindings: Bool = false) {
    let shared = sharedFiles
    let affected = AffectedPrincipals(old: one, new: other, shared: shared, onlyBindings: onlyBindings).names.sorted()
    let differ = PrincipalDiff(old: one, new: other, instant: instant, onlyBindings: onlyBindings)
    let instant = instant
    let results = SideBySide.map(affected.count) { index -> Result<[AccessChange], ResourceSetTooComplex> in
      do throws(ResourceSetTooComplex) { return .success(try differ.changes(of: affected[index])) } catch { return .failure(error) }
    }
    for (name, result) in zip(affected, results) {
      switch result {
      case .success(let found): changes += found
      case .failure(let error): problems.append(.tooComplex("what `\(name)` gains and loses", error, at: nil))
      }
    }
    guard !changes.isEmpty else { return }
    let gains = ChangeCauses(side: other, other: one, shared: shared, at: instant)
    let losses = ChangeCauses(side: one, other: other, shared: shared, at: instant)
    let found = changes
    let principals = Self.runs(found)
    let causes = SideBySide.map(principals.count) { index in
      let (gained, lost) = (SessionWayMemo(), SessionWayMemo())
      return found[principals[index]].map { $0.direction == .gained ? gains.causes(of: $0, gained) : losses.causes(of: $0, lost) }
    }
    for (index, causes) in causes.joined().enumerated() { changes[index].causes = causes }
    changes = Self.sorted(changes, isProtected)
  }

  /// The changes of each principal, which stand together.
  private static func runs(_ changes: [AccessChange]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for index in changes.indices {
      if let last = runs.last, changes[last.lowerBound].principal == changes[index].principal {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
    return runs
  }

  private static func sorted(_ changes: [AccessChange], _ isProtected: (String) -> Bool) -> [AccessChange] {
    changes.sorted { left, right in
      if left.direction != right.direction { return left.direction < right.direction }
      let (a, b) = (isProtected(left.environment), isProtected(right.environment))
      if a != b { return a }
      if left.environment != right.environment { return left.environment < right.environment }
      if left.principal != right.principal { return left.principal < right.principal }
      if left.via != right.via { return (left.via ?? "") < (right.via ?? "") }
      if left.action != right.action { return left.action < right.action }
      return left.resources.description < right.resources.description
    }
  }

  package func isProtected(_ environment: String) -> Bool {
    protectedEnvironments.contains(environment)
  }

  private static func isWorse(_ left: TrustChange, _ right: TrustChange) -> Bool {
    if left.isProtected != right.isProtected { return left.isProtected }
    if left.impact.rank != right.impact.rank { return left.impact.rank < right.impact.rank }
    if left.section != right.section { return left.section < right.section }
    if left.name != right.name { return left.name < right.name }
    return left.path < right.path
  }

  // MARK: Rules

  /// The new side is judged by its own rules, and by the old one's: what these forbade stays forbidden until they are
  /// changed by a change of their own.
  private mutating func judge(_ one: GrantSet, _ other: GrantSet, sameRules: Bool) {
    let byOld = RulesCheck.judge(one.model.rules, RuleScope(other, origin: one, at: instant))
    let byNew = sameRules ? RulesCheck.Verdict() : RulesCheck.judge(other.model.rules, RuleScope(other, at: instant))
    // What failed before matters only where something fails now.
    let before = byOld.isClean && byNew.isClean ? RulesCheck.Verdict() : RulesCheck.judge(one.model.rules, RuleScope(one, at: instant))
    var known: [RuleViolation.Key: Set<String>] = [:]
    for violation in before.violations { known[violation.key(one.model), default: []].formUnion(violation.extent) }
    if changes.contains(where: { $0.direction == .gained }) {
      for violation in GoneFromRules(old: one.model, new: other.model).violations() { violations.append((violation, true)) }
    }
    let widened = Set(changes.lazy.filter { $0.direction == .gained }.map { [$0.principal, $0.action, $0.environment] })
    var seen: Set<RuleViolation.Key> = []
    var toldAlready: Set<[String]> = []
    for (found, isOfOld) in [(byOld.violations, true), (byNew.violations, false)] {
      for violation in found {
        let key = violation.key(other.model)
        // What was wrong before is no news, unless there is more of it now.
        let isWider: Bool
        if let principal = key.principal, let environment = key.environment {
          isWider = widened.contains([principal, key.action ?? "", environment])
        } else {
          // Roles that are held together, and bindings, which have no names.
          isWider = !(known[key]?.isSuperset(of: violation.extent) ?? false)
        }
        // Of bindings, each is one of its own.
        let isFirst = key.principal == nil && !violation.extent.isEmpty || seen.insert(key).inserted
        if isFirst, known[key] == nil || isWider, toldAlready.insert([violation.rule] + [violation.message] + violation.extent).inserted {
          violations.append((violation, isOfOld))
        }
      }
    }
    var failing: [[String]: Set<String>] = [:]
    for outcome in before.outcomes where outcome.failure != nil { failing[outcome.key, default: []].formUnion(outcome.failing) }
    var seenTests: Set<[String]> = []
    for (outcomes, isOfOld) in [(byOld.outcomes, true), (byNew.outcomes, false)] {
      for outcome in outcomes {
        guard let failure = outcome.failure else { continue }
        let isWider = outcome.failing.contains { widened.contains([$0, outcome.action, outcome.environment]) }
        let isKnown = failing[outcome.key]?.isSuperset(of: outcome.failing) ?? false
        if !isKnown || isWider, seenTests.insert(outcome.key).inserted { failedTests.append((failure, isOfOld)) }
      }
    }
    problems += byOld.problems + byNew.problems
  }

  /// Whether a rule of the old side is gone from the new one, or says something else there.
  package func isGone(_ rule: String) -> Bool { !new.policy.model.rules.guardrails.contains { $0.name == rule } }
}

extension AccessModel {
  fileprivate var protectedEnvironments: Set<String> { Set(environments.lazy.filter(\.isProtected).map(\.name)) }
}

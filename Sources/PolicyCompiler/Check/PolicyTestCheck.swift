/// The policy's own tests: sentences, and exact sets.
package struct PolicyTestCheck {
  let scope: RuleScope
  let test: Rules.PolicyTest

  /// What came of one sentence or question.
  package struct Outcome: Sendable {
    package let test: String
    package let text: String
    package let environment: String
    package let span: SourceSpan
    package let failure: Diagnostic?
    /// Whom it fails for; the failure tells of the first.
    package let failing: Set<String>
    let action: String

    /// What makes it the same across revisions.
    var key: [String] { [test, text, environment] }

    /// What the answer rests on: the grants that the sentence or the set is about.
    package let touched: Set<Grant.Basis>
  }

  private var grants: GrantSet { scope.grants }
  private var model: AccessModel { _read { yield scope.model } }
  private var instant: Instant { test.instant ?? scope.instant }

  func outcomes() throws(ResourceSetTooComplex) -> [Outcome] {
    var found: [Outcome] = []
    for word in test.environments {
      guard let environment = model.environmentNames[word.text] else { continue }
      for sentence in test.sentences {
        var touched: Set<Grant.Basis> = []
        let failures = try judge(sentence, environment, &touched)
        found.append(
          Outcome(
            test: test.name, text: sentence.text, environment: word.text, span: sentence.span, failure: Self.first(failures),
            failing: Set(failures.map(\.name)), action: sentence.sentence.action, touched: touched))
      }
      for question in test.questions {
        var touched: Set<Grant.Basis> = []
        let failures = try judge(question, environment, &touched)
        found.append(
          Outcome(
            test: test.name, text: question.text, environment: word.text, span: question.span, failure: Self.first(failures),
            failing: Set(failures.map(\.name)), action: question.action, touched: touched))
      }
    }
    return found
  }

  /// What is wrong for somebody.
  private struct Failure {
    let name: String
    let diagnostic: Diagnostic
    /// All that is wrong for them, in words that stay as long as it does.
    let extent: String
  }

  /// The first of them, which stands for all: whoever else it fails for makes it another problem.
  private static func first(_ failures: [Failure]) -> Diagnostic? {
    guard var first = failures.first?.diagnostic else { return nil }
    first.identity = Set(failures.map { "\($0.name): \($0.extent)" }).sorted().joined(separator: "; ")
    if failures.count > 1 {
      let others = failures.dropFirst().map { "`\($0.name)`" }
      first.notes.append(
        .init("so it is with \(others.count) more: \(others.prefix(5).joined(separator: ", "))\(others.count > 5 ? ", …" : "")"))
    }
    return first
  }

  /// What is wrong for nobody in particular.
  private static func whole(_ diagnostic: Diagnostic?) -> [Failure] {
    diagnostic.map { [Failure(name: "", diagnostic: $0, extent: $0.message)] } ?? []
  }

  private func question(_ principal: PrincipalID, _ action: String, _ pattern: ResourcePattern, _ environment: EnvironmentID)
    -> AccessQuestion?
  {
    guard let root = model.root(of: pattern), let filled = pattern.filled(principal: "", environment: model[environment].name) else {
      return nil
    }
    return AccessQuestion(
      principal: principal, action: action, resource: filled, root: root, environment: environment, instant: instant)
  }

  // MARK: Sentences

  private func judge(_ it: Rules.Sentence, _ environment: EnvironmentID, _ touched: inout Set<Grant.Basis>) throws(ResourceSetTooComplex)
    -> [Failure]
  {
    let sentence = it.sentence
    let name = String(decoding: Array(sentence.principal.utf8)[ScalarCheck.unqualified(sentence.principal)], as: UTF8.self)
    guard let named = model.principalNames[name] else { return Self.whole(gone(it, "`\(name)`")) }
    guard model.root(of: sentence.resource) != nil else { return Self.whole(gone(it, "`\(sentence.resource.root)`")) }
    // A group that the policy knows is answered member by member.
    let subjects = grants.isSubject(named) ? [named] : grants.membership.members(of: named, at: instant)
    if subjects.isEmpty, sentence.isAllowed {
      return Self.whole(
        Diagnostic(
          .testFailed, "nobody is in `\(name)`, so nobody can \(sentence.action) `\(sentence.resource.text)`\(moment)", at: it.span,
          notes: [.init("the group is declared here", at: model[named].span)]))
    }
    var found: [Failure] = []
    for subject in subjects {
      guard let question = question(subject, sentence.action, sentence.resource, environment) else { continue }
      let answer = try grants.answer(question)
      touched.formUnion(answer.grants.map(\.basis))
      var failure: Diagnostic?
      if sentence.isAllowed, !answer.isAllowed {
        failure = refused(it, question, answer)
      } else if !sentence.isAllowed, answer.allowed != nil {
        failure = allowed(it, question, answer)
      } else if !sentence.isAllowed, let group = answer.possible.first {
        failure = possible(it, question, group)
      }
      guard let failure else { continue }
      var extent: Set<String> = [failure.message]
      for grant in answer.grants { extent.insert(try grants.resources(of: grant).description) }
      found.append(Failure(name: model[subject].name, diagnostic: failure, extent: extent.sorted().joined(separator: ", ")))
    }
    return found
  }

  private func gone(_ it: Rules.Sentence, _ what: String) -> Diagnostic? {
    // Of base's tests: what is gone can do nothing.
    it.sentence.isAllowed ? Diagnostic(.testFailed, "\(what) is not declared any more", at: it.span) : nil
  }

  private func refused(_ it: Rules.Sentence, _ question: AccessQuestion, _ answer: AccessAnswer) -> Diagnostic {
    let path = answer.missing ?? []
    var notes =
      answer.allowed != nil ? [Diagnostic.Note("it may do some of it, such as `\((answer.allowed ?? []).joined(separator: "/"))`")] : []
    notes += grants.nearestMisses(question, missing: path).map { grants.note($0, question) }
    return Diagnostic(
      .testFailed,
      "`\(model[question.principal].name)` cannot \(question.action) `\(path.joined(separator: "/"))` in `\(model[question.environment].name)`\(moment)",
      at: it.span, notes: notes, help: "give it, or mend the test")
  }

  private func allowed(_ it: Rules.Sentence, _ question: AccessQuestion, _ answer: AccessAnswer) -> Diagnostic {
    var notes: [Diagnostic.Note] = []
    if let grant = answer.grants.min(by: { $0.order < $1.order }) {
      notes = grants.account(of: grant, at: instant)
    }
    return Diagnostic(
      .testFailed,
      "`\(model[question.principal].name)` can \(question.action) `\((answer.allowed ?? []).joined(separator: "/"))` in `\(model[question.environment].name)`\(moment)",
      at: it.span, notes: notes, help: "take it away, or mend the test")
  }

  private func possible(_ it: Rules.Sentence, _ question: AccessQuestion, _ group: PrincipalID) -> Diagnostic {
    let name = model[question.principal].name
    return Diagnostic(
      .testFailed,
      "whether `\(name)` can \(question.action) this in `\(model[question.environment].name)` is not known here: whoever is in `\(model[group].name)` can",
      at: it.span, notes: [.init("only its provider knows its members", at: model[group].span)],
      help: "import the members (`source: snapshot`), or take the access from the group")
  }

  private var moment: String { test.instant.map { " at \($0.text)" } ?? "" }

  // MARK: Exact sets

  private func judge(_ it: Rules.Question, _ environment: EnvironmentID, _ touched: inout Set<Grant.Basis>) throws(ResourceSetTooComplex)
    -> [Failure]
  {
    guard let question = question(PrincipalID(0), it.action, it.resource, environment) else {
      return it.holders.isEmpty
        ? [] : Self.whole(Diagnostic(.testFailed, "`\(it.resource.root)` is not declared any more", at: it.span))
    }
    let actual = try grants.whoCan(question)
    for holder in actual { touched.formUnion(holder.grants.map(\.basis)) }
    var expected: [PrincipalID: Expected] = [:]
    for holder in it.holders {
      guard let named = model.principalNames[holder.principal] else {
        return Self.whole(Diagnostic(.testFailed, "`\(holder.principal)` is not declared any more", at: holder.span))
      }
      for id in grants.isSubject(named) ? [named] : grants.membership.members(of: named, at: instant) {
        var known = expected[id] ?? Expected(span: holder.span)
        if let via = holder.via { known.vias.insert(via) } else { known.isDirect = true }
        expected[id] = known
      }
    }
    var found: [Failure] = []
    for holder in actual {
      guard let wrong = mismatch(holder, expected[holder.principal], it, environment) else { continue }
      found.append(Failure(name: model[holder.principal].name, diagnostic: wrong, extent: wrong.message))
    }
    let place = model[environment].name
    let holders = Set(actual.map(\.principal))
    for (id, holder) in expected.sorted(by: { $0.key < $1.key }) where !holders.contains(id) {
      let absent = AccessQuestion(
        principal: id, action: question.action, resource: question.resource, root: question.root, environment: environment, instant: instant
      )
      let missing = try grants.answer(absent).missing ?? []
      let wrong = Diagnostic(
        .testFailed, "`\(model[id].name)` cannot \(it.action) it in `\(place)`\(moment), but is in this set", at: holder.span,
        notes: grants.nearestMisses(absent, missing: missing).map { grants.note($0, absent) },
        help: "give it, or take the name out of the set")
      found.append(Failure(name: model[id].name, diagnostic: wrong, extent: wrong.message))
    }
    return found
  }

  /// What a set says of somebody.
  private struct Expected {
    var vias: Set<String> = []
    var isDirect = false
    let span: SourceSpan
  }

  /// What is wrong with how somebody holds it.
  private func mismatch(_ holder: AccessHolder, _ expected: Expected?, _ it: Rules.Question, _ environment: EnvironmentID) -> Diagnostic? {
    let place = model[environment].name
    let name = model[holder.principal].name
    if model[holder.principal].kind == .group {
      return Diagnostic(
        .testFailed, "whoever is in `\(name)` can \(it.action) it in `\(place)`\(moment), and who that is only the provider knows",
        at: it.span,
        notes: holder.notes(grants, at: instant), help: "an exact set needs known members: import them (`source: snapshot`)")
    }
    let vias = holder.vias.map { model[$0].name }
    guard let wanted = expected else {
      let how = holder.isDirect ? "" : " via `\(vias[0])`"
      return Diagnostic(
        .testFailed, "`\(name)` can \(it.action) it in `\(place)`\(moment)\(how), and is not in this set", at: it.span,
        notes: holder.notes(grants, at: instant),
        help: "take it away, or write `\(name)\(holder.isDirect ? "" : " via \(vias[0])")` into the set")
    }
    if wanted.isDirect, !holder.isDirect {
      return Diagnostic(
        .testFailed, "`\(name)` can \(it.action) it in `\(place)`\(moment) only through the session of `\(vias[0])`", at: wanted.span,
        notes: holder.notes(grants, at: instant), help: "write `\(name) via \(vias[0])`")
    }
    if !wanted.isDirect, holder.isDirect {
      return Diagnostic(
        .testFailed, "`\(name)` can \(it.action) it in `\(place)`\(moment) itself, not only through a session", at: wanted.span,
        notes: holder.notes(grants, at: instant), help: "write `\(name)` alone")
    }
    if let wrong = wanted.vias.subtracting(vias).sorted().first {
      return Diagnostic(
        .testFailed, "`\(name)` cannot \(it.action) it in `\(place)`\(moment) via `\(wrong)`", at: wanted.span,
        notes: holder.notes(grants, at: instant),
        help: holder.isDirect ? "write `\(name)` alone" : "write `\(name) via \(vias[0])`")
    }
    // Of whoever holds it without a session, no session is of any interest.
    if let more = vias.first(where: { !wanted.vias.contains($0) }), !holder.isDirect {
      let through = AccessHolder(
        principal: holder.principal, grants: holder.grants.filter { $0.via.map { model[$0].name } == more }, hasAll: holder.hasAll,
        isPartial: holder.isPartial)
      return Diagnostic(
        .testFailed, "`\(name)` can \(it.action) it in `\(place)`\(moment) via `\(more)`, too, which is not in this set", at: wanted.span,
        notes: through.notes(grants, at: instant), help: "take it away, or write `\(name) via \(more)` into the set, too")
    }
    return nil
  }
}

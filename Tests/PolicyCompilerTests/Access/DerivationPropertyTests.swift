import TestSupport
import Testing

@testable import PolicyCompiler

/// Proofs are complete and rest on nothing that they do not need: lines are taken out of the policy, and it is asked again.
@Suite struct DerivationPropertyTests {
  /// A proof as the facts that it rests on.
  private static func facts(_ derivation: Derivation, _ asked: Asked, _ page: Organisation.Page) -> Set<Organisation.Fact> {
    derivation.steps.reduce(into: []) { found, step in
      guard let fact = page.facts[asked.sources.start(of: step.span).line] else { return }
      found.insert(fact)
      // Whom of its targets a binding is for stands on a line of its own.
      if case .binding(let index) = fact, case .binding(_, let holder) = step.kind {
        found.insert(.target(binding: index, asked.model[holder].name))
      }
    }
  }

  @Test(arguments: 0..<8) func everyLineOfAProofIsNeededAndTogetherTheySuffice(_ batch: Int) throws {
    var (proofs, necessary, useless) = (0, 0, 0)
    for seed in (batch * 5 + 21)...(batch * 5 + 25) {
      var generator = SeededGenerator(seed: UInt64(seed))
      let organisation = Organisation.random(&generator, isPlain: true)
      let page = organisation.page()
      let asked = try Asked(page.text, mustCompile: true)
      let all = Set(organisation.facts)
      #expect(Set(page.facts.values) == all, "seed \(seed): every fact has a line")
      var questions: [(String, String, String, String, Organisation.Moment)] = []
      for environment in Organisation.environments {
        for principal in Organisation.users + Organisation.services {
          for (action, resource) in organisation.universe {
            let moment = GrantSetPropertyTests.moments.randomElement(using: &generator)!
            if try asked.answer(principal, action, resource, environment, moment).isAllowed {
              questions.append((principal, action, resource, environment, moment))
            }
          }
        }
      }
      for (principal, action, resource, environment, moment) in questions.shuffled(using: &generator).prefix(4) {
        let question = try asked.question(principal, action, resource, environment, moment)
        let answer = try asked.policy.grants.answer(question)
        let (derivations, isCut) = asked.policy.grants.derivations(of: answer.grants, question, limit: 500)
        let name = "seed \(seed): \(principal) \(action) \(resource) in \(environment) at \(moment)"
        guard !derivations.isEmpty, !isCut else {
          Issue.record("\(name): \(derivations.count) proofs, cut: \(isCut)")
          continue
        }
        func isAllowed(without gone: Set<Organisation.Fact>) throws -> Bool {
          try Asked(organisation.page(without: gone).text, mustCompile: false).answer(principal, action, resource, environment, moment)
            .isAllowed
        }
        // Without the connection that is asked about, there is no question.
        let meant: Set<Organisation.Fact> = action == "assume" ? [.connection(String(resource.dropFirst(12)))] : []
        let rests = derivations.map { Self.facts($0, asked, page).union(meant) }
        proofs += rests.count
        for (index, rest) in rests.enumerated().shuffled(using: &generator).prefix(3) {
          if try !isAllowed(without: all.subtracting(rest)) { Issue.record("\(name): proof \(index + 1) does not suffice: \(rest)") }
        }
        let inEvery = rests.dropFirst().reduce(rests[0]) { $0.intersection($1) }
        for fact in inEvery {
          necessary += 1
          if try isAllowed(without: [fact]) { Issue.record("\(name): \(fact) stands in every proof, and is not needed") }
        }
        let inNone = rests.reduce(all) { $0.subtracting($1) }
        for fact in inNone.shuffledInOrder(using: &generator).prefix(4) {
          useless += 1
          if try !isAllowed(without: [fact]) { Issue.record("\(name): \(fact) stands in no proof, and is needed") }
        }
        // All of them at once, too: nothing else gives it.
        if try !isAllowed(without: inNone) { Issue.record("\(name): without what stands in no proof") }
        // Without one fact of every proof, it is over.
        if rests.contains(where: { $0.isSubset(of: meant) }) { continue }
        let cut = Set(rests.compactMap { $0.subtracting(meant).shuffledInOrder(using: &generator).first })
        if try isAllowed(without: cut) { Issue.record("\(name): every proof is cut by \(cut), and yet") }
      }
    }
    #expect(proofs > 20 && necessary > 20 && useless > 40, "\(proofs) \(necessary) \(useless)")
  }
}

extension Set where Element == Organisation.Fact {
  /// Shuffled from an order that does not depend on hashing.
  fileprivate func shuffledInOrder(using generator: inout SeededGenerator) -> [Element] {
    sorted { "\($0)" < "\($1)" }.shuffled(using: &generator)
  }
}

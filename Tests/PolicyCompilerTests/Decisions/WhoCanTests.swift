import Artifacts
import Testing

@testable import PolicyCompiler

@Suite struct WhoCanTests {
  /// From the permission inwards and from everybody outwards: the same people, by the same number of grants.
  @Test(arguments: 0..<4) func whoCanNamesThoseWhoCan(_ batch: UInt64) throws {
    var (questions, holders) = (0, 0)
    for seed in batch * 10..<batch * 10 + 10 {
      var organisation = RandomOrganisation(seed: seed)
      let file = SourceFile(path: "policies/policy.yaml", text: organisation.policy())
      let policy = try #require(Compiler(grammar: .complete, at: Compiling.instant).compile([file]).policy)
      let grants = policy.grants
      let asking = Asking(policy)
      for _ in 0..<60 {
        let asked = organisation.question()
        guard
          let question = try? asking.question(
            asking.principal(asked.principal), asked.action, asked.resource, in: asking.environment(asked.environment),
            at: Compiling.instant), let path = question.resource.concretePath
        else { continue }
        let found = try grants.whoCan(question).map { "\(grants.model[$0.principal].name) \($0.grants.count)" }
        let resource = Resource(root: question.root, path: path)
        let filter = GrantFilter(action: question.action, root: question.root)
        let expected = grants.subjects.compactMap { subject -> String? in
          let held = grants.grants(of: subject, in: question.environment, where: filter).filter {
            $0.times.contains(Compiling.instant) && grants.action(of: $0) == question.action && grants.covers($0, resource)
          }
          return held.isEmpty ? nil : "\(grants.model[subject].name) \(held.count)"
        }
        questions += 1
        holders += found.count
        if found != expected { Issue.record("seed \(seed): \(asked): \(found), not \(expected)") }
      }
    }
    #expect(questions > 300 && holders > 300, "\(questions) \(holders)")
  }
}

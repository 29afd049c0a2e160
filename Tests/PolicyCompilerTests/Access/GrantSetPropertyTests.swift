import Artifacts
import TestSupport
import Testing

@testable import PolicyCompiler

/// What the engine says about random organisations is what the definition says. A failure names its seed.
@Suite struct GrantSetPropertyTests {
  static let batches = 0..<12
  static let organisationsOfABatch = 10

  /// The moments that are asked about: every midnight at which something may begin or end, and the second before it.
  static let moments = (1...9).flatMap { [Organisation.Moment(seconds: $0 * 86_400 - 1), .init(seconds: $0 * 86_400)] }

  static func each(_ batch: Int, _ body: (Organisation, Asked, inout SeededGenerator, _ seed: UInt64) throws -> Void) throws {
    for number in 0..<organisationsOfABatch {
      let seed = UInt64(batch * organisationsOfABatch + number + 1)
      var generator = SeededGenerator(seed: seed)
      let organisation = Organisation.random(&generator)
      try body(organisation, Asked(organisation.page().text, mustCompile: true), &generator, seed)
    }
  }

  @Test(arguments: batches) func answersAreThoseOfTheDefinition(_ batch: Int) throws {
    var (decisions, allowed) = (0, 0)
    try Self.each(batch) { organisation, asked, generator, seed in
      for environment in Organisation.environments {
        for moment in Self.moments.shuffled(using: &generator).prefix(4) {
          let judge = Organisation.Judge(organisation: organisation, environment: environment, moment: moment)
          for principal in Organisation.users + Organisation.services + ["pg"] {
            for (action, resource) in organisation.universe.shuffled(using: &generator).prefix(6) {
              let expected = judge.may(principal, action, resource)
              let answer = try asked.answer(principal, action, resource, environment, moment)
              decisions += 1
              allowed += expected ? 1 : 0
              // Of whom only a provider knows, what is known in part is not claimed.
              guard answer.isAllowed != expected, answer.isAllowed || principal != "pg" else { continue }
              Issue.record("seed \(seed): \(principal) \(action) \(resource) in \(environment) at \(moment): \(answer.isAllowed)")
            }
          }
        }
      }
    }
    #expect(decisions * Self.batches.count >= 20_000 && allowed > decisions / 20 && allowed < decisions / 2, "\(allowed) of \(decisions)")
  }

  /// Of each principal, action, way and resource: when.
  private struct Held: Hashable, CustomStringConvertible {
    let principal: PrincipalID
    let action: String
    let via: ConnectionID?
    let resource: String

    var description: String { "\(principal.index) \(action) \(resource) via \(via.map { "\($0.index)" } ?? "-")" }
  }

  @Test(arguments: batches) func fromThePrincipalAndFromTheResourceTheRelationIsTheSame(_ batch: Int) throws {
    var count = 0
    try Self.each(batch) { organisation, asked, _, seed in
      let grants = asked.policy.grants
      for name in Organisation.environments {
        let environment = try #require(asked.model.environmentNames[name])
        for (action, text) in organisation.universe {
          let (pattern, root) = try asked.asking.resource(text)
          let resource = Resource(root: root, path: pattern.concretePath ?? [])
          let filter = GrantFilter(action: action, root: root)
          var forward: [Held: IntervalSet] = [:]
          var backward: [Held: IntervalSet] = [:]
          for principal in grants.subjects {
            for grant in grants.grants(of: principal, in: environment, where: filter)
            where grants.action(of: grant) == action && grants.covers(grant, resource) {
              forward[Held(principal: principal, action: action, via: grant.via, resource: text), default: .never].formUnion(grant.times)
            }
          }
          let holders = try grants.holders(of: filter, in: environment) { grant throws(ResourceSetTooComplex) in
            // What is one resource is in the set, and the other way round.
            let isCovered = grants.covers(grant, resource)
            let set = try grants.resources(of: grant)
            if set.contains([pattern.root] + resource.path) != isCovered, grants.exists(resource, in: environment) {
              Issue.record("seed \(seed): \(text) and \(set.description)")
            }
            return isCovered
          }
          for grant in holders {
            backward[Held(principal: grant.principal, action: action, via: grant.via, resource: text), default: .never].formUnion(
              grant.times)
          }
          count += forward.count
          if forward != backward {
            let differing = Set(forward.keys).union(backward.keys).filter { forward[$0] != backward[$0] }
            Issue.record("seed \(seed): \(name): \(differing.map(\.description).sorted())")
          }
        }
      }
    }
    #expect(count > 500, "\(count)")
  }

  @Test(arguments: batches) func whoCanIsWhatEverybodyIsTold(_ batch: Int) throws {
    try Self.each(batch) { organisation, asked, generator, seed in
      for environment in Organisation.environments {
        for moment in Self.moments.shuffled(using: &generator).prefix(2) {
          let patterns = [("read", "db/marts/*"), ("read", "db/**"), ("read", "wh/**"), ("assume", "connections/*"), ("call", "api/*")]
          for (action, resource) in organisation.universe + patterns {
            let holders = try asked.policy.grants.whoCan(asked.question("ana", action, resource, environment, moment))
            var told: [String: Bool] = [:]
            for principal in Organisation.users + Organisation.services + ["pg"] {
              let answer = try asked.answer(principal, action, resource, environment, moment)
              if answer.allowed != nil { told[principal] = answer.isAllowed }
            }
            let listed = holders.filter { !$0.isPartial }.map { (asked.model[$0.principal].name, $0.hasAll) }
            let known = Dictionary(uniqueKeysWithValues: listed)
            if known != told { Issue.record("seed \(seed): \(action) \(resource) in \(environment) at \(moment): \(known), told \(told)") }
            let any = Organisation.Judge(organisation: organisation, environment: environment, moment: moment, meansAll: false)
            if !resource.contains("*"),
              any.may("pg", action, resource) != holders.contains(where: { asked.model[$0.principal].name == "pg" })
            {
              Issue.record("seed \(seed): pg \(action) \(resource) in \(environment) at \(moment)")
            }
          }
        }
      }
    }
  }

  @Test(arguments: batches) func aPatternIsAllOfItsResources(_ batch: Int) throws {
    var (whole, parts, none) = (0, 0, 0)
    try Self.each(batch) { organisation, asked, generator, seed in
      for environment in Organisation.environments {
        let moment = Self.moments.randomElement(using: &generator)!
        let judge = Organisation.Judge(organisation: organisation, environment: environment, moment: moment)
        for principal in Organisation.users + Organisation.services {
          for (action, pattern) in [
            ("read", "db/**"), ("read", "db/marts/*"), ("read", "db/*/orders"), ("write", "db/marts/**"), ("read", "wh/analytics/**"),
            ("call", "api/*"), ("assume", "connections/c*"), ("read", "secrets/vault/kv/prod/*"),
          ] {
            let answer = try asked.answer(principal, action, pattern, environment, moment)
            var meant = organisation.universe.filter { $0.action == action && Glob.matches(pattern, $0.resource) }.map(\.resource)
            if action == "assume" {
              meant = meant.filter { organisation.connection(String($0.dropFirst(12))).environments.contains(environment) }
            }
            let can = meant.filter { judge.may(principal, action, $0) }
            func note(_ text: String) {
              Issue.record("seed \(seed): \(principal) \(action) \(pattern) in \(environment) at \(moment): \(text)")
            }
            if answer.isAllowed, can.count < meant.count { note("not \(Set(meant).subtracting(can))") }
            if answer.allowed == nil, !can.isEmpty { note("but \(can)") }
            if let example = answer.allowed?.joined(separator: "/"), !judge.may(principal, action, example) { note("not \(example)") }
            if let missing = answer.missing?.joined(separator: "/"), judge.may(principal, action, missing) { note("\(missing) is allowed") }
            if answer.isAllowed != (answer.missing == nil) { note("a yes with something missing") }
            // What there is of these can be counted.
            if action == "call" || (action == "assume" && !meant.isEmpty), answer.isAllowed != (can.count == meant.count) {
              note("\(can) of \(meant)")
            }
            if answer.isAllowed { whole += 1 } else if answer.allowed != nil { parts += 1 } else { none += 1 }
          }
        }
      }
    }
    #expect(whole > 20 && parts > 20 && none > 20, "\(whole) \(parts) \(none)")
  }
}

/// A compiled policy that is asked by names.
struct Asked {
  let policy: CompiledPolicy
  let sources: SourceMap
  var model: AccessModel { policy.model }
  var asking: Asking { Asking(policy) }

  /// Before everything that begins or ends in an organisation.
  private static let start = Instant("2026-10-31")!

  init(_ text: String, mustCompile: Bool) throws {
    let compilation = Compiler(grammar: .complete, at: Self.start).compile(
      [SourceFile(path: "policies/policy.yaml", text: text)], judgesRules: false)
    // That a binding gives nothing in an environment is an error for people, and bears on no answer.
    let errors = compilation.diagnostics.filter { $0.severity == .error && $0.code != .missingEnvironment && $0.code != .emptyBinding }
    guard let policy = compilation.policy, !mustCompile || errors.isEmpty else {
      throw Compiling.Unexpected(text: DiagnosticPrinter(sources: compilation.sources).text(errors.inOrder()) + text)
    }
    self.policy = policy
    sources = compilation.sources
  }

  func question(_ principal: String, _ action: String, _ resource: String, _ environment: String, _ moment: Organisation.Moment) throws
    -> AccessQuestion
  {
    let (pattern, root) = try root(resource)
    return AccessQuestion(
      principal: try #require(model.principalNames[principal]), action: action, resource: pattern, root: root,
      environment: try #require(model.environmentNames[environment]), instant: Instant(seconds: Self.start.seconds + Int64(moment.seconds)))
  }

  private func root(_ text: String) throws -> (ResourcePattern, AccessModel.ResolvedPattern.Root) {
    let pattern = try ResourcePattern.parse(text).get()
    return (pattern, try #require(model.root(of: pattern)))
  }

  func answer(_ principal: String, _ action: String, _ resource: String, _ environment: String, _ moment: Organisation.Moment) throws
    -> AccessAnswer
  {
    try policy.grants.answer(question(principal, action, resource, environment, moment))
  }
}

import TestSupport
import Testing

@testable import PolicyCompiler

/// Who is in which group, and when: both directions and every way in agree with the definition, on random groups.
@Suite struct MembershipTests {
  private static let moments = GrantSetPropertyTests.moments

  /// Groups that name one another, with times, exceptions and groups of unknown members.
  private static func random(_ generator: inout SeededGenerator) -> Organisation {
    var it = Organisation()
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
    let names = ["g0", "g1", "g2", "g3", "g4", "g5"]
    let others = Organisation.users + Organisation.services + ["pg", "qg"]
    for (index, name) in names.enumerated() {
      let all = others + names.dropFirst(index + 1) + names.dropFirst(index + 1)
      func some(_ range: ClosedRange<Int>) -> [String] {
        all.shuffled(using: &generator).prefix(Int.random(in: range, using: &generator)).reduce(into: []) {
          if !$0.contains($1) { $0.append($1) }
        }
      }
      let members = (some(1...4) + (chance(30) ? some(1...2) : [])).map { name -> Organisation.Member in
        guard chance(50) else { return .init(name: name, span: .init()) }
        let from = Int.random(in: 2...6, using: &generator)
        return .init(
          name: name, span: .init(from: chance(60) ? from : nil, until: chance(60) ? from + Int.random(in: 1...3, using: &generator) : nil))
      }
      it.groups.append(.init(name: name, members: members, except: chance(35) ? some(1...2) : []))
    }
    it.groups += ["pg", "qg"].map { .init(name: $0, isProvider: true) }
    it.routes = [("look", nil)]
    it.keepExceptionsKnown()
    return it
  }

  @Test(arguments: 1...60) func bothDirectionsAndEveryWayAgreeWithTheDefinition(_ seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let organisation = Self.random(&generator)
    let asked = try Asked(organisation.page().text, mustCompile: true)
    let (model, membership) = (asked.model, asked.policy.grants.membership)
    func id(_ name: String) throws -> PrincipalID { try #require(model.principalNames[name]) }
    for name in Organisation.users + Organisation.services + ["pg", "qg"] {
      let principal = try id(name)
      let groups = Dictionary(uniqueKeysWithValues: membership.groups(of: principal).map { ($0.group, $0) })
      for group in organisation.groups where !group.isProvider {
        let inner = try membership.members(of: id(group.name)).first { $0.principal == principal }
        let outer = try groups[id(group.name)]
        #expect(inner?.times == outer?.times && inner?.isPartial == outer?.isPartial, "seed \(seed): \(name) in \(group.name)")
        let times = outer?.times ?? .never
        // Every way in, and nothing else, makes up the times; each is a chain of entries.
        let ways = try membership.ways(of: principal, into: id(group.name), limit: 10_000)
        #expect(ways.reduce(IntervalSet.never) { $0.union($1.times) } == times, "seed \(seed): \(name) in \(group.name) by \(ways)")
        for way in ways {
          var at = principal
          for step in way.steps {
            #expect(model.groups[step.group]?.members[step.entry].principal == at)
            at = step.group
          }
          #expect(model[at].name == group.name && Set(way.steps.map(\.group)).count == way.steps.count)
        }
        #expect(ways.map(\.steps.count) == ways.map(\.steps.count).sorted(), "the shortest way stands first")
        var mayBeOthers = false
        for moment in Self.moments {
          let all = Organisation.Judge(organisation: organisation, environment: "dev", moment: moment)
          var any = all
          any.meansAll = false
          let instant = Instant(seconds: Instant("2026-10-31")!.seconds + Int64(moment.seconds))
          #expect(times.contains(instant) == any.isIn(name, group.name), "seed \(seed): \(name) in \(group.name) at \(moment)")
          if any.isIn(name, group.name), !all.isIn(name, group.name) { mayBeOthers = true }
        }
        #expect(outer?.isPartial ?? false == mayBeOthers, "seed \(seed): part of \(name) in \(group.name)")
        #expect(membership.leavesOut(try id(group.name), principal) == organisation.leftOut(of: group).contains(name))
      }
    }
  }
}

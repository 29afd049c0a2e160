import Testing

@testable import PolicyCompiler

@Suite struct EnvironmentSetTests {
  private func set(_ members: Int...) -> EnvironmentSet { EnvironmentSet(members.map(EnvironmentID.init)) }

  @Test func setsAreMadeOfTheirMembers() {
    #expect(set(3, 0, 127).members.map(\.index) == [0, 3, 127])
    #expect(set().isEmpty && !set(127).isEmpty)
    #expect(set(5).contains(EnvironmentID(5)) && !set(5).contains(EnvironmentID(4)))
  }

  @Test func theyAreCombined() {
    #expect(set(1, 2).union(set(2, 3)) == set(1, 2, 3))
    #expect(set(1, 2).intersection(set(2, 3)) == set(2))
    #expect(set(1, 2).subtracting(set(2, 3)) == set(1))
  }

  @Test func allOfThemAreAsManyAsThereAre() {
    #expect(EnvironmentSet.all(0).isEmpty)
    #expect(EnvironmentSet.all(3) == set(0, 1, 2))
    #expect(EnvironmentSet.all(500).members.count == EnvironmentSet.capacity)
  }
}

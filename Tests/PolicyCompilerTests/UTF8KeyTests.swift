import Testing

@testable import PolicyCompiler

/// Two ways of writing an accent are one text to Swift and two names to everybody else.
@Suite struct UTF8KeyTests {
  private static let composed = "caf\u{E9}"
  private static let decomposed = "cafe\u{301}"

  @Test func keysAreEqualWhereTheirBytesAre() {
    #expect(Self.composed == Self.decomposed)
    #expect(UTF8Key(Self.composed) != UTF8Key(Self.decomposed))
    #expect(Set([Self.composed, Self.decomposed, Self.composed].map(UTF8Key.init)).count == 2)
  }

  @Test func twoPatternsOfOneLookAreTwo() throws {
    let policy = try Compiling.policy(
      """
      environments: { dev: {} }
      users: { ana: {} }
      systems: { db: { type: postgres, environments: { dev: { host: localhost, database: d } } } }
      bindings:
        - { to: [ana], can: { read: [db/marts/\(Self.composed)] }, in: [dev] }
        - { to: [ana], can: { read: [db/marts/\(Self.decomposed)] }, in: [dev] }
      """)
    let texts = policy.model.patterns.map { Array($0.pattern.text.utf8) }
    #expect(Set(texts) == Set(["db/marts/\(Self.composed)", "db/marts/\(Self.decomposed)"].map { Array($0.utf8) }))
  }

  @Test func twoReferencesOfOneLookAreTwo() throws {
    let references = try [Self.composed, Self.decomposed].map { try SecretReference.parse("ref+vault://kv/\($0)#/password").get() }
    #expect(references[0] != references[1])
    #expect(Set(references).count == 2)
  }

  /// A secret of a protected environment is not shared with one that only looks like it.
  @Test func twoSecretsOfOneLookAreNotShared() throws {
    _ = try Compiling.policy(
      """
      environments: { dev: {}, prod: { protected: true } }
      users: { ana: {} }
      systems:
        db: { type: postgres, environments: { dev: { host: localhost, database: d }, prod: { host: db.acme.example, database: d } } }
      connections:
        reports:
          system: db
          principal: ana
          environments:
            dev: { password: "ref+vault://kv/\(Self.composed)#/password" }
            prod: { password: "ref+vault://kv/\(Self.decomposed)#/password" }
      """)
  }
}

import Artifacts
import Testing

@testable import PolicyCompiler

@Suite struct FingerprintTests {
  private static func all(_ files: [(String, String)]) -> [String: String] {
    let found = Compiling.diagnostics(files.map { SourceFile(path: "policies/\($0.0)", text: $0.1) })
    return Dictionary(
      uniqueKeysWithValues: zip(found.diagnostics, Fingerprint.all(found.diagnostics, found.sources)).map { it, fingerprint in
        ("\(it.message) \(fingerprint.occurrence)", fingerprint.text)
      })
  }

  private static let base = "environments: { dev: {} }\nusers: { ana: {} }\nroles: { analyst: {} }\n"
  private static let wrong = "bindings:\n  - { role: analist, to: [ana], in: [dev] }\n"

  @Test func movedLinesAndSpacesChangeNothing() {
    let before = Self.all([("a.yaml", Self.base + Self.wrong)])
    #expect(before.count == 1)
    #expect(Self.all([("a.yaml", "# one\n\n\n" + Self.base + "# two\n" + Self.wrong + "# three\n")]) == before)
    #expect(Self.all([("a.yaml", Self.base + "bindings:\n  -   { to: [ana],   role:   analist, in: [dev] }\n")]) == before)
  }

  @Test func fileAndNameMakeAnother() {
    let before = Set(Self.all([("a.yaml", Self.base + Self.wrong)]).values)
    #expect(before.isDisjoint(with: Self.all([("b.yaml", Self.base + Self.wrong)]).values))
    #expect(before.isDisjoint(with: Self.all([("a.yaml", Self.base + Self.wrong.replacing("analist", with: "analisst"))]).values))
  }

  private static let broken = """
    environments: { dev: {}, prod: {} }
    users: { ana: {}, raj: {}, lee: {} }
    systems: { db: { type: postgres, environments: { dev: { host: d.example, database: d }, prod: { host: p.example, database: d } } } }
    roles: { r: { can: { read: [db/pay/a] } }, s: { can: { read: [db/raw/a] } } }
    guardrails:
      never: { never: { who: users, can: [read], resources: [db/pay/**] } }
      apart: { separate: [r, s] }
      why: { require: { of: bindings, field: reason } }
    tests:
      t: { expect: ["lee cannot read db/pay/**"], who_can: { read db/pay/a: [] }, in: [prod] }
    bindings:
      - { role: r, to: [ana], in: [prod] }
      - { role: s, to: [ana], in: [prod] }

    """

  /// Whatever more of a rule is broken is another problem: no baseline lets it pass.
  @Test(
    arguments: [
      ("more of it", "read: [db/pay/a]", "read: [db/pay/**]"),
      ("somebody else by another line", "to: [ana], in: [prod] }\n", "to: [ana], in: [prod] }\n  - { role: r, to: [raj], in: [prod] }\n"),
      ("somebody else by the same line", "role: r, to: [ana]", "role: r, to: [ana, lee]"),
      ("elsewhere", "role: r, to: [ana], in: [prod]", "role: r, to: [ana], in: [prod, dev]"),
      (
        "by one more line", "to: [ana], in: [prod] }\n",
        "to: [ana], in: [prod] }\n  - { to: [ana], can: { read: [db/pay/b] }, in: [prod] }\n"
      ),
    ]) func moreOfARuleBrokenIsAnother(_ what: String, _ old: String, _ new: String)
  {
    func fingerprints(_ text: String) -> Set<String> {
      let found = Compiling.diagnostics([SourceFile(path: "policies/a.yaml", text: text)])
      return Set(Fingerprint.all(found.diagnostics, found.sources).map(\.unique))
    }
    let before = fingerprints(Self.broken)
    #expect(before.count >= 4)
    #expect(!fingerprints(Self.broken.replacing(old, with: new, maxReplacements: 1)).isSubset(of: before), "\(what)")
    #expect(fingerprints("# above\n" + Self.broken) == before)
  }

  @Test func equalOnesAreCounted() {
    let two = Self.all([("a.yaml", Self.base + Self.wrong + Self.wrong.replacing("bindings:\n", with: ""))])
    #expect(two.count == 2)
    #expect(Set(two.values).count == 1)
    #expect(Set(two.keys.map(\.last)) == ["1", "2"])
  }

  @Test func aSecretIsNotInIt() {
    func connections(_ secret: String) -> String {
      """
      environments: { dev: {} }
      services: { job: { owner: team } }
      users: { ana: {} }
      groups: { team: { members: [ana], owners: [ana] } }
      systems: { db: { type: postgres, owners: [team], environments: { dev: { host: db.acme.example, database: shop } } } }
      roles: { reader: { can: { read: [db/**] } } }
      bindings: [{ role: reader, to: [job], in: [dev] }]
      connections: { c: { system: db, principal: job, environments: { dev: { password: \(secret) } } } }

      """
    }
    let one = Self.all([("a.yaml", connections("hunter2-Tr0ub4dor"))])
    #expect(!one.isEmpty)
    // Letters are hidden one by one.
    #expect(one == Self.all([("a.yaml", connections("hunter3-Tr0ub4dor"))]))
  }

  @Test func whatEndsSoonIsTheSameTomorrow() {
    let text =
      Self.base
      + "systems: { db: { type: postgres, owners: [ana], environments: { dev: { host: db.acme.example, database: shop } } } }\nbindings:\n  - { to: [ana], can: { read: [db/**] }, in: [dev], until: 2026-11-30 }\n"
    func fingerprints(_ at: String) -> [String] {
      let compilation = Compiler(grammar: .complete, at: Instant(at)!).compile([SourceFile(path: "policies/a.yaml", text: text)])
      let all = compilation.diagnostics.inOrder()
      return zip(all, Fingerprint.all(all, compilation.sources)).filter { $0.0.code == .endsSoon }.map(\.1.text)
    }
    #expect(fingerprints("2026-11-20").count == 1)
    #expect(fingerprints("2026-11-20") == fingerprints("2026-11-25"))
  }

  @Test func whoeverElseBreaksARuleMakesItAnother() {
    func policy(_ members: String) -> String {
      """
      environments: { dev: {} }
      users: { ana: {}, raj: {}, lee: {} }
      groups: { team: { members: [\(members)], owners: [ana] } }
      systems: { db: { type: postgres, owners: [team], environments: { dev: { host: db.acme.example, database: shop } } } }
      bindings:
        - { to: [team], can: { write: [db/**] }, in: [dev] }
      guardrails: { calm: { never: { who: [users], can: [write], resources: [db/**] } } }

      """
    }
    let (one, more) = (Self.all([("a.yaml", policy("ana, raj"))]), Self.all([("a.yaml", policy("ana, raj, lee"))]))
    #expect(one.keys.contains { $0.contains("`calm` says never") })
    #expect(one.keys == more.keys)
    #expect(one != more)
  }

  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
  ]) func theDigestIsThatOfTheStandard(_ text: String, _ digest: String) {
    #expect(SHA256.hexadecimal(Array(text.utf8)) == digest)
  }

  @Test func aMillionLettersHaveTheirDigest() {
    #expect(
      SHA256.hexadecimal([UInt8](repeating: 0x61, count: 1_000_000)) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}

import Testing

@testable import PolicyCompiler

@Suite struct SecretReferenceTests {
  @Test(arguments: [
    ("ref+vault://kv/app#/password", "ref+vault://kv/app#/password", "secrets/vault/kv/app"),
    ("secretref+vault://kv/app#/password", "ref+vault://kv/app#/password", "secrets/vault/kv/app"),
    ("ref+vault://kv/data/app#/password", "ref+vault://kv/app#/password", "secrets/vault/kv/app"),
    ("ref+vault://kv//app/#/a//b", "ref+vault://kv/app#/a/b", "secrets/vault/kv/app"),
    ("ref+vault://kv/app#password", "ref+vault://kv/app#/password", "secrets/vault/kv/app"),
    ("ref+vault://kv/data", "ref+vault://kv/data", "secrets/vault/kv/data"),
    (
      "ref+awssecrets://app/db?region=eu-west-1&version_id=2#/password", "ref+awssecrets://app/db?region=eu-west-1&version_id=2#/password",
      "secrets/awssecrets/app/db"
    ),
    ("ref+awssecrets://app?b=2&a=1", "ref+awssecrets://app?a=1&b=2", "secrets/awssecrets/app"),
    ("ref+awsssm://app?mode=", "ref+awsssm://app?mode=", "secrets/awsssm/app"),
    ("ref+file:///run/secrets/db", "ref+file:///run/secrets/db", "secrets/file/run/secrets/db"),
    ("ref+file://secrets/db", "ref+file://secrets/db", "secrets/file/secrets/db"),
    ("ref+env://PGPASSWORD", "ref+env://PGPASSWORD", "secrets/env/PGPASSWORD"),
    (
      "ref+vault://kv/${environment}/${principal}#/${principal}", "ref+vault://kv/${environment}/${principal}#/${principal}",
      "secrets/vault/kv/${environment}/${principal}"
    ),
    ("ref+op://vault/item/field", "ref+op://vault/item/field", "secrets/op/vault/item/field"),
    ("ref+sops://secrets.yaml#/a/b", "ref+sops://secrets.yaml#/a/b", "secrets/sops/secrets.yaml"),
  ]) func itHasANormalFormAndAResource(_ text: String, _ normal: String, _ resource: String) throws {
    let reference = try SecretReference.parse(text).get()
    #expect(reference.text == normal && reference.resource == resource)
    #expect(try SecretReference.parse(normal).get() == reference)
  }

  @Test(arguments: SecretReference.Backend.allCases) func everyBackendIsKnownByItsName(_ backend: SecretReference.Backend) throws {
    #expect(try SecretReference.parse("ref+\(backend.rawValue)://a/b").get().backend == backend)
  }

  @Test(
    arguments: [
      ("", .notAReference, 0..<0), ("hunter2", .notAReference, 0..<7), ("ref+vault:kv", .notAReference, 0..<12),
      ("ref+://kv", .unknownBackend("", nearest: nil), 4..<4),
      ("ref+vualt://kv", .unknownBackend("vualt", nearest: "vault"), 4..<9), ("ref+exec://ls", .runsAProgram, 4..<8),
      ("ref+va lt://kv", .notAReference, 0..<14),
      ("ref+vault://", .emptyPath, 12..<12), ("ref+vault:///", .emptyPath, 12..<13), ("ref+vault://#/x", .emptyPath, 12..<12),
      ("ref+vault://kv/*", .character("*"), 15..<16),
      ("ref+vault://kv/a+b", .character("+"), 16..<17), ("ref+vault://kv/a b", .character("white space"), 16..<17),
      ("ref+vault://kv/a,b", .character(","), 16..<17),
      ("ref+vault://kv/{{x}}", .template("{"), 15..<16), ("ref+vault://kv/${x}", .template("$"), 15..<16),
      ("ref+vault://kv/%x", .template("%"), 15..<16),
      ("ref+vault://kv/../x", .dots, 15..<17), ("ref+vault://./x", .dots, 12..<13), ("ref+vault://kv?x#/y", .parameter("x"), 14..<16),
      ("ref+vault://kv#", .fragment, 14..<15),
      ("ref+vault://kv#/", .fragment, 14..<16), ("ref+vault://kv#/a#b", .fragment, 14..<19),
    ] as [(String, SecretReference.Problem.Kind, Range<Int>)])
  func everyProblemIsNamedAtItsPlace(_ text: String, _ kind: SecretReference.Problem.Kind, _ range: Range<Int>) {
    #expect(SecretReference.parse(text) == .failure(.init(kind: kind, range: range)))
  }

  @Test func onlyTheMachinesOwnBackendsAreLocal() {
    #expect(SecretReference.Backend.allCases.filter(\.isLocal) == [.file, .env])
  }
}

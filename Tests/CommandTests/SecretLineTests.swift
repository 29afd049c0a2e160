import TestSupport
import Testing

/// A literal secret that a mistake in the layout tears from its key is shown by nothing, whatever else is wrong there.
@Suite struct SecretLineTests {
  static let formats = ["human", "json", "github", "markdown", "sarif", "rdjson", "junit", "gitlab"]

  /// What stands below `connections:`; `S3cret`, `Hunter` and `Gen` are the secret.
  @Test(arguments: [
    // Below its key, but not further in.
    "password:\n    S3cretHunterGen", "password:\n    -S3cretHunterGen", "password: !x\n    S3cret Hunter", "api-key:\n    S3cretHunterGen",
    "password:\n      # why\n    S3cretHunterGen", "\"password\":\n    S3cretHunterGen\n      x:",
    "- password:\n      S3cretHunterGen\n      x:",
    // With something like a key in it.
    "password:\n        S3cret Hunter\n        Gen: b", "password:\n      S3cret Hunter: x", "password: S3cret, Hunter: Gen",
    "\"password\": S3cretHunterGen: x",
    // In a block, in quotes, in brackets.
    "password: |\n        S3cret Hunter\n       Gen b", "password: >-\n        S3cret Hunter\n       Gen b",
    "password: \"S3cret\\\"HunterGen\n    y: 1", "password: \"S3cret\" HunterGen", "password:\n      \"S3cret\n\n    HunterGen\n    y: 1",
    "password:\n\n\n      {S3cretHunterGen\n    y: 1", "p: { password:\n S3cretHunterGen, user x: }\n    y: 1",
    // Without a colon, with a tab, with what nobody sees.
    "password S3cretHunterGen", "password = S3cretHunterGen\n    host: x", "password\n        S3cret Hunter\n    y: 1",
    "? password\n    : S3cretHunterGen\n   y: 1", "password:\n      \tS3cretHunterGen", "password: S3cret\u{200B}Hunter",
    "password:\r\n    S3cretHunterGen\r\n", "keyfile_json:\n    S3cretHunterGen",
    "connection_string: |\n        S3cret Hunter\n       Gen b",
    // Fine, but for its layout.
    "password:\n       S3cret\n       Hunter\n    y:    1", "password: \"S3cret\nHunter:   x\"\n    y:    1",
    "password:    |\n       S3cret\n       Hunter: x\n\n       Gen\n    y:    1", "password:\n       \"S3cret\n      Hunter: x\"   ",
  ]) func noLineOfASecretIsShown(_ text: String) throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/zz.yaml", "connections:\n  x:\n    \(text)\n")
    var runs = try Self.formats.map { try scratch.writ("check", "--format", $0) }
    runs.append(try scratch.writ("fmt", "--check"))
    #expect(runs[0].status == 1, "\(runs[0].everything)")
    for run in runs {
      #expect(!run.everything.contains(/S3c|Hunter|Gen/), "\(run.everything)")
    }
  }

  /// A name may speak of a secret, and a reference is none.
  @Test(arguments: [
    ("roles:\n  rotate_token:\n    permisions: [a]\n", "permisions: [a]"),
    ("connections:\n  x:\n    token: abc\n    foo: x: y\n", "foo: x: y"),
    ("connections:\n  x:\n    password: ref+vault://x#/y\n     host: x\n", "     host: x"),
    ("connections:\n  x:\n    password: \"ref+vault://x#/y\" # here\n    host: x: y\n", "host: x: y"),
  ]) func whatIsNoSecretIsShown(_ text: String, _ line: String) throws {
    let scratch = try Scratch.withPolicy()
    try scratch.write("policies/zz.yaml", text)
    let run = try scratch.writ("check")
    #expect(run.status == 1 && run.output.contains(line), "\(run.output)")
  }
}

/// Codes W05: references, secrets and what tools would make of a text.
extension Explanation {
  static let malformedReference = Explanation(
    .malformedReference, "a reference to a secret that cannot be read",
    """
    A reference says where a secret is: `ref+BACKEND://PATH#/KEY`, in the syntax of vals. It names one secret, so it has no wildcards, no `..` and none of \
    the characters at which programs that resolve references stop. `ref+exec` is refused: reading a policy must not run programs.
    """,
    mending: "correct the part that is underlined.",
    rejected: reports("ref+vualt://kv/reports#/password"),
    accepted: reports("ref+vault://kv/reports#/password"))

  static let literalSecret = Explanation(
    .literalSecret, "a secret where a reference belongs",
    """
    A policy is read by everybody who may read the repository, and git never forgets. So a field for a secret takes a reference to it, and nothing else. \
    The value is not repeated in any message. A URL with a user or a password in it counts as well.
    """,
    mending: "store the secret in a vault and write a reference. If the value was a real secret and has been pushed, replace it.",
    rejected: reports("correct horse battery staple"),
    accepted: reports("ref+vault://kv/reports#/password"))

  static let sharedSecret = Explanation(
    .sharedSecret, "one secret for a protected and an unprotected environment",
    """
    Whoever may read the secret for the unprotected environment could log in to the protected one with it: protection would be a name only. `kv/data/x` and \
    `kv/x` of Vault are one secret, and so are two keys of it, since they are read together.
    """,
    mending: "keep one secret for each environment: put `${environment}` into the path.",
    rejected: reports("ref+vault://kv/reports#/password", in: "dev: {}, prod: {}"),
    accepted: reports("ref+vault://kv/${environment}/reports#/password", in: "dev: {}, prod: {}"))

  static let localSecret = Explanation(
    .localSecret, "a secret of the machine at hand in a protected environment",
    """
    `ref+env` and `ref+file` take whatever the machine holds at that moment: nobody knows who put it there, and nobody can rotate it. For development that \
    is handy; a protected environment deserves a vault.
    """,
    mending: "keep the secret in a vault.",
    rejected: reports("ref+env://PGPASSWORD"),
    accepted: reports("ref+vault://kv/reports#/password"))

  static let templateSyntax = Explanation(
    .templateSyntax, "template syntax of some tool",
    """
    `{{ … }}`, `{% … %}`, `$(…)` and `${…}` mean something to the tools that read generated files: dbt would run the template, a shell the command. A value \
    could then become anything, after all checks. Only `${principal}` and `${environment}` are filled in, and by Writ.
    """,
    mending: "write the value itself; for a secret, a reference in a field for secrets.",
    rejected: """
      environments: { dev: {} }
      systems:
        db: { type: postgres, environments: { dev: { host: "{{ env_var('DB_HOST') }}", database: dev } } }

      """,
    accepted: """
      environments: { dev: {} }
      systems:
        db: { type: postgres, environments: { dev: { host: localhost, database: dev } } }

      """)

  static let plainHTTP = Explanation(
    .plainHTTP, "a URL without encryption",
    """
    Over plain `http` whoever is on the way can read and change what is sent: tokens, keys of identity providers, credentials. Only addresses of the machine \
    itself (`localhost`, `127.0.0.1`, `[::1]`) may go without encryption.
    """,
    mending: "write `https`.",
    rejected: """
      environments: { prod: {} }
      systems:
        api: { type: http, environments: { prod: { url: http://api.acme.example } } }

      """,
    accepted: """
      environments: { prod: {} }
      systems:
        api: { type: http, environments: { prod: { url: https://api.acme.example } } }

      """)

  static let secretOfAll = Explanation(
    .secretOfAll, "one secret for everybody who should be themselves",
    """
    A connection with `principal: self` is for each person as themselves. Where its reference holds no `${principal}` and leads to a vault, all of them get the \
    same secret: whoever logs in with it is nobody in particular, and each rotation is everybody's. The secret of a client application is another matter.
    """,
    mending: "put `${principal}` into the reference, or take one of the person's own with `ref+env://`.",
    rejected: personal("ref+vault://kv/people#/password"),
    accepted: personal("ref+vault://kv/people/${principal}#/password"))

  static let exposedSecret = Explanation(
    .exposedSecret, "what has the form of a secret, where everybody can read it",
    """
    Tokens that issuers mark (`ghp_…`, `AKIA…`, `xoxb-…`), private keys, web tokens, passwords in URLs and in lists of settings are found wherever they \
    stand: in values, keys, free texts and comments of policy files, in `writ.yaml`, and in every file of the folder of generated files. What is found is \
    never printed, nor compared or rendered.
    """,
    mending: """
      replace the secret where it is issued, since git never forgets; then store the new one in a vault and write a reference. What only looks like one: \
      write `# writ: not a secret` on its line; `writ diff` shows that as a change of trust.
      """,
    rejected: "# before: postgresql://loader:" + "tr0ub4dor@db.acme.example/orders\nusers: { ana: {} }\n",
    accepted: "# before: postgresql://loader@db.acme.example/orders\nusers: { ana: {} }\n")

  static let likelySecret = Explanation(
    .likelySecret, "a text as random as a secret",
    """
    Letters and digits in no order that words have, or a password behind a key that speaks of one: nothing says for sure that it is a secret, so it is a \
    warning. Hashes, commit ids, digests, UUIDs, public keys, parts of URLs and names of things are passed over.
    """,
    mending: """
      treat it as a secret if it is one: replace it, store it in a vault, write a reference. If it is none, write `# writ: not a secret` on its line.
      """,
    rejected: "# the old password: " + "tr0ub4dor&3\nusers: { ana: {} }\n",
    accepted: "# the old password: " + "tr0ub4dor&3, long replaced; writ: not a secret\nusers: { ana: {} }\n")

  static let unsearchedFile = Explanation(
    .unsearchedFile, "a file that was not searched for secrets",
    """
    Every file of the folder of generated files is searched, up to 16 MiB each and 1 GiB in all. Beyond that, and where a file cannot be read, nobody knows \
    what it holds. Files that Writ makes are far smaller.
    """,
    mending: "move it out of the folder of generated files, or make it readable.",
    example: .outside("It is about a file that is too large, or that cannot be read."))

  private static func reports(_ password: String, in environments: String = "prod: {}") -> String {
    warehouse + """
      connections:
        reports:
          system: db
          principal: loader
          defaults: { password: "\(password)" }
          environments: { \(environments) }

      """
  }
}

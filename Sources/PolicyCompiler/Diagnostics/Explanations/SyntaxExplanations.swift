/// Codes W01: what keeps a file from being read.
extension Explanation {
  static let invalidUTF8 = Explanation(
    .invalidUTF8, "a file is not UTF-8",
    """
    Policy files are UTF-8. Bytes that are none, and files in UTF-16, could be read in several ways: a reviewer and a tool might then see different \
    names. So the file is not read at all, and nothing is guessed.
    """,
    mending: "save the file as UTF-8 (most editors call it so; `iconv -f latin1 -t utf-8` converts older files).",
    rejected: [File(path, .bytes(Array("users:\n  zoe: { description: Zo".utf8) + [0xE9] + Array(" }\n".utf8)))],
    accepted: [File(path, .text("users:\n  zoe: { description: Zoé }\n"))])

  static let hiddenCharacter = Explanation(
    .hiddenCharacter, "a character that cannot be seen",
    """
    Bidirectional controls, zero-width characters and control characters change what is read without changing what is seen, or the other way round. A \
    review of a policy is worth nothing if the text that was approved is not the text that is compiled. They are refused everywhere, comments included.
    """,
    mending: "delete the character at the place that is named. It often came in with text that was copied from a web page or a chat.",
    rejected: "users:\n  ana: { description: \"an\u{200B}alyst\" }\n",
    accepted: "users:\n  ana: { description: \"analyst\" }\n")

  static let malformedYAML = Explanation(
    .malformedYAML, "the file is not YAML",
    """
    What stands here cannot be read as YAML, so the names that the file declares are unknown, and the rest of the policy is not judged either: every \
    message about it would blame the innocent. Only the first such problem of a file is shown, since what follows it is guesswork.
    """,
    mending:
      "close the bracket or quote that is open, quote a text that holds `: ` or begins with `*`, `&`, `@`, `` ` `` or `%`, or straighten the indentation.",
    rejected: """
      users:
        ana: { email: ana@acme.example
        lee: { email: lee@acme.example }

      """,
    accepted: """
      users:
        ana: { email: ana@acme.example }
        lee: { email: lee@acme.example }

      """)

  static let tabIndentation = Explanation(
    .tabIndentation, "a tab where spaces belong",
    "YAML does not allow tabs as indentation: how wide one is depends on who looks at it, and the structure of a policy must not.",
    mending: "use spaces, two for each level, and let the editor do so for YAML.",
    rejected: "users:\n\tana: { email: ana@acme.example }\n",
    accepted: "users:\n  ana: { email: ana@acme.example }\n")

  static let duplicateKey = Explanation(
    .duplicateKey, "a key that stands twice in one mapping",
    """
    Most YAML readers keep the last of two equal keys and drop the other silently. In a policy that would be a way to hide a line: what a reviewer reads \
    first would not hold. Both places are shown.
    """,
    mending: "keep one of the two, or merge what they say.",
    rejected: """
      users:
        ana: { email: ana@acme.example }
        ana: { email: ana@elsewhere.example }

      """,
    accepted: """
      users:
        ana: { email: ana@acme.example }

      """)

  static let unknownAlias = Explanation(
    .unknownAlias, "an alias without an anchor",
    """
    `*name` repeats what was marked with `&name` further up in the same document. Here nothing was. An anchor of another file or of another document does \
    not count: order and grouping of files never matter to a policy.
    """,
    mending: "correct the name, put the anchor in front of its first use, or quote the text if no alias is meant: `\"*\"`.",
    rejected: """
      users: { ana: {}, lee: {} }
      groups:
        analysts: { owners: &leads [lee], members: [ana] }
        auditors: { owners: *leeds, members: [ana] }

      """,
    accepted: """
      users: { ana: {}, lee: {} }
      groups:
        analysts: { owners: &leads [lee], members: [ana] }
        auditors: { owners: *leads, members: [ana] }

      """)

  static let aliasBounds = Explanation(
    .aliasBounds, "aliases without bound",
    """
    An alias within what it names would never end, and aliases of aliases can turn a small file into an enormous one. Aliases of one file may add up to \
    5,000 values; policies that were written by people stay far below.
    """,
    mending: "write the values out, or share them in the words of the language: roles, groups, and `defaults` of connections.",
    rejected: """
      users: { lee: {} }
      groups:
        crew: &crew { owners: [lee], members: [*crew] }

      """,
    accepted: """
      users: { lee: {} }
      groups:
        crew: { owners: [lee], members: [lee] }

      """)

  static let unsupportedYAML = Explanation(
    .unsupportedYAML, "YAML that policies do without",
    """
    Merge keys (`<<`), tags (`!name`) and keys that are lists or mappings are parts of YAML that tools read differently, or not at all. A policy must mean \
    the same to everybody who reads it, so they are errors.
    """,
    mending: "write the keys out, or share them through roles, groups or `defaults`; quote a text that begins with `!` or `{`.",
    rejected: """
      users:
        ana: &person { description: an analyst }
        lee:
          <<: *person

      """,
    accepted: """
      users:
        ana: { description: an analyst }
        lee: { description: an analyst }

      """)

  static let tooDeep = Explanation(
    .tooDeep, "nesting without end",
    "No section of a policy needs more than ten levels. A file with more than 64 is a mistake, or made to exhaust whoever reads it.",
    mending: "look for brackets that were opened by mistake.",
    rejected: [File(path, .text("users: " + String(repeating: "[", count: 65) + String(repeating: "]", count: 65) + "\n"))],
    accepted: [File(path, .text("users: { ana: {} }\n"))])

  static let fileTooLarge = Explanation(
    .fileTooLarge, "a file that is too large",
    """
    A policy file may have 16 MiB. Reading a policy takes memory in proportion to its size, and pull requests of strangers are read too. The policy of a \
    large organisation has a few megabytes in all.
    """,
    mending: "split the file: any file below the policy folder may hold any section, and order never matters.",
    rejected: [File(path, .repeated("# This line says nothing, and says it very often, until there is no room left for it.\n", 200_000))],
    accepted: [File(path, .text("users: { ana: {} }\n"))])

  static let unknownField = Explanation(
    .unknownField, "a field that does not exist",
    """
    A field that Writ does not know would be ignored, and a misspelt `until` or `except` would silently make access wider than it reads. So every unknown \
    field is an error, with the nearest one that exists.
    """,
    mending:
      "correct the name. The fields of every section are listed in the reference of fields, and in the JSON Schema, with which editors complete them.",
    rejected: """
      users:
        ana: { e_mail: ana@acme.example }

      """,
    accepted: """
      users:
        ana: { email: ana@acme.example }

      """)

  static let wrongKind = Explanation(
    .wrongKind, "a list, a mapping or a single value where another belongs",
    """
    Every field takes one kind of thing: a single value, a list, or a mapping from names to values. Where a list belongs, one item may stand alone without \
    its brackets; nothing else is converted, because a guess about a policy is a risk.
    """,
    mending: "write the kind that the message names.",
    rejected: """
      users:
        ana: ana@acme.example

      """,
    accepted: """
      users:
        ana: { email: ana@acme.example }

      """)

  static let missingField = Explanation(
    .missingField, "something required is missing",
    """
    Where a default would be a decision about access, there is none: a binding must say where it holds (`in`), a service who answers for it (`owner`). A \
    field that is there but empty counts as missing.
    """,
    mending: "write the field that the message names.",
    rejected: """
      services:
        loader: { description: loads files }

      """,
    accepted: """
      users:
        lee: {}
      services:
        loader: { owner: lee, description: loads files }

      """)

  static let unknownSection = Explanation(
    .unknownSection, "a section that does not exist",
    "The top level of a policy file holds sections, and only those of the language. What stands under any other name would do nothing.",
    mending: "correct the name. Comments begin with `#`.",
    rejected: """
      people:
        ana: { email: ana@acme.example }

      """,
    accepted: """
      users:
        ana: { email: ana@acme.example }

      """)

  static let invalidValue = Explanation(
    .invalidValue, "a value that the field cannot take",
    """
    The field takes certain values only: `true` or `false`, a number within bounds, one of a few words, a URL, an address. `yes`, `no`, `on` and `off` are \
    texts, as in YAML 1.2; a boolean in quotes is a text as well.
    """,
    mending: "write one of the values that the message names.",
    rejected: """
      environments:
        prod: { protected: yes }

      """,
    accepted: """
      environments:
        prod: { protected: true }

      """)

  static let invalidName = Explanation(
    .invalidName, "a name with characters that names cannot have",
    """
    Names are ASCII letters, digits, `_`, `.` and `-`, and begin with a letter or a digit. Names become roles in databases, file names and variables, and \
    letters of other alphabets can look just like these.
    """,
    mending: "rename it. What it is called elsewhere can be anything: see `accounts`, `name_on` and `description`.",
    rejected: """
      users:
        "Ana López": { email: ana@acme.example }

      """,
    accepted: """
      users:
        ana_lopez: { email: ana@acme.example, description: Ana López }

      """)

  static let invalidTime = Explanation(
    .invalidTime, "a time that cannot be read",
    """
    Times are ISO 8601: a date, or a date with a time and its zone. Other orders of day and month are read differently in different countries, and a time \
    without a zone is a different moment in each. As an end, a date includes that day, to the following midnight in UTC.
    """,
    mending: "write `2027-01-31`, or `2027-01-31T18:00Z`, or with an offset `2027-01-31T18:00+01:00`.",
    rejected: """
      users: { ana: {}, lee: {} }
      groups:
        analysts: { owners: [lee], members: [{ name: ana, until: 31.01.2027 }] }

      """,
    accepted: """
      users: { ana: {}, lee: {} }
      groups:
        analysts: { owners: [lee], members: [{ name: ana, until: 2027-01-31 }] }

      """)

  static let invalidDuration = Explanation(
    .invalidDuration, "a duration that cannot be read",
    "A duration is a whole number and a unit: seconds, minutes, hours, days or weeks. Without a unit, an hour and a day look the same.",
    mending: "write `30s`, `15m`, `1h`, `30d` or `2w`.",
    rejected: warehouse
      + """
      connections:
        reports:
          system: db
          principal: loader
          environments: { prod: { password: "ref+vault://kv/reports#/password", max_ttl: 3600 } }

      """,
    accepted: warehouse
      + """
      connections:
        reports:
          system: db
          principal: loader
          environments: { prod: { password: "ref+vault://kv/reports#/password", max_ttl: 1h } }

      """)

  static let invalidPattern = Explanation(
    .invalidPattern, "a pattern that cannot be read",
    """
    A pattern of resources is a path: `system/segment/…`, where `*` is any text within one segment and `**` any number of whole segments. It names its \
    system, and knows neither `?`, `[…]`, `{…}` nor `\\`: for such patterns nobody could decide exactly what they have in common.
    """,
    mending: "write the path out, or several patterns in a list.",
    rejected: warehouse
      + """
      roles:
        analyst: { can: { read: ["db/{marts,staging}/**"] } }

      """,
    accepted: warehouse
      + """
      roles:
        analyst: { can: { read: [db/marts/**, db/staging/**] } }

      """)

  static let invalidSentence = Explanation(
    .invalidSentence, "a sentence that a test cannot judge",
    """
    A test's sentence is `<principal> can <action> <resource>`, or with `cannot`. `who_can` asks for an action and a resource, and is answered with names; \
    access through a session says so: `<principal> via <connection>`.
    """,
    mending: "bring the sentence into that form. Where it is asked stands in the test's `in`.",
    rejected: tested("ana may read db/marts/orders"), accepted: tested("ana can read db/marts/orders"))

  static let unreadableFile = Explanation(
    .unreadableFile, "a file that Writ does not read",
    """
    A symbolic link or a submodule below the policy folder leads somewhere that the reviewer of a change does not see, perhaps out of the repository. A file \
    may also be missing from a partial clone, or not be readable at all. Nothing is followed, and nothing is left out silently.
    """,
    mending: "put the file itself in the place of the link; fetch what is missing.",
    example: .outside("There is no policy to show: it is about the tree that a policy is read from, not about any text in it."))

  static let unsupportedVersion = Explanation(
    .unsupportedVersion, "a version of the language that this Writ does not know",
    "`writ.yaml` says in which version of the language its policy is written. A newer one may mean something else by the same words, so it is not read.",
    mending: "update Writ, or write `version: 1`.",
    rejected: [File("writ.yaml", .text("version: 2\n"))], accepted: [File("writ.yaml", .text("version: 1\n"))])

  static let lookAlike = Explanation(
    .lookAlike, "a file that looks like policy and is not read",
    """
    Policy files end in `.yaml` or `.yml`, in lower case. A file below the policy folder that ends in `.YAML`, `.Yml`, `.json` or the like is easily taken for \
    one: whoever reviews it believes that what it says holds. It does not: nothing of it is read.
    """,
    mending: "rename the file, for instance `bindings.YAML` to `bindings.yaml`, or keep it outside of the policy folder.",
    example: .outside("There is no policy to show: it is about the name of a file, not about any text in it."))

  /// A small policy that the examples put their own declarations into.
  static let warehouse = """
    environments: { dev: {}, prod: { protected: true } }
    users: { ana: {}, lee: {} }
    services: { loader: { owner: lee } }
    systems:
      db:
        type: postgres
        environments:
          dev: { host: localhost, database: dev }
          prod: { host: db.acme.example, database: analytics }

    """
}

/// Codes W07: what is imported from another tool's files.
extension Explanation {
  static let importShape = imported(
    .importShape, "a file that is not as its format says",
    """
    An import reads what a format says, and nothing into it: where a list is expected and something else stands, or a name is declared twice, what is meant \
    would be a guess about access. Every such place is shown, and nothing is imported.
    """,
    mending: "correct the file, as its own tool would have it.",
    rejected: "roles:\n  - loader: { privileges: { tables: { read: raw.orders } } }\n",
    accepted: "roles:\n  - loader: { privileges: { tables: { read: [raw.shop.orders] } } }\n")

  static let nothingToImport = imported(
    .nothingToImport, "files that hold nothing to import",
    """
    Nothing was found of what the format declares: for Permifrost roles and users, for Peribolos organisations. Most likely another file or folder was meant, \
    and an empty policy would only hide that.
    """,
    mending: "name the file or folder that holds them.",
    rejected: "databases:\n  - raw: { shared: no }\n",
    accepted: "databases:\n  - raw: { shared: no }\nroles:\n  - loader: { owns: { databases: [raw] } }\n")

  static let withoutCounterpart = imported(
    .withoutCounterpart, "access that a policy cannot say",
    """
    The file gives or takes something that bears on access and that the policy language has nothing for, or a field that this version does not know. It is left \
    out, and what is imported is narrower for it: never wider.
    """,
    mending: "read what is left out and decide whether it is missed; the rest of the import stands.",
    rejected: """
      roles:
        - loader: { privileges: { tables: { write: [raw.shop.orders] } } }
      users:
        - lee: { can_login: no, member_of: [loader] }

      """,
    accepted: """
      roles:
        - loader: { privileges: { tables: { write: [raw.shop.orders] } } }
      users:
        - lee: { can_login: yes, member_of: [loader] }

      """)

  static let leftOut = imported(
    .leftOut, "something that is nobody's access",
    """
    Files of other tools hold more than access: sizes of warehouses, addresses for bills, how a team is shown. A policy has no place for it. It is named, so \
    that nothing goes unsaid, and needs nothing to be done.
    """,
    mending: "keep it where it belongs. Nothing in the policy is missing for it.",
    rejected: "warehouses:\n  - loading: { size: x-small }\nroles:\n  - loader: { warehouses: [loading] }\n",
    accepted: "warehouses:\n  - loading: {}\nroles:\n  - loader: { warehouses: [loading] }\n")

  static let secretLeftOut = imported(
    .secretLeftOut, "what looks like a secret in a file that is imported",
    """
    A policy is read by more people than the file that it is made from, so nothing that looks like a secret is copied: a value is left out with its key, an \
    item of a list by itself. It is never printed.
    """,
    mending: "replace the secret if it is one. If it is none, write `# writ: not a secret` on its line, and import again.",
    rejected: "# " + "postgresql://loader:" + "tr0ub4dor@db.acme.example/orders\n"
      + "roles:\n  - loader: { owns: { databases: [raw] } }\ndatabases:\n  - raw: { shared: no }\n",
    accepted: "roles:\n  - loader: { owns: { databases: [raw] } }\ndatabases:\n  - raw: { shared: no }\n")

  static let unknownImport = imported(
    .unknownImport, "a name that the imported files do not declare",
    """
    A user or a role is a member of a role that these files do not declare. What that role may do is unknown, so the membership is left out: a policy that \
    names what nobody declared does not compile.
    """,
    mending: "correct the name, or declare the role, and import again.",
    rejected: """
      roles:
        - loader: { owns: { databases: [raw] } }
      users:
        - lee: { can_login: yes, member_of: [laoder] }

      """,
    accepted: """
      roles:
        - loader: { owns: { databases: [raw] } }
      users:
        - lee: { can_login: yes, member_of: [loader] }

      """)

  static let importCycle = imported(
    .importCycle, "roles that are members of each other",
    """
    Following `member_of` from a role leads back to it. Roles in a circle would all hold the same, and both Snowflake and Writ refuse it. One membership of \
    the circle is left out, always the same one, and the circle is shown.
    """,
    mending: "take the membership out that is not meant, and import again.",
    rejected: """
      roles:
        - reader: { member_of: [writer], privileges: { tables: { read: [raw.shop.orders] } } }
        - writer: { member_of: [reader], privileges: { tables: { write: [raw.shop.orders] } } }

      """,
    accepted: """
      roles:
        - reader: { privileges: { tables: { read: [raw.shop.orders] } } }
        - writer: { member_of: [reader], privileges: { tables: { write: [raw.shop.orders] } } }

      """)

  static let renamed = imported(
    .renamed, "a name that had to change",
    """
    Names in a policy are letters, digits, `_`, `.` and `-`, each once whatever its case, with users, services and groups in one space and some words kept for \
    the language. What does not fit gets a name that does, always the same one; the name at the system is kept (`accounts`, `name_on`, or a description).
    """,
    mending: "choose a better name in the policy if you like: what the system calls it stands beside it.",
    rejected: """
      roles:
        - _loader: { owns: { databases: [raw] } }

      """,
    accepted: """
      roles:
        - loader: { owns: { databases: [raw] } }

      """)

  static let assumed = imported(
    .assumed, "something that the files do not say",
    """
    A policy says more than some files do: which account a system is, or whether `*` means the roles of one file or of all. What was put there is a guess that \
    compiles, and only who knows the system can tell whether it is right.
    """,
    mending: "give the import the option that the message names, or correct the policy afterwards.",
    rejected: """
      roles:
        - sysadmin: { member_of: { include: ["*"] } }
        - loader: { owns: { databases: [raw] } }

      """,
    accepted: """
      roles:
        - sysadmin: { member_of: [loader] }
        - loader: { owns: { databases: [raw] } }

      """)

  private static func imported(
    _ code: DiagnosticCode, _ title: String, _ meaning: String, mending: String, rejected: String, accepted: String
  ) -> Explanation {
    Explanation(
      code, title, meaning, mending: mending,
      example: .imports(.permifrost, rejected: [File("roles.yml", .text(rejected))], accepted: [File("roles.yml", .text(accepted))]))
  }
}

extension ImportOptions {
  /// What the examples are imported with.
  package static func example(_ format: ImportFormat) -> ImportOptions {
    var options = ImportOptions(format)
    options.account = "acme-data"
    return options
  }
}

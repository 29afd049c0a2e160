import PolicyCompiler

/// One rule: a path that may be read, or may not.
struct VaultRule {
  let path: VaultPath
  let isDenied: Bool
  /// What it is for, in words.
  let reasons: [String]
}

/// A policy, in the layout of `vault policy fmt`.
struct VaultPolicy {
  let rules: [VaultRule]
  let until: Instant?

  func text(header: [String], environment: String, holder: String) -> String {
    var lines = header.map(Self.comment)
    lines.append(Self.comment("What \(holder) may read in \(environment)."))
    if let until { lines.append(Self.comment("Holds until \(until.timestamp): render again then.")) }
    if rules.isEmpty { lines.append(Self.comment("Nothing.")) }
    for rule in rules {
      lines.append("")
      lines += rule.reasons.map(Self.comment)
      lines.append("path \(Self.quoted(rule.path.text)) {")
      lines.append("  capabilities = [\"\(rule.isDenied ? "deny" : "read")\"]")
      lines.append("}")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func comment(_ text: String) -> String { "# " + SafeText.escaped(text) }

  /// A string of HCL: https://github.com/hashicorp/hcl/blob/v1.0.0/README.md
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

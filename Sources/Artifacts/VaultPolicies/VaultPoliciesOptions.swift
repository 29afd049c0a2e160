package import PolicyCompiler

/// What an artifact with `target: vault_policies` may say, beside what all artifacts say.
package enum VaultPoliciesField: Int, FieldKey {
  case environment, name, kv, ttl, maxTTL

  package var field: Field {
    switch self {
    case .environment:
      Field(
        "environment", .list(.scalar(.name)), required: true, impact: .delivery,
        "The environment, or several: each gets files of its own, so the path then holds `${environment}`.")
    case .name:
      Field(
        "name", .scalar(.template), impact: .delivery, otherwise: "`<holder>-<environment>`",
        "What the policy is called in Vault, which the role names.")
    case .kv:
      Field(
        "kv", .map(keys: .text, values: .scalar(.choice(["1", "2"]))), impact: .meaning, otherwise: "2 for every mount",
        "The version of mounts of key-value secrets: `{ kv: 1 }`.")
    case .ttl:
      Field(
        "ttl", .scalar(.duration), impact: .secret, otherwise: "15m, or `max_ttl` where that is less",
        "How long a token lives that is not renewed.")
    case .maxTTL:
      Field(
        "max_ttl", .scalar(.duration), impact: .secret,
        otherwise: "1h, or the shortest `max_ttl` of the connections that the holder may use, where that is less",
        "How long a token may live at most; never longer than a connection allows.")
    }
  }
}

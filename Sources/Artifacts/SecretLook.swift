import PolicyCompiler

/// Whether a variable that everybody can read looks like one that nobody should.
enum SecretLook {
  /// `orders_password`, `X-Api-Key`.
  static func isSecret(name: String) -> Bool {
    let name = name.lowercased().replacing("-", with: "_").replacing(".", with: "_")
    return SecretWords.endings.contains { name == $0 || name.hasSuffix("_\($0)") }
  }

  /// What in a setting that everybody can read looks like a secret: the setting itself, or an entry of a table.
  static func secret(in value: ResolvedConnection.Value, of name: String) -> String? {
    switch value {
    case .text(let text): return isSecret(value: text) ? name : nil
    case .list(let items): return items.lazy.compactMap { secret(in: $0, of: name) }.first
    case .table(let entries):
      return entries.lazy.compactMap { entry in
        if case .text(let text) = entry.value, !text.isEmpty, isSecret(name: entry.name) { return "\(name).\(entry.name)" }
        return secret(in: entry.value, of: "\(name).\(entry.name)")
      }.first
    case .integer, .boolean, .secret: return nil
    }
  }

  /// The beginnings by which issuers mark their tokens, keys in PEM, and credentials of HTTP's `Authorization`.
  static func isSecret(value: String) -> Bool {
    if beginnings.contains(where: { value.hasPrefix($0) }) { return value.utf8.count >= 12 }
    if value.hasPrefix("eyJ") { return value.split(separator: ".").count == 3 }
    // `?motherduck_token=…` and its like.
    for part in value.split(whereSeparator: { $0 == "?" || $0 == "&" }).dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1)
      if pair.count == 2, isSecret(name: String(pair[0])) { return true }
    }
    guard let scheme = value.firstRange(of: "://") else { return false }
    return value[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }.contains("@")
  }

  private static let beginnings = [
    "-----BEGIN", "AKIA", "ASIA", "Basic ", "Bearer ", "PMAK-", "dapi", "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "hvs.",
    "sk_live_", "xoxb-", "xoxp-",
  ]
}

extension Diagnostic {
  static func secretInVariable(_ name: String, at span: SourceSpan) -> Self {
    Self(
      .literalSecret, "`\(name)` looks like a secret, and everybody who holds the file could read it", at: span,
      notes: [.init("its value is not repeated here; if it was a real one and has been pushed, replace it")],
      help: "put a reference to it into a secret field of a connection")
  }
}

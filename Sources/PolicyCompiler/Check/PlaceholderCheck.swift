/// `${principal}` beside a wildcard may let one principal's pattern reach another's resources: with `dbt_${principal}*`,
/// `ana` also reaches what is `anabel`'s.
enum PlaceholderCheck {
  static func check(_ grants: GrantSet) -> [Diagnostic] {
    let model = grants.model
    let names = model.principals.filter { $0.kind != .group }.map(\.name)
    guard names.count > 1 else { return [] }
    var found: [Diagnostic] = []
    for permission in model.permissions {
      for id in permission.of {
        let pattern = model[id].pattern
        guard pattern.mentionsPrincipal, let segment = risky(pattern), let (one, other) = collision(segment, names) else { continue }
        found.append(
          Diagnostic(
            .collidingPlaceholder, "`\(pattern.text)` lets `\(one)` reach what is meant for `\(other)`", at: permission.span,
            notes: [
              .init(
                "`\(Placeholder.fill(segment, principal: one, environment: nil))` matches `\(Placeholder.fill(segment, principal: other, environment: nil).replacing("*", with: ""))`"
              )
            ],
            help: "leave out the `*` beside `${principal}`, or put a `/` between them"))
      }
    }
    return found
  }

  /// The text of the first segment that holds both the placeholder and a wildcard.
  private static func risky(_ pattern: ResourcePattern) -> String? {
    pattern.text.split(separator: "/").map(String.init).first { $0.contains("*") && Placeholder.occurs(.principal, in: $0) }
  }

  private static func collision(_ segment: String, _ names: [String]) -> (String, String)? {
    // Sorted, a name's extensions follow it; only those can be reached by a wildcard behind it. The same from the back.
    for isReversed in [false, true] {
      let keyed = names.map { (key: isReversed ? String($0.reversed()) : $0, name: $0) }.sorted { $0.key < $1.key }
      for (index, (key, name)) in keyed.enumerated() {
        guard case .success(let pattern) = ResourcePattern.parse("x/" + Placeholder.fill(segment, principal: name, environment: "_")) else {
          return nil
        }
        for (otherKey, other) in keyed[(index + 1)...] {
          guard otherKey.hasPrefix(key) else { break }
          let path = Placeholder.fill(segment, principal: other, environment: "_").replacing("*", with: "")
          if pattern.matches([path]) { return (name, other) }
        }
      }
    }
    return nil
  }
}

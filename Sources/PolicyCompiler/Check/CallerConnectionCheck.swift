/// `principal: self` means each person as themselves: permissions to assume such a connection add nothing, and one secret
/// for everybody takes away what it is for.
enum CallerConnectionCheck {
  static func check(_ grants: GrantSet) -> [Diagnostic] {
    let model = grants.model
    guard model.connections.contains(where: { $0.identity == .caller }) else { return [] }
    return uselessPermissions(model) + secretsOfAll(model)
  }

  private static func uselessPermissions(_ model: AccessModel) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for permission in model.permissions where permission.action == "assume" {
      for id in permission.of {
        guard let only = model[id].connections, only.count == 1, model[only[0]].identity == .caller else { continue }
        found.append(.uselessPermission(model, only[0], at: permission.span))
      }
    }
    return found
  }

  /// The secret of a client application is everybody's by design; a password or a token is not.
  private static func secretsOfAll(_ model: AccessModel) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for connection in model.connections where connection.identity == .caller {
      for environment in connection.environments.members {
        guard let node = connection.settings[environment] else { continue }
        let overridden = Set(node.pairs.filter { !$0.value.isNull }.map(\.key.text))
        let inherited = (connection.defaults?.pairs ?? []).filter { !overridden.contains($0.key.text) }
        for (key, value) in node.pairs + inherited where value.isScalar && !key.text.contains("client_secret") {
          let text = Placeholder.fill(value.text, principal: nil, environment: model[environment].name)
          guard case .success(let reference) = SecretReference.parse(text), !reference.backend.isLocal,
            !Placeholder.occurs(.principal, in: text)
          else { continue }
          found.append(.secretOfAll(connection, key.text, value))
        }
      }
    }
    return found
  }
}

extension Diagnostic {
  fileprivate static func uselessPermission(_ model: AccessModel, _ id: ConnectionID, at span: SourceSpan) -> Self {
    let connection = model[id]
    let role = connection.role.map { "`\(model[$0].name)`" } ?? "its role"
    return Self(
      .uselessPermission, "a permission to assume `\(connection.name)` gives nothing: it is for each person as themselves", at: span,
      notes: [.init("it has `principal: self`", at: connection.span)],
      help: "whoever holds \(role) may use it already: leave the permission out, and bind the role")
  }

  fileprivate static func secretOfAll(_ connection: AccessModel.Connection, _ field: String, _ value: SyntaxNode) -> Self {
    Self(
      .secretOfAll, "`\(connection.name)` is for each person as themselves, but all of them would have the same `\(field)`", at: value.span,
      notes: [.init("it has `principal: self`", at: connection.span)],
      help: "put `${principal}` into the reference, or take one of the person's own with `ref+env://`")
  }
}

/// A binding whose `resources` have nothing in common with what it gives.
struct NarrowingCheck: Sendable {
  private let grants: GrantSet
  private var model: AccessModel { _read { yield grants.model } }

  /// Of a policy without errors: what is wrong with a pattern would be taken for a pattern that is not there.
  static func check(_ grants: GrantSet) -> [Diagnostic] {
    let check = NarrowingCheck(grants: grants)
    let count = grants.model.bindings.count
    // Nearly none has a problem, so that a place for each would be most of the work.
    let chunks = min(count, 64)
    return SideBySide.map(chunks) { chunk in
      (count * chunk / chunks..<count * (chunk + 1) / chunks).compactMap { check.problem(BindingID($0)) }
    }.flatMap(\.self)
  }

  private func problem(_ id: BindingID) -> Diagnostic? {
    let binding = model[id]
    guard let narrowed = binding.resources, !binding.targets.isEmpty else { return nil }
    let permissions = grants.permissions(of: id, within: nil)
    if permissions.isEmpty || givesAnything(id, permissions, model.bindingResources[narrowed]) { return nil }
    let roles = model.bindingRoles[binding.roles].map { "`\(model[$0].name)`" }
    let what = roles.count == 1 && binding.permissions.isEmpty ? roles[0] : "what it gives"
    let span = model.declaration(of: binding).value(of: BindingField.resources.field.name)?.span ?? binding.span
    let shown = permissions.prefix(3).map { permission in
      Diagnostic.Note(
        "\(model[permission].action) is given of \(Diagnostic.listed(model[permission].of.prefix(3).map { model[$0].pattern.text }))",
        at: model[permission].span)
    }
    let places = Diagnostic.listed(model.names(binding.environments))
    let more = permissions.count - shown.count
    return Diagnostic(
      .emptyBinding, "this binding gives nothing: its `resources` have nothing in common with \(what) in \(places)", at: span,
      notes: shown + (more > 0 ? [.init("and \(more) more \(more == 1 ? "permission" : "permissions")")] : []),
      help: "name resources that are among these, or delete the binding")
  }

  private func givesAnything(_ id: BindingID, _ permissions: [PermissionID], _ narrowed: ArraySlice<PatternID>) -> Bool {
    let binding = model[id]
    let environments = binding.environments.members
    guard let first = model.bindingTargets[binding.targets].first?.principal else { return true }
    // Mostly single resources are named, which takes no sets.
    for pattern in narrowed {
      guard let path = model[pattern].pattern.concretePath else { continue }
      let resource = Resource(root: model[pattern].root, path: path)
      for environment in environments where grants.exists(resource, in: environment) {
        if permissions.contains(where: { grants.gives($0, id, resource, first, environment) }) { return true }
      }
    }
    for permission in permissions {
      // Where nobody's name occurs, anybody stands for all.
      let subjects = grants.mentionsPrincipal(permission, binding) ? subjects(of: binding) : [first]
      for environment in environments {
        for subject in subjects {
          // Too complex to decide: no reason to say that it is nothing.
          guard let set = try? grants.resources(permission, id, subject, environment), let isEmpty = try? set.isEmpty() else { return true }
          if !isEmpty { return true }
        }
      }
    }
    return false
  }

  private func subjects(of binding: AccessModel.Binding) -> [PrincipalID] {
    model.bindingTargets[binding.targets].flatMap { target in
      grants.isSubject(target.principal) ? [target.principal] : grants.membership.members(of: target.principal).map(\.principal)
    }
  }
}

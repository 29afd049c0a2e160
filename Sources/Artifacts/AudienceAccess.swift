import PolicyCompiler
import Synchronization

/// Whether whoever will hold a file may assume what is in it, each principal and environment worked out once.
final class AudienceAccess: Sendable {
  private let policy: CompiledPolicy
  private let known = Mutex<[Key: [ConnectionID: Bool]]>([:])
  private let held = Mutex<[Key: [BindingID]]>([:])
  private let resolved = Mutex<[Place: ResolvedConnection]>([:])

  private struct Key: Hashable {
    let principal: PrincipalID
    let environment: EnvironmentID
  }

  private struct Place: Hashable {
    let connection: ConnectionID
    let environment: EnvironmentID
  }

  init(_ policy: CompiledPolicy) { self.policy = policy }

  /// The connection as the caller uses it there. One with a principal of its own is the same for all, and most are in files
  /// of several tools.
  func resolve(_ id: ConnectionID, in environment: EnvironmentID, caller: PrincipalID) -> ResolvedConnection? {
    if policy.grants.model[id].identity == .caller { return policy.grants.model.resolve(id, in: environment, caller: caller) }
    let place = Place(connection: id, environment: environment)
    if let found = resolved.withLock({ $0[place] }) { return found }
    let found = policy.grants.model.resolve(id, in: environment, caller: caller)
    if let found { resolved.withLock { $0[place] = found } }
    return found
  }

  /// The connections that the principal may use there now, each with whether its credential comes along.
  private func assumable(_ principal: PrincipalID, _ environment: EnvironmentID) -> [ConnectionID: Bool] {
    let key = Key(principal: principal, environment: environment)
    if let found = known.withLock({ $0[key] }) { return found }
    let found = policy.grants.assumable(by: principal, in: environment, at: policy.instant)
    known.withLock { $0[key] = found }
    return found
  }

  private func bindings(_ principal: PrincipalID, _ environment: EnvironmentID) -> [BindingID] {
    let key = Key(principal: principal, environment: environment)
    if let found = held.withLock({ $0[key] }) { return found }
    let found = policy.grants.bindings(heldBy: principal, in: environment, at: policy.instant)
    held.withLock { $0[key] = found }
    return found
  }

  /// Why the holder may not have the connection; nil where it may.
  func problem(_ holder: PrincipalID, _ connection: ConnectionID, _ environment: EnvironmentID, at span: SourceSpan) -> Diagnostic? {
    let grants = policy.grants
    let isGroup = grants.model[holder].kind == .group
    if isGroup, grants.model[connection].identity != .caller,
      grants.assumesDirectly(asWhole: holder, connection, in: environment, at: policy.instant)
    {
      return nil
    }
    let members = isGroup ? grants.membership.members(of: holder, at: policy.instant) : [holder]
    var refused: [PrincipalID] = []
    var withoutSecret: [PrincipalID] = []
    for member in members
    where !grants.assumesDirectly(member, connection, in: environment, by: bindings(member, environment)) {
      // Of whom only the provider knows: what the audience itself holds, all in it hold.
      let holdsSecret =
        assumable(member, environment)[connection]
        ?? (grants.model[member].kind == .group ? assumable(holder, environment)[connection] : nil)
      guard let holdsSecret else {
        refused.append(member)
        continue
      }
      if !holdsSecret { withoutSecret.append(member) }
    }
    guard !refused.isEmpty || !withoutSecret.isEmpty else { return nil }
    return .mayNotAssume(policy, holder, refused, withoutSecret, connection, environment, at: span)
  }
}

extension Diagnostic {
  fileprivate static func mayNotAssume(
    _ policy: CompiledPolicy, _ holder: PrincipalID, _ refused: [PrincipalID], _ withoutSecret: [PrincipalID], _ connection: ConnectionID,
    _ environment: EnvironmentID, at span: SourceSpan
  ) -> Self {
    let model = policy.model
    let it = model[connection]
    let place = model[environment].name
    let who = refused.isEmpty ? withoutSecret : refused
    func listed(_ ids: [PrincipalID]) -> String {
      let shown = ids.prefix(5).map { "`\(model[$0].name)`" }.joined(separator: ", ")
      return ids.count > 5 ? "\(shown) and \(ids.count - 5) more" : shown
    }
    let subject = who == [holder] ? "`\(model[holder].name)`" : "\(listed(who)) of `\(model[holder].name)`"
    var notes: [Note] = [.init("the connection is declared here", at: it.span)]
    if refused.isEmpty {
      notes.append(.init("a route acts through `\(it.name)` for \(listed(withoutSecret)), which does not hand out its credential"))
    }
    let givers = givers(model, connection)
    var help: String
    if it.identity == .caller, let role = it.role {
      help = "whoever holds `\(model[role].name)` in `\(place)` may: bind it, or give the file another audience"
    } else if let role = givers.roles.first {
      help = "`\(model[role].name)` would give it: `- { role: \(model[role].name), to: [\(model[who[0]].name)], in: [\(place)] }`"
    } else {
      help = "give it: `- { to: [\(model[who[0]].name)], can: { assume: [connections/\(it.name)] }, in: [\(place)] }`"
    }
    if let near = givers.bindings.first(where: { binding in
      model.bindingTargets[model[binding].targets].contains { target in
        who.contains(target.principal)
          || who.contains {
            policy.grants.membership.groups(of: $0).contains { $0.group == target.principal && $0.times.contains(policy.instant) }
          }
      }
    }) {
      let binding = model[near]
      if !binding.environments.contains(environment) {
        notes.append(.init("this binding gives it elsewhere, not in `\(place)`", at: binding.span))
        help = "add `\(place)` to its `in`, or take the connection out of this file"
      } else if binding.interval.until <= policy.instant {
        notes.append(.init("this binding gave it until \(binding.interval.until.endText)", at: binding.span))
      } else if binding.interval.from > policy.instant {
        notes.append(.init("this binding gives it only from \(binding.interval.from.text)", at: binding.span))
      }
    }
    return Self(.notAllowedToAssume, "\(subject) may not assume `\(it.name)` in `\(place)`", at: span, notes: notes, help: help)
  }

  /// Roles that give the connection, and bindings that give one of them (or the connection itself) to somebody.
  private static func givers(_ model: AccessModel, _ connection: ConnectionID) -> (roles: [RoleID], bindings: [BindingID]) {
    if model[connection].identity == .caller {
      guard let role = model[connection].role else { return ([], []) }
      let bindings = model.bindings.indices.filter { index in
        model.bindingRoles[model.bindings[index].roles].contains { model[$0].closure.contains(role) }
      }
      return ([role], bindings.map(BindingID.init))
    }
    func gives(_ permission: AccessModel.Permission) -> Bool {
      permission.action == "assume"
        && permission.of.contains {
          !model[$0].pattern.mentionsPrincipal && model[$0].pattern.root == "connections"
            && model[$0].pattern.matches([model[connection].name])
        }
        && !permission.except.contains { model[$0].pattern.root == "connections" && model[$0].pattern.matches([model[connection].name]) }
    }
    let direct = model.roles.indices.filter { model.permissions[model.roles[$0].permissions].contains(where: gives) }.map(RoleID.init)
    let all = Set(direct)
    let bindings = model.bindings.indices.filter { index in
      let binding = model.bindings[index]
      return model.permissions[binding.permissions].contains(where: gives)
        || model.bindingRoles[binding.roles].contains { !all.isDisjoint(with: model[$0].closure) }
    }
    return (direct, bindings.map(BindingID.init))
  }
}

/// One effective grant: who may do what, where and when, and what gave it.
///
/// Symbolic: its resources are those of a permission, and are worked out as a set only where somebody asks.
package struct Grant: Sendable {
  package enum Basis: Hashable, Sendable {
    /// A permission that a binding gives, through a role or itself.
    case permission(PermissionID, BindingID)
    /// A role as such, whatever it gives.
    case role(RoleID, BindingID)
    /// The connection logs in as the principal itself, who may assume it.
    case ownConnection(ConnectionID)
    /// The connection is for whoever holds its role (`principal: self`), and this binding gives it.
    case callerConnection(ConnectionID, BindingID)
    /// Whoever may assume a connection reads its credential.
    case credential(ConnectionID)
  }

  package let basis: Basis
  /// Who holds it: a user, a service, or a group whose members only its provider knows.
  package let principal: PrincipalID
  /// As whom the system sees it: the principal, or that of the session.
  package let subject: PrincipalID
  /// Whom the binding names: the subject, or a group that it is in.
  package let holder: PrincipalID
  /// The connection in whose session it is held; nil where it is the principal's own.
  package let via: ConnectionID?
  package let environment: EnvironmentID
  package let times: IntervalSet
  /// Of a group of unknown members: whether it may hold for some of them only.
  package let isPartial: Bool

  package func during(_ times: IntervalSet) -> Grant {
    Grant(
      basis: basis, principal: principal, subject: subject, holder: holder, via: via, environment: environment,
      times: self.times.intersection(times), isPartial: isPartial)
  }

  /// The same as another principal holds it, through a session.
  func held(by principal: PrincipalID, via: ConnectionID, during times: IntervalSet, isPartial: Bool) -> Grant {
    Grant(
      basis: basis, principal: principal, subject: subject, holder: holder, via: via, environment: environment,
      times: self.times.intersection(times), isPartial: isPartial || self.isPartial)
  }
}

/// One concrete resource: `analytics_db/marts/orders`.
package struct Resource: Hashable, Sendable {
  package let root: AccessModel.ResolvedPattern.Root
  package let path: [String]

  package init(root: AccessModel.ResolvedPattern.Root, path: [String]) {
    self.root = root
    self.path = path
  }

  package static func connection(_ name: String) -> Resource { Resource(root: .connections, path: [name]) }
}

/// What somebody asks about, as far as it says which permissions can matter.
package struct GrantFilter: Sendable {
  package let action: String
  package let root: AccessModel.ResolvedPattern.Root

  package init(action: String, root: AccessModel.ResolvedPattern.Root) {
    self.action = action
    self.root = root
  }

  static let assume = GrantFilter(action: "assume", root: .connections)
}

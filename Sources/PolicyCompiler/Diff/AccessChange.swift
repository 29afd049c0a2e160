/// Access that a principal gains or loses.
package struct AccessChange: Sendable {
  package enum Direction: String, Sendable, Comparable {
    case gained, lost

    package static func < (left: Self, right: Self) -> Bool { left == .gained && right == .lost }
  }

  package let direction: Direction
  package let principal: String
  package let kind: AccessModel.Principal.Kind
  package let action: String
  package let environment: String
  /// Exactly what is gained or lost.
  package let resources: ResourceSet
  /// When, from the judged moment on.
  package let times: IntervalSet
  /// The connection in whose session it is held; nil where it is the principal's own.
  package let via: String?
  /// Whether the use of that connection is itself gained or lost: then all that it opens is.
  package let isWithItsConnection: Bool
  /// The grants that give it, on the side that has it; each gives some of it.
  package let grants: [Grant]
  /// Of a group of unknown members: whether it may concern some of them only.
  package let isPartial: Bool
  /// The lines that explain it: of a gain those of the new side that the old one lacks, of a loss the other way round.
  package var causes: [Derivation.Step]

  package var grant: Grant { grants[0] }

  func with(_ resources: ResourceSet, _ times: IntervalSet) -> AccessChange {
    AccessChange(
      direction: direction, principal: principal, kind: kind, action: action, environment: environment, resources: resources, times: times,
      via: via, isWithItsConnection: isWithItsConnection, grants: grants, isPartial: isPartial, causes: causes)
  }
}

/// A field that decides about trust, beside grants.
package struct TrustChange: Sendable {
  /// The section's name; of files beside the policy, what they are.
  package let section: String
  /// The declaration's name; of a binding, its roles and principals; of a file, its path.
  package let name: String
  /// The field, from the declaration inwards: `environments.prod.host`. Empty where the declaration came or went.
  package let path: String
  package let impact: Impact
  /// Nil where there was nothing.
  package let before: String?
  package let after: String?
  /// The environment that it concerns, where it is one's.
  package let environment: String?
  package let isProtected: Bool
  package let oldSpan: SourceSpan?
  package let newSpan: SourceSpan?
  package var note: String?

  package init(
    section: String, name: String, path: String, impact: Impact, before: String?, after: String?, environment: String? = nil,
    isProtected: Bool = false, oldSpan: SourceSpan? = nil, newSpan: SourceSpan? = nil, note: String? = nil
  ) {
    self.section = section
    self.name = name
    self.path = path
    self.impact = impact
    self.before = before
    self.after = after
    self.environment = environment
    self.isProtected = isProtected
    self.oldSpan = oldSpan
    self.newSpan = newSpan
    self.note = note
  }
}

extension Impact {
  /// The worst first.
  package var rank: Int {
    switch self {
    case .identity: 0
    case .destination: 1
    case .secret: 2
    case .environment: 3
    case .unreviewed: 4
    case .control: 5
    case .meaning: 6
    case .delivery: 7
    case .access: 8
    case .none: 9
    }
  }
}

/// Indices into the lists of an `AccessModel`, each of a type of its own.
package protocol ModelID: Hashable, Comparable, Sendable {
  var index: Int32 { get }
  init(_ index: Int)
}

extension ModelID {
  package static func < (left: Self, right: Self) -> Bool { left.index < right.index }
  var offset: Int { Int(index) }
}

package struct PrincipalID: ModelID {
  package let index: Int32
  package init(_ index: Int) { self.index = Int32(index) }
}

package struct RoleID: ModelID {
  package let index: Int32
  package init(_ index: Int) { self.index = Int32(index) }
}

package struct SystemID: ModelID {
  package let index: Int32
  package init(_ index: Int) { self.index = Int32(index) }
}

package struct ConnectionID: ModelID {
  package let index: Int32
  package init(_ index: Int) { self.index = Int32(index) }
}

package struct PatternID: ModelID {
  package let index: Int32
  package init(_ index: Int) { self.index = Int32(index) }
}

package struct PermissionID: ModelID {
  package let index: Int32
  package init(_ index: Int) { self.index = Int32(index) }
}

package struct BindingID: ModelID {
  package let index: Int32
  package init(_ index: Int) { self.index = Int32(index) }
}

package struct EnvironmentID: ModelID {
  package let index: Int32
  package init(_ index: Int) { self.index = Int32(index) }
}

/// A set of environments; a policy has `capacity` of them at most.
package struct EnvironmentSet: Hashable, Sendable {
  package static let capacity = 128
  private var bits: UInt128

  package init() { bits = 0 }

  package init(_ members: some Sequence<EnvironmentID>) {
    bits = 0
    for member in members { insert(member) }
  }

  package static func all(_ count: Int) -> EnvironmentSet {
    EnvironmentSet((0..<min(count, capacity)).map(EnvironmentID.init))
  }

  package mutating func insert(_ environment: EnvironmentID) { bits |= 1 << UInt128(environment.index) }

  package func contains(_ environment: EnvironmentID) -> Bool { bits >> UInt128(environment.index) & 1 == 1 }

  package var isEmpty: Bool { bits == 0 }

  package func intersection(_ other: EnvironmentSet) -> EnvironmentSet { Self(bits: bits & other.bits) }
  package func union(_ other: EnvironmentSet) -> EnvironmentSet { Self(bits: bits | other.bits) }
  package func subtracting(_ other: EnvironmentSet) -> EnvironmentSet { Self(bits: bits & ~other.bits) }

  private init(bits: UInt128) { self.bits = bits }

  package var members: [EnvironmentID] {
    var found: [EnvironmentID] = []
    var rest = bits
    while rest != 0 {
      found.append(EnvironmentID(rest.trailingZeroBitCount))
      rest &= rest - 1
    }
    return found
  }
}

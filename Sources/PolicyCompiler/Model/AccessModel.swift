/// A policy with every name resolved: what is declared, and how it hangs together.
///
/// Lists are in the order of the declarations' names (bindings: of their places), so that nothing depends on the order
/// in which files were read.
package struct AccessModel: Sendable {
  package var environments: [Environment] = []
  package var providers: [String: SyntaxNode] = [:]
  package var principals: [Principal] = []
  package var groups: [PrincipalID: Group] = [:]
  package var systems: [System] = []
  package var roles: [Role] = []
  package var bindings: [Binding] = []
  package var connections: [Connection] = []
  package var artifacts: [ArtifactDeclaration] = []
  package var rules = Rules()

  package var patterns: [ResolvedPattern] = []
  package var permissions: [Permission] = []
  /// What bindings point into: their roles, whom they are for, and the resources that they are narrowed to.
  package var bindingRoles: [RoleID] = []
  package var bindingTargets: [Target] = []
  package var bindingResources: [PatternID] = []
  let bindingTrees: BindingTrees

  package var environmentNames: [String: EnvironmentID] = [:]
  package var principalNames: [String: PrincipalID] = [:]
  package var systemNames: [String: SystemID] = [:]
  package var roleNames: [String: RoleID] = [:]
  package var connectionNames: [String: ConnectionID] = [:]
  /// Names of connections that are declared, but not usable: why has been reported.
  package var brokenConnections: Set<String> = []

  package struct Environment: Sendable {
    package let name: String
    package let isProtected: Bool
    package let span: SourceSpan
  }

  package struct Principal: Sendable {
    package enum Kind: String, Sendable { case user, service, group }
    package let name: String
    package let kind: Kind
    /// Where the name is declared.
    package let span: SourceSpan
    package let declaration: SyntaxNode
  }

  package struct Group: Sendable {
    package enum Source: String, Sendable { case policy, snapshot, provider }
    package var members: [Membership] = []
    package var except: [PrincipalID] = []
    package var owners: [PrincipalID] = []
    package var source: Source = .policy
  }

  package struct Membership: Sendable {
    package let principal: PrincipalID
    package let interval: Interval
    package let span: SourceSpan
  }

  package struct System: Sendable {
    package let name: String
    package let type: SystemType
    package let span: SourceSpan
    package let declaration: SyntaxNode
    package let environments: EnvironmentSet
    /// Of each environment, the mapping with its endpoint.
    package let endpoints: [EnvironmentID: SyntaxNode]
    package let routes: [String: Route]
  }

  package struct Route: Sendable {
    package let name: String
    package let span: SourceSpan
    package let declaration: SyntaxNode
    package var actsAs: ConnectionID?
  }

  package struct Role: Sendable {
    package let name: String
    package let span: SourceSpan
    package let declaration: SyntaxNode
    /// Its own permissions, as a range of the model's.
    package var permissions: Range<Int> = 0..<0
    package var inherits: [RoleID] = []
    /// Where each of them is named.
    package var inheritSpans: [SourceSpan] = []
    /// Itself and everything that it inherits, sorted.
    package var closure: [RoleID] = []
  }

  package struct Permission: Sendable {
    package let action: String
    package let of: [PatternID]
    package let except: [PatternID]
    package let span: SourceSpan
  }

  package struct Target: Sendable {
    package let principal: PrincipalID
    package let span: SourceSpan
  }

  /// There are more bindings than anything else, so one is nothing but numbers: see `declaration(of:)`.
  package struct Binding: Sendable {
    private let storedRoles: Slice
    private let storedTargets: Slice
    private let storedPermissions: Slice
    private let storedResources: Slice
    package let interval: Interval
    package let environments: EnvironmentSet
    package let span: SourceSpan
    fileprivate let node: Int32

    init(
      roles: Range<Int>, targets: Range<Int>, permissions: Range<Int>, resources: Range<Int>?, environments: EnvironmentSet,
      interval: Interval, declaration: SyntaxNode
    ) {
      storedRoles = Slice(roles)
      storedTargets = Slice(targets)
      storedPermissions = Slice(permissions)
      storedResources = resources.map(Slice.init) ?? .none
      self.environments = environments
      self.interval = interval
      span = declaration.span
      node = Int32(declaration.id)
    }

    /// The same, where the lists that it points into begin elsewhere.
    init(_ other: Self, roles: Int, targets: Int, permissions: Int, resources: Int) {
      storedRoles = other.storedRoles.moved(by: roles)
      storedTargets = other.storedTargets.moved(by: targets)
      storedPermissions = other.storedPermissions.moved(by: permissions)
      storedResources = other.resources == nil ? .none : other.storedResources.moved(by: resources)
      environments = other.environments
      interval = other.interval
      span = other.span
      node = other.node
    }

    package var roles: Range<Int> { storedRoles.range }
    package var targets: Range<Int> { storedTargets.range }
    /// Permissions that it gives without a role.
    package var permissions: Range<Int> { storedPermissions.range }
    /// Nil where it is not narrowed.
    package var resources: Range<Int>? { storedResources.start < 0 ? nil : storedResources.range }

    /// A range of a list of the model's, all of which are far shorter than two thousand million.
    private struct Slice {
      static let none = Slice(start: -1, end: -1)
      let start: Int32
      let end: Int32

      private init(start: Int32, end: Int32) {
        self.start = start
        self.end = end
      }

      init(_ range: Range<Int>) { self.init(start: Int32(range.lowerBound), end: Int32(range.upperBound)) }

      var range: Range<Int> { Int(start)..<Int(end) }

      func moved(by count: Int) -> Slice { Slice(range.lowerBound + count..<range.upperBound + count) }
    }
  }

  package struct Connection: Sendable {
    package enum Identity: Hashable, Sendable {
      case principal(PrincipalID)
      /// Each person as themselves.
      case caller
    }
    package let name: String
    package let span: SourceSpan
    package let declaration: SyntaxNode
    package let system: SystemID
    package let identity: Identity
    package let role: RoleID?
    package let environments: EnvironmentSet
    package let defaults: SyntaxNode?
    package let settings: [EnvironmentID: SyntaxNode]
  }

  package struct ArtifactDeclaration: Sendable {
    package let name: String
    package let span: SourceSpan
    package let target: String
    package let targetSpan: SourceSpan
    package let path: SyntaxNode
    package let audience: PrincipalID
    package let audienceSpan: SourceSpan
    package let isPerPrincipal: Bool
    /// The declaration itself, for the target's own options.
    package let options: SyntaxNode
  }

  /// A pattern with its root resolved.
  package struct ResolvedPattern: Sendable {
    package enum Root: Hashable, Sendable {
      case system(SystemID), connections, secrets
    }
    package let pattern: ResourcePattern
    package let root: Root
    /// The environments in which something that it matches can exist.
    package let environments: EnvironmentSet
    /// Of `connections/…`: those that it matches; nil where it depends on who asks.
    package let connections: [ConnectionID]?
  }

  @inline(__always) package subscript(id: PrincipalID) -> Principal { principals[id.offset] }
  @inline(__always) package subscript(id: RoleID) -> Role { roles[id.offset] }
  @inline(__always) package subscript(id: SystemID) -> System { systems[id.offset] }
  @inline(__always) package subscript(id: ConnectionID) -> Connection { connections[id.offset] }
  @inline(__always) package subscript(id: EnvironmentID) -> Environment { environments[id.offset] }
  @inline(__always) package subscript(id: PatternID) -> ResolvedPattern { patterns[id.offset] }
  @inline(__always) package subscript(id: PermissionID) -> Permission { permissions[id.offset] }
  @inline(__always) package subscript(id: BindingID) -> Binding { bindings[id.offset] }

  /// Where a binding is declared.
  package func declaration(of binding: Binding) -> SyntaxNode { bindingTrees.node(binding.node, in: binding.span.file) }

  /// The names of some environments, in order.
  package func names(_ set: EnvironmentSet) -> [String] { set.members.filter { $0.offset < environments.count }.map { self[$0].name } }
}

import Synchronization

extension GrantSet {
  /// What sessions hold and lead to, each worked out once for all who come to it.
  final class Memo: Sendable {
    /// What no binding narrows: the same for policies that differ in nothing but bindings.
    let common: CommonSets
    private let sets = Mutex<[SetKey: ResourceSet]>([:])

    init(sharing other: Memo?) { common = other?.common ?? CommonSets() }

    final class CommonSets: Sendable {
      private let sets = Mutex<[SetKey: ResourceSet]>([:])

      func resources(_ key: SetKey) -> ResourceSet? { sets.withLock { $0[key] } }

      func keep(_ set: ResourceSet, for key: SetKey) { sets.withLock { $0[key] = set } }
    }

    struct Place: Hashable {
      let connection: ConnectionID
      let environment: EnvironmentID
      var action = ""
      var root: AccessModel.ResolvedPattern.Root?
    }

    private let holdings = Mutex<[Place: [Holding]]>([:])
    private let grants = Mutex<[Place: [Grant]]>([:])
    private let steps = Mutex<[Place: [Edge]]>([:])
    private let users = Mutex<[Place: [Reacher]]>([:])
    private let direct = Mutex<[Place: [(grant: Grant, holdsSecret: Bool)]]>([:])
    private let index = Mutex<BindingIndex?>(nil)
    private let secretIndexes = Mutex<[EnvironmentID: SecretIndex]>([:])

    func sessionHoldings(_ connection: ConnectionID, _ environment: EnvironmentID, _ make: () -> [Holding]) -> [Holding] {
      Self.find(holdings, Place(connection: connection, environment: environment), make)
    }

    func sessionGrants(_ connection: ConnectionID, _ environment: EnvironmentID, _ filter: GrantFilter?, _ make: () -> [Grant]) -> [Grant] {
      Self.find(grants, Place(connection: connection, environment: environment, action: filter?.action ?? "", root: filter?.root), make)
    }

    func edges(_ connection: ConnectionID, _ environment: EnvironmentID, _ make: () -> [Edge]) -> [Edge] {
      Self.find(steps, Place(connection: connection, environment: environment), make)
    }

    func reachers(_ connection: ConnectionID, _ environment: EnvironmentID, _ make: () -> [Reacher]) -> [Reacher] {
      Self.find(users, Place(connection: connection, environment: environment), make)
    }

    func takers(_ connection: ConnectionID, _ environment: EnvironmentID, _ make: () -> [(grant: Grant, holdsSecret: Bool)])
      -> [(grant: Grant, holdsSecret: Bool)]
    {
      Self.find(direct, Place(connection: connection, environment: environment), make)
    }

    private let personal = Mutex<[ResourcePattern]?>(nil)

    func personalPatterns(_ make: () -> [ResourcePattern]) -> [ResourcePattern] {
      if let known = personal.withLock({ $0 }) { return known }
      let made = make()
      personal.withLock { $0 = made }
      return made
    }

    func secrets(_ environment: EnvironmentID, _ make: () -> SecretIndex) -> SecretIndex {
      if let known = secretIndexes.withLock({ $0[environment] }) { return known }
      let made = make()
      secretIndexes.withLock { $0[environment] = made }
      return made
    }

    func bindingIndex(_ model: AccessModel) -> BindingIndex {
      index.withLock { known in
        if let known { return known }
        let made = BindingIndex(model)
        known = made
        return made
      }
    }

    /// What a permission is about, as far as that depends on its binding and on who holds it.
    struct SetKey: Hashable {
      let permission: PermissionID
      /// Where it narrows.
      let binding: BindingID?
      /// Whose name fills `${principal}`, where it occurs.
      let subject: PrincipalID?
      let environment: EnvironmentID
    }

    func resources(_ key: SetKey) -> ResourceSet? { key.binding == nil ? common.resources(key) : sets.withLock { $0[key] } }

    func keep(_ set: ResourceSet, for key: SetKey) {
      if key.binding == nil { common.keep(set, for: key) } else { sets.withLock { $0[key] = set } }
    }

    /// Worked out outside of the lock: two who ask at once do the work twice, and nobody waits for himself.
    private static func find<Value: Sendable>(_ known: borrowing Mutex<[Place: Value]>, _ place: Place, _ make: () -> Value) -> Value {
      if let value = known.withLock({ $0[place] }) { return value }
      let value = make()
      known.withLock { $0[place] = value }
      return value
    }
  }
}

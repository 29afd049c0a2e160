/// Decides plain questions at one moment, many of them: may this principal do this to that one resource, there?
///
/// What a principal holds in an environment is closed when it is first asked about, from the same grants that
/// `GrantSet.answer` looks at, and kept as sets of rules by action and root. A decision then reads names, and matches bytes;
/// it makes nothing.
///
/// Not for several threads at once: it grows as it is asked.
package struct Decider: ~Copyable {
  /// What a principal holds in an environment: `entries[start..<start + count]`.
  private struct Held {
    var start: Int32 = 0
    /// -1 as long as nobody has asked.
    var count: Int32 = -1
  }

  private struct Entry {
    let topic: Int32
    let set: Int32
  }

  private let grants: GrantSet
  private let instant: Instant
  private let principals: NameIndex
  private let environments: NameIndex
  private let environmentCount: Int
  private let actions: NameIndex
  private let actionCount: Int
  private let actionNumbers: [String: Int]
  private let roots: NameIndex
  private let connections: NameIndex
  /// Of each root: what it is.
  private let rootKinds: [AccessModel.ResolvedPattern.Root]
  private let foldsCase: [Bool]
  /// Of each root: the names that its first segment must be one of; nil where it may be any.
  private let routes: [NameIndex?]
  /// Of each topic, which is an action on a root: whether there is such an action.
  private let isTopic: [Bool]
  /// Of each root or connection, and each environment: whether a permission can be about it there.
  private let isPresent: [Bool]
  private let opens: [Bool]

  private var held: [Held]
  private var entries: [Entry] = []
  private var rules: DecisionRules
  /// A path in lower case.
  private var folded: [UInt8] = []

  package init(_ grants: GrantSet, at instant: Instant) {
    let model = grants.model
    self.grants = grants
    self.instant = instant
    rules = DecisionRules(grants)
    principals = NameIndex(grants.subjects.map { (model[$0].name, $0.offset) })
    let environmentIDs = model.environments.indices.map(EnvironmentID.init)
    environments = NameIndex(environmentIDs.map { (model[$0].name, $0.offset) })
    environmentCount = environmentIDs.count
    let rootKinds: [AccessModel.ResolvedPattern.Root] = [.connections, .secrets] + model.systems.indices.map { .system(SystemID($0)) }
    self.rootKinds = rootKinds
    roots = NameIndex([("connections", 0), ("secrets", 1)] + model.systems.enumerated().map { ($1.name, $0 + 2) })
    connections = NameIndex(model.connections.enumerated().map { ($1.name, $0) })
    foldsCase = rootKinds.map(grants.foldsCase)
    var routes: [NameIndex?] = [nil, nil]
    var actionsOfRoots: [[String]] = [["assume"], ["read"]]
    for system in model.systems {
      routes.append(system.routes.isEmpty ? nil : NameIndex(system.routes.keys.sorted().enumerated().map { ($1, $0) }))
      actionsOfRoots.append(system.type.actions.map(\.name))
    }
    self.routes = routes
    let names = Set(actionsOfRoots.joined()).sorted()
    actionNumbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    actions = NameIndex(names.enumerated().map { ($1, $0) })
    actionCount = names.count
    var isTopic = [Bool](repeating: false, count: rootKinds.count * names.count)
    for (root, actions) in actionsOfRoots.enumerated() {
      for action in actions { isTopic[root * names.count + (actionNumbers[action] ?? 0)] = true }
    }
    self.isTopic = isTopic
    isPresent = rootKinds.flatMap { root in
      environmentIDs.map { environment in
        if case .system(let id) = root { model[id].environments.contains(environment) } else { true }
      }
    }
    opens = model.connections.indices.flatMap { index in environmentIDs.map { grants.opens(ConnectionID(index), in: $0) } }
    held = [Held](repeating: Held(), count: model.principals.count * environmentIDs.count)
  }

  /// Whether a question is answered with yes; nil where it is not a plain one: a name in it is not known, or the resource
  /// is a pattern or none at all. `Asking` has words for that.
  package mutating func decide(principal: String, action: String, resource: String, environment: String) -> Bool? {
    decide(
      principal: principal.utf8.span, action: action.utf8.span, resource: resource.utf8.span, environment: environment.utf8.span)
  }

  /// The same of names as bytes, which must be UTF-8.
  package mutating func decide(principal: Span<UInt8>, action: Span<UInt8>, resource: Span<UInt8>, environment: Span<UInt8>) -> Bool? {
    let environment = environments.value(environment)
    let action = actions.value(action)
    guard environment >= 0, action >= 0, resource.count <= 1024 else { return nil }
    var rootEnd = 0
    while rootEnd < resource.count, resource[rootEnd] != UInt8(ascii: "/") { rootEnd += 1 }
    let root = roots.value(resource.extracting(0..<rootEnd))
    guard root >= 0, isTopic[root * actionCount + action] else { return nil }
    // A slash must be followed by a segment.
    guard rootEnd < resource.count - 1 || rootEnd == resource.count else { return nil }
    let path = resource.extracting(min(rootEnd + 1, resource.count)..<resource.count)
    guard let shape = PathShape(path) else { return nil }
    let first = path.extracting(0..<shape.firstEnd)
    if shape.firstEnd > 0, let routes = routes[root], routes.value(first) < 0 { return nil }
    var connection = -1
    if root == 0 {
      connection = connections.value(first)
      guard connection >= 0 || path.isEmpty else { return nil }
    }
    // Swift takes two ways of writing an accent for one name, and whoever compares names as texts does.
    if root < 2, !shape.isASCII { return nil }
    let principal = principals.value(principal)
    guard principal >= 0 else { return nil }

    let set = set(PrincipalID(principal), EnvironmentID(environment), topic: Int32(root * actionCount + action))
    if set < 0 { return false }
    if root == 0 {
      guard connection >= 0 else { return false }
      if shape.firstEnd == path.count, rules.owns(set, connection) { return true }
      guard opens[connection * environmentCount + environment] else { return false }
    }
    guard isPresent[root * environmentCount + environment] else { return false }
    if foldsCase[root], shape.hasUpperCase || !shape.isASCII {
      fold(path, isASCII: shape.isASCII)
      return rules.covers(set, folded.span)
    }
    return rules.covers(set, path)
  }

  private mutating func fold(_ path: Span<UInt8>, isASCII: Bool) {
    folded.removeAll(keepingCapacity: true)
    for index in path.indices {
      let byte = path[index]
      folded.append(byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") && isASCII ? byte | 0x20 : byte)
    }
    if !isASCII { folded = Array(String(decoding: folded, as: UTF8.self).lowercased().utf8) }
  }

  // MARK: What a principal holds

  /// The rules that a principal holds on a topic; -1 where there are none.
  private mutating func set(_ principal: PrincipalID, _ environment: EnvironmentID, topic: Int32) -> Int32 {
    let place = principal.offset * environmentCount + environment.offset
    if held[place].count < 0 { close(principal, environment, place) }
    var low = Int(held[place].start)
    let end = low + Int(held[place].count)
    var high = end
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].topic < topic { low = middle + 1 } else { high = middle }
    }
    return low < end && entries[low].topic == topic ? entries[low].set : -1
  }

  /// Closes what a principal holds in an environment at the moment, sessions included.
  private mutating func close(_ principal: PrincipalID, _ environment: EnvironmentID, _ place: Int) {
    let model = grants.model
    let isGroup = model[principal].kind == .group
    var found: [(topic: Int32, rule: Int32)] = []
    for grant in grants.grants(of: principal, in: environment) where grant.times.contains(instant) && !(grant.isPartial && isGroup) {
      switch grant.basis {
      case .permission(let permission, let binding):
        guard let action = actionNumbers[model.permissions[permission.offset].action] else { continue }
        for (root, rule) in rules.rules(of: permission, binding, grant.subject, environment) {
          found.append((Int32(number(of: root) * actionCount + action), rule))
        }
      case .ownConnection(let id), .callerConnection(let id, _):
        guard let action = actionNumbers["assume"] else { continue }
        found.append((Int32(action), -1 - id.index))
      case .credential(let id):
        guard let action = actionNumbers["read"] else { continue }
        for secret in model.credentials(of: id, in: environment, as: grant.subject) {
          found.append((Int32(actionCount + action), rules.rule(ofSecret: secret.secretPath)))
        }
      case .role: continue
      }
    }
    found.sort { $0 < $1 }
    held[place].start = Int32(entries.count)
    var index = 0
    while index < found.count {
      let topic = found[index].topic
      var ids: [Int32] = []
      while index < found.count, found[index].topic == topic {
        if ids.last != found[index].rule { ids.append(found[index].rule) }
        index += 1
      }
      entries.append(Entry(topic: topic, set: rules.set(of: ids)))
    }
    held[place].count = Int32(entries.count) - held[place].start
  }

  private func number(of root: AccessModel.ResolvedPattern.Root) -> Int {
    switch root {
    case .connections: 0
    case .secrets: 1
    case .system(let id): id.offset + 2
    }
  }
}

/// What a decision must know of a path; there is none of a pattern, or of what is no path.
private struct PathShape {
  /// Where the first segment ends.
  private(set) var firstEnd = 0
  private(set) var isASCII = true
  private(set) var hasUpperCase = false

  /// - Parameter path: with its root no longer than a pattern may be.
  init?(_ path: Span<UInt8>) {
    var start = 0
    var count = 1
    for index in path.indices {
      switch path[index] {
      case UInt8(ascii: "/"):
        guard Self.isName(path, start, index) else { return nil }
        if count == 1 { firstEnd = index }
        count += 1
        start = index + 1
      case 0...0x20, 0x7F, UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"),
        UInt8(ascii: "\\"), UInt8(ascii: "$"), UInt8(ascii: "*"):
        return nil
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): hasUpperCase = true
      case 0x80...: isASCII = false
      default: break
      }
    }
    if count == 1 { firstEnd = path.count }
    guard path.isEmpty || Self.isName(path, start, path.count), count < 32 else { return nil }
  }

  /// Neither empty nor `.` nor `..`.
  private static func isName(_ path: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    switch end - start {
    case 0: false
    case 1: path[start] != UInt8(ascii: ".")
    case 2: path[start] != UInt8(ascii: ".") || path[start + 1] != UInt8(ascii: ".")
    default: true
    }
  }
}

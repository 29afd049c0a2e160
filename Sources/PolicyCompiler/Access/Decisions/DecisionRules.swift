/// Sets of rules, each as principals hold it on one action and root: matchers that a path must meet, and must not.
///
/// Equal sets are one, however many hold them: what is matched stays small while an organisation grows.
struct DecisionRules {
  /// A permission as one binding gives it, to one holder where the name matters.
  struct Key: Hashable {
    let permission: PermissionID
    /// Where it narrows.
    let binding: BindingID?
    /// Whose name fills `${principal}`, where it occurs.
    let subject: PrincipalID?
    /// Where `${environment}` occurs.
    let environment: EnvironmentID?
  }

  private struct Rule {
    var of: [Int32]
    var except: [Int32]
    var narrowed: [Int32]?
  }

  /// Ranges of matchers.
  private struct Guarded {
    var of: Range<Int32>
    var except: Range<Int32>
    /// Empty where nothing narrows it.
    var narrowed: Range<Int32>
    var isNarrowed: Bool
  }

  private struct Exact {
    let hash: UInt32
    let matcher: Int32
  }

  private struct RuleSet {
    /// Matchers of one path each, by the hash of their text.
    var exact: Range<Int32>
    /// Other matchers that need no more than to match.
    var free: Range<Int32>
    var guarded: Range<Int32>
    /// Connections that their holder may use without a permission.
    var own: Range<Int32>
  }

  private let grants: GrantSet
  private var matchers = PathMatchers()
  private var rules: [Rule] = []
  private var known: [Key: [(root: AccessModel.ResolvedPattern.Root, rule: Int32)]] = [:]
  private var knownSecrets: [[UTF8Key]: Int32] = [:]
  private var knownSets: [[Int32]: Int32] = [:]
  private var sets: [RuleSet] = []
  private var exact: [Exact] = []
  private var guarded: [Guarded] = []
  private var own: [Int32] = []

  init(_ grants: GrantSet) { self.grants = grants }

  // MARK: Building

  /// The rules that a grant of a permission is, one for each root that it is about.
  mutating func rules(of permission: PermissionID, _ binding: BindingID, _ subject: PrincipalID, _ environment: EnvironmentID)
    -> [(root: AccessModel.ResolvedPattern.Root, rule: Int32)]
  {
    let model = grants.model
    let it = model.permissions[permission.offset]
    let narrowed = model.bindings[binding.offset].resources.map { Array(model.bindingResources[$0]) }
    func any(_ holds: (ResourcePattern) -> Bool) -> Bool {
      (it.of + it.except + (narrowed ?? [])).contains { holds(model.patterns[$0.offset].pattern) }
    }
    let key = Key(
      permission: permission, binding: narrowed == nil ? nil : binding, subject: any(\.mentionsPrincipal) ? subject : nil,
      environment: any(\.hasPlaceholder) ? environment : nil)
    if let found = known[key] { return found }
    var found: [(root: AccessModel.ResolvedPattern.Root, rule: Int32)] = []
    for root in Set(it.of.map { model.patterns[$0.offset].root }).sorted() {
      func matchers(_ ids: [PatternID]) -> [Int32] {
        ids.filter { model.patterns[$0.offset].root == root }.compactMap { id in
          let pattern = model.patterns[id.offset].pattern
          guard let filled = pattern.filled(principal: model[subject].name, environment: model[environment].name) else { return nil }
          return self.matchers.add(filled, foldsCase: grants.foldsCase(root))
        }
      }
      let rule = Rule(of: matchers(it.of), except: matchers(it.except), narrowed: narrowed.map(matchers))
      if rule.of.isEmpty || rule.narrowed?.isEmpty == true { continue }
      rules.append(rule)
      found.append((root, Int32(rules.count - 1)))
    }
    known[key] = found
    return found
  }

  /// The rule that covers one secret.
  mutating func rule(ofSecret path: [String]) -> Int32 {
    let key = path.map(UTF8Key.init)
    if let found = knownSecrets[key] { return found }
    rules.append(Rule(of: [matchers.add(path.map { .literal($0) })], except: [], narrowed: nil))
    knownSecrets[key] = Int32(rules.count - 1)
    return Int32(rules.count - 1)
  }

  /// The set of some rules on one action and root.
  ///
  /// - Parameter ids: in order, none twice; a connection of one's own as -1 less its number.
  mutating func set(of ids: [Int32]) -> Int32 {
    if let found = knownSets[ids] { return found }
    var loose: [Int32] = []
    let firstGuarded = Int32(guarded.count)
    let firstOwn = Int32(own.count)
    for id in ids {
      if id < 0 {
        own.append(-1 - id)
        continue
      }
      let rule = rules[Int(id)]
      if rule.except.isEmpty, rule.narrowed == nil {
        loose += rule.of
      } else {
        guarded.append(
          Guarded(
            of: list(rule.of), except: list(rule.except), narrowed: list(rule.narrowed ?? []), isNarrowed: rule.narrowed != nil))
      }
    }
    loose = withoutCovered(loose)
    let firstExact = Int32(exact.count)
    exact += loose.filter(matchers.isExact).map { Exact(hash: NameIndex.hash(matchers.literal($0).span), matcher: $0) }
      .sorted { ($0.hash, $0.matcher) < ($1.hash, $1.matcher) }
    let free = list(loose.filter { !matchers.isExact($0) })
    sets.append(
      RuleSet(
        exact: firstExact..<Int32(exact.count), free: free, guarded: firstGuarded..<Int32(guarded.count),
        own: firstOwn..<Int32(own.count)))
    knownSets[ids] = Int32(sets.count - 1)
    return Int32(sets.count - 1)
  }

  private func withoutCovered(_ ids: [Int32]) -> [Int32] {
    var kept = ids.filter { !matchers.isExact($0) }.sorted { matchers.literal($0).count < matchers.literal($1).count }
    var index = 0
    while index < kept.count {
      let outer = kept[index]
      index += 1
      kept[index...].removeAll { matchers.covers(outer, $0) }
    }
    return kept + ids.filter { id in matchers.isExact(id) && !kept.contains { matchers.covers($0, id) } }
  }

  /// Matchers side by side.
  private mutating func list(_ ids: [Int32]) -> Range<Int32> {
    guard let first = ids.first else { return 0..<0 }
    let start = matchers.copy(first)
    for id in ids.dropFirst() { _ = matchers.copy(id) }
    return start..<start + Int32(ids.count)
  }

  // MARK: Matching

  /// Whether a set covers a path.
  func covers(_ set: Int32, _ path: Span<UInt8>) -> Bool {
    let set = sets[Int(set)]
    let head = path.head
    if matchesAny(set.free, path, head) { return true }
    if !set.exact.isEmpty, coversExactly(set.exact, path, head) { return true }
    next: for index in set.guarded {
      let rule = guarded[Int(index)]
      guard matchesAny(rule.of, path, head) else { continue }
      if matchesAny(rule.except, path, head) { continue next }
      if !rule.isNarrowed || matchesAny(rule.narrowed, path, head) { return true }
    }
    return false
  }

  /// Whether a set has a connection as the holder's own.
  func owns(_ set: Int32, _ connection: Int) -> Bool {
    for index in sets[Int(set)].own where own[Int(index)] == Int32(connection) { return true }
    return false
  }

  @inline(__always)
  private func matchesAny(_ range: Range<Int32>, _ path: Span<UInt8>, _ head: UInt64) -> Bool {
    for index in range where matchers.matches(index, path, head: head) { return true }
    return false
  }

  private func coversExactly(_ range: Range<Int32>, _ path: Span<UInt8>, _ head: UInt64) -> Bool {
    let hash = NameIndex.hash(path)
    var low = Int(range.lowerBound)
    var high = Int(range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if exact[middle].hash < hash { low = middle + 1 } else { high = middle }
    }
    while low < Int(range.upperBound), exact[low].hash == hash {
      if matchers.matches(exact[low].matcher, path, head: head) { return true }
      low += 1
    }
    return false
  }
}

/// What was computed lately: when it holds too much, what was not asked for since the last time goes.
struct RecentCache<Key: Hashable, Value> {
  private var current: [Key: Value] = [:]
  private var previous: [Key: Value] = [:]
  private var weight = 0
  /// How much each of the two generations may weigh.
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  mutating func value(_ key: Key, weight: (Value) -> Int = { _ in 1 }) -> Value? {
    if let value = current[key] { return value }
    guard let value = previous[key] else { return nil }
    insert(value, key, weight: weight(value))
    return value
  }

  mutating func insert(_ value: Value, _ key: Key, weight added: Int = 1) {
    if weight + added > capacity, !current.isEmpty {
      (previous, current, weight) = (current, [:], 0)
    }
    current[key] = value
    weight += added
  }
}

/// Names in the order of their bytes: a policy's order of everything that has one.
///
/// Their first sixteen bytes are compared as one number, and whole names only where these are alike: of what would have to be
/// compared many times over, most is not even looked at.
enum NameOrder {
  /// The things in the order of their names; things of one name keep theirs.
  static func sorted<Thing>(_ things: [Thing], by name: (Thing) -> String) -> [Thing] {
    var keys: [(beginning: UInt128, number: Int32)] = []
    keys.reserveCapacity(things.count)
    for number in things.indices { keys.append((beginning(of: name(things[number])), Int32(truncatingIfNeeded: number))) }
    keys.sort { one, other in
      if one.beginning != other.beginning { return one.beginning < other.beginning }
      let (left, right) = (name(things[Int(one.number)]).utf8, name(things[Int(other.number)]).utf8)
      if left.lexicographicallyPrecedes(right) { return true }
      return one.number < other.number && !right.lexicographicallyPrecedes(left)
    }
    return keys.map { things[Int($0.number)] }
  }

  /// The first bytes with the first one on top; what a shorter name lacks counts as zero, and so comes before all else.
  private static func beginning(of name: String) -> UInt128 {
    var number: UInt128 = 0
    var count = 0
    for byte in name.utf8 {
      number = number << 8 | UInt128(byte)
      count += 1
      if count == 16 { return number }
    }
    return number << UInt128(8 * (16 - count))
  }
}

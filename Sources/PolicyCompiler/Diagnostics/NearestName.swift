/// "Did you mean": the candidate that a person most likely had in mind.
package enum NearestName {
  /// The closest candidate by edit distance (with swaps of neighbours as one edit), where it is close enough to
  /// be a slip: at most a third of the longer name. Ties go to the first in byte order.
  ///
  /// - Parameter share: a third as 3; more where a name of its own is likely.
  package static func nearest(_ name: String, among candidates: some Sequence<String>, share: Int = 3) -> String? {
    let wanted = Array(name.lowercased().utf8.prefix(64))
    guard !wanted.isEmpty else { return nil }
    var best: (distance: Int, name: String)?
    for candidate in candidates {
      let other = Array(candidate.lowercased().utf8.prefix(64))
      let limit = max(1, max(wanted.count, other.count) / share)
      guard abs(wanted.count - other.count) <= limit else { continue }
      let found = distance(wanted, other)
      guard found <= limit else { continue }
      if let current = best,
        (current.distance, current.name) <= (found, candidate)
      {
        continue
      }
      best = (found, candidate)
    }
    return best?.name
  }

  /// Optimal string alignment distance; https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    if a == b { return 0 }
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 1...max(1, a.count) {
      var row = [i] + [Int](repeating: 0, count: b.count)
      if b.isEmpty { return a.count }
      for j in 1...b.count {
        let change = a[i - 1] == b[j - 1] ? 0 : 1
        var value = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + change)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          value = min(value, beforeLast[j - 2] + 1)
        }
        row[j] = value
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}

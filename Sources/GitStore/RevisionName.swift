import CLibgit2

/// A revision as typed: the name it starts with, and steps such as `~2` or `^{tree}` after it.
struct RevisionName {
  var base: String
  var suffix: String

  init(_ revision: String) {
    let end =
      revision.utf8.firstIndex { [UInt8(ascii: "~"), UInt8(ascii: "^"), UInt8(ascii: ":")].contains($0) }
      ?? revision.endIndex
    base = String(revision[..<end])
    suffix = String(revision[end...])
  }
}

extension Repository {
  /// How many references are looked at for a suggestion, and how long a name may be for it.
  private static var suggestionLimit: (names: Int, length: Int) { (10_000, 200) }

  /// The branch or tag whose name is most like what was typed, with the same steps after it.
  func nearestName(to name: RevisionName) -> String? {
    let typed = Array(name.base.utf8)
    guard typed.count <= Self.suggestionLimit.length else { return nil }
    var best: (distance: Int, name: String)?
    for candidate in shorthands() where candidate.utf8.count <= Self.suggestionLimit.length {
      // `main` where only `origin/main` exists is what CI clones make.
      let distance =
        candidate.hasSuffix("/" + name.base) ? 0 : editDistance(typed, Array(candidate.utf8))
      guard distance <= max(1, typed.count / 3) else { continue }
      if best.map({ (distance, candidate) < $0 }) ?? true { best = (distance, candidate) }
    }
    return best.map { $0.name + name.suffix }
  }

  private func shorthands() -> [String] {
    let pointer = unsafe handle.pointer
    guard
      let iterator = try? unsafe Handle<ReferenceIteratorKind>({
        unsafe git_reference_iterator_new(&$0, pointer)
      })
    else { return [] }
    var names: [String] = []
    var name: UnsafePointer<CChar>?
    while names.count < Self.suggestionLimit.names,
      unsafe git_reference_next_name(&name, iterator.pointer) == 0, let current = unsafe name
    {
      let full = unsafe String(cString: current)
      for folder in ["refs/heads/", "refs/tags/", "refs/remotes/"] where full.hasPrefix(folder) {
        names.append(String(full.dropFirst(folder.count)))
      }
    }
    return names
  }
}

/// How many bytes to insert, delete or replace, and neighbours to swap, to make one text the other.
func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for row in 0..<left.count {
    var current = [row + 1]
    for column in 0..<right.count {
      let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
      var distance = min(replaced, last[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        distance = min(distance, beforeLast[column - 1] + 1)
      }
      current.append(distance)
    }
    (beforeLast, last) = (last, current)
  }
  return last[right.count]
}

import PolicyCompiler

/// A unified diff of two texts, for people, who may not see all that is compared.
struct TextDifference {
  private enum Line {
    case same(String), removed(String), added(String)
  }

  let old: String?
  let new: String?
  /// What people may see of a text: in it every line stays where it is.
  var shown: (String) -> String = { $0 }

  /// Hunks with three lines around each change; nothing where the texts are equal. Past `limit` lines a side, only the
  /// first line that differs is shown.
  func text(limit: Int = 5_000) -> String {
    let before = old.map(Self.lines) ?? []
    let after = new.map(Self.lines) ?? []
    let (oldShown, newShown) = (old.map { Self.lines(shown($0)) } ?? [], new.map { Self.lines(shown($0)) } ?? [])
    if before.count > limit || after.count > limit {
      let first = zip(before, after).enumerated().first { $1.0 != $1.1 }?.offset ?? min(before.count, after.count)
      return "@@ line \(first + 1) is the first that differs @@\n"
        + (first < before.count ? "-\(oldShown[first])\n" : "") + (first < after.count ? "+\(newShown[first])\n" : "")
    }
    return hunks(merged(before, after, oldShown, newShown))
  }

  private static func lines(_ text: String) -> [String] {
    var lines = text.split(byte: "\n")
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  private func merged(_ before: [String], _ after: [String], _ oldShown: [String], _ newShown: [String]) -> [Line] {
    var removed: Set<Int> = []
    var added: Set<Int> = []
    for change in after.map(UTF8Key.init).difference(from: before.map(UTF8Key.init)) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var lines: [Line] = []
    var (left, right) = (0, 0)
    while left < before.count || right < after.count {
      if left < before.count, removed.contains(left) {
        lines.append(.removed(oldShown[left]))
        left += 1
      } else if right < after.count, added.contains(right) {
        lines.append(.added(newShown[right]))
        right += 1
      } else {
        lines.append(.same(oldShown[left]))
        left += 1
        right += 1
      }
    }
    return lines
  }

  private func hunks(_ lines: [Line]) -> String {
    let changed = lines.indices.filter { if case .same = lines[$0] { false } else { true } }
    guard var start = changed.first else { return "" }
    var ranges: [Range<Int>] = []
    var end = start
    for index in changed {
      if index > end + 6 {
        ranges.append(max(0, start - 3)..<min(lines.count, end + 4))
        start = index
      }
      end = index
    }
    ranges.append(max(0, start - 3)..<min(lines.count, end + 4))
    var text = ""
    var (left, right, cursor) = (1, 1, 0)
    for range in ranges {
      while cursor < range.lowerBound {
        left += 1
        right += 1
        cursor += 1
      }
      var body = ""
      var (removedCount, addedCount) = (0, 0)
      let from = (left, right)
      for line in lines[range] {
        switch line {
        case .same(let text):
          body += " \(text)\n"
          removedCount += 1
          addedCount += 1
        case .removed(let text):
          body += "-\(text)\n"
          removedCount += 1
        case .added(let text):
          body += "+\(text)\n"
          addedCount += 1
        }
      }
      left += removedCount
      right += addedCount
      cursor = range.upperBound
      text +=
        "@@ -\(removedCount == 0 ? from.0 - 1 : from.0),\(removedCount) +\(addedCount == 0 ? from.1 - 1 : from.1),\(addedCount) @@\n" + body
    }
    return text
  }
}

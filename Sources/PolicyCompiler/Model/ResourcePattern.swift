/// A pattern of resource paths: `system/segment/…`, where `*` is any text within a segment and `**` any number of
/// whole segments. It stands for everything that it matches, what does not exist yet included.
package struct ResourcePattern: Hashable, Sendable {
  package enum Segment: Hashable, Sendable {
    case literal(String)
    /// Text with `*` in it, split at them: `raw_*` is `["raw_", ""]`.
    case wildcard([String])
    /// `**`
    case any
  }

  /// The system's name, `connections` or `secrets`.
  package let root: String
  package let segments: [Segment]
  package let text: String
  package let hasPlaceholder: Bool
  package let mentionsPrincipal: Bool

  private init(root: String, segments: [Segment], text: String) {
    self.root = root
    self.segments = segments
    self.text = text
    mentionsPrincipal = Placeholder.occurs(.principal, in: text)
    hasPlaceholder = mentionsPrincipal || Placeholder.occurs(.environment, in: text)
  }

  package struct Problem: Error, Equatable {
    package let message: String
    package let help: String
    package let range: Range<Int>
  }

  package static func parse(_ text: String) -> Result<ResourcePattern, Problem> {
    func fail(_ message: String, _ help: String, _ range: Range<Int>) -> Result<ResourcePattern, Problem> {
      .failure(Problem(message: message, help: help, range: range))
    }
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty else { return fail("a pattern cannot be empty", "write `system/segment/**`", 0..<0) }
    guard bytes.count <= 1024 else { return fail("a pattern may have 1,024 bytes at most", "split it into several", 0..<bytes.count) }
    var segments: [Segment] = []
    var start = 0
    for index in 0...bytes.count where index == bytes.count || bytes[index] == UInt8(ascii: "/") {
      let segment = bytes[start..<index]
      let range = start..<index
      defer { start = index + 1 }
      if segment.isEmpty {
        return fail("`\(text)` has an empty segment", "leave out the extra `/`", max(0, start - 1)..<min(index + 1, bytes.count))
      }
      var cursor = range.lowerBound
      while cursor < range.upperBound {
        let byte = bytes[cursor]
        switch byte {
        case UInt8(ascii: "{") where cursor + 1 < range.upperBound && bytes[cursor + 1] == UInt8(ascii: "{"):
          return fail("`{{` is no placeholder of Writ's", "write `${principal}` or `${environment}`", cursor..<cursor + 2)
        case UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\\"):
          return fail(
            "`\(Character(UnicodeScalar(byte)))` has no meaning in a pattern", "`*` matches within a segment, `**` matches whole segments",
            cursor..<cursor + 1)
        case 0...0x20, 0x7F:
          return fail("a pattern cannot hold white space", "separate patterns by commas in a list: `[a/b, a/c]`", cursor..<cursor + 1)
        case UInt8(ascii: "$"):
          guard let end = Placeholder.end(bytes, at: cursor) else {
            let close = bytes[cursor..<range.upperBound].firstIndex(of: UInt8(ascii: "}")).map { $0 + 1 } ?? cursor + 1
            let shown = String(decoding: bytes[cursor..<close], as: UTF8.self)
            return fail("`\(shown)` is not a placeholder", "there are `${principal}` and `${environment}`", cursor..<close)
          }
          cursor = end
          continue
        default: break
        }
        cursor += 1
      }
      let value = String(decoding: segment, as: UTF8.self)
      if value == "." || value == ".." { return fail("`\(value)` cannot be a segment", "write the path out", range) }
      if value == "**" {
        if segments.last != .any { segments.append(.any) }
      } else if segment.contains(UInt8(ascii: "*")) {
        // By bytes: to Swift, `*` and an accent behind it are one character.
        if zip(segment, segment.dropFirst()).contains(where: { $0 == UInt8(ascii: "*") && $1 == UInt8(ascii: "*") }) {
          return fail("`**` must be a segment of its own", "write `*` for any text within a segment", range)
        }
        if segment.count(where: { $0 == UInt8(ascii: "*") }) > 16 {
          return fail("a segment may have 16 `*` at most", "name what is meant more plainly", range)
        }
        segments.append(
          .wildcard(
            segment.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }))
      } else {
        segments.append(.literal(value))
      }
    }
    if segments.count > 32 { return fail("a pattern may have 32 segments at most", "no system nests that deep", 0..<bytes.count) }
    guard case .literal(let root) = segments[0] else {
      return fail(
        "a pattern cannot begin with a wildcard", "name the system, and write one pattern for each",
        0..<(bytes.firstIndex(of: UInt8(ascii: "/")) ?? bytes.count))
    }
    var below = Array(segments.dropFirst())
    // Vault's `kv/data/x` is `kv/x`, as in references.
    if root == "secrets", below.count > 3, below[0] == .literal(SecretReference.Backend.vault.rawValue), below[2] == .literal("data") {
      below.remove(at: 2)
    }
    return .success(ResourcePattern(root: root, segments: below, text: text))
  }

  /// The least number of segments below the root that it matches, and the greatest (nil: any number).
  package var depths: (least: Int, greatest: Int?) {
    let fixed = segments.count { $0 != .any }
    return (fixed, segments.contains(.any) ? nil : fixed)
  }

  /// Whether it can match a path of this depth below the root.
  package func canMatch(depth: Int) -> Bool {
    depth >= depths.least && depth <= depths.greatest ?? .max
  }

  /// The `@kind` that it names in its first segment.
  package var kind: String? {
    if case .literal(let name)? = segments.first, name.hasPrefix("@") { String(name.dropFirst()) } else { nil }
  }

  /// The pattern with both placeholders filled in; nil where that makes none.
  package func filled(principal: String, environment: String) -> ResourcePattern? {
    guard hasPlaceholder else { return self }
    return try? Self.parse(Placeholder.fill(text, principal: principal, environment: environment)).get()
  }

  /// Whether it matches this path of segments below the root.
  package func matches(_ path: [String], foldingCase: Bool = false) -> Bool {
    // The positions in the pattern that the path may have reached: no backtracking, whatever the pattern.
    var reached = [Bool](repeating: false, count: segments.count + 1)
    reached[0] = true
    spread(&reached)
    for part in path {
      var next = [Bool](repeating: false, count: segments.count + 1)
      for index in segments.indices where reached[index] {
        if segments[index] == .any {
          next[index] = true
        } else if Self.matches(segments[index], part, foldingCase: foldingCase) {
          next[index + 1] = true
        }
      }
      reached = next
      spread(&reached)
    }
    return reached[segments.count]
  }

  /// `**` may match no segment at all.
  private func spread(_ reached: inout [Bool]) {
    for index in segments.indices where reached[index] && segments[index] == .any { reached[index + 1] = true }
  }

  private static func matches(_ pattern: Segment, _ text: String, foldingCase: Bool) -> Bool {
    let text = foldingCase ? text.lowercased() : text
    switch pattern {
    case .any: return true
    case .literal(let literal): return (foldingCase ? literal.lowercased() : literal).utf8.elementsEqual(text.utf8)
    case .wildcard(let parts):
      var rest = Array(text.utf8)[...]
      for (index, part) in parts.enumerated() {
        let wanted = Array((foldingCase ? part.lowercased() : part).utf8)
        if index == 0 {
          guard rest.starts(with: wanted) else { return false }
          rest = rest.dropFirst(wanted.count)
        } else if index == parts.count - 1 {
          return rest.count >= wanted.count && rest.suffix(wanted.count).elementsEqual(wanted)
        } else {
          guard let found = find(wanted, in: rest) else { return false }
          rest = rest[(found + wanted.count)...]
        }
      }
      return true
    }
  }

  private static func find(_ wanted: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= wanted.count else { return nil }
    return (bytes.startIndex...(bytes.endIndex - wanted.count)).first { bytes[$0..<$0 + wanted.count].elementsEqual(wanted) }
  }
}

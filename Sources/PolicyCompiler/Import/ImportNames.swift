/// Gives each foreign name a legal one that nothing else has.
///
/// A name that is legal and free stays as it is; so callers ask for those first. Whatever else a name holds becomes `_` (or
/// what the caller says), and a number sets apart what would be the same, case aside.
struct ImportNames {
  private var taken: Set<String> = Declarations.reserved
  private var last: [String: Int] = [:]

  /// Whether a name can stay as it is.
  func canKeep(_ name: String) -> Bool { ScalarCheck.isName(name.utf8) && !taken.contains(name.lowercased()) }

  /// - Parameters:
  ///   - filler: what takes the place of characters that no name may have.
  ///   - kind: what is put behind a word of the language.
  mutating func take(_ name: String, filler: Character = "_", kind: String) -> String {
    var base = Self.legal(name, filler: filler)
    if base.isEmpty { base = kind }
    if Declarations.reserved.contains(base.lowercased()) { base += "\(filler)\(kind)" }
    var candidate = base
    while !taken.insert(candidate.lowercased()).inserted {
      let number = (last[base.lowercased()] ?? 1) + 1
      last[base.lowercased()] = number
      candidate = "\(base)\(filler)\(number)"
    }
    return candidate
  }

  private static func legal(_ name: String, filler: Character) -> String {
    var out = ""
    for scalar in name.unicodeScalars.prefix(96) {
      let isLegal = scalar.isASCII && (ScalarCheck.isName([UInt8(scalar.value)]) || scalar == "_" || scalar == "." || scalar == "-")
      if isLegal { out.unicodeScalars.append(scalar) } else { out.append(filler) }
    }
    return String(out.drop { $0 == "_" || $0 == "." || $0 == "-" })
  }
}

/// The order of names in what is imported: alphabetical, case aside.
func comesFirst(_ left: String, _ right: String) -> Bool {
  let (a, b) = (left.lowercased(), right.lowercased())
  return a == b ? left.utf8.lexicographicallyPrecedes(right.utf8) : a.utf8.lexicographicallyPrecedes(b.utf8)
}

extension Sequence<String> {
  /// Each once, in the order of names.
  func inNameOrder() -> [String] {
    let all = Set(self)
    return all.map { ($0.lowercased(), $0) }.sorted {
      $0.0 == $1.0 ? $0.1.utf8.lexicographicallyPrecedes($1.1.utf8) : $0.0.utf8.lexicographicallyPrecedes($1.0.utf8)
    }.map(\.1)
  }
}

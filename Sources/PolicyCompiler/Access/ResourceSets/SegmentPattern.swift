/// One segment of a pattern, as Unicode scalars.
///
/// To Swift, two texts that Unicode calls canonically equivalent are one; to a database they are two names. So nothing here
/// compares `Character`s or `String`s.
struct SegmentPattern: Hashable, Sendable {
  typealias Unit = UInt32
  /// `*`, which is no scalar.
  static let star: Unit = 0x110000
  /// A letter that occurs in no pattern.
  static let fresh: Unit = 0x110001

  /// `*` as a segment: any text but none.
  static let one = SegmentPattern(units: [star], text: "*")

  let units: [Unit]
  /// As it was written.
  let text: String
  let isLiteral: Bool

  private init(units: [Unit], text: String) {
    self.units = units
    self.text = text
    isLiteral = !units.contains(Self.star)
  }

  /// Nil for `**`.
  init?(_ segment: ResourcePattern.Segment, foldsCase: Bool) {
    switch segment {
    case .any: return nil
    case .literal(let text): self.init(units: Self.units(of: text, foldsCase: foldsCase), text: text)
    case .wildcard(let parts):
      let units = parts.map { Self.units(of: $0, foldsCase: foldsCase) }
      self.init(units: Array(units.joined(separator: [Self.star])), text: parts.joined(separator: "*"))
    }
  }

  /// The name of a system.
  init(literal text: String) { self.init(units: Self.units(of: text, foldsCase: false), text: text) }

  var isOne: Bool { units.count == 1 && units[0] == Self.star }

  static func == (left: Self, right: Self) -> Bool { left.units == right.units }
  func hash(into hasher: inout Hasher) { hasher.combine(units) }

  /// The scalars of a text; folded, those of its lower case: each scalar by its own mapping, whatever stands around it.
  static func units(of text: String, foldsCase: Bool) -> [Unit] {
    var units: [Unit] = []
    units.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if !foldsCase {
        units.append(scalar.value)
      } else if scalar.isASCII {
        units.append(scalar.value >= 0x41 && scalar.value <= 0x5A ? scalar.value + 0x20 : scalar.value)
      } else {
        units += scalar.properties.lowercaseMapping.unicodeScalars.map(\.value)
      }
    }
    return units
  }

  static func text(of units: [Unit]) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: units.lazy.compactMap(Unicode.Scalar.init))
    return text
  }

  /// Whether it matches a text, which is not empty.
  ///
  /// A star of the text is met by a star alone, so that another pattern's units ask whether it lies within this one: a
  /// star can stand for letters that occur nowhere else.
  func matches(_ text: [Unit]) -> Bool {
    if isLiteral { return units == text }
    var (index, place) = (0, 0)
    // The last star, and where what it stands for ends; going back to earlier ones gains nothing.
    var (star, resume) = (-1, 0)
    while place < text.count {
      if index < units.count, units[index] == Self.star {
        (star, resume) = (index, place)
        index += 1
      } else if index < units.count, units[index] == text[place] {
        index += 1
        place += 1
      } else if star >= 0 {
        resume += 1
        (index, place) = (star + 1, resume)
      } else {
        return false
      }
    }
    while index < units.count, units[index] == Self.star { index += 1 }
    return index == units.count
  }

  /// Whether everything that the other matches, it matches too.
  func covers(_ other: SegmentPattern) -> Bool { isOne || matches(other.units) }

  /// Whether some text matches both.
  func overlaps(_ other: SegmentPattern) -> Bool {
    if isLiteral { return other.matches(units) }
    if other.isLiteral { return matches(other.units) }
    // Two stars: both beginnings must agree, and both ends; a text long enough has room for everything between.
    return Self.agree(units, other.units) && Self.agree(units.reversed(), other.units.reversed())
  }

  /// Whether one beginning, up to the first star, begins the other.
  private static func agree(_ left: [Unit], _ right: [Unit]) -> Bool {
    for (one, other) in zip(left, right) {
      if one == star || other == star { return true }
      if one != other { return false }
    }
    return true
  }

  /// The texts that match both, as one pattern where they are one.
  func meet(_ other: SegmentPattern) -> Glob.Meet<SegmentPattern> {
    guard overlaps(other) else { return .disjoint }
    // Of two that mean the same, the same one whatever the order.
    if covers(other) { return .single(self == other && text.utf8.lexicographicallyPrecedes(other.text.utf8) ? self : other) }
    if other.covers(self) { return .single(self) }
    guard let left = simple, let right = other.simple else { return .several }
    guard case .single(let met) = Glob.meet(left, right, { $0.unit == $1.unit ? .single($0) : .disjoint }), let suffix = met.suffix
    else { return .several }
    let letters = met.prefix.map(\.text).joined() + "*" + suffix.map(\.text).joined()
    return .single(SegmentPattern(units: met.prefix.map(\.unit) + [Self.star] + suffix.map(\.unit), text: letters))
  }

  private struct Letter {
    let unit: Unit
    var text: String { SegmentPattern.text(of: [unit]) }
  }

  private var simple: Glob.Simple<Letter>? {
    let parts = units.split(separator: Self.star, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    return Glob.Simple(prefix: parts[0].map(Letter.init), suffix: parts[1].map(Letter.init))
  }
}

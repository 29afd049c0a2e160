/// What texts with stars and paths with `**` have in common: sequences in which a star is any number of elements.
enum Glob {
  /// The part of a sequence with one star at most: what comes before the star, and what comes behind it.
  struct Simple<Element> {
    var prefix: [Element]
    /// Nil: there is no star, and the prefix is everything.
    var suffix: [Element]?

    var least: Int { prefix.count + (suffix?.count ?? 0) }
  }

  enum Meet<Value> {
    case disjoint
    case single(Value)
    /// Not disjoint, so far as is known, and no single pattern either.
    case several
  }

  /// The intersection of two such sequences, where that is one.
  ///
  /// `a*` and `*b` meet in `a*b`, but `a*` and `*a` do not in `a*a`: `a` is in both. So every length at which prefix and
  /// suffix would overlap is tried, and must be impossible.
  static func meet<Element>(
    _ left: Simple<Element>, _ right: Simple<Element>, _ join: (Element, Element) -> Meet<Element>
  ) -> Meet<Simple<Element>> {
    switch (left.suffix, right.suffix) {
    case (let leftSuffix?, let rightSuffix?): meet((left.prefix, leftSuffix), (right.prefix, rightSuffix), join)
    case (nil, _): fit(left.prefix, into: right, join)
    case (_, nil): fit(right.prefix, into: left, join)
    }
  }

  private static func fit<Element>(
    _ fixed: [Element], into other: Simple<Element>, _ join: (Element, Element) -> Meet<Element>
  ) -> Meet<Simple<Element>> {
    let suffix = other.suffix ?? []
    if other.suffix == nil ? fixed.count != other.least : fixed.count < other.least { return .disjoint }
    return overlay(length: fixed.count, [(0, fixed), (0, other.prefix), (fixed.count - suffix.count, suffix)], join)
  }

  private typealias Ends<Element> = (prefix: [Element], suffix: [Element])

  private static func meet<Element>(
    _ left: Ends<Element>, _ right: Ends<Element>, _ join: (Element, Element) -> Meet<Element>
  ) -> Meet<Simple<Element>> {
    let (prefixes, suffixes) = ([left.prefix, right.prefix], [left.suffix, right.suffix])
    let (head, tail) = (max(left.prefix.count, right.prefix.count), max(left.suffix.count, right.suffix.count))
    let prefix = overlay(length: head, prefixes.map { (0, $0) }, join)
    let suffix = overlay(length: tail, suffixes.map { (tail - $0.count, $0) }, join)
    if case .disjoint = prefix { return .disjoint }
    if case .disjoint = suffix { return .disjoint }
    guard case .single(let prefix) = prefix, case .single(let suffix) = suffix else { return .several }
    let least = max(left.prefix.count + left.suffix.count, right.prefix.count + right.suffix.count)
    for length in least..<(head + tail) {
      let pieces = prefixes.map { (0, $0) } + suffixes.map { (length - $0.count, $0) }
      guard case .disjoint = overlay(length: length, pieces, join) else { return .several }
    }
    return .single(Simple(prefix: prefix.prefix, suffix: suffix.prefix))
  }

  /// All pieces laid over each other, each from its place on; every place is covered by one at least.
  private static func overlay<Element>(
    length: Int, _ pieces: [(start: Int, elements: [Element])], _ join: (Element, Element) -> Meet<Element>
  ) -> Meet<Simple<Element>> {
    var result: [Element?] = Array(repeating: nil, count: length)
    var isSingle = true
    for piece in pieces {
      for (offset, element) in piece.elements.enumerated() {
        guard let present = result[piece.start + offset] else {
          result[piece.start + offset] = element
          continue
        }
        switch join(present, element) {
        case .disjoint: return .disjoint
        case .single(let joined): result[piece.start + offset] = joined
        case .several: isSingle = false
        }
      }
    }
    let elements = result.compactMap { $0 }
    return isSingle && elements.count == length ? .single(Simple(prefix: elements, suffix: nil)) : .several
  }
}

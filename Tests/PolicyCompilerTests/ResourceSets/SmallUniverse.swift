@testable import PolicyCompiler

/// Every path over some names down to some depth, and what patterns match there by the plainest means.
///
/// The names are one for each choice of the segments that some short text meets, so that what a few small patterns have in
/// common, or do not, shows.
struct SmallUniverse: Sendable {
  typealias Bits = [UInt64]

  let texts: [String]
  let names: [String]
  /// Each after the path that it goes on from; the first is the root alone.
  let paths: [(before: Int, name: Int, depth: Int)]
  let patterns: [PathPattern]
  let bits: [Bits]
  let everything: Bits
  /// Of each path, the letters below the root.
  private let letters: [Int]

  /// All patterns of `length` segments at most.
  init(segments: [String], alphabet: [Character], length: Int, depth: Int) {
    var names: [String] = []
    var kinds: Set<[Bool]> = []
    for text in Self.words(alphabet, upTo: 5) where kinds.insert(segments.map { Self.matches($0, text) }).inserted { names.append(text) }
    self.names = names
    var paths = [(before: -1, name: -1, depth: 0)]
    var letters = [0]
    var index = 0
    while index < paths.count {
      if paths[index].depth < depth {
        for name in names.indices {
          paths.append((index, name, paths[index].depth + 1))
          letters.append(letters[index] + names[name].count)
        }
      }
      index += 1
    }
    (self.paths, self.letters) = (paths, letters)
    var sequences: [[String]] = [[]]
    var last = sequences
    for _ in 0..<length {
      last = last.flatMap { sequence in segments.filter { $0 != "**" || sequence.last != "**" }.map { sequence + [$0] } }
      sequences += last
    }
    texts = sequences.map { (["db"] + $0).joined(separator: "/") }
    patterns = texts.compactMap { try? SetLanguage.pattern($0) }
    bits = sequences.map { Self.bits($0, names, paths) }
    everything = Self.bits(["**"], names, paths)
  }

  func bits(of text: String) -> Bits {
    Self.bits(text.split(separator: "/").dropFirst().map(String.init), names, paths)
  }

  /// Where each path stands in the pattern, from where the path before it stands.
  private static func bits(_ segments: [String], _ names: [String], _ paths: [(before: Int, name: Int, depth: Int)]) -> Bits {
    let meets = names.map { name in segments.map { $0 != "**" && matches($0, name) } }
    func spread(_ reached: Int) -> Int {
      var reached = reached
      for index in segments.indices where segments[index] == "**" && reached & 1 << index != 0 { reached |= 1 << (index + 1) }
      return reached
    }
    var reached: [Int] = []
    var bits = Bits(repeating: 0, count: (paths.count + 63) / 64)
    for (index, path) in paths.enumerated() {
      var next = path.before < 0 ? 1 : 0
      if path.before >= 0, reached[path.before] != 0 {
        for (place, segment) in segments.enumerated() where reached[path.before] & 1 << place != 0 {
          if segment == "**" { next |= 1 << place } else if meets[path.name][place] { next |= 1 << (place + 1) }
        }
      }
      next = spread(next)
      reached.append(next)
      if next & 1 << segments.count != 0 { bits[index >> 6] |= 1 << UInt64(index & 63) }
    }
    return bits
  }

  func path(_ index: Int) -> [String] {
    var (path, index): ([String], Int) = ([], index)
    while paths[index].before >= 0 {
      path.append(names[paths[index].name])
      index = paths[index].before
    }
    return ["db"] + path.reversed()
  }

  /// The depth and the letters of the shortest member; nil: there is none.
  func shortest(_ bits: Bits) -> (depth: Int, letters: Int)? {
    guard let word = bits.firstIndex(where: { $0 != 0 }) else { return nil }
    let depth = paths[word * 64 + bits[word].trailingZeroBitCount].depth
    var least: Int?
    for (word, bits) in bits.enumerated() {
      var rest = bits
      while rest != 0 {
        let index = word * 64 + rest.trailingZeroBitCount
        rest &= rest - 1
        guard paths[index].depth == depth else { continue }
        least = min(least ?? .max, letters[index])
      }
    }
    return least.map { (depth, $0) }
  }

  static func size(_ path: [String]) -> (depth: Int, letters: Int) {
    (path.count - 1, path.dropFirst().reduce(0) { $0 + $1.count })
  }

  /// A name matched letter by letter, going back wherever there is a choice.
  static func matches(_ pattern: String, _ text: String) -> Bool { matches(Array(pattern.utf8)[...], Array(text.utf8)[...]) }

  private static func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    if first == UInt8(ascii: "*") {
      return matches(pattern.dropFirst(), text) || (!text.isEmpty && matches(pattern, text.dropFirst()))
    }
    return text.first == first && matches(pattern.dropFirst(), text.dropFirst())
  }

  /// All texts from one letter on, shortest first.
  static func words(_ alphabet: [Character], upTo length: Int) -> [String] {
    var (words, last): ([String], [String]) = ([], [""])
    for _ in 0..<length {
      last = last.flatMap { word in alphabet.map { word + String($0) } }
      words += last
    }
    return words
  }
}

extension [UInt64] {
  func and(_ other: Self) -> Self { zip(self, other).map { $0 & $1 } }
  func or(_ other: Self) -> Self { zip(self, other).map { $0 | $1 } }
  func without(_ other: Self) -> Self { zip(self, other).map { $0 & ~$1 } }
  func meets(_ other: Self) -> Bool { zip(self, other).contains { $0 & $1 != 0 } }
  func isWithin(_ other: Self) -> Bool { !zip(self, other).contains { $0 & ~$1 != 0 } }
}

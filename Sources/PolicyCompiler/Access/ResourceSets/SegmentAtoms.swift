/// The kinds of names that some segments of patterns tell apart: for every choice of them that some name meets, all of the
/// choice and none besides, such a name, the shortest there is.
///
/// Every literal is a kind of its own. The others are found by determinising the wildcards together, breadth first (the
/// subset construction of Rabin and Scott, 1959), beside a trie of the literals, which are none of them.
struct SegmentAtoms {
  typealias Unit = SegmentPattern.Unit

  struct Atom {
    let name: [Unit]
    /// The literal that it is, as it was written.
    var text: String?
    /// The segments that it meets, as places in the list, `*` excepted, which everything meets.
    var met: [Int]
  }

  private let segments: [SegmentPattern]
  private let fresh: Unit
  private let globs: [Int]
  private let automaton: GlobAutomaton
  private let trie: Trie
  private var states: VectorTable
  private var steps: [Step] = []
  /// Of each state, whether a name that begins no literal leads to it.
  private var isFound: [Bool] = []
  private var kinds: VectorTable
  private var next: [UInt64]
  private var atoms: [Atom] = []

  /// One letter more than the step before.
  private struct Step {
    let state: Int
    /// Its place in the trie; nil: it begins no literal.
    let node: Int?
    let before: Int
    let letter: Unit
  }

  /// All kinds, shortest names first; of one length, the letter that occurs nowhere first, then by scalars.
  static func find(
    _ segments: [SegmentPattern], fresh: Unit, _ effort: inout Effort
  ) throws(ResourceSetTooComplex) -> [Atom] {
    guard segments.contains(where: { !$0.isLiteral }) else {
      let literals = segments.indices.map { Atom(name: segments[$0].units, text: segments[$0].text, met: [$0]) }
      return [Atom(name: [fresh], met: [])]
        + literals.sorted {
          $0.name.count == $1.name.count ? $0.name.lexicographicallyPrecedes($1.name) : $0.name.count < $1.name.count
        }
    }
    var search = SegmentAtoms(segments, fresh: fresh)
    try search.run(&effort)
    return search.atoms
  }

  private init(_ segments: [SegmentPattern], fresh: Unit) {
    self.segments = segments
    self.fresh = fresh
    globs = segments.indices.filter { !segments[$0].isLiteral }
    automaton = GlobAutomaton(globs.map { segments[$0].units })
    trie = Trie(segments, withDots: automaton.letters.contains(0x2E))
    states = VectorTable(width: automaton.width)
    kinds = VectorTable(width: automaton.width)
    next = automaton.start
  }

  private mutating func run(_ effort: inout Effort) throws(ResourceSetTooComplex) {
    let start = states.insert(automaton.start).index
    isFound.append(false)
    steps.append(Step(state: start, node: trie.isEmpty ? nil : 0, before: 0, letter: 0))
    // The steps are in the order of their names, so that what is found first is found by the least.
    var index = 0
    while index < steps.count {
      let step = steps[index]
      let offset = step.state * automaton.width
      try visit(fresh, nil, from: index, to: nil, &effort)
      var edges = (step.node.map { trie.edges[$0] } ?? [])[...]
      for (number, letter) in automaton.letters.enumerated() {
        while let edge = edges.first, edge.letter < letter {
          try visit(edge.letter, nil, from: index, to: edge.node, &effort)
          edges.removeFirst()
        }
        if let edge = edges.first, edge.letter == letter {
          try visit(letter, number, from: index, to: edge.node, &effort)
          edges.removeFirst()
        } else if automaton.reads(number, states.words, offset) {
          try visit(letter, number, from: index, to: nil, &effort)
        }
      }
      for edge in edges { try visit(edge.letter, nil, from: index, to: edge.node, &effort) }
      try effort.spend(automaton.letters.count)
      index += 1
    }
  }

  private mutating func visit(
    _ letter: Unit, _ number: Int?, from before: Int, to node: Int?, _ effort: inout Effort
  ) throws(ResourceSetTooComplex) {
    try effort.spend(automaton.width + 6)
    automaton.step(number, states.words, steps[before].state * automaton.width, into: &next)
    let (state, isNew) = states.insert(next)
    if isNew { isFound.append(false) }
    if node == nil {
      if isFound[state] { return }
      isFound[state] = true
    }
    steps.append(Step(state: state, node: node, before: before, letter: letter))
    for word in next.indices { next[word] &= automaton.ends[word] }
    switch node.map({ trie.ends[$0] }) ?? .none {
    case .noName: break
    case .literal(let place):
      atoms.append(Atom(name: segments[place].units, text: segments[place].text, met: [place] + met()))
      try effort.spend(atoms[atoms.count - 1].met.count)
    case .none:
      guard kinds.insert(next).isNew else { return }
      atoms.append(Atom(name: name(), met: met()))
      try effort.spend(globs.count)
    }
  }

  /// The wildcards whose ends are reached.
  private func met() -> [Int] {
    var met: [Int] = []
    for (word, bits) in next.enumerated() {
      var rest = bits
      while rest != 0 {
        if let number = automaton.segmentAtEnd[word * 64 + rest.trailingZeroBitCount] { met.append(globs[number]) }
        rest &= rest - 1
      }
    }
    return met
  }

  /// The letters of the last step and those before it.
  private func name() -> [Unit] {
    var units: [Unit] = []
    var index = steps.count - 1
    while index > 0 {
      units.append(steps[index].letter)
      index = steps[index].before
    }
    return units.reversed()
  }

  /// The literals, letter by letter.
  private struct Trie {
    enum End {
      case none, noName
      case literal(Int)
    }
    private(set) var edges: [[(letter: Unit, node: Int)]] = [[]]
    private(set) var ends: [End] = [.none]

    var isEmpty: Bool { edges.count == 1 }

    init(_ segments: [SegmentPattern], withDots: Bool) {
      let literals = segments.indices.filter { segments[$0].isLiteral }
      // Sorted, each shares its path with the one before up to some letter, and goes its own way from there.
      for place in literals.sorted(by: { segments[$0].units.lexicographicallyPrecedes(segments[$1].units) }) {
        insert(segments[place].units, .literal(place))
      }
      if withDots {
        insert([0x2E], .noName)
        insert([0x2E, 0x2E], .noName)
      }
    }

    private mutating func insert(_ units: [Unit], _ end: End) {
      var node = 0
      for letter in units {
        if let edge = edges[node].last(where: { $0.letter == letter }) {
          node = edge.node
          continue
        }
        let place = edges[node].firstIndex { $0.letter > letter } ?? edges[node].count
        edges[node].insert((letter, edges.count), at: place)
        node = edges.count
        edges.append([])
        ends.append(.none)
      }
      ends[node] = end
    }
  }
}

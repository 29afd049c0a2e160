/// Is there a path in this term and in none of those, and which is the shortest?
///
/// The one question that all others come down to: of emptiness, inclusion, equality. It is answered for all paths at once by
/// a walk through the product of the patterns' automata (the subset construction), breadth first, one segment a step; at
/// each state, the names that could come next are the atoms of the segments wanted there. A state that can lead to no
/// answer any more is left at once.
struct PathQuestion {
  private let automaton: PathAutomaton
  private let wanted: [PathAutomaton.Slot]
  /// The ends of patterns that are unwanted by themselves, and those at which everything that goes on is unwanted.
  private var unwantedEnds: [UInt64]
  private var unwantedForever: [UInt64]
  private let unwanted: [Compound]
  private let root: String
  private let fresh: SegmentPattern.Unit

  /// An unwanted term that is more than a pattern; its slots are its own.
  private struct Compound {
    let all: [PathAutomaton.Slot]
    let except: [PathAutomaton.Slot]
  }

  /// The names that may come next in some states, and for each the positions at which it is wanted.
  private struct Names {
    var texts: [String] = []
    var lengths: [Int] = []
    var met: [UInt64] = []
  }

  /// The best way to a state: the shortest; of these, the one whose first segment is shorter, or less, and so on.
  private struct Way {
    let depth: Int
    var length = 0
    var before = 0
    /// The place of the state before among those of its depth, and the name that led from it.
    var order = 0
    var name = 0
    var isMember = false
  }

  private var states: VectorTable
  private var ways: [Way] = []
  private var wantedSets: VectorTable
  private var names: [Names] = []
  private var namesOfState: [Int] = []
  private var effort: Effort

  /// The path in the term, and in none of the others, that has the fewest segments, and then the fewest letters.
  static func firstMember(
    of term: ResourceTerm, outside others: [ResourceTerm], _ effort: inout Effort
  ) throws(ResourceSetTooComplex) -> [String]? {
    var question = try PathQuestion(term, others, effort)
    defer { effort = question.effort }
    return try question.answer()
  }

  private init(_ term: ResourceTerm, _ others: [ResourceTerm], _ effort: Effort) throws(ResourceSetTooComplex) {
    var automaton = PathAutomaton()
    wanted = term.all.map { automaton.add($0) }
    let patterns = (term.except + others.filter(\.isPattern).flatMap(\.all)).map { automaton.add($0) }
    unwanted = others.filter { !$0.isPattern }.map { other in
      Compound(all: other.all.map { automaton.add($0) }, except: other.except.map { automaton.add($0) })
    }
    unwantedEnds = Array(repeating: 0, count: automaton.width)
    unwantedForever = unwantedEnds
    for slot in patterns {
      unwantedEnds[slot.word] |= slot.end
      unwantedForever[slot.word] |= slot.everything
    }
    self.automaton = automaton
    self.effort = effort
    root = term.all[0].root.text
    states = VectorTable(width: automaton.width)
    wantedSets = VectorTable(width: max(1, (automaton.segments.count + 63) / 64))
    fresh = Self.freshLetter(besides: Set(automaton.segments.lazy.flatMap(\.units)))
    try self.effort.spend(automaton.segments.reduce(automaton.width) { $0 + $1.units.count })
  }

  private mutating func answer() throws(ResourceSetTooComplex) -> [String]? {
    var next = automaton.start
    var (isMember, isHopeful) = judge(&next)
    guard isHopeful else { return nil }
    var layer = [states.insert(next).index]
    ways.append(Way(depth: 0, isMember: isMember))
    namesOfState.append(-1)
    var depth = 0
    while !layer.isEmpty {
      if let best = layer.filter({ ways[$0].isMember }).min(by: { ways[$0].length < ways[$1].length }) { return path(to: best) }
      depth += 1
      var following: [Int] = []
      for (order, state) in layer.enumerated() {
        let choice = try namesNext(state)
        let count = names[choice].texts.count
        try effort.spend(count * (2 * automaton.width + unwanted.count + 8))
        for name in 0..<count {
          automaton.step(states.words, state * automaton.width, names[choice].met, name * automaton.width, into: &next)
          (isMember, isHopeful) = judge(&next)
          guard isHopeful else { continue }
          let (index, isNew) = states.insert(next)
          let length = ways[state].length + names[choice].lengths[name]
          if isNew {
            following.append(index)
            ways.append(Way(depth: depth, isMember: isMember))
            namesOfState.append(-1)
          } else if ways[index].depth < depth || ways[index].length <= length {
            continue
          }
          (ways[index].length, ways[index].before, ways[index].order, ways[index].name) = (length, state, order, name)
        }
      }
      following.sort { (ways[$0].order, ways[$0].name) < (ways[$1].order, ways[$1].name) }
      layer = following
    }
    return nil
  }

  /// Whether the path so far is an answer, and whether it or one that goes on from it can be. What can no longer matter is
  /// taken out of the state.
  private func judge(_ state: inout [UInt64]) -> (isMember: Bool, isHopeful: Bool) {
    var isMember = true
    for slot in wanted {
      if !slot.isAlive(state) { return (false, false) }
      if !slot.isMet(state) { isMember = false }
    }
    var word = 0
    while word < state.count {
      if state[word] & unwantedForever[word] != 0 { return (false, false) }
      if state[word] & unwantedEnds[word] != 0 { isMember = false }
      word += 1
    }
    for term in unwanted {
      if !term.all.allSatisfy({ $0.isAlive(state) }) || term.except.contains(where: { $0.isMetForever(state) }) {
        for slot in term.all { state[slot.word] &= ~slot.positions }
        for slot in term.except { state[slot.word] &= ~slot.positions }
      } else if term.all.allSatisfy({ $0.isMet(state) }) {
        if !term.except.contains(where: { $0.isMet(state) }) { isMember = false }
        if term.all.allSatisfy({ $0.isMetForever(state) }), !term.except.contains(where: { $0.isAlive(state) }) { return (false, false) }
      }
    }
    return (isMember, true)
  }

  /// The names that can come next in a state; states that want the same segments share them.
  private mutating func namesNext(_ state: Int) throws(ResourceSetTooComplex) -> Int {
    if namesOfState[state] >= 0 { return namesOfState[state] }
    var set = [UInt64](repeating: 0, count: wantedSets.width)
    automaton.wantedSegments(states.words, state * automaton.width, into: &set)
    try effort.spend(4 * automaton.width)
    let (index, isNew) = wantedSets.insert(set)
    namesOfState[state] = index
    guard isNew else { return index }
    let numbers = automaton.segments.indices.filter { set[$0 >> 6] & 1 << UInt64($0 & 63) != 0 }
    let atoms = try SegmentAtoms.find(numbers.map { automaton.segments[$0] }, fresh: fresh, &effort)
    try effort.spend(atoms.count * automaton.width)
    var found = Names()
    for atom in atoms {
      let offset = found.met.count
      found.texts.append(atom.text ?? SegmentPattern.text(of: atom.name))
      found.lengths.append(atom.name.count)
      found.met += automaton.ones
      for place in atom.met {
        for position in automaton.places[numbers[place]] { found.met.setBit(position, from: offset) }
      }
    }
    names.append(found)
    return index
  }

  private func path(to state: Int) -> [String] {
    var path: [String] = []
    var state = state
    while ways[state].depth > 0 {
      let way = ways[state]
      path.append(names[namesOfState[way.before]].texts[way.name])
      state = way.before
    }
    return [root] + path.reversed()
  }

  /// A letter to fill names with that is in no pattern, and its own lower case.
  static func freshLetter(besides units: Set<SegmentPattern.Unit>) -> SegmentPattern.Unit {
    let plain = "xyzabcdefghijklmnopqrstuvw0123456789_".unicodeScalars.lazy.map(\.value)
    // Behind them, ideographs: there are more than patterns have room for.
    return plain.first { !units.contains($0) } ?? (0x4E00...0x9FFF).first { !units.contains($0) }
      ?? (0x20000...0x2A6DF).first { !units.contains($0) } ?? 0x30000
  }
}

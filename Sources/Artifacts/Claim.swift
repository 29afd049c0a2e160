import PolicyCompiler

/// A place outside of the generated files that an artifact gives a content: a path in a secrets backend, a key of a vault.
///
/// Whoever fills the place can put one thing there, so no two claims to it may differ.
package struct Claim: Sendable {
  /// One part of the content, by the name that a person knows it by.
  struct Part: Sendable, Equatable {
    let name: String
    // Bytes: two texts that Swift takes for one may be two to whoever reads them.
    private let bytes: [UInt8]

    init(_ name: String, _ text: String) {
      self.name = name
      bytes = Array(text.utf8)
    }
  }

  /// What the place is, so that equal texts are one place.
  let place: String
  /// What is wrong where two claims differ: ``the vault key `x` stands for two secrets``.
  let message: String
  /// What this claim puts there, in words.
  let what: String
  let content: [Part]
  let span: SourceSpan
  let help: String
  /// Whether each person has a place of this name of their own.
  let isPersonal: Bool
}

/// A claim together with who makes it.
struct MadeClaim: Sendable {
  let claim: Claim
  let artifact: String
  let holder: PrincipalID
}

/// Finds the claims that cannot both be met.
enum ClaimCheck {
  /// - Parameter claims: in an order that does not depend on the files' order.
  static func problems(_ claims: [MadeClaim], _ policy: CompiledPolicy) -> [Diagnostic] {
    var byPlace: [[UInt8]: [Int]] = [:]
    for (index, made) in claims.enumerated() { byPlace[Array(made.claim.place.utf8), default: []].append(index) }
    var found: [(later: Int, first: Int)] = []
    for indices in byPlace.values where indices.contains(where: { claims[$0].claim.content != claims[indices[0]].claim.content }) {
      found += claims[indices[0]].claim.isPersonal ? personal(indices, claims, policy) : common(indices, claims)
    }
    var said: Set<Pair> = []
    return found.sorted { $0.later < $1.later }.compactMap { later, first in
      let pair = Pair(later: claims[later].claim.span, first: claims[first].claim.span)
      return said.insert(pair).inserted ? .claimedTwice(claims[later], by: claims[first]) : nil
    }
  }

  /// Thousands of people may hold files of one artifact: one of them is told.
  private struct Pair: Hashable {
    let later: SourceSpan
    let first: SourceSpan
  }

  private static func common(_ indices: [Int], _ claims: [MadeClaim]) -> [(later: Int, first: Int)] {
    indices.filter { claims[$0].claim.content != claims[indices[0]].claim.content }.map { ($0, indices[0]) }
  }

  /// Only where somebody holds, or may hold, both files.
  private static func personal(_ indices: [Int], _ claims: [MadeClaim], _ policy: CompiledPolicy) -> [(later: Int, first: Int)] {
    var found: [(Int, Int)] = []
    var owners: [PrincipalID: Int] = [:]
    // Two that differ are enough to find one that differs from a third.
    var all: [Int] = []
    var open: [Int] = []
    func differs(_ a: Int, _ b: Int) -> Bool { claims[a].claim.content != claims[b].claim.content }
    func keep(_ index: Int, in list: inout [Int]) {
      if list.count < 2, list.allSatisfy({ differs($0, index) }) { list.append(index) }
    }
    for index in indices {
      let holder = claims[index].holder
      let people =
        policy.model[holder].kind == .group ? policy.grants.membership.members(of: holder, at: policy.instant) : [holder]
      // Whom only the provider knows may be anybody.
      let isOpen = people.contains { policy.model[$0].kind == .group }
      let others = (isOpen ? all : open) + people.compactMap { owners[$0] }
      if let other = others.filter({ differs($0, index) }).min() { found.append((index, other)) }
      for person in people where owners[person] == nil { owners[person] = index }
      keep(index, in: &all)
      if isOpen { keep(index, in: &open) }
    }
    return found
  }
}

extension Diagnostic {
  fileprivate static func claimedTwice(_ later: MadeClaim, by first: MadeClaim) -> Self {
    let names = (later.claim.content + first.claim.content).filter {
      !(later.claim.content.contains($0) && first.claim.content.contains($0))
    }.map(\.name)
    let differing = Set(names).sorted()
    var notes: [Note] = [.init("here it is \(later.claim.what)")]
    if later.artifact != first.artifact {
      notes.append(.init("for `\(first.artifact)` it is \(first.claim.what)", at: first.claim.span))
    } else {
      notes.append(.init("and it is \(first.claim.what)", at: first.claim.span == later.claim.span ? nil : first.claim.span))
    }
    // Where the two read alike, what they differ in is not plain to see.
    if later.claim.what == first.claim.what {
      notes.append(.init("the two differ in \(differing.map { "`\($0)`" }.joined(separator: ", "))"))
    }
    return Self(.variableTakenTwice, later.claim.message, at: later.claim.span, notes: notes, help: later.claim.help)
  }
}

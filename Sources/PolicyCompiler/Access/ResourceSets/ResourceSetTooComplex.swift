/// A question about sets of resources that was given up: there is an answer, but not within the bounds of one question.
///
/// The bounds are counts, never times: the same question is answered everywhere, or nowhere.
package struct ResourceSetTooComplex: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Reason: Sendable {
    /// Too many combinations of wildcards.
    case wildcards
    /// An intersection or a difference of more terms than a set may have.
    case terms
    /// Patterns of one system, some of which fold case: two systems by one name.
    case mixedCase
  }
  package let reason: Reason

  package var description: String {
    switch reason {
    case .wildcards: "the patterns have too many wildcards that interact"
    case .terms: "the patterns and their exceptions combine into more than \(ResourceSet.maximumTerms) sets"
    case .mixedCase: "the patterns disagree whether their system folds case"
    }
  }
}

/// What one question may still cost, in words of automaton states that are built or compared.
struct Effort {
  /// Some 0.1 s in a release build, and less than 100 MB.
  static let ofOneQuestion = 4_000_000

  private(set) var left: Int

  init(_ limit: Int = ofOneQuestion) { left = limit }

  mutating func spend(_ cost: Int) throws(ResourceSetTooComplex) {
    left -= cost
    if left < 0 { throw ResourceSetTooComplex(reason: .wildcards) }
  }
}

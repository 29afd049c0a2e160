/// What a policy asks of itself: guardrails, approvals and tests, as they are written.
///
/// Names stay names, so that the rules of one revision can judge the access of another.
package struct Rules: Sendable {
  package var guardrails: [Guardrail] = []
  package var approvals: [Approval] = []
  package var tests: [PolicyTest] = []

  package init() {}

  package var isEmpty: Bool { guardrails.isEmpty && approvals.isEmpty && tests.isEmpty }

  /// A name or a word, with its place.
  package struct Word: Hashable, Sendable {
    package let text: String
    package let span: SourceSpan
  }

  package struct Pattern: Hashable, Sendable {
    package let pattern: ResourcePattern
    package let span: SourceSpan
  }

  /// Environments that a rule is about; nil for all that there are.
  package typealias Environments = [Word]?

  package struct Guardrail: Sendable {
    package enum Kind: Sendable {
      case never(GuardedAccess)
      case only(GuardedAccess)
      case separate([Word])
      case require(Requirement)
    }
    package let name: String
    package let span: SourceSpan
    package let kind: Kind
    package let waivers: [Waiver]
    package let reason: String?
  }

  package struct GuardedAccess: Sendable {
    package let who: [Word]
    package let actions: [Word]
    package let resources: [Pattern]
    package let environments: Environments
  }

  package struct Requirement: Sendable {
    package let section: Section
    package let field: Word
    package let environments: Environments
    package let atMost: PolicyDuration?
    package let atLeast: PolicyDuration?
  }

  package struct Waiver: Sendable {
    package let principal: Word
    package let until: Instant
  }

  package struct Approval: Sendable {
    package let name: String
    package let span: SourceSpan
    package let resources: [Pattern]
    package let environments: Environments
    package let by: [Word]
  }

  package struct PolicyTest: Sendable {
    package let name: String
    package let span: SourceSpan
    package let environments: [Word]
    /// Nil: the moment at which the policy is judged.
    package let instant: Instant?
    package let sentences: [Sentence]
    package let questions: [Question]
  }

  package struct Sentence: Sendable {
    package let sentence: TestSentence
    package let text: String
    package let span: SourceSpan
  }

  /// An exact set: whoever may do this, and nobody else.
  package struct Question: Sendable {
    package let action: String
    package let resource: ResourcePattern
    package let text: String
    package let span: SourceSpan
    package let holders: [Holder]
  }

  package struct Holder: Sendable {
    package let principal: String
    /// The connection through which it is held; nil where it is the principal's own.
    package let via: String?
    package let span: SourceSpan
  }
}

/// What a code means, why Writ insists, and how to mend it: with a policy that is rejected for it and one that is not.
package struct Explanation: Sendable {
  package let code: DiagnosticCode
  /// What is wrong, in a few words.
  package let title: String
  /// What it means and why it matters: sentences of one paragraph.
  package let meaning: String
  /// What to do about it.
  package let mending: String
  package let example: Example

  package enum Example: Sendable {
    /// The first gives exactly the code that is explained, the second nothing.
    case policies(rejected: [File], accepted: [File])
    /// The same of files of another tool, when they are imported.
    case imports(ImportFormat, rejected: [File], accepted: [File])
    /// No policy can show it, for this reason.
    case outside(String)
  }

  /// A file of an example. One that is called `writ.yaml` holds the settings of a root, any other a policy.
  package struct File: Sendable {
    package enum Content: Sendable {
      case text(String)
      /// What no text can hold.
      case bytes([UInt8])
      /// A text that is repeated until it is too long to be shown.
      case repeated(String, Int)
    }

    package let path: String
    package let content: Content

    package init(_ path: String, _ content: Content) {
      self.path = path
      self.content = content
    }

    package var source: SourceFile {
      switch content {
      case .text(let text): SourceFile(path: path, text: text)
      case .bytes(let bytes): SourceFile(path: path, bytes: bytes)
      case .repeated(let text, let count): SourceFile(path: path, text: String(repeating: text, count: count))
      }
    }

    /// What is shown of it; hidden and invalid characters as U+FFFD.
    package var shown: String {
      switch content {
      case .text(let text): String(String.UnicodeScalarView(text.unicodeScalars.map { SourceText.isHidden($0.value) ? "\u{FFFD}" : $0 }))
      case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
      case .repeated(let text, let count): "\(text)# … and so on, \(count) times\n"
      }
    }
  }

  /// With one policy file on either side.
  init(_ code: DiagnosticCode, _ title: String, _ meaning: String, mending: String, rejected: String, accepted: String) {
    self.init(
      code, title, meaning, mending: mending, rejected: [File(Self.path, .text(rejected))], accepted: [File(Self.path, .text(accepted))])
  }

  init(_ code: DiagnosticCode, _ title: String, _ meaning: String, mending: String, rejected: [File], accepted: [File]) {
    self.init(code, title, meaning, mending: mending, example: .policies(rejected: rejected, accepted: accepted))
  }

  init(_ code: DiagnosticCode, _ title: String, _ meaning: String, mending: String, example: Example) {
    self.code = code
    self.title = title
    self.meaning = meaning
    self.mending = mending
    self.example = example
  }

  static let path = "policies/policy.yaml"
}

extension Explanation {
  /// The explanation of a code; a new code does not compile without one.
  package static func of(_ code: DiagnosticCode) -> Explanation {
    switch code {
    case .invalidUTF8: .invalidUTF8
    case .hiddenCharacter: .hiddenCharacter
    case .malformedYAML: .malformedYAML
    case .tabIndentation: .tabIndentation
    case .duplicateKey: .duplicateKey
    case .unknownAlias: .unknownAlias
    case .aliasBounds: .aliasBounds
    case .unsupportedYAML: .unsupportedYAML
    case .tooDeep: .tooDeep
    case .fileTooLarge: .fileTooLarge
    case .unknownField: .unknownField
    case .wrongKind: .wrongKind
    case .missingField: .missingField
    case .unknownSection: .unknownSection
    case .invalidValue: .invalidValue
    case .invalidName: .invalidName
    case .invalidTime: .invalidTime
    case .invalidDuration: .invalidDuration
    case .invalidPattern: .invalidPattern
    case .invalidSentence: .invalidSentence
    case .unreadableFile: .unreadableFile
    case .unsupportedVersion: .unsupportedVersion
    case .lookAlike: .lookAlike
    case .declaredTwice: .declaredTwice
    case .reservedName: .reservedName
    case .unknownRole: .unknownRole
    case .unknownPrincipal: .unknownPrincipal
    case .unknownEnvironment: .unknownEnvironment
    case .unknownSystem: .unknownSystem
    case .unknownConnection: .unknownConnection
    case .unknownAction: .unknownAction
    case .unknownProvider: .unknownProvider
    case .roleCycle: .roleCycle
    case .groupCycle: .groupCycle
    case .excludedRoleInherited: .excludedRoleInherited
    case .wrongPrincipal: .wrongPrincipal
    case .missingEnvironment: .missingEnvironment
    case .impossiblePattern: .impossiblePattern
    case .nothingToActOn: .nothingToActOn
    case .emptyInterval: .emptyInterval
    case .ended: .ended
    case .endsSoon: .endsSoon
    case .misplacedPlaceholder: .misplacedPlaceholder
    case .collidingPlaceholder: .collidingPlaceholder
    case .inapplicableField: .inapplicableField
    case .missingSetting: .missingSetting
    case .inapplicableMethod: .inapplicableMethod
    case .emptyBinding: .emptyBinding
    case .tooMany: .tooMany
    case .emptyPolicy: .emptyPolicy
    case .unknownRoute: .unknownRoute
    case .providerMembers: .providerMembers
    case .incompleteIdentity: .incompleteIdentity
    case .guardrailKind: .guardrailKind
    case .sameRoute: .sameRoute
    case .sharedAccount: .sharedAccount
    case .notAllowedToAssume: .notAllowedToAssume
    case .emptySession: .emptySession
    case .uselessPermission: .uselessPermission
    case .guardrailBroken: .guardrailBroken
    case .testFailed: .testFailed
    case .idleRule: .idleRule
    case .tooComplex: .tooComplex
    case .unsafePath: .unsafePath
    case .pathTakenTwice: .pathTakenTwice
    case .unknownTarget: .unknownTarget
    case .inexpressible: .inexpressible
    case .variableTakenTwice: .variableTakenTwice
    case .missingPlaceholder: .missingPlaceholder
    case .emptyAudience: .emptyAudience
    case .invalidOption: .invalidOption
    case .malformedReference: .malformedReference
    case .literalSecret: .literalSecret
    case .sharedSecret: .sharedSecret
    case .localSecret: .localSecret
    case .templateSyntax: .templateSyntax
    case .plainHTTP: .plainHTTP
    case .secretOfAll: .secretOfAll
    case .staleBaseline: .staleBaseline
    case .importShape: .importShape
    case .nothingToImport: .nothingToImport
    case .withoutCounterpart: .withoutCounterpart
    case .leftOut: .leftOut
    case .unknownImport: .unknownImport
    case .importCycle: .importCycle
    case .renamed: .renamed
    case .assumed: .assumed
    }
  }

  package static var all: [Explanation] { DiagnosticCode.allCases.map(of) }
}

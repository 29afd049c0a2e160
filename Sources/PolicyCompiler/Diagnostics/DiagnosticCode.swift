/// Every kind of problem, with a code that is never used for anything else.
///
/// Ranges by stage: 01 syntax, 02 names and meaning, 03 access, 04 artifacts, 05 references and secrets,
/// 06 baselines, 07 imports.
public enum DiagnosticCode: String, Sendable, CaseIterable, Hashable {
  case invalidUTF8 = "W0101"
  case hiddenCharacter = "W0102"
  case malformedYAML = "W0103"
  case tabIndentation = "W0104"
  case duplicateKey = "W0105"
  case unknownAlias = "W0106"
  case aliasBounds = "W0107"
  case unsupportedYAML = "W0108"
  case tooDeep = "W0109"
  case fileTooLarge = "W0110"
  case unknownField = "W0111"
  case wrongKind = "W0112"
  case missingField = "W0113"
  case unknownSection = "W0114"
  case invalidValue = "W0115"
  case invalidName = "W0116"
  case invalidTime = "W0117"
  case invalidDuration = "W0118"
  case invalidPattern = "W0119"
  case invalidSentence = "W0120"
  case unreadableFile = "W0121"
  case unsupportedVersion = "W0122"
  case lookAlike = "W0123"

  case declaredTwice = "W0201"
  case reservedName = "W0202"
  case unknownRole = "W0203"
  case unknownPrincipal = "W0204"
  case unknownEnvironment = "W0205"
  case unknownSystem = "W0206"
  case unknownConnection = "W0207"
  case unknownAction = "W0208"
  case unknownProvider = "W0209"
  case roleCycle = "W0210"
  case groupCycle = "W0211"
  case excludedRoleInherited = "W0212"
  case wrongPrincipal = "W0213"
  case missingEnvironment = "W0214"
  case impossiblePattern = "W0215"
  case nothingToActOn = "W0216"
  case emptyInterval = "W0217"
  case ended = "W0218"
  case endsSoon = "W0219"
  case misplacedPlaceholder = "W0220"
  case collidingPlaceholder = "W0221"
  case inapplicableField = "W0222"
  case missingSetting = "W0223"
  case inapplicableMethod = "W0224"
  case emptyBinding = "W0225"
  case tooMany = "W0226"
  case emptyPolicy = "W0227"
  case unknownRoute = "W0228"
  case providerMembers = "W0229"
  case incompleteIdentity = "W0230"
  case guardrailKind = "W0231"
  case sameRoute = "W0232"
  case sharedAccount = "W0233"

  case notAllowedToAssume = "W0301"
  case emptySession = "W0302"
  // W0303 said that rules were not judged yet.
  case uselessPermission = "W0304"
  case guardrailBroken = "W0305"
  case testFailed = "W0306"
  case idleRule = "W0307"
  case tooComplex = "W0308"

  case unsafePath = "W0401"
  case pathTakenTwice = "W0402"
  case unknownTarget = "W0403"
  case inexpressible = "W0404"
  case variableTakenTwice = "W0405"
  case missingPlaceholder = "W0406"
  case emptyAudience = "W0407"
  case invalidOption = "W0408"

  case malformedReference = "W0501"
  case literalSecret = "W0502"
  case sharedSecret = "W0503"
  case localSecret = "W0504"
  case templateSyntax = "W0505"
  case plainHTTP = "W0506"
  case secretOfAll = "W0507"

  case staleBaseline = "W0601"

  case importShape = "W0701"
  case nothingToImport = "W0702"
  case withoutCounterpart = "W0703"
  case leftOut = "W0704"
  case unknownImport = "W0705"
  case importCycle = "W0706"
  case renamed = "W0707"
  case assumed = "W0708"

  /// How grave it is, where nothing says otherwise.
  package var severity: Diagnostic.Severity {
    switch self {
    case .lookAlike, .excludedRoleInherited, .nothingToActOn, .ended, .endsSoon, .collidingPlaceholder, .emptySession, .emptyBinding,
      .emptyPolicy, .emptyAudience, .uselessPermission, .secretOfAll, .idleRule, .staleBaseline, .withoutCounterpart, .unknownImport,
      .importCycle, .assumed, .sharedAccount:
      .warning
    case .leftOut, .renamed: .note
    default: .error
    }
  }
}

/// What a JSON Schema can say of a scalar: as much of `ScalarCheck` as a regular expression holds, and never more, so that
/// no editor underlines what the compiler takes.
///
/// Expressions are those that ECMAScript (with its `u` flag), Python and ICU read alike.
extension ScalarKind {
  var schema: JSON {
    switch self {
    case .choice(let values):
      // A version is a number to a reader of YAML, and a text to the language.
      return .members(["enum": .array(values.map { .string($0) } + values.compactMap { Int($0) }.map { JSON.integer($0) })])
    case .boolean: return .members(["type": "boolean"])
    case .integer(let range):
      // In quotes it is a number, too, whose size no expression compares.
      return .members([
        "type": ["integer", "string"], "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
        "pattern": "^-?[0-9]+$",
      ])
    case .text: return .members(["type": Self.anything])
    case .name, .principal, .selector, .environment:
      return .members(["type": Self.anything, "pattern": .string(Self.pattern(self)), "minimum": 0])
    case .plain, .template, .host, .header, .pattern, .path, .folder:
      return .members(["type": Self.anything, "pattern": .string(Self.pattern(self))])
    case .instant, .duration, .url, .email, .reference, .sentence, .question:
      return .members(["type": "string", "pattern": .string(Self.pattern(self))])
    }
  }

  /// The same for a key, which is a text to every reader.
  var keySchema: JSON? {
    switch self {
    case .text: nil
    case .choice(let values): .members(["enum": .array(values.map { .string($0) })])
    case .boolean: .members(["enum": ["true", "false"]])
    case .integer: .members(["pattern": "^-?[0-9]+$"])
    default: .members(["pattern": .string(Self.pattern(self))])
    }
  }

  /// Any plain scalar may stand for a text: a YAML reader takes `2027` for a number and `true` for a truth.
  private static let anything: JSON = ["string", "number", "boolean"]

  private static func pattern(_ kind: ScalarKind) -> String {
    switch kind {
    case .name: "^\(word)$"
    case .principal: "^(?:(?:user|service|group):)?\(word)$"
    case .selector: "^(?:\\*|(?:(?:user|service|group):)?\(word))$"
    case .environment: "^(?:\\*|\(word))$"
    case .plain: "^ *(?! |$)(?:\(character))*$"
    case .template: "^ *(?! |$)(?:\(placeholder)|\(character))*$"
    case .host: "^(?:(?![.-])(?!.*\\.\\.)(?:[A-Za-z0-9._-]|[^\\u0000-\\u007F]|\(placeholder))+|\\[?\(address)\\]?)$"
    case .header: HeaderName.pattern
    case .pattern:
      "^(?![^/]*\\*)(?!(?:.*/)?\\.\\.?(?:/|$))(?!(?:.*/)?(?:[^/]+\\*\\*|\\*\\*[^/]))(?:\(segment))+(?:/(?:\(segment))+)*$"
    case .path: "^\(steady)(?!.*/$)(?:[^\(control)\\\\:*?<>|\"$]|\(placeholder))+$"
    case .folder: "^\(steady)[^\(control)\\\\:*?<>|\"$]+$"
    case .instant:
      "^(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ]\(clock)(?::[0-5][0-9])?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9]))?$"
    case .duration: "^0*(?:1000000|[1-9][0-9]{0,5})[smhdw]$"
    case .url:
      "^[Hh][Tt][Tt][Pp][Ss]?://(?:\\[\(address)\\]|[!$-.0-9;=A-Z^-~]+)(?::[0-9]+)?(?:[?#][!#-.0-;=?A-\\[\\]-~]*)?(?:/[!#-;=?-\\[\\]-~]*)?$"
    case .email: "^\(mailbox)+@\(mailbox)+$"
    case .reference: "^(?:secret)?ref\\+(?:\(SecretReference.Backend.allCases.map(\.rawValue).joined(separator: "|")))://[^?#]*[^/?#]"
    case .sentence: "^[ \\n]*(?:(?:user|service|group):)?\(word)[ \\n]+(?:can|cannot)[ \\n]+\(word)[ \\n]+[^ \\n]+[ \\n]*$"
    case .question: "^[ \\n]*\(word)[ \\n]+[^ \\n]+[ \\n]*$"
    case .text, .choice, .boolean, .integer: ""
    }
  }

  private static let control = "\\u0000-\\u001F\\u007F"
  private static let word = "[A-Za-z0-9][A-Za-z0-9_.-]{0,127}"
  private static let placeholder = "\\$\\{(?:principal|environment)\\}"
  /// One character, and no beginning of some tool's template syntax: see `TemplateSyntax`.
  private static let character = "\\$(?![\\(\\{A-Za-z_])|\\{(?![\\{%#])|\\}(?!\\})|<(?!%)|[^\(control)$\\{\\}<]"
  private static let segment = "[^\\u0000-\\u0020\\u007F?\\[\\]\\\\\\{\\}$/]|\(placeholder)"
  private static let address = "[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*"
  /// Neither absolute, nor with a segment that is empty, dots, git's own, or that Windows would change: see `PathCheck`.
  private static let steady = "(?![/~])(?!(?:.*/)?(?:\\.\\.?|[^/]*[. ]|\\.[Gg][Ii][Tt]|[Gg][Ii][Tt]~1)(?:/|$))(?!.*//)"
  private static let clock = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
  private static let mailbox = "[^\\u0000-\\u0020\\u007F@\",<>$\\u2018\\u2019\\u201C\\u201D]"
}

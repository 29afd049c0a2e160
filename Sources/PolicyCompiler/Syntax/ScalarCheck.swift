/// Decides from a scalar's raw text and style whether it can be what a field takes.
struct ScalarCheck {
  let node: SyntaxNode
  let place: String

  func problem(_ kind: ScalarKind) -> Diagnostic? {
    switch kind {
    case .text: return nil
    case .template: return controlProblem ?? templateProblem
    case .plain: return controlProblem ?? templateProblem ?? placeholderProblem
    case .name: return nameProblem(range: nil)
    case .principal: return nameProblem(range: Self.unqualified(node.text))
    case .selector: return node.text == "*" ? nil : nameProblem(range: Self.unqualified(node.text))
    case .environment: return node.text == "*" ? nil : nameProblem(range: nil)
    case .choice(let values): return values.contains(node.text) ? nil : .notAChoice(node, place, values)
    case .boolean:
      let text = node.text
      return node.isPlain && (text == "true" || text == "false") ? nil : .notABoolean(node, place)
    case .integer(let range):
      guard let value = Int(node.text), node.text.utf8.first != UInt8(ascii: "+"), range.contains(value) else {
        return .notANumber(node, place, range)
      }
      return nil
    case .instant: return Instant(node.text) == nil ? .notAnInstant(node, place) : nil
    case .duration: return PolicyDuration(node.text) == nil ? .notADuration(node, place) : nil
    case .url: return urlProblem
    case .host: return controlProblem ?? templateProblem ?? hostProblem
    case .header: return templateProblem ?? placeholderProblem ?? (HeaderName.isValid(node.text) ? nil : .notAHeader(node))
    case .email: return Self.isEmail(node.text) ? nil : .notAnEmail(node)
    case .pattern:
      guard case .failure(let problem) = ResourcePattern.parse(node.text) else { return nil }
      return Diagnostic(.invalidPattern, problem.message, at: node.span(ofPart: problem.range), help: problem.help)
    case .reference:
      guard case .failure(let problem) = SecretReference.parse(node.text) else { return nil }
      return .reference(problem, node, place)
    case .sentence: return TestSentence.problem(node)
    case .question: return TestSentence.questionProblem(node)
    case .path: return templateProblem(inPath: node.text, allowed: Placeholder.allCases) ?? .path(node.text, at: node.span)
    case .folder:
      return templateProblem(inPath: node.text, allowed: [])
        ?? .path(
          node.text.hasSuffix("/") ? String(node.text.dropLast()) : node.text, below: "the policy root", example: "generated/",
          at: node.span)
    }
  }

  /// Whether a scalar is fine at first sight, from its bytes alone, as nearly all are: no text is made of it.
  static func isPlainlyFine(_ kind: ScalarKind, _ tree: SyntaxTree, _ node: Int) -> Bool {
    guard let range = tree.rawRange(node) else { return false }
    switch kind {
    case .text: return true
    case .name, .principal, .environment: return isName(tree.bytes[range])
    case .template, .plain:
      return !range.isEmpty && tree.bytes[range.lowerBound] != 0x20
        && tree.bytes[range].allSatisfy {
          isLetterOrDigit($0) || $0 == 0x20 || (0x2C...0x2F).contains($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "@")
        }
    case .host:
      var previous = UInt8(ascii: ".")
      for byte in tree.bytes[range] {
        guard isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "."),
          previous != UInt8(ascii: ".") || isLetterOrDigit(byte)
        else { return false }
        previous = byte
      }
      return !range.isEmpty && range.count <= HostName.maximumLength
    case .email:
      var at = range.lowerBound
      for index in range {
        let byte = tree.bytes[index]
        if byte == UInt8(ascii: "@"), at == range.lowerBound {
          at = index
        } else if !isLetterOrDigit(byte), byte != UInt8(ascii: "."), byte != UInt8(ascii: "_"), byte != UInt8(ascii: "-") {
          return false
        }
      }
      return at > range.lowerBound && at + 1 < range.upperBound
    case .pattern:
      var previous = UInt8(ascii: "/")
      var slashes = 0
      for byte in tree.bytes[range] {
        guard isLetterOrDigit(byte) || byte == UInt8(ascii: "_") || (byte == UInt8(ascii: "/") && previous != byte) else { return false }
        if byte == UInt8(ascii: "/") { slashes += 1 }
        previous = byte
      }
      return previous != UInt8(ascii: "/") && range.count <= 256 && slashes < 16
    default: return false
    }
  }

  /// Names are ASCII: `[A-Za-z0-9][A-Za-z0-9_.-]*`.
  static func isName(_ bytes: some Collection<UInt8>) -> Bool {
    guard let first = bytes.first, isLetterOrDigit(first), bytes.count <= Diagnostic.maximumNameLength else { return false }
    return bytes.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
  }

  /// The bytes of a principal's name behind `user:`, `service:` or `group:`.
  static func unqualified(_ text: String) -> Range<Int> {
    for prefix in ["user:", "service:", "group:"] where text.hasPrefix(prefix) { return prefix.utf8.count..<text.utf8.count }
    return 0..<text.utf8.count
  }

  private func nameProblem(range: Range<Int>?) -> Diagnostic? {
    if let raw = node.tree.rawRange(node.id) {
      let slice = node.tree.bytes[raw]
      if Self.isName(slice) { return nil }
    }
    let bytes = Array(node.text.utf8)
    return Self.isName(bytes[range ?? 0..<bytes.count]) ? nil : .notAName(node, place)
  }

  private var templateProblem: Diagnostic? {
    guard let (range, piece) = TemplateSyntax.find(in: node.text) else { return nil }
    return .template(piece, place, at: node.span(ofPart: range))
  }

  /// No tool reads a path, but a shell may, and whoever wrote `$` meant something to be filled in.
  private func templateProblem(inPath text: String, allowed: [Placeholder]) -> Diagnostic? {
    guard text.utf8.contains(UInt8(ascii: "$")) else { return templateProblem }
    var rest = text
    for placeholder in allowed { rest = rest.replacing(placeholder.text, with: "") }
    if rest.utf8.contains(UInt8(ascii: "$")) { return .foreignPlaceholder(text, place, allowed, at: node.span) }
    return templateProblem
  }

  private var placeholderProblem: Diagnostic? {
    let text = node.text
    guard let placeholder = Placeholder.allCases.first(where: { Placeholder.occurs($0, in: text) }),
      let place = text.firstRange(of: placeholder.text)
    else { return nil }
    let start = text.utf8.distance(from: text.startIndex, to: place.lowerBound)
    return .placeholder(placeholder, self.place, at: node.span(ofPart: start..<start + placeholder.text.utf8.count))
  }

  /// Line breaks and the like in what a tool's files will hold.
  private var controlProblem: Diagnostic? {
    if node.text.utf8.allSatisfy({ $0 == 0x20 }) {
      return Diagnostic(.invalidValue, "`\(place)` is an empty text", at: node.span, help: "write a value, or leave the field out")
    }
    guard let byte = node.text.utf8.first(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
    return .controlCharacter(place, isBreak: byte == 0x0A || byte == 0x0D, at: node.span)
  }

  private var urlProblem: Diagnostic? {
    let text = node.text
    // Before all else: a URL that is wrong in other ways may hold a password as well.
    // By bytes, since an accent behind a sign makes another character of it.
    if let separator = text.utf8.firstRange(of: "://".utf8),
      text.utf8[separator.upperBound...].prefix(while: { $0 != UInt8(ascii: "/") }).contains(UInt8(ascii: "@"))
    {
      return Diagnostic(
        .literalSecret, "the URL in `\(place)` holds a user or a password", at: node.span,
        help: "put the credential in a secret field, as a reference")
    }
    if let problem = templateProblem { return problem }
    guard let url = WebAddress(text) else { return .notAURL(node, place) }
    if url.scheme == "http", !url.isLoopback {
      return Diagnostic(
        .plainHTTP, "`\(place)` is plain `http`: whoever listens on the way can read and change what is sent", at: node.span(ofPart: 0..<4),
        help: "use `https`; only loopback addresses may go without")
    }
    return nil
  }

  private var hostProblem: Diagnostic? {
    let text = node.text
    // Placeholders are filled with names.
    if HostName.isValid(Placeholder.fill(text, principal: "x", environment: "x")) { return nil }
    let parts = HostName.Parts(text)
    if parts.hasUser {
      return Diagnostic(
        .literalSecret, "`\(place)` holds a user or a password", at: node.span,
        notes: [.init("a host is a name or an address and nothing else")],
        help: "write the host alone; who logs in is the `principal` of a connection, and its secret is a reference there")
    }
    if text.contains("=") {
      return Diagnostic(
        .literalSecret, "`\(place)` holds further settings, perhaps a password", at: node.span,
        notes: [.init("a host is a name or an address and nothing else")], help: "write the host alone; settings have fields of their own")
    }
    return .notAHost(node, place, parts)
  }

  static func isEmail(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty
      && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && !foreign.contains($0) }
      && TemplateSyntax.find(in: text) == nil
  }

  private static let foreign = Set("\",<>$\u{2018}\u{2019}\u{201C}\u{201D}".unicodeScalars)
}

extension Diagnostic {
  fileprivate static let maximumNameLength = 128

  fileprivate static func notAChoice(_ node: SyntaxNode, _ place: String, _ values: [String]) -> Self {
    let nearest = NearestName.nearest(node.text, among: values)
    return Self(
      .invalidValue, "`\(node.text)` is not a value of `\(place)`", at: node.span,
      notes: [.init("it takes \(listed(values))")], help: nearest.map { "did you mean `\($0)`?" },
      fix: nearest.map { Fix(span: node.span, replacement: $0) })
  }

  fileprivate static func notABoolean(_ node: SyntaxNode, _ place: String) -> Self {
    let text = node.text.lowercased()
    let meant: String? =
      ["yes", "on", "true", "y", "1"].contains(text) ? "true" : ["no", "off", "false", "n", "0"].contains(text) ? "false" : nil
    return Self(
      .invalidValue, "`\(place)` takes `true` or `false`, not \(node.isQuoted ? "the text `\"\(node.text)\"`" : "`\(node.text)`")",
      at: node.span,
      notes: ["yes", "on", "no", "off"].contains(text) ? [.init("in Writ, as in YAML 1.2, `yes`, `no`, `on` and `off` are texts")] : [],
      help: meant.map { node.isQuoted ? "write `\($0)` without quotes" : "write `\($0)`" },
      fix: meant.map { Fix(span: node.span, replacement: $0) })
  }

  fileprivate static func notANumber(_ node: SyntaxNode, _ place: String, _ range: ClosedRange<Int>) -> Self {
    Self(
      .invalidValue, "`\(place)` takes a whole number from \(range.lowerBound) to \(range.upperBound), not `\(node.text)`", at: node.span)
  }

  fileprivate static func notAnInstant(_ node: SyntaxNode, _ place: String) -> Self {
    let isDay = node.text.utf8.count == 10 && node.text.split(separator: "-").map(\.utf8.count) == [4, 2, 2]
    return Self(
      .invalidTime, isDay ? "`\(node.text)` is not a day of the calendar" : "`\(node.text)` is not a moment in ISO 8601", at: node.span,
      help: "write `\(place): 2027-01-31`, or with a time and its zone `2027-01-31T18:00Z`")
  }

  fileprivate static func notADuration(_ node: SyntaxNode, _ place: String) -> Self {
    Self(
      .invalidDuration, "`\(node.text)` is not a duration", at: node.span,
      help: "write a number and a unit: `30s`, `15m`, `1h`, `30d`, `2w`")
  }

  fileprivate static func notAURL(_ node: SyntaxNode, _ place: String) -> Self {
    Self(
      .invalidValue, "`\(place)` takes an `https` URL; this is none", at: node.span,
      help: node.text.hasPrefix("https://") ? "check its host and port: `https://host:443/path`" : "write it whole: `https://host/path`")
  }

  fileprivate static func notAHost(_ node: SyntaxNode, _ place: String, _ parts: HostName.Parts) -> Self {
    let port = parts.port.flatMap { Int($0) }.flatMap { (1...65535).contains($0) ? $0 : nil }
    let isInstance = parts.rest?.hasPrefix("\\") ?? false
    var extra: [String] = []
    if parts.scheme != nil { extra.append("scheme") }
    if parts.port != nil { extra.append("port") }
    if let rest = parts.rest, rest != "/" || extra.isEmpty { extra.append(isInstance ? "instance" : "path") }
    guard !extra.isEmpty, HostName.isValid(Placeholder.fill(parts.name, principal: "x", environment: "x")) else {
      return Self(
        .invalidValue, "`\(node.text)` is not a host", at: node.span,
        notes: [.init("a host is a name or an address: letters, digits, `-`, `.` and `_`")],
        help: "write for instance `\(place): db.acme.example`")
    }
    var notes: [Note] = []
    if parts.scheme != nil { notes.append(.init("how the server is spoken to follows from the system's type and settings such as `tls`")) }
    if parts.port != nil { notes.append(.init("the port has a field of its own, `port`")) }
    if isInstance { notes.append(.init("an instance listens on a port of its own: give that as `port`")) }
    let words = extra.count < 2 ? extra.joined() : extra.dropLast().joined(separator: ", ") + " and " + (extra.last ?? "")
    return Self(
      .invalidValue, "`\(place)` takes the host alone, without \(words)", at: node.span, notes: notes,
      help: "write `\(place): \(parts.name)`\(port.map { ", and `port: \($0)` beside it" } ?? "")")
  }

  fileprivate static func notAHeader(_ node: SyntaxNode) -> Self {
    let text = Array(node.text.utf8)
    // What stands behind a colon is the header's value, which may be a secret.
    let name = text.prefix { $0 != UInt8(ascii: ":") }
    return Self(
      .invalidValue,
      name.isEmpty
        ? "a header needs a name"
        : name.count < text.count
          ? "the name of the header `\(String(decoding: name, as: UTF8.self))` ends before the colon"
          : "`\(node.text)` is no name of an HTTP header",
      at: name.count < text.count ? node.span(ofPart: 0..<name.count) : node.span,
      notes: [.init("names are ASCII letters, digits, `-`, `_` and some other signs, without white space and `:`")],
      help: name.count < text.count ? "write the name alone, and its value apart: `X-Tenant: acme`" : "write for instance `X-Tenant`")
  }

  fileprivate static func notAnEmail(_ node: SyntaxNode) -> Self {
    Self(.invalidValue, "`\(node.text)` is not an email address", at: node.span, help: "write the address alone: `name@domain`")
  }

  fileprivate static func notAName(_ node: SyntaxNode, _ place: String) -> Self {
    let text = node.text
    let isLong = text.utf8.count > maximumNameLength
    var notes = [
      Note(
        isLong
          ? "names have \(maximumNameLength) characters at most"
          : "names are ASCII letters, digits, `_`, `.` and `-`, and begin with a letter or a digit")
    ]
    // A letter of another script may look just like one that is allowed.
    if let foreign = text.unicodeScalars.first(where: { !$0.isASCII }) {
      notes.append(.init("`\(foreign)` is U+\(String(foreign.value, radix: 16, uppercase: true)), which is not ASCII"))
    }
    return Self(
      .invalidName, text.isEmpty ? "a name cannot be empty" : isLong ? "this name is too long" : "`\(text)` is not a name", at: node.span,
      notes: notes,
      help: node.text == "*" ? "a wildcard is not possible here: name them" : nil)
  }

  fileprivate static func placeholder(_ placeholder: Placeholder, _ place: String, at span: SourceSpan) -> Self {
    Self(
      .misplacedPlaceholder, "`\(placeholder.text)` is not filled in here: `\(place)` is taken as it stands", at: span,
      help: "write the value itself")
  }

  fileprivate static func foreignPlaceholder(_ text: String, _ place: String, _ allowed: [Placeholder], at span: SourceSpan) -> Self {
    Self(
      .unsafePath, "the path `\(text)` holds a `$`, which is not filled in", at: span,
      notes: allowed.isEmpty ? [] : [.init("Writ fills in \(listed(allowed.map(\.text))), and nothing else")],
      help: "write the name itself")
  }

  fileprivate static func controlCharacter(_ place: String, isBreak: Bool, at span: SourceSpan) -> Self {
    Self(
      .invalidValue, "`\(place)` holds \(isBreak ? "a line break" : "a control character"), which tools would not take as part of it",
      at: span,
      help: "write it on one line")
  }

  package static func template(_ piece: String, _ place: String, at span: SourceSpan) -> Self {
    Self(
      .templateSyntax, "`\(piece)` is template syntax, which a tool that reads `\(place)` would expand", at: span,
      notes: [.init("only `${principal}` and `${environment}` are filled in, and by Writ")],
      help: "write the value itself, or a reference in a secret field")
  }

  fileprivate static func reference(_ problem: SecretReference.Problem, _ node: SyntaxNode, _ place: String) -> Self {
    let span = node.span(ofPart: problem.range)
    let example = "`ref+vault://mount/path#/\(place)`"
    switch problem.kind {
    case .notAReference:
      return Self(
        .literalSecret, "`\(place)` takes a reference to a secret, not the secret itself", at: node.span,
        notes: [.init("its value is not repeated here; if it was a real one and has been pushed, replace it")],
        help: "store it in a vault and write \(example)")
    case .unknownBackend(let name, let nearest):
      return Self(
        .malformedReference, "`\(name)` is not a backend of references", at: span,
        notes: [.init("there are \(listed(SecretReference.Backend.allCases.map(\.rawValue)))")],
        help: nearest.map { "did you mean `\($0)`?" },
        fix: nearest.map { Fix(span: span, replacement: $0) })
    case .runsAProgram:
      return Self(
        .malformedReference, "`ref+exec` is refused: reading a policy must not run programs", at: span,
        help: "use a backend that only reads: \(example)")
    case .emptyPath:
      return Self(.malformedReference, "the reference has no path", at: node.span, help: "write \(example)")
    case .character(let character):
      return Self(
        .malformedReference,
        character == "*"
          ? "a reference names one secret: `*` is not possible"
          : "\(character == "white space" ? character : "`\(character)`") cannot stand in a reference",
        at: span, notes: [.init("programs that resolve references stop at it")])
    case .template(let piece):
      return Self(
        .templateSyntax, "`\(piece)` is template syntax, which is not possible in a reference", at: span,
        notes: [.init("only `${principal}` and `${environment}` are filled in, and by Writ")])
    case .dots:
      return Self(.malformedReference, "`.` and `..` are not possible in a reference", at: span, help: "write the path out")
    case .parameter(let part):
      return Self(.malformedReference, "`\(part)` is not a parameter", at: span, help: "write `?name=value`, further ones with `&`")
    case .fragment:
      return Self(.malformedReference, "the fragment is empty", at: span, help: "write `#/key`, or leave it out")
    }
  }

  static func listed(_ values: [String]) -> String {
    let quoted = values.map { "`\($0)`" }
    return quoted.count < 2 ? quoted.joined() : quoted.dropLast().joined(separator: ", ") + " and " + (quoted.last ?? "")
  }
}

extension ScalarKind {
  /// What a field takes, for a message.
  var words: String {
    switch self {
    case .text, .plain, .template: "a single text"
    case .name: "a single name"
    case .principal, .selector: "the name of a principal"
    case .environment: "the name of an environment"
    case .choice(let values): values.count > 6 ? "one of its values" : Diagnostic.listed(values).replacing(" and ", with: " or ")
    case .boolean: "`true` or `false`"
    case .integer: "a whole number"
    case .instant: "a moment in ISO 8601"
    case .duration: "a duration such as `30d`"
    case .url: "a URL"
    case .host: "the name of a host"
    case .header: "the name of an HTTP header"
    case .email: "an email address"
    case .pattern: "a pattern of resources"
    case .reference: "a reference to a secret"
    case .sentence: "a sentence such as `ana can read db/marts/orders`"
    case .question: "an action and a resource, such as `read db/marts/orders`"
    case .path: "a path"
    case .folder: "a folder"
    }
  }
}

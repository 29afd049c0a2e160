/// Something in a text that looks like a secret: where it is and what kind, never what it is.
package struct SecretFinding: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    /// A token that its issuer marks, in words: `a token of GitHub`.
    case token(String)
    case privateKey
    case webToken
    /// `https://user:password@host`.
    case passwordInURL
    /// `Server=db;Pwd=…`, `?token=…`.
    case setting
    /// Random behind a key that speaks of a secret.
    case speaking
    /// What a header `Authorization` holds.
    case authorization
    /// Behind a key that speaks of a secret, and such as people think of.
    case password
    /// As random as a secret, and nothing says what it is.
    case random
    /// Base64 of something that is one.
    case encoded
  }

  package let kind: Kind
  /// The bytes that are pointed at.
  package let range: Range<Int>
  /// What of them nobody may see: the kind is told by the rest.
  package let hidden: Range<Int>
  /// Whether its line says that it is none.
  package var isMarked = false

  init(_ kind: Kind, _ range: Range<Int>, hidden: Range<Int>? = nil) {
    self.kind = kind
    self.range = range
    self.hidden = hidden ?? range
  }

  /// Whether its form tells: an error. Otherwise only its looks do: a warning.
  package var isCertain: Bool {
    switch kind {
    case .password, .random: false
    default: true
    }
  }

  /// Where a message points: what stands around a value says what it is.
  var place: Range<Int> {
    switch kind {
    case .passwordInURL, .setting, .speaking, .password: hidden
    default: range
    }
  }

  func span(in file: Int32) -> SourceSpan {
    SourceSpan(file: file, start: UInt32(clamping: place.lowerBound), end: UInt32(clamping: place.upperBound))
  }

  /// What it looks like, for a message; of its content nothing but how long it is.
  package var words: String {
    switch kind {
    case .token(let name): "\(name) (\(range.count) characters)"
    case .privateKey: "a private key"
    case .webToken: "a JSON web token (\(range.count) characters)"
    case .passwordInURL: "a URL with a password in it"
    case .setting: "a secret in a list of settings"
    case .speaking: "a secret (\(hidden.count) random characters behind a key that speaks of one)"
    case .authorization: "a credential of HTTP (\(hidden.count) characters)"
    case .password: "a password (\(hidden.count) characters behind a key that speaks of one)"
    case .random: "a secret (\(range.count) random characters)"
    case .encoded: "a secret in base64 (\(range.count) characters)"
    }
  }
}

/// Text in which secrets are written over, byte by byte, so that every place stays where it is.
///
/// What is written over is still of the form that it was: later stages know the token of GitHub that they must not take,
/// and none of them can ever print it.
package enum MaskedText {
  private static let filler = Array("Masked".utf8)

  /// Writes over what nobody may see. A byte behind a backslash stays: the text must be read as before.
  static func hide(_ findings: some Sequence<SecretFinding>, in bytes: inout [UInt8]) {
    for finding in findings { hide(finding, in: &bytes) }
  }

  private static func hide(_ finding: SecretFinding, in bytes: inout [UInt8]) {
    var position = 0
    var index = finding.hidden.lowerBound
    let isBlock = finding.kind == .privateKey
    while index < min(finding.hidden.upperBound, bytes.count) {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\\") {
        index += 2
        continue
      }
      // The parts of a web token, and the lines of a key, stay parts and lines.
      let stays = byte < 0x20 || finding.kind == .webToken && byte == UInt8(ascii: ".") || isBlock && !SecretBytes.isBase64(byte)
      if stays {
        position = 0
      } else {
        bytes[index] = filler[position % filler.count]
        position += 1
      }
      index += 1
    }
  }

  /// Whether this is what `hide` writes.
  static func isMasked(_ bytes: some Collection<UInt8>) -> Bool {
    guard bytes.count >= filler.count else { return false }
    for (position, byte) in bytes.enumerated() where byte != filler[position % filler.count] { return false }
    return true
  }

  /// The text without what its form tells to be a secret; the same text where there is none.
  package static func masked(_ text: String) -> String { masked(text, certainOnly: true) }

  /// - Parameter certainOnly: whether what merely looks like a secret may be shown.
  package static func masked(_ text: String, certainOnly: Bool) -> String {
    guard text.utf8.count >= 10 else { return text }
    var bytes = Array(text.utf8)
    let found = SecretScan.findings(bytes).filter { $0.isCertain || !certainOnly }
    guard !found.isEmpty else { return text }
    hide(found, in: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

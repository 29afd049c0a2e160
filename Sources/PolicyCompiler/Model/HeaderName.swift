/// The name of an HTTP header: a token of https://www.rfc-editor.org/rfc/rfc9110#section-5.1
///
/// A client that is given anything else sends another header, or an error, at the time of the call.
package enum HeaderName {
  package static func isValid(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy(isTokenCharacter) }

  /// The same as a regular expression.
  static let pattern = "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"

  private static func isTokenCharacter(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || signs.contains(byte)
  }

  private static let signs = Array("!#$%&'*+-.^_`|~".utf8)
}

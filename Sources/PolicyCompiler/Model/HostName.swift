/// The name or address of a server, and nothing else: no scheme, user, port or path.
package enum HostName {
  /// Letters of other scripts are a matter for whoever resolves the name.
  package static func isValid(_ text: String) -> Bool {
    let bytes = text.utf8
    guard let first = bytes.first, bytes.count <= maximumLength else { return false }
    if bytes.contains(UInt8(ascii: ":")) {
      return isIPv6(text[...]) || text.hasPrefix("[") && text.hasSuffix("]") && isIPv6(text.dropFirst().dropLast())
    }
    return first != UInt8(ascii: "-") && first != UInt8(ascii: ".") && !text.containsBytes(of: "..")
      && bytes.allSatisfy { isLetterOrDigit($0) || $0 >= 0x80 || "-._".utf8.contains($0) }
  }

  static let maximumLength = 253

  /// As far as it cannot be taken for a name and a port: https://www.rfc-editor.org/rfc/rfc4291#section-2.2
  static func isIPv6(_ text: Substring) -> Bool {
    text.utf8.count(where: { $0 == UInt8(ascii: ":") }) >= 2
      && text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
      }
  }

  /// What somebody wrote who put more than a name there.
  struct Parts {
    var scheme: String?
    var hasUser = false
    var name: String
    var port: String?
    var rest: String?

    init(_ text: String) {
      var text = text[...]
      if let separator = text.firstRange(of: "://") {
        scheme = String(text[..<separator.lowerBound])
        text = text[separator.upperBound...]
      }
      if let end = text.utf8.firstIndex(where: { "/?#\\".utf8.contains($0) }) {
        rest = String(text[end...])
        text = text[..<end]
      }
      if let at = text.utf8.lastIndex(of: UInt8(ascii: "@")) {
        hasUser = true
        text = text[text.utf8.index(after: at)...]
      }
      if !HostName.isIPv6(text), !text.hasSuffix("]"), let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) {
        port = String(text[text.utf8.index(after: colon)...])
        text = text[..<colon]
      }
      name = String(text)
    }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
  }
}

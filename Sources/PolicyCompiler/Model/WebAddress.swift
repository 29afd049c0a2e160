/// As much of a URL as a policy needs to know: https://www.rfc-editor.org/rfc/rfc3986
package struct WebAddress: Sendable, Equatable {
  package let scheme: String
  package let host: String
  package let port: Int?
  /// With its leading `/`; empty where there is none. Query included.
  package let path: String

  package init?(_ text: String) {
    guard let separator = text.firstRange(of: "://") else { return nil }
    scheme = text[..<separator.lowerBound].lowercased()
    guard scheme == "http" || scheme == "https" else { return nil }
    guard
      text.utf8.allSatisfy({
        $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">")
      })
    else { return nil }
    let rest = text[separator.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    path = String(rest[authority.endIndex...])
    let address = authority.utf8.lastIndex(of: UInt8(ascii: "@")).map { authority[authority.utf8.index(after: $0)...] } ?? authority
    var name = address
    var number: Int?
    if !address.hasSuffix("]"), let colon = address.lastIndex(of: ":") {
      let digits = address[address.index(after: colon)...]
      guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(digits), (1...65535).contains(value) else { return nil }
      number = value
      name = address[..<colon]
    }
    port = number
    host = name.lowercased()
    guard !host.isEmpty, !host.contains("..") else { return nil }
    let isAddress = host.hasPrefix("[") && host.hasSuffix("]") && HostName.isIPv6(host.dropFirst().dropLast())
    guard isAddress || !host.utf8.contains(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") }) else {
      return nil
    }
  }

  package var isLoopback: Bool {
    host == "localhost" || host == "[::1]" || host.hasSuffix(".localhost")
      || (host.hasPrefix("127.") && host.split(separator: ".").count == 4
        && host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) })
  }
}

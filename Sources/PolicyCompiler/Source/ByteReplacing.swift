// To Swift a sign and the accent behind it are one character, another one than the sign alone: `"\"\u{301}".replacing("\"", with: …)`
// replaces nothing. Whoever reads what Writ prints looks at bytes, so quoting and taking apart are done by bytes, too.

extension String {
  /// The text with every occurrence of one of bytes below 0x80 replaced.
  ///
  /// - Parameter limit: how many are replaced, from the beginning.
  package func replacing(bytes piece: StaticString, with replacement: String, limit: Int = .max) -> String {
    let piece = Array(piece.description.utf8)
    guard let first = piece.first, utf8.contains(first) else { return self }
    var (out, rest, left) = ([UInt8](), Array(utf8)[...], limit)
    out.reserveCapacity(rest.count)
    while left > 0, let place = rest.firstIndex(of: first) {
      out += rest[..<place]
      rest = rest[place...]
      if rest.starts(with: piece) {
        out += replacement.utf8
        rest = rest.dropFirst(piece.count)
        left -= 1
      } else {
        out.append(rest.removeFirst())
      }
    }
    return String(decoding: out + rest, as: UTF8.self)
  }

  /// The parts between the occurrences of a byte below 0x80; one more than there are of them.
  package func split(byte separator: Unicode.Scalar, maxSplits: Int = .max) -> [String] {
    let byte = UInt8(truncatingIfNeeded: separator.value)
    return utf8.split(separator: byte, maxSplits: maxSplits, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
  }
}

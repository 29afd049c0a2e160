extension StringProtocol {
  /// Whether the bytes of a piece occur in this text. Tools that read a file look for bytes, too; and a search for
  /// characters takes many times as long.
  package func containsBytes(of piece: String) -> Bool {
    guard let first = piece.utf8.first else { return true }
    var rest = utf8[...]
    while let place = rest.firstIndex(of: first) {
      rest = rest[place...]
      if rest.starts(with: piece.utf8) { return true }
      rest = rest.dropFirst()
    }
    return false
  }
}

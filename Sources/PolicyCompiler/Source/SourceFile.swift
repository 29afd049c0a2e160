/// One policy file as it was read: its path and its bytes, whatever they hold.
public struct SourceFile: Sendable {
  /// The path below the repository's root, with `/` between segments.
  public let path: String
  public let bytes: [UInt8]

  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  public init(path: String, text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }
}

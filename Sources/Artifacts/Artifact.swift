/// One generated file.
package struct Artifact: Sendable, Equatable {
  /// Below the folder of generated files, with `/` between segments.
  package let path: String
  package let bytes: [UInt8]
  /// The declaration that it comes from.
  package let declaration: String
  package let target: TargetKind

  package init(path: String, bytes: [UInt8], declaration: String, target: TargetKind) {
    self.path = path
    self.bytes = bytes
    self.declaration = declaration
    self.target = target
  }

  package init(path: String, text: String, declaration: String, target: TargetKind) {
    self.init(path: path, bytes: Array(text.utf8), declaration: declaration, target: target)
  }

  package var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// One generated file.
package struct Artifact: Sendable, Equatable {
  /// Below the folder of generated files, with `/` between segments.
  package let path: String
  package let bytes: [UInt8]
  /// The declaration that it comes from.
  package let declaration: String
  package let target: TargetKind

  package init(path: String, text: String, declaration: String, target: TargetKind) {
    self.path = path
    bytes = Array(text.utf8)
    self.declaration = declaration
    self.target = target
  }

  package var text: String { String(decoding: bytes, as: UTF8.self) }
}

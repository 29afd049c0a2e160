/// Whether a path stays below its folder, and means the same file on every machine.
package enum PathCheck {
  /// Why it does not, continuing "the path …"; nil where all is well.
  package static func reason(_ text: String, below folder: String) -> String? {
    // By bytes: to Swift, a slash and an accent behind it are one character, to a file system they are two.
    let bytes = Array(text.utf8)
    let segments = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    if bytes.isEmpty { return "is empty" }
    if bytes[0] == UInt8(ascii: "/") || bytes[0] == UInt8(ascii: "~") { return "is absolute" }
    if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F || foreign.contains($0) }) {
      return "holds a character that paths cannot have everywhere (one of `\\ : * ? < > | \"`, or a control character)"
    }
    if segments.contains(where: { $0.elementsEqual("..".utf8) }) { return "would leave \(folder)" }
    if segments.contains(where: { $0.isEmpty || $0.elementsEqual(".".utf8) }) { return "has an empty or `.` segment" }
    for segment in segments { if let reason = reason(segment) { return reason } }
    return bytes.count > 512 ? "is longer than 512 bytes" : nil
  }

  private static let foreign = Array("\\:*?<>|\"".utf8)

  private static func reason(_ segment: ArraySlice<UInt8>) -> String? {
    let text = String(decoding: segment, as: UTF8.self)
    let folded = text.lowercased()
    // In every spelling that some file system takes for it.
    if folded == ".git" || folded == "git~1" { return "has the segment `\(text)`, which is git's own" }
    if segment.first == UInt8(ascii: "."), segment.contains(UInt8(ascii: "$")) {
      return "has the segment `\(text)`, which could become `.git` once it is filled in"
    }
    if segment.last == UInt8(ascii: " ") || segment.last == UInt8(ascii: ".") {
      return "has the segment `\(text)`: Windows drops a dot or a space at its end"
    }
    // With room for `.manifest.json` behind it, file systems take 255.
    if segment.count > 240 { return "has a segment of more than 240 bytes" }
    // https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
    var stem = folded.prefix { $0 != "." }
    while stem.last == " " { stem.removeLast() }
    return devices.contains(String(stem)) ? "has the segment `\(text)`, which is a device on Windows" : nil
  }

  private static let devices: Set<String> = {
    let numbered = ["com", "lpt"].flatMap { name in "0123456789¹²³".map { "\(name)\($0)" } }
    return Set(["con", "prn", "aux", "nul", "conin$", "conout$"] + numbered)
  }()
}

extension Diagnostic {
  package static func path(
    _ text: String, below folder: String = "the folder of generated files", example: String = "dbt/profiles.yml", at span: SourceSpan
  ) -> Self? {
    guard let reason = PathCheck.reason(text, below: folder) else { return nil }
    return Self(
      .unsafePath, text.isEmpty ? "the path is empty" : "the path `\(text)` \(reason)", at: span,
      help: "write a path below \(folder), such as `\(example)`")
  }
}

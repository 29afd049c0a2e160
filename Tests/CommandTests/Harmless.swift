import Foundation
import TestSupport
import Testing

/// No control characters, nothing that hides or reorders, no line that a CI runner takes for an order.
///
/// - Parameter format: whose own orders and marks are let pass: annotations of `github`, the breaks in `markdown`'s mentions.
func expectHarmless(_ run: Run, format: String = "", sourceLocation: SourceLocation = #_sourceLocation) {
  for line in run.everything.utf8.split(separator: UInt8(ascii: "\n")) {
    let scalars = Array(String(decoding: line, as: UTF8.self).unicodeScalars)
    let text = String(String.UnicodeScalarView(scalars))
    let hidden = scalars.filter { isHidden($0.value) && !(format == "markdown" && $0.value == 0x200B) }
    #expect(hidden.isEmpty, "\(text.debugDescription)", sourceLocation: sourceLocation)
    // The runner of GitHub Actions skips every kind of space before `::`, and finds `##[` anywhere; those of Azure and of
    // TeamCity find their word behind `##`. A diff's mark is no protection that a reader should rely on.
    let start = scalars.drop { $0.properties.isWhitespace }
    let isAnnotation = format == "github" && text.prefixMatch(of: /::(error|warning|notice) (file=[^:,]*,|title=[^:,]*)/) != nil
    let isOrder =
      start.starts(with: "::".unicodeScalars) && !isAnnotation
      || text.firstMatch(of: /##[A-Za-z0-9._-]*\[/.matchingSemantics(.unicodeScalar)) != nil
    #expect(!isOrder, "\(text.debugDescription)", sourceLocation: sourceLocation)
  }
}

/// Control characters but for the line break, and what Unicode has to hide, join and reorder.
private func isHidden(_ scalar: UInt32) -> Bool {
  switch scalar {
  case 0..<0x20, 0x7F...0x9F, 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F,
    0x3164, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
    true
  default: false
  }
}

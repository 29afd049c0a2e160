/// Prints diagnostics for a person: place, message, the line with its span underlined, notes and help.
package struct DiagnosticPrinter {
  package let sources: SourceMap
  package let useColor: Bool
  /// Excerpts are cut to this many columns.
  package let width: Int

  package init(sources: SourceMap, useColor: Bool = false, width: Int = 80) {
    self.sources = sources
    self.useColor = useColor
    self.width = max(40, width)
  }

  package func text(_ diagnostics: [Diagnostic]) -> String {
    let mask = SecretMask(diagnostics, sources)
    return diagnostics.map { text($0, mask) }.joined(separator: "\n")
  }

  package func text(_ it: Diagnostic) -> String { text(it, SecretMask([it], sources)) }

  private func text(_ it: Diagnostic, _ mask: SecretMask) -> String {
    let label = colored("\(it.severity.rawValue)[\(it.code.rawValue)]", color(it.severity))
    let message = SafeText.escaped(it.message)
    var out: String
    if let span = it.span {
      out =
        "\(bold(place(span))): \(label): \(bold(message))\n"
        + excerpt(span, color(it.severity), mask, mayShow: it.isSpanKnownToBeNoSecret)
    } else {
      out = "\(label): \(bold(message))\n"
    }
    for note in it.notes {
      out += "  \(colored("note", .cyan)): \(SafeText.escaped(note.message))"
      if let span = note.span { out += "\n        at \(place(span))" }
      out += "\n"
    }
    if let help = it.help { out += "  \(colored("help", .green)): \(SafeText.escaped(help))\n" }
    return out
  }

  /// `2 errors, 1 warning`; notes only where there is nothing else.
  package static func summary(_ diagnostics: [Diagnostic]) -> String {
    func count(_ severity: Diagnostic.Severity, _ one: String) -> String? {
      let number = diagnostics.count { $0.severity == severity }
      return number == 0 ? nil : number == 1 ? "1 \(one)" : "\(number) \(one)s"
    }
    return [count(.error, "error"), count(.warning, "warning"), count(.note, "note")].compactMap { $0 }.joined(separator: ", ")
  }

  package func place(_ span: SourceSpan) -> String {
    let start = sources.start(of: span)
    return "\(SafeText.escaped(start.path)):\(start.line):\(start.column)"
  }

  /// The line on which the span begins, with the span underlined; long lines are cut around it.
  private func excerpt(_ span: SourceSpan, _ color: Color, _ mask: SecretMask, mayShow: Bool) -> String {
    let start = sources.start(of: span)
    let (whole, bytes) = sources.lineRange(of: span)
    // Of a very long line only what is near: a file may be one line.
    let near = Self.window(whole, around: Int(span.start), reach: 4 * width, bytes)
    func characters(_ range: Range<Int>) -> [Character] {
      mask.text(range, of: whole, bytes, span: span, mayShow: mayShow).unicodeScalars.map { $0 == "\t" ? " " : Character($0) }
    }
    let line = characters(near)
    let begin = min(max(Int(span.start), near.lowerBound), near.upperBound)
    let end = min(max(Int(span.end), begin), near.upperBound)
    let from = characters(near.lowerBound..<begin).count
    let to = from + characters(begin..<end).count
    let number = String(start.line)
    let room = max(20, width - number.count - 6)
    var first = 0
    if line.count > room {
      // Keep the span in sight, with a little of what stands before it.
      first = max(0, min(from - room / 4, line.count - room))
    }
    let last = min(line.count, first + room)
    var shown = String(line[first..<last])
    if first > 0 || near.lowerBound > whole.lowerBound { shown = "…" + shown.dropFirst() }
    if last < line.count || near.upperBound < whole.upperBound { shown = shown.dropLast() + "…" }
    let gutter = String(repeating: " ", count: number.count)
    let length = max(1, min(to, last) - from)
    let underline = String(repeating: " ", count: max(0, from - first)) + colored(String(repeating: "^", count: length), color)
    return "  \(dim("\(number) |")) \(escapedLine(shown))\n  \(dim("\(gutter) |")) \(underline)\n"
  }

  /// A part of a line that reaches so many bytes to either side of a place, cut between characters.
  private static func window(_ line: Range<Int>, around place: Int, reach: Int, _ bytes: [UInt8]) -> Range<Int> {
    var from = max(line.lowerBound, place - reach)
    while from < line.upperBound, from > line.lowerBound, bytes[from] & 0xC0 == 0x80 { from += 1 }
    var to = max(from, min(line.upperBound, place + reach))
    while to > from, to < line.upperBound, bytes[to] & 0xC0 == 0x80 { to -= 1 }
    return from..<to
  }

  /// One character stays one column, so that the underline stays in place.
  private func escapedLine(_ line: String) -> String {
    let seen = line.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F || SourceText.isHidden($0.value) ? "\u{FFFD}" : $0 }
    return SafeText.brokenUp(String(String.UnicodeScalarView(seen))) { "##\($0)⟦" }
  }

  // MARK: Colour

  private enum Color: String { case red = "31", yellow = "33", blue = "34", cyan = "36", green = "32" }

  private func color(_ severity: Diagnostic.Severity) -> Color {
    switch severity {
    case .error: .red
    case .warning: .yellow
    case .note: .blue
    }
  }

  private func colored(_ text: String, _ color: Color) -> String { useColor ? "\u{1B}[1;\(color.rawValue)m\(text)\u{1B}[0m" : text }
  private func bold(_ text: String) -> String { useColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  private func dim(_ text: String) -> String { useColor ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
}

/// The second way of printing a value: as people write policy. What fits on a line stands on one line (`{ owners: [lee] }`),
/// a list that does not fit goes on below its first item, everything else is a block.
extension YAML {
  /// The value as a document, with a line break at the end.
  ///
  /// - Parameters:
  ///   - width: columns of a line. A scalar that cannot be broken is longer.
  ///   - levels: mappings of so many outer levels are blocks, however short they are.
  package func compact(width: Int = 120, levels: Int = 1) -> String {
    var out = ""
    switch self {
    case .mapping(let entries) where !entries.isEmpty: Compact(width: width).block(entries, indent: 0, levels: levels, into: &out)
    default: out = compactLine + "\n"
    }
    return out
  }

  /// The value on one line.
  fileprivate var compactLine: String {
    switch self {
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .string(let text): Self.compactScalar(text)
    case .list(let items): "[" + items.map(\.compactLine).joined(separator: ", ") + "]"
    case .mapping(let entries):
      entries.isEmpty
        ? "{}" : "{ " + entries.map { "\(Self.compactScalar($0.key)): \($0.value.compactLine)" }.joined(separator: ", ") + " }"
    }
  }

  /// Plain where the strict printer is, and also for what policies are full of: patterns, and names that begin with a digit.
  fileprivate static func compactScalar(_ text: String) -> String {
    let bytes = text.utf8
    let isPlain = bytes.allSatisfy {
      isWord($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "*")
        || $0 == UInt8(ascii: "@")
    }
    guard isPlain, let first = bytes.first else { return scalar(text) }
    // Digits with one of these letters are no number, date or time of any YAML.
    let isName = (0x30...0x39).contains(first) && bytes.contains { (0x67...0x77).contains($0 | 0x20) && $0 | 0x20 != 0x6F }
    let isPattern = (0x61...0x7A).contains(first | 0x20) && bytes.contains(UInt8(ascii: "*"))
    return isName || isPattern ? text : scalar(text)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
  }
}

private struct Compact {
  let width: Int

  func block(_ entries: [YAML.Entry], indent: Int, levels: Int, into out: inout String) {
    for entry in entries {
      let key = space(indent) + YAML.compactScalar(entry.key) + ":"
      out += key
      value(entry.value, at: key.unicodeScalars.count + 1, indent: indent + 2, levels: levels - 1, into: &out)
    }
  }

  /// A value behind its key: on the same line, or below it.
  ///
  /// - Parameters:
  ///   - column: where it would begin on the key's line.
  ///   - indent: of the lines below.
  private func value(_ value: YAML, at column: Int, indent: Int, levels: Int, into out: inout String) {
    if levels <= 0 || value.isScalar, let line = fitting(value, column) {
      out += " \(line)\n"
      return
    }
    switch value {
    case .mapping(let entries) where !entries.isEmpty:
      out += "\n"
      block(entries, indent: indent, levels: levels, into: &out)
    case .list(let items) where items.allSatisfy(\.isScalar) && !items.isEmpty: out += " " + wrapped(items, column)
    case .list(let items) where !items.isEmpty:
      out += "\n"
      for item in items { self.item(item, indent: indent, into: &out) }
    case .string(let text) where Self.canFold(text): out += " >-\n" + folded(text, indent: indent)
    default: out += " \(value.compactLine)\n"
    }
  }

  private func item(_ value: YAML, indent: Int, into out: inout String) {
    guard fitting(value, indent + 2) == nil, case .mapping(let entries) = value, !entries.isEmpty else {
      out += space(indent) + "- \(value.compactLine)\n"
      return
    }
    var inner = ""
    block(entries, indent: indent + 2, levels: 0, into: &inner)
    out += space(indent) + "- " + inner.dropFirst(indent + 2)
  }

  private func fitting(_ value: YAML, _ column: Int) -> String? {
    let line = value.compactLine
    return column + line.unicodeScalars.count <= width ? line : nil
  }

  /// `[first, …,` with the lines that follow below the first item.
  private func wrapped(_ items: [YAML], _ column: Int) -> String {
    var out = "["
    var used = column + 1
    for (index, item) in items.enumerated() {
      let text = item.compactLine + (index == items.count - 1 ? "]" : ",")
      let length = text.unicodeScalars.count
      if index > 0 {
        if used + 1 + length > width {
          out += "\n" + space(column + 1)
          used = column + 1
        } else {
          out += " "
          used += 1
        }
      }
      out += text
      used += length
    }
    return out + "\n"
  }

  /// Whether a folded block gives the very same text back: https://yaml.org/spec/1.2.2/#813-folded-style
  private static func canFold(_ text: String) -> Bool {
    let bytes = text.utf8
    return bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F } && bytes.first != 0x20 && bytes.last != 0x20 && bytes.contains(0x20)
      && !zip(bytes, bytes.dropFirst()).contains { $0 == 0x20 && $1 == 0x20 }
  }

  private func folded(_ text: String, indent: Int) -> String {
    var out = ""
    var used = 0
    for word in text.split(separator: " ") {
      let length = word.unicodeScalars.count
      if used > 0, used + 1 + length <= width {
        out += " "
        used += 1
      } else {
        out += (used > 0 ? "\n" : "") + space(indent)
        used = indent
      }
      out += word
      used += length
    }
    return out + "\n"
  }

  private func space(_ count: Int) -> String { String(repeating: " ", count: count) }
}

extension YAML {
  fileprivate var isScalar: Bool {
    switch self {
    case .list, .mapping: false
    default: true
    }
  }
}

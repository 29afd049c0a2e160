/// What every policy file's bytes must be before YAML is read from them: UTF-8, within size, nothing hidden.
enum SourceText {
  /// A policy file may hold at most this many bytes: 16 MiB.
  static let maximumBytes = 16 << 20

  /// The first problem that keeps the bytes from being read, and every hidden character in them.
  static func check(_ bytes: [UInt8], file: Int32) -> (problems: [Diagnostic], isReadable: Bool, isASCII: Bool) {
    if bytes.count > maximumBytes {
      return ([.fileTooLarge(bytes.count, file: file)], false, false)
    }
    let isWide = bytes.count >= 4 && (bytes[0] == 0 && bytes[2] == 0 || bytes[1] == 0 && bytes[3] == 0)
    if isWide || bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return ([.utf16(file: file)], false, false)
    }
    var problems: [Diagnostic] = []
    var index = 0
    var isASCII = true
    let count = bytes.count
    while index < count {
      let byte = bytes[index]
      if byte < 0x80 {
        if byte < 0x20, byte != 0x0A, byte != 0x0D, byte != 0x09 {
          problems.append(.control(UInt32(byte), file: file, at: index, length: 1))
        } else if byte == 0x7F {
          problems.append(.control(0x7F, file: file, at: index, length: 1))
        }
        index += 1
        continue
      }
      isASCII = false
      guard let (scalar, length) = scalar(bytes, at: index) else {
        return (problems + [.invalidUTF8(file: file, at: index, byte: byte)], false, false)
      }
      if isHidden(scalar), !(scalar == 0xFEFF && index == 0) {
        problems.append(.control(scalar, file: file, at: index, length: length))
      }
      index += length
      if problems.count >= 100 { return (problems, false, isASCII) }
    }
    return (problems, problems.isEmpty, isASCII)
  }

  /// Decodes one scalar strictly: no overlong forms, no surrogates, nothing above U+10FFFF.
  static func scalar(_ bytes: [UInt8], at index: Int) -> (UInt32, Int)? {
    func continuation(_ offset: Int) -> UInt32? {
      guard index + offset < bytes.count, bytes[index + offset] & 0xC0 == 0x80 else { return nil }
      return UInt32(bytes[index + offset] & 0x3F)
    }
    let first = UInt32(bytes[index])
    switch first {
    case 0..<0x80:
      return (first, 1)
    case 0xC2...0xDF:
      guard let a = continuation(1) else { return nil }
      return ((first & 0x1F) << 6 | a, 2)
    case 0xE0...0xEF:
      guard let a = continuation(1), let b = continuation(2) else { return nil }
      let value = (first & 0x0F) << 12 | a << 6 | b
      return value < 0x800 || 0xD800...0xDFFF ~= value ? nil : (value, 3)
    case 0xF0...0xF4:
      guard let a = continuation(1), let b = continuation(2), let c = continuation(3) else { return nil }
      let value = (first & 0x07) << 18 | a << 12 | b << 6 | c
      return 0x10000...0x10FFFF ~= value ? (value, 4) : nil
    default:
      return nil
    }
  }

  /// Characters that change what a reader sees without being seen: bidirectional controls (Trojan Source,
  /// https://www.unicode.org/reports/tr39/), zero-width characters, C1 controls, tags, odd line separators.
  static func isHidden(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x80...0x9F, 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E: true
    case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x3164, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0: true
    case 0xFFF9...0xFFFB, 0xE0000...0xE0FFF: true
    default: false
    }
  }

  /// A hidden character that a scalar's escape stands for.
  static func hidden(_ scalar: UInt32, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .hiddenCharacter, "this text means U+\(String(scalar, radix: 16, uppercase: true)), which is not seen where it is read", at: span,
      help: "take the escape out")
  }
}

extension Diagnostic {
  private static func span(_ file: Int32, _ at: Int, _ length: Int) -> SourceSpan {
    SourceSpan(file: file, start: UInt32(at), end: UInt32(at + length))
  }

  fileprivate static func fileTooLarge(_ count: Int, file: Int32) -> Self {
    Self(
      .fileTooLarge, "the file has \(count) bytes, more than the \(SourceText.maximumBytes) that a policy file may have",
      at: span(file, 0, 0), help: "split it: any file below the policy folder may hold any section")
  }

  fileprivate static func utf16(file: Int32) -> Self {
    Self(.invalidUTF8, "the file is UTF-16, not UTF-8", at: span(file, 0, 0), help: "save it as UTF-8")
  }

  fileprivate static func invalidUTF8(file: Int32, at: Int, byte: UInt8) -> Self {
    Self(
      .invalidUTF8, "the byte 0x\(hex(UInt32(byte), width: 2)) is not valid UTF-8 here", at: span(file, at, 1),
      help: "save the file as UTF-8")
  }

  fileprivate static func control(_ scalar: UInt32, file: Int32, at: Int, length: Int) -> Self {
    let name: String =
      switch scalar {
      case 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x61C: "a bidirectional control"
      case 0x200B...0x200D, 0x2060...0x2064, 0xFEFF: "a zero-width character"
      case 0..<0x20, 0x7F...0x9F: "a control character"
      case 0x2028, 0x2029: "a line separator that editors do not show"
      default: "an invisible character"
      }
    return Self(
      .hiddenCharacter, "U+\(hex(scalar, width: 4)) is \(name): what is read here is not what is seen",
      at: span(file, at, length), help: "delete it")
  }

  private static func hex(_ value: UInt32, width: Int) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

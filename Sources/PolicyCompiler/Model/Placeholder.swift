/// `${principal}` and `${environment}`: the two things that a text may leave open.
package enum Placeholder: String, CaseIterable, Sendable {
  case principal, environment

  package var text: String { "${\(rawValue)}" }

  /// The index after one of Writ's placeholders that begins here.
  static func end(_ bytes: [UInt8], at index: Int) -> Int? {
    for placeholder in allCases {
      let wanted = placeholder.text.utf8
      if index + wanted.count <= bytes.count, bytes[index..<index + wanted.count].elementsEqual(wanted) { return index + wanted.count }
    }
    return nil
  }

  /// The text with both filled in; nil leaves a placeholder as it is.
  package static func fill(_ text: String, principal: String?, environment: String?) -> String {
    guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
    var result = text
    if let principal { result = replace(Self.principal.text, in: result, with: principal) }
    if let environment { result = replace(Self.environment.text, in: result, with: environment) }
    return result
  }

  package static func occurs(_ placeholder: Placeholder, in text: String) -> Bool {
    text.utf8.contains(UInt8(ascii: "$")) && !ranges(of: placeholder.text, in: Array(text.utf8)).isEmpty
  }

  private static func replace(_ wanted: String, in text: String, with value: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var last = 0
    for range in ranges(of: wanted, in: bytes) {
      result += bytes[last..<range.lowerBound]
      result += value.utf8
      last = range.upperBound
    }
    return String(decoding: result + bytes[last...], as: UTF8.self)
  }

  private static func ranges(of wanted: String, in bytes: [UInt8]) -> [Range<Int>] {
    let wanted = Array(wanted.utf8)
    var found: [Range<Int>] = []
    var index = 0
    while index + wanted.count <= bytes.count {
      if bytes[index] == wanted[0], bytes[index..<index + wanted.count].elementsEqual(wanted) {
        found.append(index..<index + wanted.count)
        index += wanted.count
      } else {
        index += 1
      }
    }
    return found
  }
}

/// Template syntax of some tool that would read it as more than text: `{{ … }}`, `{% … %}`, `${…}`, `$(…)`.
package enum TemplateSyntax {
  /// The first piece of it, as bytes of the text; Writ's own placeholders are none.
  package static func find(in text: String) -> (range: Range<Int>, piece: String)? {
    let bytes = Array(text.utf8)
    guard
      bytes.contains(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "}") })
    else { return nil }
    var index = 0
    while index + 1 < bytes.count {
      switch (bytes[index], bytes[index + 1]) {
      case (UInt8(ascii: "{"), UInt8(ascii: "{")), (UInt8(ascii: "{"), UInt8(ascii: "%")), (UInt8(ascii: "{"), UInt8(ascii: "#")),
        (UInt8(ascii: "$"), UInt8(ascii: "(")), (UInt8(ascii: "<"), UInt8(ascii: "%")), (UInt8(ascii: "}"), UInt8(ascii: "}")):
        return (index..<index + 2, String(decoding: bytes[index..<index + 2], as: UTF8.self))
      case (UInt8(ascii: "$"), UInt8(ascii: "{")):
        guard let end = Placeholder.end(bytes, at: index) else { return (index..<index + 2, "${") }
        index = end
        continue
      case (UInt8(ascii: "$"), UInt8(ascii: "A")...UInt8(ascii: "Z")), (UInt8(ascii: "$"), UInt8(ascii: "a")...UInt8(ascii: "z")),
        (UInt8(ascii: "$"), UInt8(ascii: "_")):
        // A shell, and Airflow's configuration, take it for a variable.
        return (index..<index + 2, String(decoding: bytes[index..<index + 2], as: UTF8.self))
      default: index += 1
      }
    }
    return nil
  }
}

import PolicyCompiler

/// Words of a grammar, in libFuzzer's format: a line each, in quotes, perhaps with a name and `=` before it.
///
/// Source of the format: https://llvm.org/docs/LibFuzzer.html#dictionaries
package enum FuzzDictionary {
  package static func words(_ text: String) -> [[UInt8]] {
    text.split(byte: "\n").compactMap { line in
      let bytes = Array(line.utf8)
      guard bytes.first != UInt8(ascii: "#"), let from = bytes.firstIndex(of: UInt8(ascii: "\"")), bytes.last == UInt8(ascii: "\""),
        bytes.count > from + 2
      else { return nil }
      return unescaped(bytes[(from + 1)..<(bytes.count - 1)])
    }
  }

  /// `\\`, `\"` and `\xAB`.
  private static func unescaped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var (out, rest) = ([UInt8](), bytes)
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let sign = rest.first else {
        out.append(byte)
        continue
      }
      if sign == UInt8(ascii: "x"), rest.count >= 3,
        let value = UInt8(String(decoding: rest.dropFirst().prefix(2), as: UTF8.self), radix: 16)
      {
        out.append(value)
        rest = rest.dropFirst(3)
      } else {
        out.append(sign)
        rest = rest.dropFirst()
      }
    }
    return out
  }
}

import TestSupport

/// Other ways of laying out a file, some of which mean something else or nothing at all.
enum LayoutMutation {
  static func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    let at = Int.random(in: 0..<lines.count, using: &generator)
    func indentation(_ line: [UInt8]) -> Int { line.prefix { $0 == 0x20 }.count }
    func insert(_ text: String) { lines.insert(Array(text.utf8), at: at) }
    let spaces = String(repeating: " ", count: Int.random(in: 0...9, using: &generator))
    switch Int.random(in: 0..<17, using: &generator) {
    case 0: lines = lines.map { [UInt8](repeating: 0x20, count: indentation($0)) + $0 }
    case 1: lines = lines.map { line in [UInt8](repeating: 0x20, count: line.isEmpty ? 0 : 3) + line }
    case 2: insert("\(spaces)# a comment with 'quotes' and # more")
    case 3: lines[at] += Array("\(spaces)  # behind".utf8)
    case 4: for _ in 0...Int.random(in: 0...3, using: &generator) { insert(spaces) }
    case 5: lines[at] += Array(spaces.utf8)
    case 6: bytes = Array(lines.joined(separator: Array("\r\n".utf8)))
    case 7: lines[at] = lines[at].flatMap { $0 == UInt8(ascii: ",") ? Array("\(spaces),\(spaces)".utf8) : [$0] }
    case 8: lines[at] = lines[at].flatMap { $0 == UInt8(ascii: ",") ? Array(",\n\(spaces)# in between\n  ".utf8) : [$0] }
    case 9: lines[at] = lines[at].flatMap { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") ? [$0] + Array("\n\(spaces)  ".utf8) : [$0] }
    case 10:
      lines[at] = lines[at].flatMap { $0 == UInt8(ascii: "}") || $0 == UInt8(ascii: "]") ? Array(",\n  \(spaces)".utf8) + [$0] : [$0] }
    case 11: lines[at] = lines[at].map { $0 == UInt8(ascii: "\"") ? UInt8(ascii: "'") : $0 }
    // Lists at the level of their keys.
    case 12: lines = lines.map { line in line.drop { $0 == 0x20 }.first == UInt8(ascii: "-") ? Array(line.dropFirst(2)) : line }
    case 13:
      insert(
        "\(spaces)description: |\(["", "-", "+", "2", "2+"].randomElement(using: &generator) ?? "")\n\(spaces)     text\n\n\(spaces)      # more \n  \n"
      )
    case 14: insert("\(spaces)description: some\n\(spaces)   long\n\n\(spaces)    text \(Bool.random(using: &generator) ? "" : "# end")")
    case 15:
      insert(["---", "--- # two", "...", "? x", ": y", "- &a b", "- *a", "\(spaces)z: &b", "- - c"].randomElement(using: &generator) ?? "")
    default:
      lines[at] = lines[at].flatMap { $0 == UInt8(ascii: ":") ? Array(":\(spaces)".utf8) : [$0] }
    }
    if bytes.contains(0x0D) { return }
    bytes = Array(lines.joined(separator: [0x0A]))
    if Int.random(in: 0..<10, using: &generator) == 0, bytes.last == 0x0A { bytes.removeLast() }
  }
}

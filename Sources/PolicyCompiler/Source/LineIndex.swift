import Synchronization

/// Where the lines of a file begin, so that a place is found without reading the file from its start again.
struct LineIndex: Sendable {
  /// The first byte of each line.
  private let starts: [UInt32]
  /// Of every block of bytes, how many before it continue a character.
  private let continuations: [UInt32]
  private static let block = 1024

  init(_ bytes: [UInt8]) {
    var starts: [UInt32] = [bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0]
    var continuations: [UInt32] = []
    var count: UInt32 = 0
    for index in bytes.indices {
      if index % Self.block == 0 { continuations.append(count) }
      let byte = bytes[index]
      if byte & 0xC0 == 0x80 {
        count += 1
      } else if byte == 0x0A || (byte == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A)) {
        starts.append(UInt32(index + 1))
      }
    }
    self.starts = starts
    self.continuations = continuations
  }

  /// Line and column from 1; columns count characters.
  func location(_ offset: Int, _ bytes: [UInt8]) -> (line: Int, column: Int) {
    let line = number(offset)
    let start = min(Int(starts[line]), offset)
    return (line + 1, 1 + (offset - start) - (continued(before: offset, bytes) - continued(before: start, bytes)))
  }

  /// The bytes of the line in which a byte stands, its break included.
  func line(_ offset: Int, _ bytes: [UInt8]) -> (from: Int, to: Int) {
    let line = number(offset)
    return (line == 0 ? 0 : Int(starts[line]), line + 1 < starts.count ? Int(starts[line + 1]) : bytes.count)
  }

  /// The last line that begins at or before a byte.
  private func number(_ offset: Int) -> Int {
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(starts[middle]) <= offset { low = middle } else { high = middle }
    }
    return low
  }

  private func continued(before offset: Int, _ bytes: [UInt8]) -> Int {
    guard offset > 0 else { return 0 }
    let block = min(offset / Self.block, continuations.count - 1)
    var count = Int(continuations[block])
    for index in block * Self.block..<offset where bytes[index] & 0xC0 == 0x80 { count += 1 }
    return count
  }
}

/// The line indices of a compilation's files, each made when something is first printed of its file.
final class LineIndices: Sendable {
  private let made = Mutex<[Int: LineIndex]>([:])

  func of(_ file: Int, _ files: [SourceFile]) -> LineIndex {
    made.withLock { all in
      if let known = all[file] { return known }
      let index = LineIndex(files[file].bytes)
      all[file] = index
      return index
    }
  }
}

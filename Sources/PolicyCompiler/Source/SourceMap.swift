/// The files of one compilation, sorted by path, and the places in them.
public struct SourceMap: Sendable {
  public let files: [SourceFile]
  private let lines: LineIndices
  private let hidden = HiddenLines()

  /// Sorts by the bytes of the path, so that no answer depends on the order of reading.
  public init(_ files: [SourceFile]) {
    self.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    lines = LineIndices()
  }

  /// The files of two revisions, each file that both have alike once; with the numbers of each revision's files, by path.
  static func joined(_ old: [SourceFile], _ new: [SourceFile]) -> (sources: SourceMap, old: [Int], new: [Int]) {
    let left = SourceMap(old).files, right = SourceMap(new).files
    var all: [SourceFile] = []
    var (oldFiles, newFiles): ([Int], [Int]) = ([], [])
    var (one, other) = (0, 0)
    while one < left.count || other < right.count {
      let comparison: Int
      if one == left.count {
        comparison = 1
      } else if other == right.count {
        comparison = -1
      } else if left[one].path.utf8.elementsEqual(right[other].path.utf8) {
        comparison = 0
      } else {
        comparison = left[one].path.utf8.lexicographicallyPrecedes(right[other].path.utf8) ? -1 : 1
      }
      if comparison == 0, left[one].bytes == right[other].bytes {
        oldFiles.append(all.count)
        newFiles.append(all.count)
        all.append(left[one])
        (one, other) = (one + 1, other + 1)
        continue
      }
      if comparison <= 0 {
        oldFiles.append(all.count)
        all.append(left[one])
        one += 1
      }
      if comparison >= 0 {
        newFiles.append(all.count)
        all.append(right[other])
        other += 1
      }
    }
    return (SourceMap(ordered: all), oldFiles, newFiles)
  }

  /// - Parameter ordered: in the order that they are to be numbered in.
  package init(ordered files: [SourceFile]) {
    self.files = files
    lines = LineIndices()
  }

  /// Where a span begins, for a person: line and column count from 1.
  public struct Location: Sendable, Hashable {
    public let path: String
    public let line: Int
    /// Counted in Unicode scalars.
    public let column: Int
  }

  public func path(of span: SourceSpan) -> String { files[Int(span.file)].path }

  public func start(of span: SourceSpan) -> Location { location(of: span.file, at: Int(span.start)) }

  public func end(of span: SourceSpan) -> Location { location(of: span.file, at: Int(span.end)) }

  /// The column at which a span begins and the one behind its end, counted in bytes from 1 on each line.
  func byteColumns(of span: SourceSpan) -> (start: Int, end: Int) {
    func column(_ offset: UInt32) -> Int {
      let bytes = files[Int(span.file)].bytes.count
      let line = lineRange(of: SourceSpan(file: span.file, start: offset, end: offset)).range
      return 1 + max(0, min(Int(offset), bytes) - line.lowerBound)
    }
    return (column(span.start), column(span.end))
  }

  /// The text that a span covers, with invalid UTF-8 repaired.
  public func text(of span: SourceSpan) -> String {
    let bytes = files[Int(span.file)].bytes
    let end = min(Int(span.end), bytes.count)
    return String(decoding: bytes[min(Int(span.start), end)..<end], as: UTF8.self)
  }

  /// The whole line on which a span begins, without its line break.
  public func line(of span: SourceSpan) -> String {
    let (range, bytes) = lineRange(of: span)
    return String(decoding: bytes[range], as: UTF8.self)
  }

  /// Where that line stands among the file's bytes.
  func lineRange(of span: SourceSpan) -> (range: Range<Int>, bytes: [UInt8]) {
    let bytes = files[Int(span.file)].bytes
    var (from, to) = lines.of(Int(span.file), files).line(min(Int(span.start), bytes.count), bytes)
    while to > from, Self.isBreak(bytes[to - 1]) { to -= 1 }
    if from == 0, bytes.starts(with: Self.byteOrderMark) { from = min(3, to) }
    return (from..<to, bytes)
  }

  /// What stands on the lines below keys that speak of secrets.
  func secretLines(of file: Int32, _ isReadable: Bool) -> [Range<Int>] {
    hidden.of(file, isReadable: isReadable, files[Int(file)].bytes)
  }

  private func location(of file: Int32, at offset: Int) -> Location {
    let index = lines.of(Int(file), files)
    let (line, column) = index.location(min(offset, files[Int(file)].bytes.count), files[Int(file)].bytes)
    return Location(path: files[Int(file)].path, line: line, column: column)
  }

  private static func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
}

/// A range of bytes in one file of a compilation.
///
/// Lines and columns are worked out from it when something is printed, never before.
public struct SourceSpan: Hashable, Sendable {
  /// The file's index in the compilation's `SourceMap`.
  public let file: Int32
  /// The first byte.
  public let start: UInt32
  /// The byte after the last one.
  public let end: UInt32

  package init(file: Int32, start: UInt32, end: UInt32) {
    self.file = file
    self.start = start
    self.end = Swift.max(start, end)
  }

  /// A part of this span, counted in bytes from its start and cut to fit.
  package func part(_ range: Range<Int>) -> SourceSpan {
    let from = Swift.min(start &+ UInt32(clamping: range.lowerBound), end)
    let to = Swift.min(start &+ UInt32(clamping: range.upperBound), end)
    return SourceSpan(file: file, start: from, end: to)
  }
}

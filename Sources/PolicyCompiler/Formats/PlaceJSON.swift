extension SourceMap {
  /// Where a span begins, for machines.
  package func json(_ span: SourceSpan) -> JSON {
    let start = start(of: span)
    return .members(["path": .string(start.path), "line": .integer(start.line), "column": .integer(start.column)])
  }
}

extension IntervalSet {
  /// Its intervals; an end of time is left out.
  package var json: JSON {
    .array(
      intervals.map { interval in
        .members([
          "from": interval.from == .distantPast ? nil : .string(interval.from.timestamp),
          "until": interval.until == .distantFuture ? nil : .string(interval.until.timestamp),
        ])
      })
  }
}

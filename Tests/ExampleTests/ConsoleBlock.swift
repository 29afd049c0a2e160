import Foundation
import TestSupport

/// A block of a README that shows a session: commands after `$ `, and under each what it prints, both streams together.
/// A line `...` stands for any number of lines; a last line `[exit 1]` for the exit code, where it is not 0.
struct ConsoleBlock {
  struct Step {
    let command: String
    let expected: [String]
  }

  /// The lines between the fences, as indices into the document's.
  let lines: Range<Int>
  let steps: [Step]

  /// What a README may run: writ, and what shows or edits a file.
  static let allowed: Set<String> = ["writ", "cat", "sed", "cp", "mv", "rm", "head", "tail", "grep", "ls", "printf", "git"]

  static func all(in document: [String]) -> [ConsoleBlock] {
    var blocks: [ConsoleBlock] = []
    var start: Int?
    for (index, line) in document.enumerated() {
      if let from = start, line.hasPrefix("```") {
        blocks.append(ConsoleBlock(lines: from..<index, steps: steps(document[from..<index])))
        start = nil
      } else if start == nil, line == "```console" {
        start = index + 1
      }
    }
    return blocks
  }

  private static func steps(_ lines: ArraySlice<String>) -> [Step] {
    var steps: [Step] = []
    for line in lines {
      if line.hasPrefix("$ ") {
        steps.append(Step(command: String(line.dropFirst(2)), expected: []))
      } else if let last = steps.popLast() {
        steps.append(Step(command: last.command, expected: last.expected + [line]))
      }
    }
    return steps
  }

  /// Runs the command in a folder; gives what a reader would see.
  static func run(_ command: String, in folder: String) throws -> [String] {
    let run = try Program.run("/bin/sh", ["-c", command], in: folder, merging: true)
    var lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    if run.status != 0 { lines.append("[exit \(run.status)]") }
    return lines
  }

  static func matches(_ actual: ArraySlice<String>, _ expected: ArraySlice<String>) -> Bool {
    guard let first = expected.first else { return actual.isEmpty }
    if first == "..." {
      return (0...actual.count).contains { matches(actual.dropFirst($0), expected.dropFirst()) }
    }
    return actual.first == first && matches(actual.dropFirst(), expected.dropFirst())
  }

  /// What differs, for whoever mends the README.
  static func difference(_ actual: [String], _ expected: [String]) -> String {
    let line = zip(actual, expected).enumerated().first { $1.0 != $1.1 && $1.1 != "..." }?.offset ?? min(actual.count, expected.count)
    func shown(_ lines: [String]) -> String { line < lines.count ? lines[line] : "<end>" }
    return "line \(line + 1)\n  expected: \(shown(expected))\n  actual:   \(shown(actual))\nall of it:\n\(actual.joined(separator: "\n"))"
  }
}

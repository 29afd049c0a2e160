import ArgumentParser
import Artifacts
import PolicyCompiler

/// Files, formatted: what would change, and what cannot be formatted.
struct FmtRun {
  struct Change {
    let file: SourceFile
    let bytes: [UInt8]

    /// As a unified diff.
    var difference: String {
      let (old, new) = (ShownFile.text(file, .complete), ShownFile.text(SourceFile(path: file.path, bytes: bytes), .complete))
      let text = TextDifference(old: old, new: new).text()
      return SafeText.escapedLines("--- \(file.path)\n+++ \(file.path) (formatted)\n\(text)")
    }
  }

  let count: Int
  let changes: [Change]
  private let sources: SourceMap
  private let problems: [Diagnostic]
  /// Files of which no layout is known that means the same.
  private let unsure: [String]

  /// - Parameter problems: what could not even be read.
  init(_ files: [SourceFile], problems: [Diagnostic]) {
    let outcomes = SideBySide.map(files.count) { PolicyLayout.format(files[$0].bytes, file: Int32($0)) }
    var (changes, found, unsure): ([Change], [Diagnostic], [String]) = ([], problems, [])
    for (file, outcome) in zip(files, outcomes) {
      switch outcome {
      case .formatted(let bytes): if bytes != file.bytes { changes.append(Change(file: file, bytes: bytes)) }
      case .unreadable(let diagnostics): found += diagnostics
      case .unsure: unsure.append(file.path)
      }
    }
    count = files.count
    self.changes = changes
    sources = SourceMap(ordered: files)
    self.problems = found.inOrder()
    self.unsure = unsure
  }

  /// Says what was left alone, and why.
  func report() {
    if !problems.isEmpty {
      let printer = DiagnosticPrinter(sources: sources, useColor: Terminal.messagesUseColor, width: Terminal.width)
      Terminal.say(printer.text(problems) + "\nwhat has errors is left as it is: \(DiagnosticPrinter.summary(problems))\n")
    }
    for path in unsure {
      Terminal.say(
        "error: `\(SafeText.escaped(path))` was left as it is: what Writ would make of it means something else\n"
          + "  help: this is a gap in Writ; lay out by hand what is unusual in the file\n")
    }
  }

  var code: ExitCode? { !problems.isEmpty ? .policyErrors : !unsure.isEmpty ? .defect : nil }
}

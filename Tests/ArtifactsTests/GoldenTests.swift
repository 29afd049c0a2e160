import Artifacts
import Foundation
import PolicyCompiler
import TestSupport
import Testing

/// Every `Golden/<case>` of every target: `policies/` is compiled at a fixed instant, and `expected/` holds the files,
/// `diagnostics.txt` what is said (no file: nothing at all).
@Suite struct GoldenTests {
  static let instant = Instant("2026-11-20T22:00:00Z")!

  static let cases: [String] = {
    let sources = Golden.root.appending(path: "Sources/Artifacts")
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: sources.path)) ?? []
    return folders.flatMap { folder in
      ((try? FileManager.default.contentsOfDirectory(atPath: sources.appending(path: "\(folder)/Golden").path)) ?? []).map {
        "\(folder)/Golden/\($0)"
      }
    }.sorted()
  }()

  @Test(arguments: cases) func goldens(_ path: String) throws {
    let folder = Golden.root.appending(path: "Sources/Artifacts/\(path)")
    let policies = try Golden.files(below: folder.appending(path: "policies"))
    #expect(!policies.isEmpty, "\(path) has no policies")
    let files = policies.map { SourceFile(path: "policies/\($0)", bytes: $1) }
    let first = Self.run(files)
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<2 {
      let again = Self.run(files.shuffled(using: &generator))
      #expect(again.files == first.files && again.text == first.text, "the order of files changes the output")
    }
    let problems = try Golden.differences(first.files, in: folder.appending(path: "expected"))
    #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
    try Self.compare(first.text, folder)
  }

  private static func compare(_ text: String, _ folder: URL) throws {
    let file = folder.appending(path: "diagnostics.txt")
    let expected = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    if Golden.isBlessing {
      if text.isEmpty {
        try? FileManager.default.removeItem(at: file)
      } else {
        try text.write(to: file, atomically: true, encoding: .utf8)
      }
    } else {
      #expect(text == expected)
    }
  }

  static func run(_ files: [SourceFile]) -> (files: [String: [UInt8]], text: String) {
    let compilation = Compiler(grammar: .complete, at: instant).compile(files)
    var diagnostics = compilation.diagnostics
    var written: [String: [UInt8]] = [:]
    if let policy = compilation.policy {
      let rendered = ArtifactCompiler.render(policy)
      diagnostics += rendered.diagnostics
      if !diagnostics.hasErrors {
        for artifact in rendered.value { written[artifact.path] = artifact.bytes }
      }
    }
    diagnostics += compilation.secretProblems(beside: diagnostics)
    return (written, DiagnosticPrinter(sources: compilation.sources).text(diagnostics.inOrder()))
  }
}

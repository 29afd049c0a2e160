import Artifacts
import Foundation
import PolicyCompiler
import TestSupport
import Testing

/// Whatever a file holds, compiling it ends with diagnostics that can be printed.
@Suite struct RobustnessTests {
  static let example: [UInt8] = {
    let text = (try? String(contentsOf: Golden.root.appending(path: "docs/language.md"), encoding: .utf8)) ?? ""
    guard let begin = text.range(of: "```yaml\nenvironments:"), let end = text.range(of: "\n```", range: begin.upperBound..<text.endIndex)
    else { return [] }
    return Array(("environments:" + text[begin.upperBound..<end.lowerBound] + "\n").utf8)
  }()

  /// Eight times 625 files, each from a seed of its own: a failure names it.
  @Test(arguments: 0..<8) func mutilatedPoliciesCompileToDiagnostics(_ batch: Int) throws {
    try #require(Self.example.count > 4000)
    for index in 0..<625 {
      let seed = UInt64(batch * 625 + index)
      var generator = SeededGenerator(seed: seed)
      var bytes = Self.example
      for _ in 0..<Int.random(in: 1...4, using: &generator) { Mutilation.mutilate(&bytes, &generator) }
      let source = SourceFile(path: "policies/policy.yaml", bytes: bytes)
      let found = Compiling.diagnostics([source])
      for diagnostic in found.diagnostics {
        for span in [diagnostic.span, diagnostic.fix?.span].compactMap({ $0 }) + diagnostic.notes.compactMap(\.span) {
          #expect(span.file == 0 && span.start <= span.end && Int(span.end) <= bytes.count, "seed \(seed): \(diagnostic.message)")
        }
        #expect(!diagnostic.message.isEmpty && !diagnostic.message.hasSuffix("."), "seed \(seed): \(diagnostic.message)")
      }
      let printed = DiagnosticPrinter(sources: found.sources).text(found.diagnostics)
      #expect(!printed.utf8.contains { $0 < 0x20 && $0 != 0x0A }, "seed \(seed) prints a control character")
      _ = DiagnosticJSON.document(found.diagnostics, sources: found.sources, instant: Compiling.instant).text
    }
  }

  /// What no mutation would come upon.
  @Test(.timeLimit(.minutes(30)), arguments: Hostile.allCases) func hostileFilesEnd(_ hostile: Hostile) {
    let found = Compiling.diagnostics([SourceFile(path: "policies/policy.yaml", text: hostile.text)])
    _ = DiagnosticPrinter(sources: found.sources).text(Array(found.diagnostics.prefix(100)))
  }

  /// Time to print grows with their number, and their number is bounded.
  @Test(.timeLimit(.minutes(30))) func manyProblemsArePrintedInTimeAndTheRestIsCounted() {
    let text = "users:\n" + (0..<20_000).map { "  u\($0): { emial: x }\n" }.joined()
    let found = Compiling.diagnostics([SourceFile(path: "policies/policy.yaml", text: text)])
    #expect(found.diagnostics.count == 751)
    #expect(found.diagnostics.last?.code == .tooMany)
    #expect(found.diagnostics.last?.message == "there are 19250 more problems, which are not shown")
    #expect(DiagnosticPrinter(sources: found.sources).text(found.diagnostics).contains("19250 more"))
  }

  @Test func anErrorAmongWhatIsNotShownStaysAnError() {
    let ended = (0..<750).map { _ in "{ name: x, until: 2020-01-01 }" }.joined(separator: ", ")
    let found = Compiling.diagnostics("users: { x: {} }\ngroups: { g: { owners: [x], members: [\(ended), { name: nobody }] } }\n")
    #expect(found.count == 751 && found.hasErrors && !found.dropLast().hasErrors)
  }

  enum Hostile: CaseIterable {
    case brackets, braces, dashes, longText, questionMarks, anchors, tags, manyUsers, emptyLines, rolesInARow, groupsInARow,
      diamondsOfGroups, rolesOfAllRoles

    var text: String {
      func lines(_ count: Int, _ line: (Int) -> String) -> String { (0..<count).map { "  \(line($0))\n" }.joined() }
      switch self {
      case .brackets: return String(repeating: "[", count: 100_000)
      case .braces: return String(repeating: "{a: ", count: 50_000)
      case .dashes: return String(repeating: "- ", count: 50_000)
      case .longText: return "a: " + String(repeating: "x", count: 1_000_000)
      case .questionMarks: return String(repeating: "? ", count: 20_000)
      case .anchors: return String(repeating: "&a ", count: 20_000)
      case .tags: return String(repeating: "!a ", count: 20_000)
      case .manyUsers: return "users:\n" + lines(20_000) { "u\($0): {}" }
      case .emptyLines: return String(repeating: "\n", count: 100_000)
      case .rolesInARow: return "roles:\n" + lines(2_000) { "r\($0): { inherits: [r\($0 + 1)] }" } + "  r2000: {}\n"
      case .groupsInARow:
        return "users: { x: {} }\ngroups:\n" + lines(3_000) { "g\($0): { owners: [x], members: [g\($0 + 1)], except: [x] }" }
          + "  g3000: { owners: [x], members: [x] }\n"
      case .diamondsOfGroups:
        return """
          environments: { dev: {} }
          users: { x: {}, y: {} }
          services: { s: { owner: x } }
          systems: { d: { type: duckdb, environments: { dev: {} } } }
          connections: { c: { system: d, principal: s, environments: { dev: {} } } }
          bindings: [{ to: [g0], can: { assume: [connections/c] }, in: [dev] }]
          artifacts: { p: { target: dbt_profiles, path: p, audience: g0, profile: p, outputs: { dev: { connection: c, environment: dev, schema: m } } } }
          groups:
            g60: { owners: [x], members: [x, y] }

          """
            + lines(60) { "g\($0): { owners: [x], members: [a\($0), b\($0)], except: [y] }" }
            + lines(60) { "a\($0): { owners: [x], members: [g\($0 + 1)], except: [y] }" }
            + lines(60) { "b\($0): { owners: [x], members: [g\($0 + 1)], except: [y] }" }
      case .rolesOfAllRoles: return "roles:\n" + lines(300) { "r\($0): { inherits: { all_except: [] } }" }
      }
    }
  }
}

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
      for _ in 0..<Int.random(in: 1...4, using: &generator) { Self.mutilate(&bytes, &generator) }
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
  @Test(arguments: Hostile.allCases) func hostileFilesEnd(_ hostile: Hostile) {
    let text = hostile.text
    let clock = ContinuousClock()
    let took = clock.measure {
      let found = Compiling.diagnostics([SourceFile(path: "policies/policy.yaml", text: text)])
      _ = DiagnosticPrinter(sources: found.sources).text(Array(found.diagnostics.prefix(100)))
    }
    #expect(took < .seconds(20), "took \(took)")
  }

  /// Time to print grows with their number, and their number is bounded.
  @Test func manyProblemsArePrintedInTimeAndTheRestIsCounted() {
    let text = "users:\n" + (0..<20_000).map { "  u\($0): { emial: x }\n" }.joined()
    let took = ContinuousClock().measure {
      let found = Compiling.diagnostics([SourceFile(path: "policies/policy.yaml", text: text)])
      #expect(found.diagnostics.count == 751)
      #expect(found.diagnostics.last?.code == .tooMany)
      #expect(found.diagnostics.last?.message == "there are 19250 more problems, which are not shown")
      _ = DiagnosticPrinter(sources: found.sources).text(found.diagnostics)
    }
    #expect(took < .seconds(30), "took \(took)")
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

  private static let odd: [[UInt8]] =
    [
      "\t", "\r", "\r\n", "\u{0}", "\u{7F}", "\u{85}", "\u{200B}", "\u{202E}", "\u{FEFF}", "\u{301}", "é", "日", "😀", "\"", "'", "`", "*",
      "&", "!", "%", "@", "|", ">",
      "{", "}", "[", "]", ",", ":", ": ", "- ", "? ", "#", "<<: *x", "---\n", "...\n", "${", "${principal}", "{{", "**", "//", "..", "~",
      "null", "\\", "\n", "  ", "\n\n    ",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]]

  private static func mutilate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    func place() -> Int { Int.random(in: 0..<bytes.count, using: &generator) }
    switch Int.random(in: 0..<9, using: &generator) {
    case 0: bytes.remove(at: place())
    case 1:
      let at = place()
      bytes.insert(bytes[at], at: at)
    case 2:
      let at = place()
      if at + 1 < bytes.count { bytes.swapAt(at, at + 1) }
    case 3, 4: bytes.insert(contentsOf: odd.randomElement(using: &generator) ?? [], at: place())
    case 5: bytes[place()] = UInt8.random(in: .min ... .max, using: &generator)
    case 6:
      let at = place()
      bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...200, using: &generator)))
    case 7:
      var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
      let (one, other) = (Int.random(in: 0..<lines.count, using: &generator), Int.random(in: 0..<lines.count, using: &generator))
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: lines.swapAt(one, other)
      case 1: lines.remove(at: one)
      default: lines.insert(lines[other], at: one)
      }
      bytes = Array(lines.joined(separator: [0x0A]))
    default: bytes.removeSubrange(place()...)
    }
  }
}

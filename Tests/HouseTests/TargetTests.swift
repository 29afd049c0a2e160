import Foundation
import TestSupport
import Testing

/// What every target's folder holds beside its code.
@Suite struct TargetTests {
  static let targets: [String] = {
    let folder = Golden.root.appending(path: "Sources/Artifacts")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { FileManager.default.fileExists(atPath: folder.appending(path: "\($0)/\($0)Target.swift").path) }.sorted()
  }()

  @Test func thereAreTargets() { #expect(Self.targets.count >= 3) }

  @Test(arguments: targets) func aTargetHasAReadmeThatNamesItsSpecification(_ target: String) throws {
    let text = try String(contentsOf: Golden.root.appending(path: "Sources/Artifacts/\(target)/README.md"), encoding: .utf8)
    #expect(text.contains("https://"), "\(target)/README.md has no link to the upstream specification")
    #expect(text.contains("## Limits"), "\(target)/README.md does not name its limits")
  }

  @Test(arguments: targets) func aTargetHasGoldensOfFilesAndOfErrors(_ target: String) throws {
    let files = try Golden.files(below: Golden.root.appending(path: "Sources/Artifacts/\(target)/Golden"))
    #expect(files.keys.contains { $0.contains("/expected/") }, "\(target) has no golden of what it renders")
    #expect(files.keys.contains { $0.hasSuffix("/diagnostics.txt") }, "\(target) has no golden of what it refuses")
  }

  private static func name(_ target: String) -> String {
    target.reduce(into: "") { $0 += $1.isUppercase && !$0.isEmpty ? "_" + $1.lowercased() : $1.lowercased() }
  }

  @Test(arguments: targets) func aTargetIsInTheSchema(_ target: String) throws {
    let schema = try String(contentsOf: Golden.root.appending(path: "schemas/policy.schema.json"), encoding: .utf8)
    let name = Self.name(target)
    #expect(schema.contains("\"artifact_\(name)\""), "schemas/policy.schema.json has no \(name)")
  }

  /// A row: what is rendered, where secrets go, what proves it.
  @Test(arguments: targets) func aTargetIsInTheTableOfTheReadme(_ target: String) throws {
    let readme = try String(contentsOf: Golden.root.appending(path: "README.md"), encoding: .utf8)
    let row = readme.split(separator: "\n").first { $0.hasPrefix("| [`\(Self.name(target))`](Sources/Artifacts/\(target)/README.md) |") }
    let cells = row?.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(cells?.count == 6 && cells?[1..<5].contains("") == false, "README.md has no whole row for \(target)")
  }
}

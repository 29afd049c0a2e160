import Foundation
import TestSupport
import Testing

/// The graph of modules that STYLE.md draws: what each may import, and nothing else.
@Suite struct ImportTests {
  static let allowed: [String: Set<String>] = [
    "GitStore": ["CLibgit2", "Glibc", "Synchronization"],
    "PolicyCompiler": ["CLibYAML", "Dispatch", "Synchronization"],
    "Artifacts": ["PolicyCompiler", "Synchronization"],
    "writ": ["ArgumentParser", "GitStore", "PolicyCompiler", "Artifacts", "Glibc", "Synchronization"],
    "Fuzzing": ["GitStore", "PolicyCompiler", "Artifacts", "Synchronization"],
    "dev": ["ArgumentParser", "Fuzzing", "PolicyCompiler", "Artifacts", "Foundation", "Synchronization"],
  ]

  @Test(arguments: allowed.keys.sorted()) func modulesImportOnlyWhatTheHouseAllows(_ module: String) throws {
    let allowed = try #require(Self.allowed[module])
    for (path, text) in try Self.sources(of: module) {
      // A raw text over several lines is another language's: what is rendered from it imports nothing here.
      for line in text.replacing(/(?s)#"""\n.*?"""#/, with: "").split(separator: "\n") {
        guard let imported = Self.imported(line) else { continue }
        #expect(allowed.contains(imported), "\(path) imports \(imported)")
      }
    }
  }

  @Test func everyModuleIsInTheGraph() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Golden.root.appending(path: "Sources").path)
    let swift = folders.filter { !$0.hasPrefix("C") && !$0.hasPrefix(".") }
    #expect(Set(swift) == Set(Self.allowed.keys))
  }

  /// Unsafe code stands where C is bound, and nowhere else.
  @Test func unsafeCodeStandsWhereCIsBound() throws {
    for module in ["PolicyCompiler", "Artifacts", "writ", "dev"] {
      for (path, text) in try Self.sources(of: module) where text.contains(/(?m)(^|[=(,{]|return|try|where|guard|if)\s*unsafe \w/) {
        #expect(["YAMLReader.swift", "Terminal.swift"].contains(path.split(separator: "/").last ?? ""), "\(path) is unsafe")
      }
    }
  }

  /// A trap on some input is a defect, so nothing in the libraries may ask for one.
  @Test func librariesDoNotTrapOnPurpose() throws {
    for module in ["GitStore", "PolicyCompiler", "Artifacts", "writ"] {
      for (path, text) in try Self.sources(of: module) {
        for word in ["fatalError(", "try!", "preconditionFailure(", " as! "] { #expect(!text.contains(word), "\(path) has \(word)") }
      }
    }
  }

  private static func sources(of module: String) throws -> [(String, String)] {
    try Golden.files(below: Golden.root.appending(path: "Sources/\(module)")).filter {
      $0.key.hasSuffix(".swift") && !$0.key.contains("/Golden/")
    }
    .map { ($0.key, String(decoding: $0.value, as: UTF8.self)) }.sorted { $0.0 < $1.0 }
  }

  private static func imported(_ line: Substring) -> String? {
    let words = line.split(separator: " ").filter {
      !["package", "public", "internal", "private", "fileprivate", "@testable", "@preconcurrency"].contains($0)
    }
    guard words.count >= 2, words[0] == "import" else { return nil }
    let kinds: Set<Substring> = ["struct", "class", "enum", "func", "protocol", "typealias", "let", "var"]
    let name = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
    return name.split(separator: ".").first.map(String.init)
  }
}

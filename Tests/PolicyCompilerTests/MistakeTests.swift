import Artifacts
import Foundation
import PolicyCompiler
import TestSupport
import Testing

/// Every mistake that a policy file can hold, and what Writ says about it: `Mistakes/<group>/<name>.yaml` is compiled
/// beside `Mistakes/base.yaml`, and `<name>.txt` holds the message as a person sees it.
@Suite struct MistakeTests {
  static let folder = Golden.root.appending(path: "Tests/PolicyCompilerTests/Mistakes")
  static let base = "base.yaml"
  /// Stands for every secret in these files, and never in what is printed.
  static let secret = "hunter2"

  /// Paths of the mistakes, without `.yaml`.
  static let mistakes: [String] = paths(endingIn: ".yaml").filter { $0 != "base" }

  static func paths(endingIn suffix: String) -> [String] {
    ((try? Golden.files(below: folder)) ?? [:]).keys.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }.sorted()
  }

  @Test(arguments: mistakes) func saysWhatIsWrong(_ mistake: String) throws {
    let base = try Data(contentsOf: Self.folder.appending(path: Self.base))
    let bytes = try Data(contentsOf: Self.folder.appending(path: "\(mistake).yaml"))
    let text = Compiling.text([
      SourceFile(path: "policies/base.yaml", bytes: Array(base)), SourceFile(path: "policies/mistake.yaml", bytes: Array(bytes)),
    ])
    #expect(!text.contains(Self.secret), "a secret is repeated:\n\(text)")
    let actual = text.isEmpty ? "nothing wrong\n" : text
    let golden = Self.folder.appending(path: "\(mistake).txt")
    if Golden.isBlessing {
      try actual.write(to: golden, atomically: true, encoding: .utf8)
      return
    }
    let expected = try? String(contentsOf: golden, encoding: .utf8)
    #expect(expected != nil, "\(mistake) has no golden: run with BLESS=1 and read what it writes")
    #expect(actual == expected ?? "", "\(mistake)")
  }

  @Test func everyMessageBelongsToAMistake() {
    let orphans = Set(Self.paths(endingIn: ".txt")).subtracting(Self.mistakes)
    #expect(orphans.isEmpty, "messages of mistakes that are gone: \(orphans.sorted())")
  }

  @Test func thereAreManyMistakes() { #expect(Self.mistakes.count >= 150) }

  @Test func theBaseIsFine() throws {
    let base = try Data(contentsOf: Self.folder.appending(path: Self.base))
    #expect(Compiling.text([SourceFile(path: "policies/base.yaml", bytes: Array(base))]) == "")
  }
}

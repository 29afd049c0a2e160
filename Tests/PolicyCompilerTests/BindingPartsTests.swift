import Artifacts
import TestSupport
import Testing

@testable import PolicyCompiler

/// Many bindings are resolved in parts, side by side: nothing may tell that from one after the other.
@Suite struct BindingPartsTests {
  private static func resolved(_ files: [SourceFile], many: Int) -> Resolver {
    let compiler = Compiler(grammar: .complete, at: Compiling.instant)
    let documents = SourceMap(files).files.enumerated().map { compiler.parse($1, number: $0) }
    return Resolver.resolve(Declarations(documents), grammar: .complete, at: Compiling.instant, many: many)
  }

  /// All that is known of every binding, and all that is numbered.
  private static func described(_ resolver: Resolver) -> [String] {
    let model = resolver.model
    func texts(_ ids: some Sequence<PatternID>) -> [String] { ids.map { model[$0].pattern.text } }
    let bindings = model.bindings.map { binding -> String in
      let permissions = model.permissions[binding.permissions].map { "\($0.action) \(texts($0.of)) \(texts($0.except)) \($0.span)" }
      return """
        \(model.bindingRoles[binding.roles]) \(model.bindingTargets[binding.targets]) \(permissions) \
        \(binding.resources.map { texts(model.bindingResources[$0]) } as Any) \(binding.environments) \(binding.interval) \(binding.span)
        """
    }
    return bindings + texts(model.patterns.indices.map(PatternID.init)) + resolver.diagnostics.map { "\($0)" }
  }

  @Test func randomPolicies() {
    var bindings = 0
    for seed in 1...60 as ClosedRange<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let files = [SourceFile(path: "policies/policy.yaml", text: Organisation.random(&generator).page().text)]
      let whole = Self.resolved(files, many: .max)
      bindings += whole.model.bindings.count
      #expect(Self.described(Self.resolved(files, many: 2)) == Self.described(whole), "seed \(seed)")
    }
    #expect(bindings > 300)
  }

  /// What is said once of a pattern is said once, and names that nobody knows are all named.
  @Test func mistakes() {
    let head = """
      environments: { dev: {} }
      users: { ana: {}, raj: {} }
      systems: { db: { type: postgres, environments: { dev: { host: localhost, database: d } } } }
      roles: { reader: { can: { read: [db/marts/**] } } }
      bindings:

      """
    let lines = (0..<40).map { number in
      switch number % 4 {
      case 0: "  - { role: reader, to: [ana], in: [dev], resources: [db/marts/a\(number % 3)] }"
      case 1: "  - { to: [raj], can: { read: [db] }, in: [dev] }"
      case 2: "  - { role: readr, to: [ana], in: [dev] }"
      default: "  - { to: [raj], can: { write: [db/marts/b\(number % 5)], read: [{ of: [db/**], except: [db/marts/a0] }] }, in: [dev] }"
      }
    }
    let files = [SourceFile(path: "policies/policy.yaml", text: head + lines.joined(separator: "\n") + "\n")]
    let parts = Self.resolved(files, many: 2)
    #expect(Self.described(parts) == Self.described(Self.resolved(files, many: .max)))
    #expect(parts.diagnostics.filter { $0.code == .nothingToActOn }.count == 1)
    #expect(parts.diagnostics.filter { $0.code == .unknownRole }.count == 10)
  }
}

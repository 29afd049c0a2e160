import Artifacts
import Foundation
import PolicyCompiler
import TestSupport
import Testing

/// What is imported from other tools' files: `Imports/<format>/<case>/input/…` becomes `expected/…`, and `report.txt` is
/// what is said about it.
@Suite struct ImportTests {
  static let folder = Golden.root.appending(path: "Tests/PolicyCompilerTests/Imports")

  struct Case: Sendable, CustomTestStringConvertible {
    let format: ImportFormat
    let name: String
    let input: [SourceFile]
    var testDescription: String { "\(format.rawValue)/\(name)" }
    var url: URL { folder.appending(path: "\(format.rawValue)/\(name)") }
  }

  static let cases: [Case] = ImportFormat.allCases.flatMap { format -> [Case] in
    let folder = folder.appending(path: format.rawValue)
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    return names.map { name in
      let files = (try? Golden.files(below: folder.appending(path: "\(name)/input"))) ?? [:]
      return Case(format: format, name: name, input: files.map { SourceFile(path: $0.key, bytes: $0.value) })
    }
  }

  static func imported(_ format: ImportFormat, _ files: [SourceFile], _ change: (inout ImportOptions) -> Void = { _ in }) -> (
    policy: ImportedPolicy, sources: SourceMap
  ) {
    var options = ImportOptions(format)
    options.folder = "acme"
    change(&options)
    let sources = SourceMap(files)
    return (format.importer.policy(from: sources, options: options), sources)
  }

  static func permifrost(_ text: String) -> ImportedPolicy { imported(.permifrost, [SourceFile(path: "roles.yml", text: text)]).policy }

  static func files(_ policy: ImportedPolicy) -> [SourceFile] {
    policy.files.map { SourceFile(path: "policies/\($0.path)", text: $0.text) }
  }

  // MARK: Goldens

  @Test func thereAreCasesOfEachFormat() {
    for format in ImportFormat.allCases { #expect(Self.cases.count { $0.format == format } >= 3) }
  }

  @Test(arguments: cases) func aCaseBecomesWhatIsExpected(_ it: Case) throws {
    let (policy, sources) = Self.imported(it.format, it.input) { $0.account = it.name == "small" ? "acme-data" : nil }
    var actual = Dictionary(policy.files.map { ("expected/\($0.path)", Array($0.text.utf8)) }, uniquingKeysWith: { first, _ in first })
    for file in it.input { actual["input/\(file.path)"] = file.bytes }
    actual["report.txt"] = Array(DiagnosticPrinter(sources: sources).text(policy.diagnostics).utf8)
    let differences = try Golden.differences(actual, in: it.url)
    #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
  }

  @Test(arguments: cases) func whatIsImportedCompiles(_ it: Case) {
    let (policy, _) = Self.imported(it.format, it.input)
    #expect(policy.diagnostics.hasErrors == policy.files.isEmpty)
    let found = Compiling.diagnostics(Self.files(policy))
    // A role that gives nothing gives nothing here as well.
    let problems = found.diagnostics.filter { $0.severity != .note && $0.code != .emptyPolicy && $0.code != .emptyBinding }
    #expect(problems.isEmpty, "\(DiagnosticPrinter(sources: found.sources).text(problems))")
  }

  @Test(arguments: cases) func theOrderOfFilesDoesNotMatter(_ it: Case) {
    let first = Self.imported(it.format, it.input).policy
    for seed in 0..<8 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let again = Self.imported(it.format, it.input.shuffled(using: &generator)).policy
      #expect(again.files == first.files && again.diagnostics == first.diagnostics)
    }
  }

  @Test(arguments: cases) func linesAreShort(_ it: Case) {
    for file in Self.imported(it.format, it.input).policy.files {
      for line in file.text.split(separator: "\n") { #expect(line.count <= 120, "\(file.path): \(line)") }
    }
  }

  @Test(arguments: cases) func oneFileHoldsWhatSeveralHold(_ it: Case) throws {
    let several = Self.imported(it.format, it.input).policy
    let one = Self.imported(it.format, it.input) { $0.isOneFile = true }.policy
    #expect(one.files.count == (several.files.isEmpty ? 0 : 1))
    #expect(several.files.allSatisfy { several.possiblePaths.contains($0.path) })
    func declarations(_ policy: ImportedPolicy) -> Set<String> {
      let documents = Compiler(grammar: .complete, at: Compiling.instant).compile(Self.files(policy)).documents
      return Set(documents.flatMap { $0.declarations.map { "\($0.section) \($0.name?.text ?? $0.value.text)" } })
    }
    #expect(declarations(one) == declarations(several))
  }

  // MARK: Meaning

  /// Every line of a policy that an import gives, without the comments.
  private static func lines(_ policy: ImportedPolicy) -> [String] {
    policy.files.flatMap { $0.text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.trimmingCharacters(in: .whitespaces) } }
  }

  @Test(arguments: [
    ("tables: { read: [raw.shop.orders] }", "read: [snowflake/raw/shop/orders]"),
    ("tables: { read: [raw.shop.*] }", "read: [snowflake/raw/shop/*]"),
    ("tables: { read: [raw.shop_*.*] }", "read: [snowflake/raw/shop_*/*]"),
    ("tables: { read: [raw.*.*] }", "read: [snowflake/raw/**]"),
    ("tables: { write: [raw.shop.orders] }", "read: [snowflake/raw/shop/orders], write: [snowflake/raw/shop/orders]"),
    ("schemas: { write: [raw.shop] }", "create: [snowflake/raw/shop]"),
    ("databases: { write: [raw] }", "create: [snowflake/raw]"),
    ("databases: { write: [raw] }, schemas: { write: [raw.*] }", "create: [snowflake/raw/**]"),
    ("databases: { read: [covid] }", "read: [snowflake/covid/**]"),
    ("databases: { read: [raw] }, schemas: { read: [raw.shop] }, tables: { read: [raw.shop.orders] }", "read: [snowflake/raw/shop/orders]"),
  ]) func aPrivilegeBecomesAnAction(_ privilege: String, _ expected: String) {
    let policy = Self.permifrost("databases: [{ covid: { shared: yes } }]\nroles: [{ reader: { privileges: { \(privilege) } } }]\n")
    #expect(policy.diagnostics.allSatisfy { $0.code == .assumed || $0.code == .leftOut }, "\(policy.diagnostics)")
    #expect(Self.lines(policy).contains { $0 == "reader: { can: { \(expected) } }" }, "\(Self.lines(policy))")
  }

  @Test(arguments: [
    ("databases: [raw], schemas: [\"raw.*\"], tables: [\"raw.*.*\"]", "own: [snowflake/raw/**]"),
    ("schemas: [raw.shop], tables: [\"raw.shop.*\"]", "own: [snowflake/raw/shop/**]"),
    ("databases: [raw]", "own: [snowflake/raw]"), ("tables: [\"raw.*.*\"]", "own: [snowflake/raw/*/*]"),
  ]) func ownershipOfAWholeTreeIsOnePattern(_ owns: String, _ expected: String) {
    #expect(
      Self.lines(Self.permifrost("roles: [{ owner: { owns: { \(owns) } } }]\n")).contains { $0 == "owner: { can: { \(expected) } }" })
  }

  @Test func usageAloneIsReported() {
    let policy = Self.permifrost(
      "roles: [{ reader: { privileges: { databases: { read: [raw, prep] }, schemas: { read: [raw.shop, raw.other] }, tables: { read: [raw.shop.orders] } } } }]\n"
    )
    let said = policy.diagnostics.filter { $0.code == .withoutCounterpart }.map(\.message)
    #expect(said.count == 2 && said[0].contains("`prep`") && said[1].contains("`raw.other`"))
  }

  @Test func whoCannotLogInIsGivenNothing() {
    let policy = Self.permifrost(
      "roles: [{ a: {} }]\nusers: [{ ana: { can_login: no, member_of: [a] } }, { lee: { can_login: yes, member_of: [a] } }]\n")
    #expect(Self.lines(policy).contains("- { role: a, to: [lee], in: [prod] }"))
    #expect(policy.diagnostics.contains { $0.code == .withoutCounterpart && $0.message.contains("`ana` cannot log in") })
  }

  /// A team's people have what the teams around it have.
  @Test func nestedTeamsInheritAccess() throws {
    let text = """
      orgs:
        acme:
          admins: [root]
          teams:
            outer: { repos: { api: write }, teams: { inner: { members: [ana] } } }
            other: { members: [lee], repos: { api: read } }

      """
    let policy = Self.imported(.peribolos, [SourceFile(path: "config.yaml", text: text)]).policy
    let tests = """
      tests:
        of_the_teams:
          in: prod
          expect:
            - root can admin github
            - root can create github
            - ana can write github/api
            - ana cannot admin github/api
            - lee can read github/api
            - lee cannot write github/**
            - lee cannot read github/web
          who_can: { triage github/api: [ana, root] }

      """
    let found = Compiling.diagnostics(Self.files(policy) + [SourceFile(path: "policies/tests.yaml", text: tests)])
    #expect(found.diagnostics.isEmpty, "\(DiagnosticPrinter(sources: found.sources).text(found.diagnostics))")
  }

  // MARK: Hostile input

  /// Eight times 150 mutations of every example, each from a seed of its own: a failure names it.
  @Test(arguments: 0..<8) func mutilatedFilesGiveDiagnosticsOrPolicy(_ batch: Int) throws {
    let examples = Self.cases.filter { $0.name == "hostile" || $0.name == "full" }
    try #require(examples.count == 4)
    for index in 0..<150 {
      let seed = UInt64(batch * 150 + index)
      for example in examples {
        var generator = SeededGenerator(seed: seed)
        var files = example.input.sorted { $0.path < $1.path }
        let victim = Int.random(in: files.indices, using: &generator)
        var bytes = files[victim].bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) { Mutilation.mutilate(&bytes, &generator) }
        files[victim] = SourceFile(path: files[victim].path, bytes: bytes)
        Self.expectSound(example.format, files, "seed \(seed) of \(example)")
      }
    }
  }

  private static func expectSound(_ format: ImportFormat, _ files: [SourceFile], _ what: String) {
    let (policy, sources) = imported(format, files)
    for diagnostic in policy.diagnostics {
      for span in [diagnostic.span, diagnostic.fix?.span].compactMap({ $0 }) + diagnostic.notes.compactMap(\.span) {
        let isInside = span.start <= span.end && Int(span.end) <= sources.files[Int(span.file)].bytes.count
        #expect(isInside, "\(what): \(diagnostic.message)")
      }
      #expect(!diagnostic.message.isEmpty && !diagnostic.message.hasSuffix("."), "\(what): \(diagnostic.message)")
    }
    let printed = DiagnosticPrinter(sources: sources).text(policy.diagnostics)
    #expect(!printed.utf8.contains { $0 < 0x20 && $0 != 0x0A }, "\(what) prints a control character")
    #expect(policy.diagnostics.hasErrors == policy.files.isEmpty, "\(what)")
    if policy.files.isEmpty { return }
    let found = Compiling.diagnostics(Self.files(policy))
    let errors = found.diagnostics.filter { $0.severity == .error }
    #expect(errors.isEmpty, "\(what):\n\(DiagnosticPrinter(sources: found.sources).text(errors))")
  }

  @Test(.timeLimit(.minutes(30)), arguments: Hostile.allCases) func hostileFilesEnd(_ hostile: Hostile) {
    let (policy, sources) = Self.imported(hostile.format, [SourceFile(path: hostile.path, text: hostile.text)])
    #expect(!policy.diagnostics.isEmpty)
    #expect(!DiagnosticPrinter(sources: sources).text(Array(policy.diagnostics.prefix(100))).isEmpty)
  }

  enum Hostile: CaseIterable {
    case brackets, roles, cycle, everybodyIncludesAll, usages, samePrivileges, collidingNames, nestedTeams, manyTeams, manyLogins, aliases

    var format: ImportFormat {
      switch self {
      case .nestedTeams, .manyTeams, .manyLogins: .peribolos
      default: .permifrost
      }
    }

    var path: String { format == .permifrost ? "roles.yml" : "acme/org.yaml" }

    var text: String {
      func lines(_ count: Int, _ line: (Int) -> String) -> String { (0..<count).map { "  \(line($0))\n" }.joined() }
      switch self {
      case .brackets: return "roles: " + String(repeating: "[", count: 100_000)
      case .roles: return "roles:\n" + lines(20_000) { "- r\($0): { owns: { databases: [d\($0)] }, colour: red }" }
      case .cycle: return "roles:\n" + lines(3_000) { "- r\($0): { member_of: [r\(($0 + 1) % 3_000), r\(($0 + 7) % 3_000)] }" }
      case .everybodyIncludesAll: return "roles:\n" + lines(5_000) { "- r\($0): { member_of: { include: [\"*\"] } }" }
      case .usages:
        return "roles:\n  - r:\n      privileges:\n        schemas:\n          read:\n" + lines(20_000) { "          - d.s\($0)" }
          + "        tables:\n          read:\n" + lines(20_000) { "          - d.x\($0)*.t" }
      case .samePrivileges: return "roles:\n  - r: { owns: { databases: [" + String(repeating: "d,", count: 100_000) + "d] } }\n"
      case .collidingNames: return "roles:\n" + (0..<3_000).map { "  - \"_\(String(repeating: "!", count: $0 % 90))\($0)\": {}\n" }.joined()
      case .nestedTeams:
        return "admins: [a]\n" + (0..<28).map { String(repeating: "  ", count: $0) + ($0 % 2 == 0 ? "teams:\n" : "t\($0):\n") }.joined()
      case .manyTeams: return "admins: [a]\nteams:\n" + lines(10_000) { "t\($0): { members: [u\($0)], teams: { s\($0): {} } }" }
      case .manyLogins:
        return "admins: [" + (0..<20_000).map { "u\($0)" }.joined(separator: ", ") + "]\nmembers: ["
          + (0..<20_000).map { "U\($0)" }.joined(separator: ", ") + "]\n"
      case .aliases:
        return "roles:\n  - &a a: &b { owns: &c { databases: [d] } }\n  - b: *b\n  - c: { owns: *c, member_of: *a }\n"
      }
    }
  }
}

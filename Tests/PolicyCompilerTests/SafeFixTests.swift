import Artifacts
import Foundation
import TestSupport
import Testing

@testable import PolicyCompiler

/// `check --fix` changes only what can give nobody anything.
@Suite struct SafeFixTests {
  private static let base = SourceFile(
    path: "policies/base.yaml",
    text: """
      environments: { dev: {}, prod: { protected: true } }
      users: { ana: {}, raj: {} }
      groups: { team: { owners: [ana], members: [ana, raj] } }
      systems: { db: { type: postgres, environments: { dev: { host: localhost, port: 5432, database: d }, prod: { host: db.example, port: 5432, database: d } } } }
      roles: { reader: { can: { read: [db/a/**] } } }

      """)
  private static let compiler = Compiler(grammar: .complete, at: Compiling.instant)

  private static func fixed(_ text: String) -> (fixes: SafeFixes, text: String) {
    let file = SourceFile(path: "policies/more.yaml", text: text)
    let fixes = SafeFixes(compiler, [base, file])
    return (fixes, fixes.changes.first.map { String(decoding: $0.new.bytes, as: UTF8.self) } ?? text)
  }

  /// A mistake, what is wrong in it, what becomes of that, and its code.
  static let safe: [(String, String, String, DiagnosticCode)] = [
    ("bindings: [{ role: reader, to: [ana], in: [dev], untill: 2099-01-01 }]", "untill", "until", .unknownField),
    ("bindings: [{ role: reader, to: [ana], in: [dev], until:2099-01-01 }]", "until:2099-01-01", "until: 2099-01-01", .unknownField),
    ("bindings: [{ role: reader, to: [ana], in: [dev], form: 2099-01-01 }]", "form", "from", .unknownField),
    ("bindings: [{ role: reader, to: [ana], in: [dev], \"resourcs\": [db/a/b] }]", "\"resourcs\"", "resources", .unknownField),
    ("bindings: [{ role: reader, to: [ana], in: [dev], reson: x }]", "reson", "reason", .unknownField),
    ("roles: { r: { can: { read: { of: [db/**], excpet: [db/b/**] } } } }", "excpet", "except", .unknownField),
    ("groups: { g: { owners: [ana], members: [team], exept: [raj] } }", "exept", "except", .unknownField),
    ("groups: { g: { owners: [ana], members: [{ name: raj, untl: 2099-01-01 }] } }", "untl", "until", .unknownField),
    ("guardrails: { g: { nevr: { who: users, can: [write], resources: [db/**] } } }", "nevr", "never", .unknownField),
    ("guardrails: { g: { seperate: [reader, reader] } }", "seperate", "separate", .unknownField),
    ("tests: { t: { in: dev, expct: [ana cannot read db/**] } }", "expct", "expect", .unknownField),
    ("environments: { qa: { protcted: true } }", "protcted", "protected", .unknownField),
    ("guardrials: {}", "guardrials", "guardrails", .unknownSection), ("aprovals: {}", "aprovals", "approvals", .unknownSection),
    ("test: {}", "test", "tests", .unknownSection), ("environments: { qa: { protected: yes } }", "yes", "true", .invalidValue),
    ("environments: { qa: { protected: \"true\" } }", "\"true\"", "true", .invalidValue),
    ("tests: { t: { in: dev, expect: [ana can not read db/**] } }", "can not", "cannot", .invalidSentence),
  ]

  /// Mistakes whose corrections are guesses.
  static let guesses = [
    "bindings: [{ role: readr, to: [ana], in: [dev] }]", "bindings: [{ role: reader, to: [anna], in: [dev] }]",
    "bindings: [{ role: reader, to: [ana], in: [deev] }]", "bindings: [{ role: reader, to: [ana], inn: [dev] }]",
    "bindings: [{ role: reader, too: [ana], in: [dev] }]", "bindings: [{ rol: reader, to: [ana], in: [dev] }]",
    "bindings: [{ role: reader, to: [\"user:team\"], in: [dev] }]", "roles: { r: { can: { raed: [db/**] } } }",
    "roles: { r: { can: { read: [bd/**] } } }", "roles: { r: { can: { read: [db.a.b] } } }", "roles: { r: { inherit: [reader] } }",
    "groups: { g: { owners: [ana], member: [raj] } }", "groups: { g: { owners: [ana], members: [raj], source: polcy } }",
    "guardrails: { g: { never: { who: users, can: [write], resources: [db/**], inn: [prod] } } }",
    "guardrails: { g: { never: { who: users, can: [wrte], resources: [db/**] } } }",
    "guardrails: { g: { never: { who: users, can: [write], resources: [db/**] }, wavers: [{ principal: raj, until: 2099-01-01, reason: x }] } }",
    "guardrails: { g: { never: { who: users, can: [write], resources: [db/**] }, waivers: [{ principal: raj, until: 2099-01-01, reson: x }] } }",
    "approvals: { a: { resources: [db/**], inn: [prod], by: [ana] } }", "binding: []", "role: {}", "environment: {}",
    "systems: { api: { type: fastapi, environments: {}, routes: { r: { method: GET, path: /, public: yes } } } }",
    "systems: { x: { type: postgrs, environments: {} } }", "services: { s: { owner: team, agent: yes } }",
    "bindings: [&a { role: reader, to: [ana], in: [dev] }, *b]",
  ]

  @Test(arguments: safe) func aSafeCorrectionIsMade(_ text: String, _ wrong: String, _ right: String, _ code: DiagnosticCode) throws {
    let result = Self.fixed(text)
    #expect(result.text == text.replacing(wrong, with: right))
    #expect(result.fixes.made.map(\.code) == [code] && result.fixes.refused.isEmpty)
  }

  /// Each is a guess at what is granted, trusted, reached or rendered, or would make a declaration count that did not.
  @Test(arguments: guesses) func aGuessIsLeft(_ text: String) {
    let result = Self.fixed(text)
    #expect(result.text == text)
    #expect(result.fixes.made.isEmpty)
  }

  /// Whatever says that it is safe has to show it as well.
  @Test func aCorrectionThatGivesSomethingIsRefused() throws {
    let text = "bindings: [{ role: readr, to: [ana], in: [dev] }]"
    let file = SourceFile(path: "policies/more.yaml", text: text)
    let fix = try #require(Self.compiler.compile([Self.base, file]).diagnostics.compactMap(\.fix).first)
    #expect(FixProof(compiler: Self.compiler).objection([Self.base, file], [1: [fix]]) == "`ana` would gain `read` in `dev`")
    let endpoint = SourceFile(
      path: "policies/more.yaml",
      text: "systems: { x: { type: postgres, environments: { dev: { hst: a.example, port: 1, database: d } } } }")
    let host = try #require(Self.compiler.compile([Self.base, endpoint]).diagnostics.compactMap(\.fix).first)
    #expect(host.replacement == "host" && !host.isSafe)
    #expect(FixProof(compiler: Self.compiler).objection([Self.base, endpoint], [1: [host]]) != nil)
  }

  @Test func whatAnAliasRepeatsIsComparedInAllItsPlaces() {
    let text = """
      bindings:
        - &b { role: reader, to: [ana], in: [dev], untill: 2099-01-01 }
        - *b
      """
    #expect(Self.fixed(text).text == text.replacing("untill", with: "until"))
  }

  /// Which codes have corrections at all, and which of them have safe ones: whoever adds one decides, here as well.
  @Test func everyCodeWithACorrectionIsDecidedUpon() throws {
    var (all, safe): (Set<DiagnosticCode>, Set<DiagnosticCode>) = ([], [])
    for files in try Self.policies() {
      for diagnostic in Compiling.diagnostics(files).diagnostics {
        guard let fix = diagnostic.fix else { continue }
        all.insert(diagnostic.code)
        if fix.isSafe { safe.insert(diagnostic.code) }
      }
    }
    #expect(safe == [.unknownField, .unknownSection, .invalidValue, .invalidSentence])
    let decided: Set<DiagnosticCode> = [
      .unknownAlias, .unknownRole, .unknownPrincipal, .unknownEnvironment, .unknownSystem, .unknownConnection, .unknownAction,
      .unknownProvider, .wrongPrincipal, .inapplicableField, .inapplicableMethod, .unknownRoute, .unknownTarget, .invalidOption,
      .malformedReference,
    ]
    let others = all.subtracting(safe)
    #expect(others.isSubset(of: decided) && others.count >= 13, "\(others.subtracting(decided))")
  }

  /// Over every mistake there is a case of: nothing but safe corrections is made, and none gives anything.
  @Test func ofEveryKnownMistakeOnlySafeCorrectionsAreMade() throws {
    var made = 0
    for files in try Self.policies() {
      let before = SourceMap(files)
      let safe = Self.compiler.compile(files, judgesRules: false).diagnostics.compactMap(\.fix).filter(\.isSafe)
      let fixes = SafeFixes(Self.compiler, files)
      made += fixes.made.count
      if safe.isEmpty { #expect(fixes.changes.isEmpty, "\(files.last?.path ?? "")") }
      for change in fixes.changes {
        let index = try #require(before.files.firstIndex { $0.path == change.old.path })
        // All that is not part of a safe correction is still there, in its order.
        var rest = change.new.bytes[...]
        var at = 0
        for fix in safe.filter({ Int($0.span.file) == index }).sorted(by: { $0.span.start < $1.span.start }) {
          let kept = change.old.bytes[at..<Int(fix.span.start)]
          #expect(rest.starts(with: kept))
          rest = rest.dropFirst(kept.count)
          #expect(rest.starts(with: fix.replacement.utf8))
          rest = rest.dropFirst(fix.replacement.utf8.count)
          at = Int(fix.span.end)
        }
      }
    }
    #expect(made >= 5)
  }

  /// Every policy with a mistake that the tests know.
  private static func policies() throws -> [[SourceFile]] {
    var found: [[SourceFile]] = []
    let base = SourceFile(
      path: "policies/base.yaml", bytes: Array(try Data(contentsOf: MistakeTests.folder.appending(path: MistakeTests.base))))
    for mistake in MistakeTests.mistakes {
      let bytes = Array(try Data(contentsOf: MistakeTests.folder.appending(path: "\(mistake).yaml")))
      found.append([base, SourceFile(path: "policies/mistake.yaml", bytes: bytes)])
    }
    var cases: [String: [SourceFile]] = [:]
    for (path, bytes) in try Golden.files(below: Golden.root.appending(path: "Sources/Artifacts")).sorted(by: { $0.key < $1.key })
    where path.hasSuffix(".yaml") && path.contains("/policies/") {
      guard let end = path.range(of: "/policies/") else { continue }
      cases[String(path[..<end.lowerBound]), default: []].append(
        SourceFile(path: String(path[end.lowerBound...].dropFirst()), bytes: bytes))
    }
    for text in safe.map(\.0) + guesses { found.append([Self.base, SourceFile(path: "policies/more.yaml", text: text)]) }
    return found + cases.sorted { $0.key < $1.key }.map(\.value)
  }
}

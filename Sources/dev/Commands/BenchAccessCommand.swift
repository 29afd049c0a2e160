import ArgumentParser
import Artifacts
import Foundation
import PolicyCompiler

/// Measures answers in process: `dev bench-access DIR`.
struct BenchAccessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-access",
    abstract: "Measure decisions and who-can on a policy that is compiled once.",
    discussion: """
      Prints JSON: decisions a second of one core for random requests of strings, half of them near what
      somebody holds, and how long who-can takes for random questions. With --export, writes the same
      requests beside what everybody holds, closed, for Benchmarks/decisions.py.
      """)

  @Argument(help: "A folder with policies/, as `dev corpus` writes it.")
  var directory: String

  @Option(help: "How many requests are decided.")
  var requests = 100_000

  @Option(help: "How many questions who-can answers.")
  var questions = 2_000

  @Option(help: "Where the pseudo-random numbers start.")
  var seed: UInt64 = 20_261_121

  @Option(help: "The moment that is asked about.")
  var at = "2026-11-20T22:00:00Z"

  @Option(help: ArgumentHelp("Write requests and closed sets, and measure nothing.", valueName: "file"))
  var export: String?

  func run() throws {
    guard let instant = Instant(at) else { throw ValidationError("`\(at)` is no moment") }
    let start = ContinuousClock.now
    let files = try Self.files(below: URL(fileURLWithPath: directory, isDirectory: true))
    let compilation = Compiler(grammar: .complete, at: instant).compile(files, judgesRules: false)
    guard let policy = compilation.policy, !compilation.diagnostics.contains(where: { $0.severity == .error }) else {
      throw ValidationError("the policy below `\(directory)` has errors")
    }
    let compiled = ContinuousClock.now - start
    var made = AccessRequests(policy.grants, seed: seed)
    let all = made.requests(requests)
    if let export {
      try ClosedSets(policy.grants, at: instant).text(with: all).write(toFile: export, atomically: true, encoding: .utf8)
      return
    }
    let measured: [(String, JSON)] = [
      ("seed", .integer(Int(seed))), ("compile_ms", .integer(Int(compiled / .milliseconds(1)))),
      ("decisions", AccessBench.decisions(policy.grants, all, at: instant)),
      ("who_can", AccessBench.whoCan(policy.grants, made.questions(questions, at: instant))),
    ]
    print(JSON.object(measured.map { JSON.Member(name: $0.0, value: $0.1) }).text, terminator: "")
  }

  /// The policy files, by path.
  private static func files(below root: URL) throws -> [SourceFile] {
    let policies = root.appending(path: "policies")
    let paths = (FileManager.default.enumerator(atPath: policies.path)?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".yaml") }
    return try paths.sorted().map { path in
      SourceFile(path: "policies/\(path)", bytes: Array(try Data(contentsOf: policies.appending(path: path))))
    }
  }
}

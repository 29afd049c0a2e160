import Foundation
import TestSupport
import Testing

/// The commands that read no policy: explain, schema, version, help, completions.
@Suite struct ReferenceTests {
  private func writ(_ arguments: String...) throws -> Run { try Program.run(Program.writ, arguments, in: "/") }

  @Test(arguments: ["W0203", "w0203"]) func aCodeIsExplained(_ code: String) throws {
    let run = try writ("explain", code)
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    for word in ["W0203", "Rejected:", "Accepted:", "What Writ says:"] { #expect(run.output.contains(word)) }
  }

  @Test func anUnknownCodeHasANearMiss() throws {
    let run = try writ("explain", "W0230x")
    #expect(run.status == 64)
    #expect(run.errors.contains("there is no code `W0230x`"))
    #expect(run.errors.contains("did you mean `W0230`?"))
    let far = try writ("explain", "::error::")
    #expect(far.status == 64)
    #expect(far.errors.contains("`writ explain` lists all codes"))
    expectHarmless(far)
  }

  @Test func withoutACodeAllAreListed() throws {
    let run = try writ("explain")
    #expect(run.status == 0)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count > 50)
    #expect(lines.allSatisfy { $0.prefixMatch(of: #/W\d{4} /#) != nil })
    for line in lines { #expect(try writ("explain", String(line.prefix(5))).status == 0) }
  }

  static let schemas = [
    "baseline", "can", "can-batch", "diagnostics", "diff", "drift", "fastapi-guard", "log", "manifest", "policy", "test", "what-can",
    "who-can", "why",
    "writ",
  ]

  @Test(arguments: schemas) func aSchemaIsTheOneThatIsCommitted(_ kind: String) throws {
    let run = try writ("schema", kind)
    #expect(run.status == 0)
    let document = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect((document["$schema"] as? String)?.contains("json-schema.org") == true)
    #expect(run.output == (try String(contentsOf: Golden.root.appending(path: "schemas/\(kind).schema.json"), encoding: .utf8)))
  }

  @Test func thereIsASchemaForEachFileOfTheFolder() throws {
    let files = try Golden.files(below: Golden.root.appending(path: "schemas")).keys.sorted()
    #expect(files.map { $0.replacing(".schema.json", with: "") }.sorted() == Self.schemas)
    #expect(try writ("schema").output == (try writ("schema", "policy").output))
  }

  @Test(arguments: [
    ["init"], ["check"], ["render"], ["can"], ["who-can"], ["what-can"], ["why"], ["diff"], ["drift"], ["log"], ["test"],
    ["import", "permifrost"], ["import", "peribolos"], ["fmt"], ["explain"], ["schema"],
  ]) func theUsageFitsATerminalAndNamesEveryOption(_ command: [String]) throws {
    let run = try Program.run(Program.writ, command + ["--help"], in: "/")
    let usage = try #require(run.output.split(separator: "\n\n").first { $0.hasPrefix("USAGE: ") })
    for line in usage.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    let options = run.output.matches(of: /\n  (?:-\w, )?(--[\w-]+)/).map { String($0.1) }.filter { !["--version", "--help"].contains($0) }
    for option in options where !usage.contains("[options]") { #expect(usage.contains("[\(option)"), "\(option)") }
    let wrong = try Program.run(Program.writ, command + ["--no-such-option"], in: "/")
    #expect(wrong.status == 64)
    let shown = wrong.errors.split(separator: "\n").drop { !$0.hasPrefix("Usage: ") }
    #expect(!shown.isEmpty)
    for line in shown { #expect(line.count <= 80, "\(line)") }
  }

  @Test func theVersionIsOneLine() throws {
    let run = try writ("--version")
    #expect(run.status == 0)
    #expect(run.output.wholeMatch(of: /writ \d+\.\d+\.\d+\n/) != nil)
  }

  @Test(arguments: [
    [], ["check"], ["diff"], ["drift"], ["render"], ["init"], ["import"], ["import", "permifrost"], ["import", "peribolos"], ["explain"],
    ["schema"],
  ]) func helpFitsATerminal(_ command: [String]) throws {
    let run = try Program.run(Program.writ, command + ["--help"], in: "/")
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("OVERVIEW: "))
    for line in run.output.split(separator: "\n") where !line.hasPrefix("USAGE:") { #expect(line.count <= 80, "\(line)") }
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionsAreThere(_ shell: String) throws {
    let run = try writ("--generate-completion-script", shell)
    #expect(run.status == 0)
    for command in ["init", "check", "diff", "drift", "render", "import", "permifrost", "explain", "schema"] {
      #expect(run.output.contains(command))
    }
    let scratch = try Scratch()
    try scratch.write("completion", run.output)
    guard shell == "bash" else { return }
    let syntax = try Program.run("/usr/bin/env", ["bash", "-n", "completion"], in: scratch.path)
    #expect(syntax.status == 0, "\(syntax.errors)")
  }
}

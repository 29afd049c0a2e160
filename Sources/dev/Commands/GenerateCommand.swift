import ArgumentParser
import Artifacts
import Foundation
import PolicyCompiler

/// Everything in the tree that is made from the code, or the code from the tree.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Writes schemas, references and the starter policy; with --check, fails where they are stale.")

  @Flag(help: "Write nothing; exit 2 where something differs.")
  var check = false

  @Option(help: "The root of the project.")
  var root = "."

  func run() throws {
    var stale: [String] = []
    for (path, text) in try Generated.files(root: URL(filePath: root)) {
      let url = URL(filePath: root).appending(path: path)
      if (try? String(contentsOf: url, encoding: .utf8)) == text { continue }
      stale.append(path)
      if !check {
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: url, atomically: true, encoding: .utf8)
      }
    }
    for path in stale { print(check ? "\(path) is stale: run `swift run dev generate`" : "wrote \(path)") }
    if check, !stale.isEmpty { throw ExitCode(2) }
  }
}

/// The files that are made, by their paths from the root of the project.
enum Generated {
  static func files(root: URL) throws -> [(path: String, text: String)] {
    var files: [(String, String)] = SchemaKind.allCases.map { ("schemas/\($0.rawValue).schema.json", $0.text) }
    files.append(("docs/reference/fields.md", Reference.fields(.complete)))
    files.append(("docs/reference/systems.md", Reference.systems))
    files.append(("docs/diagnostics.md", diagnostics))
    files.append(("docs/commands.md", try commands(root)))
    let policies = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "policies").path).filter {
      $0.hasSuffix(".yaml")
    }
    files.append(
      (
        "Sources/writ/StarterPolicy.swift",
        try starter(
          "StarterPolicy", "The policy that `writ init` starts from.", from: "writ.yaml and policies/",
          ["writ.yaml"] + policies.sorted().map { "policies/\($0)" }, below: root)
      ))
    files.append(
      (
        "Sources/writ/StarterWorkflows.swift",
        try starter(
          "StarterWorkflows", "What `writ init --github` adds.", from: "examples/pull-requests/.github",
          ["writ", "writ-review"].map { ".github/workflows/\($0).yml" }, below: root.appending(path: "examples/pull-requests"))
      ))
    return files
  }

  private static var diagnostics: String {
    let head = "# Diagnostics\n\nEvery code, as `writ explain` says it. Made by `make generate`.\n\n"
    return head + Explanation.all.map { $0.markdown(message: $0.message) }.joined(separator: "\n")
  }

  /// What every command says of itself, below the part that people wrote.
  private static func commands(_ root: URL) throws -> String {
    let url = root.appending(path: "docs/commands.md")
    let marker = "<!-- Below: made by `swift run dev generate` from the help of each command. -->\n"
    let written = try String(contentsOf: url, encoding: .utf8)
    guard let end = written.range(of: marker) else { throw ValidationError("docs/commands.md has lost the line `\(marker)`") }
    var text = String(written[..<end.upperBound])
    let program = Bundle.main.executableURL!.deletingLastPathComponent().appending(path: "writ")
    let commands = [
      "check", "diff", "can", "who-can", "what-can", "why", "log", "test", "render", "drift", "init", "import permifrost",
      "import peribolos", "fmt", "explain", "schema",
    ]
    for command in commands {
      text += "\n### writ \(command)\n\n```text\n\(try help(program, command))```\n"
    }
    return text
  }

  private static func help(_ program: URL, _ command: String) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = program
    process.arguments = command.split(separator: " ").map(String.init) + ["--help"]
    process.environment = ["COLUMNS": "80"]
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ValidationError("`writ \(command) --help` failed: build writ first") }
    return text
  }

  /// Files as they stand, for `writ init`.
  private static func starter(_ name: String, _ summary: String, from source: String, _ paths: [String], below folder: URL) throws -> String
  {
    var text = """
      // Made by `swift run dev generate` from \(source): edit those.

      /// \(summary)
      enum \(name) {
        static let files: [(path: String, text: String)] = [

      """
    for path in paths {
      let content = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
      let lines = content.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { $0.isEmpty ? "" : "      \($0)" }
      text += "    (\n      \"\(path)\",\n      #\"\"\"\n\(lines.joined(separator: "\n"))\n\n      \"\"\"#\n    ),\n"
    }
    return text + "  ]\n}\n"
  }
}

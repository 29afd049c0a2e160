import Artifacts
import PolicyCompiler

/// Documents that tools write and people edit: JSON of Writ's own, and other tools' YAML.
enum DocumentFuzz {
  static func baseline(_ bytes: [UInt8]) -> String? {
    guard let baseline = try? Baseline.read(bytes) else { return nil }
    let text = SafeText.json(baseline.json.text)
    guard let again = try? Baseline.read(Array(text.utf8)) else { return "a baseline does not read back" }
    if again.json != baseline.json { return "a baseline reads back as another" }
    let changes = Baseline.changes(from: baseline, to: again, path: ".writ-baseline.json")
    let verdict = baseline.judge([], SourceMap([]), isComplete: true) { _ in true }
    return changes.isEmpty && verdict.remaining.isEmpty ? nil : "a baseline differs from itself"
  }

  static func index(_ bytes: [UInt8]) -> String? {
    for path in ArtifactIndex.read(bytes) {
      let parts = path.text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      if parts.contains(where: { $0.isEmpty || $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) }) {
        return "`\(path.text)` leads out of the folder"
      }
    }
    return nil
  }

  static func imported(_ format: ImportFormat, _ bytes: [UInt8]) -> String? {
    let sources = SourceMap([SourceFile(path: "config/acme/org.yaml", bytes: bytes)])
    let imported = format.importer.policy(from: sources, options: ImportOptions(format))
    let possible = Set(imported.possiblePaths)
    for file in imported.files where !possible.contains(file.path) { return "`\(file.path)` was not announced" }
    if let problem = FuzzCheck.diagnostics(imported.diagnostics, sources) { return problem }
    if let problem = FuzzCheck.harmless(DiagnosticPrinter(sources: sources).text(imported.diagnostics), "import") { return problem }
    guard !imported.files.isEmpty else { return nil }
    if imported.diagnostics.hasErrors { return "files are written although there are errors" }
    // What was imported compiles.
    let files = imported.files.map { SourceFile(path: "policies/" + $0.path, text: $0.text) }
    let compiled = Compiler(grammar: .complete, at: FuzzTarget.instant).compile(files)
    let errors = compiled.diagnostics.inOrder().filter { $0.severity == .error }
    return errors.first.map { "the imported policy does not compile: \($0.code.rawValue) \($0.message)" }
  }
}

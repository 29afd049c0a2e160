import Artifacts
import PolicyCompiler

/// Policy files, from bytes to whatever is printed about them.
enum PolicyFuzz {
  static func policy(_ bytes: [UInt8]) -> String? {
    let compilation = Compiler(grammar: .complete, at: FuzzTarget.instant).compile([SourceFile(path: "policies/policy.yaml", bytes: bytes)])
    let rendered = compilation.policy.map { ArtifactCompiler.render($0) }
    let found = (compilation.diagnostics + (rendered?.diagnostics ?? [])).inOrder()
    let sources = compilation.sources
    return FuzzCheck.first(
      { FuzzCheck.diagnostics(found, sources) },
      { FuzzCheck.harmless(DiagnosticPrinter(sources: sources).text(found), "check") },
      { formats(FindingReport(found, sources, at: FuzzTarget.instant, version: "0", root: "writ.yaml", summary: "fuzz")) },
      { paths(rendered?.value ?? []) },
      { again(bytes, found) })
  }

  /// Every format is printed, and the ones for machines are what they say.
  private static func formats(_ report: FindingReport) -> String? {
    for (name, document) in [
      ("sarif", SARIF.document(report)), ("rdjson", RDJSON.document(report)), ("gitlab", GitLabCodeQuality.document(report)),
    ] {
      let text = SafeText.json(document.text)
      if let problem = FuzzCheck.harmless(text, name) { return problem }
      if SyntaxNode.json(Array(text.utf8)) == nil { return "\(name) is not JSON" }
    }
    return FuzzCheck.first(
      { FuzzCheck.harmless(GitHubAnnotations.text(report), "github", isAnnotations: true) },
      { FuzzCheck.harmless(CheckMarkdown(report).text, "markdown") },
      { FuzzCheck.harmless(SafeText.escapedLines(CheckJUnit(report, strict: true).junit.text), "junit") })
  }

  /// Artifacts lie below their folder.
  private static func paths(_ artifacts: [Artifact]) -> String? {
    for artifact in artifacts {
      let parts = artifact.path.split(byte: "/")
      if parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." || $0.lowercased() == ".git" }) {
        return "`\(artifact.path)` leaves its folder"
      }
      if SafeText.escaped(artifact.path) != artifact.path { return "`\(artifact.path)` has hidden characters" }
    }
    let index = ArtifactIndex.read(ArtifactIndex.bytes(artifacts))
    return index == Set(artifacts.map { UTF8Key($0.path) }) ? nil : "the list of files does not read back"
  }

  /// The same bytes give the same problems; a baseline of them lets all pass that it can hold.
  private static func again(_ bytes: [UInt8], _ found: [Diagnostic]) -> String? {
    let compilation = Compiler(grammar: .complete, at: FuzzTarget.instant).compile([SourceFile(path: "policies/policy.yaml", bytes: bytes)])
    let rendered = compilation.policy.map { ArtifactCompiler.render($0).diagnostics } ?? []
    let problems = (compilation.diagnostics + rendered).inOrder()
    if problems.map(\.message) != found.map(\.message) { return "a second run finds something else" }
    let text = SafeText.json(Baseline(problems, compilation.sources).json.text)
    guard let baseline = try? Baseline.read(Array(text.utf8)) else { return "the baseline does not read back" }
    let verdict = baseline.judge(problems, compilation.sources, isComplete: true) { _ in true }
    return verdict.remaining.allSatisfy { $0.severity == .note || !Baseline.canHold($0) } && verdict.stale.isEmpty
      ? nil : "the baseline does not hold what it was made of"
  }

  // MARK: Two revisions

  private static let separator = Array("\n=====\n".utf8)

  static func diff(_ bytes: [UInt8]) -> String? {
    let (old, new) = parts(bytes)
    func files(_ bytes: [UInt8]) -> [SourceFile] { [SourceFile(path: "policies/policy.yaml", bytes: bytes)] }
    let compiler = Compiler(grammar: .complete, at: FuzzTarget.instant)
    let shared = compiler.compile(old: files(old), new: files(new))
    let apart = compiler.compile(old: files(old), new: files(new), isSharing: false)
    for (one, other) in [(shared.old, apart.old), (shared.new, apart.new)] {
      if one.diagnostics.hasErrors != other.diagnostics.hasErrors { return "sharing changes whether a revision has errors" }
      if let left = one.policy, let right = other.policy, !one.diagnostics.hasErrors {
        let (mine, theirs) = (ArtifactCompiler.render(left), ArtifactCompiler.render(right))
        if mine.value.map(\.bytes) != theirs.value.map(\.bytes) { return "sharing changes what is rendered" }
      }
    }
    return FuzzCheck.first(
      { FuzzCheck.diagnostics(shared.old.diagnostics, shared.old.sources) },
      { FuzzCheck.diagnostics(shared.new.diagnostics, shared.new.sources) })
  }

  private static func parts(_ bytes: [UInt8]) -> (old: [UInt8], new: [UInt8]) {
    var index = 0
    while index + separator.count <= bytes.count {
      if bytes[index] == 0x0A, bytes[index..<index + separator.count].elementsEqual(separator) {
        return (Array(bytes[..<(index + 1)]), Array(bytes[(index + separator.count)...]))
      }
      index += 1
    }
    return (Array(bytes[..<(bytes.count / 2)]), Array(bytes[(bytes.count / 2)...]))
  }

  static func settings(_ bytes: [UInt8]) -> String? {
    let read = RootSettings.parse(SourceFile(path: "writ.yaml", bytes: bytes))
    if !read.diagnostics.hasErrors {
      for folder in [read.settings.policies, read.settings.generated] {
        let parts = folder.split(byte: "/")
        if folder.utf8.first == UInt8(ascii: "/") || parts.contains("..") || parts.contains(".git") {
          return "the folder `\(folder)` is outside"
        }
      }
    }
    return FuzzCheck.first(
      { FuzzCheck.diagnostics(read.diagnostics, read.sources) },
      { FuzzCheck.harmless(DiagnosticPrinter(sources: read.sources).text(read.diagnostics.inOrder()), "settings") })
  }
}

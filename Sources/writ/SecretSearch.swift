import Artifacts
import GitStore
import PolicyCompiler

/// Searches what lies beside the policy for secrets: `writ.yaml`, and every file among the generated ones, whoever made it.
struct SecretSearch {
  private let workspace: Workspace

  init(_ workspace: Workspace) { self.workspace = workspace }

  /// The files that hold one, and what to say of them.
  ///
  /// - Parameters:
  ///   - number: the number of the first of these files, for spans.
  ///   - none: texts that the policy says to be no secrets.
  func found(numberedFrom number: Int, none: Set<[UInt8]>) throws -> (files: [SourceFile], diagnostics: [Diagnostic]) {
    let folder = workspace.folder(workspace.settings.generated)
    let generated = try workspace.generatedFiles()
    let own = ArtifactIndex.read(generated.files[UTF8Key(ArtifactIndex.path)] ?? [])
    let paths = generated.files.keys.sorted()
    let files = paths.compactMap { path in generated.files[path].map { SourceFile(path: "\(folder)/\(path.text)", bytes: $0) } }
    let searched = SideBySide.map(files.count) { SearchedFile(files[$0], none: none) }
    var found: (files: [SourceFile], diagnostics: [Diagnostic]) = ([], [])
    func add(_ file: SearchedFile, isRendered: Bool) {
      found.diagnostics += file.problems(file: Int32(number + found.files.count), isRendered: isRendered)
      found.files.append(file.source)
    }
    if let settings = SearchedFile(workspace.settingsFile, none: none, isYAML: true) { add(settings, isRendered: false) }
    for (path, file) in zip(paths, searched) { if let file { add(file, isRendered: own.contains(path)) } }
    for problem in generated.problems {
      switch problem {
      // What a link leads to is no file of the repository, and another repository is searched by its own.
      case .symlink, .submodule, .notAFile, .wrongKind: continue
      default: found.diagnostics.append(.unsearched(problem.path, problem.message))
      }
    }
    return found
  }
}

extension Compilation {
  /// The texts that the policy's files say to be no secrets: rendered, they are none either.
  var textsMarkedAsNone: Set<[UInt8]> {
    Set(documents.lazy.filter { $0.secrets.contains(where: \.isMarked) }.flatMap(\.textsMarkedAsNone))
  }
}

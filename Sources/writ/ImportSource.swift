import GitStore
import PolicyCompiler

/// The files that an import reads: one, or every `*.yaml` and `*.yml` below a folder, through no symbolic link.
struct ImportSource {
  /// Paths as they were typed.
  let files: [SourceFile]
  /// What could not be read.
  let problems: [Diagnostic]
  /// The name of the folder that was named, or that holds the file.
  let folder: String

  /// - Parameter takesFolders: whether the format is one of many files.
  init(_ path: String, takesFolders: Bool) throws {
    let (parent, name) = Self.split(path)
    let around = try Enclosing(parent)
    // Links on the way to it are the caller's; what is named, and what is below it, is no link.
    switch name.isEmpty ? PathContent.folder : try WorkTree(root: around.place).content(at: name) {
    case .absent: throw Failure(.inputOutput, "`\(path)` does not exist")
    case .problem(let problem): throw Failure(.inputOutput, "`\(path)` \(problem.message)")
    case .file(let file):
      files = [SourceFile(path: path, bytes: file.bytes)]
      problems = []
      folder = Self.name(of: around.place)
    case .folder:
      let place = try Enclosing(path).place
      guard takesFolders else { throw Failure(.badUsage, "`\(path)` is a folder", help: "name the file in it") }
      let snapshot = try WorkTree(root: place).snapshot(try FileSelection(folders: [""]))
      let prefix = name.isEmpty && (path.isEmpty || path == ".") ? "" : path.hasSuffix("/") ? path : "\(path)/"
      files = snapshot.files.map { SourceFile(path: prefix + $0.path, bytes: $0.bytes) }
      problems = snapshot.problems.map { Diagnostic(.unreadableFile, "`\(prefix)\($0.path)` \($0.message)", at: nil) }
      folder = Self.name(of: place)
    }
  }

  /// The folder and the name in it; no name where the path ends in `.`, `..` or `/`.
  private static func split(_ path: String) -> (parent: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else {
      return path == "." || path == ".." || path.isEmpty ? (path.isEmpty ? "." : path, "") : (".", path)
    }
    let name = String(path[path.utf8.index(after: slash)...])
    if name.isEmpty || name == "." || name == ".." { return (path, "") }
    return (slash == path.startIndex ? "/" : String(path[..<slash]), name)
  }

  private static func name(of place: String) -> String { place.utf8.split(separator: UInt8(ascii: "/")).last.flatMap { String($0) } ?? "" }
}

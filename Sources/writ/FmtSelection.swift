import GitStore
import PolicyCompiler

/// The files of a policy that are to be formatted.
struct FmtSelection {
  private(set) var files: [SourceFile] = []
  /// Of files that are none, or that cannot be read.
  private(set) var problems: [Diagnostic] = []

  /// - Parameter paths: as they were typed; none means all files.
  init(_ workspace: Workspace, _ paths: [String]) throws {
    let policy = try workspace.policyFiles()
    let all = policy.files + [workspace.settingsFile]
    guard !paths.isEmpty else {
      files = all
      problems = policy.problems
      return
    }
    var wanted = Set<UTF8Key>()
    for path in paths {
      let place = try Self.place(path)
      guard let name = Self.below(workspace.root, place) else { throw Failure.noPolicyFile(path, workspace) }
      let found = all.filter { name.isEmpty || $0.path.utf8.elementsEqual(name.utf8) || $0.path.utf8.starts(with: "\(name)/".utf8) }
      guard !found.isEmpty else {
        if case .problem(let problem) = try WorkTree(root: workspace.root).content(at: name) {
          throw Failure(.refused, "`\(problem.path)` \(problem.message)")
        }
        throw Failure.noPolicyFile(path, workspace)
      }
      if !found.contains(where: { $0.path.utf8.elementsEqual(name.utf8) }) { problems = policy.problems }
      for file in found { wanted.insert(UTF8Key(file.path)) }
    }
    files = all.filter { wanted.contains(UTF8Key($0.path)) }
  }

  /// Where a path leads, links in its folders followed; its last name is taken as it is.
  private static func place(_ path: String) throws(GitError) -> String {
    var parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
      String(decoding: Array($0), as: UTF8.self)
    }
    guard let name = parts.popLast(), !name.isEmpty, name != ".", name != ".." else { return try Enclosing(path).place }
    let parent = parts.isEmpty ? "." : parts == [""] ? "/" : parts.joined(separator: "/")
    let place = try Enclosing(parent).place
    return place == "/" ? "/\(name)" : "\(place)/\(name)"
  }

  private static func below(_ root: String, _ place: String) -> String? {
    if place.utf8.elementsEqual(root.utf8) { return "" }
    let prefix = root == "/" ? "/" : "\(root)/"
    return place.utf8.starts(with: prefix.utf8) ? String(decoding: place.utf8.dropFirst(prefix.utf8.count), as: UTF8.self) : nil
  }
}

extension Workspace {
  /// Gives a policy file, or `writ.yaml`, new content.
  ///
  /// Throws where the file is not what was read.
  func replace(_ file: SourceFile, with bytes: [UInt8]) throws {
    let folder = file.path == settingsFile.path ? prefix : folder(settings.policies)
    let name = folder.isEmpty ? file.path : String(decoding: file.path.utf8.dropFirst(folder.utf8.count + 1), as: UTF8.self)
    try FolderWriter(root: root, folder: folder).replace(name, holding: file.bytes, with: bytes)
  }
}

extension Failure {
  fileprivate static func noPolicyFile(_ path: String, _ workspace: Workspace) -> Failure {
    Failure(
      .badUsage, "`\(path)` is no file of this policy",
      help:
        "they are `\(workspace.settingsFile.path)` and the `*.yaml` and `*.yml` below `\(workspace.folder(workspace.settings.policies))`")
  }
}

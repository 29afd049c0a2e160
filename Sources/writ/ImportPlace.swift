import ArgumentParser
import GitStore
import PolicyCompiler

/// Where imported files go: a folder of policies, its repository with it, or any folder that was named.
struct ImportPlace {
  enum Change {
    case create(String, [UInt8])
    case update(String, [UInt8])
    case delete(String)

    var path: String {
      switch self {
      case .create(let path, _), .update(let path, _), .delete(let path): path
      }
    }

    var verb: String {
      switch self {
      case .create: "created"
      case .update: "updated"
      case .delete: "deleted"
      }
    }
  }

  /// A folder that exists, and the folder below it that files go to.
  private let root: String
  private let folder: String
  /// The policy that the folder belongs to; nil where it is no folder of policies.
  private let workspace: Workspace?
  /// Whether `writ.yaml` is to be written as well.
  let startsRepository: Bool
  private let name: String

  init(_ arguments: ImportArguments) throws {
    if let into = arguments.into {
      let (place, rest) = try Self.existing(into)
      let whole = rest.isEmpty ? place : "\(place)/\(rest)"
      let found = try Workspace.enclosing(place)
      let policies = found.map { "\($0.root)/\($0.folder($0.settings.policies))" }
      workspace = policies.map { whole == $0 || whole.hasPrefix($0 + "/") } ?? false ? found : nil
      root = workspace?.root ?? place
      folder = workspace.map { String(decoding: whole.utf8.dropFirst($0.root.utf8.count + 1), as: UTF8.self) } ?? rest
      startsRepository = false
      name = into
    } else if let found = try Workspace.enclosing(arguments.repository) {
      root = found.root
      folder = found.folder(found.settings.policies)
      workspace = found
      startsRepository = false
      name = folder
    } else {
      root = try Enclosing(arguments.repository).place
      folder = RootSettings().policies
      workspace = nil
      startsRepository = true
      name = arguments.repository == "." ? folder : "\(arguments.repository)/\(folder)"
    }
  }

  /// The longest part of a path that exists, and the rest of it.
  private static func existing(_ path: String) throws -> (root: String, folder: String) {
    var parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
      String(decoding: Array($0), as: UTF8.self)
    }
    var rest: [String] = []
    while !parts.isEmpty {
      let tried = parts.joined(separator: "/")
      if let found = try? Enclosing(tried.isEmpty ? "/" : tried) { return (found.place, rest.joined(separator: "/")) }
      rest.insert(parts.removeLast(), at: 0)
    }
    return (try Enclosing(".").place, rest.joined(separator: "/"))
  }

  /// The path of a file as a person is shown it.
  func shown(_ path: String) -> String {
    let trimmed = name.hasSuffix("/") ? String(name.dropLast()) : name
    return path.isEmpty ? trimmed : path == RootSettings.fileName && startsRepository ? path : "\(trimmed)/\(path)"
  }

  /// The path of a file from the root that the policy's other files are named from.
  func path(_ path: String) -> String { workspace == nil ? shown(path) : "\(folder)/\(path)" }

  /// The policy files that are there, but for those that an import writes.
  func otherFiles(_ own: [String]) throws -> [SourceFile] {
    guard let workspace else { return [] }
    let mine = Set(own.map(path))
    return try workspace.policyFiles().files.filter { !mine.contains($0.path) }
  }

  /// What has to change for the folder to hold these files, and none that an import into it left before.
  func changes(_ imported: ImportedPolicy, force: Bool) throws -> [Change] {
    let wanted = Dictionary(imported.files.map { ($0.path, Array($0.text.utf8)) }, uniquingKeysWith: { first, _ in first })
    var changes: [Change] = []
    var differing: [String] = []
    for path in imported.possiblePaths {
      switch (try content(path), wanted[path]) {
      case (nil, nil): break
      case (nil, let new?): changes.append(.create(path, new))
      case (let old?, let new) where old == new: break
      case (_?, let new):
        differing.append(path)
        changes.append(new.map { .update(path, $0) } ?? .delete(path))
      }
    }
    if !differing.isEmpty, !force {
      throw Failure(
        .refused,
        "\(differing.map { "`\(shown($0))`" }.joined(separator: ", ")) \(differing.count == 1 ? "is there and differs" : "are there and differ"): nothing was written",
        help: "import --into another folder, give the system another name with --system, or replace them with --force")
    }
    return changes
  }

  private func content(_ path: String) throws -> [UInt8]? {
    switch try WorkTree(root: root).content(at: folder.isEmpty ? path : "\(folder)/\(path)") {
    case .absent: nil
    case .file(let file): file.bytes
    case .folder: throw Failure(.refused, "`\(shown(path))` is a folder, so it cannot be written")
    case .problem(let problem): throw Failure(.refused, "`\(shown(path))` cannot be written: `\(problem.path)` \(problem.message)")
    }
  }

  func write(_ changes: [Change]) throws {
    if startsRepository {
      let settings = StarterPolicy.files.first { $0.path == RootSettings.fileName }?.text ?? "version: 1\n"
      try FolderWriter(root: root, folder: "").write(Array(settings.utf8), to: RootSettings.fileName)
    }
    let writer = FolderWriter(root: root, folder: folder)
    for case .delete(let path) in changes { try writer.remove(path) }
    for change in changes {
      switch change {
      case .create(let path, let bytes), .update(let path, let bytes): try writer.write(bytes, to: path)
      case .delete: break
      }
    }
  }
}

import GitStore
import PolicyCompiler

/// A policy root: where it is, what its settings say, and its files as they stand or as a revision has them.
struct Workspace {
  /// The folder that paths are relative to: the repository's, else the policy root's.
  let root: String
  /// The policy root below `root`; empty where they are the same.
  let prefix: String
  let settings: RootSettings
  /// The file that says so.
  let settingsFile: SourceFile
  let source: Source

  enum Source {
    case workTree
    case revision(Commit, Repository.Origin)
  }

  /// The same as ``init(at:revision:)`` for a commit and a folder in it, whatever the work tree holds.
  init(below folder: String, in commit: Commit, _ origin: Repository.Origin) throws {
    let repository = try origin.open()
    var found: (folder: String, file: SourceFile)?
    for folder in Self.upwards(folder) {
      let name = Self.join(folder, RootSettings.fileName)
      if let file = try Self.file(try repository.content(at: name, in: commit), name) {
        found = (folder, file)
        break
      }
    }
    guard let found else { throw Failure.noRoot(folder.isEmpty ? "." : folder, revision: commit.id.short) }
    root = repository.location.workTree ?? repository.location.gitDirectory
    prefix = found.folder
    settingsFile = found.file
    settings = try Self.settings(found.file)
    source = .revision(commit, origin)
  }

  /// Looks for `writ.yaml` from a folder upwards to the repository's root.
  ///
  /// Throws `Failure` where there is none, or where it has errors.
  init(at path: String, revision: String?) throws {
    if let revision {
      let repository = try Repository.open(at: path)
      do {
        let commit = try repository.resolve(revision, dates: .policy)
        try self.init(below: repository.location.prefix, in: commit, repository.origin)
      } catch let failure as Failure where failure.isMissingRoot {
        throw Failure.noRoot(path, revision: revision)
      }
    } else {
      try self.init(asItStands: path)
    }
  }

  private init(asItStands path: String) throws {
    let enclosing = try Enclosing(path)
    let tree = WorkTree(root: enclosing.root)
    var found: (folder: String, file: SourceFile)?
    for folder in enclosing.folders {
      let name = Self.join(folder, RootSettings.fileName)
      if let file = try Self.file(try tree.content(at: name), name) {
        found = (folder, file)
        break
      }
    }
    guard let found else { throw Failure.noRoot(path, revision: nil) }
    // Outside of a repository nothing above the policy root is of interest.
    root =
      enclosing.isRepository || found.folder.isEmpty
      ? enclosing.root : Self.join(enclosing.root == "/" ? "" : enclosing.root, found.folder, absolute: true)
    prefix = enclosing.isRepository ? found.folder : ""
    settingsFile = SourceFile(path: enclosing.isRepository ? found.file.path : RootSettings.fileName, bytes: found.file.bytes)
    settings = try Self.settings(settingsFile)
    source = .workTree
  }

  /// The policy root that a folder is in; nil where there is none.
  static func enclosing(_ path: String) throws -> Workspace? {
    let enclosing = try Enclosing(path)
    let tree = WorkTree(root: enclosing.root)
    for folder in enclosing.folders {
      if case .absent = try tree.content(at: join(folder, RootSettings.fileName)) { continue }
      return try Workspace(at: path, revision: nil)
    }
    return nil
  }

  /// The same; nil where there is no `writ.yaml`.
  static func ifAny(at path: String, revision: String? = nil) throws -> Workspace? {
    do {
      return try Workspace(at: path, revision: revision)
    } catch let failure as Failure where failure.isMissingRoot {
      return nil
    }
  }

  private static func settings(_ file: SourceFile) throws -> RootSettings {
    let read = RootSettings.parse(file)
    guard !read.diagnostics.hasErrors else {
      let printer = DiagnosticPrinter(sources: read.sources, useColor: Terminal.messagesUseColor, width: Terminal.width)
      Terminal.say(printer.text(read.diagnostics.inOrder()))
      throw Failure(.policyErrors, "the settings in `\(file.path)` cannot be used")
    }
    return read.settings
  }

  private static func file(_ content: PathContent, _ path: String) throws -> SourceFile? {
    switch content {
    case .absent: nil
    case .folder: throw Failure(.inputOutput, "`\(path)` is a folder, not a file")
    case .problem(let problem): throw Failure(.inputOutput, "`\(problem.path)` \(problem.message)")
    case .file(let file): SourceFile(path: file.path, bytes: file.bytes)
    }
  }

  private static func upwards(_ path: String) -> [String] {
    var folders = [path]
    var current = path
    while !current.isEmpty {
      current = current.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(current[..<$0]) } ?? ""
      folders.append(current)
    }
    return folders
  }

  static func join(_ folder: String, _ name: String, absolute: Bool = false) -> String {
    folder.isEmpty ? (absolute ? "/\(name)" : name) : "\(folder)/\(name)"
  }

  // MARK: Files

  /// A folder below the policy root, relative to `root`.
  func folder(_ name: String) -> String { Self.join(prefix, name) }

  /// The policy files, and what could not be read as diagnostics.
  func policyFiles() throws -> (files: [SourceFile], problems: [Diagnostic]) {
    let (snapshot, problems) = try policySnapshot()
    return (snapshot.map { SourceFile(path: $0.path, bytes: $0.bytes) }, problems)
  }

  /// The same as git has them.
  ///
  /// - Parameter known: files of another revision: what this one has alike is not read again.
  func policySnapshot(known: [SnapshotFile] = []) throws -> (files: [SnapshotFile], problems: [Diagnostic]) {
    let selection = try FileSelection(
      folders: [folder(settings.policies)], suffixes: PolicyFileName.endings, lookAlikes: PolicyFileName.lookAlikes)
    let snapshot = try snapshot(selection, known: known)
    return (
      snapshot.files,
      snapshot.lookAlikes.map { .passedOver($0) }
        + snapshot.problems.map { Diagnostic(.unreadableFile, "`\($0.path)` \($0.message)", at: nil, help: Self.help(for: $0)) }
    )
  }

  /// Every file in the folder of generated files, by its path below it.
  ///
  /// - Parameter other: where to look, if not where the policy is from.
  func generatedFiles(in other: Source? = nil) throws -> (files: [UTF8Key: [UInt8]], problems: [SnapshotProblem]) {
    let folder = folder(settings.generated)
    let selection = try FileSelection(folders: [folder], suffixes: [""])
    let snapshot = try snapshot(selection, in: other)
    var files: [UTF8Key: [UInt8]] = [:]
    for file in snapshot.files { files[UTF8Key(String(file.path.utf8.dropFirst(folder.utf8.count + 1)) ?? file.path)] = file.bytes }
    return (files, snapshot.problems)
  }

  /// Files beside the policy that decide about what happens to it, by their paths from the repository's root: what runs on
  /// changes, and who must review them.
  func deliveryFiles() throws -> [UTF8Key: FileBeside] {
    let snapshot = try snapshot(try FileSelection(folders: Self.deliveryFolders, suffixes: [""]))
    var files = FileBeside.all(snapshot.files.map { ($0.path, $0.bytes) }, snapshot.problems)
    for path in Self.deliveryPaths {
      switch try found(at: path) {
      case .file(let file): files[UTF8Key(path)] = .bytes(file.bytes)
      case .problem(let problem): files[UTF8Key(path)] = .problem(problem.message)
      case .absent, .folder: break
      }
    }
    return files
  }

  private static let deliveryFolders = [".github", ".gitlab", ".circleci"]
  private static let deliveryPaths = [
    "CODEOWNERS", "docs/CODEOWNERS", ".gitlab-ci.yml", ".pre-commit-config.yaml", "azure-pipelines.yml", "bitbucket-pipelines.yml",
    "Jenkinsfile",
    ".gitattributes",
  ]

  /// The bytes of a baseline below the policy root; nil where there is none that could be read.
  func baseline(_ name: String) throws -> [UInt8]? { try content(at: folder(name)) }

  /// What there is at a path below the policy root.
  func entry(_ name: String) throws -> PathContent { try found(at: folder(name)) }

  /// The bytes of one file; nil where it is none.
  private func content(at path: String) throws -> [UInt8]? {
    if case .file(let file) = try found(at: path) { return file.bytes }
    return nil
  }

  private func found(at path: String) throws -> PathContent {
    switch source {
    case .workTree: try WorkTree(root: root).content(at: path)
    case .revision(let commit, let origin): try origin.open().content(at: path, in: commit)
    }
  }

  private typealias Contents = (files: [SnapshotFile], problems: [SnapshotProblem], lookAlikes: [String])

  private func snapshot(_ selection: FileSelection, in other: Source? = nil, known: [SnapshotFile] = []) throws -> Contents {
    switch other ?? source {
    case .workTree:
      let tree = WorkTree(root: root)
      return try read(try tree.list(selection)) { entries, budget throws(GitError) in try tree.read(entries, budget: budget) }
    case .revision(let commit, let origin):
      let repository = try origin.open()
      var listing = try repository.list(commit, selection)
      let stored = Dictionary(known.compactMap { file in file.storedBlob.map { ($0, file) } }, uniquingKeysWith: { first, _ in first })
      let alike = listing.entries.compactMap { entry -> SnapshotFile? in
        guard let blob = entry.blob, var file = stored[blob] else { return nil }
        file.path = entry.path
        return file
      }
      if !alike.isEmpty {
        listing.entries.removeAll { $0.blob.map { stored[$0] != nil } ?? false }
        var rest = try read(listing, of: repository, origin)
        rest.files = (rest.files + alike).sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        return rest
      }
      return try read(listing, of: repository, origin)
    }
  }

  private func read(_ listing: SnapshotListing, of repository: borrowing Repository, _ origin: Repository.Origin) throws -> Contents {
    // What a partial clone lacks is fetched in one go, which only one reader can do.
    if repository.isPartialClone {
      let batch = try repository.read(listing.entries, budget: ReadBudget())
      return (batch.files, listing.problems + batch.problems, listing.lookAlikes)
    }
    return try read(listing) { entries, budget throws(GitError) in try origin.open().read(entries, budget: budget) }
  }

  /// Reads a listing's files side by side, in its order.
  private func read(
    _ listing: SnapshotListing, _ body: @Sendable (ArraySlice<SnapshotEntry>, ReadBudget) throws(GitError) -> SnapshotBatch
  ) throws(GitError) -> Contents {
    let count = listing.entries.count
    let chunks = count < 64 ? 1 : 8
    let budget = ReadBudget()
    let batches = SideBySide.map(chunks) { chunk in
      Result { () throws(GitError) in try body(listing.entries[count * chunk / chunks..<count * (chunk + 1) / chunks], budget) }
    }
    var found: Contents = ([], listing.problems, listing.lookAlikes)
    for batch in batches {
      let batch = try batch.get()
      found.files += batch.files
      found.problems += batch.problems
    }
    return found
  }

  private static func help(for problem: SnapshotProblem) -> String? {
    switch problem {
    case .symlink: "put the file itself there: what a link leads to is not part of the revision"
    case .submodule: "policy files belong to this repository: copy them in"
    case .tooLarge: "split it: any file below the policy folder may hold any section"
    case .notUTF8Name, .invalidName: "rename it"
    default: nil
    }
  }
}

extension Failure {
  fileprivate static func noRoot(_ path: String, revision: String?) -> Failure {
    let place = path == "." ? "here" : "in `\(path)`"
    return Failure(
      .inputOutput, isMissingRoot: true,
      "there is no `\(RootSettings.fileName)` \(place) or in a folder above it" + (revision.map { " at `\($0)`" } ?? ""),
      help: "`writ init` starts a policy repository")
  }
}

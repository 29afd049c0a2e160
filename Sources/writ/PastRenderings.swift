import Artifacts
import GitStore
import PolicyCompiler

/// What generated files were rendered from before: by the trailers of `writ render --commit`, or by the policy that was
/// committed together with them.
final class PastRenderings {
  struct Rendering {
    let name: DriftReport.Rendering
    /// The commit of the generated files.
    let commit: ObjectID
    /// What this Writ renders from that policy, by paths below the folder.
    let files: [UTF8Key: [UInt8]]
    fileprivate let policy: [SourceFile]
  }

  /// Where a file's committed content is from.
  struct Origin {
    var bytes: [UInt8]?
    /// nil where it never was in history.
    var change: LastChange?
  }

  private let repository: Repository.Origin
  private let workspace: Workspace
  /// The commit that the generated files are in, or that the work tree stands on.
  private let head: Commit
  private var rendered: [ObjectID: Rendering?] = [:]
  private var current: [SourceFile]?
  private var newest: Commit??

  /// Each costs as much as a check of the policy.
  private static let limit = 20

  /// nil where there is no history: outside of a repository, and before its first commit.
  init?(_ workspace: Workspace, files: Workspace.Source) throws {
    guard let place = try Self.place(workspace, files) else { return nil }
    self.workspace = workspace
    head = place.head
    repository = place.repository
  }

  private static func place(_ workspace: Workspace, _ files: Workspace.Source) throws -> (head: Commit, repository: Repository.Origin)? {
    if case .revision(let commit, let origin) = files { return (commit, origin) }
    do {
      return try headOf(workspace.root)
    } catch let error as GitError where error.kind == .notARepository || error.kind == .noCommits {
      return nil
    }
  }

  private static func headOf(_ root: String) throws -> (head: Commit, repository: Repository.Origin) {
    let repository = try Repository.open(at: root)
    return (try repository.head(), repository.origin)
  }

  /// - Parameter paths: from the root of the repository.
  func origins(_ paths: [String]) throws -> [UTF8Key: Origin] {
    let repository = try repository.open()
    var files: [[UInt8]: BlobID?] = [:]
    var found: [UTF8Key: Origin] = [:]
    for path in paths {
      var bytes: [UInt8]?
      if case .file(let file) = try repository.content(at: path, in: head) {
        bytes = file.bytes
        files[Array(path.utf8)] = file.blob
      } else {
        files.updateValue(nil, forKey: Array(path.utf8))
      }
      found[UTF8Key(path)] = Origin(bytes: bytes)
    }
    for (path, change) in try repository.lastChanges(of: files, at: head) {
      found[UTF8Key(String(decoding: path, as: UTF8.self))]?.change = change
    }
    return found
  }

  /// The policies that a commit's generated files may be from, the likeliest first: what its trailers say, or else the
  /// policy that it holds, and the policy that the nearest commit with trailers before it says.
  func renderings(behind commit: Commit, matching isRight: ([UTF8Key: [UInt8]]) -> Bool) throws -> [Rendering] {
    let own = try rendering(of: commit)
    if let own, own.name.commit != nil || isRight(own.files) { return [own] }
    let nearest = try nearestWithTrailers(before: commit).flatMap { try rendering(of: $0) }
    return [nearest, own].compactMap(\.self)
  }

  /// What the newest commit of the folder is from.
  func newestRendering() throws -> Rendering? {
    if newest == nil { newest = .some(try repository.open().commits(changing: folder, before: head, limit: 1).first) }
    guard let commit = newest ?? nil else { return nil }
    return try renderings(behind: commit, matching: { _ in true }).first
  }

  /// Whether the policy is still the same, byte for byte.
  func isCurrent(_ rendering: Rendering) throws -> Bool {
    if current == nil { current = try workspace.policyFiles().files }
    guard let current, current.count == rendering.policy.count else { return false }
    return zip(current, rendering.policy).allSatisfy { UTF8Key($0.path) == UTF8Key($1.path) && $0.bytes == $1.bytes }
  }

  // MARK: Rendering again

  private var folder: String { workspace.folder(workspace.settings.generated) }

  private func nearestWithTrailers(before commit: Commit) throws -> Commit? {
    let repository = try repository.open()
    for older in try repository.commits(changing: folder, before: commit, limit: 200) where try said(older) != nil { return older }
    return nil
  }

  private struct Said {
    let policy: ObjectID
    let moment: Instant
    let version: String?
  }

  /// What a commit's trailers say; nil where they are not Writ's, or not well-formed: anybody may write some.
  private func said(_ commit: Commit) throws -> Said? {
    let trailers = try repository.open().trailers(of: commit.id)
    func last(_ name: String) -> String? { trailers.last { $0.name.lowercased() == name.lowercased() }?.value }
    guard let policy = last(RenderCommit.revisionTrailer).flatMap({ ObjectID(hex: $0) }),
      let moment = last(RenderCommit.momentTrailer).flatMap({ Instant($0) })
    else { return nil }
    return Said(policy: policy, moment: moment, version: last(RenderCommit.versionTrailer))
  }

  private func rendering(of commit: Commit) throws -> Rendering? {
    if let known = rendered[commit.id] { return known }
    guard rendered.count < Self.limit else { return nil }
    let said = try said(commit)
    let rendering = render(said?.policy ?? commit.id, at: said?.moment ?? Instant(seconds: commit.committer.time), said, commit)
    rendered[commit.id] = .some(rendering)
    return rendering
  }

  /// nil where the policy does not compile, or is not here.
  private func render(_ policy: ObjectID, at moment: Instant, _ said: Said?, _ commit: Commit) -> Rendering? {
    guard let revision = try? repository.open().commit(policy),
      let then = try? Workspace(below: workspace.prefix, in: revision, repository),
      let compiled = try? CompiledWorkspace(then, at: moment, needsBytes: true), !compiled.fails(strict: false),
      let files = try? then.policyFiles().files
    else { return nil }
    var rendered = Dictionary(compiled.artifacts.map { (UTF8Key($0.path), $0.bytes) }, uniquingKeysWith: { first, _ in first })
    rendered[UTF8Key(ArtifactIndex.path)] = ArtifactIndex.bytes(compiled.artifacts)
    return Rendering(
      name: .init(
        policy: policy.description, moment: moment, commit: said == nil ? nil : commit.id.description, version: said?.version),
      commit: commit.id, files: rendered, policy: files)
  }
}

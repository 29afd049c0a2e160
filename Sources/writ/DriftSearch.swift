import Artifacts
import GitStore
import PolicyCompiler

/// Finds out, for each generated file that is not what the policy says, what moved: by rendering the policy again that the
/// file was committed with, and comparing.
final class DriftSearch {
  private let workspace: Workspace
  private let folder: GeneratedFolder
  private let wanted: [UTF8Key: [UInt8]]
  private let instant: Instant
  private let source: Workspace.Source
  private var past: PastRenderings?

  /// - Parameter files: where the generated files are from, if not where the policy is from.
  init(
    _ workspace: Workspace, _ compiled: CompiledWorkspace, _ folder: GeneratedFolder, in files: Workspace.Source? = nil, at instant: Instant
  ) {
    self.workspace = workspace
    self.folder = folder
    self.instant = instant
    source = files ?? workspace.source
    var wanted = Dictionary(compiled.artifacts.map { (UTF8Key($0.path), $0.bytes) }, uniquingKeysWith: { first, _ in first })
    wanted[UTF8Key(ArtifactIndex.path)] = folder.index
    self.wanted = wanted
  }

  /// In the order of their paths. Where history cannot be read, without reasons.
  private(set) lazy var items: [DriftReport.Item] = search()

  private struct Difference {
    var item: DriftReport.Item
    /// Below the folder.
    var path: UTF8Key
    var old: [UInt8]?
  }

  private var name: String { workspace.folder(workspace.settings.generated) }

  private func differences() -> [Difference] {
    var found: [Difference] = []
    func add(_ path: String, _ difference: DriftReport.Difference, _ old: [UInt8]?, _ new: [UInt8]?) {
      found.append(
        Difference(
          item: .init(path: "\(name)/\(path)", difference: difference, line: Self.firstLine(old ?? [], new ?? [])), path: UTF8Key(path),
          old: old))
    }
    for change in folder.changes {
      switch change {
      case .create(let artifact): add(artifact.path, .missing, nil, nil)
      case .update(let artifact, let old): add(artifact.path, .different, old, artifact.bytes)
      case .delete(let path, let old): add(path, .unwanted, old, old)
      }
    }
    if found.isEmpty, folder.isIndexStale { add(ArtifactIndex.path, folder.list == nil ? .missing : .different, folder.list, folder.index) }
    return found
  }

  /// The first line in which two contents differ, from 1; 1 where they do not.
  private static func firstLine(_ old: [UInt8], _ new: [UInt8]) -> Int {
    guard old != new else { return 1 }
    let same = zip(old, new).prefix { $0 == $1 }.count
    return old[..<same].count { $0 == 0x0A } + 1
  }

  // MARK: Reasons

  private func search() -> [DriftReport.Item] {
    var differences = differences()
    guard !differences.isEmpty else { return [] }
    do {
      guard let past = try PastRenderings(workspace, files: source) else {
        return differences.map { Self.noted($0.item, "there is no history to tell why") }
      }
      self.past = past
      let paths = differences.map { "\(name)/\($0.path.text)" }
      let origins = try past.origins(paths)
      for (position, path) in paths.enumerated() { try explain(&differences[position], origins[UTF8Key(path)], past) }
      return differences.map(\.item)
    } catch {
      let message = (error as? GitError)?.message ?? (error as? Failure)?.message ?? "\(error)"
      return differences.map { Self.noted($0.item, "history cannot be read: \(message)") }
    }
  }

  private static func noted(_ item: DriftReport.Item, _ note: String) -> DriftReport.Item {
    var item = item
    item.note = note
    return item
  }

  private func explain(_ difference: inout Difference, _ origin: PastRenderings.Origin?, _ past: PastRenderings) throws {
    let committed = origin?.bytes
    difference.item.isUncommitted = difference.old != committed
    let renderings: [PastRenderings.Rendering]
    if let change = origin?.change {
      if !difference.item.isUncommitted { difference.item.changed = Self.name(change.commit) }
      if change.isCut {
        difference.item.note = "history ends at \(change.commit.id.short) in this shallow clone: `git fetch --unshallow` brings the rest"
        if difference.item.isUncommitted { difference.item.reasons.insert(.file) }
        return
      }
      renderings = try past.renderings(behind: change.commit, matching: { $0[difference.path] == committed })
    } else {
      // It was never there: what the others were rendered from tells whether it should have been.
      renderings = try past.newestRendering().map { [$0] } ?? []
    }
    let isRendered = renderings.first { $0.files[difference.path] == committed }
    let rendering = isRendered ?? renderings.first
    difference.item.rendering = rendering?.name
    var reasons: Set<DriftReport.Reason> = difference.item.isUncommitted ? [.file] : []
    guard let rendering else {
      if origin?.change == nil, committed == nil, difference.old == nil { reasons.insert(.policy) }
      difference.item.reasons = reasons
      if reasons.isEmpty { difference.item.note = "no policy that it may have been rendered from compiles, or is here" }
      return
    }
    if isRendered == nil, !difference.item.isUncommitted {
      let isOfOther = rendering.name.version.map { $0 != Writ.version } ?? false
      reasons.insert(isOfOther && rendering.commit == origin?.change?.commit.id ? .writ : .file)
    }
    if rendering.files[difference.path] != wanted[difference.path] {
      reasons.insert(try past.isCurrent(rendering) ? .time : .policy)
    }
    difference.item.reasons = reasons
  }

  private static func name(_ commit: Commit) -> DriftReport.CommitName {
    .init(
      id: commit.id.description, author: commit.author.name, day: Instant(seconds: commit.author.time).day, subject: commit.subject)
  }
}

import Artifacts
import GitStore
import PolicyCompiler

/// The folder of generated files, compared with what the policy says should be in it.
struct GeneratedFolder {
  enum Change {
    case create(Artifact)
    case update(Artifact, old: [UInt8])
    case delete(path: String, old: [UInt8])

    var path: String {
      switch self {
      case .create(let artifact), .update(let artifact, _): artifact.path
      case .delete(let path, _): path
      }
    }
  }

  /// In the order of their paths.
  let changes: [Change]
  /// Files in the way of an artifact that Writ did not make.
  let obstacles: [String]
  /// Folders in the way of an artifact that hold files of others.
  let occupied: [String]
  /// Files that Writ did not make and that are in nobody's way.
  let foreign: [String]
  let index: [UInt8]
  let isIndexStale: Bool
  /// The list as it is; nil where there is none.
  let list: [UInt8]?

  init(_ artifacts: [Artifact], existing: [UTF8Key: [UInt8]]) {
    let list = UTF8Key(ArtifactIndex.path)
    let own = ArtifactIndex.read(existing[list] ?? [])
    var changes: [Change] = []
    var obstacles: Set<UTF8Key> = []
    var occupied: [UTF8Key] = []
    let wanted = Set(artifacts.map { UTF8Key($0.path) })
    let kept = existing.keys.filter { !own.contains($0) || wanted.contains($0) }
    let keptFolders = Set(kept.flatMap(Self.folders(of:)))
    for artifact in artifacts {
      let path = UTF8Key(artifact.path)
      if keptFolders.contains(path) { occupied.append(path) }
      for folder in Self.folders(of: path) {
        if let old = existing[folder], !own.contains(folder), obstacles.insert(folder).inserted {
          changes.append(.delete(path: folder.text, old: old))
        }
      }
      guard let old = existing[path] else {
        changes.append(.create(artifact))
        continue
      }
      guard old != artifact.bytes else { continue }
      if !own.contains(path) { obstacles.insert(path) }
      changes.append(.update(artifact, old: old))
    }
    for path in own.subtracting(wanted) {
      if let old = existing[path] { changes.append(.delete(path: path.text, old: old)) }
    }
    self.changes = changes.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    self.obstacles = obstacles.sorted().map(\.text)
    self.occupied = occupied.sorted().map(\.text)
    foreign = existing.keys.filter { !own.contains($0) && !wanted.contains($0) && $0 != list }.sorted().map(\.text)
    let index = ArtifactIndex.bytes(artifacts)
    self.index = index
    self.list = existing[list]
    isIndexStale = existing[list].map { $0 != index } ?? !artifacts.isEmpty
  }

  /// `a` and `a/b` for `a/b/c`.
  private static func folders(of path: UTF8Key) -> [UTF8Key] {
    let bytes = path.text.utf8
    return bytes.indices.filter { bytes[$0] == UInt8(ascii: "/") }.map { UTF8Key(String(path.text[..<$0])) }
  }

  /// How many files would go.
  var deletions: Int { changes.count { if case .delete = $0 { true } else { false } } }

  var isUpToDate: Bool { changes.isEmpty && !isIndexStale }

  /// Carries the changes out. Deletions come first, so that a file may take the place of a folder.
  func write(with writer: FolderWriter) throws {
    for case .delete(let path, _) in changes { try writer.remove(path) }
    for change in changes {
      switch change {
      case .create(let artifact), .update(let artifact, _): try writer.write(artifact.bytes, to: artifact.path)
      case .delete: break
      }
    }
    // The list comes last: after a failure half-way nothing is counted as Writ's that it did not write.
    if isIndexStale { try writer.write(index, to: ArtifactIndex.path) }
  }

  /// What differs, as a unified diff with `old` being what is there: it may be anybody's, and hold a secret that was put in by
  /// hand. Each side is searched by itself, since the marks of a diff tear a value from the key above it.
  func difference(in folder: String) -> String {
    changes.map { change in
      let path = "\(folder)/\(change.path)"
      func difference(_ old: [UInt8]?, _ new: Artifact?) -> String {
        TextDifference(old: old.map { String(decoding: $0, as: UTF8.self) }, new: new?.text) { MaskedText.masked($0, certainOnly: false) }
          .text()
      }
      switch change {
      case .create(let artifact): return "--- /dev/null\n+++ \(path)\n" + difference(nil, artifact)
      case .update(let artifact, let old): return "--- \(path)\n+++ \(path) (policy)\n" + difference(old, artifact)
      case .delete(_, let old): return "--- \(path)\n+++ /dev/null\n" + difference(old, nil)
      }
    }.joined()
  }
}

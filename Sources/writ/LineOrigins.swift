import GitStore
import PolicyCompiler
import Synchronization

/// The commits that lines of the policy came with, as far as anybody asks.
final class LineOrigins: Sendable {
  private let workspace: Workspace
  private let sources: SourceMap
  private let state = Mutex(State())

  private struct State: ~Copyable {
    var known: [String: [Int: String]] = [:]
    /// Nil where there is no history to ask.
    var blame: Blame??
  }

  init(_ workspace: Workspace, _ sources: SourceMap) {
    self.workspace = workspace
    self.sources = sources
  }

  /// `1a2b3c4 2026-10-01 Raj`, or that the line is not committed; nil where there is no repository.
  func origin(of span: SourceSpan) -> String? {
    let start = sources.start(of: span)
    return state.withLock { state in
      if let known = state.known[start.path]?[start.line] { return known }
      if state.blame == nil { state.blame = .some(try? workspace.blame()) }
      guard let blame = state.blame ?? nil else { return nil }
      let lines: [Int: BlameLine]?
      switch workspace.source {
      case .workTree:
        let bytes = sources.files[Int(span.file)].bytes
        lines = try? blame.lines(CollectionOfOne(start.line), of: start.path, asItStands: bytes)
      case .revision: lines = try? blame.lines(CollectionOfOne(start.line), of: start.path)
      }
      guard let line = lines?[start.line] else { return nil }
      let text = Self.text(line)
      state.known[start.path, default: [:]][start.line] = text
      return text
    }
  }

  private static func text(_ line: BlameLine) -> String {
    guard let commit = line.commit else { return "not committed yet" }
    let date = Instant(seconds: commit.author.time).day
    let text = "\(commit.id.description.prefix(7)) \(date) \(commit.author.name)"
    return line.end == nil ? text : "\(text), or before"
  }
}

extension Workspace {
  /// For asking who wrote which line.
  func blame() throws -> Blame {
    switch source {
    case .workTree:
      let repository = try Repository.open(at: root)
      return try repository.blame(at: try repository.resolve("HEAD"))
    case .revision(let commit, let origin): return try origin.open().blame(at: commit)
    }
  }
}

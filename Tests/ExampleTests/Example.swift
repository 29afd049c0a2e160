import Foundation
import TestSupport
import Testing

/// A policy root whose generated files are committed: each of `examples/`, and the reference policy at the root.
struct Example: Sendable, CustomTestStringConvertible {
  /// Below the root of the package; empty for the root itself.
  let path: String

  static let all: [Example] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: Golden.root.appending(path: "examples").path)) ?? []
    return [Example(path: "")] + names.filter { !$0.hasPrefix(".") }.sorted().map { Example(path: "examples/\($0)") }
  }()

  var testDescription: String { path.isEmpty ? "the reference policy" : path }

  var folder: URL { path.isEmpty ? Golden.root : Golden.root.appending(path: path) }

  func files(below name: String) throws -> [String: [UInt8]] { try Golden.files(below: folder.appending(path: name)) }

  /// A repository with the example's policy and generated files, as they are committed here.
  func copy() throws -> Scratch {
    let scratch = try Scratch.repository()
    for name in ["writ.yaml", "policies", "generated", ".github", "CODEOWNERS"] {
      // The root's own are those of the project, not of its policy.
      let isForAll = ["writ.yaml", "policies", "generated"].contains(name)
      guard isForAll || !path.isEmpty && FileManager.default.fileExists(atPath: folder.appending(path: name).path) else { continue }
      try FileManager.default.copyItem(at: folder.appending(path: name), to: scratch.url(name))
    }
    try scratch.commit("example")
    return scratch
  }
}

import Foundation
import TestSupport
import Testing

private let commitMoment = ["--at", "2026-11-20T22:00Z"]

/// What tests of `render --commit` do and expect.
protocol RenderCommitting {}

extension RenderCommitting {
  func render(_ scratch: Scratch, _ more: String..., in folder: String = "", environment: [String: String] = [:]) throws -> Run {
    try Program.run(
      Program.writ, ["render", "--commit"] + commitMoment + more, in: scratch.url(folder).path, environment: environment)
  }

  func committed(_ text: String = SmallPolicy.text()) throws -> Scratch {
    let scratch = try Scratch.withPolicy(text)
    try scratch.commit()
    return scratch
  }

  func head(_ scratch: Scratch, _ revision: String = "HEAD") throws -> String {
    try scratch.git("rev-parse", revision).trimmingCharacters(in: .newlines)
  }

  func expectSound(_ scratch: Scratch, in folder: String = "", sourceLocation: SourceLocation = #_sourceLocation) throws {
    let run = try Program.run("/usr/bin/env", ["git", "fsck", "--strict", "--no-dangling"], in: scratch.url(folder).path)
    #expect(run.status == 0 && run.everything.isEmpty, "\(run.everything)", sourceLocation: sourceLocation)
    #expect(!scratch.has(".git/index.lock"), sourceLocation: sourceLocation)
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch.url(folder.isEmpty ? ".git" : folder).path)
    #expect(!left.contains { $0.contains("writ") }, "\(left)", sourceLocation: sourceLocation)
  }

  /// Refused, and nothing moved: neither branches, nor index, nor files.
  func expectRefused(
    _ scratch: Scratch, _ more: String..., status: Int32 = 3, says words: String, environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = (try scratch.state(), try scratch.git("for-each-ref"), try scratch.git("ls-files", "--stage", "--debug"))
    let run = try Program.run(
      Program.writ, ["render", "--commit"] + commitMoment + more, in: scratch.path, environment: environment)
    #expect(run.status == status, "\(run.everything)", sourceLocation: sourceLocation)
    #expect(run.errors.contains(words), "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.output.isEmpty, sourceLocation: sourceLocation)
    #expect(try scratch.state() == before.0, sourceLocation: sourceLocation)
    #expect(try scratch.git("for-each-ref") == before.1, sourceLocation: sourceLocation)
    #expect(try scratch.git("ls-files", "--stage", "--debug") == before.2, sourceLocation: sourceLocation)
  }
}

import Foundation
import TestSupport
import Testing

/// What is committed below `generated/` is what the policy says, to the byte.
@Suite struct RenderedTests {
  @Test func thereAreExamples() { #expect(Example.all.count >= 3) }

  @Test(arguments: Example.all) func committedFilesAreWhatThePolicySays(_ example: Example) throws {
    let committed = try example.files(below: "generated")
    #expect(committed.count > 1)
    let scratch = try example.copy()
    #expect(try scratch.writ("render", "--check", "--strict").status == 0)
    try scratch.remove("generated")
    let run = try scratch.writ("render", "--strict")
    #expect(run.status == 0, "\(run.errors)")
    let rendered = try Golden.files(below: scratch.url("generated"))
    #expect(Set(rendered.keys) == Set(committed.keys))
    for (path, bytes) in rendered { #expect(bytes == committed[path], "\(path) differs") }
  }
}

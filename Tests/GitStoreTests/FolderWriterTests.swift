import Foundation
import Testing

@testable import GitStore

/// Files are written below one folder and nowhere else, whole or not at all.
@Suite struct FolderWriterTests {
  let folder = TemporaryFolder()

  var writer: FolderWriter { FolderWriter(root: folder.path, folder: "out") }

  private func names(_ path: String = "") throws -> [String] {
    (FileManager.default.enumerator(atPath: "\(folder.path)/\(path)")?.allObjects as? [String] ?? []).sorted()
  }

  private func read(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: "\(folder.path)/\(path)")), as: UTF8.self)
  }

  // MARK: Writing

  @Test func foldersAreMadeAndNothingIsLeftBeside() throws {
    try writer.write(Array("one".utf8), to: "a/b/c.txt")
    try writer.write([], to: "empty")
    #expect(try names() == ["out", "out/a", "out/a/b", "out/a/b/c.txt", "out/empty"])
    #expect(try read("out/a/b/c.txt") == "one")
    let mode = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/out/empty")[.posixPermissions] as? Int
    #expect((mode ?? 0) & 0o777 & ~0o644 == 0)
  }

  @Test func aFileIsReplacedAndNotWrittenInto() throws {
    try writer.write(Array("old".utf8), to: "file")
    // Who has it open, or another name for it, keeps what was there.
    try FileManager.default.linkItem(atPath: "\(folder.path)/out/file", toPath: "\(folder.path)/other")
    try writer.write(Array("new".utf8), to: "file")
    #expect(try read("out/file") == "new")
    #expect(try read("other") == "old")
  }

  @Test func theRootItselfCanBeTheFolder() throws {
    let writer = FolderWriter(root: folder.path, folder: "")
    try writer.write(Array("x".utf8), to: "file")
    #expect(try names() == ["file"])
  }

  @Test func deepFoldersAreMadeAndGoAgain() throws {
    let path = Array(repeating: "d", count: 500).joined(separator: "/") + "/file"
    try writer.write([1], to: path)
    try writer.remove(path)
    #expect(try names("out").isEmpty)
  }

  @Test(arguments: ["", "/", "a/", "/a", "a//b", ".", "..", "../x", "a/../x", "a/..", "./a", "a/./b", "a\0b", "\0", "/etc/passwd"])
  func whatIsNoPathBelowTheFolderIsRefused(_ path: String) throws {
    #expect(gitError { try writer.write([1], to: path) }?.kind == .invalidPath)
    #expect(gitError { try writer.remove(path) }?.kind == .invalidPath)
    #expect(try names().isEmpty)
  }

  @Test(arguments: ["..", "../x", "a/../..", ".", "a\0b"]) func aFolderOutsideOfTheRootIsRefused(_ name: String) throws {
    let writer = FolderWriter(root: folder.path, folder: name)
    #expect(gitError { try writer.write([1], to: "file") }?.kind == .invalidPath)
    #expect(try names().isEmpty)
  }

  @Test func aRootThatIsNotThereIsNotMade() throws {
    let writer = FolderWriter(root: folder.path + "/none", folder: "out")
    #expect(gitError { try writer.write([1], to: "file") }?.kind == .unreadable)
    #expect(try names().isEmpty)
  }

  // MARK: What is in the way

  @Test(arguments: ["out", "out/a", "out/a/file"]) func linksAreNotFollowed(_ link: String) throws {
    try folder.makeFolder("target/a")
    try folder.write("target/victim", "mine")
    try folder.makeFolder(String(link.dropLast(link.split(separator: "/").last?.count ?? 0)))
    try folder.link(link, to: "\(folder.path)/target" + (link.hasSuffix("file") ? "/victim" : ""))
    let before = try names("target")
    let error = gitError { try writer.write([1], to: "a/file") }
    #expect(error?.kind == .unreadable)
    #expect(error?.message.contains("symbolic link") == true, "\(error?.message ?? "")")
    #expect(try names("target") == before)
    #expect(try read("target/victim") == "mine")
  }

  @Test func whatALinkHidesIsNotDeleted() throws {
    try folder.write("target/file", "mine")
    try folder.makeFolder("out")
    try folder.link("out/a", to: "../target")
    try folder.link("out/link", to: "../target/file")
    try writer.remove("a/file")
    #expect(gitError { try writer.remove("link") } != nil)
    #expect(try read("target/file") == "mine")
  }

  /// A link put in while files are being written: each is opened anew, from the root.
  @Test func aLinkSwappedInBetweenIsRefused() throws {
    try folder.write("target/keep", "mine")
    try writer.write([1], to: "a/one")
    try FileManager.default.moveItem(atPath: "\(folder.path)/out/a", toPath: "\(folder.path)/out/b")
    try folder.link("out/a", to: "../target")
    #expect(gitError { try writer.write([1], to: "a/two") } != nil)
    #expect(try names("target") == ["keep"])
  }

  /// The same as a race: whatever the moment, nothing is ever written through the link.
  @Test func aLinkSwappedInMeanwhileIsNeverWrittenThrough() async throws {
    try folder.makeFolder("target")
    try folder.makeFolder("out/a")
    let path = folder.path
    let swapping = Task.detached {
      let files = FileManager.default
      while !Task.isCancelled {
        try? files.moveItem(atPath: "\(path)/out/a", toPath: "\(path)/out/b")
        try? files.createSymbolicLink(atPath: "\(path)/out/a", withDestinationPath: "../target")
        try? files.removeItem(atPath: "\(path)/out/a")
        try? files.moveItem(atPath: "\(path)/out/b", toPath: "\(path)/out/a")
        await Task.yield()
      }
    }
    for number in 0..<300 {
      try? writer.write([1], to: "a/file\(number)")
      if number % 10 == 0 { await Task.yield() }
    }
    swapping.cancel()
    await swapping.value
    #expect(try names("target").isEmpty)
  }

  @Test func aFailureLeavesNoTemporaryFile() throws {
    try folder.write("out/a/file/inner", "mine")
    let before = try names()
    #expect(gitError { try writer.write([1], to: "a/file") } != nil)
    #expect(gitError { try writer.write([1], to: "a/file/inner/deeper") } != nil)
    #expect(gitError { try writer.write([1], to: "a/" + String(repeating: "n", count: 300)) } != nil)
    #expect(try names() == before)
  }

  @Test func whatAnInterruptedRunLeftIsNotInTheWay() throws {
    try folder.write("out/.writ-\(getpid()).tmp", "half")
    try writer.write(Array("whole".utf8), to: "file")
    #expect(try names("out") == ["file"])
    try folder.link("out/.writ-\(getpid()).tmp", to: "file")
    try writer.write(Array("again".utf8), to: "other")
    #expect(try read("out/file") == "whole")
    #expect(try names("out") == ["file", "other"])
  }

  @Test func anEmptyFolderGivesWay() throws {
    try folder.makeFolder("out/file")
    try writer.write([1], to: "file")
    #expect(try read("out/file").utf8.count == 1)
  }

  // MARK: Deleting

  @Test func onlyFoldersThatAreEmptyGoWithAFile() throws {
    try writer.write([1], to: "a/b/c/file")
    try folder.write("out/a/mine", "mine")
    try writer.remove("a/b/c/file")
    #expect(try names("out") == ["a", "a/mine"])
    try FileManager.default.removeItem(atPath: "\(folder.path)/out/a/mine")
    try writer.write([1], to: "a/file")
    try writer.remove("a/file")
    // The folder of generated files stays, empty or not.
    #expect(try names() == ["out"])
  }

  @Test func whatIsNotThereNeedsNoDeleting() throws {
    try writer.remove("file")
    try writer.remove("a/b/file")
    #expect(try names().isEmpty)
  }

  @Test func aFolderIsNotDeleted() throws {
    try folder.write("out/a/mine", "mine")
    #expect(gitError { try writer.remove("a") } != nil)
    #expect(try read("out/a/mine") == "mine")
  }
}

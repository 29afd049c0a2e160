import Foundation
import Testing

@testable import GitStore

/// The way from a place out to the root of its repository.
@Suite struct EnclosingTests {
  @Test func theWayEndsAtTheRepository() throws {
    let repository = try TemporaryRepository()
    try repository.folder.makeFolder("a/b/c")
    let found = try Enclosing("\(repository.path)/a/b/c")
    #expect(found.root == repository.path)
    #expect(found.isRepository)
    #expect(found.place == "\(repository.path)/a/b/c")
    #expect(found.folders == ["a/b/c", "a/b", "a", ""])
    #expect(try Enclosing(repository.path).folders == [""])
  }

  @Test func theNearestRepositoryCounts() throws {
    let repository = try TemporaryRepository()
    try repository.folder.makeFolder("inner/deep")
    try repository.git("init", "--quiet", "inner")
    #expect(try Enclosing("\(repository.path)/inner/deep").root == "\(repository.path)/inner")
  }

  @Test func aLinkedWorktreeHasAFileForAMark() throws {
    let folder = TemporaryFolder()
    try folder.write("tree/.git", "gitdir: elsewhere\n")
    try folder.makeFolder("tree/a")
    #expect(try Enclosing("\(folder.path)/tree/a").root == "\(folder.path)/tree")
  }

  @Test func aLinkIsNoMark() throws {
    let repository = try TemporaryRepository()
    try repository.folder.makeFolder("a/b")
    try repository.folder.link("a/.git", to: "../.git")
    #expect(try Enclosing("\(repository.path)/a/b").root == repository.path)
  }

  @Test func withoutARepositoryTheWayEndsAtTheTop() throws {
    let folder = TemporaryFolder()
    try folder.makeFolder("a")
    let found = try Enclosing("\(folder.path)/a")
    #expect(found.root == "/")
    #expect(!found.isRepository)
    #expect(found.place == "\(folder.path)/a")
    #expect(found.folders.first == String("\(folder.path)/a".dropFirst()))
    #expect(found.folders.last == "")
    let top = try Enclosing("/")
    #expect(top.folders == [""])
    #expect(top.place == "/")
  }

  @Test func linksAndDotsOnTheWayAreResolved() throws {
    let repository = try TemporaryRepository()
    try repository.folder.makeFolder("a/b")
    try repository.folder.link("alias", to: "a/b")
    #expect(try Enclosing("\(repository.path)/alias").folders == ["a/b", "a", ""])
    #expect(try Enclosing("\(repository.path)/a/b/../.").folders == ["a", ""])
  }

  /// By bytes: in a Swift string a slash and a combining mark behind it are one character.
  @Test(arguments: ["\u{301}accent", "e\u{301}", "👩‍👩‍👧", "a b", "-x", "\r\n"]) func namesAreTakenApartByBytes(_ name: String) throws {
    let repository = try TemporaryRepository()
    try repository.folder.makeFolder("\(name)/\(name)")
    let found = try Enclosing("\(repository.path)/\(name)/\(name)")
    #expect(found.folders.map { Array($0.utf8) } == ["\(name)/\(name)", name, ""].map { Array($0.utf8) })
  }

  @Test(arguments: ["nowhere", "file/x", "a\0b", "\0"]) func whatDoesNotExistIsNamed(_ path: String) throws {
    let folder = TemporaryFolder()
    try folder.write("file", "")
    try folder.makeFolder("a")
    let error = gitError { _ = try Enclosing("\(folder.path)/\(path)") }
    #expect(error?.kind == .unreadable)
    #expect(error?.message.contains("does not exist") == true)
  }
}

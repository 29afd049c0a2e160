import Foundation
import GitStore
import Testing

/// Whatever a repository's configuration names as a program, reading the repository does not run it; and what looks like a
/// repository among committed files is none.
@Suite struct HostileConfigurationTests {
  private let origin: TemporaryRepository
  private let folder = TemporaryFolder()
  private var clone: String { "\(folder.path)/clone" }
  private var marker: String { "\(folder.path)/ran" }

  /// A partial clone: the one kind of repository for which `git` is run at all.
  init() throws {
    origin = try TemporaryRepository.withPolicies()
    try origin.git("config", "uploadpack.allowFilter", "true")
    try origin.git("config", "uploadpack.allowAnySHA1InWant", "true")
    try git(folder.path, "clone", "--quiet", "--no-checkout", "--filter=blob:none", "file://\(origin.path)", "clone")
    let program = try folder.write("evil", "#!/bin/sh\ntouch \(marker)\nexit 1\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
  }

  private var hasRun: Bool { FileManager.default.fileExists(atPath: marker) }

  /// Settings that name a program, with what makes `git` come to it; EVIL and FOLDER stand for the places.
  struct Case: CustomTestStringConvertible, Sendable {
    var settings: [[String]]
    /// Whether `git` itself runs it when it reads an object: the control that shows that the test can fail.
    var isRunByGit = true
    var testDescription: String { settings.map { $0.joined(separator: "=") }.joined(separator: ", ") }
  }

  static let cases: [Case] = [
    Case(settings: [["core.sshCommand", "EVIL"], ["remote.origin.url", "ssh://localhost/x"]]),
    Case(settings: [["remote.origin.uploadpack", "EVIL"]]),
    Case(settings: [["protocol.ext.allow", "always"], ["remote.origin.url", "ext::EVIL %S"]]),
    Case(settings: [["protocol.allow", "always"], ["remote.origin.url", "ext::EVIL"]]),
    Case(settings: [["core.gitProxy", "EVIL"], ["remote.origin.url", "git://localhost/x"]]),
    Case(settings: [["url.ext::EVIL .insteadOf", "file://"], ["protocol.ext.allow", "always"]]),
    Case(settings: [["include.path", "FOLDER/more"], ["remote.origin.url", "ssh://localhost/x"]]),
    Case(settings: [["includeIf.gitdir:/**.path", "FOLDER/more"], ["remote.origin.url", "ssh://localhost/x"]]),
    // Those that git comes to on the way for other reasons, or only where somebody answers.
    Case(
      settings: [["credential.helper", "!EVIL"], ["core.askPass", "EVIL"], ["remote.origin.url", "http://127.0.0.1:1/x"]], isRunByGit: false
    ),
    Case(
      settings: [
        ["core.fsmonitor", "EVIL"], ["core.hooksPath", "FOLDER/hooks"], ["core.pager", "EVIL"], ["core.editor", "EVIL"],
        ["core.alternateRefsCommand", "EVIL"], ["uploadpack.packObjectsHook", "EVIL"], ["diff.external", "EVIL"], ["gpg.program", "EVIL"],
        ["filter.x.smudge", "EVIL"], ["filter.x.process", "EVIL"], ["diff.x.textconv", "EVIL"], ["alias.fetch", "!EVIL"],
        ["alias.cat-file", "!EVIL"], ["hook.x.command", "EVIL"], ["hook.x.event", "reference-transaction"],
        ["core.attributesFile", "FOLDER/attributes"],
        ["trace2.eventTarget", "FOLDER/ran"], ["remote.origin.vcs", ""],
      ], isRunByGit: false),
  ]

  @Test(arguments: cases) func aCloneNamesNoProgramToRun(_ it: Case) throws {
    try folder.write("more", "[core]\n\tsshCommand = \(folder.path)/evil\n")
    try folder.write("attributes", "* filter=x diff=x\n")
    for hook in ["reference-transaction", "post-checkout", "post-index-change", "fsmonitor-watchman"] {
      for place in ["\(folder.path)/hooks", "\(clone)/.git/hooks"] {
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try? FileManager.default.copyItem(atPath: "\(folder.path)/evil", toPath: "\(place)/\(hook)")
      }
    }
    for setting in it.settings {
      let values = setting.map {
        $0.replacingOccurrences(of: "EVIL", with: "\(folder.path)/evil").replacingOccurrences(of: "FOLDER", with: folder.path)
      }
      try git(clone, "config", values[0], values[1])
    }
    if it.isRunByGit {
      _ = try? git(clone, "-c", "core.fsmonitor=", "cat-file", "-p", try git(clone, "rev-parse", "HEAD:policies/a.yaml"))
      #expect(hasRun, "git itself does not run it: the case shows nothing")
      try FileManager.default.removeItem(atPath: marker)
    }
    for fetches in [true, false] {
      // Whether it finds the files is another matter: an address that leads nowhere has none.
      _ = gitError {
        let repository = try Repository.open(at: clone, environment: .test)
        _ = try repository.snapshot(revision: "HEAD", .policies, fetchMissing: fetches)
        _ = try repository.blame(path: "policies/a.yaml", at: repository.head(), lines: [1], fetchMissing: fetches)
      }
      #expect(!hasRun)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(clone)/.git").filter { $0.hasPrefix("writ") } == [])
  }

  @Test func whatWasNotUsedIsSaid() throws {
    try git(clone, "config", "core.sshCommand", "\(folder.path)/evil")
    try git(clone, "config", "remote.origin.url", "file://\(folder.path)/nowhere")
    let error = gitError { _ = try Repository.open(at: clone, environment: .test).snapshot(revision: "HEAD", .policies) }
    #expect(error?.kind == .missingObject)
    #expect(error?.hint?.contains("not `core.sshcommand`: set it with --global") == true, "\(error?.hint ?? "")")
  }

  @Test(arguments: ["--upload-pack=x", "a\u{1B}b", ""]) func anAddressThatIsNoneIsNamed(_ url: String) throws {
    try git(clone, "config", "remote.origin.url", url)
    let error = gitError { _ = try Repository.open(at: clone, environment: .test).snapshot(revision: "HEAD", .policies) }
    #expect(error?.kind == .missingObject)
    #expect(error?.message.hasSuffix("`origin`, which has them, has no address to fetch from") == true, "\(error?.message ?? "")")
  }

  @Test func aRelativeAddressAndALoginInTheCloneAreStillUsed() throws {
    try git(clone, "config", "remote.origin.url", "../origin\" \\")
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/origin\" \\", withDestinationPath: origin.path)
    try git(clone, "config", "http.https://example.org/.extraHeader", "AUTHORIZATION: basic \"x\"")
    #expect(try Repository.open(at: clone, environment: .test).snapshot(revision: "HEAD", .policies).files.count == 4)
  }

  @Test func aPartialCloneOfAShallowOneIsFetchedInto() throws {
    try origin.folder.write("policies/a.yaml", "a: 2\n")
    try origin.commit("second")
    try git(folder.path, "clone", "--quiet", "--no-checkout", "--depth=1", "--filter=blob:none", "file://\(origin.path)", "shallow")
    let snapshot = try Repository.open(at: "\(folder.path)/shallow", environment: .test).snapshot(revision: "HEAD", .policies)
    #expect(snapshot.files.first?.bytes == Array("a: 2\n".utf8))
    #expect(try git("\(folder.path)/shallow", "fsck") == "")
  }

  // MARK: Repositories among files

  /// A folder that a commit brought, which libgit2 takes for a bare repository.
  private func embed(_ place: String, _ more: String = "") throws -> TemporaryRepository {
    let outer = try TemporaryRepository.withPolicies()
    let path = "\(outer.path)/\(place)"
    try git(outer.path, "clone", "--quiet", "--bare", "--no-hardlinks", origin.path, path)
    try git(path, "config", "core.sshCommand", "\(folder.path)/evil")
    // Git stores no empty folders, and without this one it is none.
    try outer.folder.write("\(place)/refs/keep", "")
    try outer.commit("a folder")
    #expect(try git(outer.path, "ls-files").contains("\(place)/HEAD"))
    return outer
  }

  @Test(arguments: ["sub", "policies/x.git"]) func aRepositoryAmongCommittedFilesIsNotOpened(_ place: String) throws {
    let outer = try embed(place)
    for (folder, extra) in [(place, []), ("\(place)/refs", []), (place, ["core.bare", "false"]), (place, ["core.worktree", outer.path])] {
      if !extra.isEmpty { try git("\(outer.path)/\(place)", "config", extra[0], extra[1]) }
      let error = gitError { _ = try Repository.open(at: "\(outer.path)/\(folder)", environment: .test) }
      #expect(error?.kind == .unsafeOwner, "\(folder) \(extra)")
      #expect(error?.message.contains("is inside of another one's work tree") == true)
    }
    // Beside it and above it all is as ever.
    #expect(try outer.open().snapshot(revision: "HEAD", .policies).commit?.subject == "a folder")
  }

  @Test func aLinkedWorkTreeDoesNotMakeItOne() throws {
    let outer = try embed("sub")
    try outer.git("worktree", "add", "--quiet", "\(folder.path)/linked")
    try git(folder.path, "config", "--file", "linked/sub/config", "core.worktree", "\(folder.path)/linked")
    #expect(gitError { _ = try Repository.open(at: "\(folder.path)/linked/sub", environment: .test) }?.kind == .unsafeOwner)
  }

  @Test func whoTrustsEveryCommitMaySaySo() throws {
    let outer = try embed("sub")
    let environment = GitEnvironment.test.with("GIT_CONFIG_COUNT", "1").with("GIT_CONFIG_KEY_0", "safe.bareRepository").with(
      "GIT_CONFIG_VALUE_0", "all")
    #expect(try Repository.open(at: "\(outer.path)/sub", environment: environment).head().subject == "first")
  }

  @Test func whatGitMakesInsideIsOpened() throws {
    let outer = try TemporaryRepository.withPolicies()
    try git(
      outer.path, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", origin.path, "module")
    #expect(try Repository.open(at: "\(outer.path)/module", environment: .test).head().subject == "first")
    #expect(try Repository.open(at: "\(outer.path)/.git/modules/module", environment: .test).head().subject == "first")
    #expect(try Repository.open(at: "\(outer.path)/.git", environment: .test).head().subject == "first")
    try git(outer.path, "init", "--quiet", "--separate-git-dir=\(outer.path)/kept", "\(outer.path)/apart")
    #expect(gitError { _ = try Repository.open(at: "\(outer.path)/apart", environment: .test).head() }?.kind == .noCommits)
  }

  // MARK: What changes history

  @Test func replacedObjectsAndGraftsChangeNothing() throws {
    let repository = try TemporaryRepository.withPolicies()
    try repository.folder.write("policies/a.yaml", "a: 2\n")
    try repository.commit("second")
    let before = try repository.open().snapshot(revision: "HEAD", .policies)
    let base = try repository.open().resolve("HEAD~1")
    let (blob, old) = (try repository.git("rev-parse", "HEAD:policies/a.yaml"), try repository.git("rev-parse", "HEAD~1:policies/a.yaml"))
    try repository.git("replace", blob, old)
    try repository.git("replace", try repository.git("rev-parse", "HEAD"), base.id.description)
    try repository.folder.write(".git/info/grafts", "\(try repository.git("--no-replace-objects", "rev-parse", "HEAD"))\n")
    // Git itself is taken in.
    #expect(try repository.git("show", "HEAD:policies/a.yaml") == "a: 1")
    let opened = try repository.open()
    #expect(try opened.snapshot(revision: "HEAD", .policies) == before)
    #expect(try opened.resolve("HEAD~1") == base)
    #expect(try opened.mergeBase(try opened.head(), base).id == base.id)
    #expect(try opened.blame(path: "policies/a.yaml", at: try opened.head(), lines: [1])[1]?.commit?.subject == "second")
  }
}

import CLibgit2
import Glibc

extension Repository {
  /// Where a branch is checked out, or being rebased, so that it must not move under somebody's feet; nil for nowhere.
  ///
  /// The work tree of this repository itself counts only where it rebases the branch: `HEAD` says the rest.
  func workTree(holding reference: String) throws(GitError) -> String? {
    let common = location.commonDirectory
    for directory in [common] + linkedDirectories(common) {
      let isOwn = directory == location.gitDirectory
      // What the `HEAD` of a bare repository names is checked out nowhere.
      let isBare = directory == common && (isOwn ? location.isBare : isBareWithLinks)
      if !isOwn, !isBare, Self.line("HEAD", in: directory) == "ref: \(reference)" { return Self.place(directory, common) }
      for file in ["rebase-merge/head-name", "rebase-apply/head-name"] where Self.line(file, in: directory) == reference {
        return Self.place(directory, common) + ", in the middle of a rebase"
      }
    }
    return nil
  }

  private var isBareWithLinks: Bool { (try? Configuration(of: handle))?.bool("core.bare") == true }

  private func linkedDirectories(_ common: String) -> [String] {
    let number = unsafe Glibc.open("\(common)/worktrees", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { return [] }
    let names = FileDescriptor(number).names(limit: 10_000) ?? []
    return names.compactMap { String(validating: $0, as: UTF8.self) }.sorted(by: comesBefore).map { "\(common)/worktrees/\($0)" }
  }

  private static func place(_ directory: String, _ common: String) -> String {
    if directory == common { return "the main work tree" }
    let path = line("gitdir", in: directory) ?? directory
    return "the work tree `\(escaped(path.hasSuffix("/.git") ? String(path.dropLast(5)) : path))`"
  }

  /// The first line of a small file of git's own; nil where there is none.
  private static func line(_ name: String, in directory: String) -> String? {
    let number = unsafe Glibc.open("\(directory)/\(name)", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard number >= 0, let bytes = FileDescriptor(number).readAll(expected: 128, limit: 16 << 10) else { return nil }
    return bytes.split(separator: UInt8(ascii: "\n")).first.map { String(decoding: $0, as: UTF8.self) }
  }
}

import CLibgit2
import Glibc

/// A git directory of its own for one run of `git`, whose objects are a clone's: nothing else of the clone counts, neither
/// its configuration nor its hooks, references, attributes or replaced objects. Goes with its owner.
final class FetchFolder {
  let path: String
  /// The variables that make git use it.
  let variables: [String: String]

  /// - Parameter configuration: the bytes of its `config`.
  init(for location: RepositoryLocation, configuration: [UInt8]) throws(GitError) {
    let template = "\(location.commonDirectory)/writ-fetch-XXXXXX"
    var bytes = template.utf8.map { CChar(bitPattern: $0) } + [0]
    guard unsafe mkdtemp(&bytes) != nil else { throw .failed(location.commonDirectory) }
    path = String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    variables = [
      "GIT_OBJECT_DIRECTORY": "\(location.commonDirectory)/objects", "GIT_SHALLOW_FILE": "\(location.commonDirectory)/shallow",
    ]
    let number = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { throw .failed(path) }
    let folder = FileDescriptor(number)
    let files = [("HEAD", Array("ref: refs/heads/none\n".utf8)), ("config", configuration)]
    var isMade = folder.makeFolder(Array("refs".utf8)) && folder.makeFolder(Array("objects".utf8))
    for (name, content) in files {
      isMade = isMade && folder.create(Array(name.utf8))?.writeAll(content) == true
    }
    guard isMade else { throw .failed(path) }
  }

  deinit { Self.remove(path) }

  /// Deletes what git and this have put there: a few files, and no links are followed.
  private static func remove(_ path: String) {
    let number = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
    if number >= 0 { empty(FileDescriptor(number), depth: 0) }
    unsafe rmdir(path)
  }

  private static func empty(_ folder: FileDescriptor, depth: Int) {
    for name in folder.names(limit: 10_000) ?? [] {
      if folder.status(of: name)?.kind == .folder {
        if depth < 20, let inner = folder.open(name, O_DIRECTORY) { empty(inner, depth: depth + 1) }
        _ = folder.removeFolder(name)
      } else {
        _ = folder.removeFile(name)
      }
    }
  }
}

extension GitError {
  fileprivate static func failed(_ path: String) -> Self {
    Self(
      .missingObject,
      "this partial clone lacks objects, and `\(escaped(path))` cannot be written to for fetching them: \(lastSystemError())",
      hint: "`git fetch --refetch --no-filter` fetches everything")
  }
}

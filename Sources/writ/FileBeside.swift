import GitStore
import PolicyCompiler

/// A file beside the policy as a comparison sees it: what cannot be read, a link for instance, is a change as well where it
/// comes or goes.
enum FileBeside: Hashable {
  case bytes([UInt8])
  /// Why it is not read.
  case problem(String)

  var text: String {
    switch self {
    case .bytes(let bytes): "\(bytes.count) bytes"
    case .problem(let message): message
    }
  }

  static func all(_ files: [(path: String, bytes: [UInt8])], _ problems: [SnapshotProblem]) -> [UTF8Key: FileBeside] {
    var found: [UTF8Key: FileBeside] = [:]
    for file in files { found[UTF8Key(file.path)] = .bytes(file.bytes) }
    for problem in problems { found[UTF8Key(problem.path)] = .problem(problem.message) }
    return found
  }
}

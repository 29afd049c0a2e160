import GitStore

/// A folder's files as one run of bytes: for each file a line with its path, a line with the number of its bytes, the bytes,
/// and a line break. Whatever cannot be read as that ends it, so that damage anywhere leaves something to read.
package struct RepositoryBytes: Sendable {
  package var files: [(path: String, bytes: [UInt8])] = []

  package init() {}

  package init(_ bytes: [UInt8]) {
    var rest = bytes[...]
    func line() -> String? {
      guard let end = rest.firstIndex(of: 0x0A) else { return nil }
      defer { rest = rest[(end + 1)...] }
      return String(decoding: rest[..<end], as: UTF8.self)
    }
    while files.count < 200, let path = line(), let count = line().flatMap({ Int($0) }), count >= 0 {
      files.append((path, Array(rest.prefix(count))))
      rest = rest.dropFirst(count).dropFirst()
    }
  }

  package var bytes: [UInt8] { files.flatMap { Array("\($0.path)\n\($0.bytes.count)\n".utf8) + $0.bytes + [0x0A] } }

  /// Writes them below a folder that exists; what is no path, or is in the way of another, is left out.
  func write(below root: String) -> [String] {
    let writer = FolderWriter(root: root, folder: "")
    return files.filter { (try? writer.write($0.bytes, to: $0.path)) != nil }.map(\.path)
  }

  /// Deletes what was written.
  static func remove(_ paths: [String], below root: String) {
    let writer = FolderWriter(root: root, folder: "")
    for path in paths { try? writer.remove(path) }
  }
}

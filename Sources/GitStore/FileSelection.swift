/// Which files of a tree a snapshot is of.
package struct FileSelection: Sendable, Hashable {
  /// Folders to search at any depth, from the root of the tree, with `/`; empty is the root itself.
  package let folders: [String]
  /// Endings of the names that count below `folders`, such as `.yaml`.
  package let suffixes: [String]
  /// Endings, in lower case, of names that do not count but may seem to: such files are named, and not read.
  package let lookAlikes: [String]
  /// Single files from the root of the tree, wherever they are.
  package let files: [String]

  /// Takes paths as people write them: `./policies/` is `policies`.
  package init(
    folders: [String], suffixes: [String] = [".yaml", ".yml"], lookAlikes: [String] = [], files: [String] = []
  ) throws(GitError) {
    var paths: [String] = []
    for folder in folders { paths.append(try Self.normalised(folder)) }
    // A folder inside another one is already searched.
    self.folders = Set(paths).filter { path in
      !paths.contains { $0 != path && ($0.isEmpty || path.hasPrefix($0 + "/")) }
    }.sorted(by: comesBefore)
    self.suffixes = suffixes
    self.lookAlikes = lookAlikes
    var singles: [String] = []
    for file in files { singles.append(try Self.normalised(file)) }
    self.files = Set(singles).sorted(by: comesBefore)
  }

  /// A path without `.`, doubled or trailing slashes; `..` and an absolute path are refused.
  static func normalised(_ path: String) throws(GitError) -> String {
    let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { String($0)! }.filter { $0 != "." }
    guard !path.hasPrefix("/"), !path.utf8.contains(0), !parts.contains("..") else {
      throw GitError(
        .invalidPath, "`\(escaped(path))` is not a path inside the tree",
        hint: "write it from the root of the tree, without `..`")
    }
    return parts.joined(separator: "/")
  }

  func accepts(name: [UInt8]) -> Bool {
    suffixes.contains { suffix in
      name.count >= suffix.utf8.count && name.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }
  }

  /// Whether a name that is not accepted looks as if it were.
  func isLookAlike(name: [UInt8]) -> Bool {
    lookAlikes.contains { ending in
      name.count > ending.utf8.count
        && zip(name.suffix(ending.utf8.count), ending.utf8).allSatisfy {
          (UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0) == $1
        }
    }
  }
}

/// The order of snapshots: by bytes, which does not depend on a locale or a version of Unicode.
func comesBefore(_ left: String, _ right: String) -> Bool {
  left.utf8.lexicographicallyPrecedes(right.utf8)
}
